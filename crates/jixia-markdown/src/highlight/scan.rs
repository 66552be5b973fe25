//! Looking ahead. All lexers do it with these, and a test counts the bytes that they see.

use memchr::{memchr, memmem};

/// The next place of a byte, from `at` on.
pub(super) fn byte(code: &str, at: usize, byte: u8) -> Option<usize> {
    let rest = code.as_bytes().get(at..)?;
    let found = memchr(byte, rest);
    step(found.unwrap_or(rest.len()));
    found.map(|found| at + found)
}

/// The next place of either byte.
pub(super) fn either(code: &str, at: usize, first: u8, second: u8) -> Option<usize> {
    let rest = code.as_bytes().get(at..)?;
    let found = memchr::memchr2(first, second, rest);
    step(found.unwrap_or(rest.len()));
    found.map(|found| at + found)
}

/// The next place of a text.
pub(super) fn find(code: &str, at: usize, text: &str) -> Option<usize> {
    let rest = code.as_bytes().get(at..)?;
    let found = memmem::find(rest, text.as_bytes());
    step(found.unwrap_or(rest.len()));
    found.map(|found| at + found)
}

/// The place after the next one of a text, else the end.
pub(super) fn past(code: &str, at: usize, text: &str) -> usize {
    find(code, at, text).map_or(code.len(), |found| found + text.len())
}

/// The end of the line.
pub(super) fn line_end(code: &str, at: usize) -> usize {
    byte(code, at, b'\n').unwrap_or(code.len())
}

/// The end of a run of bytes of a kind.
pub(super) fn run(code: &str, at: usize, kind: impl Fn(u8) -> bool) -> usize {
    let rest = code.as_bytes().get(at..).unwrap_or_default();
    let length = rest.iter().take_while(|&&byte| kind(byte)).count();
    step(length);
    at + length
}

/// Counts bytes that were looked at.
#[cfg(not(test))]
pub(super) fn step(_bytes: usize) {}

#[cfg(test)]
pub(super) use counted::{count, step};

#[cfg(test)]
mod counted {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub(in super::super) fn step(bytes: usize) {
        STEPS.set(STEPS.get() + bytes + 1);
    }

    /// Bytes that some work looks at.
    pub(in super::super) fn count(work: impl FnOnce()) -> usize {
        STEPS.set(0);
        work();
        STEPS.get()
    }
}
