//! The ledger of 100,000 submissions: how long its pages take.
//!
//! `cargo bench -p jixia-intake --bench ledger`; numbers are in `docs/performance.md`.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use jixia_intake::domain::submission::{Purpose, State};
use jixia_intake::store::{Store, Submission};
use support::{Browser, Server};

const SUBMISSIONS: i64 = 100_000;
/// Milliseconds.
const DAY: i64 = 86_400_000;

/// The schools of the demonstration that hand in, each with whom it hands in to.
const SCHOOLS: [(&str, &str); 3] = [
    ("shili-haiwan", "weihai-jiaoyanshi"),
    ("shili-gangcheng", "qingdao-jiaoyanshi"),
    ("weihai-jiaoyanshi", "weihai-jiaoyanshi"),
];

fn submission(number: i64, owner: &str, now: i64) -> Submission {
    let pick = |list: &[&str], by: i64| list[usize::try_from(by).unwrap() % list.len()].to_owned();
    let (unit, above) = SCHOOLS[usize::try_from(number).unwrap() % SCHOOLS.len()];
    let state = State::ALL[usize::try_from(number / 3).unwrap() % State::ALL.len()];
    let holder = match state {
        State::Submitted => Some(unit),
        State::Endorsed | State::InReview => Some(above),
        _ => None,
    };
    let at = now - (SUBMISSIONS - number) * 60_000;
    Submission {
        id: format!("size{number:08}"),
        kind: pick(&["news", "resource", "course", "notice", "project"], number / 7),
        purpose: Purpose::New,
        path: format!("content/news/2026/size{number}.md"),
        unit: unit.to_owned(),
        owner: owner.to_owned(),
        state,
        holder: holder.map(str::to_owned),
        reviewer: None,
        title: format!("第 {number} 件示例投稿"),
        fields: format!("{{\"summary\":\"{}\"}}", "摘要".repeat(40)),
        body: "正文。".repeat(usize::try_from(number % 5).unwrap() * 100),
        declarations: "[]".to_owned(),
        base: "{}".to_owned(),
        revision: 1,
        version: 1,
        round: 2,
        submitted_hash: None,
        endorsed_hash: None,
        endorser: None,
        signed_off_by: None,
        commit_id: None,
        created_at: at,
        updated_at: at,
        state_at: at,
        submitted_at: (state != State::Draft).then_some(at),
        accepted_at: None,
        route: above.to_owned(),
        due_at: holder.map(|_| at + 5 * DAY),
        decided: String::new(),
    }
}

async fn fill(server: &Server) {
    let store = match support::database(server.data()) {
        Some((_, url)) => Store::open(&url).await.unwrap(),
        None => Store::open_file(&server.data().join("intake.db")).await.unwrap(),
    };
    let owner = store.account_of_login("teacher").await.unwrap().unwrap();
    let now = 1_800_000_000_000;
    let mut change = store.change().await.unwrap();
    for number in 0..SUBMISSIONS {
        change
            .add_submission(&submission(number, &owner.id, now))
            .await
            .unwrap();
    }
    change.commit().await.unwrap();
    store.close().await;
}

fn measure(who: &str, browser: &Browser, query: &str) {
    let mut times: Vec<Duration> = (0..20)
        .map(|_| {
            let began = Instant::now();
            browser.get(&format!("/intake/ledger{query}")).is(200);
            began.elapsed()
        })
        .collect();
    times.sort();
    println!(
        "{who} {query}: median {} ms, slowest {} ms",
        times[10].as_millis(),
        times[19].as_millis()
    );
}

fn main() {
    let server = Server::start();
    let people = ["school", "city", "province", "teacher"].map(|login| (login, server.sign_in(login)));
    tokio::runtime::Runtime::new().unwrap().block_on(fill(&server));
    for (who, browser) in &people {
        for query in [
            "",
            "?order=waiting",
            "?order=due",
            "?order=title",
            "?state=returned&kind=news",
            "?whose=done",
            "?q=99999",
        ] {
            measure(who, browser, query);
        }
    }
}
