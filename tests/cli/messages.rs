//! What the program says: exit codes, languages, lines for machines.

use std::io::Read as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

#[test]
fn exit_codes_tell_warnings_from_errors() {
    let site = Site::new();
    site.write("content/notices/n.md", &page("通知", "date: 2026-10-01\n"));
    let warned = site.run("build");
    assert_eq!(warned.code, 0);
    assert!(warned.err.contains("警告[advised-field]"), "{}", warned.err);
    assert_eq!(site.run("check").code, 0);
    assert_eq!(site.run("check --strict").code, 1);
    assert_eq!(site.run("build --strict").code, 1);
    site.write("content/notices/n.md", &page("通知", "date: 2026-02-30\n"));
    assert_eq!(site.run("check").code, 1);
    assert_eq!(site.run("build").code, 1);
    let nowhere = site.run("build --root /nowhere/at/all");
    assert_eq!(nowhere.code, 2, "clap refuses a second --root: {nowhere:?}");
}

#[test]
fn a_root_that_is_not_there_is_reported() {
    let output = Command::new(env!("CARGO_BIN_EXE_jixia"))
        .args(["build", "--lang", "en", "--root", "/nowhere/at/all"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("error[unreadable]")
    );
}

#[test]
fn json_is_one_object_a_line() {
    let site = Site::new();
    site.write("content/pages/b.md", &page("乙", "tilte: 错\nweight: 先\n"));
    let run = site.run("check --format json --lang en");
    assert_eq!(run.code, 1);
    assert_eq!(run.err, "", "people's sentences are for people");
    let lines: Vec<Value> = lines_of_json(&run.out)
        .into_iter()
        .filter(|line| !is_advice(line))
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["code"], "unknown-field");
    assert_eq!((&lines[0]["line"], &lines[0]["column"]), (&3.into(), &1.into()));
    assert_eq!(lines[0]["suggestion"], "title");
    assert_eq!(lines[1]["expected"], "expected a whole number");
    let totals = &lines[2]["summary"]["totals"];
    assert_eq!(
        (&totals[0]["code"], &totals[0]["count"]),
        (&"unknown-field".into(), &1.into())
    );
    assert_eq!(totals[0]["fields"][0]["suggestion"], "title");
}

#[test]
fn a_check_ends_with_totals_by_code_and_field() {
    let site = Site::new();
    for name in ["b", "c"] {
        site.write(
            &format!("content/news/{name}.md"),
            &page("乙", "date: 2026-03-01\ndescription: 短\n"),
        );
    }
    let whole = site.run("check --lang zh-CN").err;
    let totals = site.run("check --lang zh-CN --summary").err;
    assert!(
        totals.contains("unknown-field（错误）：2 处，在 2 个文件里"),
        "{totals}"
    );
    assert!(
        totals.contains("2 个条目有 description：改名为 summary"),
        "{totals}"
    );
    assert!(whole.contains("b.md:") && whole.ends_with(&totals), "{whole}");
    assert!(!totals.contains("b.md"), "{totals}");
}

#[test]
fn missing_advised_fields_of_an_entry_are_one_message() {
    let site = Site::new();
    site.write("content/resources/b.md", &page("乙", "date: 2026-03-01\n"));
    let found = site.run("check --format json");
    let lines = lines_of_json(&found.out);
    let advised: Vec<&Value> = lines
        .iter()
        .filter(|line| line["code"] == "advised-field")
        .collect();
    assert_eq!(advised.len(), 1, "{advised:#?}");
    let totals = lines.iter().find(|line| line["summary"].is_object());
    let totals = totals
        .and_then(|line| line["summary"]["totals"].as_array())
        .unwrap();
    let total = totals
        .iter()
        .find(|total| total["code"] == "advised-field")
        .unwrap();
    assert!(total["fields"].as_array().unwrap().len() > 1, "{total:#}");
}

#[test]
fn both_languages_are_spoken() {
    let site = Site::new();
    site.write("content/pages/b.md", &page("乙", "weight: 先\n"));
    let english = site.run("check --lang en").err;
    assert!(
        english.contains("error[wrong-type]") && english.contains("a whole number"),
        "{english}"
    );
    let chinese = site.run("check --lang zh-CN").err;
    assert!(
        chinese.contains("错误[wrong-type]") && chinese.contains("整数"),
        "{chinese}"
    );
    assert_eq!(
        site.run("check").err,
        chinese,
        "the locale's language without --lang"
    );
}

