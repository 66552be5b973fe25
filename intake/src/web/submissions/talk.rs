//! What is said about a submission: about the whole, a field, or a passage of the body; open until a reviewer settles it.

use std::ops::Range;

use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::passage;
use crate::store::{Message, Submission};
use crate::web::error::Error;
use crate::web::submissions::standing::name;

/// Something said about a submission.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Remark {
    id: String,
    author: String,
    /// Name of the field; empty for the whole.
    pub(crate) field: String,
    label: String,
    quote: String,
    /// The passage is not in the body any more.
    is_lost: bool,
    text: String,
    at: String,
    version: i64,
    is_old: bool,
    pub(crate) is_settled: bool,
    /// The author says so.
    is_mended: bool,
    /// What was answered, the oldest first.
    replies: Vec<Reply>,
    #[serde(skip)]
    place: Option<Range<usize>>,
}

/// An answer to a remark.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reply {
    author: String,
    text: String,
    at: String,
}

impl Remark {
    /// Whether it is open and about a field or a passage, beside which it stands.
    pub(crate) fn is_beside(&self) -> bool {
        !self.is_settled && !self.field.is_empty()
    }
}

/// What was said about a submission, the latest first, each with its answers.
pub(crate) async fn remarks(app: &App, submission: &Submission) -> Result<Vec<Remark>, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind);
    let mut remarks = Vec::new();
    let messages = app.store.messages(&submission.id).await?;
    let (answers, own): (Vec<Message>, Vec<Message>) =
        messages.into_iter().partition(|message| message.parent.is_some());
    for message in own.into_iter().rev() {
        let quote = message.quote.as_deref();
        let place = quote.and_then(|quote| passage::find(&submission.body, quote));
        let field = message.field.unwrap_or_default();
        let declared = kind.and_then(|kind| kind.field(&field));
        remarks.push(Remark {
            author: name(app, message.author.as_deref()).await?,
            label: match field.as_str() {
                "body" => app.texts.get("edit.body").to_owned(),
                _ => declared.map(|field| field.label.clone()).unwrap_or_default(),
            },
            is_lost: quote.is_some() && place.is_none(),
            at: clock::written(message.at, snapshot.zone()),
            version: message.version,
            is_old: message.version < submission.version,
            is_settled: message.settled_at.is_some(),
            is_mended: message.mended_at.is_some(),
            replies: replies(app, &answers, &message.id).await?,
            id: message.id,
            quote: message.quote.unwrap_or_default(),
            field,
            text: message.text,
            place,
        });
    }
    Ok(remarks)
}

async fn replies(app: &App, answers: &[Message], remark: &str) -> Result<Vec<Reply>, Error> {
    let mut replies = Vec::new();
    for answer in answers {
        if answer.parent.as_deref() == Some(remark) {
            replies.push(Reply {
                author: name(app, answer.author.as_deref()).await?,
                text: answer.text.clone(),
                at: clock::written(answer.at, app.portal.snapshot().zone()),
            });
        }
    }
    Ok(replies)
}

/// The open remarks about a field.
pub(crate) fn open_about(remarks: &[Remark], field: &str) -> Vec<Remark> {
    let about = |remark: &&Remark| remark.field == field && !remark.is_settled;
    remarks.iter().filter(about).cloned().collect()
}

/// A stretch of the body with the remarks that belong beside it.
#[derive(Debug, Serialize)]
pub(crate) struct Block<'b> {
    pieces: Vec<(&'b str, bool)>,
    remarks: Vec<Remark>,
}

/// The body cut after each line that a remark is about. Remarks about the body as a whole, or about a passage that has
/// gone, come first.
pub(crate) fn blocks<'b>(body: &'b str, remarks: &[Remark]) -> Vec<Block<'b>> {
    let about = open_about(remarks, "body");
    let (placed, others): (Vec<Remark>, Vec<Remark>) =
        about.into_iter().partition(|remark| remark.place.is_some());
    let passages: Vec<Range<usize>> = placed.iter().filter_map(|remark| remark.place.clone()).collect();
    let mut blocks = Vec::new();
    if !others.is_empty() {
        blocks.push(Block {
            pieces: Vec::new(),
            remarks: others,
        });
    }
    let (mut start, mut end) = (0, 0);
    for line in body.split_inclusive('\n') {
        let line_start = end;
        end += line.len();
        let ends_here = |remark: &&Remark| {
            let last = remark.place.as_ref().map_or(0, |place| place.end);
            line_start < last && last <= end
        };
        let here: Vec<Remark> = placed.iter().filter(ends_here).cloned().collect();
        if !here.is_empty() || end == body.len() {
            blocks.push(Block {
                pieces: passage::marked(body, start..end, &passages),
                remarks: here,
            });
            start = end;
        }
    }
    blocks
}
