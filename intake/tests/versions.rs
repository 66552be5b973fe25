//! A decision says what was decided on: what a page showed that is no longer so is not decided on, and what was typed
//! is kept.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Answer, Browser, DECLARATIONS, Office, Server, between, joins, news, option};

/// The value of the version in a form of a page.
fn version_in(page: &str, form: &str) -> String {
    let form = between(page, &format!("action=\"{form}\""), "</form>");
    between(form, "name=\"version\" value=\"", "\"").to_owned()
}

/// Hands another body in after it was given back.
fn mends(teacher: &Browser, id: &str, body: &'static str) {
    let mut fields = vec![("body", body)];
    fields.extend(DECLARATIONS.map(|name| ("declaration", name)));
    teacher.fills(id, &fields, "submit").is(303);
}

/// What a page that refuses must hold: what was typed, and the current version to send it again with.
fn keeps(answer: Answer, typed: &[&str]) -> String {
    let page = answer.is(409).body;
    for text in typed {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("没有权限"), "{page}");
    page
}

#[test]
fn an_old_page_endorses_nothing_and_keeps_what_was_typed() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let id = teacher.begins("news");
    let mut fields = news("两个窗口");
    fields.retain(|(name, _)| *name != "body");
    fields.push(("body", "开头一段。\n\n后角磨六度。"));
    teacher.fills(&id, &fields, "submit").is(303);
    let item = format!("/intake/items/{id}");
    let old = version_in(&school.get(&item).is(200).body, &format!("{item}/step"));

    // In another window it is given back, and the author hands something else in.
    school
        .decides(&id, "return", &[("message", "后角请核对"), ("version", &old)])
        .is(303);
    mends(&teacher, &id, "开头一段。\n\n后角磨七度。");
    let endorse = [
        ("signed_off_by", "示例分管院长"),
        ("confirmed", "yes"),
        ("version", &*old),
    ];
    let page = keeps(
        school.decides(&id, "endorse", &endorse),
        &["value=\"示例分管院长\"", "又有了变化"],
    );
    assert!(page.contains("<del>六</del><ins>七</ins>"), "{page}");
    assert!(page.contains("退回修改") && page.contains("示例教师甲"), "{page}");
    assert!(
        !page.contains("name=\"confirmed\" value=\"yes\" checked"),
        "{page}"
    );
    assert_eq!(teacher.state(&id), "submitted");

    // What the page offers can be sent as it is, with the word given again.
    let new = version_in(&page, &format!("{item}/step"));
    let endorse = [
        ("signed_off_by", "示例分管院长"),
        ("confirmed", "yes"),
        ("version", &*new),
    ];
    school.decides(&id, "endorse", &endorse).is(303);

    // The same of every other act of a reviewer: taken up meanwhile by a colleague, it is no longer what was shown.
    let colleague = joins(&server, &city, "colleague", "weihai-jiaoyanshi", "city-admin");
    let old = version_in(&city.get(&item).is(200).body, &format!("{item}/step"));
    colleague.decides(&id, "take", &[]).is(303);
    for (step, typed) in [
        ("accept", ""),
        ("return", "座次表呢"),
        ("reject", "不合适"),
        ("take", ""),
    ] {
        let page = keeps(
            city.decides(&id, step, &[("message", typed), ("version", &old)]),
            &[typed],
        );
        assert!(page.contains("示例colleague"), "who has it now: {page}");
    }
    for missing in ["", "x", "1."] {
        keeps(city.decides(&id, "accept", &[("version", missing)]), &[]);
    }
    assert_eq!(city.state(&id), "in-review");
    city.decides(&id, "accept", &[]).is(303);
}

