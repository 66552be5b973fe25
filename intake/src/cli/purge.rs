//! `jixia-intake purge`: a file of the repository with its history, or an attachment, out of everything there is.

mod journal;
mod left;
mod work;

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Args;

use self::journal::Journal;
use super::hold::Hold;
use super::output::print;
use super::settings::Settings;
use crate::app::{App, Layout, Upkeep};
use crate::clock;
use crate::config::Config;
use crate::domain::purge::{self, Target};
use crate::domain::{recommendation, takedown};
use crate::forge::{Gone, Local, Person, Record, Rewritten, one_line};
use crate::ids;

#[derive(Debug, Args)]
pub(super) struct Purge {
    #[command(flatten)]
    settings: Settings,
    /// A file of the repository such as content/news/a.md, or the SHA-256 of an attachment
    #[arg(required_unless_present = "resume")]
    what: Option<String>,
    /// Login of who answers for it
    #[arg(long, value_name = "LOGIN", required_unless_present = "resume")]
    by: Option<String>,
    /// The law, order or request that it rests on; it is kept
    #[arg(long, value_name = "TEXT", required_unless_present = "resume")]
    ground: Option<String>,
    /// Do it; without this only what would go is listed
    #[arg(long)]
    yes: bool,
    /// Complete a purge that was cut short
    #[arg(long, conflicts_with_all = ["what", "by", "ground", "yes"])]
    resume: bool,
}

/// What is to go, as it was found.
struct Found {
    /// The file of the repository and what goes from git with it; neither for an attachment.
    path: Option<String>,
    submissions: Vec<(String, String)>,
    takedowns: Vec<String>,
    recommendations: Vec<String>,
    uploads: BTreeSet<String>,
    attachments: BTreeSet<String>,
}

impl Purge {
    /// Lists what would go, or removes it. The server must have ended.
    pub(super) async fn run(&self) -> Result<(), String> {
        let config = self.settings.load()?;
        let data = config.data.clone();
        let _hold = Hold::take(&data)?;
        let upkeep = Upkeep::begin(&data).map_err(|error| format!("{}: {error}", data.display()))?;
        let _upkeep = upkeep.ok_or("a backup is being written; wait for its end")?;
        let layout = Layout { data };
        if let Some(journal) = Journal::read(&layout.purge())? {
            print("completing the purge that was cut short");
            work::finish(&config, &layout, &journal).await?;
        }
        match (&self.what, &self.by, &self.ground) {
            (Some(what), Some(by), Some(ground)) => {
                let target = purge::target(what).ok_or_else(|| {
                    format!("{what}: expected a file below content/, such as content/news/a.md, or a SHA-256")
                })?;
                self.purge(&config, &layout, target, (by, ground)).await
            }
            _ => Ok(()),
        }
    }

    async fn purge(
        &self,
        config: &Config,
        layout: &Layout,
        target: Target,
        (by, ground): (&str, &str),
    ) -> Result<(), String> {
        let ground = one_line(ground);
        if ground.is_empty() {
            return Err("--ground: expected the law, order or request that it rests on".to_owned());
        }
        let app = Arc::new(App::open(config.clone()).await?);
        let local = Local::open(&layout.repository()).map_err(|error| error.to_string())?;
        let account = app.store.account_of_login(by).await;
        let account = account.map_err(|error| error.to_string())?;
        let account = account.ok_or_else(|| format!("--by: nobody signs in as {by}"))?;
        let mut found = find(&app, &target).await?;
        let name = match &target {
            Target::Path(path) => purge::fingerprint(path),
            Target::Attachment(sha256) => purge::fingerprint(sha256),
        };
        let at = clock::now();
        let by = Person::of_account(&account.id, &account.name);
        let rewritten = rewrite(&local, &found, &name, (by, &ground, at), !self.yes)?;
        found.attachments.extend(rewritten.checksums.iter().cloned());
        found.attachments.retain(|sha256| app.blobs.holds(sha256));
        list(&app, &found, &rewritten);
        app.store.close().await;
        drop(app);
        if !self.yes {
            print("nothing was changed; with --yes it is done");
            return Ok(());
        }
        let journal = Journal {
            id: ids::name(),
            at,
            by: account.id,
            ground,
            name,
            is_attachment: matches!(target, Target::Attachment(_)),
            path: found.path,
            submissions: found.submissions.into_iter().map(|(id, _)| id).collect(),
            takedowns: found.takedowns,
            uploads: found.uploads,
            attachments: found.attachments,
            rewritten,
        };
        journal.write(&layout.purge())?;
        work::finish(config, layout, &journal).await
    }
}

