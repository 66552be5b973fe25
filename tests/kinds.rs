//! What a kind can do is declared: no program and no template knows a kind by its id, and a site's own kind can do
//! whatever a built-in one can.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jixia::cache::Cache;
use jixia::content::{Schema, Surroundings};
use jixia::pipeline::{Options, Task, build};
use jixia::world::Disk;

/// Lines with a word that is also the id of a kind and means something else: the end of the file's path, and what
/// stands in the line.
const OTHERWISE: &[(&str, &str)] = &[
    // What templates call the page that they show.
    ("src/render/templates.rs", "(\"page\", "),
    ("intake/src/web/page.rs", "insert_value(\"page\""),
    // Keys of JSON, of records and of rubrics.
    ("src/pages/facets.rs", "\"page\": "),
    ("src/pages/detail/extra.rs", "article.get(\"page\")"),
    ("src/content/rubric.rs", "[\"group\", \"part\""),
    // Names of templates.
    ("intake/src/templates.rs", "\"bell\" \"chapter\""),
    // Names of levels.
    ("src/content/units.rs", "Self::School => "),
    ("src/content/units.rs", "Self::Group => "),
    // Names of roles, and of the accounts that have them in the demonstration.
    ("intake/src/domain/role.rs", "Teacher: Info"),
    ("intake/src/cli/demo.rs", "(Role::"),
    // An account in a contract that only tests run.
    ("intake/src/forge/contract.rs", "person(\"teacher\")"),
    // A value of an attribute, and a break in a Word document.
    ("src/office/docx/mod.rs", "Some(\"page\" | \"column\")"),
    ("", "aria-current=\"page\""),
    ("", "aria-current=\"{% if here == meta.url %}page"),
];

fn ids() -> Vec<String> {
    let (schema, _) = Schema::load(&[], &[], &[], None, Surroundings::default());
    schema.kinds.keys().cloned().collect()
}

/// The files below a directory that have one of these extensions.
fn files(directory: &Path, extensions: &[&str]) -> Vec<std::path::PathBuf> {
    let items = walkdir::WalkDir::new(directory)
        .sort_by_file_name()
        .into_iter()
        .flatten();
    let files = items
        .filter(|item| item.file_type().is_file())
        .map(walkdir::DirEntry::into_path);
    let wanted = |path: &std::path::PathBuf| {
        path.extension()
            .is_some_and(|found| extensions.iter().any(|known| found == *known))
    };
    files.filter(wanted).collect()
}

fn is_otherwise(path: &str, line: &str) -> bool {
    let mut known = OTHERWISE.iter();
    known.any(|(file, part)| path.ends_with(file) && line.contains(part))
}

