//! Limits of single values and rules between fields.

use std::sync::LazyLock;

use jixia_markdown::foreign::Foreign;
use jixia_markdown::{
    Address, DataError, DataPicture, Facts, Link, ProblemKind, Role, classify, without_credentials,
};

use super::super::{Field, FieldType, Need, Record, Value};
use super::checker::{Checker, find};
use crate::diag::{Code, Diagnostic, Handling, Part, Span};
use crate::name::{MOST_NAME, decoded, page_path, segment};
use crate::source::Mapping;

/// Most characters of a one-line text whose declaration names no limit.
const MOST_CHARACTERS: f64 = 1_000.0;

/// The fields of an attachment in front matter.
pub(super) fn file_fields() -> &'static [Field] {
    static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
        let field = |name: &str, field_type, need, label: &str| Field {
            name: name.to_owned(),
            field_type,
            many: false,
            need,
            label: label.to_owned(),
            label_en: None,
            help: None,
            help_en: None,
            vocabulary: None,
            kinds: Vec::new(),
            min: None,
            max: None,
            max_items: None,
            fields: Vec::new(),
            among: None,
            by_letter: false,
            set_by: None,
        };
        vec![
            field("name", FieldType::Text, Need::Required, "名称"),
            field("sha256", FieldType::Text, Need::Optional, "SHA-256"),
            field("path", FieldType::Text, Need::Optional, "路径"),
            Field {
                min: Some(0.0),
                ..field("size", FieldType::Integer, Need::Optional, "大小")
            },
            field("media_type", FieldType::Text, Need::Optional, "类型"),
            field("poster", FieldType::Text, Need::Optional, "视频封面的 SHA-256"),
        ]
    });
    &FIELDS
}

/// What is wrong with a text, without a place.
pub(super) fn text(field: &Field, text: &str, name: &str) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let length = text.chars().count();
    let most = field.max.unwrap_or(if field.field_type == FieldType::Prose {
        f64::INFINITY
    } else {
        MOST_CHARACTERS
    });
    if length as f64 > most {
        let diagnostic = Diagnostic::new(Code::TooLong)
            .with("field", name)
            .with("length", length);
        diagnostics.push(diagnostic.with("limit", most));
    }
    if let Some(least) = field.min.filter(|least| (length as f64) < *least) {
        let diagnostic = Diagnostic::new(Code::TooShort)
            .with("field", name)
            .with("length", length);
        diagnostics.push(diagnostic.with("limit", least));
    }
    let code = match field.field_type {
        FieldType::Url if !is_url(text) => Some(Code::BadUrl),
        FieldType::Email if !is_email(text) => Some(Code::BadEmail),
        FieldType::Color if !is_color(text) => Some(Code::BadColor),
        _ => None,
    };
    diagnostics.extend(code.map(|code| Diagnostic::new(code).with("field", name)));
    if field.name == "aliases" && !is_alias(text) {
        diagnostics.push(Diagnostic::new(Code::BadAlias).with("value", text));
    }
    // A tag is a directory of the portal, whatever length its declaration allows.
    let directory = segment(text);
    if field.field_type == FieldType::Tag && page_path(&format!("tags/{directory}/index.html")).is_err() {
        let diagnostic = Diagnostic::new(Code::TooLong).handled(Handling::LeftOut(Part::Value));
        diagnostics.retain(|wrong| wrong.code != Code::TooLong);
        diagnostics.push(
            diagnostic
                .with("field", name)
                .with("length", length)
                .with("limit", most.min((MOST_NAME / 3) as f64)),
        );
    }
    diagnostics
}

fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty()
            && !text.contains(|character: char| character.is_whitespace() || "<>\"".contains(character))
    })
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !text.contains(char::is_whitespace)
            && !domain.contains('@')
    })
}

