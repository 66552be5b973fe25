//! A running server: jobs and answers side by side, from start to signal.

mod connections;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jixia::serve::Listening;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::app::{App, Layout, must_be_made, must_not_be_purging, open_store};
use crate::config::{self, Config};
use crate::forge::Local;
use crate::jobs::{self, Lane};
use crate::portal;
use crate::web;

/// How long jobs that were begun may take once the server is to end.
const GRACE: Duration = Duration::from_secs(10);

/// Listens at the port `named`; without one at `usual`, or at another when that is taken.
pub(crate) fn listen(host: &str, named: Option<u16>, usual: u16) -> Result<Listening, String> {
    let port = named.unwrap_or(usual);
    jixia::serve::listen(host, named, usual).map_err(|error| {
        format!("cannot listen at {host}:{port}: {error}. Name another port, or end what listens there")
    })
}

/// Where the server is reached.
pub(crate) fn address(listening: &Listening) -> Result<SocketAddr, String> {
    listening.listener.local_addr().map_err(|error| error.to_string())
}

/// Opens what there is and brings the portal up to date.
pub(crate) async fn start(config: Config) -> Result<Arc<App>, String> {
    logs(config.server.json_logs);
    // Nobody else writes to the repository while the server runs, and it has not begun.
    let layout = Layout {
        data: config.data.clone(),
    };
    must_be_made(&config)?;
    must_not_be_purging(&config)?;
    // What cannot be made again comes first: without it nothing is begun.
    let store = open_store(&config).await?;
    if let Ok(repository) = Local::open(&layout.repository()) {
        repository.recover().map_err(|error| error.to_string())?;
        let built = tokio::task::spawn_blocking(move || portal::prepare(&layout.places(), &repository)).await;
        match built.map_err(|error| error.to_string())? {
            Ok(rebuilt) => tracing::info!(commit = rebuilt.commit, changed = rebuilt.changed, "portal built"),
            // The last good portal is better than none; /readyz tells when there is none.
            Err(failure) => tracing::error!(%failure, "the portal cannot be built"),
        }
    }
    Ok(Arc::new(App::with_store(config, store)?))
}

fn logs(as_json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env(config::LOG);
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Set twice only within tests, where the first one holds.
    let _ = if as_json {
        logs.json().try_init()
    } else {
        logs.try_init()
    };
}

/// Answers until a signal comes, then finishes what was begun.
pub(crate) async fn serve(app: Arc<App>, listening: Listening) -> Result<(), String> {
    let waiting = listening.listener.set_nonblocking(true);
    let listener = waiting.and_then(|()| TcpListener::from_std(listening.listener));
    let listener = listener.map_err(|error| error.to_string())?;
    let (stop, stopped) = watch::channel(false);
    let mut lanes = tokio::task::JoinSet::new();
    for lane in [
        Lane::Repository,
        Lane::Portal,
        Lane::Mail,
        Lane::Files,
        Lane::Telling,
    ] {
        lanes.spawn(jobs::run(Arc::clone(&app), lane, stopped.clone()));
    }
    lanes.spawn(jobs::tidy(Arc::clone(&app), stopped.clone()));
    lanes.spawn(jobs::watch(Arc::clone(&app), stopped.clone()));
    lanes.spawn(jobs::follow(Arc::clone(&app), stopped.clone()));
    let router = web::router(&app)?;
    connections::answer(
        listener,
        router,
        app.config.server.behind_proxy,
        wait_for_signal(),
    )
    .await;
    let _ = stop.send(true);
    app.stop.ask();
    let finished = async { while lanes.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, finished).await.is_err() {
        // A job that was not finished is done again at the next start.
        tracing::warn!("ended in the middle of a job");
        lanes.shutdown().await;
    }
    app.store.close().await;
    Ok(())
}

async fn wait_for_signal() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
