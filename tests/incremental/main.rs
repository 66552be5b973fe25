//! A build that remembers gives the same bytes as one that does not, whatever happened in between.

#![allow(clippy::unwrap_used)]

mod site;

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jixia::cache::Cache;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use site::{ENTRIES, Event, PHOTOS, Site};

fn event() -> impl Strategy<Value = Event> {
    let entry = || 0..ENTRIES;
    let content = prop_oneof![
        4 => (entry(), "[一二三四五 甲乙丙丁]{1,30}").prop_map(|(entry, text)| Event::EditBody(entry, text)),
        2 => entry().prop_map(Event::EditUnseen),
        3 => (entry(), "[山东济南青岛]{1,8}").prop_map(|(entry, title)| Event::EditTitle(entry, title)),
        2 => (entry(), 0..4usize).prop_map(|(entry, tag)| Event::Retag(entry, tag)),
        2 => entry().prop_map(Event::Add),
        2 => (entry(), entry()).prop_map(|(from, to)| Event::Rename(from, to)),
        2 => entry().prop_map(Event::Delete),
        1 => entry().prop_map(Event::Withdraw),
        1 => entry().prop_map(Event::Unfold),
        1 => any::<bool>().prop_map(Event::Chapters),
        2 => (1..9usize).prop_map(Event::Picture),
        1 => entry().prop_map(Event::Touch),
        3 => (0..PHOTOS.len()).prop_map(Event::Photo),
    ];
    let around = prop_oneof![
        3 => (0..3usize, "[a-z]{1,6}").prop_map(|(number, text)| Event::EditTemplate(number, text)),
        1 => Just(Event::RemoveTemplates),
        1 => (0..9usize).prop_map(Event::EditStyle),
        1 => (1..5usize).prop_map(Event::PageSize),
        1 => (0..9usize).prop_map(Event::SiteTitle),
        1 => any::<bool>().prop_map(Event::Extras),
        1 => (0..9usize).prop_map(Event::Vocabulary),
        1 => (0..9usize).prop_map(Event::Unit),
        2 => (-40..40i64).prop_map(Event::Days),
    ];
    let trouble = prop_oneof![
        1 => (0..4096usize).prop_map(Event::CorruptCache),
        1 => (0..4096usize).prop_map(Event::TruncateCache),
        1 => Just(Event::LoseCache),
        1 => Just(Event::OtherProgram),
        2 => (0..999usize).prop_map(Event::DamageOutput),
        1 => Just(Event::DamageThumbnails),
        1 => Just(Event::LoseThumbnails),
    ];
    prop_oneof![5 => content, 3 => around, 1 => trouble]
}

/// Few sites with many rounds: the first build of a site is the slowest and tells nothing.
///
/// The sequences are the same in every run, so a failure is the fault of what was changed; `PROPTEST_CASES=200` looks
/// for new ones.
fn sequences() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let explores = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if explores { usual.cases } else { 10 },
        rng_seed: if explores {
            RngSeed::Random
        } else {
            RngSeed::Fixed(2026)
        },
        max_shrink_iters: 60,
        ..usual
    }
}

proptest! {
    #![proptest_config(sequences())]

    #[test]
    fn incremental_builds_equal_clean_ones(rounds in vec(vec(event(), 1..3), 5..9)) {
        let mut site = Site::new();
        prop_assert!(site.build().changes.is_some());
        for events in rounds {
            for event in &events {
                site.apply(event);
            }
            if let Err(difference) = site.compare() {
                prop_assert!(false, "after {:?}: {}", events, difference);
            }
        }
    }
}

/// Applies events one after the other and compares after each.
fn walk(events: impl IntoIterator<Item = Event>) {
    let mut site = Site::new();
    assert!(site.build().changes.is_some());
    for event in events {
        site.apply(&event);
        if let Err(difference) = site.compare() {
            panic!("after {event:?}: {difference}");
        }
    }
}

#[test]
fn every_kind_of_change_alone() {
    walk([
        Event::EditBody(1, "多一句".to_owned()),
        Event::EditUnseen(2),
        Event::EditTitle(4, "山东".to_owned()),
        Event::Retag(3, 0),
        Event::Touch(3),
        Event::Picture(5),
        Event::Vocabulary(1),
        Event::Vocabulary(2),
        Event::Vocabulary(3),
        Event::Chapters(true),
        Event::Chapters(false),
        Event::Unit(2),
        Event::PageSize(3),
        Event::SiteTitle(2),
        Event::EditStyle(1),
        Event::EditTemplate(0, "words".to_owned()),
        Event::EditTemplate(1, "notice".to_owned()),
        Event::EditTemplate(2, "base".to_owned()),
        Event::RemoveTemplates,
        Event::Extras(true),
        Event::Days(40),
        Event::Days(-40),
        Event::Extras(false),
    ]);
}

/// What is said of a date that has not come, and of a section without news, is said until the day and from the day on.
#[test]
fn findings_that_come_and_go_with_the_days() {
    walk([-15, 10, 5, 1, -1, 20, -160, 13, 1, 1].map(Event::Days));
}

