//! Everything that a running server has at hand.

mod limiter;
mod looking;
mod probe;
mod upkeep;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jixia::stop::Stop;
use tokio::sync::{Notify, Semaphore};

use crate::clock;
use crate::config::Config;
use crate::domain::words::Words;
use crate::files::{Blobs, Stage};
use crate::forge::{self, Forge, Repository};
use crate::mail::Mailer;
use crate::portal::{Places, Portal};
use crate::store::Store;
use crate::texts::Texts;

pub use limiter::Limiter;
pub use looking::Looking;
pub use probe::{Probe, Probes};
pub use upkeep::Upkeep;

/// A running server.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The words.
    pub texts: Texts,
    /// The database.
    pub store: Store,
    /// Where changes are proposed and merged.
    pub forge: Arc<dyn Forge>,
    /// What is published.
    pub repository: Arc<dyn Repository>,
    /// The portal.
    pub portal: Portal,
    /// Files.
    pub blobs: Blobs,
    /// Words to look for in what is submitted.
    pub words: Words,
    /// The way to the mail server, where one is set.
    pub mailer: Option<Mailer>,
    /// Rung when there is a new job.
    pub bells: Bells,
    /// Hashing a password takes 19 MB; so many at once.
    pub hashing: Semaphore,
    /// Checks, previews and the like take a processor each; so many at once.
    pub looking: Looking,
    /// Stops them all when the server is to end.
    pub stop: Stop,
    /// Uploads that are under way.
    pub stages: Stages,
    /// Who asked for how much.
    pub limiter: Limiter,
    /// Whether it can do its work, as it was found last.
    pub probes: Probes,
    /// What who reads counts must show, if anything does.
    pub metrics_token: Option<String>,
    /// For `/metrics`.
    pub requests: [AtomicU64; 6],
}

/// One bell a lane of jobs. Who rings while a lane works is heard when it is done.
#[derive(Debug, Default)]
pub struct Bells {
    /// For branches and merges.
    pub repository: Notify,
    /// For rebuilds.
    pub portal: Notify,
    /// For mail.
    pub mail: Notify,
    /// For what is due.
    pub watch: Notify,
    /// For looking into files.
    pub files: Notify,
    /// For telling what the portal changed.
    pub telling: Notify,
}

impl Bells {
    /// Tells every lane that there may be something to do.
    pub fn ring(&self) {
        self.repository.notify_one();
        self.portal.notify_one();
        self.mail.notify_one();
        self.watch.notify_one();
        self.files.notify_one();
        self.telling.notify_one();
    }
}

/// Stages by upload, each used by one request at a time.
#[derive(Debug, Default)]
pub struct Stages {
    stages: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<Stage>>>>>,
}

impl Stages {
    /// The stage of an upload; whoever locks it may add to it. Empty until it was opened.
    pub fn of(&self, upload: &str) -> Arc<tokio::sync::Mutex<Option<Stage>>> {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        // Stages nobody works on are closed: open files and checksums can be had again.
        if stages.len() > 256 {
            stages.retain(|_, stage| Arc::strong_count(stage) > 1);
        }
        Arc::clone(stages.entry(upload.to_owned()).or_default())
    }

    /// Forgets the stage of an upload.
    pub fn forget(&self, upload: &str) {
        self.stages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(upload);
    }
}

/// Where things lie below the data directory.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The data directory.
    pub data: PathBuf,
}

impl Layout {
    /// The database.
    pub fn database(&self) -> PathBuf {
        self.data.join("intake.db")
    }

    /// The bare repository.
    pub fn repository(&self) -> PathBuf {
        self.data.join("repository.git")
    }

    /// Checkout and portal.
    pub fn places(&self) -> Places {
        Places {
            root: self.data.join("site"),
            out: self.data.join("public"),
            commit: self.data.join("site-commit"),
            changed: self.data.join("changed"),
            repository: PathBuf::from("../repository.git"),
        }
    }

    /// What is left to do of a purge, while one is under way.
    pub fn purge(&self) -> PathBuf {
        self.data.join("purge-under-way.json")
    }

    /// Where backups were written to, a line each.
    pub fn backups(&self) -> PathBuf {
        self.data.join("backups.txt")
    }

    /// Files on their way.
    pub fn stage(&self) -> PathBuf {
        self.data.join("upload")
    }
}

