//! Tests of the room from inside: agreement with the browser's segmentation, codes, layout, and that an update is a build.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::prelude::*;
use serde_json::Value;

use super::bits::{BitReader, BitWriter};
use super::collector::{Keys, SECTIONS};
use super::digest::keys_of;
use super::fold::{CODE, fold_block};
use super::keys::{self, Occurrence};
use super::pinyin::readings;
use super::postings::{Payload, Posting, read_list, write_list};
use super::shard::{Lists, Scratch, Shard};
use super::slots::assign;
use super::*;

fn folded(text: &str) -> (String, Vec<u32>) {
    let mut codes = Vec::new();
    fold_block(text, &mut codes);
    (
        codes
            .iter()
            .filter_map(|code| char::from_u32(code & CODE))
            .collect(),
        codes,
    )
}

/// The same table is held against the browser's code by `tests/worker.test.mjs`.
#[test]
fn segmentation_agrees_with_the_browser() {
    let table: Value = serde_json::from_str(include_str!("../tests/segmentation.json")).unwrap();
    let cases = table["cases"].as_array().unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let text = case["text"].as_str().unwrap();
        let (shown, codes) = folded(text);
        assert_eq!(shown, case["folded"].as_str().unwrap(), "{text}");
        let mut indexed: Vec<(u64, Option<u32>)> = Vec::new();
        keys::scan(&codes, |Occurrence { key, next }| {
            let class = (keys::has_followers(key) && next != 0).then(|| keys::follower(next));
            indexed.push((key, class));
            true
        });
        for lookup in case["lookups"].as_array().unwrap() {
            let key: u64 = lookup[0].as_str().unwrap().parse().unwrap();
            let class = lookup[1].as_u64().map(|class| class as u32);
            assert!(
                indexed.contains(&(key, class)),
                "{text}: {key} {class:?} is not among {indexed:?}"
            );
        }
    }
}

#[test]
fn names_are_read_as_people_read_them() {
    let cases = [
        ("微课", false, "wei ke"),
        ("重庆银行会计", false, "chong qing yin hang kuai ji"),
        ("PLC 编程", false, "bian cheng"),
        ("绿色", false, "lv se"),
        ("單明", true, "shan ming"),
        ("单位", false, "dan wei"),
        ("校长", false, "xiao zhang"),
        ("abc", false, ""),
    ];
    for (text, is_person, expected) in cases {
        assert_eq!(readings(text, is_person), expected, "{text}");
    }
}

#[test]
fn phrases_have_a_syllable_for_each_character() {
    for line in include_str!("phrases.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let (word, syllables) = line.split_once(' ').unwrap();
        assert_eq!(
            word.trim_start_matches('^').chars().count(),
            syllables.split(' ').count(),
            "{line}"
        );
        assert_eq!(
            folded(word.trim_start_matches('^')).0,
            word.trim_start_matches('^'),
            "{line}: not in folded form"
        );
    }
}

#[test]
fn a_document_more_moves_few_others() {
    let ids: Vec<String> = (0..500).map(|number| format!("resource/{number}")).collect();
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    let with = assign(&all);
    let without = assign(&all[1..]);
    assert_eq!(with.count, without.count);
    let moved = with.of[1..]
        .iter()
        .zip(&without.of)
        .filter(|(left, right)| left != right)
        .count();
    assert!(moved < 10, "{moved} documents moved");
    let mut slots = with.of.clone();
    slots.sort_unstable();
    slots.dedup();
    assert_eq!(slots.len(), ids.len(), "two documents share a slot");
    let reversed: Vec<&str> = all.iter().rev().copied().collect();
    let again: Vec<u32> = assign(&reversed).of.into_iter().rev().collect();
    assert_eq!(again, with.of, "slots depend on the order of documents");
}

