//! The database of a server, looked at behind its back.

use std::future::Future;
use std::path::Path;
use std::process::Command;

use sqlx::AnyPool;

/// The setting that names the database: none for SQLite, and a database for each data directory where the variable
/// `JIXIA_TEST_POSTGRES` says where PostgreSQL is, as an address with `NAME` in the place of the database's name.
pub fn database(data: &Path) -> Option<(&'static str, String)> {
    let address = std::env::var("JIXIA_TEST_POSTGRES").ok()?;
    let path = data.as_os_str().as_encoded_bytes();
    let name = path.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    let name = format!("jixia_{name:016x}");
    let created = Command::new("psql")
        .args(["--quiet", "--command", &format!("CREATE DATABASE {name}")])
        .arg(address.replace("NAME", "postgres"))
        .output();
    let said = String::from_utf8_lossy(&created.unwrap().stderr).into_owned();
    assert!(said.is_empty() || said.contains("already exists"), "{said}");
    Some(("JIXIA_INTAKE_DATABASE_URL", address.replace("NAME", &name)))
}

/// Whether the database of a data directory holds a text anywhere.
pub fn keeps(data: &Path, text: &str) -> bool {
    let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    if let Some((_, address)) = database(data) {
        let dump = Command::new("pg_dump").arg(address).output().unwrap();
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        return holds(&dump.stdout);
    }
    let file = data.join("intake.db");
    let log = std::fs::read(file.with_extension("db-wal")).unwrap_or_default();
    holds(&std::fs::read(file).unwrap()) || holds(&log)
}

/// Opens the database of a data directory for `work`.
fn with<T, F: Future<Output = T>>(data: &Path, work: impl FnOnce(AnyPool) -> F) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let file = format!("sqlite://{}", data.join("intake.db").display());
        let address = database(data).map_or(file, |(_, address)| address);
        let pool = AnyPool::connect(&address).await.unwrap();
        let done = work(pool.clone()).await;
        pool.close().await;
        done
    })
}

/// Does something to the database, as time would.
pub fn sql(data: &Path, statement: &'static str) {
    with(data, |pool| async move {
        sqlx::query(statement).execute(&pool).await.unwrap();
    });
}

/// A number of the database.
pub fn number(data: &Path, query: &'static str) -> i64 {
    with(data, |pool| async move {
        sqlx::query_scalar(query).fetch_one(&pool).await.unwrap()
    })
}

/// The texts of a column.
pub fn texts(data: &Path, query: &'static str) -> Vec<String> {
    with(data, |pool| async move {
        sqlx::query_scalar(query).fetch_all(&pool).await.unwrap()
    })
}

/// The words of the audit log, the oldest first.
pub fn acts(data: &Path) -> Vec<String> {
    texts(data, "SELECT action FROM audit ORDER BY number")
}

/// How many rows each table has; what has happened is in `audit`, since nothing happens unrecorded.
pub fn rows(data: &Path) -> Vec<(String, i64)> {
    let tables = if database(data).is_some() {
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    };
    with(data, |pool| async move {
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&pool).await.unwrap();
        let mut rows = Vec::new();
        for table in tables {
            let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
            let count: i64 = sqlx::query_scalar(count).fetch_one(&pool).await.unwrap();
            rows.push((table, count));
        }
        rows
    })
}
