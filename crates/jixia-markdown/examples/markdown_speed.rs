//! Measures the Markdown engine on a directory of documents: `markdown_speed DIR [ROUNDS]`.

use std::path::Path;
use std::time::Instant;

use jixia_markdown::{Texts, facts, highlight, render};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let root = arguments.next().unwrap_or_else(|| "content".to_owned());
    let rounds: u32 = arguments
        .next()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(5);
    let mut bodies = Vec::new();
    for entry in walkdir::WalkDir::new(Path::new(&root))
        .sort_by_file_name()
        .into_iter()
        .flatten()
    {
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "md")
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            bodies.push(
                text.strip_prefix("---")
                    .and_then(|rest| rest.split_once("\n---\n"))
                    .map_or_else(|| text.clone(), |(_, body)| body.to_owned()),
            );
        }
    }
    let bytes: usize = bodies.iter().map(String::len).sum();
    println!("{} documents, {:.1} MB", bodies.len(), megabytes(bytes));
    let texts = Texts::default();
    let measure = |name: &str, work: &dyn Fn(&str) -> usize| {
        let mut best = f64::INFINITY;
        let mut output = 0;
        for _ in 0..rounds {
            let start = Instant::now();
            output = bodies.iter().map(|body| work(body)).sum();
            best = best.min(start.elapsed().as_secs_f64());
        }
        println!(
            "{name:10} {:7.1} ms {:7.1} MB/s, gives {output}",
            best * 1e3,
            megabytes(bytes) / best
        );
    };
    measure("parser", &|body| {
        let options = pulldown_cmark::Options::ENABLE_TABLES | pulldown_cmark::Options::ENABLE_GFM;
        pulldown_cmark::Parser::new_ext(body, options)
            .into_offset_iter()
            .count()
    });
    measure("facts", &|body| {
        let mut length = 0;
        facts(body, &mut |block| length += block.text.len());
        length
    });
    measure("render", &|body| render(body, &[], &texts).len());
    let fences: Vec<(&str, &str)> = bodies.iter().flat_map(|body| fences(body)).collect();
    // By a table, and the same text as a language that only a grammar reads.
    snippets("tables", rounds, &fences);
    let again: Vec<(&str, &str)> = fences.iter().map(|(_, code)| ("julia", *code)).collect();
    snippets("grammar", 1, &again);
}

/// Highlights snippets, and says how fast the best round was.
fn snippets(name: &str, rounds: u32, fences: &[(&str, &str)]) {
    let known: Vec<&(&str, &str)> = fences
        .iter()
        .filter(|(language, code)| highlight::highlight(language, code).is_some())
        .collect();
    let code: usize = known.iter().map(|(_, code)| code.len()).sum();
    let mut best = f64::INFINITY;
    for _ in 0..rounds {
        let start = Instant::now();
        for (language, code) in &known {
            drop(highlight::highlight(language, code));
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!(
        "{name:10} {:7.1} ms {:7.1} MB/s, {} of {} snippets",
        best * 1e3,
        megabytes(code) / best,
        known.len(),
        fences.len()
    );
}

#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// Fenced blocks with a language, roughly.
fn fences(body: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = body.split("```").collect();
    parts
        .chunks_exact(2)
        .filter_map(|pair| pair[1].split_once('\n'))
        .collect()
}
