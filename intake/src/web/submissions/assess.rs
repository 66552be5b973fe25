//! The checklist and the rubric of a kind, as a reviewer fills them in. What one reviewer found is for those who decide.

use jixia::config::CheckItem;
use jixia::content::{Rubric, RubricItem};
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::rubric;
use crate::services::assessments::checklist;
use crate::services::decision_drafts::Kept;
use crate::store::{Assessment, Submission};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::submissions::standing::name;

#[derive(Serialize)]
struct Tick {
    id: String,
    text: String,
    is_required: bool,
    is_ticked: bool,
}

#[derive(Serialize)]
struct Score {
    place: String,
    group: String,
    part: String,
    name: String,
    points: u32,
    veto: bool,
    methods: String,
    requirement: String,
    bands: Vec<Band>,
    given: String,
}

/// Points from `from` to `to`, as people write them, and what they are given for.
#[derive(Serialize)]
struct Band {
    from: String,
    to: String,
    when: String,
}

/// What a reviewer found, as others who decide see it.
#[derive(Serialize)]
struct Finding {
    reviewer: String,
    version: i64,
    total: String,
    grade: String,
    vetoed: String,
    ticked: usize,
    note: String,
}

/// The part of an item's page that only those see who decide on it.
#[derive(Serialize)]
pub(crate) struct Sheet {
    ticks: Vec<Tick>,
    rubric: String,
    points: u32,
    scores: Vec<Score>,
    missing: usize,
    note: String,
    mine: Option<Finding>,
    others: Vec<Finding>,
}

impl Score {
    fn new(place: String, item: RubricItem<'_>, given: String) -> Self {
        // A rubric writes its bands in tenths.
        let points = |points: f64| rubric::written((points * 10.0).round() as u32);
        let band = |band: &jixia::content::Band| Band {
            from: points(band.from),
            to: points(band.to),
            when: band.when.clone(),
        };
        Self {
            place,
            group: item.group.to_owned(),
            part: item.part.to_owned(),
            name: item.name.to_owned(),
            points: item.points,
            veto: item.veto,
            methods: item.methods.join("、"),
            requirement: item.requirement.to_owned(),
            bands: item.bands.iter().map(band).collect(),
            given,
        }
    }
}

async fn finding(app: &App, assessment: &Assessment, rubric: Option<&Rubric>) -> Result<Finding, Error> {
    let result = rubric.map(|rubric| rubric::result(rubric, &assessment.scores()));
    let result = result.filter(|_| !assessment.scores().is_empty());
    Ok(Finding {
        reviewer: name(app, Some(&assessment.reviewer)).await?,
        version: assessment.version,
        total: result
            .as_ref()
            .map(|result| rubric::written(result.tenths))
            .unwrap_or_default(),
        grade: result
            .as_ref()
            .and_then(|result| result.grade.clone())
            .unwrap_or_default(),
        vetoed: result.map(|result| result.vetoed.join("、")).unwrap_or_default(),
        ticked: assessment.ticked().len(),
        note: assessment.note.clone().unwrap_or_default(),
    })
}

/// What the actor is to fill in, with what they typed and did not send, and what was found so far; nothing for those who do not decide, and for kinds without
/// checklist and rubric.
pub(crate) async fn sheet(
    app: &App,
    actor: &Actor,
    submission: &Submission,
    kept: Option<&Kept>,
) -> Result<Option<Sheet>, Error> {
    let snapshot = app.portal.snapshot();
    let (items, rubric) = (
        checklist(&snapshot, submission),
        snapshot.rubric(&submission.kind),
    );
    if !actor.may(app, Action::Review, submission) || items.is_empty() && rubric.is_none() {
        return Ok(None);
    }
    let (mut mine, mut others) = (None, Vec::new());
    for assessment in app.store.assessments(&submission.id).await? {
        if assessment.reviewer == actor.account.id && assessment.version == submission.version {
            mine = Some(assessment);
        } else {
            others.push(finding(app, &assessment, rubric).await?);
        }
    }
    let of_mine = mine.clone().unwrap_or_default();
    let (ticked, scores) = (of_mine.ticked(), of_mine.scores());
    // A form that was kept holds the whole sheet.
    let kept = kept.filter(|kept| kept.value("sheet").is_some());
    let tick = |item: &CheckItem| Tick {
        id: item.id.clone(),
        text: item.text.clone(),
        is_required: item.required,
        is_ticked: match kept {
            Some(kept) => kept.values("tick").any(|id| id == item.id),
            None => ticked.contains(&item.id),
        },
    };
    let score = |(place, item): (String, RubricItem<'_>)| {
        let given = match kept {
            Some(kept) => kept.value(&format!("score.{place}")).map(str::to_owned),
            None => scores.get(&place).map(|tenths| rubric::written(*tenths)),
        };
        Score::new(place, item, given.unwrap_or_default())
    };
    Ok(Some(Sheet {
        ticks: items.iter().map(tick).collect(),
        rubric: rubric.map(|rubric| rubric.title.clone()).unwrap_or_default(),
        points: rubric.map_or(0, |rubric| rubric.total),
        missing: rubric.map_or(0, |rubric| rubric::result(rubric, &scores).missing),
        scores: rubric
            .map(|rubric| rubric.items().into_iter().map(score).collect())
            .unwrap_or_default(),
        note: match kept {
            Some(kept) => kept.value("note").unwrap_or_default().to_owned(),
            None => of_mine.note.clone().unwrap_or_default(),
        },
        mine: match &mine {
            Some(mine) => Some(finding(app, mine, rubric).await?),
            None => None,
        },
        others,
    }))
}
