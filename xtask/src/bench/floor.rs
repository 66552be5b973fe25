//! The floor: reads every file, renders its Markdown and writes as many files and bytes as a portal has. Nothing
//! that makes a portal can cost less.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use pulldown_cmark::{Options, Parser, html};

use crate::result::Result;

use super::files;

/// Reads the Markdown below `content` and writes `files` files of together at least `bytes` into `out`.
pub(crate) fn run(content: &Path, out: &Path, files: usize, bytes: usize) -> Result<()> {
    let paths = files::markdown_below(content)?;
    let next = AtomicUsize::new(0);
    let filler = vec![b' '; bytes / files.max(1)];
    let workers = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        let work = || write_files(&paths, out, files, &filler, &next);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let ends = workers
            .into_iter()
            .map(|worker| worker.join().map_err(|_| "a worker of the floor panicked")?);
        ends.collect::<Result<(), String>>()
    })?;
    Ok(())
}

fn write_files(
    paths: &[PathBuf],
    out: &Path,
    files: usize,
    filler: &[u8],
    next: &AtomicUsize,
) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut page = String::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= files.max(paths.len()) {
            return Ok(());
        }
        page.clear();
        if let Some(path) = paths.get(number) {
            let text = fs::read_to_string(path).map_err(failed)?;
            let body = text.split_once("\n---\n").map_or(&*text, |(_, body)| body);
            let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
            html::push_html(&mut page, Parser::new_ext(body, options));
        }
        // A portal has a directory for each page.
        let directory = out.join(number.to_string());
        fs::create_dir_all(&directory).map_err(failed)?;
        let rest = filler.get(page.len()..).unwrap_or_default();
        let mut bytes = std::mem::take(&mut page).into_bytes();
        bytes.extend_from_slice(rest);
        fs::write(directory.join("index.html"), bytes).map_err(failed)?;
    }
}
