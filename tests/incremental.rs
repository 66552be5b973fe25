//! A build that remembers gives the same bytes as one that does not, whatever happened in between.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use jixia::build::{Options, Progress, build, build_if_changed};
use jixia::cache::{Cache, Lock};
use jixia::world::Disk;
use proptest::collection::vec;
use proptest::prelude::*;

/// Something that happens to a site, its cache or its clock.
#[derive(Debug, Clone)]
enum Event {
    EditBody(usize, String),
    /// The same number of bytes, and the modification time set back.
    EditUnseen(usize),
    EditTitle(usize, String),
    Retag(usize, usize),
    Add(usize),
    Rename(usize, usize),
    Delete(usize),
    Withdraw(usize),
    EditTemplate(String),
    RemoveTemplate,
    EditStyle(usize),
    PageSize(usize),
    SiteTitle(usize),
    Vocabulary(usize),
    Unit(usize),
    Days(i64),
    CorruptCache(usize),
    TruncateCache(usize),
    LoseCache,
    OtherProgram,
    DamageOutput(usize),
    Touch(usize),
}

fn event() -> impl Strategy<Value = Event> {
    let entry = 0..ENTRIES;
    prop_oneof![
        4 => (entry.clone(), "[一二三四五 甲乙丙丁]{1,30}").prop_map(|(entry, text)| Event::EditBody(entry, text)),
        2 => entry.clone().prop_map(Event::EditUnseen),
        3 => (entry.clone(), "[山东济南青岛]{1,8}").prop_map(|(entry, title)| Event::EditTitle(entry, title)),
        2 => (entry.clone(), 0..4usize).prop_map(|(entry, tag)| Event::Retag(entry, tag)),
        2 => entry.clone().prop_map(Event::Add),
        2 => (entry.clone(), entry.clone()).prop_map(|(from, to)| Event::Rename(from, to)),
        2 => entry.clone().prop_map(Event::Delete),
        1 => entry.clone().prop_map(Event::Withdraw),
        1 => "[a-z]{1,6}".prop_map(Event::EditTemplate),
        1 => Just(Event::RemoveTemplate),
        1 => (0..9usize).prop_map(Event::EditStyle),
        1 => (1..5usize).prop_map(Event::PageSize),
        1 => (0..9usize).prop_map(Event::SiteTitle),
        1 => (0..9usize).prop_map(Event::Vocabulary),
        1 => (0..9usize).prop_map(Event::Unit),
        1 => (-40..40i64).prop_map(Event::Days),
        1 => (0..4096usize).prop_map(Event::CorruptCache),
        1 => (0..4096usize).prop_map(Event::TruncateCache),
        1 => Just(Event::LoseCache),
        1 => Just(Event::OtherProgram),
        1 => (0..99usize).prop_map(Event::DamageOutput),
        1 => entry.prop_map(Event::Touch),
    ]
}

const ENTRIES: usize = 12;
const SECTIONS: [(&str, &str); 3] = [
    ("notices", "category: 通知\nissuer: 示例单位"),
    ("news", ""),
    ("resources", "specialty: 甲"),
];

struct Site {
    directory: tempfile::TempDir,
    now: Timestamp,
    page_size: usize,
    title: usize,
}

