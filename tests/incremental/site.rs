//! A small site on disk, and what may happen to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jixia::cache::{Cache, Lock};
use jixia::pipeline::{Options, Outcome, Task, WarmSite, build, build_and_keep, build_if_changed, preview};
use jixia::world::Disk;

/// Something that happens to a site, its cache or its clock.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    EditBody(usize, String),
    /// The same number of bytes, and the modification time set back.
    EditUnseen(usize),
    EditTitle(usize, String),
    Retag(usize, usize),
    Add(usize),
    Rename(usize, usize),
    Delete(usize),
    Withdraw(usize),
    /// An entry becomes a folder with a chapter.
    Unfold(usize),
    /// The courses of a directory become chapters of one, or entries again.
    Chapters(bool),
    /// A picture that two entries show, of some size.
    Picture(usize),
    EditTemplate(usize, String),
    RemoveTemplates,
    EditStyle(usize),
    PageSize(usize),
    SiteTitle(usize),
    /// Whether feeds, the calendar and the like are written.
    Extras(bool),
    Vocabulary(usize),
    Unit(usize),
    Days(i64),
    Precompress(bool),
    CorruptCache(usize),
    TruncateCache(usize),
    LoseCache,
    OtherProgram,
    DamageOutput(usize),
    Touch(usize),
    /// A photograph that entries show and carry as their cover: one of [`PHOTOS`].
    Photo(usize),
    DamageThumbnails,
    LoseThumbnails,
}

/// Width and seed of photographs: one with two copies, two of one size with one, one with none.
pub(crate) const PHOTOS: [(u32, u32); 4] = [(1000, 1), (500, 2), (500, 3), (300, 4)];
pub(crate) const ENTRIES: usize = 9;
const SECTIONS: [(&str, &str); 3] = [
    ("notices", "category: 通知\nissuer: 示例单位"),
    ("news", ""),
    ("resources", "specialty: 甲"),
];
/// Long enough that the summary is this paragraph, whatever changes below it.
const SUMMARY: &str =
    "这一段写得长一些，好让摘要取自这里，不管后面的正文怎样改动，列表里显示的摘要都不会变。";
/// One that few pages use, one that some do, one that all extend.
const TEMPLATES: [&str; 3] = ["words.html", "notice.html", "base.html"];

/// The files of an output.
type Tree = BTreeMap<String, Vec<u8>>;

/// What a build gave: its output, unless it failed, and what it said.
type Result = (Option<Tree>, Vec<String>);

pub(crate) struct Site {
    directory: tempfile::TempDir,
    pub(crate) now: Timestamp,
    options: Options,
    page_size: usize,
    title: usize,
    extras: bool,
}

