//! What the audit log tells of, in the groups by which it is filtered.

/// The words of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Its name in addresses and among the interface texts, as `audit.group-NAME`.
    pub name: &'static str,
    /// The words of the log that belong to it.
    pub acts: &'static [&'static str],
}

/// Every word but those of what somebody tried and may not, which begin with [`REFUSED`].
pub const GROUPS: &[Group] = &[
    Group {
        name: "submission",
        acts: &[
            "create",
            "draft-removed",
            "submit",
            "endorse",
            "take",
            "assign",
            "pass",
            "return",
            "reject",
            "accept",
            "conflict",
            "reconcile",
            "merge",
            "publish",
            "withdraw",
            "release",
            "hand-over",
            "in-place-of",
        ],
    },
    Group {
        name: "talk",
        acts: &[
            "comment",
            "reply",
            "mended",
            "unmended",
            "settle",
            "reopen",
            "assess",
            "ask-expert",
            "advise",
            "share",
            "unshare",
        ],
    },
    Group {
        name: "files",
        acts: &[
            "file",
            "file-removed",
            "file-refused",
            "file-infected",
            "ledger-written",
            "audit-written",
        ],
    },
    Group {
        name: "published",
        acts: &[
            "takedown-ordered",
            "takedown-confirmed",
            "takedown-lifted",
            "recommended",
            "recommendation-taken",
            "recommendation-declined",
            "problem-reported",
            "problem-answered",
            "purged",
        ],
    },
    Group {
        name: "people",
        acts: &[
            "registered",
            "invited",
            "opened",
            "account-made",
            "account-confirmed",
            "account-reset",
            "account-amended",
            "account-suspended",
            "account-reopened",
            "account-closed",
            "deputy-named",
            "deputy-ended",
            "webhook-set",
            "webhook-removed",
        ],
    },
    Group {
        name: "account",
        acts: &[
            "sign-in",
            "sign-in-recovery",
            "sign-in-failed",
            "password-right",
            "sign-out",
            "session-ended",
            "password",
            "notices",
            "totp-begun",
            "totp-codes",
            "totp-ended",
            "totp-removed",
        ],
    },
    Group {
        name: "site",
        acts: &[
            "site-proposed",
            "site-approved",
            "site-refused",
            "site-withdrawn",
            "site-outdated",
            "retry-jobs",
        ],
    },
];

/// How a word of something begins that somebody tried and may not.
pub const REFUSED: &str = "refused:";

/// The name of the group of what somebody tried and may not.
pub const REFUSED_GROUP: &str = "refused";

/// The words that a filter stands for: those of a group, or one. Empty for what there is not.
pub fn acts(filter: &str) -> Vec<&'static str> {
    let group = GROUPS.iter().find(|group| group.name == filter);
    let one = || {
        let mut all = GROUPS.iter().flat_map(|group| group.acts);
        all.find(|act| **act == filter).map(|act| vec![*act])
    };
    match group {
        Some(group) => group.acts.to_vec(),
        None => one().unwrap_or_default(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_group_or_one_word() {
        assert_eq!(acts("site").len(), 6);
        assert_eq!(acts("endorse"), ["endorse"]);
        assert!(acts("").is_empty() && acts("no-such").is_empty());
    }

    /// Words that the sources record in so many letters.
    fn recorded(directory: &std::path::Path, found: &mut Vec<String>) {
        for item in std::fs::read_dir(directory).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                recorded(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                let program = text.split("#[cfg(test)]").next().unwrap_or_default();
                let calls = program.split("actor.event(").skip(1);
                let words = calls.filter_map(|call| call.trim_start().strip_prefix('"')?.split('"').next());
                found.extend(words.map(str::to_owned));
            }
        }
    }

    #[test]
    fn whatever_is_recorded_is_found_by_a_filter() {
        let mut found = Vec::new();
        let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        recorded(&sources, &mut found);
        assert!(found.len() > 20, "{found:?}");
        found.retain(|word| acts(word).is_empty());
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn no_word_is_in_two_groups() {
        let mut all: Vec<&str> = GROUPS.iter().flat_map(|group| group.acts).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(GROUPS.iter().all(|group| !all.contains(&group.name)), "{all:?}");
    }
}
