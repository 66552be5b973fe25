//! Takes connections and has their requests answered.
//!
//! Every connection is a task of its own, however many there are: one whose browser waits or stops reading holds no
//! thread that another needs.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::body::Body;
use super::files;
use super::reload::{Reload, SCRIPT, SCRIPT_PATH, WAIT_PATH};

/// Time until the next connection is tried when one could not be taken, which is so while too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// What requests are answered from.
pub(super) struct Site {
    /// The output directory.
    pub(super) out: PathBuf,
    /// The path of the settings' address, below which all pages are.
    pub(super) base_path: RwLock<String>,
    pub(super) reload: Reload,
}

impl Site {
    /// The path below which all pages are, as of the last build.
    pub(super) fn base_path(&self) -> String {
        let base_path = self.base_path.read().unwrap_or_else(PoisonError::into_inner);
        base_path.clone()
    }

    async fn answer(self: Arc<Self>, request: Request<()>) -> Response<Body> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut response = files::empty(StatusCode::METHOD_NOT_ALLOWED);
            let allowed = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(ALLOW, allowed);
            return response;
        }
        match request.uri().path() {
            SCRIPT_PATH => files::fresh(StatusCode::OK, "text/javascript; charset=utf-8", SCRIPT.into()),
            WAIT_PATH => {
                let query = request.uri().query().unwrap_or_default();
                let known = query.strip_prefix("news=").and_then(|news| news.parse().ok());
                self.reload.ask(known).await
            }
            _ => {
                let answer = move || files::answer(&request, &self.out, &self.base_path());
                let answer = tokio::task::spawn_blocking(answer).await;
                answer.unwrap_or_else(|_| files::empty(StatusCode::INTERNAL_SERVER_ERROR))
            }
        }
    }
}

/// Takes connections until the process ends.
pub(super) async fn take(listener: Arc<TcpListener>, site: Arc<Site>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve(stream, Arc::clone(&site)))),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Answers the requests of a connection, one after another.
async fn serve(stream: TcpStream, site: Arc<Site>) {
    // The last piece of an answer should not wait for the one before to be acknowledged; without this it is only slow.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = Arc::clone(&site).answer(request.map(drop));
        async { Ok::<_, Infallible>(answer.await) }
    });
    // A browser that went away is no error.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