/// Who does what with which form, and what of it must be kept.
type Case<'a> = (&'a Browser, &'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn acts_beside_decisions_name_what_they_are_about() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let expert = joins(&server, &city, "expert.1", "weihai-jiaoyanshi", "expert");
    let colleague = joins(&server, &city, "colleague", "weihai-jiaoyanshi", "city-admin");
    let id = teacher.submits_news("改过一稿");
    school.endorses(&id);
    let item = format!("/intake/items/{id}");
    let assign = format!("{item}/reviewer");
    let page = city.get(&assign).is(200).body;
    let account = option(&page, "示例expert.1").to_owned();
    let given = option(&page, "示例colleague").to_owned();
    city.form(&format!("{item}/experts"), &[("expert", &account)])
        .is(303);
    city.decides(&id, "comment", &[("message", "先记一笔")]).is(303);
    let shown = city.get(&item).is(200).body;
    let old = version_in(&shown, &format!("{item}/step"));
    let remark = between(&shown, "name=\"remark\" value=\"", "\"").to_owned();

    city.decides(&id, "return", &[("message", "请改")]).is(303);
    mends(&teacher, &id, "完全换了一稿。");
    school.endorses(&id);

    let cases: [Case<'_>; 8] = [
        (&city, "reviewer", &[("reviewer", &given)], &[&given]),
        (&city, "experts", &[("expert", &account)], &[&account]),
        (&city, "assessment", &[("note", "旧稿的备注")], &["旧稿的备注"]),
        (&city, "links", &[("do", "make"), ("days", "7")], &[]),
        (
            &expert,
            "opinion",
            &[("verdict", "fit"), ("message", "旧稿很好")],
            &["旧稿很好", "value=\"fit\""],
        ),
        (
            &city,
            "step",
            &[("do", "comment"), ("message", "引一句"), ("quote", "正文第一段")],
            &["引一句", "正文第一段"],
        ),
        (
            &city,
            "step",
            &[("do", "settle"), ("remark", &remark)],
            &[&remark],
        ),
        (&teacher, "step", &[("do", "withdraw")], &[]),
    ];
    for (who, act, pairs, typed) in cases {
        let mut pairs = pairs.to_vec();
        pairs.push(("version", &old));
        keeps(who.form(&format!("{item}/{act}"), &pairs), typed);
        pairs.pop();
        pairs.push(("version", ""));
        keeps(who.form(&format!("{item}/{act}"), &pairs), typed);
    }
    assert_eq!(city.state(&id), "endorsed");
    city.form(&assign, &[("reviewer", &given)]).is(303);
    assert!(colleague.get(&item).is(200).body.contains("示例colleague"));
}

#[test]
fn a_list_decides_on_what_it_showed() {
    let server = Server::start();
    let Office { teacher, school, .. } = server.office();
    let ids = ["第一件", "第二件", "第三件"].map(|title| teacher.submits_news(title));
    let queue = school.get("/intake/queue").is(200).body;
    let shown = |id: &str| between(&queue, &format!("name=\"version.{id}\" value=\""), "\"").to_owned();
    let names = ids.each_ref().map(|id| format!("version.{id}"));
    let versions = ids.each_ref().map(|id| shown(id));
    school.decides(&ids[1], "return", &[("message", "请改")]).is(303);
    mends(&teacher, &ids[1], "列表打开之后换的一稿。");
    let mut pairs = vec![
        ("do", "endorse"),
        ("signed_off_by", "示例分管院长"),
        ("confirmed", "yes"),
    ];
    for ((id, name), version) in ids.iter().zip(&names).zip(&versions) {
        pairs.push(("item", id));
        // The third one names no version.
        let version = if *id == ids[2] { "" } else { version.as_str() };
        pairs.push((name, version));
    }
    let page = school.form("/intake/queue/many", &pairs).is(409).body;
    assert!(page.contains("办成 1，没有办成 2"), "{page}");
    // Of the one that changed it is said who did what since, and what differs.
    let since = between(&page, &format!("id=\"since-{}\"", ids[1]), "</section>");
    let steps = ["<b>退回修改</b> 示例院校管理员", "<b>提交</b> 示例教师甲"];
    let places = steps.map(|step| since.find(step).expect(step));
    assert!(places.is_sorted() && !since.contains("建立"), "{since}");
    assert_eq!(page.matches("id=\"since-").count(), 1, "{page}");
    let change = between(&page, &format!("id=\"change-shown{}\"", ids[1]), "</section>");
    assert!(change.contains("列表打开之后换的一稿"), "{change}");
    // What was ticked and typed is still there; what was done is not offered again.
    let is_ticked = |id: &str| page.contains(&format!("name=\"item\" value=\"{id}\" checked"));
    assert_eq!(
        ids.each_ref().map(|id| is_ticked(id)),
        [false, true, true],
        "{page}"
    );
    assert!(
        page.contains("name=\"signed_off_by\" maxlength=\"60\" value=\"示例分管院长\""),
        "{page}"
    );
    assert_eq!(
        ids.each_ref().map(|id| teacher.state(id)),
        ["endorsed", "submitted", "submitted"]
    );
    let again = between(&page, &format!("name=\"version.{}\" value=\"", ids[1]), "\"").to_owned();
    let pairs = [
        ("do", "endorse"),
        ("signed_off_by", "示例分管院长"),
        ("confirmed", "yes"),
        ("item", &*ids[1]),
        (&*names[1], &*again),
    ];
    school.form("/intake/queue/many", &pairs).is(200);
    assert_eq!(teacher.state(&ids[1]), "endorsed");
}
