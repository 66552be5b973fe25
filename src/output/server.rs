//! Settings for servers: how long browsers may keep what.

/// Header of files whose names change with their contents.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Header of everything else: kept, but asked about each time.
const ASK: &str = "public, max-age=0, must-revalidate";

/// What a page of the default theme may load and run.
const POLICY: &str = "default-src 'self'; img-src 'self' https: data:; media-src 'self' https:; object-src 'none'; \
                      base-uri 'self'; frame-ancestors 'self'; form-action 'self' https:";

/// Files that tell servers about caching and security: `_headers` (static hosts) and an nginx snippet.
pub fn server_snippets(base_path: &str) -> Vec<(&'static str, String)> {
    let headers = format!(
        "{base_path}/*\n  Cache-Control: {ASK}\n  Content-Security-Policy: {POLICY}\n  \
         X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n\
         {base_path}/assets/*\n  Cache-Control: {FOR_EVER}\n\
         {base_path}/files/*\n  Cache-Control: {FOR_EVER}\n"
    );
    let nginx = format!(
        "# Inside the server block of the portal; root is the output directory.\n\
         gzip_static on;\n# brotli_static on;  # with the brotli module\n\
         error_page 404 {base_path}/404.html;\n\
         add_header Content-Security-Policy \"{POLICY}\" always;\n\
         add_header X-Content-Type-Options nosniff always;\n\
         add_header Referrer-Policy strict-origin-when-cross-origin always;\n\
         location ~ /\\.(?!well-known) {{ return 404; }}\n\
         location ~ ^{base_path}/(assets|files)/ {{\n  add_header Cache-Control \"{FOR_EVER}\";\n  \
         add_header X-Content-Type-Options nosniff;\n}}\n\
         location {base_path}/ {{ add_header Cache-Control \"{ASK}\"; try_files $uri $uri/index.html =404; }}\n"
    );
    vec![("_headers", headers), ("nginx.conf.example", nginx)]
}
