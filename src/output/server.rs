//! Settings for servers: how long browsers may keep what.

/// Header of files whose names change with their contents.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Header of everything else: kept, but asked about each time.
const ASK: &str = "public, max-age=0, must-revalidate";

/// What a page of the default theme may load and run.
const POLICY: &str = "default-src 'self'; img-src 'self' https: data:; media-src 'self' https:; object-src 'none'; \
                      base-uri 'none'; frame-ancestors 'self'; form-action 'self' https:";

/// What a page tells the sites that it links to.
const REFERRER: &str = "strict-origin-when-cross-origin";

/// The headers that every file of a portal is to have.
pub const HEADERS: &[(&str, &str)] = &[
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", REFERRER),
];

/// How long whoever gets a file of a portal may keep it, as `Cache-Control` says it.
pub fn cache_control(path: &str) -> &'static str {
    let is_named_by_content = ["/assets/", "/files/"]
        .iter()
        .any(|begin| path.starts_with(begin));
    if is_named_by_content { FOR_EVER } else { ASK }
}

/// Where the nginx example supposes the output directory.
const DIRECTORY: &str = "/srv/portal/public";

/// Files that tell servers about caching and security: `_headers` (static hosts) and an nginx snippet.
pub fn server_snippets(base_path: &str) -> Vec<(&'static str, String)> {
    vec![
        ("_headers", static_host(base_path)),
        ("nginx.conf.example", nginx(base_path)),
    ]
}

/// Static hosts join the headers of all rules that match, and ask about each file by themselves: the rule for every
/// file must not say how long to keep it, or assets would have two answers.
fn static_host(base_path: &str) -> String {
    let mut text = format!("{base_path}/*\n");
    for (name, value) in HEADERS {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    for path in ["/assets/*", "/files/*"] {
        text.push_str(&format!(
            "{base_path}{path}\n  Cache-Control: {}\n",
            cache_control(path)
        ));
    }
    text
}

/// An `add_header` in a location takes away those of the server, so that each location names them all.
fn nginx(base_path: &str) -> String {
    let location = |path: &str| {
        let keep = cache_control(path);
        let headers = HEADERS.iter();
        let headers = headers.map(|(name, value)| format!("  add_header {name} \"{value}\" always;\n"));
        // Below a path, `root` would look for that path inside the directory.
        let place = if base_path.is_empty() {
            format!("root {DIRECTORY};")
        } else {
            format!("alias {DIRECTORY}{path};")
        };
        format!(
            "location {base_path}{path} {{\n  {place}\n  index index.html;\n  add_header Cache-Control \"{keep}\";\n{}}}\n",
            headers.collect::<String>()
        )
    };
    let without_slash = if base_path.is_empty() {
        String::new()
    } else {
        format!("location = {base_path} {{ return 301 {base_path}/; }}\n")
    };
    format!(
        "# Inside the server block of the portal; {DIRECTORY} stands for the output directory.\n\
         gzip_static on;\n# brotli_static on;  # with the brotli module\n\
         error_page 404 {base_path}/404.html;\n\
         location ~ /\\.(?!well-known) {{ return 404; }}\n{without_slash}{}{}{}",
        location("/assets/"),
        location("/files/"),
        location("/"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_location_has_all_headers() {
        for (base_path, place) in [
            ("", "root /srv/portal/public;"),
            ("/portal", "alias /srv/portal/public/assets/;"),
        ] {
            let nginx = nginx(base_path);
            assert!(nginx.contains(place), "{nginx}");
            let blocks = nginx.split("location ").filter(|block| block.contains("index"));
            for block in blocks {
                for header in [
                    "Cache-Control",
                    "Content-Security-Policy",
                    "nosniff",
                    "Referrer-Policy",
                ] {
                    assert_eq!(block.matches(header).count(), 1, "{header} in {block}");
                }
            }
            assert!(!nginx.contains("root") || base_path.is_empty(), "{nginx}");
        }
    }

    #[test]
    fn no_file_is_kept_for_two_times() {
        let headers = static_host("/portal");
        let (for_all, others) = headers.split_once("/portal/assets/*").unwrap_or_default();
        assert!(
            !for_all.contains("Cache-Control") && for_all.starts_with("/portal/*\n"),
            "{headers}"
        );
        assert_eq!(others.matches("Cache-Control").count(), 2, "{headers}");
    }
}
