//! The tables of `site.toml`, with their defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diag::Code;

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
    /// Address of the form for problems of a page; empty: they go to `contact`.
    pub report: String,
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
            report: String::new(),
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
        Self {
            blobs: "content/blobs".to_owned(),
            public_url: String::new(),
            max_entry_mb: 300,
        }
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
        Self {
            page_size: 20,
            feed_size: 30,
        }
    }
}

/// `[quota]`: items that units publish in a school year (from September), by the notice of 2020 on the platform.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quota {
    /// Of schools, by term of `school-category`.
    pub schools: BTreeMap<String, u32>,
    /// Of schools of other categories.
    pub other_schools: u32,
    /// Of groups.
    pub groups: u32,
}

impl Default for Quota {
    fn default() -> Self {
        let large = ["technician-college", "senior"];
        Self {
            schools: large
                .into_iter()
                .map(|category| (category.to_owned(), 8))
                .collect(),
            other_schools: 4,
            groups: 5,
        }
    }
}

/// `[menu]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Menu {
    /// In their order; without any, the sections that have entries.
    pub items: Vec<MenuItem>,
}

/// An item of the menu: a link, or a group of links.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MenuItem {
    /// What it says.
    pub label: String,
    /// Where it leads: a path of the site or an address. Empty for a group.
    #[serde(default)]
    pub url: String,
    /// The links of a group.
    #[serde(default)]
    pub items: Vec<SiteLink>,
}

/// A link that the settings name.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SiteLink {
    /// What it says.
    pub label: String,
    /// Where it leads: a path of the site or an address.
    pub url: String,
}

/// Blocks of the home page that are no section, with their places among those of kinds where a site does not say
/// otherwise.
pub const HOME_BLOCKS: &[(&str, u32)] = &[
    ("search", 10),
    ("calls", 40),
    ("featured", 50),
    ("recommended", 55),
    ("cities", 70),
    ("counts", 80),
    ("links", 110),
];

/// `[home]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Home {
    /// Blocks in their order: a kind's id for its newest entries, or one of [`HOME_BLOCKS`]. Without it, these and the
    /// kinds that declare a place there.
    pub blocks: Option<Vec<String>>,
    /// Entries, `kind/name`, that stand out; without any, the newest of kinds that say so.
    pub featured: Vec<String>,
    /// Quick ways for each audience; without any, ways to the sections that it uses.
    pub audiences: Vec<Audience>,
    /// Links to other sites.
    pub links: Vec<SiteLink>,
}

/// Whom the home page offers quick ways, and which.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Who.
    pub label: String,
    /// The ways.
    pub links: Vec<SiteLink>,
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
    /// Versions of entries, from the git repository that the site lies in.
    pub history: bool,
    /// Pages that were read stay readable without a network.
    pub offline: bool,
    /// Numbers of entries by unit, city, year and kind.
    pub statistics: bool,
    /// What was taken down, by month.
    pub withdrawn: bool,
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
            history: false,
            offline: false,
            statistics: true,
            withdrawn: false,
        }
    }
}
