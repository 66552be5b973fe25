//! Everything that is wrong or doubtful about a submission, as one list: what, where, and how to mend it.

use std::sync::Arc;

use jixia::content::Kind;
use serde_json::Value;

use super::blocking::looking;
use super::content::Proposed;
use super::reserved::{self, Standing};
use super::{Error, content, inspection};
use crate::app::App;
use crate::domain::declarations;
use crate::domain::merge::{BODY, Fields};
use crate::domain::submission::Purpose;
use crate::domain::video::{self, Mismatch, Video, mismatches};
use crate::files::inspect::{Facts, of_text};
use crate::portal::Finding;
use crate::portal::chapters::{PREFIX, kind_of_chapters};
use crate::store::{Inspection, Scan, Submission, Upload};

/// The code of what both the author and somebody else changed.
pub const OWN_CONFLICT: &str = "conflict-own";

/// When a submission is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// While it is written: files that are still being looked into are noted.
    Writing,
    /// When it is decided on: nothing is decided before every file was looked into.
    Deciding,
}

/// What is known of the files of a submission.
pub struct Looked {
    /// The files in the order in which they came, with those that are still on their way.
    pub uploads: Vec<Upload>,
    inspections: Vec<Inspection>,
    scans: Vec<Scan>,
    edition: String,
    has_scanner: bool,
}

impl Looked {
    /// Reads what is known, and asks for what is not.
    pub async fn of(app: &App, submission: &str) -> Result<Self, Error> {
        let looked = Self {
            uploads: app.store.uploads(submission).await?,
            inspections: app.store.inspections_of(submission).await?,
            scans: app.store.scans_of(submission).await?,
            edition: inspection::edition(app),
            has_scanner: !app.config.files.clamav.is_empty(),
        };
        let unknown: Vec<(&Upload, &str)> = looked
            .with_checksums()
            .filter(|(upload, _)| looked.is_pending(upload))
            .collect();
        if !unknown.is_empty() {
            let mut change = app.store.change().await?;
            for (upload, sha256) in unknown {
                let is_inspected = looked.inspection(upload).is_some_and(Inspection::is_whole);
                inspection::ask(app, &mut change, (&upload.id, sha256), is_inspected).await?;
            }
            change.commit().await?;
            app.bells.files.notify_one();
        }
        Ok(looked)
    }

    /// The files whose bytes are all there.
    pub fn whole(&self) -> impl Iterator<Item = &Upload> {
        self.with_checksums().map(|(upload, _)| upload)
    }

    /// The files whose bytes are all there, each with its checksum.
    fn with_checksums(&self) -> impl Iterator<Item = (&Upload, &str)> {
        let uploads = self.uploads.iter();
        uploads.filter_map(|upload| Some((upload, upload.sha256.as_deref()?)))
    }

    /// What was found in a file by the rules of now.
    pub fn inspection(&self, upload: &Upload) -> Option<&Inspection> {
        let is_it = |known: &&Inspection| {
            Some(&known.sha256) == upload.sha256.as_ref()
                && known.media_type == upload.media_type
                && known.edition == self.edition
        };
        self.inspections.iter().find(is_it)
    }

    fn scan(&self, upload: &Upload) -> Option<&Scan> {
        let sha256 = upload.sha256.as_deref()?;
        self.scans.iter().find(|known| known.sha256 == sha256)
    }

    /// The name of the virus in a file.
    pub fn virus(&self, upload: &Upload) -> Option<&str> {
        self.scan(upload)?.virus.as_deref()
    }

    /// Whether the virus scanner has not looked yet.
    pub fn is_unscanned(&self, upload: &Upload) -> bool {
        self.has_scanner && self.scan(upload).is_none()
    }

    /// Whether anything that could matter is still to be found out. A missing still image of a video does not.
    fn is_pending(&self, upload: &Upload) -> bool {
        self.inspection(upload).is_none_or(|known| !known.is_whole()) || self.is_unscanned(upload)
    }

    /// Whether a submission would do well to wait a moment.
    pub fn is_worth_waiting(&self) -> bool {
        self.whole()
            .any(|upload| self.inspection(upload).is_none() || self.is_unscanned(upload))
    }

    /// What a video's own tables say.
    pub fn video(&self, upload: &Upload) -> Option<Video> {
        self.inspection(upload)?.facts().video
    }
}

