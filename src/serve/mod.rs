//! The portal while it is being worked on: built, served, and built again at every change.
//!
//! The build is the same as `jixia build`; this room only watches files and answers browsers. It is a workbench, not
//! a public server: one CDN or web server in front of the output directory is that.

mod body;
mod connections;
mod files;
mod port;
mod reload;
mod stored;
mod watch;

use std::collections::BTreeSet;
use std::io;
use std::net::{self, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;

use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};

use crate::cache::{Cache, Lock};
use crate::config::Config;
use crate::diag::{Diagnostic, Format, Language, Printer, Severity};
use crate::pipeline::{Held, Options, Progress, build_and_hold, preview};
use crate::world::{Disk, World};

use connections::Site;
use reload::Reload;

pub use port::{Listening, listen};

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

/// What the server knows of the last build.
struct Memory {
    cache: Cache,
    held: Option<Held>,
}

/// Whether a page that is open may look different when a file changed: files of the search index are asked for anew.
fn is_shown(file: &str) -> bool {
    !file.ends_with(".bin")
}

/// A server on a port.
pub struct Server {
    runtime: Runtime,
    listener: Arc<TcpListener>,
    address: SocketAddr,
    settings: Settings,
    site: Arc<Site>,
}

/// Threads that drive connections; files are looked up in others.
const THREADS: usize = 2;

impl Server {
    /// For a portal below `base_path`; answers come once [`Server::run`] is called.
    ///
    /// # Errors
    /// When the system gives no threads, or the socket is none that can wait.
    pub fn new(listener: net::TcpListener, settings: Settings, base_path: &str) -> io::Result<Self> {
        let mut runtime = runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(THREADS).enable_all().build()?;
        listener.set_nonblocking(true)?;
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let site = Site {
            out: settings.out.clone(),
            base_path: RwLock::new(base_path.to_owned()),
            reload: Reload::default(),
        };
        Ok(Self {
            address: listener.local_addr()?,
            runtime,
            listener: Arc::new(listener),
            settings,
            site: Arc::new(site),
        })
    }

    /// Where the portal's home is.
    pub fn url(&self) -> String {
        format!("http://{}{}/", self.address, self.site.base_path())
    }

    /// Builds, serves, watches and builds again, until the process ends.
    pub fn run(
        &self,
        world: &dyn Fn() -> Result<Disk, Diagnostic>,
        report: &dyn Fn(&dyn World, &[Diagnostic]),
    ) {
        let mut memory = Memory {
            cache: Cache::load(&self.settings.root),
            held: None,
        };
        let changes = watch::watch(&self.settings.root, &self.settings.out);
        self.rebuild(world, &mut memory, report);
        let taking = connections::take(Arc::clone(&self.listener), Arc::clone(&self.site));
        self.runtime.spawn(taking);
        let Ok((_watcher, changes)) = changes else {
            // Without a watcher the portal is still served as it is.
            loop {
                thread::park();
            }
        };
        while let Some(paths) = watch::next(&changes) {
            self.preview(world, &mut memory, &paths);
            self.rebuild(world, &mut memory, report);
        }
    }

    /// Shows the page of a corrected body before the build that brings everything up to date.
    fn preview(
        &self,
        world: &dyn Fn() -> Result<Disk, Diagnostic>,
        memory: &mut Memory,
        paths: &BTreeSet<PathBuf>,
    ) {
        let (Ok(world), Some(held)) = (world(), memory.held.as_mut()) else {
            return;
        };
        let relative = |path: &PathBuf| {
            let path = path.strip_prefix(world.root()).ok()?.to_str()?;
            // What editors write beside a file is no content.
            let is_content = path.ends_with(".md") || world.stamp(path).is_some();
            is_content.then(|| path.to_owned())
        };
        let paths: BTreeSet<String> = paths.iter().filter_map(relative).collect();
        let settings = &self.settings;
        let _lock = Lock::take(&settings.root);
        if preview(
            &world,
            &settings.root,
            &settings.out,
            held,
            &mut memory.cache,
            &paths,
        ) {
            self.site.reload.tell(true, String::new());
        }
    }

    fn rebuild(
        &self,
        world: &dyn Fn() -> Result<Disk, Diagnostic>,
        memory: &mut Memory,
        report: &dyn Fn(&dyn World, &[Diagnostic]),
    ) {
        let Ok(world) = world() else { return };
        let lock = Lock::take(&self.settings.root);
        let settings = &self.settings;
        let cache = &mut memory.cache;
        let progress = Progress::default();
        let (outcome, held) = build_and_hold(
            &world,
            &settings.root,
            &settings.out,
            settings.options,
            cache,
            &progress,
        );
        memory.held = held;
        if outcome.changes.is_some() {
            let (config, ..) = Config::load(&world);
            let base_path = self.site.base_path.write();
            let mut base_path = base_path.unwrap_or_else(PoisonError::into_inner);
            config.base_path().clone_into(&mut base_path);
        }
        if outcome.changes.is_some() {
            cache.trust_before(&lock);
            let _ = cache.save(&settings.root);
        }
        let shown: Vec<Diagnostic> = outcome
            .diagnostics
            .into_iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error || !diagnostic.code.is_advice())
            .collect();
        report(&world, &shown);
        let read = |path: &str| world.read(path).ok();
        let printer = Printer {
            format: Format::Human,
            language: settings.language,
            color: false,
            read: &read,
        };
        let errors: Vec<Diagnostic> = shown
            .into_iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .collect();
        let changed = outcome.changes.is_some_and(|changes| {
            changes
                .written
                .iter()
                .chain(&changes.removed)
                .any(|file| is_shown(file))
        });
        self.site.reload.tell(changed, printer.print(&errors));
    }
}
