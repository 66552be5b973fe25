//! The page that asks to sign in, and keeps what was typed before the session ended.

use serde::Serialize;

use crate::app::App;
use crate::web::form::Form;
use crate::web::pages::{Page, page};

#[derive(Debug, Default, Serialize)]
pub(crate) struct SignInPage {
    pub(crate) next: String,
    /// A packed form that is sent on after signing in.
    pub(crate) held: String,
    pub(crate) login: String,
    pub(crate) problem: String,
}

/// Only addresses of the intake: nobody is sent elsewhere after signing in.
pub(crate) fn safe(next: &str) -> String {
    // It stands in a header: no sign that ends or breaks one.
    let is_broken = |sign: char| sign == '\\' || sign.is_control();
    let is_safe = next.starts_with("/intake/") && !next.contains(is_broken);
    if is_safe {
        next.to_owned()
    } else {
        "/intake/".to_owned()
    }
}

/// Asks to sign in, and keeps a form that came too late.
pub(crate) fn page_of(app: &App, path: &str, form: &Form) -> Page {
    let shown = SignInPage {
        next: safe(path),
        held: form.pack(),
        problem: app.texts.get("sign_in.expired").to_owned(),
        ..SignInPage::default()
    };
    page(app, None, "sign-in.html", &shown)
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn one_is_sent_to_no_other_site() {
        for next in [
            "https://evil.example/",
            "//evil.example",
            "/intake\\..\\x",
            "/intake/\r\nX: y",
            "",
            "/news/",
        ] {
            assert_eq!(safe(next), "/intake/", "{next:?}");
        }
        assert_eq!(safe("/intake/items/a?b=c"), "/intake/items/a?b=c");
    }
}