/// Collects findings with the words for them.
struct Report<'a> {
    app: &'a App,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Adds the text `check.KEY` with its remedy `mend.KEY`.
    fn add(&mut self, is_error: bool, (field, place): (&str, &str), key: &str, arguments: &[(&str, &str)]) {
        let mend = format!("mend.{key}");
        let mended = self.app.texts.fill(&mend, arguments);
        self.findings.push(Finding {
            field: field.to_owned(),
            place: place.to_owned(),
            message: self.app.texts.fill(&format!("check.{key}"), arguments),
            mend: if mended == mend { String::new() } else { mended },
            is_error,
            ..Finding::default()
        });
    }

    fn contents(&mut self, place: (&str, &str), facts: &Facts) {
        for (kind, number) in &facts.personal {
            let what = self.app.texts.get(&format!("check.{kind}")).to_owned();
            self.add(true, place, "personal", &[("what", &what), ("number", number)]);
        }
        for found in &facts.words {
            let key = if found.is_forbidden {
                "forbidden-word"
            } else {
                "word"
            };
            self.add(found.is_forbidden, place, key, &[("word", &found.word)]);
        }
    }

    fn texts(&mut self, content: &Fields) {
        for (field, value) in content {
            // Checksums of files are numbers that nobody typed.
            if field == "attachments" || value.get("sha256").is_some() {
                continue;
            }
            let mut text = String::new();
            strings(value, &mut text);
            let field = if field == BODY { "body" } else { field };
            let facts = of_text(&text, &self.app.words);
            self.contents((field, ""), &facts);
        }
    }

    fn files(&mut self, looked: &Looked, may_be_pending: bool) {
        for upload in looked.whole() {
            let place = ("files", upload.name.as_str());
            self.contents(place, &of_text(&upload.name, &self.app.words));
            if let Some(virus) = looked.virus(upload) {
                self.add(true, place, "virus", &[("virus", virus)]);
            } else if looked.is_unscanned(upload) {
                self.add(true, place, "unscanned", &[]);
            }
            match looked.inspection(upload) {
                Some(known) => {
                    let facts = known.facts();
                    self.contents(place, &facts);
                    if let Some(video) = &facts.video {
                        self.video(place, video);
                    }
                }
                None => self.add(!may_be_pending, place, "pending", &[]),
            }
        }
    }

    fn video(&mut self, place: (&str, &str), video: &Video) {
        for problem in video.problems() {
            match problem {
                video::Problem::Incomplete => self.add(false, place, "video-incomplete", &[]),
                video::Problem::NoVideoTrack => self.add(false, place, "video-no-track", &[]),
                video::Problem::VideoCodec(code) => self.add(false, place, "video-codec", &[("code", &code)]),
                video::Problem::AudioCodec(code) => self.add(false, place, "audio-codec", &[("code", &code)]),
                video::Problem::Container(code) => {
                    self.add(false, place, "video-container", &[("code", &code)]);
                }
            }
        }
    }

    /// Videos without captions: the main file has a field for them, others a file of the same name.
    fn captions(&mut self, looked: &Looked, fields: &Fields) {
        let has_captions = fields.get("captions").is_some_and(|value| *value != Value::Null);
        let main = fields
            .get("main_file")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let stem = |name: &str| {
            name.rsplit_once('.')
                .map_or(name, |(stem, _)| stem)
                .to_lowercase()
        };
        let videos = looked
            .whole()
            .filter(|upload| upload.media_type.starts_with("video/"));
        for video in videos {
            let own = looked.whole().find(|other| {
                other.media_type == "text/vtt" && stem(&other.name).starts_with(&stem(&video.name))
            });
            let place = ("captions", video.name.as_str());
            match own {
                _ if video.id == main && has_captions => {}
                Some(own) if video.id == main => {
                    self.add(false, place, "captions-unused", &[("name", &own.name)]);
                }
                Some(_) => {}
                None if video.id == main => self.add(false, place, "captions", &[]),
                None => self.add(false, place, "captions-beside", &[]),
            }
        }
    }

    fn hours(&mut self, looked: &Looked, content: &Fields) {
        let number = |name: &str| content.get(name).and_then(Value::as_f64);
        let lengths = looked
            .whole()
            .filter_map(|upload| looked.video(upload))
            .map(|video| video.seconds);
        let seconds: f64 = lengths.sum();
        // Sound counts for the duration too, and its length is not known.
        let has_sound = looked
            .whole()
            .any(|upload| upload.media_type.starts_with("audio/"));
        let minutes = number("duration_minutes").filter(|_| !has_sound);
        let shown = format!("{:.0}", (seconds / 60.0).max(1.0));
        for mismatch in mismatches(number("class_hours"), minutes, seconds) {
            let (field, key) = match mismatch {
                Mismatch::HoursTooFew => ("class_hours", "hours-few"),
                Mismatch::HoursTooMany => ("class_hours", "hours-many"),
                Mismatch::Duration => ("duration_minutes", "duration"),
            };
            self.add(false, (field, ""), key, &[("minutes", &shown)]);
        }
    }

    /// An edit that cannot be put on top of what is published, and a new entry that would take the place of another.
    fn base(&mut self, submission: &Submission, proposed: &Proposed, moment: Moment) {
        if !proposed.conflicts.is_empty() {
            let fields = proposed.conflicts.join("、");
            // Its author can mend it, and whoever decides can only give it back.
            let is_own = moment == Moment::Writing;
            let key = if is_own { OWN_CONFLICT } else { "conflict" };
            self.add(is_own, ("", ""), key, &[("fields", &fields)]);
            if let Some(finding) = self.findings.last_mut().filter(|_| is_own) {
                finding.code = OWN_CONFLICT;
            }
        }
        let is_new = submission.purpose == Purpose::New;
        match &proposed.published {
            None if !is_new && !submission.state.is_over() => self.add(true, ("", ""), "gone", &[]),
            Some(other) if is_new => {
                let title = other.get("title").and_then(Value::as_str).unwrap_or_default();
                self.add(true, ("", ""), "place-taken", &[("title", title)]);
            }
            _ => {}
        }
    }

    /// What only somebody above may set.
    fn reserved(&mut self, kind: &Kind, standing: Standing, submission: &Submission) {
        for (field, by) in reserved::changed(standing, kind, &submission.fields(), &submission.base()) {
            let who = self.app.texts.get(&format!("reserved.{}", by.name())).to_owned();
            let arguments = [("label", &*field.label), ("who", &*who)];
            self.add(true, (&field.name, ""), "reserved", &arguments);
        }
    }

    async fn duplicates(&mut self, submission: &Submission, looked: &Looked) -> Result<(), Error> {
        let snapshot = self.app.portal.snapshot();
        if submission.purpose == Purpose::New && !submission.title.is_empty() {
            let published = snapshot.alike(&submission.title);
            let others = self.app.store.titled(&submission.title, &submission.id).await?;
            if let Some((_, title)) = published.iter().find(|(path, _)| *path != submission.path) {
                self.add(false, ("title", ""), "duplicate", &[("title", title)]);
            } else if !others.is_empty() {
                // Of what is not published nothing is told but that there is one.
                self.add(false, ("title", ""), "duplicate-waiting", &[]);
            }
        }
        for (upload, sha256) in looked.with_checksums() {
            let place = ("files", upload.name.as_str());
            let published = snapshot.using(sha256);
            if let Some((_, title)) = published.iter().find(|(path, _)| *path != submission.path) {
                self.add(false, place, "file-published", &[("title", title)]);
                continue;
            }
            let same = self.app.store.uploads_of_blob(sha256).await?;
            if same
                .iter()
                .any(|other| other.submission != submission.id && other.owner != submission.owner)
            {
                self.add(false, place, "same-file", &[]);
            }
        }
        Ok(())
    }
}