#[test]
fn links_out_of_the_root_are_refused_and_inside_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), page("秘密", "")).unwrap();
    let site = Site::new();
    symlink(
        outside.path().join("secret.md"),
        site.path("content/pages/out.md"),
    )
    .unwrap();
    symlink(outside.path(), site.path("content/pages/directory")).unwrap();
    symlink(
        site.path("content/pages/nothing.md"),
        site.path("content/pages/dangling.md"),
    )
    .unwrap();
    assert_eq!(
        site.codes("check"),
        [
            "unreadable content/pages/dangling.md",
            "outside-root content/pages/directory",
            "outside-root content/pages/out.md"
        ]
    );
    for name in ["out.md", "directory", "dangling.md"] {
        fs::remove_file(site.path("content/pages").join(name)).unwrap();
    }
    symlink(
        site.path("content/pages/a.md"),
        site.path("content/pages/same.md"),
    )
    .unwrap();
    site.builds("");
    assert!(site.read("public/pages/same/index.html").contains("甲"));
}

#[test]
fn outward_links_into_the_own_network_are_reported_and_not_asked() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in server.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    let site = Site::new();
    let links =
        ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"].map(|host| format!("<http://{host}:{port}/>"));
    site.write(
        "content/pages/b.md",
        &format!("{}{}\n", page("乙", ""), links.join("\n\n")),
    );
    assert_eq!(
        site.codes("check --external"),
        ["private-link content/pages/b.md"; 3]
    );
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    assert_eq!(site.codes("check --external --allow-private"), [""; 0]);
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[test]
fn pipes_and_devices_are_refused_and_never_read() {
    let site = Site::new();
    fs::create_dir_all(site.path("content/news")).unwrap();
    fs::create_dir_all(site.path("overrides")).unwrap();
    for path in [
        "content/news/index.md",
        "content/units.toml",
        "content/pages/a.png",
        "overrides/base.html",
    ] {
        symlink("/dev/zero", site.path(path)).unwrap();
    }
    for path in ["content/pages/pipe.md", "content/links.toml"] {
        let made = Command::new("mkfifo").arg(site.path(path)).status().unwrap();
        assert!(made.success());
    }
    let found = site.codes("check");
    for line in [
        "outside-root content/news/index.md",
        "outside-root content/pages/a.png",
        "outside-root content/units.toml",
        "outside-root overrides/base.html",
        "unreadable content/links.toml",
        "unreadable content/pages/pipe.md",
    ] {
        assert!(found.iter().any(|known| known == line), "{line}: {found:?}");
    }
    for device in ["/dev/zero", "/dev/tty"] {
        fs::remove_file(site.path("site.toml")).unwrap();
        symlink(device, site.path("site.toml")).unwrap();
        let run = site.run("check");
        assert!(run.code != 0 && run.err.contains("site.toml"), "{run:#?}");
    }
}

#[test]
fn an_unreadable_directory_is_reported() {
    let site = Site::new();
    let closed = site.path("content/notices");
    fs::create_dir_all(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let codes = site.codes("check");
    let expected: &[&str] = if permissions_bind(&closed) {
        &["unreadable content/notices"]
    } else {
        &[]
    };
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(codes, expected);
}

#[test]
fn schemas_are_json_and_unknown_kinds_suggest() {
    let site = Site::new();
    let schema: Value = serde_json::from_str(&site.run("schema notice").out).unwrap();
    assert_eq!(schema["type"], "object");
    assert!(schema["properties"]["issuer"].is_object());
    let unknown = site.run("schema notcie");
    assert_eq!((unknown.code, unknown.out.as_str()), (1, ""));
    assert!(
        unknown.err.contains("notice") && unknown.err.contains("是不是"),
        "{}",
        unknown.err
    );
}

#[test]
fn machines_are_told_the_summary_and_the_next_change() {
    let site = Site::new();
    let built = site.run("build --format json");
    let summary = lines_of_json(&built.out).pop().unwrap();
    assert_eq!(summary["summary"]["entries"], 1, "{built:?}");
    assert_eq!(summary["summary"]["warnings"], 0, "{built:?}");
    assert_eq!(
        site.run("next-change --format json").out,
        "{\"next_change\":null}\n"
    );
    site.write(
        "content/pages/b.md",
        &page("乙", "publish_at: 2026-10-20 08:00\n"),
    );
    assert_eq!(
        site.run("next-change --format json").out,
        "{\"next_change\":\"2026-10-20T08:00:00+08:00\"}\n"
    );
}

#[test]
fn languages_that_are_not_spoken_are_refused() {
    let run = Site::new().run("check --lang fr");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("zh-CN, en"), "{}", run.err);
}

#[test]
fn a_named_port_that_is_taken_is_reported() {
    let holder = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = holder.local_addr().unwrap().port();
    let site = Site::new();
    let refused = site.run(&format!("serve --port {port}"));
    assert_eq!(refused.code, 1);
    for part in [port.to_string().as_str(), "--port"] {
        assert!(refused.err.contains(part), "{}", refused.err);
    }
}
