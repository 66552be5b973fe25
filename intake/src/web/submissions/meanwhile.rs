//! What the form of an edit says of everybody else at the same entry: what they published since, and what they are at.

use std::sync::Arc;

use serde::Serialize;

use crate::app::App;
use crate::services::{conflicts, content, under_way};
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::submissions::standing::name;

/// What others did and do while an edit is written.
#[derive(Serialize, Default)]
pub(crate) struct Meanwhile {
    /// What was published since, in a sentence; empty for nothing.
    published: String,
    /// Whether some of it is to be answered.
    is_conflict: bool,
    /// Others' submissions that may be read.
    others: Vec<OtherLine>,
    /// What is told of those that may not.
    unnamed: Vec<String>,
}

#[derive(Serialize)]
struct OtherLine {
    id: String,
    who: String,
    purpose: String,
    state: String,
}

/// What the author of an edit is to know of others.
pub(crate) async fn meanwhile(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
) -> Result<Meanwhile, Error> {
    let mut told = Meanwhile::default();
    if let Some(compared) = conflicts::compare(app, submission)
        .await?
        .filter(conflicts::Comparison::is_behind)
    {
        let merged = &compared.merged;
        told.is_conflict = !merged.questions.is_empty();
        let contents = [&compared.sides.ours, &compared.sides.theirs];
        let (key, fields) = if told.is_conflict {
            let asked = merged.questions.iter().map(|question| &question.place);
            (
                "conflict.conflict",
                content::names(app, submission, asked, contents),
            )
        } else {
            (
                "conflict.behind",
                content::names(app, submission, merged.taken.iter(), contents),
            )
        };
        told.published = app.texts.fill(key, &[("fields", &fields.join("、"))]);
    }
    let found = under_way::others(app, actor, submission).await?;
    for other in &found.readable {
        let text = |key: String| app.texts.get(&key).to_owned();
        told.others.push(OtherLine {
            id: other.id.clone(),
            who: name(app, Some(&other.owner)).await?,
            purpose: text(format!("purpose.{}", other.purpose.name())),
            state: text(format!("state.{}", other.state.name())),
        });
    }
    for (key, count) in [("others.ours", found.in_unit), ("others.theirs", found.elsewhere)] {
        if count > 0 {
            told.unnamed
                .push(app.texts.fill(key, &[("count", &count.to_string())]));
        }
    }
    Ok(told)
}
