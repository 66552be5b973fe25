//! Events of the audit log in the words of the office: names in the place of ids, nothing in that of checksums.

use std::collections::BTreeMap;

use super::Error;
use crate::app::App;
use crate::clock;
use crate::domain::audit::Recorded;
use crate::domain::audit_acts::REFUSED;
use crate::domain::role::Role;
use crate::domain::takedown::REASONS;
use crate::store::Account;

/// An event in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: String,
    /// Who did it, with their unit.
    pub who: String,
    /// What they did.
    pub what: String,
    /// What they did it to.
    pub subject: String,
    /// Where that is shown; empty for nowhere.
    pub url: String,
    /// What else is to be said.
    pub detail: String,
}

/// What names stand for ids.
struct Names {
    accounts: BTreeMap<String, Account>,
    titles: BTreeMap<String, String>,
}

/// What happened in words; the log's own word where there are none.
pub(super) fn what<'a>(app: &'a App, action: &'a str) -> &'a str {
    if action.starts_with(REFUSED) {
        return app.texts.get("audit.refused");
    }
    let table = app.texts.table();
    let word = |section: &str| table.get(section)?.get(action)?.as_str();
    word("step").or_else(|| word("happened")).unwrap_or(action)
}

/// Events as people read them.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn entries(app: &App, events: Vec<Recorded>) -> Result<Vec<Entry>, Error> {
    let submissions = events
        .iter()
        .filter_map(|recorded| recorded.event.subject.strip_prefix("submission/"));
    let mut ids: Vec<&str> = submissions.collect();
    ids.sort_unstable();
    ids.dedup();
    let titles = app.store.titles(&ids).await?.into_iter().collect();
    let accounts = app.store.accounts().await?.into_iter();
    let names = Names {
        accounts: accounts.map(|account| (account.id.clone(), account)).collect(),
        titles,
    };
    let mut entries = Vec::with_capacity(events.len());
    for Recorded { number, event, .. } in events {
        let (subject, url) = subject(app, &names, &event.subject).await?;
        entries.push(Entry {
            number,
            at: clock::written(event.at, app.portal.snapshot().zone()),
            who: match event.actor.as_deref() {
                Some(actor) => names.person(app, actor),
                None => app.texts.get("item.server").to_owned(),
            },
            what: what(app, &event.action).to_owned(),
            subject,
            url,
            detail: detail(app, &names, &event.action, &event.detail),
        });
    }
    Ok(entries)
}

impl Names {
    /// An account's holder with their unit; the id of one that is not known.
    fn person(&self, app: &App, id: &str) -> String {
        let snapshot = app.portal.snapshot();
        self.accounts.get(id).map_or_else(
            || id.to_owned(),
            |account| format!("{}（{}）", account.name, snapshot.units.name(&account.unit)),
        )
    }
}

/// What something was done to, and where that is shown.
async fn subject(app: &App, names: &Names, subject: &str) -> Result<(String, String), Error> {
    let Some((sort, id)) = subject.split_once('/') else {
        let key = format!("audit.of-{subject}");
        let known = app.texts.get(&key);
        let text = if known == key { subject } else { known };
        return Ok((text.to_owned(), String::new()));
    };
    let titled = |title: Option<&str>| {
        let title = title.filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| app.texts.get("item.untitled"));
        app.texts.fill(&format!("audit.of-{sort}"), &[("title", title)])
    };
    let place = |url: &str| url.to_owned();
    Ok(match sort {
        "submission" => (
            titled(names.titles.get(id).map(String::as_str)),
            format!("/intake/items/{id}"),
        ),
        "account" => (titled(Some(&names.person(app, id))), String::new()),
        "unit" => (titled(Some(app.portal.snapshot().units.name(id))), String::new()),
        "problem" => {
            let problem = app.store.problem(id).await?;
            let title = problem.as_ref().map(|problem| problem.title.as_str());
            (titled(title), place("/intake/problems"))
        }
        "takedown" => {
            let takedown = app.store.takedown(id).await?;
            let title = takedown.as_ref().map(|takedown| takedown.title.as_str());
            (titled(title), place("/intake/takedowns"))
        }
        "recommendation" => {
            let known = app.store.recommendation(id).await?;
            let entry = known.and_then(|known| app.portal.snapshot().entry_at(&known.path));
            let title = entry.as_ref().map(|(_, title, _)| title.as_str());
            (titled(title), place("/intake/recommendations"))
        }
        "site-change" => {
            let change = app.store.site_change(id).await?;
            let file = change.as_ref().map(|change| change.file.as_str());
            (titled(file), format!("/intake/site/changes/{id}"))
        }
        _ => (subject.to_owned(), String::new()),
    })
}

/// What else is to be said of an event. Ids of commits, remarks and links tell nobody anything.
fn detail(app: &App, names: &Names, action: &str, detail: &str) -> String {
    let person = |text: &str| {
        let (id, rest) = text.split_once(' ').unwrap_or((text, ""));
        let name = names.person(app, id.trim_start_matches("account/"));
        format!("{name} {rest}").trim().to_owned()
    };
    if let Some(tried) = action.strip_prefix(REFUSED) {
        return app.texts.get(&format!("audit.tried-{tried}")).to_owned();
    }
    match action {
        "create" | "merge" | "publish" | "settle" | "reopen" | "share" | "unshare" | "problem-reported"
        | "reply" | "mended" | "unmended" | "site-outdated" => String::new(),
        "account-made" | "account-amended" | "account-confirmed" => {
            let role = Role::from_name(detail).map(|role| app.texts.get(role.text()));
            role.unwrap_or(detail).to_owned()
        }
        "ledger-written" | "audit-written" => {
            let count = [("count", detail)];
            app.texts.fill("audit.lines", &count)
        }
        "in-place-of" => match detail.split_once(" for account/") {
            Some((step, id)) => {
                let (step, name) = (what(app, step), names.person(app, id));
                app.texts
                    .fill("audit.in-place", &[("step", step), ("name", &name)])
            }
            None => detail.to_owned(),
        },
        "account-closed" => match detail.split_once(' ') {
            Some((count, heir)) => {
                let arguments = [("count", count), ("name", &names.person(app, heir))];
                app.texts.fill("audit.handed", &arguments)
            }
            None => String::new(),
        },
        "advise" => app.texts.get(&format!("opinion.{detail}")).to_owned(),
        "webhook-set" => app.texts.get(&format!("webhook.{detail}")).to_owned(),
        "registered" => app.portal.snapshot().units.name(detail).to_owned(),
        "takedown-ordered" => {
            let (reason, _) = detail.split_once(' ').unwrap_or((detail, ""));
            let terms = app.portal.snapshot().terms(REASONS);
            let term = terms.into_iter().find(|(id, _)| id == reason);
            term.map_or_else(|| reason.to_owned(), |(_, label)| label)
        }
        "takedown-lifted" if detail == "unconfirmed" => app.texts.get("audit.unconfirmed").to_owned(),
        _ if detail.starts_with("account/") => person(detail),
        _ => detail.to_owned(),
    }
}
