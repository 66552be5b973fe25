//! The portal while it is being worked on: built, served, and built again at every change.
//!
//! The build is the same as `jixia build`; this room only watches files and answers browsers. It is a workbench, not
//! a public server: one CDN or web server in front of the output directory is that.

mod answers;
mod port;
mod rebuild;
mod reload;
mod watch;

use std::io;
use std::net::{self, SocketAddr};
use std::sync::{Arc, RwLock};
use std::thread;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};

use crate::diag::Diagnostic;
use crate::world::{Disk, World};

use self::answers::Site;
use self::rebuild::Rebuilding;
use self::reload::Reload;

pub use self::port::{Listening, listen};
pub use self::rebuild::Settings;

/// A server on a port.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
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
    /// When the system gives no threads, or the socket cannot be waited for.
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
            listener,
            settings,
            site: Arc::new(site),
        })
    }

    /// Where the portal's home is.
    pub fn url(&self) -> String {
        format!("http://{}{}/", self.address, self.site.base_path())
    }

    /// Builds, serves, watches and builds again, until the process ends. `world` opens the site anew for each build;
    /// `report` is given what is wrong.
    pub fn run(
        self,
        world: &dyn Fn() -> Result<Disk, Diagnostic>,
        report: &dyn Fn(&dyn World, &[Diagnostic]),
    ) {
        let changes = watch::watch(&self.settings.root, &self.settings.out);
        let mut rebuilding = Rebuilding::new(self.settings, Arc::clone(&self.site));
        let mut rebuild = |paths| {
            if let Ok(world) = world() {
                let wrong = rebuilding.rebuild(&world, paths);
                report(&world, &wrong);
            }
        };
        rebuild(None);
        // The last piece of an answer should not wait for the one before to be acknowledged; without this it is only slow.
        let listener = self.listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let answering = axum::serve(listener, answers::router(self.site));
        self.runtime.spawn(answering.into_future());
        let Ok((_watcher, changes)) = changes else {
            // Without a watcher the portal is still served as it is.
            loop {
                thread::park();
            }
        };
        while let Some(paths) = watch::next(&changes) {
            rebuild(Some(paths));
        }
    }
}
