//! Files: resumable through lost connections and restarts, kept once, refused when they are not what they say.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Server, archive, between, command, listed_again, news};

/// Bytes that a sniffer takes for an MP4.
fn video(size: usize) -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypisom\0\0\0\0isommp42".to_vec();
    bytes.resize_with(size, {
        let mut state = 7_u32;
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        }
    });
    bytes
}

#[test]
fn an_upload_goes_on_after_the_server_was_killed() {
    let mut server = Server::start();
    let mut teacher = server.sign_in("teacher");
    let id = teacher.begins("resource");
    let bytes = video(3_000_000);
    let upload = teacher
        .announces(&id, "微课.mp4", bytes.len())
        .is(201)
        .location()
        .to_owned();
    for slice in 0..3 {
        let start = slice * 1_000_000;
        assert_eq!(teacher.offset(&upload), start);
        teacher
            .patches(&upload, start + 1, &bytes[start..start + 10])
            .is(409);
        let answer = teacher
            .patches(&upload, start, &bytes[start..start + 1_000_000])
            .is(204);
        assert_eq!(answer.headers["upload-offset"], (start + 1_000_000).to_string());
        if slice < 2 {
            server = server.crash_and_restart();
            teacher = server.sign_in("teacher");
        }
    }
    teacher.patches(&upload, 3_000_000, b"x").is(409);
    let form = teacher.get(&format!("/intake/items/{id}/edit")).is(200).body;
    let file = format!("/intake/files/{}", between(&form, "href=\"/intake/files/", "\""));
    let whole = teacher
        .send("GET", &file, &[("range", "bytes=10-19")], b"")
        .is(206);
    assert_eq!(whole.headers["content-range"], "bytes 10-19/3000000");
    assert!(whole.headers["content-security-policy"].contains("sandbox"));

    // The same bytes again are kept once, and the video is published with its entry.
    let again = teacher
        .announces(&id, "again.mp4", bytes.len())
        .is(201)
        .location()
        .to_owned();
    teacher.patches(&again, 0, &bytes).is(204);
    let blobs = || walk(&server.data().join("blob"));
    assert_eq!(blobs().iter().filter(|size| **size == 3_000_000).count(), 1);
    let upload_id = upload.rsplit('/').next().unwrap().to_owned();
    let again_id = again.rsplit('/').next().unwrap().to_owned();
    teacher.fills(&id, &[], &format!("remove:{again_id}")).is(303);
    let mut fields = news("车削端面");
    fields.retain(|(name, _)| *name != "category");
    fields.extend([("category", "micro-lesson"), ("main_file", upload_id.as_str())]);
    let answer = teacher.fills(&id, &fields, "submit");
    let body = answer.is(303);
    assert!(body.location().contains("submitted"));
    let (school, city) = (server.sign_in("school"), server.sign_in("city"));
    school.endorses(&id);
    let preview = city.get(&format!("/intake/items/{id}/preview")).is(200).body;
    let url = format!("/files/{}", between(&preview, "/files/", "\""));
    city.send("GET", &url, &[("range", "bytes=0-9")], b"").is(206);
    server.browser().get(&url).is(404);
    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
    server
        .browser()
        .send("GET", &url, &[("range", "bytes=0-9")], b"")
        .is(206);
    assert!(
        server
            .git(&["ls-tree", "-r", "--name-only", "main"])
            .lines()
            .all(|name| !name.ends_with("微课.mp4"))
    );
}

fn walk(directory: &std::path::Path) -> Vec<u64> {
    let mut sizes = Vec::new();
    for item in std::fs::read_dir(directory).unwrap().flatten() {
        if item.path().is_dir() {
            sizes.extend(walk(&item.path()));
        } else {
            sizes.push(item.metadata().unwrap().len());
        }
    }
    sizes
}

