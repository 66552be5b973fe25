//! `site.toml`: the settings of a site.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::content::KindSource;
use crate::diag::{Code, Diagnostic, Severity, nearest};
use crate::world::World;

/// Where the settings lie.
pub const SETTINGS: &str = "site.toml";

/// The settings of a site; every one has a default, so an absent file is a site without a name.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What the site is.
    pub site: Site,
    /// What the law asks of public sites in China.
    pub government: Government,
    /// Attachments.
    pub store: Store,
    /// What counts as a mistake.
    pub check: Check,
    /// Lists of entries.
    pub lists: Lists,
    /// The main menu.
    pub menu: Menu,
    /// Which kinds of output are written.
    pub output: Output,
}

/// `[site]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Name.
    pub title: String,
    /// A line below the name.
    pub subtitle: String,
    /// A sentence for search engines.
    pub description: String,
    /// Scheme and host, and a path when the site is not at the root of its host; without a slash at the end.
    pub base_url: String,
    /// Language tag of the interface: `zh-CN` or `en`.
    pub language: String,
    /// Directory below `themes/`.
    pub theme: String,
    /// IANA name of the time zone in which dates are meant.
    pub timezone: String,
    /// One colour, `#rrggbb`, that the theme accents with.
    pub accent: String,
    /// Who answers for the site.
    pub publisher: String,
    /// Mail address for problems; shown on every page.
    pub contact: String,
}

impl Default for Site {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            title: text("稷下"),
            subtitle: String::new(),
            description: String::new(),
            base_url: text("http://localhost"),
            language: text("zh-CN"),
            theme: text("default"),
            timezone: text("Asia/Shanghai"),
            accent: String::new(),
            publisher: String::new(),
            contact: String::new(),
        }
    }
}

/// `[government]`: the meta tags of Chinese government sites and the numbers of the footer.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Government {
    /// `SiteDomain`.
    pub site_domain: String,
    /// `SiteIDCode`.
    pub site_id_code: String,
    /// ICP filing number.
    pub icp: String,
    /// Public-security filing number.
    pub police: String,
}

/// `[store]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// Directory of attachments by SHA-256, relative to the root or absolute.
    pub blobs: String,
    /// Address under which another server offers the store; empty: the build links the files into its output.
    pub public_url: String,
    /// Most bytes of one entry's attachments together, in MB (10^6).
    pub max_entry_mb: u64,
}

impl Default for Store {
    fn default() -> Self {
        Self { blobs: "content/blobs".to_owned(), public_url: String::new(), max_entry_mb: 300 }
    }
}

/// How a code counts on this site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Fails the build.
    Error,
    /// Is reported.
    #[serde(alias = "warn")]
    Warning,
    /// Is not reported.
    Ignore,
}

/// `[check]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Check {
    /// Whether advised fields are required.
    pub strict: bool,
    /// Severity of single codes, such as `broken-link = "warning"`.
    pub levels: BTreeMap<Code, Verdict>,
    /// Days after which a section counts as stale, by kind; the kind's own declaration holds otherwise.
    pub stale_days: BTreeMap<String, u32>,
}

/// `[lists]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lists {
    /// Entries a page.
    pub page_size: usize,
    /// Entries of a feed.
    pub feed_size: usize,
}

impl Default for Lists {
    fn default() -> Self {
        Self { page_size: 20, feed_size: 30 }
    }
}

/// `[menu]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Menu {
    /// In their order; without any, the sections that have entries.
    pub items: Vec<MenuItem>,
}

/// An item of the menu.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MenuItem {
    /// What it says.
    pub label: String,
    /// Where it leads: a path of the site or an address.
    pub url: String,
}

/// `[output]`: kinds of files that can be switched off.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Output {
    pub feeds: bool,
    pub sitemap: bool,
    pub api: bool,
    pub calendar: bool,
    pub opensearch: bool,
    pub json_ld: bool,
    pub terms: bool,
    pub years: bool,
    pub search: bool,
    pub highlight: bool,
    pub server_snippets: bool,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            feeds: true,
            sitemap: true,
            api: true,
            calendar: true,
            opensearch: true,
            json_ld: true,
            terms: true,
            years: true,
            search: true,
            highlight: true,
            server_snippets: true,
        }
    }
}