proptest! {
    #[test]
    fn lists_are_read_as_written(
        raw in proptest::collection::btree_map(0u32..5000, (1u32..20, any::<u32>(), any::<bool>()), 1..300),
        is_pair in any::<bool>(),
    ) {
        let key = if is_pair { keys::gram(0x6570, 0x636E) } else { 12345 };
        let postings: Vec<Posting> = raw.into_iter().map(|(slot, (count, mask, title))| {
            // As many classes as occurrences at most, at least one; words have none.
            let bits: Vec<u32> = (0..32).filter(|bit| mask >> bit & 1 == 1).take(count as usize).collect();
            let mask = bits.iter().fold(0, |mask, bit| mask | 1u32 << bit);
            let followers = if is_pair { mask.max(1) } else { 1 };
            Posting { slot, payload: Payload::new(count, followers, title) }
        }).collect();
        let mut writer = BitWriter::default();
        write_list(&mut writer, 4096, key, &postings);
        let bytes = writer.finish();
        let mut read = Vec::new();
        read_list(&mut BitReader::at(&bytes, 0), 4096, key, &mut read).unwrap();
        // What is frequent is kept coarsely: every class stays, some come; writing again gives the same bytes.
        prop_assert_eq!(read.len(), postings.len());
        for (left, right) in read.iter().zip(&postings) {
            prop_assert_eq!((left.slot, left.payload.flags), (right.slot, right.payload.flags));
            prop_assert_eq!(left.payload.followers & right.payload.followers, right.payload.followers);
        }
        let mut again = BitWriter::default();
        write_list(&mut again, 4096, key, &read);
        prop_assert_eq!(again.finish(), bytes);
    }

    #[test]
    fn nothing_panics_on_damaged_files(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Some(shard) = Shard::read(&bytes, 0) {
            let _ = Lists::patched(&shard, 64, &[]);
        }
        let _ = State::from_bytes(&bytes);
        let _ = packs::record(&bytes, 3);
        let _ = record::decompress(&bytes);
        let _ = keys_of(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn nothing_panics_on_hostile_text(title in any::<String>(), text in any::<String>(), person in any::<String>()) {
        let block = Block { kind: BlockKind::Body, text };
        let document = Document { title, text: [block].into_iter().collect(), people: vec![person], ..Document::default() };
        let digest = digest(&document);
        let record = record::decompress(&digest.record).unwrap();
        let keys = |keys: &Keys| {
            let mut all = Vec::new();
            keys.all(|key, payload| all.push((key, payload.followers, payload.flags)));
            all.sort_unstable();
            all
        };
        // What the index holds is what is computed again from the published record.
        prop_assert_eq!(keys(&keys_of(&record).unwrap()), keys(&digest.keys));
    }
}

/// Documents by number, each with its revision; a page's text follows from both.
type Site = BTreeMap<u32, u32>;

#[derive(Default)]
struct Disk {
    documents: Vec<Document>,
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    asked: Mutex<usize>,
}

impl Library for Disk {
    fn digest(&self, index: usize) -> Digest {
        *self.asked.lock().unwrap() += 1;
        digest(&self.documents[index])
    }
    fn published(&self, path: &str) -> Option<Vec<u8>> {
        self.files.lock().unwrap().get(path).cloned()
    }
    fn publish(&self, path: &str, bytes: &[u8]) {
        self.files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
    }
}

fn document(number: u32, revision: u32) -> Document {
    let mut seed = u64::from(number) << 1 | 1;
    let mut random = |limit: u64| {
        seed = seed
            .wrapping_mul(0x5851_F42D_4C95_7F2D)
            .wrapping_add(0x1405_7B7E_F767_814F);
        (seed >> 33) % limit
    };
    let mut block = || {
        let text = (0..120)
            .filter_map(|_| char::from_u32(0x4E00 + (random(30) * random(30)) as u32))
            .collect();
        Block {
            kind: if random(5) == 0 {
                BlockKind::Heading
            } else {
                BlockKind::Body
            },
            text,
        }
    };
    let mut blocks: Vec<Block> = (0..4).map(|_| block()).collect();
    blocks.push(Block {
        kind: BlockKind::Body,
        text: format!("revision{revision} 第{revision}次修订 word{number}"),
    });
    let year = (2020 + (number + revision) % 3).to_string();
    Document {
        url: format!("/{number}/"),
        title: format!("示例课程{}：第{revision}版", number % 7),
        kind: "课程".into(),
        date: (!number.is_multiple_of(5)).then_some(19_000 + (number * 37 % 900) as i32),
        units: vec![format!("示例第{}学院", number % 3)],
        facets: vec![("year".into(), year), ("city".into(), "济南".into())],
        text: blocks.into_iter().collect(),
        ..Document::default()
    }
}

fn build(
    site: &Site,
    previous: Option<&State>,
    files: BTreeMap<String, Vec<u8>>,
) -> (Outcome, BTreeMap<String, Vec<u8>>, usize) {
    let documents = site
        .iter()
        .map(|(&number, &revision)| document(number, revision))
        .collect();
    let disk = Disk {
        documents,
        files: Mutex::new(files),
        asked: Mutex::default(),
    };
    let ids: Vec<String> = site.keys().map(|number| format!("course/{number}")).collect();
    let stamps = ids.iter().zip(site.values()).map(|(id, &revision)| Stamp {
        id,
        fingerprint: revision.into(),
    });
    let outcome = update(previous, &stamps.collect::<Vec<_>>(), &disk);
    let mut files = disk.files.into_inner().unwrap();
    for path in &outcome.removed {
        files.remove(path);
    }
    (outcome, files, disk.asked.into_inner().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn an_update_gives_what_a_clean_build_gives(
        start in proptest::collection::btree_map(0u32..60, 0u32..3, 0..40),
        steps in proptest::collection::vec(proptest::collection::vec((0u32..60, 0u32..4), 1..6), 1..6),
    ) {
        let mut site: Site = start;
        let (outcome, mut files, _) = build(&site, None, BTreeMap::new());
        let mut state = State::from_bytes(&outcome.state.to_bytes()).unwrap();
        for edits in steps {
            for (number, revision) in edits {
                // Revision 3 stands for a removal.
                if revision == 3 { site.remove(&number); } else { site.insert(number, revision); }
            }
            let (outcome, updated, _) = build(&site, Some(&state), files);
            let (clean, expected, _) = build(&site, None, BTreeMap::new());
            prop_assert!(updated == expected, "files differ after an update");
            prop_assert_eq!(outcome.state.to_bytes(), clean.state.to_bytes());
            let listed: BTreeMap<String, u32> = outcome.state.files().map(|file| (file.path, file.length)).collect();
            let present: BTreeMap<String, u32> = updated.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u32)).collect();
            prop_assert_eq!(listed, present);
            (state, files) = (outcome.state, updated);
        }
    }
}

#[test]
fn an_edit_costs_what_changed() {
    let mut site: Site = (0..200).map(|number| (number, 0)).collect();
    let (outcome, files, asked) = build(&site, None, BTreeMap::new());
    assert_eq!(asked, 200);
    let count = files.len();
    assert!(count > 60, "{count} files are too few to tell");
    site.insert(77, 1);
    let before = files.clone();
    let (_, after, asked) = build(&site, Some(&outcome.state), files);
    assert_eq!(asked, 1, "documents that did not change were asked for");
    let changed = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes))
        .count();
    assert!(changed < count / 3, "{changed} of {count} files changed");
    assert!(changed > 2);
}

