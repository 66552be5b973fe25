//! Who may do what: a table of roles, actions and how the actor's unit stands to the thing.

pub use super::role::Role;
pub use super::scope::Scope;

/// What somebody wants to do. The thing acted on is a submission unless the name says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Action {
    /// Start a submission of one's unit.
    Create,
    /// Start many submissions of one's unit by a table.
    CreateMany,
    /// Begin to change what a unit published.
    Amend,
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
    /// Read what people of a unit did and what was done to what is the unit's.
    ReadAudit,
    /// See the server's own work, and have what failed of it repeated.
    TendServer,
    /// Give an opinion before the decision.
    Advise,
    /// File what is wrong on a published page of a unit.
    ReportProblem,
    /// Say what was done about it.
    AnswerProblem,
    /// Have what a unit published taken down at once.
    TakeDown,
    /// Propose and decide on changes of the portal's settings and declarations.
    ChangeSite,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Self] = &[
        Self::Create,
        Self::CreateMany,
        Self::Amend,
        Self::ReadDraft,
        Self::Edit,
        Self::Read,
        Self::Endorse,
        Self::Review,
        Self::Share,
        Self::ReadRoster,
        Self::ManageAccounts,
        Self::ReadAudit,
        Self::TendServer,
        Self::Advise,
        Self::ReportProblem,
        Self::AnswerProblem,
        Self::TakeDown,
        Self::ChangeSite,
    ];

    /// Its name in the audit log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::CreateMany => "create-many",
            Self::Amend => "amend",
            Self::ReadDraft => "read-draft",
            Self::Edit => "edit",
            Self::Read => "read",
            Self::Endorse => "endorse",
            Self::Review => "review",
            Self::Share => "share",
            Self::ReadRoster => "read-roster",
            Self::ManageAccounts => "manage-accounts",
            Self::ReadAudit => "read-audit",
            Self::TendServer => "tend-server",
            Self::Advise => "advise",
            Self::ReportProblem => "report-problem",
            Self::AnswerProblem => "answer-problem",
            Self::TakeDown => "take-down",
            Self::ChangeSite => "change-site",
        }
    }
}

/// The whole table. What roles are for is in theirs; "never one's own submission" is from the rules of the 2020 platform.
pub fn can(role: Role, action: Action, scope: Scope) -> bool {
    use Scope::{Assigned, Child, Own, OwnUnit};
    match action {
        Action::Create => role.contributes() && scope == OwnUnit,
        Action::CreateMany => role.is_admin() && scope == OwnUnit,
        // Those who decide on what units below hand in set what is theirs to set; what they hand in goes their own way up.
        Action::Amend => role.contributes() && scope == OwnUnit || role.reviews(Child) && scope == Child,
        Action::ReadDraft | Action::Edit => role.contributes() && scope == Own,
        Action::Read => {
            scope == Own && role.contributes()
                || role.is_admin() && matches!(scope, OwnUnit | Child)
                || role.advises() && scope == Assigned
        }
        // An admin's own item is endorsed by the leader whom the endorsement names, as everybody's of the unit.
        Action::Endorse => role.is_admin() && matches!(scope, Own | OwnUnit),
        Action::Review => role.reviews(scope),
        Action::Share => role.contributes() && scope == Own || can(role, Action::Review, scope),
        Action::ReadRoster | Action::ManageAccounts => role.is_admin() && matches!(scope, OwnUnit | Child),
        Action::ReadAudit => role.is_admin() && scope == OwnUnit || role.tends_server() && scope == Child,
        Action::TendServer => role.tends_server() && scope == OwnUnit,
        Action::Advise => role.advises() && scope == Assigned,
        Action::ReportProblem => role.patrols() && scope == OwnUnit,
        Action::ChangeSite => role.runs_site() && scope == OwnUnit,
        Action::AnswerProblem | Action::TakeDown => role.is_admin() && matches!(scope, OwnUnit | Child),
    }
}

/// What somebody may do in the place of an admin who named them deputy: decide on what comes before that admin, and see
/// it; neither manage people nor what is the admin's or the deputy's own. `scope` is how the admin stands to the thing;
/// what is the deputy's own is [`Scope::Own`] too.
pub fn can_for(admin: Role, action: Action, scope: Scope) -> bool {
    let is_deputised = matches!(action, Action::Read | Action::Endorse | Action::Review);
    is_deputised && scope != Scope::Own && admin.is_admin() && can(admin, action, scope)
}

