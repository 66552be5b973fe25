//! Links that show a submission to somebody without an account.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Answer, Browser, Office, Server, acts, between, command, news};

/// Makes a link and gives its address.
fn link(browser: &Browser, id: &str) -> String {
    let made = browser
        .form(&format!("/intake/items/{id}/links"), &[("do", "make")])
        .is(200);
    let address = between(&made.body, "class=\"in-link\" href=\"", "\"");
    address[address.find("/intake/shared/").unwrap()..].to_owned()
}

fn discreet(answer: Answer) -> Answer {
    let answer = answer.is(200);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["x-robots-tag"], "noindex, nofollow");
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
    answer
}

/// Begins a piece of news with a file and hands it in.
fn submits_with_file(teacher: &Browser) -> String {
    let id = teacher.begins("news");
    teacher.adds(&id, ("座次表.txt", "前排四人".as_bytes()));
    teacher.fills(&id, &news("还没发布的一堂课"), "submit").is(303);
    id
}

#[test]
fn a_link_shows_the_page_and_its_files_and_nothing_else() {
    let server = Server::start();
    let (teacher, stranger) = (server.sign_in("teacher"), server.browser());
    let own = link(&teacher, &submits_with_file(&teacher));
    let page = discreet(stranger.get(&own)).body;
    assert!(page.contains("还没发布的一堂课"));
    assert!(
        !page.contains("/intake/items/") && !page.contains("name=\"csrf\""),
        "no chrome of the intake: {page}"
    );
    let file = format!("{own}/files/{}", between(&page, &format!("{own}/files/"), "\""));
    let sent = discreet(stranger.get(&file));
    assert_eq!(sent.body, "前排四人");
    assert!(sent.headers["content-security-policy"].contains("sandbox"));
    let published = format!("/files/{}", file.rsplit_once("/files/").unwrap().1);
    assert_eq!(
        stranger.get(&published).status,
        404,
        "the file is not had without the link"
    );
    let none = "0".repeat(64);
    stranger.get(&format!("{own}/files/{none}/x.txt")).is(404);
    stranger
        .get(&format!("/intake/shared/{}", "0".repeat(52)))
        .is(404);
}

#[test]
fn a_link_is_made_by_whose_turn_it_is_and_ends_when_it_is_revoked_or_all_is_over() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let stranger = server.browser();
    let id = submits_with_file(&teacher);
    let own = link(&teacher, &id);

    // Neither a school's admin nor a city whose turn it is not may hand it out; what is refused is noted.
    let links = format!("/intake/items/{id}/links");
    school.form(&links, &[("do", "make")]).is(403);
    city.form(&links, &[("do", "make")]).is(403);
    teacher.post(&links, &[("do", "make")]).is(403);
    school.endorses(&id);
    let reviewers = link(&city, &id);
    city.decides(&id, "return", &[("message", "请补")]).is(303);
    teacher.fills(&id, &[("title", "正在改的标题")], "save").is(303);
    let given_in = stranger.get(&reviewers).is(200).body;
    assert!(given_in.contains("还没发布的一堂课") && !given_in.contains("正在改的标题"));
    assert!(stranger.get(&own).is(200).body.contains("正在改的标题"));

    let listed = teacher.get(&format!("/intake/items/{id}")).is(200).body;
    let revoked = between(&listed, "name=\"link\" value=\"", "\"");
    let revoke = [("do", "revoke"), ("link", revoked)];
    teacher.form(&links, &revoke).is(303);
    let mut still = [&own, &reviewers].map(|link| stranger.get(link).status);
    still.sort_unstable();
    assert_eq!(still, [200, 404]);
    let last = link(&teacher, &id);
    teacher.decides(&id, "withdraw", &[]).is(303);
    for link in [&own, &reviewers, &last] {
        stranger.get(link).is(404);
    }
    teacher.form(&links, &[("do", "make")]).is(409);
    let audit = server.sign_in("province").get("/intake/audit").is(200).body;
    let acts = acts(server.data());
    assert!(
        ["refused:share", "unshare"]
            .iter()
            .all(|act| acts.iter().any(|known| known == act)),
        "{acts:?}"
    );
    let secret = own.rsplit('/').next().unwrap();
    assert!(!audit.contains(secret));
    assert!(!support::keeps(server.data(), secret), "kept as a hash");
    assert!(command(server.data(), &["audit", "verify"]).status.success());
}
