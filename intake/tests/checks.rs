//! What is looked for in files before a submission goes on: personal data, words, videos, viruses, duplicates.

#![allow(clippy::unwrap_used)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use support::{Browser, Server, between, eventually, findings, news, says};

/// An archive whose files are not packed.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn boxed(name: &[u8; 4], inner: &[u8]) -> Vec<u8> {
    [&(inner.len() as u32 + 8).to_be_bytes(), &name[..], inner].concat()
}

/// Tables of a video of so many seconds.
fn video(code: &[u8; 4], seconds: u32) -> Vec<u8> {
    let mut head = vec![0; 100];
    head[12..16].copy_from_slice(&1_u32.to_be_bytes());
    head[16..20].copy_from_slice(&seconds.to_be_bytes());
    let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0vide\0\0\0\0\0\0\0\0\0\0\0\0");
    let entry = boxed(
        b"stsd",
        &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &boxed(code, &[0; 70])].concat(),
    );
    let media = boxed(
        b"mdia",
        &[handler, boxed(b"minf", &boxed(b"stbl", &entry))].concat(),
    );
    let movie = boxed(b"moov", &[boxed(b"mvhd", &head), boxed(b"trak", &media)].concat());
    [boxed(b"ftyp", b"isom\0\0\0\0isom"), movie].concat()
}

/// Puts a program in the place of the real one, which may not be there; returns the `PATH` that finds it.
fn program(directory: &Path, name: &str, script: &str) -> String {
    let program = directory.join(name);
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", directory.display(), std::env::var("PATH").unwrap())
}

