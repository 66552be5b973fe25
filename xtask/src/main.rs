//! Chores of the repository, run as `cargo xtask CHORE`. One file per chore; what they share is in
//! `workspace` (where things lie), `process` (running programs) and `tools` (finding and installing them).

mod advisories;
mod attack;
mod bench;
mod browser;
mod check_shared;
mod demo;
mod deny;
mod docs;
mod fuzz;
mod postgres;
mod process;
mod quality;
mod readme;
mod release;
mod result;
mod screenshots;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use result::Result;
use workspace::Workspace;

const USAGE: &str = "\
Usage: cargo xtask CHORE

  demo [--port N]        build the demonstration portal and serve it
  demo --intake [--port N] [--data DIR]
                         serve it with the intake: what `cargo demo` runs
  test [--only A,B,…]    run every test, or the phases named
  attack [--only A,B,…]  what an attacker, a crash or a full disk would do: rights, csrf, guesses, injection,
                         growth, uploads, kills, backup, disk
  advisories [REPOSITORY]
                         write the list of known faults of libraries anew, from a clone or the network
  docs                   write the tables of docs/ that follow from the source
  quality                measure axe, Lighthouse and the weight of pages, and write docs/quality.md
  release                build the generator with a profile of its own work, as it is given to others
  fuzz [TARGET] [--minutes N]
                         run the fuzz targets for ten minutes each, on corpora made of the test cases
  screenshots            take the pictures in docs/screenshots
  check-shared PATH      build the real notices and documents kept in PATH
  bench [--size 1k,10k] [--runs N] [--peers] [--only NAME] [--corpus DIR] [--jixia FILE]
        [--tmp DIR]
                         measure the generator and write docs/performance.md; with --peers beside Hugo and
                         Pagefind; --only clean, code, floor, growth, again, serve or search just prints;
                         --jixia measures a generator built before;
                         --corpus takes the text of the search index from a directory of Markdown
  corpus --size N --out DIR [--code] [--hugo]
                         write an invented portal of N entries, such as 10k; with code in a fifth of them;
                         with --hugo as a site for Hugo
  help                   print this";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["demo", "--intake", options @ ..] => demo::intake(&Workspace::find()?, options),
        ["demo", options @ ..] => demo::portal(&Workspace::find()?, options),
        ["test"] => test::run(&Workspace::find()?, &test::all()),
        ["test", "--only", names] => test::run(&Workspace::find()?, &test::named(names)?),
        ["attack", options @ ..] => attack::run(&Workspace::find()?, options),
        ["advisories"] => advisories::write(&Workspace::find()?, None),
        ["advisories", repository] => advisories::write(&Workspace::find()?, Some(repository.as_ref())),
        ["docs"] => docs::write(&Workspace::find()?),
        ["quality"] => quality::run(&Workspace::find()?),
        ["release"] => release::run(&Workspace::find()?),
        ["fuzz", options @ ..] => fuzz::run(&Workspace::find()?, options),
        ["screenshots"] => screenshots::run(&Workspace::find()?),
        ["check-shared", path] => check_shared::run(&Workspace::find()?, path.as_ref()),
        ["bench", options @ ..] => bench::run(&Workspace::find()?, options),
        // The floor runs in a process of its own, to be measured as the others are.
        ["bench-floor", content, out, files, bytes] => {
            bench::floor(content.as_ref(), out.as_ref(), files.parse()?, bytes.parse()?)
        }
        ["corpus", options @ ..] => bench::write_corpus(options),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("not a chore: {:?}\n\n{USAGE}", arguments.join(" ")).into()),
    }
}
