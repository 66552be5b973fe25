//! Courses: chapters are added, ordered, previewed, published in one commit, edited and merged one by one.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Browser, Office, Server, between, findings, says};

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

/// A course in two chapters, the second of which was written first; it is handed in but for the image that a chapter shows.
struct Course {
    id: String,
    earthing: String,
    cutting: String,
}

const COURSE: [(&str, &str); 3] = [
    ("title", "电工安全"),
    ("summary", "三章。"),
    ("body", "课程介绍。"),
];

impl Course {
    fn begin(teacher: &Browser) -> Self {
        let id = teacher.begins("course");
        teacher.fills(&id, &COURSE, "save").is(303);
        let earthing = adds(teacher, &id, "第二章 接地", "接地的作用。");
        let cutting = adds(teacher, &id, "第一章 断电", "先断电。\n\n![图](board.png)");
        teacher.fills(&id, &[], &format!("chapter:up:{cutting}")).is(303);
        Self {
            id,
            earthing,
            cutting,
        }
    }

    /// Adds the image and brings the course to the portal.
    fn publish(&self, office: &Office) {
        office.teacher.adds(&self.id, ("board.png", IMAGE));
        hands_in(&office.teacher, &self.id);
        office.publishes(&self.id);
    }

    fn folder(&self) -> String {
        format!("content/courses/{}", self.id)
    }

    fn path(&self) -> String {
        format!("{}/index.md", self.folder())
    }
}

/// The smallest image.
const IMAGE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
    \0\0\0\nIDAT\x78\x9c\x63\x60\0\0\0\x02\0\x01\x48\xaf\xa4\x71\0\0\0\0IEND\xae\x42\x60\x82";

#[track_caller]
fn hands_in(teacher: &Browser, id: &str) {
    let answer = teacher.hands_in(id, &[]).is(303);
    assert!(answer.location().ends_with("submitted"), "{}", answer.location());
}

#[test]
fn chapters_are_added_ordered_removed_and_checked_one_by_one() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(directory.path());
    let office = server.office();
    let teacher = &office.teacher;
    let course = Course::begin(teacher);
    let id = &course.id;
    let third = adds(teacher, id, "多余的一章", "");
    teacher.fills(id, &[], &format!("chapter:remove:{third}")).is(303);
    let form = teacher.get(&edit(id)).is(200).body;
    assert_eq!(titles(&form), ["第一章 断电", "第二章 接地"]);
    let chapters = format!("/intake/items/{id}/chapters");
    let other = server.sign_in("teacher-b");
    other.get(&format!("{chapters}/{}", course.earthing)).is(403);
    teacher.get(&format!("{chapters}/none.md")).is(404);

    // What is wrong in a chapter is said of the chapter: the image is not there yet.
    let refused = findings(&teacher.hands_in(id, &[]).is(422).body);
    says(&refused, "stop", &["章节：第一章 断电"]);
    teacher.adds(id, ("board.png", IMAGE));
    let preview = format!("/intake/items/{id}/preview?chapter={}", course.cutting);
    let preview = teacher.get(&preview).is(200).body;
    assert!(
        preview.contains("先断电") && preview.contains("board.png"),
        "{preview}"
    );
    hands_in(teacher, id);
    let item = office.school.get(&format!("/intake/items/{id}"));
    assert!(item.is(200).body.contains("接地的作用。"));
}

#[test]
fn a_course_is_published_in_one_commit() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(directory.path());
    let course = Course::begin(&server.sign_in("teacher"));
    course.publish(&server.office());
    let folder = course.folder();
    let files = server.git(&["show", "--first-parent", "-m", "--name-only", "--format=", "main"]);
    assert_eq!(
        files.lines().collect::<Vec<_>>(),
        [&*course.earthing, &course.cutting, "index.md"].map(|name| format!("{folder}/{name}"))
    );
    let chapter = server.published(&format!("{folder}/{}", course.cutting));
    assert!(
        chapter.contains("weight: 1") && chapter.contains("board.png\"") && chapter.contains("answer"),
        "{chapter}"
    );
    assert!(!server.published(&course.path()).contains("board.png"));
    let page = server.browser().get(&format!("/courses/{}/", course.id));
    let page = page.is(200).body;
    assert!(page.find("第一章 断电").unwrap() < page.find("第二章 接地").unwrap());
}

#[test]
fn edits_of_different_chapters_go_together() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(directory.path());
    let office = server.office();
    let teacher = &office.teacher;
    let course = Course::begin(teacher);
    course.publish(&office);
    let Course {
        earthing, cutting, ..
    } = &course;

    // Begun at once: different chapters go together, the same chapter does not.
    let [one, two, three] = [(); 3].map(|()| teacher.begins_on(&course.path(), "edit"));
    fills(teacher, &one, earthing, "第二章 接地", "接地电阻不大于 4 欧。");
    fills(
        teacher,
        &two,
        cutting,
        "第一章 断电",
        "断电、验电。\n\n![图](board.png)",
    );
    let added = adds(teacher, &two, "第三章 急救", "先脱离电源。");
    fills(teacher, &three, earthing, "第二章 接地", "另一种说法。");
    for id in [&one, &two, &three] {
        hands_in(teacher, id);
    }
    office.publishes(&one);
    office.publishes(&two);
    let read = |name: &str| server.published(&format!("{}/{name}", course.folder()));
    assert!(read(earthing).contains("4 欧") && read(cutting).contains("验电"));
    assert!(read(&added).contains("脱离"));
    office.accepts(&three);
    teacher.waits_for(&three, "returned");
    assert!(read(earthing).contains("4 欧"));
    let item = teacher.get(&format!("/intake/items/{three}")).is(200).body;
    assert!(item.contains("别人改了同一处：章节：第二章 接地"), "{item}");

    // A chapter that is removed goes from the portal.
    let four = teacher.begins_on(&course.path(), "edit");
    teacher
        .fills(&four, &[], &format!("chapter:remove:{added}"))
        .is(303);
    hands_in(teacher, &four);
    office.publishes(&four);
    let files = server.git(&["ls-tree", "-r", "--name-only", "main"]);
    assert!(!files.contains(&added));
}
