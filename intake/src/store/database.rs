//! Connections and transactions.

use std::path::Path;
use std::str::FromStr as _;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor as _, Transaction};
use tokio::sync::{Mutex, MutexGuard};

use super::migrations;
use crate::domain::names::Unknown;

/// What can go wrong.
pub type Error = sqlx::Error;

/// The database.
#[derive(Debug)]
pub struct Store {
    pub(super) pool: AnyPool,
    is_sqlite: bool,
    turn: Mutex<()>,
}

/// One transaction. Dropped without [`Change::commit`] nothing has happened.
pub struct Change<'a> {
    pub(super) transaction: Transaction<'static, Any>,
    _turn: MutexGuard<'a, ()>,
}

/// Connections: SQLite answers one query a connection, and readers do not wait for each other.
const CONNECTIONS: u32 = 8;

/// `wal`: readers go on while something is written. `full`: what was committed survives a power cut.
/// The journal is cut to 64 MB after a long reader let it grow.
const PRAGMAS: &str =
    "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864; PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000;";

/// What is asked for once, before there are tables: pages that nothing is in any more can be given back. Of databases of earlier
/// programs they are used again. It writes, so that a connection would not open while the disk is full.
const ONCE: &str = "PRAGMA auto_vacuum = INCREMENTAL;";

/// What `BEGIN IMMEDIATE` is to SQLite: changes are made one after another, whichever process makes them.
const TAKE_TURN: &str = "LOCK TABLE audit IN EXCLUSIVE MODE";

/// The value of a name from a column.
pub(super) fn decoded<T: TryFrom<String, Error = Unknown>>(column: &str, name: String) -> Result<T, Error> {
    T::try_from(name).map_err(|unknown| Error::ColumnDecode {
        index: column.to_owned(),
        source: Box::new(unknown),
    })
}

/// Refuses a damaged SQLite file before anything is read from it.
async fn must_be_whole(connection: &mut AnyConnection) -> Result<(), Error> {
    let query = sqlx::query_scalar("PRAGMA quick_check(1)");
    let found: String = query.fetch_one(connection).await?;
    match found.as_str() {
        "ok" => Ok(()),
        _ => Err(Error::Protocol(found)),
    }
}

impl Store {
    /// Opens a database by its address, such as `sqlite:///srv/jixia/intake.db` or `postgres://user@host/name`, and brings its tables up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or its tables or a name in them are of a newer program.
    pub async fn open(url: &str) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let is_sqlite = url.starts_with("sqlite:");
        // Of one connection alone what is wrong is said at once; the pool would try for half a minute to get one.
        let mut first = AnyConnection::connect(url).await?;
        if is_sqlite {
            first.execute(ONCE).await?;
            first.execute(PRAGMAS).await?;
            must_be_whole(&mut first).await?;
        }
        first.close().await?;
        let options = AnyPoolOptions::new().max_connections(CONNECTIONS);
        // After a disk was full, SQLite has ended a transaction by itself and the pool takes it for open for ever after: what
        // the connection writes would never be committed.
        let options = options.after_release(move |connection, _| {
            Box::pin(async move {
                if !is_sqlite {
                    return Ok(true);
                }
                // A rollback that is under way comes first.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        });
        let options = options.after_connect(move |connection, _| {
            Box::pin(async move {
                if is_sqlite {
                    connection.execute(PRAGMAS).await?;
                }
                Ok(())
            })
        });
        let pool = options.connect_with(AnyConnectOptions::from_str(url)?).await?;
        migrations::all().run(&pool).await?;
        let store = Self {
            pool,
            is_sqlite,
            turn: Mutex::new(()),
        };
        store.check_names().await?;
        Ok(store)
    }

    /// Opens the SQLite file, which need not exist.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub async fn open_file(path: &Path) -> Result<Self, Error> {
        Self::open(&format!("sqlite://{}?mode=rwc", path.display())).await
    }

    /// Whether it is SQLite, which knows no figures of its tables.
    pub(super) fn is_sqlite(&self) -> bool {
        self.is_sqlite
    }

    /// Begins a transaction, once those before are through.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change(&self) -> Result<Change<'_>, Error> {
        let turn = self.turn.lock().await;
        // Another process may write too: SQLite is asked for the right to write before anything is read.
        let begin = if self.is_sqlite {
            "BEGIN IMMEDIATE"
        } else {
            "BEGIN"
        };
        let mut transaction = self.pool.begin_with(begin).await?;
        if !self.is_sqlite {
            sqlx::query(TAKE_TURN).execute(&mut *transaction).await?;
        }
        Ok(Change {
            transaction,
            _turn: turn,
        })
    }

    /// Writes a copy of an SQLite database as it is at one moment, while others go on working.
    ///
    /// # Errors
    /// When the file exists or cannot be written, or the database is no SQLite.
    pub async fn copy_to(&self, path: &Path) -> Result<(), Error> {
        let path = path.display().to_string();
        sqlx::query("VACUUM INTO $1")
            .bind(path)
            .execute(&self.pool)
            .await
            .map(|_| ())
    }

    /// Has SQLite look at which indices are worth using, fold its journal into the file and give back what is free. PostgreSQL does
    /// the like by itself.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tidy(&self) -> Result<(), Error> {
        if !self.is_sqlite {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        for statement in [
            "PRAGMA optimize",
            "PRAGMA incremental_vacuum",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ] {
            sqlx::query(statement).fetch_all(&self.pool).await?;
        }
        Ok(())
    }

    /// Writes the whole database anew, so that nothing of what was removed is left in its files.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn vacuum(&self) -> Result<(), Error> {
        let statements: &[&'static str] = if self.is_sqlite {
            &["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
        } else {
            &["VACUUM FULL"]
        };
        for statement in statements {
            sqlx::query(*statement).fetch_all(&self.pool).await?;
        }
        Ok(())
    }

    /// Closes every connection; what was written is folded into the database file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Change<'_> {
    /// Makes everything that was done happen.
    ///
    /// # Errors
    /// When the database could not keep it; nothing has happened then.
    pub async fn commit(self) -> Result<(), Error> {
        self.transaction.commit().await
    }

    /// Writes a moment into the row that is there for it: whether that can be kept tells whether anything can.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn beat(&mut self, now: i64) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO pulse (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
        );
        query.bind(now).execute(&mut *self.transaction).await.map(|_| ())
    }
}