/// What is wrong or doubtful about what a submission would publish. The author's check, the page of those who decide and
/// each step ask here, and what the build of the merged content would say is among it.
///
/// # Errors
/// When the database, the repository or the checkout cannot be read.
pub async fn checks(app: &Arc<App>, submission: &Submission, moment: Moment) -> Result<Vec<Finding>, Error> {
    let proposed = content::proposed(app, submission).await?;
    let looked = Looked::of(app, &submission.id).await?;
    let mut report = Report {
        app,
        findings: Vec::new(),
    };
    report.texts(&proposed.content);
    report.base(submission, &proposed, moment);
    let snapshot = app.portal.snapshot();
    let standing = Standing::of(&snapshot, submission);
    let kind = snapshot.kind(&submission.kind);
    if let Some(kind) = kind {
        report.reserved(kind, standing, submission);
    }
    // Nobody is asked for what they may not set.
    let is_others = |finding: &Finding| {
        let field = kind.and_then(|kind| kind.field(&finding.field));
        let is_locked = field.is_some_and(|field| standing.locks(field).is_some());
        is_locked && !proposed.content.contains_key(&finding.field)
    };
    let (shared, document) = (Arc::clone(app), proposed.document.clone());
    let found = looking(app, move |stop| shared.portal.examine(&document, stop)).await??;
    let found = found
        .into_iter()
        .filter(|finding| !is_others(finding))
        .map(|finding| for_forms(app, submission, finding));
    report.findings.extend(found);
    report.files(&looked, moment == Moment::Writing);
    report.captions(&looked, &submission.fields());
    report.hours(&looked, &proposed.content);
    report.duplicates(submission, &looked).await?;
    let mut findings = report.findings;
    for finding in findings.iter_mut().filter(|finding| finding.place.is_empty()) {
        finding.place = place(app, submission, &finding.field);
    }
    // What stops comes first.
    findings.sort_by_key(|finding| !finding.is_error);
    Ok(findings)
}

