//! A purge step by step. Each step finds what it did before, so that all of them can be repeated.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::journal::Journal;
use super::left;
use crate::app::{App, Layout, open_store};
use crate::cli::output::print;
use crate::clock;
use crate::config::Config;
use crate::domain::audit::Event;
use crate::forge::Local;
use crate::portal::{self, Lists};
use crate::services::collecting;
use crate::store;

/// Does what a journal says, and says what was done.
pub(super) async fn finish(config: &Config, layout: &Layout, journal: &Journal) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", layout.data.display());
    forget(config, journal).await?;
    let local = Local::open(&layout.repository()).map_err(|error| error.to_string())?;
    let left = local
        .adopt(&journal.rewritten)
        .map_err(|error| error.to_string())?;
    clear(layout).map_err(|error| failed(&error))?;
    // Opened anew: what is published is something else now.
    let app = Arc::new(App::open(config.clone()).await?);
    let (removed, kept) = remove(&app, journal).await?;
    app.store.vacuum().await.map_err(|error| failed(&error))?;
    app.store.close().await;
    let (places, repository) = (layout.places(), local);
    let built = tokio::task::spawn_blocking(move || portal::prepare(&places, &repository)).await;
    // The purge is done whether or not what is left can be published.
    if let Err(failure) = built.map_err(|error| failed(&error))? {
        print(&format!("the portal cannot be built: {failure}"));
    }
    Lists::new(&layout.places().changed)
        .replace()
        .map_err(|error| failed(&error))?;
    fs::remove_file(layout.purge()).map_err(|error| failed(&error))?;
    print(&format!(
        "purged: {} ({} commits rewritten, {} attachments removed); the audit log and the last commit say so",
        &journal.name[..16],
        journal.rewritten.commits.len(),
        removed
    ));
    for object in left {
        print(&format!(
            "git still has {object}: another file has the same content"
        ));
    }
    for sha256 in kept {
        print(&format!("attachment {sha256} stays: something else has it too"));
    }
    left::say(layout, journal.at);
    Ok(())
}

/// Takes it out of the database, gives commits their new ids, and notes who did it: all at once.
async fn forget(config: &Config, journal: &Journal) -> Result<(), String> {
    let store = open_store(config).await?;
    let done = forget_in(&store, journal).await;
    store.close().await;
    done.map_err(|error| error.to_string())
}

async fn forget_in(store: &store::Store, journal: &Journal) -> Result<(), store::Error> {
    let subject = format!("purge/{}", journal.id);
    if !store.audit_of(&subject).await?.is_empty() {
        return Ok(());
    }
    let mut change = store.change().await?;
    for id in &journal.submissions {
        change.purge_submission(id).await?;
    }
    for id in &journal.takedowns {
        change.purge_takedown(id).await?;
    }
    if let Some(path) = &journal.path {
        change.purge_path(path).await?;
    }
    if journal.is_attachment {
        for sha256 in &journal.attachments {
            change.purge_bytes(sha256).await?;
        }
    }
    let commits = &journal.rewritten.commits;
    change.rename_commits(|old| commits.get(old).cloned()).await?;
    let detail = format!(
        "sha256 {}; commits {}; versions {}; submissions {}; attachments {}; ground: {}",
        journal.name,
        commits.len(),
        journal.rewritten.objects.len(),
        journal.submissions.len(),
        journal.attachments.len(),
        journal.ground
    );
    let event = Event {
        at: journal.at,
        actor: Some(journal.by.clone()),
        action: "purged".to_owned(),
        subject,
        detail,
    };
    change.record(&event).await?;
    change.commit().await
}

/// Removes what can be made again: the checkout with the generator's memory, and what is known of the last build.
fn clear(layout: &Layout) -> io::Result<()> {
    let places = layout.places();
    match fs::remove_dir_all(&places.root) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let name = places
        .commit
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for item in fs::read_dir(&layout.data)? {
        let item = item?;
        if item.file_name().to_string_lossy().starts_with(&name) {
            fs::remove_file(item.path())?;
        }
    }
    Ok(())
}

/// Removes attachments that nothing else has, and halves of files. Returns how many went and which stay.
async fn remove(app: &Arc<App>, journal: &Journal) -> Result<(usize, BTreeSet<String>), String> {
    let failed = |error: &dyn std::fmt::Display| error.to_string();
    let all = journal.attachments.clone();
    let gone = if journal.is_attachment {
        all.clone()
    } else {
        let unused = collecting::unused(app, all.clone(), i64::MAX).await;
        unused.map_err(|error| failed(&error))?
    };
    // However new they are.
    let ever = SystemTime::from(clock::instant()) + Duration::from_secs(86_400);
    let mut change = app.store.change().await.map_err(|error| failed(&error))?;
    for sha256 in &gone {
        change.purge_bytes(sha256).await.map_err(|error| failed(&error))?;
    }
    change.commit().await.map_err(|error| failed(&error))?;
    for sha256 in &gone {
        app.blobs.remove(sha256, ever).map_err(|error| failed(&error))?;
    }
    for upload in &journal.uploads {
        app.blobs.discard(upload).map_err(|error| failed(&error))?;
    }
    Ok((gone.len(), all.difference(&gone).cloned().collect()))
}