impl Site {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let site = Self {
            directory,
            now: "2026-10-15T04:00:00Z".parse().unwrap(),
            options: Options::default(),
            page_size: 2,
            title: 0,
            extras: false,
        };
        site.write_settings();
        site.write_vocabulary(0);
        site.write_unit(0);
        site.write_picture(1);
        site.write_photo(0);
        site.write(
            "content/courses/2026/a.md",
            "---\ntitle: 篇章\ndate: 2026-10-01\n---\n\n篇章的正文。\n",
        );
        (0..ENTRIES).for_each(|entry| site.write_entry(entry));
        site
    }

    pub(crate) fn root(&self) -> &Path {
        self.directory.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn stem(entry: usize) -> String {
        format!("content/{}/e{entry}", SECTIONS[entry % SECTIONS.len()].0)
    }

    pub(crate) fn path(entry: usize) -> String {
        Self::stem(entry) + ".md"
    }

    fn write_entry(&self, entry: usize) {
        let (section, fields) = SECTIONS[entry % SECTIONS.len()];
        let link = (entry + 3) % ENTRIES;
        let publish = if entry == 7 {
            "publish_at: 2026-10-30\n"
        } else {
            ""
        };
        let (picture, cover) = match entry {
            0 | 1 => ("![图](../notices/p.svg)\n", ""),
            3 | 4 => (
                "![图](../notices/photo.png)\n",
                "cover: ../notices/photo.png\ncover_alt: 图\n",
            ),
            _ => ("", ""),
        };
        self.write(
            &Self::path(entry),
            &format!(
                "---\ntitle: 条目 {entry}\ndate: 2026-{:02}-{:02}\ntags: [标签{}]\nunit: office\n{cover}{publish}{fields}\n---\n\n\
                 正文 {entry}。{SUMMARY}\n\n## 小节\n\n见[另一条](../{section}/e{link}.md)。\n\n```c\nint x = {entry};\n```\n\n{picture}",
                entry % 9 + 1,
                entry + 1,
                entry % 3,
            ),
        );
    }

    fn write_settings(&self) {
        let (title, size, extras) = (self.title, self.page_size, self.extras);
        // The API has half of all files; `extras` switch it on now and then.
        self.write(
            "site.toml",
            &format!(
                "[site]\ntitle = \"站点{title}\"\nbase_url = \"https://example.org/portal\"\n\
                 [lists]\npage_size = {size}\n\
                 [output]\napi = {extras}\nfeeds = {extras}\ncalendar = {extras}\nserver_snippets = {extras}\nhighlight = {extras}\n\
                 [check.levels]\nbroken-link = \"warning\"\n"
            ),
        );
    }

    /// Versions differ in labels; in some the entries' term has another id, in some it is unknown.
    fn write_vocabulary(&self, version: usize) {
        let (id, label) = [("a", "甲"), ("x", "甲"), ("a", "丙")][version % 3];
        self.write(
            "content/vocabularies/specialty.toml",
            &format!(
                "id = \"specialty\"\nlabel = \"专业\"\n\
                 [[terms]]\nid = \"{id}\"\nlabel = \"{label}\"\naliases = [\"v{version}\"]\n\
                 [[terms]]\nid = \"b\"\nlabel = \"乙{version}\"\n"
            ),
        );
    }

    fn write_unit(&self, version: usize) {
        self.write(
            "content/units.toml",
            &format!("[[units]]\nid = \"office\"\nname = \"示例办公室{version}\"\nlevel = \"other\"\n"),
        );
    }

    fn write_picture(&self, size: usize) {
        self.write(
            "content/notices/p.svg",
            &format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} 9\"></svg>\n"),
        );
    }

    fn write_photo(&self, photo: usize) {
        let (width, mut state) = PHOTOS[photo % PHOTOS.len()];
        // Noise, which takes more bytes as PNG than as WebP.
        let image = image::GrayImage::from_fn(width, 20, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Luma([state.to_be_bytes()[0]])
        });
        image.save(self.root().join("content/notices/photo.png")).unwrap();
    }

    fn damage_thumbnails(&self) {
        let items = fs::read_dir(self.root().join(".jixia/thumbnails"))
            .into_iter()
            .flatten();
        items.for_each(|item| fs::write(item.unwrap().path(), "damaged").unwrap());
    }

    fn write_template(&self, number: usize, text: &str) {
        let name = TEMPLATES[number % TEMPLATES.len()];
        let template = if name == "base.html" {
            let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/templates/base.html");
            let built_in = fs::read_to_string(built_in).unwrap();
            assert!(built_in.contains("<body>"));
            built_in.replace("<body>", &format!("<body>\n<p>{text}</p>"))
        } else {
            format!("<p>{text} {{{{ page.title }}}}</p>{{{{ body }}}}")
        };
        self.write(&format!("overrides/templates/{name}"), &template);
    }

    fn edit(&self, entry: usize, edit: impl FnOnce(String) -> String) {
        let path = self.root().join(Self::path(entry));
        if let Ok(text) = fs::read_to_string(&path) {
            fs::write(path, edit(text)).unwrap();
        }
    }

    fn edit_line(&self, entry: usize, start: &str, line: &str) {
        self.edit(entry, |text| {
            let lines = text
                .lines()
                .map(|old| if old.starts_with(start) { line } else { old });
            lines.collect::<Vec<_>>().join("\n") + "\n"
        });
    }

    fn edit_unseen(&self, entry: usize) {
        let path = self.root().join(Self::path(entry));
        let modified = fs::metadata(&path).and_then(|metadata| metadata.modified());
        // Code is in no summary and counts no words: nothing but the bytes of the body tells.
        self.edit(entry, |old| {
            if old.contains("int x") {
                old.replace("int x", "int y")
            } else {
                old.replace("int y", "int x")
            }
        });
        if let (Ok(modified), Ok(file)) = (modified, fs::File::options().append(true).open(path)) {
            file.set_modified(modified).unwrap();
        }
    }

    fn unfold(&self, entry: usize) {
        let stem = self.root().join(Self::stem(entry));
        let file = stem.with_extension("md");
        if file.exists() {
            fs::create_dir_all(&stem).unwrap();
            fs::rename(file, stem.join("index.md")).unwrap();
            fs::write(stem.join("chapter.md"), "---\ntitle: 一章\n---\n\n章的正文。\n").unwrap();
        }
    }

    fn delete(&self, entry: usize) {
        let stem = self.root().join(Self::stem(entry));
        let _ = fs::remove_dir_all(&stem);
        let _ = fs::remove_file(stem.with_extension("md"));
    }

    fn change_cache(&self, change: impl Fn(&mut Vec<u8>)) {
        for name in ["cache", "last"] {
            let path = self.root().join(".jixia").join(name);
            if let Ok(mut bytes) = fs::read(&path) {
                change(&mut bytes);
                fs::write(path, bytes).unwrap();
            }
        }
    }

    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::EditBody(entry, text) => self.edit(*entry, |old| format!("{old}\n{text}\n")),
            Event::EditUnseen(entry) => self.edit_unseen(*entry),
            Event::EditTitle(entry, title) => self.edit_line(*entry, "title:", &format!("title: {title}")),
            Event::Retag(entry, tag) => self.edit_line(*entry, "tags:", &format!("tags: [标签{tag}, 共同]")),
            Event::Add(entry) => self.write_entry(*entry),
            Event::Rename(from, to) => {
                let path = |entry: usize| self.root().join(Self::path(entry));
                let _ = fs::rename(path(*from), path(*to));
            }
            Event::Delete(entry) => self.delete(*entry),
            Event::Withdraw(entry) => {
                self.edit_line(*entry, "tags:", "withdrawn: {reason: 内容过时, date: 2026-10-10}");
            }
            Event::Unfold(entry) => self.unfold(*entry),
            Event::Chapters(true) => self.write(
                "content/courses/2026/index.md",
                "---\ntitle: 全书\ndate: 2026-10-01\n---\n\n前言。\n",
            ),
            Event::Chapters(false) => {
                let _ = fs::remove_file(self.root().join("content/courses/2026/index.md"));
            }
            Event::Picture(size) => self.write_picture(*size),
            Event::EditTemplate(number, text) => self.write_template(*number, text),
            Event::RemoveTemplates => {
                let _ = fs::remove_dir_all(self.root().join("overrides"));
            }
            Event::EditStyle(version) => {
                self.write("overrides/assets/site.css", &format!("a {{ order: {version} }}"));
            }
            Event::PageSize(size) => self.set(|site| site.page_size = *size),
            Event::SiteTitle(title) => self.set(|site| site.title = *title),
            Event::Extras(extras) => self.set(|site| site.extras = *extras),
            Event::Vocabulary(version) => self.write_vocabulary(*version),
            Event::Unit(version) => self.write_unit(*version),
            Event::Days(days) => self.now += jiff::SignedDuration::from_hours(24 * days),
            Event::Precompress(precompress) => self.options.precompress = *precompress,
            Event::CorruptCache(at) => self.change_cache(|bytes| {
                let at = at % bytes.len();
                bytes[at] ^= 0x55;
            }),
            Event::TruncateCache(at) => self.change_cache(|bytes| bytes.truncate(at % bytes.len())),
            Event::LoseCache => {
                let _ = fs::remove_dir_all(self.root().join(".jixia"));
            }
            Event::OtherProgram => self.change_cache(|bytes| bytes[6] ^= 1),
            Event::DamageOutput(number) => self.damage(*number),
            Event::Touch(entry) => self.edit(*entry, |text| text),
            Event::Photo(photo) => self.write_photo(*photo),
            Event::DamageThumbnails => self.damage_thumbnails(),
            Event::LoseThumbnails => {
                let _ = fs::remove_dir_all(self.root().join(".jixia/thumbnails"));
            }
        }
    }

    fn set(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        self.write_settings();
    }

    /// Somebody deletes or changes a file of the output by hand.
    fn damage(&self, number: usize) {
        let files: Vec<String> = tree(&self.root().join("public")).into_keys().collect();
        if let Some(file) = files
            .get(number % files.len().max(1))
            .filter(|file| !file.starts_with(".jixia"))
        {
            let path = self.root().join("public").join(file);
            if number.is_multiple_of(2) {
                fs::remove_file(path).unwrap();
            } else {
                fs::write(path, "damaged").unwrap();
            }
        }
    }

    fn world(&self) -> Disk {
        Disk::open(self.root(), self.now).unwrap()
    }

    fn task<'a>(&'a self, out: &'a Path) -> Task<'a> {
        Task {
            root: self.root(),
            out,
            options: self.options,
            progress: None,
        }
    }

    /// Builds as the command line does, with what the last build remembered.
    pub(crate) fn build(&self) -> Outcome {
        let (lock, out) = (Lock::take(self.root()), self.root().join("public"));
        build_if_changed(&self.world(), self.task(&out), &lock)
    }

    /// Builds with what the last build remembered, and does not ask whether anything changed.
    pub(crate) fn build_with_cache(&self) -> Outcome {
        let mut cache = Cache::load(self.root());
        self.build_into(&self.root().join("public"), &mut cache)
    }

    pub(crate) fn build_into(&self, out: &Path, cache: &mut Cache) -> Outcome {
        build(&self.world(), self.task(out), cache)
    }

    /// Builds as the server does.
    pub(crate) fn build_and_keep(&self, cache: &mut Cache) -> WarmSite {
        let out = self.root().join("public");
        build_and_keep(&self.world(), self.task(&out), cache).1.unwrap()
    }

    /// Renders the pages of some entries as the server does before it builds.
    pub(crate) fn preview(&self, warm: &mut WarmSite, cache: &mut Cache, entries: &[usize]) -> bool {
        let paths: BTreeSet<String> = entries.iter().map(|entry| Self::path(*entry)).collect();
        let out = self.root().join("public");
        preview(&self.world(), self.task(&out), warm, cache, &paths)
    }

    /// A file of the output, and as a clean build would write it.
    pub(crate) fn both(&self, file: &str) -> [Vec<u8>; 2] {
        let found = fs::read(self.root().join("public").join(file)).unwrap();
        [found, self.build_clean().0.unwrap().remove(file).unwrap()]
    }

    /// Builds into an empty directory, remembering nothing.
    fn build_clean(&self) -> Result {
        let clean = tempfile::tempdir().unwrap();
        let out = clean.path().join("public");
        result(&self.build_into(&out, &mut Cache::default()), &out)
    }

    /// Builds with and without a memory, and says what differs.
    pub(crate) fn compare(&self) -> std::result::Result<(), String> {
        self.compare_with(&self.build())
    }

    /// Says what differs between the output that a build left and a clean one.
    pub(crate) fn compare_with(&self, outcome: &Outcome) -> std::result::Result<(), String> {
        let (found, said) = result(outcome, &self.root().join("public"));
        let (clean, expected) = self.build_clean();
        if said != expected {
            return Err(format!("diagnostics differ: {said:#?} {expected:#?}"));
        }
        let (found, clean) = match (found, clean) {
            (Some(found), Some(clean)) => (found, clean),
            (None, None) => return Ok(()),
            (found, _) => {
                return Err(format!(
                    "only one build failed; the clean one: {}",
                    found.is_some()
                ));
            }
        };
        let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
        if names(&found) != names(&clean) {
            return Err(format!("files differ: {:?} {:?}", names(&found), names(&clean)));
        }
        match found.iter().find(|(name, bytes)| clean[*name] != **bytes) {
            Some((name, _)) => Err(format!("{name} differs")),
            None => Ok(()),
        }
    }
}

fn result(outcome: &Outcome, out: &Path) -> Result {
    let said = outcome
        .diagnostics
        .iter()
        .map(|diagnostic| format!("{diagnostic:?}"));
    (outcome.changes.as_ref().map(|_| tree(out)), said.collect())
}

/// Every file below a directory with its bytes.
fn tree(directory: &Path) -> Tree {
    let files = walkdir::WalkDir::new(directory)
        .into_iter()
        .flatten()
        .filter(|item| item.file_type().is_file());
    files
        .map(|item| {
            let name = item
                .path()
                .strip_prefix(directory)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            (name, fs::read(item.path()).unwrap())
        })
        .collect()
}