#[test]
fn targets_of_links_that_come_and_go() {
    walk([
        Event::Withdraw(3),
        Event::Add(3),
        Event::Unfold(6),
        Event::EditBody(0, "改动".to_owned()),
        Event::Delete(6),
        Event::Rename(5, 8),
        Event::Add(6),
        // Nothing but the name differs then, and not in its order.
        Event::Rename(2, 5),
    ]);
}

#[test]
fn damaged_outputs_and_caches_are_mended() {
    // Of the output a page in each part, and files of the index.
    let damage = (0..70).step_by(9).map(Event::DamageOutput);
    let trouble = [
        Event::CorruptCache(2000),
        Event::TruncateCache(900),
        Event::OtherProgram,
        Event::LoseCache,
    ];
    walk(damage.chain(trouble));
}

#[test]
fn compressed_copies_follow_their_files() {
    walk([
        Event::Precompress(true),
        Event::EditBody(1, "多一句".to_owned()),
        Event::DamageOutput(4),
        Event::Delete(2),
        Event::Precompress(false),
    ]);
}

/// Starts a build as a process of its own.
fn start(site: &Site) -> Child {
    Command::new(env!("CARGO_BIN_EXE_jixia"))
        .args(["build", "--now", &site.now.to_string(), "--root"])
        .arg(site.root())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_build_that_was_killed_is_mended_by_the_next() {
    let mut site = Site::new();
    assert!(site.build().changes.is_some());
    for round in 0..10 {
        site.apply(&Event::EditTitle(round % ENTRIES, format!("第{round}次")));
        site.apply(&Event::Delete((round + 5) % ENTRIES));
        site.apply(&Event::Add((round + 4) % ENTRIES));
        let mut process = start(&site);
        std::thread::sleep(Duration::from_millis(round as u64 * 12));
        let _ = process.kill();
        process.wait().unwrap();
        if let Err(difference) = site.compare() {
            panic!("round {round}: {difference}");
        }
    }
    let leftovers = fs::read_dir(site.root())
        .unwrap()
        .flatten()
        .map(|item| item.file_name().into_string().unwrap());
    assert_eq!(leftovers.filter(|name| name.contains("stage")).count(), 0);
}

#[test]
fn two_builds_at_once_do_not_damage_each_other() {
    let site = Site::new();
    let processes: Vec<Child> = (0..4).map(|_| start(&site)).collect();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    site.compare().unwrap();
}

#[test]
fn two_outputs_of_one_site_do_not_count_for_each_other() {
    let mut site = Site::new();
    let (public, other) = (site.root().join("public"), site.root().join("other"));
    let mut cache = Cache::default();
    site.build_into(&public, &mut cache);
    site.apply(&Event::EditUnseen(4));
    site.build_into(&other, &mut cache);
    let outcome = site.build_into(&public, &mut cache);
    site.compare_with(&outcome).unwrap();
}

#[test]
fn an_unchanged_site_writes_nothing() {
    let site = Site::new();
    assert!(site.build().changes.is_some());
    let changes = site.build_with_cache().changes.unwrap();
    assert_eq!((changes.written, changes.removed), (Vec::new(), Vec::new()));
}

#[test]
fn a_typo_in_a_body_writes_one_page_and_its_part_of_the_index() {
    let mut site = Site::new();
    assert!(site.build().changes.is_some());
    site.apply(&Event::EditBody(5, "多一句".to_owned()));
    let written = site.build_with_cache().changes.unwrap().written;
    let is_index = |file: &str| file.starts_with("search/") && file.ends_with(".bin");
    let pages: Vec<&String> = written.iter().filter(|file| !is_index(file)).collect();
    assert_eq!(pages, ["resources/e5/index.html"], "{written:?}");
}

#[test]
fn a_preview_shows_what_a_build_would() {
    let mut site = Site::new();
    let mut cache = Cache::default();
    let mut warm = site.build_and_keep(&mut cache);
    let events = [
        Event::EditUnseen(3),
        Event::EditUnseen(3),
        Event::EditTitle(3, "山东".to_owned()),
        Event::EditBody(3, "又一句".to_owned()),
        Event::EditUnseen(3),
    ];
    for event in events {
        site.apply(&event);
        let is_shown = site.preview(&mut warm, &mut cache, &[3]);
        // Other pages show the title too: that takes a build.
        assert_eq!(is_shown, !matches!(event, Event::EditTitle(..)), "{event:?}");
        if is_shown {
            let [shown, clean] = site.both("notices/e3/index.html");
            assert!(shown == clean, "after {event:?}");
        }
        // The output stays what the memory says: the next build mends the index, and the rest is the same.
        let outcome = site.build_into(&site.root().join("public"), &mut cache);
        site.compare_with(&outcome).unwrap();
        warm = site.build_and_keep(&mut cache);
    }
}

#[test]
fn photographs_are_replaced_and_their_copies_mended() {
    walk([
        Event::Photo(1),
        Event::Photo(2),
        Event::DamageThumbnails,
        Event::Photo(3),
        Event::Photo(0),
        Event::LoseThumbnails,
        Event::EditTitle(3, "山东".to_owned()),
        Event::Delete(3),
        Event::Delete(4),
        Event::Add(3),
    ]);
}
