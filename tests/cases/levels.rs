//! Whatever its level, what is done about a mistake is what its code declares: every case is loaded with all codes as
//! errors, as warnings and ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jixia::cache::Cache;
use jixia::diag::{Code, Diagnostic, Handling, Language, Part, Severity, words};
use jixia::pipeline::{Loaded, Options, check, entry_page, load};
use jixia::world::{Memory, World as _};
use libtest_mimic::Failed;
use rayon::prelude::*;

use super::{DIAGNOSTICS, WITHOUT_CASE, site_of};

const LEVELS: [&str; 3] = ["error", "warning", "ignore"];

/// What the public would see: pages by their entry's file, and the files that go with them.
type Published = (BTreeMap<Arc<str>, Option<Vec<u8>>>, BTreeSet<String>);

pub(super) fn run(paths: &[PathBuf]) -> Result<(), Failed> {
    let shown = paths.par_iter().map(|path| {
        let mut shown = BTreeSet::new();
        case(path, &mut shown).map_err(|problem| format!("{}: {problem}", path.display()))?;
        Ok::<_, String>(shown)
    });
    let shown: BTreeSet<Code> = shown
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
        .collect();
    let can_be_lowered = |code: &&Code| code.handling().can_be_lowered();
    // Without settings there are no levels either.
    let lowerable = Code::ALL.iter().filter(|code| **code != Code::NoSettings);
    let lowerable = lowerable.filter(can_be_lowered);
    let without: Vec<&str> = lowerable
        .filter(|code| !shown.contains(*code) && !WITHOUT_CASE.iter().any(|(known, _)| known == *code))
        .map(|code| code.name())
        .collect();
    if without.is_empty() {
        Ok(())
    } else {
        Err(format!("no case shows at every level: {}", without.join(" ")).into())
    }
}

fn case(path: &Path, shown: &mut BTreeSet<Code>) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let (site, _) = text.split_once(DIAGNOSTICS).ok_or("no line `== diagnostics`")?;
    if site.contains("levels]") {
        return Ok(());
    }
    let [error, warning, ignored] = LEVELS.map(|level| at_level(site, level));
    let (error, warning, ignored) = (error?, warning?, ignored?);
    // Settings that cannot be read set no levels.
    if error.1.site().config.check.levels.is_empty() {
        return Ok(());
    }
    let expected = published(&error);
    for (level, loaded) in [("warning", &warning.1), ("ignore", &ignored.1)] {
        if published_of(&warning.0, loaded) != expected {
            return Err(format!("{level} publishes something else than error"));
        }
    }
    for diagnostic in &warning.1.diagnostics {
        as_declared(diagnostic, &warning.1)?;
        if diagnostic.handling.can_be_lowered() {
            shown.insert(diagnostic.code);
        }
    }
    for diagnostic in &ignored.1.diagnostics {
        let is_told = diagnostic.handling.is_left_out() || !diagnostic.handling.can_be_lowered();
        if !is_told {
            return Err(format!("{} is not ignored", diagnostic.code.name()));
        }
    }
    let told = |loaded: &Loaded| -> Vec<(Code, Option<Arc<str>>, Option<u32>)> {
        let left_out = loaded
            .diagnostics
            .iter()
            .filter(|wrong| wrong.handling.is_left_out());
        left_out
            .map(|wrong| {
                (
                    wrong.code,
                    wrong.path.clone(),
                    wrong.span.as_ref().map(|span| span.start),
                )
            })
            .collect()
    };
    if told(&warning.1) != told(&ignored.1) || told(&warning.1) != told(&error.1) {
        return Err("something is left out silently at some level".to_owned());
    }
    Ok(())
}

/// The site of a case with every code that can be lowered at one level.
fn at_level(site: &str, level: &str) -> Result<(Memory, Loaded), String> {
    let mut world = site_of(site).map_err(|failed| failed.message().unwrap_or_default().to_owned())?;
    let settings = world.read("site.toml").unwrap_or_default();
    let mut settings = String::from_utf8_lossy(&settings).into_owned();
    settings.push_str("\n[check.levels]\n");
    for code in Code::ALL.iter().filter(|code| code.handling().can_be_lowered()) {
        settings.push_str(&format!("{} = \"{level}\"\n", code.name()));
    }
    world.insert("site.toml", settings.into_bytes());
    let mut loaded = load(&world, Options::default(), &mut Cache::default());
    check(&world, &mut loaded);
    Ok((world, loaded))
}

fn published((world, loaded): &(Memory, Loaded)) -> Published {
    published_of(world, loaded)
}

fn published_of(world: &Memory, loaded: &Loaded) -> Published {
    let entries = loaded.catalog.iter();
    let pages = entries.map(|(_, entry)| {
        let page = entry_page(world, loaded, &entry.path).ok().flatten();
        (Arc::clone(&entry.path), page)
    });
    let files = loaded.catalog.files.iter_used().map(|(path, _)| path.to_string());
    let blobs = loaded.catalog.files.blobs();
    let blobs = blobs.flat_map(|(sha256, names)| names.keys().map(move |name| format!("{sha256} {name}")));
    (pages.collect(), files.chain(blobs).collect())
}

/// Whether a diagnostic at the level of a warning says what is done, and that is done.
fn as_declared(diagnostic: &Diagnostic, loaded: &Loaded) -> Result<(), String> {
    let name = diagnostic.code.name();
    if !diagnostic.handling.can_be_lowered() {
        return if diagnostic.severity == Severity::Error {
            Ok(())
        } else {
            Err(format!("{name} cannot be lowered and is a warning"))
        };
    }
    if diagnostic.severity != Severity::Warning {
        return Err(format!("{name} stays an error"));
    }
    let (message, _) = words(diagnostic, Language::English);
    let (chinese, _) = words(diagnostic, Language::Chinese);
    let says = message.contains("left out of the portal") && chinese.contains("没有发布到门户");
    if says != diagnostic.handling.is_left_out() {
        return Err(format!("{name} says: {message} {chinese}"));
    }
    let Some(path) = diagnostic.path.as_deref().filter(|path| path.ends_with(".md")) else {
        return Ok(());
    };
    let is_left_out = |wrong: &Diagnostic| {
        wrong.path.as_deref() == Some(path)
            && matches!(
                wrong.handling,
                Handling::LeftOut(Part::Entry) | Handling::Fixed(_)
            )
            || wrong.code == Code::StrayFile && wrong.path.as_deref() == Some(path)
    };
    let is_there = loaded.catalog.iter().any(|(_, entry)| &*entry.path == path);
    if is_there == loaded.diagnostics.iter().any(is_left_out) {
        return Err(format!("{name}: whether {path} is left out is not as declared"));
    }
    Ok(())
}
