//! Work that takes a thread of its own.

use jixia::stop::Stop;

use super::{Error, Kind};
use crate::app::App;

/// Runs what blocks beside the threads that answer requests. It is finished even when nobody waits any more.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    Ok(tokio::task::spawn_blocking(work).await?)
}

/// Runs what blocks and changes nothing. When the caller goes away, as the handler of a request does whose client is gone
/// or has waited long enough, or the `whole` is to stop, the work ends where it looks at the given [`Stop`].
///
/// # Errors
/// [`Kind::Busy`] if the whole is to stop.
pub(crate) async fn stoppable<T: Send + 'static>(
    whole: &Stop,
    work: impl FnOnce(&Stop) -> T + Send + 'static,
) -> Result<T, Error> {
    let stop = whole.below();
    let _asks = stop.on_drop();
    let running = tokio::task::spawn_blocking(move || stop.run(|| work(&stop)));
    Ok(running.await?.ok_or(Kind::Busy)?)
}

/// Does what [`stoppable`] does with what takes a processor for long: checks, previews, uploaded archives and tables. Only so
/// many run at once.
///
/// # Errors
/// [`Kind::Busy`] if there is no room for long, or the server is to end.
pub(crate) async fn looking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Stop) -> T + Send + 'static,
) -> Result<T, Error> {
    let room = app.looking.place().await.ok_or(Kind::Busy)?;
    stoppable(&app.stop, move |stop| {
        // There is room again when the work has ended, not when nobody waits for it.
        let _room = room;
        work(stop)
    })
    .await
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Tells when the work has ended, however it did.
    struct Ended(mpsc::Sender<&'static str>);

    impl Drop for Ended {
        fn drop(&mut self) {
            let _ = self.0.send("ended");
        }
    }

    /// Work without an end that tells when it begins and ends.
    fn endless(told: mpsc::Sender<&'static str>) -> impl FnOnce(&Stop) + Send {
        move |stop| {
            let _ended = Ended(told.clone());
            told.send("begun").unwrap();
            loop {
                stop.check();
                std::thread::yield_now();
            }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_ends_when_its_caller_goes_away() {
        let (whole, (tell, told)) = (Stop::default(), mpsc::channel());
        let caller = tokio::spawn(async move { stoppable(&whole, endless(tell)).await });
        assert_eq!(told.recv().unwrap(), "begun");
        caller.abort();
        assert_eq!(told.recv().unwrap(), "ended");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_ends_when_the_whole_is_to_stop() {
        let (whole, (tell, told)) = (Stop::default(), mpsc::channel());
        let caller = tokio::spawn({
            let whole = whole.clone();
            async move { stoppable(&whole, endless(tell)).await }
        });
        assert_eq!(told.recv().unwrap(), "begun");
        whole.ask();
        assert_eq!(told.recv().unwrap(), "ended");
        assert_eq!(caller.await.unwrap().unwrap_err().kind, Kind::Busy);
        assert_eq!(stoppable(&Stop::default(), |_| 1).await, Ok(1));
    }
}
