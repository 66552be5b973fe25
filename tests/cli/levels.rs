//! Nothing unsafe is published whatever the level of its code.

use super::*;

const SCRIPT: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";

#[test]
fn a_drawing_with_a_script_is_published_at_no_level() {
    for level in ["error", "warning", "ignore"] {
        let site = Site::new();
        site.write(
            "site.toml",
            &format!("[site]\ntitle = \"示例\"\n[check.levels]\nunsafe-file = \"{level}\"\n"),
        );
        site.write(
            "content/pages/b.md",
            &(page(
                "乙",
                "cover: b.svg\nattachments:\n  - name: 图.svg\n    path: b.svg\n",
            ) + "![图](b.svg)\n\n[图](b.svg)\n"),
        );
        site.write("content/pages/b.svg", SCRIPT);
        let run = site.run("build");
        assert_eq!(run.code, i32::from(level == "error"), "{run:#?}");
        let Some(page) = fs::read_to_string(site.path("public/pages/b/index.html")).ok() else {
            assert_eq!(level, "error");
            continue;
        };
        assert!(run.err.contains("这个文件没有发布到门户"), "{level}: {}", run.err);
        assert!(!page.contains("b.svg") && page.contains("乙"), "{level}: {page}");
        let has_script = |(_, bytes): (&String, &Vec<u8>)| bytes.windows(8).any(|part| part == b"alert(1)");
        assert!(!site.output().iter().any(has_script), "{level}");
    }
}

#[test]
fn an_entry_with_a_control_character_is_published_with_a_blank() {
    let site = Site::new();
    site.write(
        "site.toml",
        "[site]\ntitle = \"示例\"\n[check.levels]\ncontrol-character = \"warning\"\n",
    );
    site.write("content/pages/b.md", &(page("乙\u{b}丙", "") + "焊\u{8}接\n"));
    let run = site.builds("");
    assert!(run.err.contains("这个字符已换成空格"), "{}", run.err);
    let page = site.read("public/pages/b/index.html");
    assert!(page.contains("焊 接") && page.contains("乙 丙"), "{page}");
    assert!(!page.contains(['\u{8}', '\u{b}']));
}

#[test]
fn a_link_out_of_the_root_is_left_out_and_said_so() {
    let site = Site::new();
    let elsewhere = Site::new();
    site.write(
        "site.toml",
        "[site]\ntitle = \"示例\"\n[check.levels]\noutside-root = \"ignore\"\n",
    );
    symlink(
        elsewhere.path("content/pages/a.md"),
        site.path("content/pages/b.md"),
    )
    .unwrap();
    let run = site.builds("");
    assert!(run.err.contains("这个文件没有发布到门户"), "{}", run.err);
    assert!(!site.path("public/pages/b").exists());
}
