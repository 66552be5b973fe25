//! Clean builds: beside Hugo, beside the floor, and as the number of entries grows.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::result::Result;

use super::corpus::Corpus;
use super::files;
use super::hugo;
use super::measure::{self, Cost};
use super::portal::Portal;
use super::report::{self, Table};
use super::setting::Bench;

const COLUMNS: [&str; 6] = ["", "wall", "cpu", "peak memory", "files", "bytes"];

/// A clean build, search included, beside Hugo's.
pub(super) fn beside_hugo(bench: &Bench, code: bool) -> Result<Table> {
    let corpus = Corpus {
        size: bench.size,
        code,
    };
    let directory = bench.directory()?;
    let portal = Portal::write(corpus, &directory.path().join("jixia"), &bench.jixia)?;
    let with = if code {
        "code in a fifth of the pages"
    } else {
        "no code"
    };
    let mut table = Table::new(format!("Clean build, {} entries, {with}", corpus.size), &COLUMNS);
    let mut own = || portal.build_clean();
    let Some(peers) = &bench.peers else {
        let costs = measure::in_turn(bench.runs, &mut [&mut own])?;
        row(&mut table, "Jixia", costs[0], &portal.out())?;
        return Ok(table);
    };
    let site = directory.path().join("hugo");
    hugo::write(corpus, &site)?;
    let mut other = || build_hugo(peers.hugo(&site), &site);
    let costs = measure::in_turn(bench.runs, &mut [&mut own, &mut other])?;
    row(&mut table, "Jixia", costs[0], &portal.out())?;
    row(&mut table, "Hugo", costs[1], &site.join("public"))?;
    table.row(
        "ratio",
        report::ratios(costs[0], costs[1])
            .into_iter()
            .chain([String::new(), String::new()]),
    );
    let goal = if code {
        ["1/6", "1/6", ""]
    } else {
        ["1/10", "1/10", "1/6"]
    };
    table.row(
        "goal",
        goal.map(str::to_owned)
            .into_iter()
            .chain([String::new(), String::new()]),
    );
    Ok(table)
}

fn build_hugo(mut command: Command, site: &Path) -> Result<Cost> {
    for directory in ["public", "cache", "resources"] {
        files::remove(&site.join(directory))?;
    }
    measure::cost(&mut command)
}

/// A clean build without highlighting and search, beside the floor.
pub(super) fn beside_floor(bench: &Bench) -> Result<Table> {
    let corpus = Corpus {
        size: bench.size,
        code: false,
    };
    let directory = bench.directory()?;
    let portal = Portal::write(corpus, &directory.path().join("jixia"), &bench.jixia)?;
    let portal = portal.without(&["highlight", "search", "opensearch"])?;
    portal.build_clean()?;
    let (files, bytes) = files::files_below(&portal.out())?;
    let floor = directory.path().join("floor");
    let mut own = || portal.build_clean();
    let mut least = || {
        files::remove(&floor)?;
        let mut command = Command::new(&bench.floor);
        command
            .arg("bench-floor")
            .arg(portal.root().join("content"))
            .arg(&floor);
        measure::cost(command.args([files.to_string(), bytes.to_string()]))
    };
    let costs = measure::in_turn(bench.runs, &mut [&mut own, &mut least])?;
    let heading = format!("Without highlighting and search, {} entries", corpus.size);
    let mut table = Table::new(heading, &COLUMNS);
    row(&mut table, "Jixia", costs[0], &portal.out())?;
    row(&mut table, "floor", costs[1], &floor)?;
    table.row(
        "ratio",
        report::ratios(costs[0], costs[1])
            .into_iter()
            .chain([String::new(), String::new()]),
    );
    table.row("goal", ["3×", "", "", "", ""].map(str::to_owned));
    Ok(table)
}

/// Clean builds of all sizes.
pub(super) fn growth(bench: &Bench) -> Result<Table> {
    let mut columns = COLUMNS.to_vec();
    columns.push("wall of 1,000 entries");
    let mut table = Table::new(
        "Clean build as the portal grows, code in a fifth of the pages",
        &columns,
    );
    for &size in &bench.sizes {
        let directory = bench.directory()?;
        let portal = Portal::write(Corpus { size, code: true }, directory.path(), &bench.jixia)?;
        let costs = measure::in_turn(bench.runs, &mut [&mut || portal.build_clean()])?;
        let (files, bytes) = files::files_below(&portal.out())?;
        let per_thousand = report::seconds(costs[0].wall * 1000.0 / size as f64);
        let totals = [files.to_string(), report::megabytes(bytes as f64), per_thousand];
        table.row(
            format!("{size} entries"),
            report::figures(costs[0]).into_iter().chain(totals),
        );
    }
    Ok(table)
}

fn row(table: &mut Table, name: &str, cost: Cost, out: &Path) -> Result<()> {
    let (files, bytes) = files::files_below(out)?;
    table.row(
        name,
        report::figures(cost)
            .into_iter()
            .chain([files.to_string(), report::megabytes(bytes as f64)]),
    );
    Ok(())
}

/// What the machine is, without its name.
pub(super) fn machine(directory: &Path) -> String {
    let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, key: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with(key))
            .unwrap_or_default();
        line.split_once(':')
            .map_or(String::new(), |(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = value(&file("/proc/cpuinfo"), "model name");
    let memory = value(&file("/proc/meminfo"), "MemTotal");
    let kilobytes: f64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
    let place = if directory.starts_with("/dev/shm") {
        "files in memory (tmpfs)"
    } else {
        "files on disk"
    };
    format!(
        "{cores} cores ({model}), {:.0} GB of memory, {}, {place}.",
        kilobytes / 1e6,
        env::consts::OS
    )
}