#[test]
fn files_that_are_not_what_they_say_are_refused() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("resource");
    let path = format!("/intake/items/{id}/edit");
    let cases: &[(&str, &[u8], &str)] = &[
        ("page.html", b"<script>alert(1)</script>", "这类文件不能上传"),
        (
            "drawing.svg",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\">\n<script/></svg>",
            "不能发布的内容：&lt;script&gt; (2)",
        ),
        ("照片.HEIC", b"\0\0\0\x1cftypheic", "在手机上改存为 JPG"),
        ("扫描.tif", b"II*\0", "另存为 JPG 或 PNG"),
        ("资料.rar", b"Rar!\x1a\x07", "打成 ZIP"),
        ("照片.jpg", b"\0\0\0\x1cftypheic\0\0\0\0", "它其实是 HEIC 照片"),
        ("图.png", b"\xff\xd8\xff\xe0", "它其实是 JPG 图片"),
        ("图.jpg", b"BM\x36\0\0\0\0\0\0\0", "它其实是 BMP 图片"),
        ("图.svg", b"\x89PNG\r\n\x1a\n", "它其实是 PNG 图片"),
        ("资料.zip", b"Rar!\x1a\x07\x01\0", "它其实是 RAR 压缩包"),
        ("课件.pdf", b"<!DOCTYPE html><p>x", "它其实是网页"),
        ("说明.txt", b"%PDF-1.7", "它其实是 PDF"),
        (
            "表.docx",
            &archive(&[("xl/workbook.xml", b"x")]),
            "它其实是 Excel 工作簿",
        ),
        ("包.docx", &archive(&[("a.txt", b"x")]), "它其实是 ZIP 压缩包"),
        ("表.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文件"),
        ("clip.mp4", b"MZ\x90\0 not a video", "文件内容与扩展名不符"),
        ("text.txt", b"a\0b", "文件内容与扩展名不符"),
        ("broken.zip", b"PK\x03\x04 cut off", "已损坏"),
        ("empty.txt", b"", "文件是空的"),
    ];
    for (name, bytes, expected) in cases {
        let refused = teacher
            .multipart(
                &path,
                &[("revision", &teacher.revision(&id)), ("do", "files")],
                (name, bytes),
            )
            .is(422);
        assert!(refused.body.contains(expected), "{name}: {}", refused.body);
    }
    // What was typed beside a refused file is kept.
    let pairs = [
        ("revision", teacher.revision(&id)),
        ("has.title", "1".into()),
        ("title", "还在".into()),
        ("do", "files".into()),
    ];
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value): &(&str, String)| (*name, value.as_str()))
        .collect();
    assert!(
        teacher
            .multipart(&path, &pairs, ("page.html", b"x"))
            .is(422)
            .body
            .contains("还在")
    );
    teacher.announces(&id, "big.mp4", 300_000_001).is(422);
    let other = server.sign_in("teacher-b");
    other.announces(&id, "a.mp4", 10).is(403);
    let upload = teacher.announces(&id, "lie.pdf", 9).is(201).location().to_owned();
    other.patches(&upload, 0, b"%PDF-1.7x").is(403);
    other.send("HEAD", &upload, &[], b"").is(403);
    assert!(
        teacher
            .patches(&upload, 0, b"not a pdf")
            .is(422)
            .body
            .contains("扩展名不符")
    );
    assert!(walk(&server.data().join("upload")).is_empty());
}

#[test]
fn everything_comes_back_from_a_backup() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("resource");
    let upload = teacher
        .announces(&id, "half.mp4", 100)
        .is(201)
        .location()
        .to_owned();
    teacher.patches(&upload, 0, &video(60)[..60]).is(204);
    teacher
        .multipart(
            &format!("/intake/items/{id}/edit"),
            &[("revision", "0"), ("do", "files")],
            ("笔记.txt", "笔记".as_bytes()),
        )
        .is(303);
    let news = teacher.submits_news("备份之前");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("backup.tar");
    let file = file.to_str().unwrap();
    let written = command(server.data(), &["backup", file]);
    assert!(
        written.status.success(),
        "{}",
        String::from_utf8_lossy(&written.stderr)
    );
    assert!(
        !command(server.data(), &["backup", file]).status.success(),
        "a backup is not overwritten"
    );
    assert!(
        !command(server.data(), &["restore", file]).status.success(),
        "a full directory is left alone"
    );
    drop(server);

    let data = directory.path().join("data");
    let restored = command(&data, &["restore", file]);
    assert!(
        restored.status.success(),
        "{}",
        String::from_utf8_lossy(&restored.stderr)
    );
    let accounts = directory.path().join("data/demo-accounts.json");
    assert!(!accounts.exists());
    // Sessions were in the backup too: the same cookie goes on.
    let config = directory.path().join("intake.toml");
    std::fs::write(&config, "data = \"data\"\n[server]\nport = 0\n").unwrap();
    let mut child = std::process::Command::new(support::BINARY)
        .args(["serve", "--config", config.to_str().unwrap()])
        .envs(support::database(&data))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(
        &mut std::io::BufReader::new(child.stdout.take().unwrap()),
        &mut line,
    )
    .unwrap();
    let url = line.split("/ and").next().unwrap().to_owned();
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let teacher = teacher.at(&url);
        assert_eq!(teacher.offset(&upload), 60);
        teacher.waits_for(&news, "submitted");
        assert!(
            teacher
                .get(&format!("/intake/items/{id}/edit"))
                .is(200)
                .body
                .contains("笔记.txt")
        );
        teacher.get("/").is(200);
    }));
    child.kill().unwrap();
    child.wait().unwrap();
    result.unwrap();
}

