//! How many files, and how many bytes of them, there may be.

/// What lies there already, and what was announced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Files of the submission.
    pub files: u64,
    /// Bytes of the files of the submission.
    pub of_submission: u64,
    /// Bytes of the files of the account that are not published, and of those it removed that are still there.
    pub of_account: u64,
    /// The same of all accounts for submissions of the unit.
    pub of_unit: u64,
    /// Bytes that can still be written to the disk, if that is known.
    pub room: Option<u64>,
}

/// How much there may be; bytes but for the files.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// Files of a submission.
    pub files: u64,
    /// Of a submission.
    pub of_submission: u64,
    /// Of an account.
    pub of_account: u64,
    /// Of a unit.
    pub of_unit: u64,
    /// Of the disk, what is left alone.
    pub left_alone: u64,
}

/// Why a file of a size is too much; the key of a text. Returns `None` if it is not.
pub fn refusal(held: &Held, size: u64, most: &Most) -> Option<&'static str> {
    let exceeds = |held: u64, most: u64| held.saturating_add(size) > most;
    if held.files >= most.files {
        return Some("file.many");
    }
    if exceeds(held.of_submission, most.of_submission) {
        return Some("file.together");
    }
    if exceeds(held.of_account, most.of_account) {
        return Some("file.quota");
    }
    if exceeds(held.of_unit, most.of_unit) {
        return Some("file.quota-unit");
    }
    let is_short = |room: u64| room < size.saturating_add(most.left_alone);
    held.room.is_some_and(is_short).then_some("file.room")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_is_told_by_its_own_words() {
        let most = Most {
            files: 3,
            of_submission: 100,
            of_account: 200,
            of_unit: 300,
            left_alone: 50,
        };
        let held = |files, of_submission, of_account, of_unit, room| Held {
            files,
            of_submission,
            of_account,
            of_unit,
            room,
        };
        let cases = [
            (held(2, 90, 190, 290, Some(60)), 10, None),
            (held(2, 90, 190, 290, None), 10, None),
            (held(3, 0, 0, 0, None), 0, Some("file.many")),
            (held(0, 91, 0, 0, None), 10, Some("file.together")),
            (held(0, 0, 191, 0, None), 10, Some("file.quota")),
            (held(0, 0, 0, 291, None), 10, Some("file.quota-unit")),
            (held(0, 0, 0, 0, Some(59)), 10, Some("file.room")),
            (held(0, 1, 0, 0, None), u64::MAX, Some("file.together")),
        ];
        for (held, size, expected) in cases {
            assert_eq!(refusal(&held, size, &most), expected, "{held:?} {size}");
        }
    }
}
