//! Whether the portal shows what is published, as of now.

/// What the portal shows.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The commit that it was built of.
    pub commit: &'a str,
    /// When it changes next without an edit, milliseconds since 1970.
    pub next_change: Option<i64>,
}

/// What the portal has to be built for, though nobody merged anything here: a name that tells one such build from
/// another. Returns `None` if it is up to date.
///
/// `published` is the last commit of the published branch, `now` milliseconds since 1970.
pub fn behind(shown: Shown<'_>, published: &str, now: i64) -> Option<String> {
    if shown.commit != published {
        return Some(format!("commit-{published}"));
    }
    let due = shown.next_change.filter(|next| *next <= now);
    due.map(|next| format!("moment-{next}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_built_for_a_push_and_when_its_time_has_come() {
        let cases = [
            ("a", None, "a", None),
            ("a", None, "b", Some("commit-b")),
            ("a", Some(1001), "a", None),
            ("a", Some(1000), "a", Some("moment-1000")),
            ("a", Some(999), "a", Some("moment-999")),
            // One build does for both.
            ("a", Some(999), "b", Some("commit-b")),
        ];
        for (commit, next_change, published, expected) in cases {
            let shown = Shown { commit, next_change };
            assert_eq!(
                behind(shown, published, 1000).as_deref(),
                expected,
                "{shown:?} {published}"
            );
        }
    }

    #[test]
    fn a_clock_that_jumps_asks_for_each_moment_once() {
        let mut asked = Vec::new();
        // Two moments, and a clock that goes ahead, back and far ahead.
        let next = |built_at: i64| [1000, 2000].into_iter().find(|moment| *moment > built_at);
        let mut built_at = 0;
        for now in [500, 1000, 1001, 700, 1999, 5000, 6000] {
            let shown = Shown {
                commit: "a",
                next_change: next(built_at),
            };
            if let Some(edition) = behind(shown, "a", now) {
                asked.push(edition);
                built_at = now;
            }
        }
        assert_eq!(asked, ["moment-1000", "moment-2000"]);
    }
}