/// Refuses to begin in a directory in which nothing was made yet.
///
/// # Errors
/// How to make it, in words.
pub fn must_be_made(config: &Config) -> Result<(), String> {
    let layout = Layout {
        data: config.data.clone(),
    };
    if layout.repository().exists() {
        return Ok(());
    }
    Err(format!(
        "{}: there is no repository. `jixia-intake demo` makes one for trying out, docs/intake.md says how to bring your own.",
        layout.repository().display()
    ))
}

/// Refuses to work on data of which half of something was purged.
///
/// # Errors
/// How to go on, in words.
pub fn must_not_be_purging(config: &Config) -> Result<(), String> {
    let layout = Layout {
        data: config.data.clone(),
    };
    if !layout.purge().exists() {
        return Ok(());
    }
    Err(format!(
        "{}: a purge was cut short. Run `jixia-intake purge --resume` to complete it, then begin again",
        layout.purge().display()
    ))
}

/// Opens the database that the settings name, and brings its tables up to date.
///
/// # Errors
/// Why it cannot be opened, in words.
pub async fn open_store(config: &Config) -> Result<Store, String> {
    if !config.database.url.is_empty() {
        let store = Store::open(&config.database.url).await;
        return store.map_err(|error| format!("database.url: {error}"));
    }
    let layout = Layout {
        data: config.data.clone(),
    };
    let file = layout.database();
    // The checkout is made after the database, so once there is one there was the other.
    if !file.exists() && layout.places().commit.exists() {
        return Err(format!(
            "{}: the database is gone, and with it accounts, submissions and the audit log; nothing was made in its place. \
             Put the file back, or restore a backup into an empty directory with `jixia-intake restore`. To begin anew \
             without them, remove {} too.",
            file.display(),
            layout.places().commit.display()
        ));
    }
    let store = Store::open_file(&file).await;
    store.map_err(|error| {
        format!(
            "{}: the database cannot be opened, and was not changed: {error}. If it is damaged, end every server, keep a copy \
             of it, and restore the last backup into an empty directory with `jixia-intake restore`.",
            file.display()
        )
    })
}

impl App {
    /// Opens everything that a data directory holds.
    ///
    /// # Errors
    /// What is missing or cannot be read, in words.
    pub async fn open(config: Config) -> Result<Self, String> {
        must_be_made(&config)?;
        let store = open_store(&config).await?;
        Self::with_store(config, store)
    }

    /// Opens everything else that a data directory holds.
    ///
    /// # Errors
    /// What is missing or cannot be read, in words.
    pub fn with_store(config: Config, store: Store) -> Result<Self, String> {
        let layout = Layout {
            data: config.data.clone(),
        };
        let opened = forge::open(&layout.repository());
        let forge::Opened { forge, repository } =
            opened.map_err(|error| format!("{}: {error}", layout.repository().display()))?;
        let portal =
            Portal::open(layout.places(), Arc::clone(&repository)).map_err(|error| error.to_string())?;
        let words = read_words(&config.checks.words)?;
        let blobs = Blobs::open(&portal.blobs(), &layout.stage()).map_err(|error| error.to_string())?;
        let texts = Texts::chinese();
        Ok(Self {
            mailer: Mailer::new(&config.mail)?,
            metrics_token: config.metrics.token()?,
            looking: Looking::new(&config.checks),
            config,
            texts,
            store,
            forge,
            repository,
            portal,
            blobs,
            words,
            bells: Bells::default(),
            hashing: Semaphore::new(2),
            stop: Stop::default(),
            stages: Stages::default(),
            limiter: Limiter::default(),
            probes: Probes::default(),
            requests: Default::default(),
        })
    }

    /// The day, in the portal's time zone.
    pub fn today(&self) -> String {
        clock::day(clock::now(), self.portal.snapshot().zone())
    }

    /// Counts an answer by the first digit of its status.
    pub fn count(&self, status: u16) {
        if let Some(counter) = self.requests.get(usize::from(status / 100)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn read_words(path: &Path) -> Result<Words, String> {
    if path.as_os_str().is_empty() {
        return Ok(Words::default());
    }
    let text =
        fs::read_to_string(path).map_err(|error| format!("checks.words: {}: {error}", path.display()))?;
    Ok(Words::parse(&text))
}
