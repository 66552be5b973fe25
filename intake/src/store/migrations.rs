//! What makes the tables of a new database, and those of an older program's into this one's.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// The files of `migrations/` with these names, and their texts.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../migrations/", $name, ".sql")))),*]
    };
}

/// In order. What was released never changes: databases keep its checksum.
const FILES: &[(&str, &str)] = files![
    "0001_start",
    "0002_inspections",
    "0003_people",
    "0004_review",
    "0005_queue",
    "0006_round",
    "0007_guesses",
    "0008_upkeep",
    "0009_takedowns",
    "0010_levels",
    "0011_recommendations",
    "0012_site",
    "0013_ledger",
    "0014_notices",
    "0015_threads",
    "0016_decision_drafts",
    "0017_desk",
];

/// All of them, for a database to have run what it lacks.
pub(super) fn all() -> Migrator {
    let migrations = FILES.iter().zip(1..).map(|((name, text), version)| {
        let description = name.split_once('_').map_or(*name, |(_, description)| description);
        Migration::new(
            version,
            Cow::Owned(description.replace('_', " ")),
            MigrationType::Simple,
            text.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_run_as_the_number_that_it_bears() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut names: Vec<String> = std::fs::read_dir(directory)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let known = FILES.iter().map(|(name, _)| format!("{name}.sql"));
        assert_eq!(names, known.collect::<Vec<_>>());
        for ((name, _), migration) in FILES.iter().zip(all().iter()) {
            assert!(name.starts_with(&format!("{:04}_", migration.version)), "{name}");
        }
    }
}
