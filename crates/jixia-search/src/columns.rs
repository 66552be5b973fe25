//! Columns: what must be known of every document before any is shown: dates for ranking, facets for filters and counts.
//!
//! `index.bin` is loaded first, `facet-N.bin` and `days.bin` only when a search needs them. All are raw deflate.
//! - `index.bin`: length of the JSON (4 bytes, little-endian); JSON `{version, slots, span, documents, epoch, width,
//!   facets}`; then as bits: the shape of the tree, the size class of each leaf (4 bits), which of `span` slots are taken,
//!   and for each document in the order of slots its date in steps of 64 days (`width` bits; 0: none, else 1 + step −
//!   `epoch`) and the class of its title's length (2 bits)
//! - `days.bin`: for each document the day within its step (6 bits)
//! - `facet-N.bin`: length of the JSON; JSON `{labels, sets}`, where a set is the list of a document's labels; then for
//!   each document its set, in as many bits as the number of sets needs

use rustc_hash::FxHashMap;
use serde_json::json;

use super::bits::BitWriter;
use super::record::compress;
use super::tree::{Leaf, shape};

/// The format of the files; the browser refuses another.
pub(super) const VERSION: u32 = 1;
/// Days of a step.
const STEP_BITS: u32 = 6;
const LEVEL: u32 = 6;

/// What the columns say of a document.
pub(super) struct Row<'a> {
    /// Its slot.
    pub(super) slot: u32,
    /// Days since 1970-01-01.
    pub(super) date: Option<i32>,
    /// The class of its title's length.
    pub(super) title_class: u8,
    /// Its values of facets, as ascending indices.
    pub(super) values: &'a [u32],
}

/// A value of a facet: the facet's name and the label.
pub(super) type Value = (String, String);

/// Makes all columns: paths and contents. `rows` ascend by slot, `values` ascend and are all in use.
pub(super) fn encode(
    slots: u32,
    leaves: &[Leaf],
    values: &[Value],
    rows: &[Row<'_>],
) -> Vec<(String, Vec<u8>)> {
    let facets: Vec<&[Value]> = values.chunk_by(|left, right| left.0 == right.0).collect();
    let names: Vec<&str> = facets.iter().map(|values| values[0].0.as_str()).collect();
    let mut files = vec![
        ("index.bin".to_owned(), header(slots, leaves, rows, &names)),
        ("days.bin".to_owned(), days(rows)),
    ];
    let mut start = 0;
    for (index, values) in facets.into_iter().enumerate() {
        files.push((format!("facet-{index}.bin"), facet(start, values, rows)));
        start += values.len() as u32;
    }
    files
}

fn width(count: usize) -> u32 {
    (count.max(1) as u32).ilog2() + u32::from(!count.is_power_of_two())
}

fn file(json: &serde_json::Value, bits: BitWriter) -> Vec<u8> {
    let json = json.to_string();
    let mut bytes = (json.len() as u32).to_le_bytes().to_vec();
    bytes.extend_from_slice(json.as_bytes());
    bytes.extend(bits.finish());
    compress(&bytes, LEVEL)
}

fn header(slots: u32, leaves: &[Leaf], rows: &[Row<'_>], names: &[&str]) -> Vec<u8> {
    let steps = rows
        .iter()
        .filter_map(|row| row.date)
        .map(|date| date >> STEP_BITS);
    let (epoch, last) = (steps.clone().min().unwrap_or(0), steps.max().unwrap_or(0));
    let width = width((last - epoch) as usize + 2);
    let span = rows.last().map_or(0, |row| row.slot + 1);
    let json = json!({
        "version": VERSION, "slots": slots, "span": span, "documents": rows.len(), "epoch": epoch, "width": width,
        "facets": names,
    });
    let mut bits = BitWriter::default();
    for node in shape(leaves) {
        bits.write(u32::from(node), 1);
    }
    for leaf in leaves {
        bits.write(leaf.size_class(), 4);
    }
    let mut taken = rows.iter().map(|row| row.slot).peekable();
    for slot in 0..span {
        bits.write(u32::from(taken.next_if_eq(&slot).is_some()), 1);
    }
    for row in rows {
        bits.write(
            row.date
                .map_or(0, |date| ((date >> STEP_BITS) - epoch) as u32 + 1),
            width,
        );
    }
    for row in rows {
        bits.write(u32::from(row.title_class), 2);
    }
    file(&json, bits)
}

fn days(rows: &[Row<'_>]) -> Vec<u8> {
    let mut bits = BitWriter::default();
    for row in rows {
        bits.write(row.date.unwrap_or(0) as u32 & ((1 << STEP_BITS) - 1), STEP_BITS);
    }
    compress(&bits.finish(), LEVEL)
}

fn facet(start: u32, values: &[Value], rows: &[Row<'_>]) -> Vec<u8> {
    let end = start + values.len() as u32;
    let of = |row: &Row<'_>| {
        let from = row.values.partition_point(|&value| value < start);
        from..row.values.partition_point(|&value| value < end)
    };
    let mut sets: Vec<&[u32]> = rows.iter().map(|row| &row.values[of(row)]).collect();
    sets.sort_unstable();
    sets.dedup();
    let numbers: FxHashMap<&[u32], u32> = sets.iter().zip(0..).map(|(&set, number)| (set, number)).collect();
    let labels: Vec<&str> = values.iter().map(|value| value.1.as_str()).collect();
    let shown: Vec<Vec<u32>> = sets
        .iter()
        .map(|set| set.iter().map(|value| value - start).collect())
        .collect();
    let json = json!({ "labels": labels, "sets": shown });
    let width = width(sets.len());
    let mut bits = BitWriter::default();
    for row in rows {
        bits.write(numbers.get(&row.values[of(row)]).copied().unwrap_or(0), width);
    }
    file(&json, bits)
}
