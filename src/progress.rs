//! How far long work has come.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Work that can take long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Smaller copies of pictures are made.
    Pictures,
    /// Pages are rendered.
    Pages,
    /// Outward links are asked.
    Links,
}

const STAGES: [Stage; 3] = [Stage::Pictures, Stage::Pages, Stage::Links];

/// How far long work has come, for whoever watches it from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Which of [`STAGES`].
    stage: AtomicUsize,
    /// Things to do in this stage; 0 until that is known.
    total: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// Begins a stage with so many things to do.
    pub fn begin(&self, stage: Stage, total: usize) {
        self.total.store(0, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.stage.store(stage as usize, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// One thing is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// The stage, what is done of it and how much there is. Returns `None` before the first begins.
    pub fn now(&self) -> Option<(Stage, usize, usize)> {
        let total = self.total.load(Ordering::Relaxed);
        let stage = STAGES.get(self.stage.load(Ordering::Relaxed))?;
        (total > 0).then(|| (*stage, self.done.load(Ordering::Relaxed).min(total), total))
    }
}