/// What keeps a draft from being handed in besides its content: declarations that are not made, files that are not whole.
///
/// # Errors
/// When the database does not answer.
pub async fn of_handing_in(app: &Arc<App>, submission: &Submission) -> Result<Vec<Finding>, Error> {
    let mut findings = checks(app, submission, Moment::Writing).await?;
    let mut add = |field: &str, place: &str, message: &str| {
        findings.push(Finding {
            field: field.to_owned(),
            place: app.texts.get(place).to_owned(),
            message: app.texts.get(message).to_owned(),
            is_error: true,
            ..Finding::default()
        });
    };
    let made = submission.declarations();
    // What is taken down nobody vouches for.
    let is_vouched_for = submission.purpose != Purpose::Takedown;
    if is_vouched_for && declarations::missing(&made).next().is_some() {
        add("declaration", "edit.declarations", "edit.declare");
    }
    let files = app.store.uploads(&submission.id).await?;
    if files.iter().any(|file| !file.is_whole()) {
        add("files", "edit.files", "edit.unfinished");
    }
    Ok(findings)
}

/// Everything that was typed into a value, a line each.
fn strings(value: &Value, text: &mut String) {
    match value {
        Value::String(typed) => {
            text.push_str(typed);
            text.push('\n');
        }
        Value::Number(typed) => {
            text.push_str(&typed.to_string());
            text.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, text)),
        // Of files it is the name that was typed.
        Value::Object(fields) if fields.contains_key("sha256") => {
            fields
                .get("name")
                .into_iter()
                .for_each(|name| strings(name, text));
        }
        Value::Object(fields) => fields.values().for_each(|item| strings(item, text)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Says what people at a form can act on, where the generator's words are for people at an editor.
fn for_forms(app: &App, submission: &Submission, mut finding: Finding) -> Finding {
    let label = place(app, submission, &finding.field);
    let part = part(app, submission, &finding);
    let mut arguments = vec![("label", label.as_str()), ("part", part.as_str())];
    let named = finding.arguments.iter();
    arguments.extend(named.map(|(name, value)| (name.as_str(), value.as_str())));
    for (key, text) in [
        (format!("finding.{}", finding.code), &mut finding.message),
        (format!("mend.{}", finding.code), &mut finding.mend),
    ] {
        if app.texts.get(&key) != key {
            *text = app.texts.fill(&key, &arguments);
        }
    }
    finding
}

/// What of its place a finding is about, as `“名称”`: a field of a record's, or of a chapter. Empty for the place itself.
fn part(app: &App, submission: &Submission, finding: &Finding) -> String {
    let mut named = finding.arguments.iter().filter(|(name, _)| name == "field");
    let path = named.next().map_or("", |(_, path)| path.as_str());
    let snapshot = app.portal.snapshot();
    let is_of_chapter = finding.field.starts_with(PREFIX);
    let kind = snapshot.kind(&submission.kind).map(|kind| &**kind);
    let kind = match is_of_chapter {
        true => kind.and_then(|kind| kind_of_chapters(snapshot.schema(), kind)),
        false => kind,
    };
    let mut fields = kind.map(|kind| kind.fields.as_slice()).unwrap_or_default();
    let mut labels = Vec::new();
    for name in path.split('.') {
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            break;
        };
        labels.push(field.label.as_str());
        fields = &field.fields;
    }
    let labels = &labels[usize::from(!is_of_chapter && !labels.is_empty())..];
    if labels.is_empty() {
        return String::new();
    }
    format!("“{}”", labels.join("的"))
}

/// What people call the place of a finding; empty for the whole.
pub fn place(app: &App, submission: &Submission, field: &str) -> String {
    match field {
        "body" => return app.texts.get("edit.body").to_owned(),
        "files" | "attachments" => return app.texts.get("edit.files").to_owned(),
        _ => {}
    }
    if field.starts_with(PREFIX) {
        let fields = submission.fields();
        let title = fields.get(field).and_then(|chapter| chapter["title"].as_str());
        let title = title.unwrap_or_else(|| app.texts.get("chapter.untitled"));
        return format!("{}{title}", app.texts.get("chapter.one"));
    }
    let snapshot = app.portal.snapshot();
    let declared = snapshot.kind(&submission.kind).and_then(|kind| kind.field(field));
    declared.map(|field| field.label.clone()).unwrap_or_default()
}