#[test]
fn damaged_files_and_states_are_built_anew() {
    let mut site: Site = (0..60).map(|number| (number, 0)).collect();
    let (outcome, files, _) = build(&site, None, BTreeMap::new());
    site.insert(7, 1);
    let (_, expected, _) = build(&site, None, BTreeMap::new());
    let mut rebuilt = 0;
    for path in files.keys().filter(|path| path.contains('/')) {
        for is_missing in [true, false] {
            let mut files = files.clone();
            if is_missing {
                files.remove(path);
            } else {
                files.get_mut(path).unwrap()[0] ^= 0x55;
            }
            let (_, updated, asked) = build(&site, Some(&outcome.state), files);
            if asked > 1 {
                rebuilt += 1;
                assert!(updated == expected, "{path} damaged: the index differs");
            } else {
                // The update had no need of it; the output's own checks find it.
                assert!(
                    updated
                        .iter()
                        .all(|(other, bytes)| other == path || expected.get(other) == Some(bytes)),
                    "{path}"
                );
            }
        }
    }
    assert!(rebuilt >= 4, "{rebuilt} damaged files were noticed");
    let mut bytes = outcome.state.to_bytes();
    for at in (0..bytes.len()).step_by(97) {
        bytes[at] ^= 1;
        assert!(
            State::from_bytes(&bytes).is_none(),
            "a state damaged at {at} was believed"
        );
        bytes[at] ^= 1;
    }
    assert!(State::from_bytes(&bytes[..bytes.len() / 2]).is_none());
}

#[test]
fn batches_join_to_what_one_batch_makes() {
    let keys = |range: std::ops::Range<u32>| -> Vec<(u32, Keys)> {
        range
            .map(|slot| (slot, digest(&document(slot, 1)).keys))
            .collect()
    };
    for section in 0..SECTIONS {
        let make = |range| Lists::bulk(section, 128, &keys(range), &mut Scratch::default());
        let (whole, parts) = (make(0..40), [make(0..13), make(13..14), make(14..40)]);
        let merged = Lists::merge(&parts.iter().collect::<Vec<_>>(), 128);
        let encode = |lists: &Lists| lists.encode(0..lists.keys.len(), 0);
        assert_eq!(encode(&merged), encode(&whole), "section {section}");
    }
}

#[test]
fn an_empty_site_has_an_index() {
    let (outcome, files, _) = build(&Site::new(), None, BTreeMap::new());
    assert!(files.contains_key("index.bin"));
    assert!(outcome.removed.is_empty());
}
