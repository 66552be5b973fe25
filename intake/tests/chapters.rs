//! Courses: chapters are added, ordered, previewed, published in one commit, edited and merged one by one.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Browser, DECLARATIONS, Server, between};

/// A server where teachers submit courses.
fn server(directory: &Path) -> Server {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let content = directory.join("content-of-site");
    std::fs::create_dir(&content).unwrap();
    let copied = Command::new("cp")
        .arg("-r")
        .arg(repository.join("content"))
        .arg(&content)
        .status();
    assert!(copied.unwrap().success());
    let settings = std::fs::read_to_string(repository.join("site.toml")).unwrap();
    let settings = format!("{settings}\n[review]\nteachers = [\"course\"]\n");
    std::fs::write(content.join("site.toml"), settings).unwrap();
    Server::start_with(&content, &directory.join("data"), &[])
}

fn edit(id: &str) -> String {
    format!("/intake/items/{id}/edit")
}

/// Adds a chapter and fills it in; gives its file.
fn adds(teacher: &Browser, id: &str, title: &str, body: &str) -> String {
    let answer = teacher.fills(id, &[], "chapter:add").is(303);
    let file = answer.location().rsplit('/').next().unwrap().to_owned();
    fills(teacher, id, &file, title, body);
    file
}

fn fills(teacher: &Browser, id: &str, file: &str, title: &str, body: &str) {
    let revision = teacher.revision(id);
    let pairs = [
        ("revision", revision.as_str()),
        ("do", "back"),
        ("has.title", "1"),
        ("title", title),
        ("body", body),
        ("has.questions", "1"),
        ("questions.0.question", "先做什么？"),
        ("questions.0.options", "断电\n通电"),
        ("questions.0.answer", "A"),
    ];
    teacher
        .form(&format!("/intake/items/{id}/chapters/{file}"), &pairs)
        .is(303);
}

