//! Runs the text cases in `tests/cases/`: a small site, and the diagnostics it must give.
//!
//! A case is a text file. Lines `-- path --` begin the files of a site; `-- path hex --` a file in hexadecimal,
//! `-- path repeat N --` one whose text is repeated N times. After a line `== diagnostics` stand the diagnostics, one a
//! line: `error code path:line:column`, then `-> suggestion` if there is one. A sentence before the first file says what
//! the case shows. Every code must have a case; the few that no site in memory can give are listed. With `BLESS=1` in the environment the diagnostics of failing cases are written anew.

#[path = "cases/levels.rs"]
mod levels;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jixia::cache::Cache;
use jixia::diag::{Code, Format, Language, Printer};
use jixia::pipeline::{Options, check, load};
use jixia::world::{Memory, World as _};
use libtest_mimic::{Arguments, Failed, Trial};

const DIAGNOSTICS: &str = "== diagnostics\n";

/// Codes that a site in memory cannot give; `tests/cli.rs` shows those that a disk can.
const WITHOUT_CASE: &[(Code, &str)] = &[
    (Code::Unreadable, "every file in memory can be read"),
    (Code::OutsideRoot, "there are no symbolic links in memory"),
    (Code::ExternalLink, "only `check --external` asks the network"),
    (Code::ReservedField, "only `check --against` asks git"),
    (Code::ReservedKind, "only `check --against` asks git"),
    (Code::ReservedFile, "only `check --against` asks git"),
    (Code::PrivateLink, "only `check --external` asks the network"),
    (Code::ProgramFault, "no input is known that the program fails on"),
    (Code::Unpublished, "checking sets nothing aside"),
    (Code::ForeignOutput, "checking writes nothing"),
    (Code::OutputFailed, "checking writes nothing"),
];

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let (all, lowered) = (paths.clone(), paths.clone());
    let coverage = Trial::test("every code has a case", move || coverage(&all));
    let levels = Trial::test("every level does what its code declares", move || {
        levels::run(&lowered)
    });
    let trials = paths.into_iter().map(|path| {
        let name = path
            .strip_prefix(&root)
            .unwrap_or(&path)
            .with_extension("")
            .to_string_lossy()
            .into_owned();
        Trial::test(name, move || run(&path))
    });
    libtest_mimic::run(&arguments, trials.chain([coverage, levels]).collect()).exit();
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for item in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = item.path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            paths.push(path);
        }
    }
}

/// Fails when a code stands in no case's diagnostics and not in the list of exceptions, or needlessly in the list.
fn coverage(paths: &[PathBuf]) -> Result<(), Failed> {
    let mut shown = BTreeSet::new();
    for path in paths {
        let text = fs::read_to_string(path)?;
        let expected = text.split_once(DIAGNOSTICS).map_or("", |(_, expected)| expected);
        shown.extend(
            expected
                .lines()
                .filter_map(|line| line.split(' ').nth(1))
                .map(str::to_owned),
        );
    }
    let is_exception = |code: &Code| WITHOUT_CASE.iter().any(|(exception, _)| exception == code);
    let wrong: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| shown.contains(code.name()) == is_exception(code))
        .map(|code| code.name())
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("without a case, or needlessly excepted: {}", wrong.join(" ")).into())
    }
}

fn run(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let (site, expected) = text.split_once(DIAGNOSTICS).ok_or("no line `== diagnostics`")?;
    if !site
        .lines()
        .next()
        .is_some_and(|sentence| sentence.ends_with('.') && !sentence.starts_with("--"))
    {
        return Err("the case does not begin with a sentence that says what it shows".into());
    }
    let world = site_of(site)?;
    let mut loaded = load(&world, Options::default(), &mut Cache::default());
    check(&world, &mut loaded);
    // A small site has most sections empty; only cases about that want to hear of it.
    if !site.contains("stale_days") {
        loaded
            .diagnostics
            .retain(|diagnostic| !matches!(diagnostic.code, Code::EmptySection | Code::StaleSection));
    }
    // Nor does every case need settings and entries; those about their absence are called so.
    let is_about_absence = ["no-content", "no-settings"]
        .iter()
        .any(|name| path.file_stem().is_some_and(|stem| stem == *name));
    if !is_about_absence {
        loaded
            .diagnostics
            .retain(|diagnostic| !matches!(diagnostic.code, Code::NoContent | Code::NoSettings));
    }
    let read = |path: &str| world.read(path).ok().or_else(|| loaded.theme.source(path));
    let printer = Printer {
        format: Format::Json,
        language: Language::English,
        color: false,
        read: &read,
    };
    let found: String = printer
        .print(&loaded.diagnostics)
        .lines()
        .map(|line| summary(line) + "\n")
        .collect();
    if found == expected {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, format!("{site}{DIAGNOSTICS}{found}"))?;
        return Ok(());
    }
    Err(format!("expected:\n{expected}\nfound:\n{found}").into())
}

/// One line for a diagnostic in JSON.
fn summary(line: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    let mut summary = format!("{} {}", text("severity"), text("code"));
    if json["path"].is_string() {
        summary += &format!(" {}", text("path"));
    }
    if json["line"].is_u64() {
        summary += &format!(":{}:{}", json["line"], json["column"]);
    }
    if json["suggestion"].is_string() {
        summary += &format!(" -> {}", text("suggestion"));
    }
    summary
}

/// The site of a case, at noon of 15 October 2026 in Shanghai.
fn site_of(case: &str) -> Result<Memory, Failed> {
    let mut world = Memory::new("2026-10-15T04:00:00Z".parse()?);
    let mut file: Option<(Vec<&str>, String)> = None;
    for line in case.split_inclusive('\n') {
        let header = line
            .trim_end()
            .strip_prefix("-- ")
            .and_then(|rest| rest.strip_suffix(" --"));
        match (header, &mut file) {
            (Some(header), _) => {
                add(&mut world, file.take())?;
                file = Some((header.split(' ').collect(), String::new()));
            }
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    add(&mut world, file)?;
    Ok(world)
}

fn add(world: &mut Memory, file: Option<(Vec<&str>, String)>) -> Result<(), Failed> {
    let Some((words, text)) = file else { return Ok(()) };
    match words.as_slice() {
        [path] => world.insert(*path, text.into_bytes()),
        [path, "hex"] => {
            let digits: String = text.split_whitespace().collect();
            let pairs = digits.as_bytes().chunks(2).map(|pair| {
                let pair = std::str::from_utf8(pair).unwrap_or_default();
                u8::from_str_radix(pair, 16)
            });
            world.insert(*path, pairs.collect::<Result<Vec<u8>, _>>()?);
        }
        [path, "repeat", times] => world.insert(*path, text.trim_end().repeat(times.parse()?).into_bytes()),
        _ => return Err(format!("cannot read the line `-- {} --`", words.join(" ")).into()),
    }
    Ok(())
}
