//! Connections: taken in bounded numbers, given bounded time, and ended when the server is to end.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// How long a client may take to send a whole head, and to begin the next one.
const HEAD: Duration = Duration::from_secs(15);
/// How long a client may take between two pieces of a body.
const BODY: Duration = Duration::from_secs(30);
/// How long what is being answered may take once the server is to end.
const GRACE: Duration = Duration::from_secs(15);
/// Connections at once, where the system lets a process have so many files.
const MOST: u64 = 4096;
/// How long nothing is taken when the system has no room.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers at a port until `stop`, then finishes what was begun, not for ever.
pub(super) async fn answer(
    listener: TcpListener,
    router: Router,
    behind_proxy: bool,
    stop: impl Future<Output = ()>,
) {
    let router = router.layer(RequestBodyTimeoutLayer::new(BODY));
    let room = Room::new(behind_proxy);
    let (ending, mut running) = (GracefulShutdown::new(), JoinSet::new());
    tokio::pin!(stop);
    loop {
        let (stream, place) = tokio::select! {
            taken = take(&listener, &room) => taken,
            () = &mut stop => break,
        };
        running.spawn(one(stream, place, router.clone(), ending.watcher()));
        while running.try_join_next().is_some() {}
    }
    drop(listener);
    if tokio::time::timeout(GRACE, ending.shutdown()).await.is_err() {
        tracing::warn!(connections = running.len(), "ended in the middle of an answer");
    }
    running.shutdown().await;
}

/// The next connection that there is room for.
async fn take(listener: &TcpListener, room: &Arc<Room>) -> (TcpStream, Place) {
    loop {
        let Ok(permit) = Arc::clone(&room.places).acquire_owned().await else {
            // Nobody closes the semaphore.
            return std::future::pending().await;
        };
        match listener.accept().await {
            Ok((stream, address)) => {
                if let Some(place) = Room::place(room, address, permit) {
                    return (stream, place);
                }
            }
            // The client is gone already, or there are no files left: the next one may have more luck.
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Answers what comes through one connection.
async fn one(stream: TcpStream, place: Place, router: Router, ending: hyper_util::server::graceful::Watcher) {
    // Answers are short: waiting for more to send with them only delays them.
    let _ = stream.set_nodelay(true);
    let address = place.address;
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = ending.watch(connection).await {
        // Clients go away as they like.
        tracing::debug!(%error, "a connection ended");
    }
    drop(place);
}

/// How many connections there may be, and from where.
struct Room {
    places: Arc<Semaphore>,
    /// From one address; of a proxy all come from one.
    most_of_one: usize,
    by_address: Mutex<HashMap<IpAddr, usize>>,
}

/// The room that one connection takes.
struct Place {
    room: Arc<Room>,
    address: SocketAddr,
    _permit: OwnedSemaphorePermit,
}

impl Room {
    fn new(behind_proxy: bool) -> Arc<Self> {
        let most = connections();
        Arc::new(Self {
            places: Arc::new(Semaphore::new(most)),
            // A school may have one address, and its browsers open six connections each.
            most_of_one: if behind_proxy { most } else { most / 4 },
            by_address: Mutex::default(),
        })
    }

    /// A place for a connection. Returns `None` if there are too many from its address.
    fn place(room: &Arc<Self>, address: SocketAddr, permit: OwnedSemaphorePermit) -> Option<Place> {
        let mut known = room.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let count = known.entry(address.ip()).or_default();
        if *count >= room.most_of_one {
            return None;
        }
        *count += 1;
        Some(Place {
            room: Arc::clone(room),
            address,
            _permit: permit,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut known = self
            .room
            .by_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = known.get_mut(&self.address.ip()) {
            *count -= 1;
            if *count == 0 {
                known.remove(&self.address.ip());
            }
        }
    }
}

/// How many connections there may be, once the process may have as many open files as the system lets it: half of them,
/// since answers open files too.
fn connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    // What it has already is enough for a school.
    let _ = setrlimit(Resource::Nofile, wanted);
    let files = getrlimit(Resource::Nofile).current.unwrap_or(2 * MOST);
    usize::try_from((files / 2).clamp(16, MOST)).unwrap_or(16)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_all_the_room() {
        let room = Arc::new(Room {
            places: Arc::new(Semaphore::new(8)),
            most_of_one: 2,
            by_address: Mutex::default(),
        });
        let place = |address: &str| {
            let permit = Arc::clone(&room.places).try_acquire_owned().unwrap();
            Room::place(&room, address.parse().unwrap(), permit)
        };
        let first = [place("10.0.0.1:1"), place("10.0.0.1:2")];
        assert!(first.iter().all(Option::is_some) && place("10.0.0.1:3").is_none());
        assert!(place("10.0.0.2:1").is_some());
        drop(first);
        assert!(place("10.0.0.1:4").is_some());
        assert_eq!(room.places.available_permits(), 8);
        assert!(room.by_address.lock().unwrap().is_empty());
    }
}
