//! What of a Word document cannot be carried over into a text, counted.

use std::fmt;

use super::names::named;

named! {
    /// What is lost or changed.
    Loss("loss of a document") {
        /// A chart or diagram, which Word draws by itself.
        Chart = "chart",
        /// A formula, of which the text is left.
        Formula = "formula",
        /// A picture that no browser shows.
        Picture = "picture",
        /// A picture that was not taken as a file.
        Refused = "refused",
    }
}

/// How often each loss is met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses(Vec<(Loss, usize)>);

/// Between losses in an address.
const BETWEEN: char = '.';

impl Losses {
    /// Counts a loss.
    pub fn add(&mut self, loss: Loss) {
        match self.0.iter_mut().find(|(known, _)| *known == loss) {
            Some((_, count)) => *count += 1,
            None => self.0.push((loss, 1)),
        }
    }

    /// Each loss with how often it is met, in the order of first meeting.
    pub fn iter(&self) -> impl Iterator<Item = (Loss, usize)> {
        self.0.iter().copied()
    }

    /// What an address says. What is no loss is passed over: an address is typed by anybody.
    pub fn parse(text: &str) -> Self {
        let one = |part: &str| {
            let (name, count) = part.split_once('-')?;
            Some((Loss::from_name(name)?, count.parse().ok()?))
        };
        Self(
            text.split(BETWEEN)
                .filter_map(one)
                .take(Loss::ALL.len())
                .collect(),
        )
    }
}

/// As it stands in an address: `formula-2.picture-1`.
impl fmt::Display for Losses {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (loss, count)) in self.iter().enumerate() {
            let between = if place == 0 { "" } else { "." };
            write!(formatter, "{between}{}-{count}", loss.name())?;
        }
        Ok(())
    }
}

/// The number of the last footnote of a text.
fn last_note(text: &str) -> usize {
    let marks = text.split("[^").skip(1);
    let number = |rest: &str| rest.split(']').next()?.parse::<usize>().ok();
    marks.filter_map(number).max().unwrap_or_default().min(100_000)
}

/// A text with the text of a document behind it. Footnotes of both are numbered by themselves, and go on counting.
pub fn joined(text: &str, document: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() {
        return document.to_owned();
    }
    let (last, mut behind) = (last_note(text), String::with_capacity(document.len()));
    let mut rest = document;
    while let Some((before, after)) = rest.split_once("[^") {
        let digits = after.len() - after.trim_start_matches(|sign: char| sign.is_ascii_digit()).len();
        let number = after[..digits].parse::<usize>().ok();
        let number = number.filter(|_| after[digits..].starts_with(']') && !before.ends_with('\\'));
        behind.push_str(before);
        behind.push_str("[^");
        match number {
            Some(number) => behind.push_str(&number.saturating_add(last).to_string()),
            None => behind.push_str(&after[..digits]),
        }
        rest = &after[digits..];
    }
    behind.push_str(rest);
    format!("{text}\n\n{behind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_counted_and_read_back() {
        let mut losses = Losses::default();
        for loss in [Loss::Formula, Loss::Picture, Loss::Formula] {
            losses.add(loss);
        }
        assert_eq!(losses.to_string(), "formula-2.picture-1");
        assert_eq!(Losses::parse("formula-2.picture-1"), losses);
        for text in ["", "formula", "formula-x", "<b>-1", "formula--1"] {
            assert_eq!(Losses::parse(text), Losses::default(), "{text}");
        }
    }

    #[test]
    fn what_is_there_stays_and_footnotes_go_on_counting() {
        let cases = [
            ("", "文[^1]\n\n[^1]: 注", "文[^1]\n\n[^1]: 注"),
            ("  \n", "文", "文"),
            ("甲\n", "乙", "甲\n\n乙"),
            (
                "甲[^2]\n\n[^2]: 注",
                "乙[^1]\n\n[^1]: 注",
                "甲[^2]\n\n[^2]: 注\n\n乙[^3]\n\n[^3]: 注",
            ),
            ("甲[^1]", "a\\[^1] [^b] [^", "甲[^1]\n\na\\[^1] [^b] [^"),
        ];
        for (text, document, expected) in cases {
            assert_eq!(joined(text, document), expected, "{text} {document}");
        }
    }
}
