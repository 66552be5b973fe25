//! What a check found, as the form of a submission lists it: with where to go to mend it.

use serde::Serialize;

use crate::app::App;
use crate::portal::Finding;
use crate::portal::asked::is_asked;
use crate::portal::chapters::PREFIX;
use crate::services::checks::OWN_CONFLICT;
use crate::services::reserved::Standing;
use crate::store::Submission;

/// A finding in the list of the form, with where to go to mend it.
#[derive(Serialize)]
pub(crate) struct Line {
    /// The element of the form or the page; empty for none.
    link: String,
    place: String,
    message: String,
    mend: String,
    is_error: bool,
}

/// Findings as the form lists them.
pub(crate) fn lines(app: &App, submission: &Submission, findings: &[Finding]) -> Vec<Line> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind);
    let (base, standing) = (submission.base(), Standing::of(&snapshot, submission));
    let line = |finding: &Finding| {
        let is_shown = kind
            .and_then(|kind| kind.field(&finding.field))
            .is_some_and(|field| standing.locks(field).is_none() && is_asked(field, &base));
        let is_conflict = finding.code == OWN_CONFLICT;
        Line {
            link: match finding.field.as_str() {
                _ if is_conflict => format!("/intake/items/{}/conflict", submission.id),
                "body" => "#body".to_owned(),
                "files" | "attachments" => "#files".to_owned(),
                "declaration" => "#declarations".to_owned(),
                chapter if chapter.starts_with(PREFIX) => "#chapters".to_owned(),
                field if is_shown => format!("#f-{field}"),
                _ => String::new(),
            },
            place: if is_conflict {
                app.texts.get("conflict.title").to_owned()
            } else {
                finding.place.clone()
            },
            message: finding.message.clone(),
            mend: finding.mend.clone(),
            is_error: finding.is_error,
        }
    };
    let mut lines: Vec<Line> = findings.iter().map(line).collect();
    // What stops the submission is read first.
    lines.sort_by_key(|line| !line.is_error);
    lines
}
