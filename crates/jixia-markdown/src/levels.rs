//! Levels of headings as the page shows them: none is skipped.
//!
//! The page's template has the `h1`. What a body writes is taken as an order of ranks: each heading stands one level below
//! the nearest one above it that outranks it, so `#` and `##`, `##` and `###`, `##` and `####` all come out as `h2` and
//! `h3`.

/// Gives the levels of a body's headings, one after the other.
#[derive(Default)]
pub(super) struct Levels {
    /// Ranks as written of the headings around, each one level below the one before it.
    around: Vec<u8>,
}

impl Levels {
    /// The level of the next heading, 2 to 6, and whether it skips one: the first may be `#` or `##`.
    pub(super) fn next(&mut self, written: u8) -> (u8, bool) {
        while self.around.pop_if(|rank| *rank >= written).is_some() {}
        let skips = written > self.around.last().map_or(2, |rank| rank + 1);
        self.around.push(written);
        // At most six ranks: each is greater than the one before.
        let level = u8::try_from(self.around.len())
            .unwrap_or(6)
            .saturating_add(1)
            .min(6);
        (level, skips)
    }
}

#[cfg(test)]
mod tests {
    use super::Levels;

    #[test]
    fn no_level_is_skipped() {
        let cases: &[(&[u8], &[u8], &[u8])] = &[
            (&[1, 2, 2, 1], &[2, 3, 3, 2], &[]),
            (&[2, 3, 4, 2], &[2, 3, 4, 2], &[]),
            (&[2, 4, 4, 3], &[2, 3, 3, 3], &[1, 2]),
            (&[3, 2, 5], &[2, 2, 3], &[0, 2]),
            (&[1, 2, 3, 4, 5, 6], &[2, 3, 4, 5, 6, 6], &[]),
        ];
        for (written, expected, skipping) in cases {
            let mut levels = Levels::default();
            let found: Vec<(u8, bool)> = written.iter().map(|rank| levels.next(*rank)).collect();
            let shown: Vec<u8> = found.iter().map(|(level, _)| *level).collect();
            assert_eq!(shown, *expected, "{written:?}");
            let skips: Vec<u8> = (0..)
                .zip(&found)
                .filter(|(_, (_, skips))| *skips)
                .map(|(at, _)| at)
                .collect();
            assert_eq!(skips, *skipping, "{written:?}");
        }
    }
}
