//! Work that nobody waits for any more: whoever asked has gone, or the program is to end.
//!
//! Long loops call [`Stop::check`], which unwinds to the [`Stop::run`] around the work, so that nothing half done comes out of it.
//! Nothing is printed, as of a panic. Locks that were held count as poisoned.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether some work is to stop. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Asked>);

#[derive(Debug, Default)]
struct Asked {
    itself: AtomicBool,
    /// What stops it too.
    above: Option<Stop>,
}

/// What unwinds.
struct Stopped;

/// Asks to stop when it is dropped.
#[derive(Debug)]
pub struct OnDrop(Stop);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.ask();
    }
}

impl Stop {
    /// Of a part of the work: it stops with the whole, or by itself.
    #[must_use]
    pub fn below(&self) -> Self {
        Self(Arc::new(Asked {
            itself: AtomicBool::new(false),
            above: Some(self.clone()),
        }))
    }

    /// Asks the work to stop.
    pub fn ask(&self) {
        self.0.itself.store(true, Ordering::Relaxed);
    }

    /// Asks the work to stop when what is returned is dropped. After its end that does nothing.
    #[must_use]
    pub fn on_drop(&self) -> OnDrop {
        OnDrop(self.clone())
    }

    /// Whether the work is to stop.
    pub fn is_asked(&self) -> bool {
        self.0.itself.load(Ordering::Relaxed) || self.0.above.as_ref().is_some_and(Self::is_asked)
    }

    /// Ends the work if it is to stop.
    ///
    /// # Panics
    /// In that case, with a payload that [`Stop::run`] knows.
    pub fn check(&self) {
        if self.is_asked() {
            resume_unwind(Box::new(Stopped));
        }
    }

    /// Does some work. Returns `None` if it was stopped.
    ///
    /// # Panics
    /// As the work does otherwise.
    pub fn run<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(|| {
            self.check();
            work()
        })) {
            Ok(done) => Some(done),
            Err(payload) if payload.is::<Stopped>() => None,
            Err(payload) => resume_unwind(payload),
        }
    }
}

/// Goes on unwinding if what was caught is work that stopped, and no fault.
pub(crate) fn pass_on(payload: Box<dyn Any + Send>) -> Box<dyn Any + Send> {
    if payload.is::<Stopped>() {
        resume_unwind(payload);
    }
    payload
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    #[test]
    fn work_ends_where_it_looks() {
        let (whole, count) = (Stop::default(), std::sync::atomic::AtomicUsize::new(0));
        let part = whole.below();
        let done = part.run(|| {
            for step in 0..10 {
                if step == 3 {
                    whole.ask();
                }
                part.check();
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        assert_eq!((done, count.into_inner()), (None, 3));
        assert_eq!(whole.below().run(|| 1), None, "what begins later does not begin");
        let other = Stop::default();
        drop(other.below().on_drop());
        assert_eq!(other.run(|| 1), Some(1), "a part does not stop the whole");
    }

    #[test]
    fn side_by_side_all_of_it_ends() {
        let stop = Stop::default();
        let done = stop.run(|| {
            (0..1000).into_par_iter().for_each(|number| {
                if number == 500 {
                    stop.ask();
                }
                stop.check();
            });
        });
        assert_eq!(done, None);
    }

    #[test]
    fn a_fault_is_no_stop() {
        let caught = catch_unwind(|| Stop::default().run(|| std::panic::panic_any("fault")));
        assert!(caught.is_err_and(|payload| pass_on(payload).is::<&str>()));
    }
}
