//! What a submission says is composed in one place: its page, the checks, the branch and the merge agree on its date and
//! on what is wrong with it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Browser, Server, between, eventually, news, sql};

/// The date in a file of the repository.
fn date_at(server: &Server, place: &str) -> String {
    let file = server.git(&["show", place]);
    between(&file, "date: \"", "\"").to_owned()
}

/// The date that a submission's page shows among its fields.
fn date_on_page(browser: &Browser, id: &str) -> String {
    let page = browser.get(&format!("/intake/items/{id}")).is(200).body;
    let field = between(&page, "<dt>发布日期</dt><dd>", "</dd>");
    field.to_owned()
}

#[test]
fn an_entry_without_a_date_has_one_everywhere() {
    let server = Server::start();
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    let id = teacher.begins("news");
    let mut fields = news("没有写日期的一课");
    fields.retain(|(name, _)| *name != "date");
    fields.push(("date", ""));
    teacher.fills(&id, &fields, "submit").is(303);
    let path = eventually("its branch is there", || {
        let tree = server.git(&[
            "for-each-ref",
            "--format=%(refname)",
            &format!("refs/heads/submission/{id}"),
        ]);
        (!tree.is_empty()).then(|| {
            let files = server.git(&["ls-tree", "-r", "--name-only", &format!("submission/{id}")]);
            files.lines().find(|path| path.contains(&id)).unwrap().to_owned()
        })
    });
    let today = date_at(&server, &format!("submission/{id}:{path}"));
    let shown = date_on_page(&school, &id);
    assert!(shown.starts_with(&today) && shown.contains("发布当天"), "{shown}");

    // It waits for half a month: nothing of what is shown or proposed changes by that alone.
    let later = "UPDATE submission SET submitted_at = submitted_at - 1296000000";
    sql(server.data(), later);
    school.endorses(&id);
    let handed_in = eventually("the endorsement is in the branch", || {
        let file = server.git(&["show", &format!("submission/{id}:{path}")]);
        file.contains("示例分管院长")
            .then(|| date_at(&server, &format!("submission/{id}:{path}")))
    });
    assert_ne!(handed_in, today);
    let shown = date_on_page(&city, &id);
    assert!(
        shown.starts_with(&handed_in) && shown.contains("发布当天"),
        "{shown}"
    );
    let preview = city.get(&format!("/intake/items/{id}/preview")).is(200).body;
    assert!(preview.contains(&handed_in), "{preview}");

    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
    assert_eq!(date_at(&server, &format!("main:{path}")), today);
    assert_eq!(
        date_on_page(&city, &id),
        today,
        "and nothing is said of a date to come"
    );
}

#[test]
fn what_is_taken_down_bears_the_day_on_which_that_was_decided() {
    let server = Server::start();
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    let first = teacher.submits_news("以后要撤下的一课");
    school.endorses(&first);
    city.decides(&first, "accept", &[]).is(303);
    teacher.waits_for(&first, "published");
    let files = server.git(&["ls-tree", "-r", "--name-only", "main"]);
    let path = files.lines().find(|path| path.contains(&first)).unwrap();
    let begun = teacher
        .form("/intake/entries", &[("path", path), ("purpose", "takedown")])
        .is(303);
    let id = between(begun.location(), "/intake/items/", "/edit").to_owned();
    let form = teacher.get(&format!("/intake/items/{id}/edit")).is(200).body;
    let reason = between(&form, "name=\"withdrawn.reason\"", "</select>");
    let reason = reason
        .split("value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .find(|id| !id.is_empty())
        .unwrap()
        .to_owned();
    let mut fields = vec![("withdrawn.reason", reason.as_str())];
    fields.extend(support::DECLARATIONS.map(|name| ("declaration", name)));
    teacher.fills(&id, &fields, "submit").is(303);
    sql(
        server.data(),
        "UPDATE submission SET submitted_at = submitted_at - 1296000000, created_at = created_at - 1296000000",
    );
    school.endorses(&id);
    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
    let file = server.git(&["show", &format!("main:{path}")]);
    let day = server.git(&["log", "-1", "--format=%ad", "--date=format:%Y-%m-%d", "main"]);
    let zone_may_differ = between(&file, "\"date\":\"", "\"");
    assert!(
        zone_may_differ >= day.trim(),
        "the day of acceptance, not of half a month before: {file}"
    );
}

/// What the author's own check says of a body, and whether it can be handed in.
fn checked(teacher: &Browser, id: &str, body: &str) -> (bool, String) {
    let mut fields = news("带着怪字符的一课");
    fields.retain(|(name, _)| *name != "body");
    fields.push(("body", body));
    let answer = teacher.fills(id, &fields, "check");
    let page = match answer.status {
        303 => {
            teacher
                .get(answer.location().split('#').next().unwrap())
                .is(200)
                .body
        }
        _ => answer.body,
    };
    (page.contains("没有问题"), page)
}

#[test]
fn signs_that_no_page_can_hold_are_taken_out_in_words_and_stop_nothing_later() {
    let server = Server::start();
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    let id = teacher.begins("news");
    let body = "第一段\u{b}第二段\u{8}第三段\u{0}第四段\u{fffe}完。";
    let page = checked(&teacher, &id, body).1;
    for expected in [
        "U+000B",
        "U+0008",
        "U+0000",
        "U+FFFE",
        "第一段\n第二段第三段第四段完。",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    // Seen and sent again it goes all the way.
    let title = [("title", "题\u{1f}目")];
    let page = teacher.fills(&id, &title, "submit").is(422).body;
    assert!(
        page.contains("U+001F") && page.contains("value=\"题目\""),
        "{page}"
    );
    let (is_sound, page) = checked(&teacher, &id, "只有一段。");
    assert!(is_sound, "{page}");
    let declared = support::DECLARATIONS.map(|name| ("declaration", name));
    teacher.fills(&id, &declared, "submit").is(303);
    school.endorses(&id);
    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
}