pub(crate) fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether an address can lead to an entry. What is encoded in it is no less a name of a file.
fn is_alias(text: &str) -> bool {
    let Some(path) = decoded(text) else {
        return false;
    };
    path.starts_with('/')
        && !path.contains("//")
        && !path.split('/').any(|segment| segment.starts_with('.'))
        && page_path(path.trim_matches('/')).is_ok()
        && !path.contains(|character: char| character.is_whitespace() || "?#\\<>\"".contains(character))
}

/// The range as text when a number lies outside it.
pub(super) fn outside(field: &Field, number: f64) -> Option<String> {
    let below = field.min.is_some_and(|min| number < min);
    let above = field.max.is_some_and(|max| number > max);
    let show = |limit: Option<f64>| limit.map_or("…".to_owned(), |limit| limit.to_string());
    (below || above).then(|| format!("{}–{}", show(field.min), show(field.max)))
}

/// What a mistake in a body is called, without a place.
fn of_problem(kind: ProblemKind, detail: String) -> Diagnostic {
    let (code, name) = match kind {
        ProblemKind::Formula => (Code::BadFormula, "reason"),
        ProblemKind::RemovedHtml => (Code::RemovedHtml, "tag"),
        ProblemKind::UndefinedFootnote => (Code::UndefinedFootnote, "label"),
        ProblemKind::UnknownTag => (Code::UnknownTag, "tag"),
        ProblemKind::StrayTag => (Code::StrayTag, "tag"),
        ProblemKind::SkippedLevel => (Code::SkippedLevel, "level"),
        ProblemKind::ExtraCells => {
            let (columns, cells) = detail.split_once('/').unwrap_or_default();
            let diagnostic = Diagnostic::new(Code::ExtraCells);
            return diagnostic.with("columns", columns).with("cells", cells);
        }
        ProblemKind::Foreign(foreign) => {
            let (form, advice) = words_of(foreign);
            let diagnostic = Diagnostic::new(Code::ForeignMarkup).with("markup", detail);
            return diagnostic.say("form", form).say("advice", advice);
        }
    };
    Diagnostic::new(code).with(name, detail)
}

/// What markup of other programs is called, and what to write instead: phrases of the messages.
fn words_of(foreign: Foreign) -> (&'static str, &'static str) {
    match foreign {
        Foreign::Container => ("foreign-container", "advice-admonition"),
        Foreign::Admonition => ("foreign-admonition", "advice-admonition"),
        Foreign::Callout => ("foreign-callout", "advice-callout"),
        Foreign::Tag => ("foreign-tag", "advice-tag"),
        Foreign::Shortcode => ("foreign-shortcode", "advice-tag"),
        Foreign::Contents => ("foreign-contents", "advice-contents"),
        Foreign::Include => ("foreign-include", "advice-include"),
        Foreign::Formula => ("foreign-formula", "advice-formula"),
        Foreign::Mark => ("foreign-mark", "advice-mark"),
        Foreign::WikiLink => ("foreign-wiki-link", "advice-link"),
        Foreign::Attributes => ("foreign-attributes", "advice-attributes"),
        Foreign::Heading => ("foreign-heading", "advice-heading"),
        Foreign::Blank => ("foreign-blank", "advice-blank"),
        Foreign::Brackets => ("foreign-brackets", "advice-link"),
    }
}

/// Longest address that a message shows, in characters.
const MOST_SHOWN: usize = 60;