#[test]
fn hostile_archives_are_refused_with_words() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("resource");
    let path = format!("/intake/items/{id}/edit");
    let plain = || archive(&[("讲义.txt", b"text"), ("second.txt", b"text")]);
    let damaged = {
        let mut bytes = plain();
        let data = bytes.windows(4).position(|window| window == b".txt").unwrap() + 5;
        bytes[data] ^= 0xff;
        bytes
    };
    let renamed = |from: &[u8], to: &[u8]| {
        let mut bytes = archive(&[(std::str::from_utf8(from).unwrap(), b"text")]);
        while let Some(at) = bytes.windows(from.len()).position(|window| window == from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        bytes
    };
    let cases = [
        ("records.zip", listed_again(plain(), 3), "占用同一段数据"),
        ("before.zip", [b"PK\x03\x04", &plain()[..]].concat(), "夹带"),
        ("behind.zip", [&plain()[..], b"more"].concat(), "夹带"),
        (
            "up.zip",
            renamed(b"a/00/00/b.txt", b"a/../../b.txt"),
            "指向其他文件夹",
        ),
        (
            "root.zip",
            renamed(b"#etc/b.txt", b"/etc/b.txt"),
            "指向其他文件夹",
        ),
        ("windows.zip", renamed(b"a#b.txt", b"a\\b.txt"), "反斜杠"),
        ("nul.zip", renamed(b"a#.txt", b"a\0.txt"), "控制字符"),
        ("nested.zip", archive(&[("inner.zip", &plain())]), "先解开里层的"),
        (
            "large.zip",
            archive(&[("a.txt", &vec![0; 60_000_000])]),
            "解开后过大",
        ),
        ("damaged.zip", damaged, "已损坏"),
        (
            "document.docx",
            renamed(b"#word/document.xml", b"/word/document.xml"),
            "指向其他文件夹",
        ),
    ];
    for (name, bytes, expected) in &cases {
        let pairs = [("revision", &*teacher.revision(&id)), ("do", "files")];
        let refused = teacher.multipart(&path, &pairs, (name, bytes));
        assert!(
            refused.status == 422 && refused.body.contains(expected),
            "{name}: {}",
            refused.body
        );
    }
    let pairs = [("revision", &*teacher.revision(&id)), ("do", "files")];
    let taken = teacher.multipart(&path, &pairs, ("讲义.zip", &plain())).is(303);
    assert!(taken.location().ends_with("#files"));
}

#[test]
fn pictures_that_browsers_do_not_show_are_converted_and_drawings_cannot_run() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("resource");
    let path = format!("/intake/items/{id}/edit");
    // One red pixel of 24 bits.
    let bitmap = [
        &b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0\x04\0\0\0"[..],
        &[0; 16],
        b"\0\0\xff\0",
    ]
    .concat();
    let fields = [("revision", teacher.revision(&id)), ("do", "files".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = teacher
        .multipart(&path, &fields, ("扫描 一.BMP", &bitmap))
        .is(303);
    assert!(
        answer.location().contains("notice=converted"),
        "{}",
        answer.location()
    );
    let page = teacher.get(&format!("{path}?notice=converted")).is(200).body;
    assert!(
        page.contains("已转换为 PNG") && page.contains("扫描 一.png"),
        "{page}"
    );
    let file = between(&page, "href=\"/intake/files/", "\"").to_owned();
    let given = teacher.get(&format!("/intake/files/{file}")).is(200);
    assert_eq!(given.headers["content-type"], "image/png");
    // By script: the last answer says what the file is called now.
    let announced = teacher.announces(&id, "二.tif", bitmap.len()).is(201);
    let refused = teacher.patches(announced.location(), 0, &bitmap).is(422);
    assert!(refused.body.contains("没有转换成功"), "{}", refused.body);
    let announced = teacher.announces(&id, "三.bmp", bitmap.len()).is(201);
    let kept = teacher.patches(announced.location(), 0, &bitmap).is(204);
    assert_eq!(kept.headers["x-file-name"], "%E4%B8%89.png");
    let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0\"/></svg>";
    let file = teacher.uploads(&id, "图.svg", drawing);
    let given = teacher.get(&format!("/intake/files/{file}")).is(200);
    assert_eq!(given.headers["content-type"], "image/svg+xml");
    let policy = &given.headers["content-security-policy"];
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox"),
        "{policy}"
    );
    assert!(!policy.contains("script"), "{policy}");
}
