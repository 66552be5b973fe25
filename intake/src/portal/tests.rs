//! What the portal's declarations mean to the intake: units, chains, people, items of lists.

use std::fs;

use serde_json::json;

use super::*;
use crate::domain::role::Role;
use crate::domain::routing::Route;
use crate::domain::units::Tree;

const FILES: &[(&str, &str)] = &[
    ("site.toml", "[site]\ntitle = \"示例\"\n"),
    (
        "content/units.toml",
        "[[units]]\nid = \"p\"\nname = \"示例省\"\nlevel = \"province\"\n\
         [[units]]\nid = \"c\"\nname = \"示例市\"\nlevel = \"city\"\nparent = \"p\"\n",
    ),
    (
        "content/kinds/studio.toml",
        "id = \"studio\"\nlabel = \"大师工作室\"\nsection = \"studios\"\nreview = { chain = \"unit-superior\" }\n\
         [abilities]\nunit = { level = \"school\", parent = \"host\" }\n\
         [[fields]]\nname = \"host\"\ntype = \"unit\"\nlabel = \"依托单位\"\n",
    ),
    (
        "content/studios/lathe.md",
        "---\ntitle: 示例工作室\nhost: c\n---\n\n正文。\n",
    ),
    (
        "content/schools/s.md",
        "---\ntitle: 示例学校\nparent: c\n---\n\n正文。\n",
    ),
    (
        "content/teachers/yi.md",
        "---\ntitle: 示例教师乙\nschool: s\n---\n\n正文。\n",
    ),
    (
        "content/libraries/one.md",
        "---\ntitle: 示例资源库\npoints: [{code: '1', title: 一}, {code: '1.1', title: 一之一}]\n---\n\n正文。\n",
    ),
    (
        "content/libraries/two.md",
        "---\ntitle: 另一资源库\npoints: [{code: '7', title: 七}]\n---\n\n正文。\n",
    ),
];

fn snapshot() -> Snapshot {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in FILES {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let now = "2026-10-15T04:00:00Z".parse().unwrap();
    let world = Disk::open(directory.path(), now).unwrap();
    let loaded = load(&world, Options::default(), &mut Cache::default());
    Snapshot::new(&world, loaded, "commit", (&[], &[]), |_| None)
}

#[test]
fn a_kind_of_a_site_may_be_units_with_accounts_and_reviewers() {
    let snapshot = snapshot();
    let tree: &Tree = &snapshot.units;
    assert_eq!(tree.get("lathe").unwrap().name, "示例工作室");
    let chain = snapshot.chain(snapshot.kind("news").unwrap());
    let route = Route::of(&chain, &serde_json::Map::new(), "lathe", tree);
    assert_eq!(route.holder(), Some("c"));
    let kinds = snapshot.kinds_begun_by(Role::SchoolAdmin, "lathe");
    assert!(kinds.iter().any(|kind| kind.id == "studio"));
    let own = snapshot.entries_of_unit(Role::SchoolAdmin, "lathe");
    assert_eq!(own[0].0, "content/studios/lathe.md");
    let added = Added {
        unit: "lathe",
        ..Added::default()
    };
    let fields = json!({"title": "示例工作室"});
    let kind = snapshot.kind("studio").unwrap();
    let mut content = compose(kind, fields.as_object().unwrap(), "", &[]);
    complete(kind, &mut content, &added);
    assert!(!content.contains_key("unit"), "its page is about itself");
}

#[test]
fn teachers_submit_what_kinds_say() {
    let snapshot = snapshot();
    let kinds = snapshot.kinds_begun_by(Role::Teacher, "s");
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).collect();
    assert_eq!(kinds, ["news", "resource", "showcase"]);
}

#[test]
fn people_of_a_unit_are_offered_and_named_by_id() {
    let snapshot = snapshot();
    let offered = snapshot.people_of("s");
    assert_eq!(offered, [("teacher/yi".to_owned(), "示例教师乙".to_owned())]);
    assert!(snapshot.people_of("lathe").is_empty());
    assert_eq!(snapshot.author("示例教师乙", "s"), "teacher/yi");
    assert_eq!(snapshot.author("示例教师乙", "lathe"), "示例教师乙");
    assert_eq!(snapshot.person_name("teacher/yi"), "示例教师乙（teacher/yi）");
}

#[test]
fn points_are_offered_of_the_library_that_was_chosen() {
    let snapshot = snapshot();
    let kind = snapshot.kind("resource").unwrap();
    let outer = kind.field("curriculum").unwrap();
    let point = outer.fields.iter().find(|field| field.among.is_some()).unwrap();
    let items = |row: serde_json::Value| {
        let items = snapshot.items(kind, &Fields::new(), Some((outer, &row)), point);
        items.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(items(json!({"library": "one"})), ["1", "1.1"]);
    assert_eq!(
        items(json!({})),
        ["7", "1", "1.1"],
        "by the titles of the libraries"
    );
}
