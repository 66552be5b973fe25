//! Taking down from above: at once, confirmed by somebody else or lifted, and public again on order.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Answer, Browser, Office, Server, between, command, eventually, joins, news, sql, texts};

const PAGE: &str = "/intake/takedowns";

/// A piece of news of the school's with a file, published; the entry's path and the file's address.
fn published(server: &Server, office: &Office, title: &str) -> (String, String, String) {
    let id = office.teacher.begins("news");
    office.teacher.uploads(&id, "附件.txt", title.as_bytes());
    office.teacher.fills(&id, &news(title), "submit").is(303);
    office.publishes(&id);
    let page = server.browser().get(&format!("/news/{id}/")).is(200).body;
    let file = between(&page, "href=\"/files/", "\"").to_owned();
    (id.clone(), server.path_of(&id), format!("/files/{file}"))
}

fn orders(browser: &Browser, paths: &[&str]) -> Answer {
    let mut fields: Vec<(&str, &str)> = paths.iter().map(|path| ("path", *path)).collect();
    fields.extend([
        ("reason", "rights"),
        ("ground", "《示例管理办法》第三条"),
        ("note", "版权有争议，核实中。"),
        ("advice", "请补授权书后再发。"),
    ]);
    browser.form(PAGE, &fields)
}

fn body(server: &Server, path: &str) -> String {
    server.browser().get(path).body
}

/// Waits until a page of the portal is a tombstone, or is none any more.
fn is_down(server: &Server, id: &str, down: bool) {
    eventually(&format!("{id} is down: {down}"), || {
        let page = body(server, &format!("/news/{id}/"));
        (page.contains("版权有争议，核实中。") == down).then_some(())
    });
}

#[test]
fn a_unit_above_takes_down_at_once_and_another_person_confirms() {
    let server = Server::start();
    let office = server.office();
    let province = server.sign_in("province");
    let title = "要被撤下的一篇";
    let (id, path, file) = published(&server, &office, title);
    assert_eq!(server.browser().get(&file).status, 200);

    // Found by its title, its author or its unit; ordered with all that is needed, or told all that is missing.
    let found = office
        .city
        .get(&format!("{PAGE}?q=%E8%A6%81%E8%A2%AB"))
        .is(200)
        .body;
    assert!(found.contains(&path), "{found}");
    let wrong = office.city.form(
        PAGE,
        &[("path", &path), ("reason", "rights"), ("note", "写了很久")],
    );
    let wrong = wrong.is(422).body;
    assert!(
        wrong.contains("请写明依据") && wrong.contains("写了很久"),
        "{wrong}"
    );
    office
        .city
        .form(PAGE, &[("path", &path), ("reason", "none"), ("ground", "x")])
        .is(422);
    orders(&office.city, &["content/news/none.md"]).is(404);
    orders(&office.teacher, &[&path]).is(403);
    orders(&office.city, &[&path]).is(303);
    is_down(&server, &id, true);

    // Out of everything that the public reads, and its file with it.
    for list in ["/news/", "/feed.xml", "/news/feed.xml", "/sitemap.xml"] {
        eventually(&format!("{list} is without it"), || {
            let list = body(&server, list);
            (!list.contains(title) && !list.contains(&format!("/news/{id}/"))).then_some(())
        });
    }
    eventually("its file is gone", || {
        (server.browser().get(&file).status == 404).then_some(())
    });
    let log = server.git(&["log", "-1", "--format=%B", "main"]);
    for part in [
        "Takedown-ordered-by: 示例市级管理员 <",
        "Takedown-reason: rights",
        "Takedown-ground: 《示例管理办法》第三条",
    ] {
        assert!(log.contains(part), "{log}");
    }
    assert!(
        !log.contains("授权书"),
        "what the unit alone reads stays out of git"
    );

    // The unit reads why; who ordered it cannot confirm it; it is not ordered twice.
    let seen = office.school.get(PAGE).is(200).body;
    assert!(
        seen.contains("请补授权书后再发。") && !seen.contains("name=\"do\""),
        "{seen}"
    );
    let takedown = texts(server.data(), "SELECT id FROM takedown").pop().unwrap();
    let decides =
        |browser: &Browser, what: &str| browser.form(&format!("{PAGE}/{takedown}"), &[("do", what)]);
    decides(&office.city, "confirm").is(422);
    decides(&office.school, "lift").is(403);
    orders(&province, &[&path]).is(409);
    decides(&province, "confirm").is(303);
    decides(&province, "confirm").is(403);

    // Public again, as it was.
    decides(&office.city, "lift").is(303);
    is_down(&server, &id, false);
    eventually("it is listed again", || {
        body(&server, "/news/").contains(title).then_some(())
    });
    eventually("its file is there again", || {
        (server.browser().get(&file).status == 200).then_some(())
    });
    let verified = command(server.data(), &["audit", "verify"]);
    assert!(verified.status.success());
}

#[test]
fn many_go_down_together_and_come_back_when_nobody_confirms() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start_in(&data, &[]);
    let office = server.office();
    let items = [
        published(&server, &office, "一起撤下之一"),
        published(&server, &office, "一起撤下之二"),
    ];
    let paths: Vec<&str> = items.iter().map(|(_, path, _)| path.as_str()).collect();
    // All or none: the third one is of another city.
    let other = joins(
        &server,
        &server.sign_in("province"),
        "city-b",
        "qingdao-jiaoyanshi",
        "city-admin",
    );
    orders(&other, &paths).is(403);
    orders(&office.city, &paths).is(303);
    for (id, ..) in &items {
        is_down(&server, id, true);
    }
    drop(server);
    sql(&data, "UPDATE takedown SET due_at = 1");
    let server = Server::start_in(&data, &[]);
    for (id, ..) in &items {
        is_down(&server, id, false);
    }
    let states = texts(&data, "SELECT state FROM takedown");
    assert_eq!(states, ["lifted", "lifted"]);
    let log = server.git(&["log", "-1", "--format=%B", "main"]);
    assert!(log.contains("Takedown-lifted-by: unconfirmed"), "{log}");
}

#[test]
fn what_a_unit_took_down_itself_is_vouched_for_by_nobody_and_comes_back_on_order() {
    let server = Server::start();
    let office = server.office();
    let (id, path, _) = published(&server, &office, "自己撤下的一篇");
    let begun = office
        .school
        .form("/intake/entries", &[("path", &path), ("purpose", "takedown")]);
    let begun = begun.is(303);
    let item = between(begun.location(), "/intake/items/", "/edit").to_owned();
    let form = office
        .school
        .get(&format!("/intake/items/{item}/edit"))
        .is(200)
        .body;
    assert!(
        !form.contains("name=\"declaration\""),
        "who takes down declares nothing"
    );
    let revision = office.school.revision(&item);
    let fields = [
        ("revision", revision.as_str()),
        ("do", "submit"),
        ("withdrawn.reason", "rights"),
        ("withdrawn.note", "版权有争议，核实中。"),
    ];
    office
        .school
        .form(&format!("/intake/items/{item}/edit"), &fields)
        .is(303);
    office.school.endorses(&item);
    office.city.decides(&item, "accept", &[]).is(303);
    is_down(&server, &id, true);
    office.city.waits_for(&item, "published");
    let restore = [("path", path.as_str()), ("do", "restore")];
    office.teacher.form(PAGE, &restore).is(403);
    office.school.form(PAGE, &restore).is(303);
    is_down(&server, &id, false);
    eventually("there is nothing left to restore", || {
        (office.school.form(PAGE, &restore).status == 409).then_some(())
    });
}
