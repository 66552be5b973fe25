//! The portal while it is being worked on: built, served, and built again at every change.
//!
//! The build is the same as `jixia build`; this room only watches files and answers browsers. It is a workbench, not
//! a public server: one CDN or web server in front of the output directory is that.

mod files;
mod reload;
mod stored;
mod watch;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;

use crate::build::{Options, Progress, build};
use crate::cache::{Cache, Lock};
use crate::diag::{Diagnostic, Format, Language, Printer, count};
use crate::world::{Disk, World};

use reload::Reload;

/// What the server needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The site.
    pub root: PathBuf,
    /// The output directory.
    pub out: PathBuf,
    /// How to build.
    pub options: Options,
    /// Language of the overlay.
    pub language: Language,
}

/// A server on a port.
pub struct Server {
    http: Arc<tiny_http::Server>,
    settings: Settings,
    reload: Arc<Reload>,
}

/// Threads that answer requests: a browser opens about six connections, and a player that pauses holds one.
const THREADS: usize = 16;

impl Server {
    /// Listens; answers come once [`Server::run`] is called.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub fn bind(host: &str, port: u16, settings: Settings) -> io::Result<Self> {
        let http = tiny_http::Server::http((host, port)).map_err(io::Error::other)?;
        Ok(Self {
            http: Arc::new(http),
            settings,
            reload: Arc::default(),
        })
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}/", self.http.server_addr())
    }

    /// Builds, serves, watches and builds again, until the process ends.
    pub fn run(
        &self,
        world: &dyn Fn() -> Result<Disk, Diagnostic>,
        report: &dyn Fn(&dyn World, &[Diagnostic]),
    ) {
        let mut cache = Cache::load(&self.settings.root);
        let changes = watch::watch(&self.settings.root, &self.settings.out);
        self.rebuild(world, &mut cache, report);
        self.answer_requests();
        if let Ok((_watcher, changes)) = changes {
            self.follow(&changes, world, &mut cache, report);
        } else {
            // Without a watcher the portal is still served as it is.
            loop {
                thread::park();
            }
        }
    }

    fn follow(
        &self,
        changes: &Receiver<()>,
        world: &dyn Fn() -> Result<Disk, Diagnostic>,
        cache: &mut Cache,
        report: &dyn Fn(&dyn World, &[Diagnostic]),
    ) {
        while changes.recv().is_ok() {
            watch::settle(changes);
            self.rebuild(world, cache, report);
        }
    }

    fn rebuild(
        &self,
        world: &dyn Fn() -> Result<Disk, Diagnostic>,
        cache: &mut Cache,
        report: &dyn Fn(&dyn World, &[Diagnostic]),
    ) {
        let Ok(world) = world() else { return };
        let lock = Lock::take(&self.settings.root);
        let settings = &self.settings;
        let outcome = build(
            &world,
            &settings.root,
            &settings.out,
            settings.options,
            cache,
            &Progress::default(),
        );
        if outcome.changes.is_some() {
            cache.trust_before(&lock);
            let _ = cache.save(&settings.root);
        }
        let shown: Vec<Diagnostic> = outcome
            .diagnostics
            .into_iter()
            .filter(|diagnostic| !diagnostic.code.is_advice())
            .collect();
        report(&world, &shown);
        let errors: Vec<Diagnostic> = shown
            .iter()
            .filter(|shown| count(std::slice::from_ref(shown)).0 > 0)
            .cloned()
            .collect();
        let read = |path: &str| world.read(path).ok();
        let printer = Printer {
            format: Format::Human,
            language: settings.language,
            color: false,
            read: &read,
        };
        let changed = outcome
            .changes
            .is_some_and(|changes| !changes.written.is_empty() || !changes.removed.is_empty());
        self.reload.tell(changed, printer.print(&errors));
    }

    fn answer_requests(&self) {
        let reload = Arc::clone(&self.reload);
        thread::spawn(move || reload.answer_waiting());
        for _ in 0..THREADS {
            let (http, reload) = (Arc::clone(&self.http), Arc::clone(&self.reload));
            let out = self.settings.out.clone();
            thread::spawn(move || {
                while let Ok(request) = http.recv() {
                    files::answer(request, &out, &reload);
                }
            });
        }
    }
}
