//! The search index: what it costs to make and to keep, beside Pagefind's.

use std::path::Path;
use std::process::Command;

use crate::Result;
use crate::process;
use crate::tools;
use crate::workspace::Workspace;

use super::Bench;
use super::corpus::Corpus;
use super::files;
use super::measure::{self, Cost};
use super::portal::Portal;
use super::real;
use super::report::{self, Table};

/// Measures queries: takes the output directory and prints a line for each figure.
const QUERIES: &str = "tests/search/measure.mjs";

/// Time, memory and bytes of the index; of queries, what the script that knows the index prints.
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
    let mut table = Table::new(heading, &["", "wall", "cpu", "peak memory", "bytes on disk"]);
    let bytes = files::files_below(&with.out())?.1 - files::files_below(&without.out())?.1;
    table.row(
        "Jixia, with search less without",
        row(difference(costs[0], costs[1]), bytes),
    );
    if let Some(peers) = &bench.peers {
        let out = without.out();
        let index = out.join("pagefind");
        let mut make = || {
            files::remove(&index)?;
            measure::cost(&mut peers.pagefind(&out))
        };
        let costs = measure::in_turn(bench.runs, &mut [&mut make])?;
        table.row("Pagefind", row(costs[0], files::files_below(&index)?.1));
    }
    for line in queries(workspace.root(), &with.out())? {
        table.note(line);
    }
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

fn row(cost: Cost, bytes: u64) -> impl Iterator<Item = String> {
    report::figures(cost)
        .into_iter()
        .chain([report::megabytes(bytes as f64)])
}

/// What search adds; its peak is that of the whole build.
fn difference(with: Cost, without: Cost) -> Cost {
    Cost {
        wall: (with.wall - without.wall).max(0.0),
        cpu: (with.cpu - without.cpu).max(0.0),
        peak: with.peak,
    }
}

/// What the script says of queries; nothing when the repository has none.
fn queries(root: &Path, out: &Path) -> Result<Vec<String>> {
    let script = root.join(QUERIES);
    if !script.is_file() || tools::find("node").is_none() {
        return Ok(Vec::new());
    }
    let output = process::output(Command::new("node").arg(&script).arg(out))?;
    if !output.status.success() {
        return Err(format!(
            "{QUERIES}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect())
}
