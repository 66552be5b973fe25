//! What an author declares before a submission may go on.

/// The declarations, all of which are required. Their words are among the interface texts.
pub const ALL: &[&str] = &["original", "unclassified", "no-personal-data", "fit", "licence"];

/// The declarations that were not made.
pub fn missing<'a>(made: &'a [String]) -> impl Iterator<Item = &'static str> + 'a {
    ALL.iter()
        .copied()
        .filter(|name| !made.iter().any(|made| made == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_declaration_counts() {
        let made = vec!["original".to_owned(), "fit".to_owned()];
        let missing: Vec<_> = missing(&made).collect();
        assert_eq!(missing, ["unclassified", "no-personal-data", "licence"]);
    }
}
