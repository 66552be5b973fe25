//! Smaller copies of pictures are made once, and a build that finds them gives the same bytes as one that does not.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use jixia::cache::{Cache, Lock};
use jixia::pipeline::{Options, Task, build, build_if_changed};
use jixia::world::Disk;

fn now() -> jiff::Timestamp {
    "2026-10-15T04:00:00Z".parse().unwrap()
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Noise, which takes more bytes as PNG than as WebP.
fn write_picture(root: &Path, width: u32, seed: u8) {
    let mut state = u32::from(seed);
    let image = image::GrayImage::from_fn(width, 20, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Luma([(state >> 24) as u8])
    });
    image.save(root.join("content/news/photo.png")).unwrap();
}

fn build_again(root: &Path) {
    let lock = Lock::take(root);
    let world = Disk::open(root, now()).unwrap();
    let out = root.join("public");
    let task = Task {
        root,
        out: &out,
        options: Options::default(),
        progress: None,
    };
    let outcome = build_if_changed(&world, task, &lock);
    assert!(outcome.changes.is_some(), "{:?}", outcome.diagnostics);
}

/// Copies as they are kept: name, and the inode, which a copy made anew does not share.
fn kept(root: &Path) -> Vec<(String, u64)> {
    let items = fs::read_dir(root.join(".jixia/thumbnails")).unwrap().flatten();
    let mut kept: Vec<_> = items
        .map(|item| {
            (
                item.file_name().into_string().unwrap(),
                item.metadata().unwrap().ino(),
            )
        })
        .collect();
    kept.sort();
    kept
}

fn tree(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(directory).into_iter().flatten();
    let files = files.filter(|item| item.file_type().is_file());
    let named = files.map(|item| {
        let name = item
            .path()
            .strip_prefix(directory)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        (name, fs::read(item.path()).unwrap())
    });
    named.collect()
}

/// The files that a build gives which remembers nothing.
fn clean(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("public");
    let world = Disk::open(root, now()).unwrap();
    let task = Task {
        root,
        out: &out,
        options: Options::default(),
        progress: None,
    };
    let outcome = build(&world, task, &mut Cache::default());
    assert!(outcome.changes.is_some());
    tree(&out)
}

#[test]
fn copies_of_pictures_are_made_once() {
    let site = tempfile::tempdir().unwrap();
    let root = site.path();
    write(
        root,
        "site.toml",
        "[site]\nbase_url = \"https://example.org/portal\"\n[output]\napi = false\n",
    );
    let entry = "---\ntitle: 甲\ndate: 2026-10-01\ncategory: 教研活动\ncover: photo.png\ncover_alt: 图\n---\n\n正文。\n\n![图](photo.png)\n";
    write(root, "content/news/a.md", entry);
    write_picture(root, 1000, 1);
    build_again(root);
    let page = fs::read_to_string(root.join("public/news/a/index.html")).unwrap();
    let srcset = "srcset=\"/portal/news/photo.png.480.webp 480w, /portal/news/photo.png.960.webp 960w, \
                  /portal/news/photo.png 1000w\"";
    // In the body and as the cover.
    assert_eq!(page.matches(srcset).count(), 2, "{page}");
    let made = kept(root);
    assert_eq!(made.len(), 1);
    let inode = || {
        fs::metadata(root.join("public/news/photo.png.480.webp"))
            .unwrap()
            .ino()
    };
    let written = inode();
    // Nothing is remembered of files, and every stamp is another: what a fresh checkout looks like.
    fs::remove_file(root.join(".jixia/cache")).unwrap();
    fs::remove_file(root.join(".jixia/last")).unwrap();
    write_picture(root, 1000, 1);
    build_again(root);
    assert_eq!((kept(root), inode()), (made.clone(), written));
    fs::remove_dir_all(root.join("public")).unwrap();
    build_again(root);
    assert_eq!(kept(root), made);
    // Another picture takes the place of the first, and copies that were lost or damaged are made anew.
    write_picture(root, 500, 2);
    build_again(root);
    assert_eq!(tree(&root.join("public")), clean(root));
    let others = kept(root);
    assert_eq!(others.len(), 1);
    assert_ne!(others[0].0, made[0].0);
    fs::write(root.join(".jixia/thumbnails").join(&others[0].0), "damaged").unwrap();
    fs::remove_dir_all(root.join("public")).unwrap();
    build_again(root);
    assert_eq!(tree(&root.join("public")), clean(root));
}

/// Posters that the page of an entry with a video names.
fn posters(root: &Path) -> Vec<String> {
    let page = fs::read_to_string(root.join("public/news/a/index.html")).unwrap();
    let parts = page.split(" poster=\"").skip(1);
    parts
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect()
}

#[test]
fn a_video_without_a_poster_gets_a_frame_of_it_where_that_is_possible() {
    let site = tempfile::tempdir().unwrap();
    let root = site.path();
    write(root, "site.toml", "");
    let text = "---\ntitle: 甲\ndate: 2026-09-01\n---\n\n![示例](clip.mp4)\n\n![坏的](broken.mp4)\n";
    write(root, "content/news/a.md", text);
    let video = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/content/resources/cnc-milling-01-coordinates.mp4"
    );
    fs::copy(video, root.join("content/news/clip.mp4")).unwrap();
    let broken = &fs::read(video).unwrap()[..64];
    fs::write(root.join("content/news/broken.mp4"), broken).unwrap();
    for _ in 0..2 {
        build_again(root);
        let posters = posters(root);
        assert_eq!(
            posters.len(),
            usize::from(jixia::media::frame::is_possible()),
            "{posters:?}"
        );
        for poster in posters {
            let bytes = fs::read(root.join(format!("public{poster}"))).unwrap();
            assert!(bytes.starts_with(b"RIFF"), "{poster}");
        }
    }
    // A picture beside it is the author's choice.
    write_picture(root, 600, 1);
    fs::rename(
        root.join("content/news/photo.png"),
        root.join("content/news/clip.png"),
    )
    .unwrap();
    build_again(root);
    assert_eq!(posters(root), ["/news/clip.png"]);
}
