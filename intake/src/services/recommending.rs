//! Recommending published entries to the unit above, and its answer.

use std::sync::Arc;

use serde_json::{Value, json};

use super::actor::{Actor, person};
use super::amending::{Amendment, amend, who};
use super::recommendation_notices::{of_answered, of_asked};
use super::{Error, Kind, finding};
use crate::app::App;
use crate::domain::recommendation::{self, State};
use crate::domain::trailers;
use crate::portal::Published;
use crate::store::{JobKind, Recommendation};
use crate::{clock, forge, ids, mail};

/// The field that keeps who recommended an entry.
const RECOMMENDED: &str = "recommended";
/// Most characters of a reason and of an answer.
const LONGEST: usize = 500;
/// Entries that are found at once: one more than are shown.
pub const MOST: usize = 50;

/// What the actor can recommend whose title, author or unit has all words of a query: one more than [`MOST`] at most.
pub fn found(app: &App, actor: &Actor, query: &str) -> Vec<Published> {
    let snapshot = app.portal.snapshot();
    let (who, units) = (person(&actor.account), &snapshot.units);
    finding::published(app, query, MOST + 1, |entry| {
        !entry.is_withdrawn && recommendation::target(who, &entry.unit, units).is_some()
    })
}

/// Recommends an entry with a sentence.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::Forbidden`]; [`Kind::NotNow`] where it was recommended to that unit already or is down; no reason,
/// or one that is too long.
pub async fn recommend(app: &Arc<App>, actor: &Actor, path: &str, reason: &str) -> Result<(), Error> {
    let snapshot = app.portal.snapshot();
    let (kind, title, unit) = snapshot.entry_to_edit(path).ok_or(Kind::NotFound)?;
    let target = recommendation::target(person(&actor.account), &unit, &snapshot.units);
    let target = target.ok_or(Kind::Forbidden)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Err(Error::invalid("recommend.reason-wrong"));
    }
    let now = clock::now();
    let added = Recommendation {
        id: ids::name(),
        kind,
        path: path.to_owned(),
        title,
        unit,
        reason: reason.to_owned(),
        recommended_by: actor.account.id.clone(),
        recommended_unit: actor.account.unit.clone(),
        recommended_at: now,
        to_unit: target.id.clone(),
        due_at: snapshot
            .calendar()
            .end_after(now, recommendation::DAYS, snapshot.zone()),
        state: State::Open,
        answer: None,
        decided_by: None,
        decided_at: None,
    };
    let mut change = app.store.change().await?;
    if snapshot.withdrawn_for(path).is_some() || change.is_recommended(path, &target.id).await? {
        return Err(Kind::NotNow.into());
    }
    change.add_recommendation(&added).await?;
    of_asked(app, &mut change, &added).await?;
    change
        .record(&actor.event("recommended", &added.subject(), path))
        .await?;
    change.commit().await?;
    app.bells.mail.notify_one();
    Ok(())
}

/// Takes what was recommended to the actor's unit, or says why not.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::Forbidden`]; [`Kind::NotNow`] when it was answered meanwhile; no word of reason where it is not
/// taken, or too many.
pub async fn answer(app: &Arc<App>, actor: &Actor, id: &str, takes: bool, answer: &str) -> Result<(), Error> {
    let known = app.store.recommendation(id).await?.ok_or(Kind::NotFound)?;
    let who = person(&actor.account);
    if !recommendation::may_see(who, &known.unit, &app.portal.snapshot().units) {
        return Err(Kind::NotFound.into());
    }
    if known.state != State::Open {
        return Err(Kind::NotNow.into());
    }
    if !recommendation::may_answer(who, &known.to_unit, &known.recommended_by, known.state) {
        return Err(Kind::Forbidden.into());
    }
    let answer = answer.trim();
    if !takes && answer.is_empty() || answer.chars().count() > LONGEST {
        return Err(Error::invalid("recommend.answer-wrong"));
    }
    let (state, word, mail) = match takes {
        true => (
            State::Taken,
            "recommendation-taken",
            mail::Kind::RecommendationTaken,
        ),
        false => (
            State::Declined,
            "recommendation-declined",
            mail::Kind::RecommendationDeclined,
        ),
    };
    let now = clock::now();
    let mut change = app.store.change().await?;
    if !change
        .answer_recommendation(id, state, (answer, &actor.account.id), now)
        .await?
    {
        return Err(Kind::NotNow.into());
    }
    change
        .record(&actor.event(word, &known.subject(), answer))
        .await?;
    of_answered(app, &mut change, &known, (mail, &actor.account.id), now).await?;
    if takes {
        change
            .enqueue(JobKind::Recommend, id, State::Taken.name(), now)
            .await?;
    }
    change.commit().await?;
    app.bells.ring();
    Ok(())
}

/// Has the published branch say that an entry is recommended. Harmless when repeated.
///
/// # Errors
/// When the repository does not do its part; it is tried again.
pub async fn carry_out(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let known = app.store.recommendation(id).await?.ok_or(Kind::NotFound)?;
    let (Some(by), Some(at)) = (&known.decided_by, known.decided_at) else {
        return Err(Error::internal(format!("nobody took {id}")));
    };
    let by = who(app, by).await?;
    let written = |person: forge::Person| format!("{} <{}>", person.name, person.address);
    let word = app.texts.get("recommend.commit");
    let amendment = Amendment {
        kind: &known.kind,
        path: &known.path,
        branch: recommendation::branch(id),
        title: format!("{word}：{}", known.title),
        at: at / 1000,
        trailers: vec![
            (
                trailers::RECOMMENDED_BY,
                written(who(app, &known.recommended_by).await?),
            ),
            (trailers::TAKEN_BY, written(by.clone())),
            (trailers::RECOMMENDATION, known.id.clone()),
        ],
        by,
    };
    let day = clock::day(at, app.portal.snapshot().zone());
    let added = json!({ "unit": known.to_unit, "date": day });
    amend(app, amendment, |content| {
        let list = content
            .entry(RECOMMENDED)
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list
            && !list.iter().any(|item| item["unit"] == added["unit"])
        {
            list.push(added);
        }
    })
    .await
}
