//! Whoever keeps copies of the portal is told what each build changed, by an address or a program, however often it takes.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use support::{Cdn, Office, Server, between, eventually, news, texts};

/// A piece of news with a file, published and taken down: its id, and the path of the file below the portal.
fn taken_down(server: &Server, office: &Office) -> (String, String) {
    let id = office.teacher.begins("news");
    office.teacher.uploads(&id, "附件.txt", "要撤下的附件".as_bytes());
    office.teacher.fills(&id, &news("要撤下的一篇"), "submit").is(303);
    office.publishes(&id);
    let page = server.browser().get(&format!("/news/{id}/")).is(200).body;
    let file = format!("files/{}", between(&page, "href=\"/files/", "\""));
    let path = server.path_of(&id);
    let fields = [
        ("path", path.as_str()),
        ("reason", "rights"),
        ("ground", "《示例管理办法》第三条"),
    ];
    office.city.form("/intake/takedowns", &fields).is(303);
    eventually("its file is gone", || {
        (server.browser().get(&format!("/{file}")).status == 404).then_some(())
    });
    (id, file)
}

/// The list that names a removed file, once it came.
fn list_of(lists: impl Fn() -> Vec<String>, file: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(file).decode_utf8_lossy();
    eventually("the list of the takedown", || {
        let mut lists = lists().into_iter();
        lists.find(|list| list.contains(&format!("-{decoded}\n")))
    })
}

fn lists_all_of_a_takedown(list: &str, id: &str) {
    for line in [
        &*format!("+news/{id}/index.html"),
        "+news/index.html",
        "+news/feed.xml",
        "+feed.xml",
        "+sitemap/1.xml",
        "+api/v1/news/page/1.json",
        "+index.html",
    ] {
        assert!(list.lines().any(|known| known == line), "{line} is not in {list}");
    }
    assert!(list.lines().any(|line| line.contains("search/")), "{list}");
    let (written, removed): (Vec<&str>, Vec<&str>) = list.lines().partition(|line| line.starts_with('+'));
    assert!(removed.iter().all(|line| line.starts_with('-')) && written.is_sorted() && removed.is_sorted());
}

#[test]
fn an_address_is_told_of_a_takedown_and_a_refusal_is_not_the_end_of_it() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let cdn = Cdn::start(u32::MAX);
    let server = Server::start_in(&data, &[("JIXIA_INTAKE_PUBLISH_AFTER", &cdn.url)]);
    let office = server.office();
    let province = server.sign_in("province");
    // Refused, and nothing waits for it: the entry is published and taken down.
    let (id, file) = taken_down(&server, &office);
    eventually("the province is told", || {
        let ready = server.browser().get("/readyz").body;
        let desk = province.get("/intake/").is(200).body;
        (ready.contains("publish.after did not take") && desk.contains("没能通知到缓存服务")).then_some(())
    });
    assert!(!office.city.get("/intake/").body.contains("没能通知到缓存服务"));
    let log = province.get("/intake/audit").is(200).body;
    assert!(
        log.contains("answered 500") && !log.contains("key=secret"),
        "{log}"
    );
    assert!(cdn.took().is_empty());

    cdn.recovers();
    let list = list_of(|| cdn.took(), &file);
    lists_all_of_a_takedown(&list, &id);
    eventually("every list was taken once", || {
        let jobs = texts(&data, "SELECT state FROM job WHERE kind = 'tell'");
        let done = jobs.iter().filter(|state| *state == "done").count();
        (done == jobs.len() && done == cdn.took().len()).then_some(())
    });
    assert_eq!(
        cdn.took().iter().filter(|list| *list == "*\n").count(),
        1,
        "the first build of all"
    );
    eventually("all is well again", || {
        (server.browser().get("/readyz").body == "ok\n").then_some(())
    });
}

#[test]
fn a_program_is_told_and_sees_none_of_the_settings() {
    let directory = tempfile::tempdir().unwrap();
    let (program, copies) = (directory.path().join("after"), directory.path().join("copies"));
    fs::create_dir(&copies).unwrap();
    let script = format!(
        "#!/bin/sh\nenv | grep -q ^JIXIA_INTAKE_ && exit 1\ncp \"$1\" \"{}/$(basename \"$JIXIA_CHANGED\")\"\n",
        copies.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let setting = [("JIXIA_INTAKE_PUBLISH_AFTER", program.to_str().unwrap())];
    let server = Server::start_in(&directory.path().join("data"), &setting);
    let (id, file) = taken_down(&server, &server.office());
    let told = |directory: &Path| {
        let items = fs::read_dir(directory).unwrap().map(Result::unwrap);
        items
            .map(|item| fs::read_to_string(item.path()).unwrap())
            .collect::<Vec<_>>()
    };
    lists_all_of_a_takedown(&list_of(|| told(&copies), &file), &id);
}

#[test]
fn where_nobody_is_told_the_last_list_lies_there() {
    let server = Server::start();
    let (id, file) = taken_down(&server, &server.office());
    let changed = server.data().join("changed");
    let lists = || {
        let items = fs::read_dir(&changed).unwrap().map(Result::unwrap);
        let lists = items.filter(|item| {
            item.path()
                .extension()
                .is_some_and(|extension| extension == "txt")
        });
        lists
            .filter_map(|item| fs::read_to_string(item.path()).ok())
            .collect::<Vec<_>>()
    };
    lists_all_of_a_takedown(&list_of(lists, &file), &id);
    eventually("one list is kept", || (lists().len() == 1).then_some(()));
    // It names files that are gone, so that it is not for everybody.
    assert_eq!(server.browser().get("/changed/").status, 404);
}
