//! `cargo xtask corpus` and `cargo xtask bench`: how fast the generator is, beside its peers and the floor.

mod corpus;
mod hugo;
mod random;

use std::path::Path;

use crate::Result;
use corpus::Corpus;

/// Writes a corpus: `--size 10k --out DIR [--code] [--hugo]`.
pub(crate) fn write_corpus(arguments: &[&str]) -> Result<()> {
    let (mut size, mut out, mut code) = (10_000, None, false);
    let mut peer = false;
    let mut arguments = arguments.iter();
    while let Some(option) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{option} needs a value"));
        match *option {
            "--size" => size = parse_size(value()?)?,
            "--out" => out = Some(*value()?),
            "--code" => code = true,
            "--hugo" => peer = true,
            other => return Err(format!("not an option: {other}").into()),
        }
    }
    let out = Path::new(out.ok_or("--out DIR is needed")?);
    if out.join("content").exists() {
        return Err(format!("{} exists already", out.join("content").display()).into());
    }
    let corpus = Corpus { size, code };
    let bytes = if peer {
        hugo::write(corpus, out)?
    } else {
        corpus.write(out)?
    };
    println!("{size} entries, {:.1} MB", bytes as f64 / 1e6);
    Ok(())
}

/// Reads a number of entries, such as `500` or `10k`.
fn parse_size(text: &str) -> Result<usize> {
    let (digits, factor) = text.strip_suffix('k').map_or((text, 1), |digits| (digits, 1000));
    let number: usize = digits
        .parse()
        .map_err(|_| format!("not a number of entries: {text:?}"))?;
    Ok(number * factor)
}
