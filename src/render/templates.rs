//! Tera templates: parsing, what each depends on, rendering, and errors with the template's line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, ErrorKind, Tera, Value};

use super::assets::Assets;
use super::filters;
use super::theme::Theme;
use crate::diag::{Code, Diagnostic};
use crate::pages::{Chrome, HtmlView, PageView, Texts};

/// A theme's templates, parsed, with what all pages share.
pub struct Templates {
    tera: Tera,
    fingerprints: BTreeMap<String, [u8; 16]>,
    origins: BTreeMap<String, Arc<str>>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Templates")
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

impl Templates {
    /// Parses the templates of a theme.
    ///
    /// # Errors
    /// The first mistake that the template engine finds, with its place.
    pub fn new(
        theme: &Theme,
        chrome: &Chrome,
        texts: &Texts,
        assets: &BTreeMap<String, String>,
    ) -> Result<Self, Diagnostic> {
        let sources: BTreeMap<String, (Arc<str>, String)> = theme
            .below("templates")
            .map(|(name, origin, bytes)| {
                (
                    name.to_owned(),
                    (Arc::clone(origin), String::from_utf8_lossy(bytes).into_owned()),
                )
            })
            .collect();
        let origins: BTreeMap<String, Arc<str>> = sources
            .iter()
            .map(|(name, (origin, _))| (name.clone(), Arc::clone(origin)))
            .collect();
        let mut tera = Tera::default();
        tera.autoescape_on(vec![".html", ".xml"]);
        filters::register(&mut tera);
        let all = sources
            .iter()
            .map(|(name, (_, text))| (name.as_str(), text.as_str()));
        tera.add_raw_templates(all)
            .map_err(|error| unparsed(&error, &origins, &sources))?;
        let shared = shared(chrome, texts, assets);
        let context = tera.global_context();
        context.insert_value("site", Value::from_serializable(chrome));
        context.insert_value("t", Value::from_serializable(&texts.nested()));
        context.insert_value("assets", Value::from_serializable(assets));
        let fingerprints = fingerprints(&sources, &shared);
        Ok(Self {
            tera,
            fingerprints,
            origins,
        })
    }

    /// What a template's pages depend on besides their views.
    pub(super) fn fingerprint(&self, template: &str) -> [u8; 16] {
        self.fingerprints.get(template).copied().unwrap_or_default()
    }

    /// Whether there is such a template.
    pub fn contains(&self, template: &str) -> bool {
        self.origins.contains_key(template)
    }

    /// Renders a page around a body.
    pub(super) fn render(&self, html: &HtmlView<PageView>, body: &str) -> Result<Vec<u8>, Diagnostic> {
        let mut context = Context::new();
        let mut insert = |name: &'static str, value: &dyn ErasedSerialize| {
            context.insert_value(name, value.to_value());
        };
        insert("meta", &html.meta);
        insert("breadcrumbs", &html.breadcrumbs);
        insert("page", &html.page);
        context.insert_value("body", Value::safe_string(body));
        let mut bytes = Vec::with_capacity(body.len() + 8 * 1024);
        self.tera
            .render_to(&html.template, &context, &mut bytes)
            .map_err(|error| diagnostic(&error, &self.origins, Some(&html.meta.url)))?;
        Ok(bytes)
    }
}

/// Anything that Tera can take, behind one pointer, so that three types need no three copies of the code.
trait ErasedSerialize {
    fn to_value(&self) -> Value;
}

impl<T: Serialize> ErasedSerialize for T {
    fn to_value(&self) -> Value {
        Value::from_serializable(self)
    }
}

/// The bytes of what every page may show.
fn shared(chrome: &Chrome, texts: &Texts, assets: &BTreeMap<String, String>) -> Vec<u8> {
    // Maps of strings always serialise.
    postcard::to_stdvec(&(chrome, &texts.texts, assets)).unwrap_or_default()
}

