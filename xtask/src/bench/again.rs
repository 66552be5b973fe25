//! Building again: nothing changed, one thing changed. Each build is a process of its own.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::result::Result;
use crate::workspace::Workspace;

use super::corpus::{self, Corpus};
use super::measure::{self, Cost};
use super::portal::Portal;
use super::report::{self, Table};
use super::setting::Bench;

/// A change of the portal; the number tells its repetitions apart.
type Change<'a> = &'a dyn Fn(usize) -> Result<()>;

/// Every change of the goals, one after the other.
pub(super) fn run(bench: &Bench, workspace: &Workspace) -> Result<Table> {
    let corpus = Corpus {
        size: bench.size,
        code: true,
    };
    let directory = bench.directory()?;
    let portal = Portal::write(corpus, directory.path(), &bench.jixia)?;
    portal.build_clean()?;
    let content = portal.root().join("content");
    let entry = content.join(corpus::path(corpus::ordinary(corpus.size / 2)));
    let heading = format!("Building again, {} entries, fresh process", corpus.size);
    let mut table = Table::new(
        heading,
        &["", "wall", "cpu", "peak memory", "files written", "goal"],
    );
    let mut measure = |name: &str, goal: &str, change: Change<'_>| -> Result<()> {
        let (cost, written) = median_of(bench.runs, &portal, change)?;
        table.row(
            name,
            report::figures(cost)
                .into_iter()
                .chain([written.to_string(), goal.to_owned()]),
        );
        Ok(())
    };
    measure("nothing changed", "100 ms", &|_| Ok(()))?;
    measure("nothing changed, fresh checkout", "250 ms", &|number| {
        touch(portal.root(), number)
    })?;
    measure("one body edited", "200 ms", &|number| {
        edit_body(&entry, &number.to_string())
    })?;
    measure("one entry added", "500 ms", &|number| add(&content, number))?;
    measure("one title edited", "500 ms", &|number| {
        edit_title(&entry, &number.to_string())
    })?;
    edit_template(portal.root(), workspace.root(), "before")?;
    portal.build_again()?;
    measure("one template edited, of notices", "only its pages", &|number| {
        edit_template(portal.root(), workspace.root(), &number.to_string())
    })?;
    Ok(table)
}

/// Medians of the cost and of the files written.
fn median_of(runs: usize, portal: &Portal, change: Change<'_>) -> Result<(Cost, usize)> {
    let (mut costs, mut written) = (Vec::new(), Vec::new());
    for number in 0..runs {
        change(number)?;
        let (cost, files) = portal.build_again()?;
        costs.push(cost);
        written.push(files as f64);
    }
    Ok((Cost::median(&costs), measure::median(&mut written) as usize))
}

/// Gives every file of the portal's source another modification time, as a checkout does.
fn touch(root: &Path, number: usize) -> Result<()> {
    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000 + number as u64);
    touch_below(&root.join("content"), moment)?;
    Ok(File::options()
        .append(true)
        .open(root.join("site.toml"))?
        .set_modified(moment)?)
}

fn touch_below(directory: &Path, moment: SystemTime) -> Result<()> {
    for item in fs::read_dir(directory)? {
        let path = item?.path();
        if path.is_dir() {
            touch_below(&path, moment)?;
        } else {
            File::options().append(true).open(&path)?.set_modified(moment)?;
        }
    }
    Ok(())
}

/// Appends a line that has `mark` to a file.
pub(super) fn edit_body(file: &Path, mark: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    Ok(fs::write(file, format!("{text}\n修订记录 {mark}。\n"))?)
}

/// Appends `mark` to the title of an entry.
pub(super) fn edit_title(file: &Path, mark: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let (front, rest) = text
        .split_once("\ndate:")
        .ok_or("an entry of the corpus has no date below its title")?;
    Ok(fs::write(file, format!("{front}·{mark}\ndate:{rest}"))?)
}

/// Adds the newest entry of all.
fn add(content: &Path, number: usize) -> Result<()> {
    let text = format!(
        "---\ntitle: 新增动态 {number}\ndate: 2026-10-30 10:{:02}\nunit: office-jinan\ncategory: research\n\
         specialty: [cnc]\ntags: [微课, 教案]\n---\n\n新增的内容，第 {number} 次。\n",
        number % 60
    );
    Ok(fs::write(content.join(format!("news/added-{number}.md")), text)?)
}

/// Gives the portal its own template of notices, with `mark` in it. It stands in for the built-in one.
fn edit_template(root: &Path, repository: &Path, mark: &str) -> Result<()> {
    let path = "themes/default/templates/notice.html";
    let own = root.join(path);
    if let Some(directory) = own.parent() {
        fs::create_dir_all(directory)?;
    }
    let text = fs::read_to_string(repository.join(path))?;
    let edited = text.replacen(
        "{% block byline %}",
        &format!("{{% block byline %}}<!-- {mark} -->"),
        1,
    );
    if edited == text {
        return Err(format!("{path} has no byline to edit").into());
    }
    Ok(fs::write(own, edited)?)
}