/// The id of an uploaded file by its name.
fn upload_of(browser: &Browser, id: &str, name: &str) -> String {
    let form = browser.get(&format!("/intake/items/{id}/edit")).is(200).body;
    let before = &form[..form.find(&format!("data-name=\"{name}\"")).unwrap()];
    before
        .rsplit("data-upload=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn attachments_are_read_for_personal_data_and_words() {
    let directory = tempfile::tempdir().unwrap();
    let words = directory.path().join("words.txt");
    std::fs::write(&words, "# 示例\n内部资料\n!绝密\n").unwrap();
    let path = program(
        directory.path(),
        "pdftotext",
        "#!/bin/sh\necho '联系 138 0013 8000'\n",
    );
    let environment = [
        ("JIXIA_INTAKE_CHECKS_WORDS", words.to_str().unwrap()),
        ("PATH", path.as_str()),
    ];
    let server = Server::start_in(&directory.path().join("data"), &environment);
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    let document = "<w:document><w:p><w:t>卡号 4111 1111 </w:t><w:t>1111 1111</w:t></w:p></w:document>";
    teacher.adds(&id, ("名单.txt", "证号 11010519491231002X。".as_bytes()));
    teacher.adds(&id, ("通知.docx", &archive(&[("word/document.xml", document)])));
    teacher.adds(&id, ("扫描.pdf", b"%PDF-1.7 nothing more"));
    teacher.adds(&id, ("说明.md", "本页是内 部 资料。".as_bytes()));
    let mut fields = news("绝密的标题");
    let answer = teacher.fills(&id, &fields, "submit").is(422);
    let found = findings(&answer.body);
    says(&found, "stop", &["标题", "不能出现的“绝密”", "换一种说法"]);
    says(
        &found,
        "stop",
        &["名单.txt", "身份证号", "110***********002X", "请删去"],
    );
    says(&found, "stop", &["通知.docx", "银行卡号"]);
    says(&found, "stop", &["扫描.pdf", "手机号", "138****8000"]);
    says(&found, "note", &["说明.md", "内部资料"]);
    assert!(!answer.body.contains("11010519491231002X"), "numbers stay hidden");

    for name in ["名单.txt", "通知.docx", "扫描.pdf"] {
        let upload = upload_of(&teacher, &id, name);
        teacher.fills(&id, &[], &format!("remove:{upload}")).is(303);
    }
    fields[0] = ("title", "改好的标题");
    let answer = teacher.fills(&id, &fields, "submit").is(303);
    assert!(answer.location().ends_with("notice=submitted"));
    let school = server.sign_in("school");
    let item = school.get(&format!("/intake/items/{id}")).is(200).body;
    says(&findings(&item), "note", &["说明.md", "内部资料"]);
}

#[test]
fn videos_hours_captions_and_duplicates_are_pointed_out() {
    let server = Server::start();
    let (teacher, other) = (server.sign_in("teacher"), server.sign_in("teacher-b"));
    let id = teacher.begins("resource");
    teacher.adds(&id, ("刃磨.mp4", &video(b"hvc1", 480)));
    teacher.adds(&id, ("cut.mp4", &video(b"avc1", 480)[..60]));
    let main = upload_of(&teacher, &id, "刃磨.mp4");
    let mut fields = news("车刀刃磨");
    fields.retain(|(name, _)| *name != "category");
    fields.extend([
        ("category", "micro-lesson"),
        ("main_file", &main),
        ("class_hours", "4"),
        ("duration_minutes", "8"),
    ]);
    let check = |browser: &Browser, id: &str| {
        let page = browser
            .get(&format!("/intake/items/{id}/edit?check=true"))
            .is(200)
            .body;
        findings(&page)
    };
    teacher.fills(&id, &fields, "save").is(303);
    let form = teacher.get(&format!("/intake/items/{id}/edit")).is(200).body;
    assert!(form.contains("8:00，HEVC（H.265）"), "{form}");
    let found = check(&teacher, &id);
    says(&found, "note", &["刃磨.mp4", "HEVC", "H.264"]);
    says(&found, "note", &["cut.mp4", "不完整"]);
    says(&found, "note", &["课时", "8 分钟"]);
    says(&found, "note", &["刃磨.mp4", "没有字幕", ".vtt"]);
    assert!(!found.iter().any(|line| line.contains("时长不符")), "{found:#?}");

    teacher.adds(&id, ("刃磨.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n"));
    says(&check(&teacher, &id), "note", &["刃磨.vtt", "还没有选用"]);
    let captions = upload_of(&teacher, &id, "刃磨.vtt");
    fields.push(("captions", &captions));
    fields.retain(|(name, _)| *name != "class_hours");
    fields.push(("class_hours", "1"));
    teacher.fills(&id, &fields, "save").is(303);
    let found = check(&teacher, &id);
    assert!(
        !found
            .iter()
            .any(|line| line.contains("刃磨.vtt") || line.contains("课时")),
        "{found:#?}"
    );

    // Somebody else's draft is not told of, its file is, without a name.
    let copy = other.begins("resource");
    other.adds(&copy, ("same.mp4", &video(b"hvc1", 480)));
    other.fills(&copy, &[("title", "车刀刃磨")], "save").is(303);
    let found = check(&other, &copy);
    says(&found, "note", &["same.mp4", "别人也交过"]);
    assert!(
        !found.iter().any(|line| line.contains("同名的投稿")),
        "{found:#?}"
    );
    teacher.fills(&id, &fields, "submit").is(303);
    says(&check(&other, &copy), "note", &["标题", "已有同名的投稿在审核"]);
    let (school, city) = (server.sign_in("school"), server.sign_in("city"));
    school.endorses(&id);
    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
    let found = check(&other, &copy);
    says(&found, "note", &["标题", "门户上已有“车刀刃磨”"]);
    says(&found, "note", &["same.mp4", "门户上的“车刀刃磨”已有这个文件"]);
}

#[test]
fn a_video_gets_a_still_image_where_ffmpeg_is() {
    let made = tempfile::tempdir().unwrap();
    let path = made.path().join("clip.webm");
    let arguments = [
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=320x180:rate=5:duration=2",
        "-c:v",
        "libvpx",
    ];
    let Ok(status) = std::process::Command::new("ffmpeg")
        .args(arguments)
        .arg(&path)
        .status()
    else {
        return;
    };
    assert!(status.success());
    let server = Server::start();
    let (teacher, other) = (server.sign_in("teacher"), server.sign_in("teacher-b"));
    let id = teacher.begins("resource");
    teacher.adds(&id, ("clip.webm", &std::fs::read(&path).unwrap()));
    let edit = format!("/intake/items/{id}/edit");
    let form = eventually("the image is there", || {
        let form = teacher.get(&edit).is(200).body;
        form.contains("/poster\"").then_some(form)
    });
    assert!(form.contains("0:02，320×180，VP8"), "{form}");
    let poster = format!("/intake/files/{}/poster", upload_of(&teacher, &id, "clip.webm"));
    let image = teacher.get(&poster).is(200);
    assert_eq!(image.headers["content-type"], "image/png");
    other.get(&poster).is(403);
    server.browser().get(&poster).is(303);
    assert!(
        teacher
            .get(&format!("/intake/items/{id}"))
            .is(200)
            .body
            .contains(&poster)
    );
}

/// Speaks as clamd does: what holds `EVIL` is infected.
fn clamd(listener: TcpListener) {
    let serve = |mut stream: TcpStream| -> std::io::Result<()> {
        let mut command = [0; 10];
        stream.read_exact(&mut command)?;
        assert_eq!(&command, b"zINSTREAM\0");
        let mut all = Vec::new();
        loop {
            let mut length = [0; 4];
            stream.read_exact(&mut length)?;
            let start = all.len();
            all.resize(start + u32::from_be_bytes(length) as usize, 0);
            stream.read_exact(&mut all[start..])?;
            if start == all.len() {
                break;
            }
        }
        let is_evil = all.windows(4).any(|part| part == b"EVIL");
        stream.write_all(if is_evil {
            b"stream: Example.Evil FOUND\0"
        } else {
            b"stream: OK\0"
        })
    };
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = serve(stream);
        }
    });
}

