//! Room for work that takes a processor for long: checks, previews, looking into archives and tables.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Checks;

/// So many places, and how long one waits for one.
#[derive(Debug)]
pub struct Looking {
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Looking {
    /// As the settings say; without a number a processor stays for everything else.
    pub fn new(settings: &Checks) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let places = match settings.at_once {
            0 => (processors - 1).max(2),
            places => places,
        };
        Self {
            places: Arc::new(Semaphore::new(places)),
            patience: Duration::from_secs(settings.wait_seconds),
        }
    }

    /// A place, free again when it is dropped. Returns `None` if there is none for long.
    pub async fn place(&self) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.places).acquire_owned();
        tokio::time::timeout(self.patience, place).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn there_are_so_many_places() {
        let settings = Checks {
            at_once: 2,
            wait_seconds: 0,
            ..Checks::default()
        };
        let looking = Looking::new(&settings);
        let (first, second) = (looking.place().await, looking.place().await);
        assert!(first.is_some() && second.is_some());
        assert!(looking.place().await.is_none());
        drop(first);
        assert!(looking.place().await.is_some());
    }
}