/// Looks for everything that is of a target beside history.
async fn find(app: &App, target: &Target) -> Result<Found, String> {
    let failed = |error: crate::store::Error| error.to_string();
    let mut found = Found {
        path: None,
        submissions: Vec::new(),
        takedowns: Vec::new(),
        recommendations: Vec::new(),
        uploads: BTreeSet::new(),
        attachments: BTreeSet::new(),
    };
    match target {
        Target::Path(path) => {
            found.submissions = app.store.submissions_about(path).await.map_err(failed)?;
            found.takedowns = app.store.takedowns_about(path).await.map_err(failed)?;
            let recommendations = app.store.recommendations_about(path).await;
            found.recommendations = recommendations.map_err(failed)?;
            for (id, _) in &found.submissions {
                for (upload, sha256) in app.store.files_of(id).await.map_err(failed)? {
                    found.uploads.insert(upload);
                    found.attachments.insert(sha256);
                }
            }
            found.path = Some(path.clone());
        }
        Target::Attachment(sha256) => {
            let using = app.portal.snapshot().using(sha256);
            if let [(path, _), ..] = &*using {
                return Err(format!(
                    "{sha256}: {path} has this attachment on the portal. Edit it first, or purge it: its attachments go with it"
                ));
            }
            let known = app.store.submissions_with(sha256).await.map_err(failed)?;
            if known.is_empty() && !app.blobs.holds(sha256) {
                return Err(format!("{sha256}: there is no such attachment"));
            }
            found.attachments.insert(sha256.clone());
        }
    }
    for sha256 in found.attachments.clone() {
        found
            .attachments
            .extend(app.store.posters_of(&sha256).await.map_err(failed)?);
    }
    Ok(found)
}

/// History without what was found; written to memory alone when it is only tried.
fn rewrite(
    local: &Local,
    found: &Found,
    name: &str,
    (by, ground, at): (Person, &str, i64),
    is_tried: bool,
) -> Result<Rewritten, String> {
    let paths: Vec<String> = found
        .path
        .iter()
        .map(|path| purge::whole(path).to_owned())
        .collect();
    let takedowns = found.takedowns.iter();
    let takedowns = takedowns.flat_map(|id| takedown::WAYS.map(|way| takedown::branch(id, way)));
    let proposals: Vec<String> = found
        .submissions
        .iter()
        .map(|(id, _)| id.clone())
        .chain(takedowns)
        .chain(found.recommendations.iter().map(|id| recommendation::branch(id)))
        .collect();
    let gone = Gone {
        paths: &paths,
        proposals: &proposals,
        name: &name[..16],
    };
    let record = Record {
        title: format!("purged: {}", &name[..16]),
        trailers: vec![
            ("Purged-by", format!("{} ({})", by.name, by.address)),
            ("Purged-ground", ground.to_owned()),
            ("Purged-sha256", name.to_owned()),
        ],
        by,
        at: at / 1000,
    };
    let rewritten = local.rewrite(&gone, &record, is_tried);
    let rewritten = rewritten.map_err(|error| error.to_string())?;
    if let Some(path) = &found.path
        && rewritten.objects.is_empty()
        && found.submissions.is_empty()
    {
        return Err(format!(
            "{path}: neither history nor any submission has this file"
        ));
    }
    Ok(rewritten)
}

/// Says what would go.
fn list(app: &App, found: &Found, rewritten: &Rewritten) {
    if let Some(path) = &found.path {
        print(&format!("from git: {}", purge::whole(path)));
        print(&format!("  versions of files: {}", rewritten.objects.len()));
        print(&format!(
            "  commits that get another id: {}",
            rewritten.commits.len()
        ));
    }
    for (id, state) in &found.submissions {
        print(&format!(
            "submission {id} ({state}), with remarks, versions and links"
        ));
    }
    for (what, ids) in [
        ("takedowns", &found.takedowns),
        ("recommendations", &found.recommendations),
    ] {
        if !ids.is_empty() {
            print(&format!("{what}: {}", ids.len()));
        }
    }
    let snapshot = app.portal.snapshot();
    for sha256 in &found.attachments {
        let using = snapshot.using(sha256).into_iter();
        let mut others = using.filter(|(path, _)| Some(path) != found.path.as_ref());
        match others.next() {
            Some((path, _)) => print(&format!("attachment {sha256} stays: {path} has it too")),
            None => print(&format!("attachment {sha256}, unless a submission has it too")),
        }
    }
}