/// What is wrong with the address of a link or picture by its form alone, without a place.
fn unlinkable(link: &Link) -> Option<Diagnostic> {
    let target = link.target.trim();
    if classify(target) != Address::Forbidden && !is_local(target) {
        let public = without_credentials(target);
        let is_public = *public == *target;
        return (!is_public).then(|| Diagnostic::new(Code::Credentials).with("target", public));
    }
    let is_picture = link.role != Role::Link;
    if is_picture && DataPicture::parse(target).is_ok() {
        return None;
    }
    let code = match is_local(target) {
        true => Code::LocalFile,
        false => Code::ForbiddenAddress,
    };
    let mut shown: String = target.chars().take(MOST_SHOWN).collect();
    if shown.len() < target.len() {
        shown.push('…');
    }
    let mut diagnostic = Diagnostic::new(code).with("target", shown);
    if is_picture {
        diagnostic = diagnostic.handled(Handling::LeftOut(Part::File));
    }
    let advice = match (DataPicture::parse(target), link.role) {
        _ if code == Code::LocalFile => return Some(diagnostic),
        (Err(DataError::TooLarge), _) => "advice-data-large",
        (Err(DataError::OtherType | DataError::Damaged), _) => "advice-data",
        (_, Role::Link) => "advice-address",
        _ => "advice-picture",
    };
    Some(diagnostic.say("advice", advice))
}

/// Whether an address names a file of somebody's computer: `file:…`, `C:\…`, or a share such as `\\server\files`.
fn is_local(target: &str) -> bool {
    let bytes = target.as_bytes();
    let is_drive = matches!(bytes, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let scheme = bytes
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"file:"));
    is_drive || scheme || target.starts_with("\\\\")
}

/// Pairs of dates of which the second may not be before the first.
const DATE_ORDER: &[(&str, &str)] = &[("date", "updated"), ("publish_at", "expires_at")];

impl Checker<'_> {
    /// Rules between two fields of one entry.
    pub(super) fn relations(&mut self, fields: &Record, mapping: &Mapping<'_>) {
        let get = |name: &str| {
            fields
                .iter()
                .find(|(key, _)| &**key == name)
                .map(|(_, value)| value)
        };
        let span = self.kind.abilities.span();
        let span = span.and_then(|span| Some((span.first?, span.last?)));
        for (earlier, later) in DATE_ORDER.iter().copied().chain(span) {
            if let (Some(Value::Moment(first)), Some(Value::Moment(second))) = (get(earlier), get(later))
                && (second.datetime < first.datetime && (second.has_time || second.date() != first.date()))
            {
                let span = find(mapping, later).map_or(0..0, |value| value.span.clone());
                let diagnostic = Diagnostic::new(Code::DateOrder).at(span).with("earlier", earlier);
                self.report(diagnostic.with("later", later).with("date", first));
            }
        }
        let number = |name: &str| get(name).and_then(Value::number);
        // At most 40 % of the class hours online: the 2024 quality rules for digital resources.
        if let (Some(total), Some(online)) = (number("class_hours"), number("online_hours"))
            && online > total * 0.4
        {
            let span = find(mapping, "online_hours").map_or(0..0, |value| value.span.clone());
            self.report(
                Diagnostic::new(Code::OnlineShare)
                    .at(span)
                    .with("online", online)
                    .with("total", total),
            );
        }
    }

    /// What the text itself shows: formulas that cannot be read, pictures without words. Moves the places of its
    /// links and headings from the body to the file.
    pub(super) fn body(&mut self, facts: &mut Facts, start: u32, has_summary: bool) {
        let shift = |span: &Span| span.start + start..span.end + start;
        for problem in std::mem::take(&mut facts.problems) {
            let diagnostic = of_problem(problem.kind, problem.detail);
            self.report(diagnostic.at(shift(&problem.span)));
        }
        for heading in &mut facts.headings {
            heading.span = shift(&heading.span);
        }
        for link in &mut facts.links {
            link.span = shift(&link.span);
            if let Some(wrong) = unlinkable(link) {
                self.report(wrong.at(link.span.clone()));
            }
            if link.role == Role::Image && link.label.trim().is_empty() {
                self.diagnostics.push(
                    Diagnostic::new(Code::MissingAlt)
                        .in_file(self.path)
                        .at(link.span.clone()),
                );
            }
        }
        if facts.summary.is_empty() && !has_summary {
            self.report(Diagnostic::new(Code::MissingSummary));
        }
    }
}
