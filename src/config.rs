//! `site.toml`: the settings of a site.

mod checklist;
mod names;
mod review;
mod sections;

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::content::is_color;
use crate::diag::{Code, Diagnostic, Severity};
use crate::source::{Places, declaration, decode_declaration};
use crate::world::World;

pub use checklist::CheckItem;
pub use review::{Part, Review, ReviewCase, ReviewChain, ReviewStep, RootReview, Second, WorkingDays};
pub use sections::{
    Audience, Check, Government, HOME_BLOCKS, Home, Lists, Menu, MenuItem, Output, Quota, Site, SiteLink,
    Store, Verdict,
};

/// Languages of the interface.
const LANGUAGES: &[&str] = &["zh-CN", "en"];
/// Entries that a list page may have.
const PAGE_SIZES: std::ops::RangeInclusive<usize> = 1..=1000;
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
    /// What units owe.
    pub quota: Quota,
    /// The main menu.
    pub menu: Menu,
    /// The home page.
    pub home: Home,
    /// Which kinds of output are written.
    pub output: Output,
    /// Who reviews what is submitted: read by the intake server alone.
    pub review: Review,
}

impl Config {
    /// Reads `site.toml`; an absent file gives the defaults.
    pub fn load(world: &dyn World) -> (Self, Places, Vec<Diagnostic>) {
        let path: Arc<str> = Arc::from(SETTINGS);
        let without = |diagnostics| (Self::default(), Places::default(), diagnostics);
        if world.stamp(SETTINGS).is_none() {
            return without(Vec::new());
        }
        let text = match world.read(SETTINGS).map(decode_declaration) {
            Ok(Ok(text)) => text,
            Ok(Err(diagnostic)) => return without(vec![diagnostic.in_file(&path)]),
            Err(error) => {
                let diagnostic = Diagnostic::new(Code::Unreadable)
                    .in_file(&path)
                    .with("what", SETTINGS);
                return without(vec![diagnostic.with("reason", error)]);
            }
        };
        let (parsed, mut diagnostics) = declaration::<Self>(&path, &text);
        let Some((mut config, places)) = parsed else {
            return without(diagnostics);
        };
        diagnostics.extend(config.items_without_url(&places, &diagnostics));
        diagnostics.extend(config.problems(&places));
        diagnostics.extend(config.fixed_levels(&places));
        diagnostics.extend(config.wrong_days(&places));
        config.mend();
        if config.lacks_theme(world) {
            let diagnostic = Diagnostic::new(Code::ConfigValue)
                .in_file(&path)
                .at(places.value("site.theme"))
                .with("key", "site.theme")
                .with("value", &config.site.theme)
                .say("expected", "theme-there")
                .with("name", &config.site.theme);
            diagnostics.push(diagnostic);
            config.site.theme = Site::default().theme;
        }
        (config, places, diagnostics)
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

    /// Every link of the menu and the home page: what it says, and where it leads.
    pub fn links(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.menu.items.iter().filter(|item| item.items.is_empty());
        let own = own.map(|item| (item.label.as_str(), item.url.as_str()));
        let groups = self.menu.items.iter().flat_map(|item| &item.items);
        let ways = self.home.audiences.iter().flat_map(|audience| &audience.links);
        let named = groups.chain(ways).chain(&self.home.links);
        own.chain(named.map(|link| (link.label.as_str(), link.url.as_str())))
    }

    /// Changes severities to what the site asked for and drops what it ignores. What is left out of the portal is told
    /// at every level, and what cannot be lowered stays an error.
    pub fn judge(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|diagnostic| {
            let verdict = self.check.levels.get(&diagnostic.code);
            let (severity, is_told) = match verdict {
                None => return true,
                Some(Verdict::Error) => (Severity::Error, true),
                Some(_) if !diagnostic.handling.can_be_lowered() => return true,
                Some(Verdict::Warning) => (Severity::Warning, true),
                Some(Verdict::Ignore) => (Severity::Warning, diagnostic.handling.is_left_out()),
            };
            diagnostic.severity = severity;
            is_told
        });
    }

    /// Levels that lower what cannot be lowered.
    fn fixed_levels(&self, places: &Places) -> Vec<Diagnostic> {
        let levels = self.check.levels.iter();
        let fixed =
            levels.filter(|(code, verdict)| **verdict != Verdict::Error && !code.handling().can_be_lowered());
        fixed
            .map(|(code, _)| {
                Diagnostic::new(Code::FixedLevel)
                    .in_file(&Arc::from(SETTINGS))
                    .at(places.value(&format!("check.levels.{}", code.name())))
                    .with("code", code.name())
                    .say("reason", code.handling().key())
            })
            .collect()
    }

    /// Days of `[review.working_days]` that there are not.
    fn wrong_days(&self, places: &Places) -> Vec<Diagnostic> {
        let wrong = self.review.working_days.iter().flat_map(|(year, days)| {
            let lists = [("off", &days.off), ("work", &days.work)];
            let all = lists
                .into_iter()
                .flat_map(|(list, days)| days.iter().enumerate().map(move |(at, day)| (list, at, day)));
            let is_wrong = move |day: &str| format!("{year}-{day}").parse::<jiff::civil::Date>().is_err();
            let wrong = all.filter(move |(_, _, day)| is_wrong(day));
            wrong.map(move |(list, at, day)| (format!("review.working_days.{year}.{list}.{at}"), day))
        });
        let diagnostics = wrong.map(|(key, day)| {
            Diagnostic::new(Code::ConfigValue)
                .in_file(&Arc::from(SETTINGS))
                .at(places.value(&key))
                .with("key", key)
                .with("value", day)
                .with("expected", "MM-DD")
        });
        diagnostics.collect()
    }

