//! How pages LOOK: themes, templates, Atom, sitemaps. It opens no file and knows no catalog: it gets views.

mod accent;
mod assets;
mod atom;
mod filters;
mod redirect;
mod sitemap;
mod templates;
mod theme;

use std::sync::Arc;

pub use accent::Accents;
pub use assets::Assets;
pub use filters::{Qr, qr};
pub use templates::Templates;
pub(crate) use templates::asset_urls;
pub use theme::Theme;

use jixia_markdown::highlight::Memo;
use jixia_markdown::{Body, render_with};

use crate::diag::Diagnostic;
use crate::pages::{HtmlView, PageView, View};

/// Turns views into bytes.
#[derive(Debug)]
pub struct Renderer {
    templates: Templates,
    texts: jixia_markdown::Texts,
    snippets: Arc<dyn Memo>,
}

impl Renderer {
    /// A renderer with parsed templates, the texts that bodies need, and what is known of snippets of code.
    pub fn new(templates: Templates, texts: jixia_markdown::Texts, snippets: Arc<dyn Memo>) -> Self {
        Self {
            templates,
            texts,
            snippets,
        }
    }

    /// What a view's page depends on besides the view and its body: 16 bytes that change with the template, all
    /// that it includes, and what all pages share.
    pub fn fingerprint(&self, view: &View<PageView>) -> [u8; 16] {
        match view {
            View::Html(html) => self.templates.fingerprint(&html.template),
            _ => [0; 16],
        }
    }

    /// The bytes of a page. `read_body` gives the Markdown of the entry that an HTML view names.
    ///
    /// # Errors
    /// When a template fails; the diagnostic points into the template.
    pub fn render(
        &self,
        view: &View<PageView>,
        read_body: &dyn Fn() -> Option<Arc<str>>,
    ) -> Result<Vec<u8>, Diagnostic> {
        match view {
            View::Html(html) => self.html(html, read_body),
            View::Feed(feed) => Ok(atom::atom(feed)),
            View::Sitemap(sitemap) => Ok(sitemap::sitemap(sitemap)),
            View::Text(text) => Ok(text.clone().into_bytes()),
            View::Redirect(link) => Ok(redirect::redirect(link).into_bytes()),
        }
    }

    fn html(
        &self,
        html: &HtmlView<PageView>,
        read_body: &dyn Fn() -> Option<Arc<str>>,
    ) -> Result<Vec<u8>, Diagnostic> {
        let markdown = html
            .body
            .as_ref()
            .and_then(|body| read_body().map(|text| (body, text)));
        let memo = self.snippets.as_ref();
        let body = markdown.map(|(body, text)| {
            let shown = Body {
                text: &text,
                title: &body.title,
            };
            render_with(shown, &body.targets, &self.texts, Some(memo))
        });
        self.templates.render(html, body.as_deref().unwrap_or_default())
    }
}
