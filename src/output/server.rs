//! Settings for servers: how long browsers may keep what.

/// How long whoever gets a file may keep it, as `Cache-Control` says it, by the beginning of its path; the first that fits
/// holds. Whatever tells a server is made of this table.
pub const CACHING: &[(&str, &str)] = &[
    // Named by what is in them, and the theme's: nobody takes them down.
    ("/assets/", "public, max-age=31536000, immutable"),
    // Named by what is in them too, but they may have to go: five minutes after a takedown nobody shows them unasked.
    ("/files/", "public, max-age=300, must-revalidate"),
    ("/", ASK),
];
/// Kept, but asked about each time.
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

/// How long whoever gets a file of a portal may keep it; the path is below the portal's own.
pub fn cache_control(path: &str) -> &'static str {
    let mut rules = CACHING.iter();
    rules
        .find(|(begin, _)| path.starts_with(begin))
        .map_or(ASK, |(_, keep)| keep)
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
    for (begin, keep) in CACHING.iter().filter(|(begin, _)| *begin != "/") {
        text.push_str(&format!("{base_path}{begin}*\n  Cache-Control: {keep}\n"));
    }
    text
}

/// An `add_header` in a location takes away those of the server, so that each location names them all.
fn nginx(base_path: &str) -> String {
    let location = |(path, keep): &(&str, &str)| {
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
         location ~ /\\.(?!well-known) {{ return 404; }}\n{without_slash}{}",
        CACHING.iter().map(location).collect::<String>()
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

    /// What each way of telling a server says of a path, from its text.
    fn told(text: &str, path: &str) -> Vec<String> {
        let blocks = text.split("location ").filter_map(|block| {
            let begin = block.split(' ').next()?;
            let keep = block
                .split("add_header Cache-Control \"")
                .nth(1)?
                .split('"')
                .next()?;
            path.starts_with(begin).then(|| (begin.len(), keep.to_owned()))
        });
        // nginx takes the longest beginning.
        blocks.max().map(|(_, keep)| keep).into_iter().collect()
    }

    #[test]
    fn every_server_is_told_the_same_and_a_takedown_reaches_every_file() {
        let (hosts, nginx) = (static_host(""), nginx(""));
        let docs = include_str!("../../docs/deployment.md");
        for (path, expected) in [
            ("/assets/site.0a1b2c3d4e.css", CACHING[0].1),
            ("/files/ab/abcd/a.pdf", CACHING[1].1),
            ("/search/index.bin", ASK),
            ("/news/a/", ASK),
        ] {
            assert_eq!(cache_control(path), expected);
            assert_eq!(told(&nginx, path), [expected]);
            let begin = CACHING.iter().find(|(begin, _)| path.starts_with(begin));
            let (begin, keep) = begin.expect("a rule for every path");
            let is_told = hosts.contains(&format!("{begin}*\n  Cache-Control: {keep}\n"));
            // Hosts ask about each file by themselves.
            assert_eq!(is_told, expected != ASK, "{path}");
            let map = if *begin == "/" {
                "default".to_owned()
            } else {
                format!("\"~^{begin}\"")
            };
            assert!(
                docs.lines().any(|line| {
                    line.trim_start()
                        .strip_prefix(&map)
                        .is_some_and(|rest| rest.trim() == format!("\"{keep}\";"))
                }),
                "docs/deployment.md says something else of {begin}"
            );
            assert_eq!(keep.contains("immutable"), *begin == "/assets/");
        }
        assert_eq!(docs.matches("immutable").count(), 1, "of assets alone");
    }
}
