//! Which addresses there are: every file that a build writes can be linked, and nothing else can.

#![allow(clippy::unwrap_used)]

mod mutation;
mod site;

use std::collections::BTreeSet;

use site::{Site, demonstration, generated};

/// Links to every file that the site's build writes pass; a thousand addresses like theirs, of which none is written,
/// are refused, each by itself.
fn agrees(site: &Site) {
    let written = site.build();
    let refused = site.refused(&written);
    assert!(refused.is_empty(), "written, and refused: {refused:#?}");
    assert_eq!(site.build(), written, "links change no file's name");
    let wrong = mutation::addresses(&written, 1000);
    let refused = site.refused(&wrong);
    let passed: Vec<&String> = wrong.difference(&refused).collect();
    assert!(passed.is_empty(), "not written, and not refused: {passed:#?}");
}

#[test]
fn of_the_demonstration() {
    agrees(&demonstration(false));
}

#[test]
fn of_the_demonstration_with_compressed_copies() {
    agrees(&demonstration(true));
}

#[test]
fn of_a_site_with_every_switch_on() {
    agrees(&generated(true, ""));
}

#[test]
fn of_a_site_with_every_switch_off() {
    agrees(&generated(false, ""));
}

#[test]
fn of_a_site_below_the_root_of_its_host() {
    agrees(&generated(true, "/portal"));
}

#[test]
fn what_a_switch_takes_away_is_no_address() {
    let (with, without) = (generated(true, "").build(), generated(false, ""));
    let gone: BTreeSet<String> = with.difference(&without.build()).cloned().collect();
    assert!(gone.len() > 100, "{gone:#?}");
    assert_eq!(without.refused(&gone), gone);
}