impl Config {
    /// Reads `site.toml`; an absent file gives the defaults.
    pub fn load(world: &dyn World) -> (Self, Vec<Diagnostic>) {
        let path: Arc<str> = Arc::from(SETTINGS);
        if world.stamp(SETTINGS).is_none() {
            return (Self::default(), Vec::new());
        }
        let bytes = match world.read(SETTINGS) {
            Ok(bytes) => bytes,
            Err(error) => {
                let diagnostic = Diagnostic::new(Code::Unreadable).in_file(&path).with("what", SETTINGS);
                return (Self::default(), vec![diagnostic.with("reason", error)]);
            }
        };
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let offset = error.utf8_error().valid_up_to();
                let diagnostic = Diagnostic::new(Code::NotUtf8).in_file(&path).with("offset", offset + 1);
                return (Self::default(), vec![diagnostic]);
            }
        };
        let source = KindSource { path, text };
        match toml::from_str::<Self>(&source.text) {
            Ok(config) => {
                let diagnostics = config.problems(&source);
                (config, diagnostics)
            }
            Err(error) => (Self::default(), vec![unknown_setting(&source, &error)]),
        }
    }

    /// The site's time zone; Shanghai when the setting was reported as unknown.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.site.timezone).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8)))
    }

    /// The path part of the base URL, without a slash at the end; empty at the root of a host.
    pub fn base_path(&self) -> &str {
        let url = self.site.base_url.trim_end_matches('/');
        let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
        after_scheme.find('/').map_or("", |slash| &after_scheme[slash..])
    }

    /// Changes severities to what the site asked for and drops what it ignores.
    pub fn judge(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|diagnostic| match self.check.levels.get(&diagnostic.code) {
            Some(Verdict::Ignore) => false,
            Some(Verdict::Warning) => {
                diagnostic.severity = Severity::Warning;
                true
            }
            Some(Verdict::Error) => {
                diagnostic.severity = Severity::Error;
                true
            }
            None => true,
        });
    }

    fn problems(&self, source: &KindSource) -> Vec<Diagnostic> {
        let wrong = |key: &str, value: &str, expected: &str| {
            let start = source.text.find(value).unwrap_or(0) as u32;
            Diagnostic::new(Code::ConfigValue)
                .in_file(&source.path)
                .at(start..start + value.len() as u32)
                .with("key", key)
                .with("reason", value)
                .with("expected", expected)
        };
        let mut diagnostics = Vec::new();
        let site = &self.site;
        if !site.base_url.starts_with("http://") && !site.base_url.starts_with("https://") {
            diagnostics.push(wrong("site.base_url", &site.base_url, "https://…"));
        }
        if TimeZone::get(&site.timezone).is_err() {
            diagnostics.push(wrong("site.timezone", &site.timezone, "Asia/Shanghai"));
        }
        if !matches!(site.language.as_str(), "zh-CN" | "en") {
            diagnostics.push(wrong("site.language", &site.language, "zh-CN, en"));
        }
        if site.theme.is_empty() || site.theme.contains(['/', '\\', '.']) {
            diagnostics.push(wrong("site.theme", &site.theme, "default"));
        }
        if !(1..=1000).contains(&self.lists.page_size) {
            diagnostics.push(wrong("lists.page_size", &self.lists.page_size.to_string(), "1–1000"));
        }
        diagnostics
    }
}

/// A TOML error; of an unknown key, the nearest known one is suggested.
fn unknown_setting(source: &KindSource, error: &toml::de::Error) -> Diagnostic {
    let message = error.message();
    let Some(rest) = message.strip_prefix("unknown field `") else {
        return crate::content::config_syntax(&source.path, error);
    };
    let (key, expected) = rest.split_once('`').unwrap_or((rest, ""));
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let span = error.span().unwrap_or(0..0);
    Diagnostic::new(Code::UnknownSetting)
        .in_file(&source.path)
        .at(span.start as u32..span.end as u32)
        .with("key", key)
        .with("known", known.join(" "))
        .suggest(nearest(key, known.iter().copied()))
}
