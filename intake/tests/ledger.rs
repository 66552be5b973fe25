//! The ledger: who finds what there, by what, and what a file of it holds.

#![allow(clippy::unwrap_used)]

mod support;

use jixia::office::tables;
use jixia::stop::Stop;
use support::{Browser, Server, joins, news, texts};

/// The titles of a page of the ledger, in their order.
fn titles(browser: &Browser, query: &str) -> Vec<String> {
    let page = browser.get(&format!("/intake/ledger{query}")).is(200).body;
    let rows = page.split("<th scope=\"row\">").skip(1);
    let title = |row: &str| {
        let link = row.split("</a>").next().unwrap();
        link.rsplit('>').next().unwrap().to_owned()
    };
    rows.map(title).collect()
}

#[test]
fn everybody_finds_what_they_can_read_and_what_they_dealt_with() {
    let server = Server::start();
    let office = server.office();
    let peer = joins(&server, &office.school, "peer", "shili-haiwan", "teacher");
    let province = server.sign_in("province");
    let other = joins(&server, &province, "school-b", "shili-gangcheng", "school-admin");
    let draft = office.teacher.begins("news");
    office.teacher.fills(&draft, &news("只是草稿"), "save").is(303);
    let first = office.teacher.submits_news("已经报送的活动");
    office.school.endorses(&first);
    let second = peer.submits_news("退回修改的活动");
    let reason = [("message", "理由"), ("field", "body")];
    office.school.decides(&second, "return", &reason).is(303);
    let names = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        titles(&office.teacher, ""),
        names(&["已经报送的活动", "只是草稿"])
    );
    assert_eq!(titles(&peer, ""), names(&["退回修改的活动"]));
    assert_eq!(
        titles(&office.school, ""),
        names(&["退回修改的活动", "已经报送的活动"])
    );
    assert_eq!(
        titles(&office.city, ""),
        names(&["退回修改的活动", "已经报送的活动"])
    );
    assert!(titles(&other, "").is_empty() && titles(&server.sign_in("expert"), "").is_empty());
    let cases = [
        ("?state=returned", names(&["退回修改的活动"])),
        ("?q=报送", names(&["已经报送的活动"])),
        ("?q=示例peer", names(&["退回修改的活动"])),
        ("?q=%25", names(&[])),
        ("?kind=resource", names(&[])),
        (
            "?unit=shili-haiwan&order=title",
            names(&["已经报送的活动", "退回修改的活动"]),
        ),
        (
            "?unit=weihai-jiaoyanshi",
            names(&["退回修改的活动", "已经报送的活动"]),
        ),
        ("?whose=done", names(&["退回修改的活动", "已经报送的活动"])),
        ("?whose=mine", names(&[])),
        ("?late=yes", names(&[])),
    ];
    for (query, expected) in cases {
        assert_eq!(titles(&office.school, query), expected, "{query}");
    }
    assert!(titles(&office.city, "?whose=done").is_empty());
    let page = office.school.get("/intake/ledger?whose=done").is(200).body;
    assert!(
        page.contains("退回修改<small>") && page.contains("本单位审核通过<small>"),
        "{page}"
    );
    office.school.get("/intake/ledger?state=lost").is(422);
}

