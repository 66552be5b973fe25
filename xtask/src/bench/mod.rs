//! `cargo xtask corpus` and `cargo xtask bench`: how fast the generator is, beside its peers and the floor.
//!
//! Every figure is of a whole process; programs that are compared run in turn. Nothing here is a test: a busy
//! machine makes slow figures, not failures.

mod again;
mod clean;
mod corpus;
mod files;
mod floor;
mod hugo;
mod measure;
mod options;
mod peers;
mod portal;
mod random;
mod real;
mod report;
mod search;
mod serve;
mod setting;

use std::path::Path;

use crate::process;
use crate::result::Result;
use crate::workspace::{Profile, Workspace};

use corpus::Corpus;
use options::{CorpusOptions, Options};
use peers::Peers;
use portal::Portal;
use report::Table;
use setting::Bench;

pub(crate) use floor::run as floor;

/// Where the tables are kept.
const DOCUMENT: &str = "docs/performance.md";

/// Memory that can be written like a disk, so that the disk's mood is not measured.
const MEMORY: &str = "/dev/shm";

/// Measures one thing.
type Measurement = fn(&Bench, &Workspace) -> Result<Table>;

/// All measurements by their name for `--only`.
const MEASUREMENTS: [(&str, Measurement); 7] = [
    ("clean", |bench, _| clean::beside_hugo(bench, false)),
    ("code", |bench, _| clean::beside_hugo(bench, true)),
    ("floor", |bench, _| clean::beside_floor(bench)),
    ("growth", |bench, _| clean::growth(bench)),
    ("again", again::run),
    ("serve", |bench, _| serve::run(bench)),
    ("search", search::run),
];

/// Writes a corpus and says how large it is.
pub(crate) fn write_corpus(arguments: &[&str]) -> Result<()> {
    let options = CorpusOptions::parse(arguments)?;
    let content = options.out.join("content");
    if content.exists() {
        return Err(format!("{} exists already", content.display()).into());
    }
    let corpus = Corpus {
        size: options.size,
        code: options.code,
    };
    let bytes = if options.hugo {
        hugo::write(corpus, &options.out)?
    } else {
        corpus.write(&options.out)?
    };
    println!("{} entries, {}", options.size, report::megabytes(bytes as f64));
    Ok(())
}

/// Lets a generator do what it mostly does: clean builds of a portal with code, and builds after edits.
pub(crate) fn train(jixia: &Path) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let corpus = Corpus {
        size: 1000,
        code: true,
    };
    let portal = Portal::write(corpus, directory.path(), jixia)?;
    for _ in 0..3 {
        portal.build_clean()?;
    }
    let entry = portal
        .root()
        .join("content")
        .join(corpus::path(corpus::ordinary(corpus.size / 2)));
    for number in 0..3 {
        again::edit_body(&entry, &number.to_string())?;
        portal.build_again()?;
        again::edit_title(&entry, &number.to_string())?;
        portal.build_again()?;
        portal.build_again()?;
    }
    Ok(())
}

/// Measures, prints the tables and, unless only one was asked for, writes them into the document.
pub(crate) fn run(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let chosen = chosen(options.only.as_deref())?;
    let bench = prepare(workspace, &options)?;
    let mut text = format!(
        "Medians of {} runs. {}\n\n",
        bench.runs,
        clean::machine(&bench.temporary)
    );
    print!("{text}");
    for (_, measure) in chosen {
        let table = measure(&bench, workspace)?.markdown();
        print!("{table}");
        text.push_str(&table);
    }
    if options.only.is_none() {
        report::write(&workspace.root().join(DOCUMENT), &text)?;
    }
    Ok(())
}

fn chosen(only: Option<&str>) -> Result<Vec<(&'static str, Measurement)>> {
    let chosen: Vec<_> = MEASUREMENTS
        .into_iter()
        .filter(|(name, _)| only.is_none_or(|only| only == *name))
        .collect();
    if chosen.is_empty() {
        let names = MEASUREMENTS.map(|(name, _)| name).join(", ");
        return Err(format!(
            "not a measurement: {}, expected {names}",
            only.unwrap_or_default()
        )
        .into());
    }
    Ok(chosen)
}

fn prepare(workspace: &Workspace, options: &Options) -> Result<Bench> {
    let memory = Path::new(MEMORY);
    let usual = || {
        if memory.is_dir() {
            memory.to_owned()
        } else {
            std::env::temp_dir()
        }
    };
    let jixia = match &options.jixia {
        Some(jixia) => jixia.clone(),
        None => workspace.build_jixia(Profile::Release)?,
    };
    process::run(&mut workspace.cargo(&["build", "--release", "--package", "xtask", "--locked"]))?;
    let floor = workspace
        .target()
        .join("release")
        .join(format!("xtask{}", std::env::consts::EXE_SUFFIX));
    let peers = workspace.target().join("bench-peers");
    Ok(Bench {
        jixia,
        floor,
        peers: if options.peers {
            Some(Peers::install(&peers)?)
        } else {
            None
        },
        size: options.size(),
        sizes: options.sizes.clone(),
        runs: options.runs,
        corpus: options.corpus.clone(),
        temporary: options.temporary.clone().unwrap_or_else(usual),
    })
}
