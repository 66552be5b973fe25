//! Sitemaps (sitemaps.org 0.9).

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::pages::SitemapView;

/// Writes a sitemap or the index of sitemaps.
pub(super) fn sitemap(view: &SitemapView) -> Vec<u8> {
    let (root, item) = if view.is_index {
        ("sitemapindex", "sitemap")
    } else {
        ("urlset", "url")
    };
    let mut xml = String::with_capacity(view.urls.len() * 96 + 128);
    let _ = writeln!(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    let _ = writeln!(
        xml,
        "<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"
    );
    for (url, changed) in &view.urls {
        let _ = write!(xml, "<{item}><loc>{}</loc>", escape(url.as_str()));
        if let Some(changed) = changed {
            let _ = write!(xml, "<lastmod>{changed}</lastmod>");
        }
        let _ = writeln!(xml, "</{item}>");
    }
    let _ = writeln!(xml, "</{root}>");
    xml.into_bytes()
}