impl Site {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let site = Self {
            directory,
            now: "2026-10-15T04:00:00Z".parse().unwrap(),
            page_size: 2,
            title: 0,
        };
        site.write_settings();
        site.write_vocabulary(0);
        site.write_unit(0);
        (0..ENTRIES).for_each(|entry| site.write_entry(entry));
        site
    }

    fn root(&self) -> &Path {
        self.directory.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn path(entry: usize) -> String {
        format!("content/{}/e{entry}.md", SECTIONS[entry % SECTIONS.len()].0)
    }

    fn write_entry(&self, entry: usize) {
        let (section, fields) = SECTIONS[entry % SECTIONS.len()];
        let link = (entry + 3) % ENTRIES;
        let publish = if entry == 7 {
            "publish_at: 2026-10-30\n"
        } else {
            ""
        };
        self.write(
            &Self::path(entry),
            &format!(
                "---\ntitle: 条目 {entry}\ndate: 2026-{:02}-{:02}\ntags: [标签{}]\nunit: office\n{publish}{fields}\n---\n\n\
                 正文 {entry}。\n\n## 小节\n\n见[另一条](../{section}/e{link}.md)。\n\n```c\nint x = {entry};\n```\n",
                entry % 9 + 1,
                entry + 1,
                entry % 3,
            ),
        );
    }

    fn write_settings(&self) {
        self.write(
            "site.toml",
            &format!(
                "[site]\ntitle = \"站点{}\"\nbase_url = \"https://example.org/portal\"\n[lists]\npage_size = {}\n\
                 [check.levels]\nbroken-link = \"warning\"\n",
                self.title, self.page_size
            ),
        );
    }

    fn write_vocabulary(&self, version: usize) {
        self.write(
            "content/vocabularies/specialty.toml",
            &format!("id = \"specialty\"\nlabel = \"专业\"\n[[terms]]\nid = \"a\"\nlabel = \"甲\"\naliases = [\"v{version}\"]\n[[terms]]\nid = \"b\"\nlabel = \"乙{version}\"\n"),
        );
    }

    fn write_unit(&self, version: usize) {
        self.write(
            "content/units.toml",
            &format!("[[units]]\nid = \"office\"\nname = \"示例办公室{version}\"\nlevel = \"other\"\n"),
        );
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

    fn change_cache(&self, change: impl Fn(&mut Vec<u8>)) {
        for name in ["cache", "last"] {
            let path = self.root().join(".jixia").join(name);
            if let Ok(mut bytes) = fs::read(&path) {
                change(&mut bytes);
                fs::write(path, bytes).unwrap();
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::EditBody(entry, text) => self.edit(*entry, |old| format!("{old}\n{text}\n")),
            Event::EditUnseen(entry) => {
                let path = self.root().join(Self::path(*entry));
                let modified = fs::metadata(&path).and_then(|metadata| metadata.modified());
                self.edit(*entry, |old| old.replace("正文", "文正"));
                if let (Ok(modified), Ok(file)) = (modified, fs::File::options().append(true).open(path)) {
                    file.set_modified(modified).unwrap();
                }
            }
            Event::EditTitle(entry, title) => self.edit_line(*entry, "title:", &format!("title: {title}")),
            Event::Retag(entry, tag) => self.edit_line(*entry, "tags:", &format!("tags: [标签{tag}, 共同]")),
            Event::Add(entry) => self.write_entry(*entry),
            Event::Rename(from, to) => {
                let from = self.root().join(Self::path(*from));
                let to = self.root().join(Self::path(*to));
                let _ = fs::rename(from, to);
            }
            Event::Delete(entry) => {
                let _ = fs::remove_file(self.root().join(Self::path(*entry)));
            }
            Event::Withdraw(entry) => {
                self.edit_line(*entry, "tags:", "withdrawn: {reason: 内容过时, date: 2026-10-10}")
            }
            Event::EditTemplate(text) => {
                self.write(
                    "overrides/templates/words.html",
                    &format!("<p>{text} {{{{ page.title }}}}</p>"),
                );
            }
            Event::RemoveTemplate => {
                let _ = fs::remove_dir_all(self.root().join("overrides"));
            }
            Event::EditStyle(version) => {
                self.write("overrides/assets/more.css", &format!("a {{ order: {version} }}"))
            }
            Event::PageSize(size) => {
                self.page_size = *size;
                self.write_settings();
            }
            Event::SiteTitle(title) => {
                self.title = *title;
                self.write_settings();
            }
            Event::Vocabulary(version) => self.write_vocabulary(*version),
            Event::Unit(version) => self.write_unit(*version),
            Event::Days(days) => self.now += jiff::SignedDuration::from_hours(24 * days),
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
        }
    }

    /// Somebody deletes or changes a file of the output by hand.
    fn damage(&self, number: usize) {
        let files: Vec<String> = tree(&self.root().join("public")).into_keys().collect();
        if let Some(file) = files
            .get(number % files.len().max(1))
            .filter(|file| !file.starts_with(".jixia"))
        {
            let path = self.root().join("public").join(file);
            if number % 2 == 0 {
                fs::remove_file(path).unwrap()
            } else {
                fs::write(path, "damaged").unwrap()
            }
        }
    }

    /// Builds as the command line does, with what the last build remembered.
    fn build(&self) -> bool {
        let world = Disk::open(self.root(), self.now).unwrap();
        let lock = Lock::take(self.root());
        let out = self.root().join("public");
        let outcome = build_if_changed(
            &world,
            self.root(),
            &out,
            Options::default(),
            &lock,
            &Progress::default(),
        );
        outcome.changes.is_some()
    }

    /// Builds into an empty directory, remembering nothing.
    fn build_clean(&self) -> Option<BTreeMap<String, Vec<u8>>> {
        let world = Disk::open(self.root(), self.now).unwrap();
        let clean = tempfile::tempdir().unwrap();
        let out = clean.path().join("public");
        let outcome = build(
            &world,
            self.root(),
            &out,
            Options::default(),
            &mut Cache::default(),
            &Progress::default(),
        );
        outcome.changes.map(|_| tree(&out))
    }

    fn compare(&self) -> Result<(), String> {
        let is_built = self.build();
        let Some(clean) = self.build_clean() else {
            return if is_built {
                Err("the incremental build ignored an error".to_owned())
            } else {
                Ok(())
            };
        };
        let found = tree(&self.root().join("public"));
        let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
        if names(&found) != names(&clean) {
            return Err(format!("files differ: {:?} {:?}", names(&found), names(&clean)));
        }
        match found.iter().find(|(name, bytes)| clean[*name] != **bytes) {
            Some((name, _)) => Err(format!("{name} differs")),
            None => Ok(()),
        }
    }
}

/// Every file below a directory with its bytes.
fn tree(directory: &Path) -> BTreeMap<String, Vec<u8>> {
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn incremental_builds_equal_clean_ones(rounds in vec(vec(event(), 1..4), 1..6)) {
        let mut site = Site::new();
        prop_assert!(site.build());
        for events in rounds {
            for event in &events {
                site.apply(event);
            }
            if let Err(difference) = site.compare() {
                prop_assert!(false, "after {:?}: {}", events, difference);
            }
        }
    }
}

#[test]
fn a_build_that_was_killed_is_mended_by_the_next() {
    let mut site = Site::new();
    assert!(site.build());
    for round in 0..24 {
        site.apply(&Event::EditTitle(round % ENTRIES, format!("第{round}次")));
        site.apply(&Event::Delete((round + 5) % ENTRIES));
        site.apply(&Event::Add((round + 4) % ENTRIES));
        let now = site.now.to_string();
        let mut process = Command::new(env!("CARGO_BIN_EXE_jixia"))
            .args(["build", "--now", &now, "--root"])
            .arg(site.root())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(round as u64 * 4));
        let _ = process.kill();
        process.wait().unwrap();
        if let Err(difference) = site.compare() {
            panic!("round {round}: {difference}");
        }
    }
    let leftovers = fs::read_dir(site.root())
        .unwrap()
        .flatten()
        .map(|item| item.file_name().into_string().unwrap());
    assert_eq!(leftovers.filter(|name| name.contains("stage")).count(), 0);
}

#[test]
fn two_builds_at_once_do_not_damage_each_other() {
    let site = Site::new();
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_jixia"))
            .args(["build", "--now", &site.now.to_string(), "--root"])
            .arg(site.root())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let processes: Vec<_> = (0..4).map(|_| start()).collect();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    site.compare().unwrap();
}

#[test]
fn an_unchanged_site_writes_nothing() {
    let site = Site::new();
    assert!(site.build());
    let world = Disk::open(site.root(), site.now).unwrap();
    let mut cache = Cache::load(site.root());
    let out = site.root().join("public");
    let outcome = build(
        &world,
        site.root(),
        &out,
        Options::default(),
        &mut cache,
        &Progress::default(),
    );
    let changes = outcome.changes.unwrap();
    assert_eq!((changes.written, changes.removed), (Vec::new(), Vec::new()));
}

#[test]
fn a_typo_in_a_body_writes_one_page() {
    let mut site = Site::new();
    assert!(site.build());
    site.apply(&Event::EditBody(5, "多一句".to_owned()));
    let world = Disk::open(site.root(), site.now).unwrap();
    let mut cache = Cache::load(site.root());
    let out = site.root().join("public");
    let outcome = build(
        &world,
        site.root(),
        &out,
        Options::default(),
        &mut cache,
        &Progress::default(),
    );
    let written = outcome.changes.unwrap().written;
    assert!(
        written.iter().all(|file| file.contains("resources/e5")),
        "{written:?}"
    );
}
