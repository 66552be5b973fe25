//! Changes of the portal's settings and declarations (站点设置): which files there are, who decides on a change, and what
//! none may take away.

use jixia::config::SETTINGS;
use jixia::content::{KINDS, RUBRICS, UNITS, VOCABULARIES};

use super::file_name;
use super::names::named;
use super::policy::{Action, Role, can};
use super::subject::Person;
use super::units::Tree;

/// Settings of the portal as a whole, by the paths of their files.
pub const FILES: [&str; 2] = [SETTINGS, UNITS];

/// Folders of declarations, a file each.
pub const FOLDERS: [&str; 3] = [VOCABULARIES, RUBRICS, KINDS];

/// Most characters of a declaration: the longest vocabulary of a province has a tenth of it.
pub const LONGEST: usize = 400_000;

named! {
    /// Where a change is.
    State("state of a change of the site") {
        /// Another person has yet to look.
        Proposed = "proposed",
        /// Another person agreed; it is being written.
        Approved = "approved",
        /// It is part of what is published.
        Merged = "merged",
        /// It was turned down.
        Refused = "refused",
        /// Whoever proposed it took it back.
        Withdrawn = "withdrawn",
        /// The file changed between the approval and the writing.
        Outdated = "outdated",
    }
}

/// Whether a path is that of a file which is changed here. Nothing else ever comes to git by this way.
pub fn is_editable(path: &str) -> bool {
    FILES.contains(&path) || folder_of(path).is_some()
}

/// The folder of declarations that a file is in.
pub fn folder_of(path: &str) -> Option<&'static str> {
    let (folder, name) = path.rsplit_once('/')?;
    let name = name.strip_suffix(".toml")?;
    let is_name = file_name::is_plain(name);
    FOLDERS.into_iter().find(|known| *known == folder && is_name)
}

/// Whether somebody proposes changes and sees all of them: those who run the portal, in the unit above which there is none.
pub fn may_propose(who: Person<'_>, units: &Tree) -> bool {
    let is_root = units.get(who.unit).is_some_and(|unit| unit.parent.is_none());
    is_root
        && can(
            who.role,
            Action::ChangeSite,
            units.scope(who.unit, who.unit, false),
        )
}

/// Whether somebody decides on a change: another of those who run the portal, never who proposed it. Where the portal's
/// settings let deputies be the second person, so may whoever stands in for one of them.
pub fn may_decide(
    who: Person<'_>,
    principals: &[Person<'_>],
    has_deputies: bool,
    proposed_by: &str,
    units: &Tree,
) -> bool {
    let stands_in = || principals.iter().any(|principal| may_propose(*principal, units));
    who.id != proposed_by && (may_propose(who, units) || has_deputies && stands_in())
}

/// The units whose accounts would have no place any more: the unit is gone, or its level is not one that has their role.
/// Each with what it is called now; sorted.
pub fn stranded<'a>(
    accounts: impl IntoIterator<Item = (&'a str, Role)>,
    before: &'a Tree,
    after: &Tree,
) -> Vec<&'a str> {
    let without_place = accounts.into_iter().filter(|(unit, role)| {
        let had = before.get(unit).is_some_and(|unit| role.fits(unit.level));
        had && !after.get(unit).is_some_and(|unit| role.fits(unit.level))
    });
    let mut names: Vec<&str> = without_place.map(|(unit, _)| before.name(unit)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use jixia::content::Level;

    use super::super::units::fixture::{tree, units};
    use super::*;

    #[test]
    fn only_settings_and_declarations_are_editable() {
        let cases = [
            ("site.toml", true),
            ("content/units.toml", true),
            ("content/vocabularies/city.toml", true),
            ("content/rubrics/resource.toml", true),
            ("content/kinds/skills-day.toml", true),
            ("content/vocabularies/.toml", false),
            ("content/vocabularies/City.toml", false),
            ("content/vocabularies/../units.toml", false),
            ("content/vocabularies/a/b.toml", false),
            ("content/vocabularies/a.md", false),
            ("content/news/a.toml", false),
            ("/site.toml", false),
            ("intake.toml", false),
            ("themes/default/theme.toml", false),
            (".git/config", false),
            ("", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_editable(path), expected, "{path}");
        }
        let long = format!("content/kinds/{}.toml", "a".repeat(61));
        assert!(!is_editable(&long));
    }

    fn person<'a>(id: &'a str, role: Role, unit: &'a str) -> Person<'a> {
        Person {
            id,
            name: id,
            role,
            unit,
        }
    }

    #[test]
    fn those_who_run_the_portal_propose_and_another_person_decides() {
        let province = person("p", Role::ProvinceAdmin, "province");
        let second = person("q", Role::ProvinceAdmin, "province");
        let city = person("c", Role::CityAdmin, "city");
        let deputy = person("d", Role::Teacher, "province");
        let astray = person("x", Role::ProvinceAdmin, "city");
        let cases = [
            // Who; those in whose place; whether deputies count; who proposed; may propose; may decide.
            (province, vec![], false, "p", true, false),
            (second, vec![], false, "p", true, true),
            (second, vec![], true, "q", true, false),
            (city, vec![], true, "p", false, false),
            (astray, vec![], true, "p", false, false),
            (deputy, vec![], true, "p", false, false),
            (deputy, vec![province], false, "p", false, false),
            (deputy, vec![province], true, "p", false, true),
            (deputy, vec![province], true, "d", false, false),
            (deputy, vec![city], true, "p", false, false),
        ];
        let units = units();
        for (who, principals, has_deputies, by, proposes, decides) in cases {
            assert_eq!(may_propose(who, &units), proposes, "{who:?}");
            let found = may_decide(who, &principals, has_deputies, by, &units);
            assert_eq!(found, decides, "{who:?} for {principals:?} on what {by} proposed");
        }
    }

    #[test]
    fn no_account_loses_its_unit() {
        let before = tree([
            ("province", Level::Province, ""),
            ("city", Level::City, "province"),
            ("county", Level::County, "city"),
        ]);
        let accounts = || {
            [
                ("province", Role::ProvinceAdmin),
                ("city", Role::CityAdmin),
                ("city", Role::Teacher),
                ("gone-before", Role::Teacher),
            ]
        };
        let cases: [(Tree, Vec<&str>); 3] = [
            (
                tree([
                    ("province", Level::Province, ""),
                    ("city", Level::City, "province"),
                ]),
                vec![],
            ),
            (
                tree([
                    ("province", Level::Province, ""),
                    ("city", Level::County, "province"),
                ]),
                vec!["city"],
            ),
            (tree([("city", Level::City, "")]), vec!["province"]),
        ];
        for (after, expected) in cases {
            assert_eq!(stranded(accounts(), &before, &after), expected, "{after:?}");
        }
    }
}