/// The address of a file of a draft through a link that its author makes.
fn shared(author: &Browser, id: &str, name: &str) -> String {
    let made = author
        .form(&format!("/intake/items/{id}/links"), &[("do", "make")])
        .is(200)
        .body;
    let link = between(&made, "class=\"in-link\" href=\"", "\"");
    let link = &link[link.find("/intake/shared/").unwrap()..];
    let page = author.get(link).is(200).body;
    let file = page
        .split(&format!("{link}/files/"))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .find(|file| file.ends_with(name));
    format!("{link}/files/{}", file.unwrap())
}

#[test]
fn files_are_held_until_the_scanner_knows_nothing_against_them() {
    let directory = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = format!("tcp://{port}");
    let server = Server::start_in(
        &directory.path().join("data"),
        &[("JIXIA_INTAKE_FILES_CLAMAV", &address)],
    );
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    teacher.adds(&id, ("good.txt", b"good"));
    teacher.adds(&id, ("bad.txt", b"this is EVIL"));
    // The scanner is away: said, and nothing goes out or on.
    let [good, bad] =
        ["good.txt", "bad.txt"].map(|name| format!("/intake/files/{}", upload_of(&teacher, &id, name)));
    assert!(teacher.get(&good).is(422).body.contains("还没有通过病毒检查"));
    let found = findings(&teacher.fills(&id, &news("先扫描"), "submit").is(422).body);
    says(&found, "stop", &["good.txt", "病毒检查还没有完成"]);
    let stranger = server.browser();
    let links = ["good.txt", "bad.txt"].map(|name| shared(&teacher, &id, name));
    for link in &links {
        assert_eq!(stranger.get(link).status, 422);
    }
    let province = server.sign_in("province");
    eventually("the province's admin is told", || {
        province
            .get("/intake/audit")
            .is(200)
            .body
            .contains("clamd")
            .then_some(())
    });

    clamd(TcpListener::bind(port).unwrap());
    eventually("the good file can be had", || {
        (teacher.get(&good).status == 200).then_some(())
    });
    let form = format!("/intake/items/{id}/edit");
    eventually("the bad file is known", || {
        teacher.get(&form).is(200).body.contains("有病毒").then_some(())
    });
    teacher.get(&bad).is(422);
    assert_eq!(links.map(|link| stranger.get(&link).status), [200, 422]);
    let found = findings(&teacher.fills(&id, &news("先扫描"), "submit").is(422).body);
    says(&found, "stop", &["bad.txt", "Example.Evil", "请移除它"]);
    let upload = upload_of(&teacher, &id, "bad.txt");
    teacher.fills(&id, &[], &format!("remove:{upload}")).is(303);
    assert!(
        teacher
            .fills(&id, &news("先扫描"), "submit")
            .is(303)
            .location()
            .ends_with("submitted")
    );
}