/// Whether somebody may be an admin's deputy: people of the admin's own unit, and admins of the unit right above.
/// `standing` is how the admin's unit stands to that of the deputy.
pub fn may_stand_in(deputy: Role, standing: Scope, is_right_above: bool) -> bool {
    match standing {
        Scope::OwnUnit => deputy.contributes(),
        Scope::Parent => is_right_above && deputy.is_admin(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line a role, one column an action (in the order of [`Action::ALL`]); the letters are the scopes that are
    /// allowed: o own, u own unit, c child, p parent, x other, a assigned, - none.
    const TABLE: &str = "
        teacher        u   -   u   o   o   o   -   -   o   -   -   -   -   -   -   -   -   -
        school-admin   u   u   u   o   o   ouc ou  -   o   uc  uc  u   -   -   -   uc  uc  -
        group-admin    u   u   u   o   o   ouc ou  -   o   uc  uc  u   -   -   -   uc  uc  -
        county-admin   u   u   uc  o   o   ouc ou  c   oc  uc  uc  u   -   -   -   uc  uc  -
        city-admin     u   u   uc  o   o   ouc ou  c   oc  uc  uc  u   -   -   -   uc  uc  -
        province-admin u   u   uc  o   o   ouc ou  uc  ouc uc  uc  uc  u   -   -   uc  uc  u
        expert         -   -   -   -   -   a   -   -   -   -   -   -   -   a   -   -   -   -
        patroller      -   -   -   -   -   -   -   -   -   -   -   -   -   -   u   -   -   -
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
                for (scope, letter) in Scope::ALL.iter().zip("oucpxa".chars()) {
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

    /// What deputies of each role may do, by action; what is not named they may not.
    const DEPUTIES: &str = "
        teacher
        school-admin   read=uc endorse=u
        group-admin    read=uc endorse=u
        county-admin   read=uc endorse=u review=c
        city-admin     read=uc endorse=u review=c
        province-admin read=uc endorse=u review=uc
        expert
        patroller
    ";

    #[test]
    fn deputies_decide_and_do_nothing_else() {
        let mut checked = 0;
        for line in DEPUTIES.lines().filter(|line| !line.trim().is_empty()) {
            let mut words = line.split_whitespace();
            let role = words.next().and_then(Role::from_name).expect("a role");
            let allowed: Vec<(&str, &str)> = words.filter_map(|word| word.split_once('=')).collect();
            for action in Action::ALL {
                let cell = allowed.iter().find(|(name, _)| *name == action.name());
                for (scope, letter) in Scope::ALL.iter().zip("oucpxa".chars()) {
                    let expected = cell.is_some_and(|(_, letters)| letters.contains(letter));
                    assert_eq!(
                        can_for(role, *action, *scope),
                        expected,
                        "{role:?} {action:?} {scope:?}"
                    );
                    checked += 1;
                }
            }
        }
        assert_eq!(checked, Role::ALL.len() * Action::ALL.len() * Scope::ALL.len());
    }

    #[test]
    fn deputies_come_from_the_unit_or_right_above_it() {
        let cases = [
            (Role::Teacher, Scope::OwnUnit, false, true),
            (Role::Expert, Scope::OwnUnit, false, false),
            (Role::CityAdmin, Scope::Parent, true, true),
            (Role::ProvinceAdmin, Scope::Parent, false, false),
            (Role::Teacher, Scope::Parent, true, false),
            (Role::SchoolAdmin, Scope::Child, false, false),
            (Role::SchoolAdmin, Scope::Other, false, false),
        ];
        for (role, standing, is_right_above, expected) in cases {
            assert_eq!(
                may_stand_in(role, standing, is_right_above),
                expected,
                "{role:?} {standing:?}"
            );
        }
    }

    #[test]
    fn nobody_appoints_above_themselves() {
        assert!(Role::SchoolAdmin.may_appoint(Role::Teacher));
        assert!(Role::CityAdmin.may_appoint(Role::SchoolAdmin));
        assert!(!Role::SchoolAdmin.may_appoint(Role::CityAdmin));
        assert!(!Role::Teacher.may_appoint(Role::Teacher));
    }
}