    /// Puts defaults in the place of values that were reported and that others rely on.
    fn mend(&mut self) {
        if self.has_wrong_theme() {
            self.site.theme = Site::default().theme;
        }
        if self.wrong_base_url().is_some() {
            self.site.base_url = Site::default().base_url;
        }
        if !LANGUAGES.contains(&self.site.language.as_str()) {
            self.site.language = Site::default().language;
        }
        if !PAGE_SIZES.contains(&self.lists.page_size) {
            self.lists.page_size = Lists::default().page_size;
        }
    }

    /// A theme is a directory's name, not a path.
    fn has_wrong_theme(&self) -> bool {
        self.site.theme.is_empty() || self.site.theme.contains(['/', '\\', '.'])
    }

    /// Whether the theme is neither built in nor a directory with files.
    fn lacks_theme(&self, world: &dyn World) -> bool {
        let theme = &self.site.theme;
        *theme != Site::default().theme && world.list(&format!("themes/{theme}")).files.is_empty()
    }

    /// What is wrong with the base address, as a phrase that says what to write. Its path becomes part of every
    /// address of the portal, so that nothing may have to be encoded in it.
    fn wrong_base_url(&self) -> Option<&'static str> {
        let url = &self.site.base_url;
        let Some(rest) = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"))
        else {
            return Some("base-url-scheme");
        };
        if url.contains(['?', '#']) {
            return Some("base-url-query");
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if rest.starts_with('/') || rest.is_empty() || rest.contains([' ', '\\', '"', '<', '>']) {
            return Some("base-url-scheme");
        }
        let path = self.base_path();
        (!path.bytes().all(is_plain) || path.contains("//") || path.contains("/.")).then_some("base-url-path")
    }

    fn problems(&self, places: &Places) -> Vec<Diagnostic> {
        let path: Arc<str> = Arc::from(SETTINGS);
        let site = &self.site;
        let wrong = |key: &'static str, is_wrong: bool, value: &dyn ToString, expected: &str| {
            let diagnostic = Diagnostic::new(Code::ConfigValue)
                .in_file(&path)
                .at(places.value(key));
            is_wrong.then(|| {
                diagnostic
                    .with("key", key)
                    .with("value", value.to_string())
                    .with("expected", expected)
            })
        };
        let page_size = &self.lists.page_size;
        let language = &site.language;
        let found = [
            self.wrong_base_url().map(|phrase| {
                Diagnostic::new(Code::ConfigValue)
                    .in_file(&path)
                    .at(places.value("site.base_url"))
                    .with("key", "site.base_url")
                    .with("value", &site.base_url)
                    .say("expected", phrase)
            }),
            wrong(
                "site.timezone",
                TimeZone::get(&site.timezone).is_err(),
                &site.timezone,
                "Asia/Shanghai",
            ),
            wrong(
                "site.report",
                !site.report.is_empty() && !is_web_address(&site.report),
                &site.report,
                "https://",
            ),
            wrong("site.theme", self.has_wrong_theme(), &site.theme, "themes/<name>"),
            wrong(
                "site.accent",
                !site.accent.is_empty() && !is_color(&site.accent),
                &site.accent,
                "#1f6f5c",
            ),
            wrong(
                "lists.page_size",
                !PAGE_SIZES.contains(page_size),
                page_size,
                "1–1000",
            ),
            wrong(
                "site.language",
                !LANGUAGES.contains(&language.as_str()),
                language,
                "zh-CN, en",
            )
            .map(|wrong| {
                wrong.suggest(
                    LANGUAGES
                        .iter()
                        .find(|known| known.starts_with(language.get(..2).unwrap_or("-"))),
                )
            }),
        ];
        found.into_iter().flatten().collect()
    }

    /// Items of the menu that are neither links nor groups. An item in which something was reported and left out is not
    /// reported again.
    fn items_without_url(&self, places: &Places, reported: &[Diagnostic]) -> Vec<Diagnostic> {
        let items = self.menu.items.iter().enumerate();
        let empty = items.filter(|(_, item)| item.url.is_empty() && item.items.is_empty());
        let diagnostics = empty.filter_map(|(position, _)| {
            let item = places.value(&format!("menu.items.{position}"));
            let mut spans = reported.iter().filter_map(|diagnostic| diagnostic.span.as_ref());
            let is_known = spans.any(|span| item.contains(&span.start));
            (!is_known).then(|| {
                Diagnostic::new(Code::MissingSetting)
                    .in_file(&Arc::from(SETTINGS))
                    .at(item)
                    .with("key", "url")
            })
        });
        diagnostics.collect()
    }
}

/// Whether pages may link to it: an address with a scheme that browsers open without running anything.
fn is_web_address(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains([' ', '"', '<', '>', '\\']))
}
