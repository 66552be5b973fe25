//! Roles: one table. A new role is a row here and a text `role.NAME`.

use jixia::content::Level;
use serde::{Deserialize, Serialize};

use super::names::Unknown;
use super::scope::Scope;

/// What a role is for and what it brings with it.
struct Info {
    /// In the database, in settings and in audit events.
    name: &'static str,
    /// The key of its label among the interface texts.
    text: &'static str,
    /// An admin gives roles of its own rank and of those below.
    rank: u8,
    /// Whether it answers for a unit: endorses, manages accounts, answers problems.
    is_admin: bool,
    /// Whether it hands things in, and may stand in for an admin of its unit.
    contributes: bool,
    /// How the units stand to its own whose submissions it decides on.
    reviews: &'static [Scope],
    /// Whether it reads the whole audit log, and sees and repeats the server's own work.
    tends_server: bool,
    /// Whether it answers for the portal itself: its settings, units and vocabularies.
    runs_site: bool,
    /// Whether it gives opinions on what it was asked about.
    advises: bool,
    /// Whether it files what is wrong on published pages.
    patrols: bool,
    /// The levels of units that have it; every level if there is none.
    levels: &'static [Level],
}

/// What most roles have.
const PLAIN: Info = Info {
    name: "",
    text: "",
    rank: 1,
    is_admin: false,
    contributes: false,
    reviews: &[],
    tends_server: false,
    runs_site: false,
    advises: false,
    patrols: false,
    levels: &[],
};
const ADMIN: Info = Info {
    is_admin: true,
    contributes: true,
    ..PLAIN
};

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident: $info:expr;)*) => {
        /// What an account is there for. An account has one role in one unit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum Role {
            $($(#[$doc])* $role,)*
        }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$role,)*];

            const fn info(self) -> &'static Info {
                match self {
                    $(Self::$role => const { &$info },)*
                }
            }
        }
    };
}

// Source: the roles in the rules of the 2020 platform.
roles! {
    /// Hands in.
    Teacher: Info { name: "teacher", text: "role.teacher", contributes: true, ..PLAIN };
    /// Answers for a school.
    SchoolAdmin: Info {
        name: "school-admin", text: "role.school-admin", rank: 2, levels: &[Level::School, Level::Other], ..ADMIN
    };
    /// Answers for a teaching research group.
    GroupAdmin: Info { name: "group-admin", text: "role.group-admin", rank: 2, levels: &[Level::Group], ..ADMIN };
    /// Answers for a county and decides on what its units hand in.
    CountyAdmin: Info {
        name: "county-admin", text: "role.county-admin", rank: 3, levels: &[Level::County], reviews: &[Scope::Child],
        ..ADMIN
    };
    /// Answers for a city and decides on what its units hand in.
    CityAdmin: Info {
        name: "city-admin", text: "role.city-admin", rank: 4, levels: &[Level::City], reviews: &[Scope::Child],
        ..ADMIN
    };
    /// Answers for the province. There is nobody above; another admin of the province decides what one of them made.
    ProvinceAdmin: Info {
        name: "province-admin", text: "role.province-admin", rank: 5, levels: &[Level::Province],
        reviews: &[Scope::Child, Scope::OwnUnit], tends_server: true, runs_site: true, ..ADMIN
    };
    /// Gives an opinion before the decision.
    Expert: Info { name: "expert", text: "role.expert", advises: true, ..PLAIN };
    /// Looks for what is wrong on published pages.
    Patroller: Info { name: "patroller", text: "role.patroller", patrols: true, ..PLAIN };
}

impl Role {
    /// Its name in the database, in settings and in audit events.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The role of a name. Returns `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }

    /// The key of its label among the interface texts.
    pub fn text(self) -> &'static str {
        self.info().text
    }

    /// Whether it answers for a unit.
    pub fn is_admin(self) -> bool {
        self.info().is_admin
    }

    /// Whether it hands things in.
    pub fn contributes(self) -> bool {
        self.info().contributes
    }

    /// Whether it decides on submissions of units that stand so to its own.
    pub fn reviews(self, scope: Scope) -> bool {
        self.info().reviews.contains(&scope)
    }

    /// Whether it reads the whole audit log, and sees and repeats the server's own work.
    pub fn tends_server(self) -> bool {
        self.info().tends_server
    }

    /// Whether it answers for the portal itself: its settings, units and vocabularies.
    pub fn runs_site(self) -> bool {
        self.info().runs_site
    }

    /// Whether it gives opinions on what it was asked about.
    pub fn advises(self) -> bool {
        self.info().advises
    }

    /// Whether it files what is wrong on published pages.
    pub fn patrols(self) -> bool {
        self.info().patrols
    }

    /// Whether units of a level have it.
    pub fn fits(self, level: Level) -> bool {
        let levels = self.info().levels;
        levels.is_empty() || levels.contains(&level)
    }

    /// Whether an admin of this role may give `other`: those of its own level for deputies, and everything below.
    pub fn may_appoint(self, other: Self) -> bool {
        self.is_admin() && other.info().rank <= self.info().rank
    }
}

impl TryFrom<String> for Role {
    type Error = Unknown;

    fn try_from(name: String) -> Result<Self, Unknown> {
        Self::from_name(&name)
            .ok_or_else(|| Unknown::new("role", name, Self::ALL.iter().map(|role| role.name())))
    }
}

impl From<Role> for &'static str {
    fn from(role: Role) -> Self {
        role.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_name_and_a_label_of_its_own() {
        let texts = crate::texts::Texts::chinese();
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(*role));
            assert_eq!(role.text(), format!("role.{}", role.name()));
            assert_ne!(texts.get(role.text()), role.text(), "{role:?}");
        }
        let labels: std::collections::BTreeSet<&str> =
            Role::ALL.iter().map(|role| texts.get(role.text())).collect();
        assert_eq!(labels.len(), Role::ALL.len());
    }

    #[test]
    fn an_unknown_role_is_an_error_that_lists_the_known_ones() {
        let said = Role::try_from("headmaster".to_owned()).map_err(|unknown| unknown.to_string());
        let said = said.expect_err("there is no such role");
        assert!(
            said.contains("headmaster") && said.contains("school-admin"),
            "{said}"
        );
        assert!(serde_json::from_str::<Role>("\"headmaster\"").is_err());
        assert_eq!(
            serde_json::to_string(&Role::CityAdmin).ok().as_deref(),
            Some("\"city-admin\"")
        );
    }

    #[test]
    fn roles_belong_to_levels() {
        assert!(Role::CityAdmin.fits(Level::City) && !Role::CityAdmin.fits(Level::School));
        assert!(Role::Teacher.fits(Level::Province) && !Role::SchoolAdmin.fits(Level::Group));
    }
}
