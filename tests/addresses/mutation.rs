//! Addresses that are nearly right.

use std::collections::BTreeSet;

/// The ways in which an address is changed.
const CHANGES: [fn(&str) -> String; 12] = [
    |file| format!("{file}/more"),
    |file| format!("{file}x"),
    |file| format!("x{file}"),
    |file| file.replacen('/', "/x/", 1),
    |file| file.replacen('/', "", 1),
    |file| {
        file.replace(".html", ".htm")
            .replace(".json", ".jsn")
            .replace(".xml", ".rss")
    },
    |file| {
        file.replace(".bin", ".dat")
            .replace(".css", ".js")
            .replace(".webp", ".png")
    },
    |file| file.to_uppercase(),
    |file| in_numbers(file, |number| number + 1000),
    |file| in_numbers(file, |number| number + 1),
    |file| without_last_letter(file),
    |file| in_last_digit(file),
];

/// So many addresses that the build did not write, each made of one that it wrote. The same in every run.
pub(crate) fn addresses(written: &BTreeSet<String>, wanted: usize) -> BTreeSet<String> {
    let mut wrong = BTreeSet::new();
    let of_way = |change: fn(&str) -> String| written.iter().map(move |file| change(file));
    let mut ways: Vec<_> = CHANGES.into_iter().map(of_way).collect();
    while wrong.len() < wanted && !ways.is_empty() {
        // One of each way in turn, so that a small site has some of all.
        ways.retain_mut(|way| {
            let Some(address) = way.find(|address| !is_written(written, address) && !wrong.contains(address))
            else {
                return false;
            };
            wrong.insert(address);
            true
        });
    }
    wrong
}

/// Whether a server would answer with a file, or send to one.
fn is_written(written: &BTreeSet<String>, address: &str) -> bool {
    let directory = address.trim_end_matches('/');
    address.is_empty() || written.contains(address) || written.contains(&format!("{directory}/index.html"))
}

fn in_numbers(file: &str, change: impl Fn(u64) -> u64) -> String {
    let segments = file.split('/').map(|segment| {
        let (stem, end) = segment.split_once('.').unwrap_or((segment, ""));
        let dot = if segment.contains('.') { "." } else { "" };
        match stem.parse() {
            Ok(number) => format!("{}{dot}{end}", change(number)),
            Err(_) => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

fn without_last_letter(file: &str) -> String {
    let directory = file.trim_end_matches("/index.html");
    let mut letters = directory.chars();
    letters.next_back();
    letters.collect()
}

/// Another fingerprint, number or year.
fn in_last_digit(file: &str) -> String {
    let place = file.rfind(|letter: char| letter.is_ascii_digit());
    place.map_or_else(String::new, |place| {
        let other = if &file[place..=place] == "7" { "8" } else { "7" };
        format!("{}{other}{}", &file[..place], &file[place + 1..])
    })
}
