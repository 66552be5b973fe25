//! Which file of a crate uses which: the paths that it writes, followed through re-exports to the file that defines what
//! they name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::tokens::{Used, imports, items, paths, tokens};

/// A module, by the names that lead to it from the root of the crate.
type Place = Vec<String>;

/// A file as others see it.
struct Module {
    file: PathBuf,
    /// Modules that are files of their own, by their declarations.
    children: BTreeSet<String>,
    /// What the file defines itself.
    items: BTreeSet<String>,
    imports: Vec<Used>,
    /// Paths that the code writes out, imports apart.
    paths: Vec<Vec<String>>,
}

impl Module {
    /// A module that only declares children and passes names on uses none of them.
    fn passes_on_only(&self) -> bool {
        self.items.is_empty() && self.paths.is_empty()
    }
}

/// What a name is inside a module.
enum Step {
    Module(Place),
    Item,
    Unknown,
}

/// The modules of a crate, tests left out.
pub(crate) struct Crate {
    modules: BTreeMap<Place, Module>,
}

impl Crate {
    /// Reads the file of the root and follows its declarations.
    pub(crate) fn read(root: &Path) -> Self {
        let mut modules = BTreeMap::new();
        let mut open = vec![(Place::new(), root.to_path_buf())];
        while let Some((place, file)) = open.pop() {
            let text = fs::read_to_string(&file).unwrap();
            let tokens = tokens(&text);
            let (children, items) = items(&tokens);
            for child in &children {
                open.push((
                    [place.clone(), vec![child.clone()]].concat(),
                    file_of(&file, child),
                ));
            }
            let module = Module {
                file,
                children,
                items,
                imports: imports(&tokens),
                paths: paths(&tokens),
            };
            modules.insert(place, module);
        }
        Self { modules }
    }

    /// The files that each file uses: that which defines what a path names, and those that pass it on.
    pub(crate) fn uses(&self) -> BTreeMap<&Path, BTreeSet<&Path>> {
        let uses = self.modules.iter().map(|(place, module)| {
            let mut used = BTreeSet::new();
            let imported = module.imports.iter().map(|import| &import.path);
            for path in imported.chain(&module.paths).filter(|_| !module.passes_on_only()) {
                self.find(place, path, &mut used, 0);
            }
            used.remove(module.file.as_path());
            (module.file.as_path(), used)
        });
        uses.collect()
    }

    /// Follows a path as the compiler does, and notes the files that it comes through and ends at. Returns the module
    /// that it leads to, or `None` if it leads to an item or to another crate.
    fn find<'c>(
        &'c self,
        from: &Place,
        path: &[String],
        used: &mut BTreeSet<&'c Path>,
        depth: u8,
    ) -> Option<Place> {
        let mut at = from.clone();
        for (position, name) in path.iter().enumerate() {
            match name.as_str() {
                "crate" => at.clear(),
                "super" => at.truncate(at.len().checked_sub(1)?),
                "self" => {}
                name => match self.step(&at, name, used, depth) {
                    Step::Module(next) => at = next,
                    Step::Item => return None,
                    Step::Unknown if position == 0 => return None,
                    // What a macro of that module makes.
                    Step::Unknown => {
                        used.insert(&self.modules[&at].file);
                        return None;
                    }
                },
            }
        }
        used.insert(&self.modules[&at].file);
        Some(at)
    }

    /// What a name is inside a module.
    fn step<'c>(&'c self, at: &Place, name: &str, used: &mut BTreeSet<&'c Path>, depth: u8) -> Step {
        let module = &self.modules[at];
        if module.children.contains(name) {
            return Step::Module([at.clone(), vec![name.to_owned()]].concat());
        }
        if module.items.contains(name) {
            used.insert(&module.file);
            return Step::Item;
        }
        if depth > 8 {
            return Step::Unknown;
        }
        if let Some(import) = module.imports.iter().find(|import| import.name == name) {
            used.insert(&module.file);
            let found = self.find(at, &import.path, used, depth + 1);
            return found.map_or(Step::Item, Step::Module);
        }
        for import in module.imports.iter().filter(|import| import.name == "*") {
            let mut through = BTreeSet::from([module.file.as_path()]);
            let Some(place) = self.find(at, &import.path, &mut through, depth + 1) else {
                continue;
            };
            let found = self.step(&place, name, &mut through, depth + 1);
            if !matches!(found, Step::Unknown) {
                used.extend(through);
                return found;
            }
        }
        Step::Unknown
    }
}

/// The file of a module that a file declares.
fn file_of(parent: &Path, child: &str) -> PathBuf {
    let stem = parent.file_stem().unwrap();
    let directory = if ["lib", "main", "mod"].iter().any(|root| stem == *root) {
        parent.parent().unwrap().to_path_buf()
    } else {
        parent.with_extension("")
    };
    let file = directory.join(child).with_extension("rs");
    if file.exists() {
        file
    } else {
        directory.join(child).join("mod.rs")
    }
}

/// Groups of files each of which uses all others of its group, directly or through others.
pub(crate) fn circles<'a>(uses: &BTreeMap<&'a Path, BTreeSet<&'a Path>>) -> Vec<BTreeSet<&'a Path>> {
    let reached = |from: &'a Path| {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(file) = open.pop() {
            let new = uses[file].iter().filter(|used| seen.insert(**used));
            open.extend(new);
        }
        seen
    };
    let reach: BTreeMap<&Path, BTreeSet<&Path>> = uses.keys().map(|file| (*file, reached(file))).collect();
    let mut circles: Vec<BTreeSet<&Path>> = Vec::new();
    for (file, seen) in reach.iter().filter(|(file, seen)| seen.contains(*file)) {
        if !circles.iter().any(|circle| circle.contains(file)) {
            let circle = seen.iter().filter(|other| reach[*other].contains(file));
            circles.push(circle.copied().collect());
        }
    }
    circles
}
