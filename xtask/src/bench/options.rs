//! The options of the two chores.

use std::path::PathBuf;

use crate::result::Result;

/// What `cargo xtask bench` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// Numbers of entries, for growth; the rest is measured with 10,000, or the last one.
    pub(super) sizes: Vec<usize>,
    /// Runs of every measurement.
    pub(super) runs: usize,
    /// Whether Hugo and Pagefind run beside.
    pub(super) peers: bool,
    /// The one measurement to make.
    pub(super) only: Option<String>,
    /// Real text for the search index.
    pub(super) corpus: Option<PathBuf>,
    /// A generator built before, to compare it with; otherwise that of the repository is built.
    pub(super) jixia: Option<PathBuf>,
    /// Where corpora and portals are written.
    pub(super) temporary: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            sizes: vec![1_000, 10_000],
            runs: 3,
            peers: false,
            only: None,
            corpus: None,
            jixia: None,
            temporary: None,
        }
    }
}

impl Options {
    /// Reads the arguments.
    ///
    /// # Errors
    /// Names what is not an option or lacks its value.
    pub(super) fn parse(arguments: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.iter().copied();
        while let Some(option) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{option} needs a value"));
            match option {
                "--size" => options.sizes = value()?.split(',').map(size).collect::<Result<_>>()?,
                "--runs" => options.runs = runs(value()?)?,
                "--peers" => options.peers = true,
                "--only" => options.only = Some(value()?.to_owned()),
                "--corpus" => options.corpus = Some(value()?.into()),
                "--jixia" => options.jixia = Some(std::path::absolute(value()?)?),
                "--tmp" => options.temporary = Some(value()?.into()),
                other => return Err(format!("not an option: {other}").into()),
            }
        }
        Ok(options)
    }

    /// The number of entries of all measurements but growth.
    pub(super) fn size(&self) -> usize {
        let usual = self
            .sizes
            .iter()
            .find(|size| **size == 10_000)
            .or(self.sizes.last());
        usual.copied().unwrap_or(10_000)
    }
}

/// What `cargo xtask corpus` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CorpusOptions {
    pub(super) size: usize,
    pub(super) out: PathBuf,
    pub(super) code: bool,
    /// Whether the corpus is for Hugo.
    pub(super) hugo: bool,
}

impl CorpusOptions {
    /// Reads the arguments.
    ///
    /// # Errors
    /// Names what is not an option or lacks its value.
    pub(super) fn parse(arguments: &[&str]) -> Result<Self> {
        let (mut entries, mut out, mut code, mut hugo) = (10_000, None, false, false);
        let mut arguments = arguments.iter().copied();
        while let Some(option) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{option} needs a value"));
            match option {
                "--size" => entries = size(value()?)?,
                "--out" => out = Some(PathBuf::from(value()?)),
                "--code" => code = true,
                "--hugo" => hugo = true,
                other => return Err(format!("not an option: {other}").into()),
            }
        }
        Ok(Self {
            size: entries,
            out: out.ok_or("--out DIR is needed")?,
            code,
            hugo,
        })
    }
}

/// Reads a number of entries, such as `500` or `10k`.
fn size(text: &str) -> Result<usize> {
    let (digits, factor) = text.strip_suffix('k').map_or((text, 1), |digits| (digits, 1000));
    match digits.parse::<usize>() {
        Ok(number @ 1..=1_000_000) => Ok(number * factor),
        _ => Err(format!("not a number of entries: {text:?}, expected such as 500 or 10k").into()),
    }
}

fn runs(text: &str) -> Result<usize> {
    match text.parse() {
        Ok(number @ 1..=100) => Ok(number),
        _ => Err(format!("not a number of runs: {text:?}, expected 1 to 100").into()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_with_k() {
        let options = Options::parse(&["--size", "500,1k,100k", "--runs", "5"]).unwrap();
        assert_eq!(options.sizes, [500, 1_000, 100_000]);
        assert_eq!(options.runs, 5);
        assert_eq!(options.size(), 100_000);
        assert_eq!(Options::default().size(), 10_000);
    }

    #[test]
    fn what_is_no_option_is_named() {
        for (arguments, named) in [
            (&["--fast"] as &[&str], "--fast"),
            (&["--runs", "0"], "\"0\""),
            (&["--size", "1m"], "\"1m\""),
            (&["--only"], "--only"),
        ] {
            let error = Options::parse(arguments).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
