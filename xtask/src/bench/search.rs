//! The search index: what it costs to make and to keep, beside Pagefind's.

use std::path::Path;

use crate::process;
use crate::result::Result;
use crate::tools;
use crate::workspace::Workspace;

use super::corpus::Corpus;
use super::files;
use super::measure::{self, Cost};
use super::portal::Portal;
use super::real;
use super::report::{self, Table};
use super::setting::Bench;

/// Measures queries on a portal, of either engine.
const QUERIES: &str = "xtask/src/bench/queries.mjs";
/// The scripts that a page loads for a search: what reads the index, and what the page asks it with.
const SCRIPTS: [&str; 2] = [
    "crates/jixia-search/src/search-worker.js",
    "themes/default/assets/search.js",
];

const COLUMNS: [&str; 9] = [
    "",
    "wall",
    "cpu",
    "peak memory",
    "bytes on disk",
    "first query",
    "next query",
    "found of what holds it",
    "shown that holds it",
];

/// Time, memory and bytes of the index, and bytes and answers of queries.
pub(super) fn run(bench: &Bench, workspace: &Workspace) -> Result<Table> {
    let directory = bench.directory()?;
    let with = portal(bench, &directory.path().join("with"))?;
    let without = portal(bench, &directory.path().join("without"))?.without(&["search", "opensearch"])?;
    let costs = measure::in_turn(
        bench.runs,
        &mut [&mut || with.build_clean(), &mut || without.build_clean()],
    )?;
    let text = if bench.corpus.is_some() {
        "real text"
    } else {
        "synthetic text"
    };
    let heading = format!("Search index, {} entries of {text}", bench.size);
    let mut table = Table::new(heading, &COLUMNS);
    let bytes = files::files_below(&with.out())?.1 - files::files_below(&without.out())?.1;
    let queries = |out: &Path, engine| queries(workspace, out, engine);
    let cost = difference(costs[0], costs[1]);
    table.row(
        "Jixia, with search less without",
        row(cost, bytes, queries(&with.out(), "jixia")?),
    );
    if let Some(peers) = &bench.peers {
        let out = without.out();
        let index = out.join("pagefind");
        let mut make = || {
            files::remove(&index)?;
            measure::cost(&mut peers.pagefind(&out))
        };
        let costs = measure::in_turn(bench.runs, &mut [&mut make])?;
        table.row(
            "Pagefind",
            row(
                costs[0],
                files::files_below(&index)?.1,
                queries(&out, "pagefind")?,
            ),
        );
    }
    table.note(
        "Bytes of queries are medians of 300 random runs of 2 to 6 Chinese characters, scripts included in the \
         first; the peak memory of Jixia is that of the whole build.",
    );
    Ok(table)
}

fn portal(bench: &Bench, root: &Path) -> Result<Portal> {
    match &bench.corpus {
        Some(documents) => {
            real::write(documents, bench.size, root)?;
            Ok(Portal::at(root, &bench.jixia))
        }
        None => Portal::write(
            Corpus {
                size: bench.size,
                code: false,
            },
            root,
            &bench.jixia,
        ),
    }
}

fn row(cost: Cost, bytes: u64, queries: Vec<String>) -> impl Iterator<Item = String> {
    report::figures(cost)
        .into_iter()
        .chain([report::megabytes(bytes as f64)])
        .chain(queries)
}

/// What search adds; its peak is that of the whole build.
fn difference(with: Cost, without: Cost) -> Cost {
    Cost {
        wall: (with.wall - without.wall).max(0.0),
        cpu: (with.cpu - without.cpu).max(0.0),
        peak: with.peak,
    }
}

/// Bytes and answers of queries; nothing on a machine without Node.
fn queries(workspace: &Workspace, out: &Path, engine: &str) -> Result<Vec<String>> {
    if tools::find("node").is_none() {
        return Ok(vec![String::new(); 4]);
    }
    let mut command = workspace.command("node");
    command
        .arg(QUERIES)
        .arg(out)
        .arg(engine)
        .args(SCRIPTS.map(|script| workspace.root().join(script)));
    let output = process::output(&mut command)?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: {}\n{errors}", process::line(&command), output.status).into());
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    Ok(printed.trim().split('\t').map(str::to_owned).collect())
}
