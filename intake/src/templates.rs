//! The templates of the intake's pages, compiled in and parsed once. Knows neither requests nor what is shown.

use tera::{Context, Tera, Value};

use crate::texts::Texts;

macro_rules! sources {
    ($($name:literal)*) => { &[$((concat!($name, ".html"), include_str!(concat!("../templates/", $name, ".html"))),)*] };
}

/// Every template by name.
pub(crate) const SOURCES: &[(&str, &str)] = sources!(
    "account" "again" "assign" "audit" "base" "bell" "chapter" "code" "conflict" "deputies" "desk" "edit" "entries"
    "held" "imported" "item" "kinds" "ledger" "many" "message" "open" "opened" "opinion" "patrol" "people" "publish" "queue"
    "recommendations" "register" "result" "review" "roster" "shared" "sign-in" "site" "site-change" "site-edit" "table"
    "takedowns" "totp" "webhook" "widgets"
);

/// The templates, parsed.
pub(crate) struct Templates {
    tera: Tera,
}

impl Templates {
    /// Parses the templates and gives them the words.
    ///
    /// # Errors
    /// The first mistake in a template.
    pub(crate) fn new(texts: &Texts) -> Result<Self, String> {
        let mut tera = Tera::default();
        tera.autoescape_on(vec![".html"]);
        tera.add_raw_templates(SOURCES.iter().copied())
            .map_err(|error| error.to_string())?;
        tera.global_context()
            .insert_value("t", Value::from_serializable(texts.table()));
        Ok(Self { tera })
    }

    /// The HTML of a template.
    ///
    /// # Errors
    /// What the template engine says, with its causes.
    pub(crate) fn render(&self, name: &str, context: &Context) -> Result<String, String> {
        self.tera
            .render(name, context)
            .map_err(|error| with_causes(&error))
    }
}

fn with_causes(error: &tera::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