#[test]
fn pages_follow_each_other_by_key_whatever_comes_meanwhile() {
    let directory = tempfile::tempdir().unwrap();
    let limits = [("JIXIA_INTAKE_LIMITS_CHANGES_PER_MINUTE", "100000")];
    let server = Server::start_in(&directory.path().join("data"), &limits);
    let teacher = server.sign_in("teacher");
    for number in 0..120 {
        let id = teacher.begins("news");
        let title = format!("第 {number:03} 件");
        teacher.fills(&id, &[("title", &title)], "save").is(303);
    }
    for order in ["title", "-updated", "waiting", "due"] {
        let (mut address, mut seen, mut pages) =
            (format!("/intake/ledger?order={order}"), Vec::new(), Vec::new());
        loop {
            let page = teacher.get(&address).is(200).body;
            let query = address.trim_start_matches("/intake/ledger").to_owned();
            seen.extend(titles(&teacher, &query));
            pages.push(address.clone());
            let Some((_, next)) = page.split_once("rel=\"next\" href=\"") else {
                break;
            };
            let next = next.split('"').next().unwrap();
            address = next.replace("&amp;", "&").replace("&#x2F;", "/");
        }
        assert_eq!(pages.len(), 3, "{order}");
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!((seen.len(), sorted.len()), (120, 120), "{order}");
        if order == "title" {
            assert_eq!(seen, sorted);
        }
        // Back from the last page one comes to the one before.
        let last = teacher.get(&pages[2]).is(200).body;
        let before = last.split_once("rel=\"prev\" href=\"").unwrap().1;
        let before = before
            .split('"')
            .next()
            .unwrap()
            .replace("&amp;", "&")
            .replace("&#x2F;", "/");
        assert_eq!(
            titles(&teacher, before.trim_start_matches("/intake/ledger")),
            seen[50..100],
            "{order}"
        );
    }
}

#[test]
fn a_file_holds_what_was_looked_for_and_nothing_that_is_run() {
    let server = Server::start();
    let office = server.office();
    let bad = office.teacher.submits_news("=HYPERLINK(\"http://evil.example\")");
    let good = office.teacher.submits_news("示例活动,带逗号");
    office.school.endorses(&good);
    let csv = office.school.get("/intake/ledger.csv?order=title").is(200);
    assert!(
        csv.headers["content-disposition"].contains("attachment"),
        "{:?}",
        csv.headers
    );
    assert!(csv.body.starts_with("\u{feff}标题,栏目,"), "{}", csv.body);
    assert!(
        csv.body.contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\""),
        "{}",
        csv.body
    );
    assert!(csv.body.contains("\"示例活动,带逗号\""), "{}", csv.body);
    assert!(!bad.is_empty() && csv.body.lines().count() == 3);
    let only = office
        .school
        .get("/intake/ledger.csv?state=endorsed")
        .is(200)
        .body;
    assert_eq!(only.lines().count(), 2);
    let packed = office.school.bytes("/intake/ledger.xlsx?order=title");
    let rows = tables::read(&packed, None, &Stop::default())
        .map_err(|_| "unreadable")
        .unwrap()
        .rows;
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1][0], "=HYPERLINK(\"http://evil.example\")");
    // Nothing is left lying about, and who took it is known.
    let left = std::fs::read_dir(server.data().join("upload")).unwrap().count();
    assert_eq!(left, 0);
    let taken = "SELECT detail FROM audit WHERE action = 'ledger-written' ORDER BY number";
    assert_eq!(texts(server.data(), taken), ["2", "1", "2"]);
}

#[test]
fn views_are_kept_for_each_account_and_only_so_many() {
    let server = Server::start();
    let (school, city) = (server.sign_in("school"), server.sign_in("city"));
    let keep = |name: &str| {
        school.form(
            "/intake/ledger",
            &[
                ("do", "keep"),
                ("name", name),
                ("state", "returned"),
                ("q", "微课"),
            ],
        )
    };
    let kept = keep("退回的微课").is(303);
    assert_eq!(
        kept.location(),
        "/intake/ledger?q=%E5%BE%AE%E8%AF%BE&state=returned"
    );
    assert!(school.get("/intake/ledger").body.contains("退回的微课"));
    assert!(!city.get("/intake/ledger").body.contains("退回的微课"));
    keep("").is(422);
    keep(&"长".repeat(41)).is(422);
    keep("退回的微课").is(303);
    let id = texts(server.data(), "SELECT id FROM ledger_view").pop().unwrap();
    let forget = [("do", "forget"), ("view", id.as_str())];
    city.form("/intake/ledger", &forget).is(404);
    for number in 1..20 {
        keep(&format!("视图 {number}")).is(303);
    }
    keep("再多一个").is(422);
    school.form("/intake/ledger", &forget).is(303);
    keep("再多一个").is(303);
}
