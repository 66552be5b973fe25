//! A page that leads elsewhere, on servers that know no redirects.

use quick_xml::escape::escape;

/// Writes the page. The link is for browsers that do not follow.
pub(super) fn redirect(url: &str) -> String {
    let url = escape(url);
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<title>{url}</title>\n\
         <link rel=\"canonical\" href=\"{url}\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n<p><a href=\"{url}\">{url}</a></p>\n</html>\n"
    )
}
