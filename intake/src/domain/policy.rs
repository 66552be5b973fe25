//! Who may do what: a table of roles, actions and how the actor's unit stands to the thing.

use serde::{Deserialize, Serialize};

/// What an account is there for. An account has one role in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Role {
    Teacher,
    SchoolAdmin,
    GroupAdmin,
    CountyAdmin,
    CityAdmin,
    ProvinceAdmin,
    Expert,
    Patroller,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[
        Self::Teacher,
        Self::SchoolAdmin,
        Self::GroupAdmin,
        Self::CountyAdmin,
        Self::CityAdmin,
        Self::ProvinceAdmin,
        Self::Expert,
        Self::Patroller,
    ];

    /// Its name in the database and among the interface texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::SchoolAdmin => "school-admin",
            Self::GroupAdmin => "group-admin",
            Self::CountyAdmin => "county-admin",
            Self::CityAdmin => "city-admin",
            Self::ProvinceAdmin => "province-admin",
            Self::Expert => "expert",
            Self::Patroller => "patroller",
        }
    }

    /// The role of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }

    /// Whether it answers for a unit.
    pub fn is_admin(self) -> bool {
        matches!(
            self,
            Self::SchoolAdmin | Self::GroupAdmin | Self::CountyAdmin | Self::CityAdmin | Self::ProvinceAdmin
        )
    }
}

/// What somebody wants to do. The thing acted on is a submission unless the name says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Action {
    /// Start a submission of one's unit.
    Create,
    /// See a draft that was not submitted, and its files.
    ReadDraft,
    /// Change fields and files, submit, withdraw.
    Edit,
    /// See what was submitted, its files and history.
    Read,
    /// Approve for the unit that it may leave it, or give it back.
    Endorse,
    /// Return with reasons, reject, accept. Only for the unit whose turn it is.
    Review,
    /// Make a link that shows it to people without an account. A reviewer only for the unit whose turn it is.
    Share,
    /// See the accounts of a unit, with how to reach their holders.
    ReadRoster,
    /// Make, close and reset accounts of a unit.
    ManageAccounts,
    /// Read the audit log and the state of jobs.
    ReadAudit,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Self] = &[
        Self::Create,
        Self::ReadDraft,
        Self::Edit,
        Self::Read,
        Self::Endorse,
        Self::Review,
        Self::Share,
        Self::ReadRoster,
        Self::ManageAccounts,
        Self::ReadAudit,
    ];

    /// Its name in the audit log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::ReadDraft => "read-draft",
            Self::Edit => "edit",
            Self::Read => "read",
            Self::Endorse => "endorse",
            Self::Review => "review",
            Self::Share => "share",
            Self::ReadRoster => "read-roster",
            Self::ManageAccounts => "manage-accounts",
            Self::ReadAudit => "read-audit",
        }
    }
}

/// How the actor stands to the thing. The nearest applies: what is one's own is not also the unit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Scope {
    /// The actor made it.
    Own,
    /// It is the actor's unit's.
    OwnUnit,
    /// It is of a unit below the actor's.
    Child,
    /// It is of a unit above the actor's.
    Parent,
    /// Neither above nor below.
    Other,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Self] = &[Self::Own, Self::OwnUnit, Self::Child, Self::Parent, Self::Other];
}

/// The whole table. Source: the roles in the rules of the 2020 platform, and "never one's own submission".
pub fn can(role: Role, action: Action, scope: Scope) -> bool {
    use Scope::{Child, Own, OwnUnit};
    let contributes = !matches!(role, Role::Expert | Role::Patroller);
    match action {
        Action::Create => contributes && scope == OwnUnit,
        Action::ReadDraft | Action::Edit => contributes && scope == Own,
        Action::Read => scope == Own && contributes || role.is_admin() && matches!(scope, OwnUnit | Child),
        // An admin's own item is endorsed by the leader whom the endorsement names, as everybody's of the unit.
        Action::Endorse => role.is_admin() && matches!(scope, Own | OwnUnit),
        Action::Review => match role {
            Role::CountyAdmin | Role::CityAdmin => scope == Child,
            // There is nobody above; another admin of the province decides what one of them made.
            Role::ProvinceAdmin => matches!(scope, Child | OwnUnit),
            _ => false,
        },
        Action::Share => contributes && scope == Own || can(role, Action::Review, scope),
        Action::ReadRoster | Action::ManageAccounts => role.is_admin() && matches!(scope, OwnUnit | Child),
        Action::ReadAudit => role == Role::ProvinceAdmin && matches!(scope, OwnUnit | Child),
    }
}

/// Roles that an admin may give to accounts of a unit: those of its own level for deputies, and everything below.
pub fn may_appoint(actor: Role, role: Role) -> bool {
    let rank = |role: Role| match role {
        Role::ProvinceAdmin => 5,
        Role::CityAdmin => 4,
        Role::CountyAdmin => 3,
        Role::SchoolAdmin | Role::GroupAdmin => 2,
        Role::Teacher | Role::Expert | Role::Patroller => 1,
    };
    actor.is_admin() && rank(role) <= rank(actor)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line a role, one column an action (in the order of [`Action::ALL`]); the letters are the scopes that are
    /// allowed: o own, u own unit, c child, p parent, x other, - none.
    const TABLE: &str = "
        teacher        u o o o   -  -  o   -  -  -
        school-admin   u o o ouc ou -  o   uc uc -
        group-admin    u o o ouc ou -  o   uc uc -
        county-admin   u o o ouc ou c  oc  uc uc -
        city-admin     u o o ouc ou c  oc  uc uc -
        province-admin u o o ouc ou uc ouc uc uc uc
        expert         - - - -   -  -  -   -  -  -
        patroller      - - - -   -  -  -   -  -  -
    ";

    #[test]
    fn every_role_action_and_scope_is_as_in_the_table() {
        let mut checked = 0;
        for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
            let mut words = line.split_whitespace();
            let role = words.next().and_then(Role::from_name).expect("a role");
            let cells: Vec<&str> = words.collect();
            assert_eq!(cells.len(), Action::ALL.len(), "{line}");
            for (action, cell) in Action::ALL.iter().zip(cells) {
                for (scope, letter) in Scope::ALL.iter().zip("oucpx".chars()) {
                    assert_eq!(
                        can(role, *action, *scope),
                        cell.contains(letter),
                        "{role:?} {action:?} {scope:?}"
                    );
                    checked += 1;
                }
            }
        }
        assert_eq!(checked, Role::ALL.len() * Action::ALL.len() * Scope::ALL.len());
    }

    #[test]
    fn nobody_reviews_what_is_their_own() {
        for role in Role::ALL {
            assert!(!can(*role, Action::Review, Scope::Own), "{role:?}");
        }
    }

    #[test]
    fn nobody_appoints_above_themselves() {
        assert!(may_appoint(Role::SchoolAdmin, Role::Teacher));
        assert!(may_appoint(Role::CityAdmin, Role::SchoolAdmin));
        assert!(!may_appoint(Role::SchoolAdmin, Role::CityAdmin));
        assert!(!may_appoint(Role::Teacher, Role::Teacher));
    }
}
