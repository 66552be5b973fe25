//! The plain text of bodies between their reading and the search index, so that a clean build parses them once less.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jixia_markdown::BlockKind;
use jixia_search::Text;
use rustc_hash::FxHashMap;

/// Bytes of text that wait at once, some 16,000 entries. The index reads the others again, so that memory does not grow
/// with bodies.
const ROOM: usize = 96 << 20;

/// Texts of entries by the path of their files.
#[derive(Default)]
pub(super) struct Texts {
    used: AtomicUsize,
    texts: Mutex<FxHashMap<Arc<str>, Text>>,
}

impl Texts {
    /// Whether there is room for more.
    pub(super) fn has_room(&self) -> bool {
        self.used.load(Ordering::Relaxed) < ROOM
    }

    /// Keeps the text of a file until it is taken.
    pub(super) fn put(&self, path: &Arc<str>, text: Text) {
        self.used.fetch_add(text.size(), Ordering::Relaxed);
        self.lock().insert(Arc::clone(path), text);
    }

    /// Hands out the text of a file, once.
    pub(super) fn take(&self, path: &str) -> Option<Text> {
        self.lock().remove(path)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, FxHashMap<Arc<str>, Text>> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds a block of a body to what the index gets of it.
pub(super) fn push(text: &mut Text, block: &jixia_markdown::Block<'_>) {
    let kind = match block.kind {
        BlockKind::Heading => jixia_search::BlockKind::Heading,
        BlockKind::Text | BlockKind::Code => jixia_search::BlockKind::Body,
    };
    text.push(kind, block.text);
}
