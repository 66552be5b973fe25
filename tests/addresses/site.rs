//! Sites on disk with a page of links.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jixia::cache::Cache;
use jixia::diag::{Code, Severity};
use jixia::pipeline::{Options, Task, build, load};
use jixia::world::Disk;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const PROBE: &str = "content/pages/probe.md";
/// Begins the page of links. They have no text, so that however many there are the page is found by the same words.
const HEAD: &str = "---\ntitle: 链接\n---\n\n正文一段，好让这一页有摘要。\n";
/// What need not be encoded in an address.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

pub(crate) struct Site {
    directory: tempfile::TempDir,
    now: Timestamp,
    options: Options,
}

impl Site {
    fn new(precompress: bool) -> Self {
        let options = Options {
            precompress,
            ..Options::default()
        };
        Self {
            directory: tempfile::tempdir().unwrap(),
            now: "2026-10-15T04:00:00Z".parse().unwrap(),
            options,
        }
    }

    fn root(&self) -> &Path {
        self.directory.path()
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn world(&self) -> Disk {
        Disk::open(self.root(), self.now).unwrap()
    }

    /// Builds the site from nothing and names the files that it has then.
    pub(crate) fn build(&self) -> BTreeSet<String> {
        let out = self.root().join("public");
        let _ = fs::remove_dir_all(&out);
        let task = Task {
            root: self.root(),
            out: &out,
            options: self.options,
            progress: None,
        };
        let outcome = build(&self.world(), task, &mut Cache::default());
        let errors = outcome.diagnostics.iter();
        let errors: Vec<_> = errors.filter(|found| found.severity == Severity::Error).collect();
        assert!(outcome.changes.is_some(), "{errors:?}");
        let mut files = BTreeSet::new();
        collect(&out, &out, &mut files);
        // The mark by which a build knows its output; servers do not show it.
        files.remove(".jixia-output");
        files
    }

    /// Links to files from a page of the site, and gives those that the check refuses.
    pub(crate) fn refused(&self, files: &BTreeSet<String>) -> BTreeSet<String> {
        let mut text = HEAD.to_owned();
        let mut places = Vec::new();
        for file in files {
            places.push((text.len() as u32, file));
            let _ = write!(text, "\n<a href=\"/{}\"></a>", utf8_percent_encode(file, PATH));
        }
        self.write(PROBE, text);
        let loaded = load(&self.world(), self.options, &mut Cache::default());
        let broken = loaded.diagnostics.iter().filter(|found| {
            matches!(found.code, Code::BrokenLink | Code::LinkToDraft) && found.path.as_deref() == Some(PROBE)
        });
        let mut refused = BTreeSet::new();
        for found in broken {
            let start = found.span.as_ref().unwrap().start;
            let index = places.partition_point(|(place, _)| *place <= start);
            assert!(
                refused.insert(places[index - 1].1.clone()),
                "reported twice: {found:?}"
            );
        }
        refused
    }
}

fn collect(root: &Path, directory: &Path, files: &mut BTreeSet<String>) {
    for item in fs::read_dir(directory).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}

/// The demonstration, without history: the copy is in no repository.
pub(crate) fn demonstration(precompress: bool) -> Site {
    let site = Site::new(precompress);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let settings = fs::read_to_string(root.join("site.toml")).unwrap();
    site.write("site.toml", settings.replace("history = true\n", ""));
    let mut files = BTreeSet::new();
    collect(&root, &root.join("content"), &mut files);
    for file in files {
        site.write(&file, fs::read(root.join(&file)).unwrap());
    }
    site.write(PROBE, HEAD);
    site
}

/// A site with something of everything, and the switches of `[output]` all on or all off.
pub(crate) fn generated(switches: bool, base_path: &str) -> Site {
    let site = Site::new(switches);
    let names = [
        "feeds",
        "sitemap",
        "api",
        "calendar",
        "opensearch",
        "json_ld",
        "terms",
        "years",
        "search",
        "highlight",
        "server_snippets",
        "offline",
        "statistics",
    ];
    let output: String = names
        .iter()
        .map(|name| format!("{name} = {switches}\n"))
        .collect();
    site.write(
        "site.toml",
        format!(
            "[site]\ntitle = \"示例\"\nbase_url = \"https://example.org{base_path}\"\naccent = \"#1f6f5c\"\n\
             [lists]\npage_size = 3\n[output]\n{output}"
        ),
    );
    site.write(PROBE, HEAD);
    site.write(
        "content/units.toml",
        "[[units]]\nid = \"office\"\nname = \"示例办公室\"\nlevel = \"other\"\n\
         [[units]]\nid = \"jinan\"\nname = \"示例市\"\nlevel = \"city\"\ncity = \"jinan\"\n",
    );
    site.write(
        "content/vocabularies/city.toml",
        "id = \"city\"\nlabel = \"市\"\n[[terms]]\nid = \"jinan\"\nlabel = \"示例市\"\n",
    );
    entries(&site);
    files(&site);
    site
}

fn entries(site: &Site) {
    for number in 0..14 {
        let (year, tag) = (2020 + number % 5, ["数控", "C/C++", "一 二", ".net"][number % 4]);
        site.write(
            &format!("content/notices/通知-{number}.md"),
            format!(
                "---\ntitle: 通知 {number}\ndate: {year}-03-05\ncategory: 通知\nissuer: 示例单位\nunit: office\n\
                 tags: [{tag}]\naliases: [/old/{number}, /old/{number}.html]\n---\n\n正文一段。\n"
            ),
        );
        site.write(
            &format!("content/resources/r{number}.md"),
            format!("---\ntitle: 资源 {number}\ndate: {year}-04-01\nunit: jinan\n---\n\n正文一段。\n"),
        );
    }
    site.write(
        "content/events/e.md",
        "---\ntitle: 活动\ndate: 2026-09-01\nstart: 2026-11-01\nend: 2026-11-02\n---\n\n正文一段。\n",
    );
    site.write(
        "content/courses/cnc/index.md",
        "---\ntitle: 课程\ndate: 2026-09-01\n---\n\n正文一段。\n",
    );
    site.write(
        "content/courses/cnc/01.md",
        "---\ntitle: 一章\n---\n\n正文一段。\n",
    );
    site.write(
        "content/projects/p.md",
        "---\ntitle: 课题\ndate: 2026-09-01\nunit: office\ncategory: key\nstate: approved\nlead: 甲\n---\n\n正文一段。\n",
    );
    site.write(
        "content/news/gone.md",
        "---\ntitle: 动态\ndate: 2026-09-01\nwithdrawn: {reason: 内容过时, date: 2026-10-01}\n---\n\n正文一段。\n",
    );
    site.write(
        "content/news/draft.md",
        "---\ntitle: 草稿\ndate: 2026-09-01\ndraft: true\ntags: [稿]\n---\n\n正文一段。\n",
    );
}

/// Files beside Markdown: one to download, a photograph with smaller copies, and an attachment of the store.
fn files(site: &Site) {
    let mut state = 1_u32;
    // Noise, which takes more bytes as PNG than as WebP.
    let image = image::GrayImage::from_fn(1000, 20, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Luma([state.to_be_bytes()[0]])
    });
    site.write("content/news/表.txt", "表\n".repeat(200));
    image.save(site.root().join("content/news/照片 一.png")).unwrap();
    // printf '附件\n' | sha256sum
    let (sha256, bytes) = (
        "0473f87543f7faa4499a66d80424988a8e4b207e86846104821f04fdfe5edbf1",
        "附件\n",
    );
    site.write(&format!("content/blobs/{}/{sha256}", &sha256[..2]), bytes);
    site.write(
        "content/news/files.md",
        format!(
            "---\ntitle: 文件\ndate: 2026-09-01\nattachments:\n  - {{name: 表.txt, path: 表.txt}}\n  \
             - {{name: 附 件.txt, sha256: {sha256}, size: {}}}\n---\n\n正文一段。\n\n![图](<照片 一.png>)\n",
            bytes.len()
        ),
    );
}
