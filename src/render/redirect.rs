//! A page that leads elsewhere, on servers that know no redirects.

use quick_xml::escape::escape;

use crate::pages::Link;

/// Writes the page. The link is for browsers that do not follow.
pub(super) fn redirect(link: &Link) -> String {
    let (url, label) = (escape(&link.url), escape(&link.label));
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<title>{label}</title>\n\
         <link rel=\"canonical\" href=\"{url}\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n<p><a href=\"{url}\">{label}</a></p>\n</html>\n"
    )
}