fn titles(page: &str) -> Vec<&str> {
    let list = between(page, "id=\"chapters\"", "</section>");
    list.split("<span class=\"in-list-main\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap())
        .collect()
}

fn publishes(server: &Server, teacher: &Browser, id: &str) {
    let (school, city, province) = (
        server.sign_in("school"),
        server.sign_in("city"),
        server.sign_in("province"),
    );
    school.endorses(id);
    if city.decides(id, "accept", &[]).status != 303 {
        province.decides(id, "accept", &[]).is(303);
    }
    teacher.waits_for(id, "published");
}

#[test]
fn a_course_is_written_published_and_edited_chapter_by_chapter() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(directory.path());
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("course");
    let mut fields = vec![
        ("title", "电工安全"),
        ("summary", "三章。"),
        ("body", "课程介绍。"),
    ];
    fields.extend(DECLARATIONS.map(|name| ("declaration", name)));
    teacher.fills(&id, &fields, "save").is(303);
    let first = adds(&teacher, &id, "第二章 接地", "接地的作用。");
    let second = adds(&teacher, &id, "第一章 断电", "先断电。\n\n![图](board.png)");
    let third = adds(&teacher, &id, "多余的一章", "");
    teacher.fills(&id, &[], &format!("chapter:up:{second}")).is(303);
    teacher
        .fills(&id, &[], &format!("chapter:remove:{third}"))
        .is(303);
    let form = teacher.get(&edit(&id)).is(200).body;
    assert_eq!(titles(&form), ["第一章 断电", "第二章 接地"]);
    let other = server.sign_in("teacher-b");
    other.get(&format!("/intake/items/{id}/chapters/{first}")).is(403);
    teacher
        .get(&format!("/intake/items/{id}/chapters/none.md"))
        .is(404);

    // What is wrong in a chapter is said of the chapter: the image is not there yet.
    let refused = teacher.fills(&id, &fields, "submit").is(422).body;
    assert!(
        between(&refused, "in-findings", "</ul>").contains("章节：第一章 断电"),
        "{refused}"
    );
    let image: &[u8] = &[
        &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55"[..],
        b"\0\0\0\nIDAT\x78\x9c\x63\x60\0\0\0\x02\0\x01\x48\xaf\xa4\x71\0\0\0\0IEND\xae\x42\x60\x82",
    ]
    .concat();
    let pairs = [("revision", &*teacher.revision(&id)), ("do", "files")];
    teacher
        .multipart(&edit(&id), &pairs, ("board.png", image))
        .is(303);
    let preview = teacher
        .get(&format!("/intake/items/{id}/preview?chapter={second}"))
        .is(200)
        .body;
    assert!(
        preview.contains("先断电") && preview.contains("board.png"),
        "{preview}"
    );
    assert!(
        teacher
            .fills(&id, &fields, "submit")
            .is(303)
            .location()
            .ends_with("submitted")
    );
    let item = server
        .sign_in("school")
        .get(&format!("/intake/items/{id}"))
        .is(200)
        .body;
    assert!(item.contains("接地的作用。"));
    publishes(&server, &teacher, &id);

    let folder = format!("content/courses/{id}");
    let files = server.git(&["show", "--first-parent", "-m", "--name-only", "--format=", "main"]);
    assert_eq!(
        files.lines().collect::<Vec<_>>(),
        [first.as_str(), &second, "index.md"].map(|name| format!("{folder}/{name}"))
    );
    let chapter = server.git(&["show", &format!("main:{folder}/{second}")]);
    assert!(
        chapter.contains("weight: 1") && chapter.contains("board.png\"") && chapter.contains("answer"),
        "{chapter}"
    );
    assert!(
        !server
            .git(&["show", &format!("main:{folder}/index.md")])
            .contains("board.png")
    );
    let page = server.browser().get(&format!("/courses/{id}/")).is(200).body;
    assert!(page.find("第一章 断电").unwrap() < page.find("第二章 接地").unwrap());

    // Two people edit at once: different chapters go together, the same chapter does not.
    let path = format!("{folder}/index.md");
    let begins = |browser: &Browser| {
        let answer = browser
            .form("/intake/entries", &[("path", &path), ("purpose", "edit")])
            .is(303);
        between(answer.location(), "/intake/items/", "/edit").to_owned()
    };
    let [one, two, three] = [(); 3].map(|()| begins(&teacher));
    let declared: Vec<(&str, &str)> = DECLARATIONS.map(|name| ("declaration", name)).to_vec();
    fills(&teacher, &one, &first, "第二章 接地", "接地电阻不大于 4 欧。");
    fills(
        &teacher,
        &two,
        &second,
        "第一章 断电",
        "断电、验电。\n\n![图](board.png)",
    );
    let added = adds(&teacher, &two, "第三章 急救", "先脱离电源。");
    fills(&teacher, &three, &first, "第二章 接地", "另一种说法。");
    for id in [&one, &two, &three] {
        assert!(
            teacher
                .fills(id, &declared, "submit")
                .is(303)
                .location()
                .ends_with("submitted")
        );
    }
    publishes(&server, &teacher, &one);
    publishes(&server, &teacher, &two);
    let read = |name: &str| server.git(&["show", &format!("main:{folder}/{name}")]);
    assert!(read(&first).contains("4 欧") && read(&second).contains("验电") && read(&added).contains("脱离"));
    server.sign_in("school").endorses(&three);
    if server.sign_in("city").decides(&three, "accept", &[]).status != 303 {
        server.sign_in("province").decides(&three, "accept", &[]).is(303);
    }
    teacher.waits_for(&three, "returned");
    assert!(read(&first).contains("4 欧"));
    let item = teacher.get(&format!("/intake/items/{three}")).is(200).body;
    assert!(item.contains("别人改了同一处：章节：第二章 接地"), "{item}");

    // A chapter that is removed goes from the portal.
    let four = begins(&teacher);
    teacher
        .fills(&four, &[], &format!("chapter:remove:{added}"))
        .is(303);
    teacher.fills(&four, &declared, "submit").is(303);
    publishes(&server, &teacher, &four);
    assert!(
        !server
            .git(&["ls-tree", "-r", "--name-only", "main"])
            .contains(&added)
    );
}