#[test]
fn no_program_knows_a_kind_by_its_id() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ids = ids();
    let mut found = Vec::new();
    for directory in ["src", "crates", "intake/src"] {
        for path in files(&root.join(directory), &["rs"]) {
            let shown = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            // Tests stand at the end of a file, and may name kinds.
            let code = text.split("#[cfg(test)]").next().unwrap();
            let is_test = shown.ends_with("tests.rs");
            for line in code
                .lines()
                .filter(|line| !is_test && !line.trim_start().starts_with("//"))
            {
                let names = |id: &String| line.contains(&format!("\"{id}\""));
                if ids.iter().any(names) && !is_otherwise(&shown, line) {
                    found.push(format!("{shown}: {}", line.trim()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_template_or_script_compares_with_the_id_of_a_kind() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ids = ids();
    let mut found = Vec::new();
    let directories = [
        "themes/default/templates",
        "themes/default/assets",
        "intake/templates",
        "intake/assets",
    ];
    for path in directories
        .iter()
        .flat_map(|directory| files(&root.join(directory), &["html", "js"]))
    {
        let shown = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines() {
            let compares = ["==", "!=", " in [", "case "]
                .iter()
                .any(|sign| line.contains(sign));
            let names = |id: &String| {
                ["\"", "'"]
                    .iter()
                    .any(|quote| line.contains(&format!("{quote}{id}{quote}")))
            };
            if compares && ids.iter().any(names) && !is_otherwise(&shown, line) {
                found.push(format!("{shown}: {}", line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What stands before the id of a kind in the names that a template makes of it: `list-{{ list.kind }}`.
fn prefixes(template: &str) -> impl Iterator<Item = &str> {
    let pieces = template.split("-{{").zip(template.split("-{{").skip(1));
    pieces.filter_map(|(before, after)| {
        let value = after.trim_start().split([' ', '}']).next()?;
        let is_kind = value == "block.id" || value == "kind" || value.ends_with(".kind");
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric());
        is_kind.then(|| &before[start.map_or(0, |start| start + 1)..])
    })
}

#[test]
fn no_style_sheet_knows_a_kind_by_its_id() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &std::path::PathBuf| fs::read_to_string(path).unwrap();
    let templates: Vec<String> = files(&root.join("themes"), &["html"]).iter().map(read).collect();
    let prefixes: BTreeSet<&str> = templates.iter().flat_map(|text| prefixes(text)).collect();
    assert!(
        ["b", "entry", "list"]
            .iter()
            .all(|known| prefixes.contains(known)),
        "{prefixes:?}"
    );
    let classes: Vec<String> = prefixes
        .iter()
        .flat_map(|prefix| ids().into_iter().map(move |id| format!(".{prefix}-{id}")))
        .collect();
    let mut found = Vec::new();
    for path in files(&root.join("themes"), &["css"]) {
        let text = read(&path);
        for class in &classes {
            let mut rest = text.match_indices(class).map(|(at, _)| &text[at + class.len()..]);
            if rest.any(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')) {
                found.push(format!("{}: {class}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Builds a site of these files, and gives what is in one of the portal's.
fn portal(files: &[(&str, &str)]) -> impl Fn(&str) -> String + use<> {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().to_path_buf();
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let now = "2026-10-15T04:00:00Z".parse().unwrap();
    let world = Disk::open(&root, now).unwrap();
    let out = root.join("public");
    let task = Task {
        root: &root,
        out: &out,
        options: Options::default(),
        progress: None,
    };
    let outcome = build(&world, task, &mut Cache::default());
    assert!(outcome.changes.is_some(), "{:?}", outcome.diagnostics);
    move |path: &str| {
        let _keep = &directory;
        fs::read_to_string(out.join(path)).unwrap_or_default()
    }
}

const SITE: &str = "[site]\ntitle = \"示例\"\nbase_url = \"https://example.org\"\n";

#[test]
fn a_kind_of_a_site_has_a_calendar_and_a_block_of_the_home_page() {
    let kind = "id = \"training\"\nlabel = \"师资培训\"\nsection = \"training\"\norder = \"upcoming\"\n\
        [abilities]\nregister = true\ncalendar = { start = \"begins\", end = \"ends\" }\n\
        card = { facts = [\"hall\"] }\nhome = { position = 45 }\n\
        [[fields]]\nname = \"begins\"\ntype = \"moment\"\nlabel = \"开始\"\n\
        [[fields]]\nname = \"ends\"\ntype = \"moment\"\nlabel = \"结束\"\n\
        [[fields]]\nname = \"hall\"\ntype = \"text\"\nlabel = \"会场\"\n";
    let entry = "---\ntitle: 示例培训\nbegins: 2026-11-02 09:00\nends: 2026-11-03 17:00\nhall: 第一会场\n---\n\n正文。\n";
    let read = portal(&[
        ("site.toml", SITE),
        ("content/kinds/training.toml", kind),
        ("content/training/a.md", entry),
    ]);
    assert!(
        read("calendar.ics").contains("DTSTART:20261102T010000Z"),
        "{}",
        read("calendar.ics")
    );
    assert!(read("training/a/event.ics").contains("DTEND:20261103T090000Z"));
    assert!(read("training/a/index.html").contains("event.ics"));
    let home = read("index.html");
    assert!(
        home.contains("b-training") && home.contains("block-calls"),
        "{home}"
    );
    let list = read("training/index.html");
    assert!(
        list.contains("2026-11-02 09:00") && list.contains("第一会场"),
        "{list}"
    );
    assert!(list.contains("未开始"), "{list}");
    assert!(read("training/training.csv").contains("第一会场"));
}

#[test]
fn a_kind_of_a_site_is_a_unit_with_page_and_feed() {
    let kind = "id = \"studio\"\nlabel = \"大师工作室\"\nsection = \"studios\"\n\
        [abilities]\nunit = { level = \"other\", parent = \"host\" }\n\
        [[fields]]\nname = \"host\"\ntype = \"unit\"\nlabel = \"依托单位\"\n";
    let read = portal(&[
        ("site.toml", SITE),
        ("content/kinds/studio.toml", kind),
        (
            "content/units.toml",
            "[[units]]\nid = \"p\"\nname = \"示例省\"\nlevel = \"province\"\n",
        ),
        (
            "content/studios/lathe.md",
            "---\ntitle: 示例车工工作室\nhost: p\n---\n\n正文。\n",
        ),
        (
            "content/news/a.md",
            "---\ntitle: 示例动态\ndate: 2026-10-01\nunit: lathe\n---\n\n正文。\n",
        ),
    ]);
    assert!(read("studios/lathe/index.html").contains("示例动态"));
    assert!(read("units/lathe/feed.xml").contains("示例动态"));
    assert!(read("news/a/index.html").contains("/studios/lathe/"));
    assert_eq!(read("units/lathe/index.html"), "", "its page is its entry");
}

/// Two schools, each with a teacher of the same name; what they and an office made.
fn namesakes() -> impl Fn(&str) -> String {
    let news = |unit: &str, authors: &str| {
        format!(
            "---\ntitle: {unit}的动态\ndate: 2026-10-01\nunit: {unit}\nauthors: {authors}\n---\n\n正文。\n"
        )
    };
    let teacher = |school: &str| format!("---\ntitle: 示例教师乙\nschool: {school}\n---\n\n正文。\n");
    portal(&[
        ("site.toml", SITE),
        (
            "content/units.toml",
            "[[units]]\nid = \"p\"\nname = \"示例省\"\nlevel = \"province\"\n",
        ),
        (
            "content/schools/one.md",
            "---\ntitle: 示例一校\nparent: p\n---\n\n正文。\n",
        ),
        (
            "content/schools/two.md",
            "---\ntitle: 示例二校\nparent: p\n---\n\n正文。\n",
        ),
        ("content/teachers/yi-one.md", &teacher("one")),
        ("content/news/one.md", &news("one", "示例教师乙")),
        ("content/news/two.md", &news("two", "示例教师乙")),
        ("content/news/p.md", &news("p", "[teacher/yi-one, 示例教师丙]")),
    ])
}

#[test]
fn a_name_means_somebody_of_the_unit_alone() {
    let read = namesakes();
    let page = read("teachers/yi-one/index.html");
    assert!(page.contains("/news/one/") && page.contains("/news/p/"), "{page}");
    assert!(!page.contains("/news/two/"), "{page}");
    assert!(read("news/one/index.html").contains("/teachers/yi-one/"));
    assert!(!read("news/two/index.html").contains("/teachers/yi-one/"));
    let by_id = read("news/p/index.html");
    assert!(
        by_id.contains("示例教师乙</a>") && by_id.contains("/teachers/yi-one/"),
        "{by_id}"
    );
    assert!(!by_id.contains("teacher/yi-one<"), "{by_id}");
    let ranks = read("statistics/index.html");
    assert_eq!(ranks.matches("示例教师乙").count(), 2, "{ranks}");
    assert!(read("feed.xml").contains("<name>示例教师乙</name>"));
    let api = read("api/v1/news/two.json");
    assert!(
        api.contains("\"people\":[{\"name\":\"示例教师乙\",\"id\":null,\"unit\":\"two\"}]"),
        "{api}"
    );
}