/// For each template the hash of its text, of every template that it extends or includes, and of what is shared.
/// Components are found by name in the whole theme, so files that define one count for all.
fn fingerprints(sources: &BTreeMap<String, (Arc<str>, String)>, shared: &[u8]) -> BTreeMap<String, [u8; 16]> {
    let components: Vec<&str> = sources
        .iter()
        .filter(|(_, (_, text))| defines_component(text))
        .map(|(name, _)| name.as_str())
        .collect();
    let fingerprint = |name: &String| {
        let mut closure: BTreeSet<&str> = BTreeSet::new();
        let mut waiting = components.clone();
        waiting.push(name);
        while let Some(name) = waiting.pop() {
            if let Some((_, text)) = sources.get(name).filter(|_| closure.insert(name)) {
                waiting.extend(named_templates(text));
            }
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(shared);
        for name in closure {
            if let Some((_, text)) = sources.get(name) {
                hasher
                    .update(name.as_bytes())
                    .update(&[0])
                    .update(text.as_bytes())
                    .update(&[0]);
            }
        }
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        fingerprint
    };
    sources
        .keys()
        .map(|name| (name.clone(), fingerprint(name)))
        .collect()
}

fn defines_component(text: &str) -> bool {
    text.match_indices("{%").any(|(at, _)| {
        text[at + 2..]
            .trim_start_matches('-')
            .trim_start()
            .starts_with("component")
    })
}

/// The templates that a template extends or includes: both take a literal.
fn named_templates(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("{%").filter_map(|(at, _)| {
        let tag = text[at + 2..].trim_start_matches('-').trim_start();
        let rest = tag
            .strip_prefix("extends")
            .or_else(|| tag.strip_prefix("include"))?
            .trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next()
    })
}

/// A template error with the template's file and place, as far as the engine knows them.
fn diagnostic(error: &tera::Error, origins: &BTreeMap<String, Arc<str>>, page: Option<&str>) -> Diagnostic {
    let code = if page.is_some() {
        Code::TemplateRender
    } else {
        Code::TemplateSyntax
    };
    let page = page.unwrap_or_default();
    let (report, template) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            (Some(report), report.filename())
        }
        ErrorKind::MissingParent { current, .. } => (None, current.as_str()),
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            (None, tpl.as_str())
        }
        _ => (None, ""),
    };
    let reason = report.map_or_else(|| error.to_string(), |report| report.message().to_owned());
    let mut diagnostic = Diagnostic::new(code)
        .with("reason", reason.trim())
        .with("page", page);
    if let Some(origin) = origins.get(template) {
        diagnostic = diagnostic.in_file(origin);
        if let Some(report) = report {
            let range = &report.span().range;
            diagnostic = diagnostic.at(range.start as u32..range.end as u32);
        }
    }
    diagnostic
}

/// An error of parsing. Of some the engine only tells the place in words.
fn unparsed(
    error: &tera::Error,
    origins: &BTreeMap<String, Arc<str>>,
    sources: &BTreeMap<String, (Arc<str>, String)>,
) -> Diagnostic {
    let located = match error.kind() {
        ErrorKind::MissingParent { current, parent } => sources.get(current).and_then(|(origin, text)| {
            let start = text.find(parent)?;
            Some((error.to_string(), origin, start..start + parent.len()))
        }),
        ErrorKind::Msg(report) => place_in_words(report, sources),
        _ => None,
    };
    match located {
        Some((reason, origin, span)) => Diagnostic::new(Code::TemplateSyntax)
            .in_file(origin)
            .at(span.start as u32..span.end as u32)
            .with("reason", reason),
        None => diagnostic(error, origins, None),
    }
}

/// Reads `error: Unknown filter `x``, then `--> page.html:1:21`, then the marked line with `^^^` below it.
fn place_in_words<'a>(
    report: &str,
    sources: &'a BTreeMap<String, (Arc<str>, String)>,
) -> Option<(String, &'a Arc<str>, std::ops::Range<usize>)> {
    let reason = report.lines().next()?.trim_start_matches("error: ").to_owned();
    let mut place = report
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("--> "))?
        .rsplitn(3, ':');
    let (column, line) = (
        place.next()?.parse::<usize>().ok()?,
        place.next()?.parse::<usize>().ok()?,
    );
    let (origin, text) = sources.get(place.next()?)?;
    let start_of_line: usize = text
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let before = text.get(start_of_line..)?.chars().take(column.checked_sub(1)?);
    let start = start_of_line + before.map(char::len_utf8).sum::<usize>();
    let marked = report
        .lines()
        .find_map(|line| line.find('^').map(|_| line.matches('^').count()))
        .unwrap_or(1);
    let length: usize = text.get(start..)?.chars().take(marked).map(char::len_utf8).sum();
    Some((reason, origin, start..start + length))
}

/// The URLs of assets by logical name, for templates.
pub(crate) fn asset_urls(assets: &Assets, base_path: &str) -> BTreeMap<String, String> {
    let url = |output: &String| crate::pages::PlainFile::Asset(output.clone()).url(base_path);
    assets
        .names
        .iter()
        .map(|(name, output)| (name.clone(), url(output)))
        .collect()
}
