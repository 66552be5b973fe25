//! What is allocated for twice the body is at most two and a half times as much. The bytes that the highlighter looks at are
//! counted in its own tests.

#[path = "../../../tests/growth/openers.rs"]
mod openers;

use allocation_counter::measure;
use jixia_markdown::highlight::highlight;
use jixia_markdown::{Target, Texts, classify, facts, render};
use openers::{OPENERS, grow};

/// Bytes that some work allocates, and a few for each time.
fn allocated<T>(work: impl FnOnce() -> T) -> u64 {
    let counted = measure(|| drop(std::hint::black_box(work())));
    counted.bytes_total + 16 * counted.count_total
}

#[test]
fn growth_of_facts() {
    grow("facts()", OPENERS, 50_000, &|body| {
        allocated(|| facts(body, &mut |_| {}))
    });
}

#[test]
fn growth_of_pages() {
    let texts = Texts::default();
    grow("render()", OPENERS, 100_000, &|body| {
        let links = facts(body, &mut |_| {}).links.len();
        let targets = vec![Target::Url("/a/".to_owned()); links];
        allocated(|| render(body, &targets, &texts))
    });
}

#[test]
fn growth_of_highlighting() {
    for name in [
        "rust", "python", "html", "php", "yaml", "toml", "markdown", "css", "bash", "latex",
    ] {
        grow(name, &OPENERS[..40], 100_000, &|code| {
            allocated(|| highlight(name, code))
        });
    }
}

#[test]
fn growth_of_addresses() {
    grow("classify()", OPENERS, 25_000, &|url| allocated(|| classify(url)));
}
