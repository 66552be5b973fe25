//! Measures the search index: `cargo bench -p jixia-search -- DOCUMENTS [--count N] [--out DIRECTORY] [--stream]`, where
//! `DOCUMENTS` is a directory of Markdown. With `--out` the index and the texts are written, for `benches/search.mjs`.
//! With `--stream` documents are made as they are indexed: slower, but the peak of memory is the index's own.
#![allow(clippy::unwrap_used, missing_docs)]

mod support {
    pub(crate) mod corpus;
}

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use jixia_search::{Digest, Document, Library, Outcome, Stamp, State, digest, update};
use rayon::prelude::*;
use support::corpus::Corpus;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A site whose published files are in memory.
struct Site<F> {
    digest: F,
    files: Mutex<HashMap<String, Vec<u8>>>,
    written: Mutex<(usize, usize)>,
}

impl<F: Fn(usize) -> Digest + Sync> Library for Site<F> {
    fn digest(&self, index: usize) -> Digest {
        (self.digest)(index)
    }
    fn published(&self, path: &str) -> Option<Vec<u8>> {
        self.files.lock().unwrap().get(path).cloned()
    }
    fn publish(&self, path: &str, bytes: &[u8]) {
        let mut written = self.written.lock().unwrap();
        *written = (written.0 + 1, written.1 + bytes.len());
        self.files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
    }
}

/// Processor time of all threads so far, in milliseconds.
fn cpu() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let times = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok());
    times
        .filter_map(|line| line.split(' ').next()?.parse::<f64>().ok())
        .sum::<f64>()
        / 1e6
}

fn status(field: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    status
        .lines()
        .find(|line| line.starts_with(field))
        .unwrap_or_default()
        .to_owned()
}

fn measure<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let (wall, before) = (Instant::now(), cpu());
    let result = work();
    println!(
        "{name:<32} {:>8.1} ms wall {:>8.1} ms cpu",
        wall.elapsed().as_secs_f64() * 1e3,
        cpu() - before
    );
    result
}

/// Which documents there are: their numbers, each with its revision.
type Revisions = Vec<(usize, usize)>;

fn build(
    name: &str,
    files: HashMap<String, Vec<u8>>,
    previous: Option<&State>,
    documents: &Revisions,
    of: impl Fn(usize, usize) -> Digest + Sync,
) -> (HashMap<String, Vec<u8>>, Outcome) {
    let digest = |index: usize| of(documents[index].0, documents[index].1);
    let site = Site {
        digest,
        files: Mutex::new(files),
        written: Mutex::default(),
    };
    let ids: Vec<String> = documents
        .iter()
        .map(|(number, _)| format!("resource/{number:05}"))
        .collect();
    let stamps = ids.iter().zip(documents).map(|(id, &(_, revision))| Stamp {
        id,
        fingerprint: revision as u128,
    });
    let stamps: Vec<Stamp<'_>> = stamps.collect();
    let outcome = measure(name, || update(previous, &stamps, &site));
    let mut files = site.files.into_inner().unwrap();
    for path in &outcome.removed {
        files.remove(path);
    }
    let (count, bytes) = site.written.into_inner().unwrap();
    println!(
        "    {count} files of {:.1} KB written, {} removed",
        bytes as f64 / 1e3,
        outcome.removed.len()
    );
    (files, outcome)
}

fn report(files: &HashMap<String, Vec<u8>>) {
    let mut sums: Vec<(&str, usize, usize)> = Vec::new();
    for (path, bytes) in files {
        let name = path.split_once('/').map_or(path.as_str(), |(name, _)| name);
        match sums.iter_mut().find(|sum| sum.0 == name) {
            Some(sum) => *sum = (name, sum.1 + 1, sum.2 + bytes.len()),
            None => sums.push((name, 1, bytes.len())),
        }
    }
    sums.sort_unstable();
    for (name, count, bytes) in sums {
        println!("    {name:<14} {count:>6} files {bytes:>10} bytes");
    }
}

fn write_out(out: &Path, files: &HashMap<String, Vec<u8>>, documents: impl Iterator<Item = Document>) {
    for (path, bytes) in files {
        let path = out.join("index").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let texts: Vec<serde_json::Value> = documents
        .map(|document| {
            let blocks: Vec<&str> = document.text.blocks().map(|(_, text)| text).collect();
            serde_json::json!({"url": document.url, "title": document.title, "units": document.units, "blocks": blocks})
        })
        .collect();
    std::fs::write(out.join("texts.json"), serde_json::to_vec(&texts).unwrap()).unwrap();
}

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let value = |name: &str| {
        arguments
            .iter()
            .position(|argument| argument == name)
            .map(|at| arguments[at + 1].clone())
    };
    let count: usize = value("--count").map_or(10_000, |count| count.parse().unwrap());
    let corpus = Corpus::read(Path::new(&arguments[0])).unwrap();
    let in_memory: Vec<Document> = if arguments.iter().any(|argument| argument == "--stream") {
        Vec::new()
    } else {
        (0..count)
            .into_par_iter()
            .map(|number| corpus.document(number, 0))
            .collect()
    };
    let of = |number: usize, revision: usize| match in_memory.get(number) {
        Some(document) if revision == 0 => digest(document),
        _ => digest(&corpus.document(number, revision)),
    };
    let markdown: usize = (0..count).map(|number| corpus.markdown(number, 0).len()).sum();
    println!("{count} documents, {:.1} MB of Markdown", markdown as f64 / 1e6);
    println!("before {}", status("VmRSS"));
    if in_memory.is_empty() {
        measure("documents alone", || {
            let sizes = (0..count)
                .into_par_iter()
                .map(|number| corpus.document(number, 0).text.size());
            sizes.sum::<usize>()
        });
    } else {
        let kept = measure("digests alone", || {
            in_memory.par_iter().map(digest).collect::<Vec<Digest>>()
        });
        measure("and dropped", || drop(kept));
    }
    let mut documents: Revisions = (0..count).map(|number| (number, 0)).collect();
    let (files, outcome) = build("clean", HashMap::new(), None, &documents, of);
    println!("after {} {}", status("VmHWM"), status("VmRSS"));
    report(&files);
    let bytes = measure("encode state", || outcome.state.to_bytes());
    println!("    state {} bytes", bytes.len());
    let state = measure("decode state", || State::from_bytes(&bytes)).unwrap();
    if let Some(out) = value("--out") {
        write_out(
            Path::new(&out),
            &files,
            (0..count).map(|number| corpus.document(number, 0)),
        );
    }
    if arguments.iter().any(|argument| argument == "--clean") {
        return;
    }
    let (files, outcome) = build("nothing changed", files, Some(&state), &documents, of);
    documents[count / 2].1 = 1;
    let (files, outcome) = build("one body edited", files, Some(&outcome.state), &documents, of);
    documents[count / 4].1 = 40;
    let (files, outcome) = build(
        "one body edited a lot",
        files,
        Some(&outcome.state),
        &documents,
        of,
    );
    documents.push((count, 0));
    let (files, outcome) = build("one document added", files, Some(&outcome.state), &documents, of);
    documents.swap_remove(count / 3);
    let (files, _) = build(
        "one document removed",
        files,
        Some(&outcome.state),
        &documents,
        of,
    );
    let (clean, _) = build("clean again", HashMap::new(), None, &documents, of);
    assert!(files == clean, "an incremental build differs from a clean one");
}