#[test]
fn the_still_image_of_a_video_is_its_poster_once_the_scanner_knows_nothing_against_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = program(
        directory.path(),
        "ffmpeg",
        "#!/bin/sh\nprintf '\\211PNG\\r\\n\\032\\n'\ncat \"${11}\"\n",
    );
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = format!("tcp://{port}");
    let environment = [
        ("JIXIA_INTAKE_FILES_CLAMAV", address.as_str()),
        ("PATH", path.as_str()),
    ];
    let server = Server::start_in(&directory.path().join("data"), &environment);
    let (teacher, stranger) = (server.sign_in("teacher"), server.browser());
    let id = teacher.begins("resource");
    let bad = [video(b"avc1", 480), boxed(b"free", b"EVIL")].concat();
    teacher.adds(&id, ("clip.mp4", &video(b"avc1", 480)));
    teacher.adds(&id, ("bad.mp4", &bad));
    let form = format!("/intake/items/{id}/edit");
    let [clip, bad] = ["clip.mp4", "bad.mp4"].map(|name| upload_of(&teacher, &id, name));
    let mut fields = news("对刀");
    fields.retain(|(name, _)| *name != "category");
    fields.push(("category", "micro-lesson"));
    // The preview with a file as the main one.
    let preview = |file: &str| {
        teacher.fills(&id, &fields, "save").is(303);
        teacher.fills(&id, &[("main_file", file)], "save").is(303);
        teacher.get(&format!("/intake/items/{id}/preview")).is(200).body
    };
    for file in [&clip, &bad] {
        assert!(!preview(file).contains(".mp4.png"), "nothing is scanned yet");
    }

    clamd(TcpListener::bind(port).unwrap());
    eventually("both files are scanned, and the clean one has its image", || {
        let form = teacher.get(&form).is(200).body;
        let is_shown = form.matches("/poster\"").count() == 1;
        (is_shown && form.contains("有病毒")).then_some(())
    });
    assert!(!preview(&bad).contains("bad.mp4.png"));
    let page = preview(&clip);
    let poster = between(&page, " poster=\"", "\"");
    assert!(poster.ends_with("/clip.mp4.png"), "{poster}");
    let image = teacher.get(poster).is(200);
    assert_eq!(image.headers["content-type"], "image/png");
    stranger.get(poster).is(404);

    teacher.fills(&id, &[], &format!("remove:{bad}")).is(303);
    fields.push(("main_file", &clip));
    teacher.fills(&id, &fields, "submit").is(303);
    let shared = teacher
        .form(&format!("/intake/items/{id}/links"), &[("do", "make")])
        .is(200);
    let address = between(&shared.body, "class=\"in-link\" href=\"", "\"");
    let link = &address[address.find("/intake/shared/").unwrap()..];
    let page = stranger.get(link).is(200).body;
    let image = stranger.get(between(&page, " poster=\"", "\"")).is(200);
    assert_eq!(image.headers["content-type"], "image/png");

    let (school, city) = (server.sign_in("school"), server.sign_in("city"));
    school.endorses(&id);
    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
    let page = stranger.get(&format!("/resources/{id}/")).is(200).body;
    assert_eq!(between(&page, " poster=\"", "\""), poster);
    assert!(
        stranger.get("/resources/").is(200).body.contains(poster),
        "the card shows it too"
    );
    stranger.get(poster).is(200);
}
