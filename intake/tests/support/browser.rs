//! A browser without script: what it keeps, sends and reads.

use std::collections::BTreeMap;

use ureq::Agent;
use ureq::http::{Request, Response};

use super::{base64, between, eventually, news};

/// A browser, signed in or not.
pub struct Browser {
    pub(super) agent: Agent,
    pub url: String,
    pub cookie: String,
    pub csrf: String,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    /// What the browser is to keep, as `NAME=VALUE`.
    pub cookies: Vec<String>,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    /// Fails unless the status is as expected.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    pub fn location(&self) -> &str {
        self.headers.get("location").map_or("", String::as_str)
    }
}

impl Browser {
    fn run(&self, request: Request<Vec<u8>>) -> Answer {
        let (mut parts, body) = request.into_parts();
        if !self.cookie.is_empty() {
            parts.headers.insert("cookie", self.cookie.parse().unwrap());
        }
        let response: Response<ureq::Body> = self.agent.run(Request::from_parts(parts, body)).unwrap();
        let kept = response.headers().get_all("set-cookie").iter();
        let kept = kept.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookies = kept.map(str::to_owned).collect();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        let (status, headers) = (response.status().as_u16(), headers.collect());
        let mut body = response.into_body();
        let bytes = body.with_config().limit(1 << 30).read_to_vec().unwrap();
        Answer {
            status,
            cookies,
            headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.run(request.body(body.to_vec()).unwrap())
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// What lies at an address, as it is.
    pub fn bytes(&self, path: &str) -> Vec<u8> {
        let request = Request::get(format!("{}{path}", self.url)).header("cookie", &self.cookie);
        let mut answer = self.agent.run(request.body(Vec::new()).unwrap()).unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer
            .body_mut()
            .with_config()
            .limit(1 << 30)
            .read_to_vec()
            .unwrap()
    }

    /// The same browser at another server.
    pub fn at(&self, url: &str) -> Self {
        Self {
            agent: self.agent.clone(),
            url: url.to_owned(),
            cookie: self.cookie.clone(),
            csrf: self.csrf.clone(),
        }
    }

    /// Sends a form as it is.
    pub fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        self.send(
            "POST",
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            body.as_bytes(),
        )
    }

    /// Sends a form with the secret of the session, and with the version that the page of the submission shows now
    /// unless the form names one.
    pub fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let versions = self.versions(path, pairs);
        let mut sent = vec![("csrf", self.csrf.as_str())];
        // Whoever accepts is asked once whether they know what will be public.
        let accepts = pairs.contains(&("do", "accept"));
        if accepts && pairs.iter().all(|(name, _)| *name != "sure") {
            sent.push(("sure", "yes"));
        }
        sent.extend(
            versions
                .iter()
                .map(|(name, version)| (name.as_str(), version.as_str())),
        );
        sent.extend(pairs);
        self.post(path, &sent)
    }

    fn versions(&self, path: &str, pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        if path == "/intake/queue/many" {
            let items = pairs.iter().filter(|(name, _)| *name == "item");
            let named = |id: &str| pairs.iter().any(|(name, _)| *name == format!("version.{id}"));
            return items
                .filter(|(_, id)| !named(id))
                .map(|(_, id)| (format!("version.{id}"), self.version(id)))
                .collect();
        }
        let item = path
            .strip_prefix("/intake/items/")
            .and_then(|rest| rest.split_once('/'));
        let acts = ["step", "reviewer", "experts", "opinion", "assessment", "links"];
        match item {
            Some((id, act)) if acts.contains(&act) && pairs.iter().all(|(name, _)| *name != "version") => {
                vec![("version".to_owned(), self.version(id))]
            }
            _ => Vec::new(),
        }
    }

    /// The version that a submission's page shows; empty for those who cannot see it.
    pub fn version(&self, id: &str) -> String {
        let page = self.get(&format!("/intake/items/{id}")).body;
        match page.split_once("data-version=\"") {
            Some((_, rest)) => rest[..rest.find('"').unwrap()].to_owned(),
            None => String::new(),
        }
    }

    /// Sends a form with a file, as a browser without script does.
    pub fn multipart(&self, path: &str, pairs: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        self.multipart_of(path, pairs, &[file])
    }

    /// Sends a form with files.
    pub fn multipart_of(&self, path: &str, pairs: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let files: Vec<_> = files
            .iter()
            .map(|(name, bytes)| ("file", *name, *bytes))
            .collect();
        self.multipart_in(path, pairs, &files)
    }

    /// Sends a form with files, each in a field.
    pub fn multipart_in(&self, path: &str, pairs: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("csrf", self.csrf.as_str())].iter().chain(pairs) {
            let part = format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--XX\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--XX--\r\n");
        let kind = [("content-type", "multipart/form-data; boundary=XX")];
        self.send("POST", path, &kind, &body)
    }

    /// Begins a submission and gives its id.
    pub fn begins(&self, kind: &str) -> String {
        let answer = self.form("/intake/new", &[("kind", kind)]).is(303);
        between(answer.location(), "/intake/items/", "/edit").to_owned()
    }

    /// The number of the last save.
    pub fn revision(&self, id: &str) -> String {
        let form = self.get(&format!("/intake/items/{id}/edit")).is(200);
        between(&form.body, "name=\"revision\" value=\"", "\"").to_owned()
    }

    /// Fills fields of the form and presses a button.
    pub fn fills(&self, id: &str, fields: &[(&str, &str)], button: &str) -> Answer {
        let revision = self.revision(id);
        let shown: Vec<String> = fields
            .iter()
            .map(|(name, _)| format!("has.{}", name.split('.').next().unwrap_or(name)))
            .collect();
        let mut pairs = vec![("revision", revision.as_str()), ("do", button)];
        pairs.extend(shown.iter().map(|name| (name.as_str(), "1")));
        pairs.extend(fields);
        self.form(&format!("/intake/items/{id}/edit"), &pairs)
    }

    /// Begins a piece of news that can be submitted, and submits it.
    pub fn submits_news(&self, title: &str) -> String {
        let id = self.begins("news");
        let answer = self.fills(&id, &news(title), "submit").is(303);
        assert!(
            answer.location().ends_with("notice=submitted"),
            "{}",
            answer.location()
        );
        id
    }

    /// Takes a step of a submission.
    pub fn decides(&self, id: &str, step: &str, more: &[(&str, &str)]) -> Answer {
        let mut pairs = vec![("do", step)];
        pairs.extend(more);
        self.form(&format!("/intake/items/{id}/step"), &pairs)
    }

    pub fn endorses(&self, id: &str) {
        self.decides(
            id,
            "endorse",
            &[("signed_off_by", "示例分管院长"), ("confirmed", "yes")],
        )
        .is(303);
    }

    /// The word for the state on a submission's page.
    pub fn state(&self, id: &str) -> String {
        let item = self.get(&format!("/intake/items/{id}")).is(200);
        between(&item.body, "in-state in-state-", "\"").to_owned()
    }

    pub fn waits_for(&self, id: &str, state: &str) {
        eventually(&format!("{id} is {state}"), || {
            (self.state(id) == state).then_some(())
        });
    }

    /// Sends bytes by tus from an offset on; gives the answer to the last slice.
    pub fn patches(&self, upload: &str, offset: usize, bytes: &[u8]) -> Answer {
        let offset = offset.to_string();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("x-csrf", self.csrf.as_str()),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", offset.as_str()),
        ];
        self.send("PATCH", upload, &headers, bytes)
    }

    /// Announces a file; `filename` in Base64.
    pub fn announces(&self, id: &str, filename: &str, size: usize) -> Answer {
        let (size, id) = (size.to_string(), base64(id.as_bytes()));
        let metadata = format!("filename {},submission {id}", base64(filename.as_bytes()));
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("x-csrf", self.csrf.as_str()),
            ("upload-length", size.as_str()),
            ("upload-metadata", metadata.as_str()),
        ];
        self.send("POST", "/intake/uploads", &headers, b"")
    }

    /// How many bytes of an upload the server has.
    pub fn offset(&self, upload: &str) -> usize {
        self.send("HEAD", upload, &[], b"").is(200).headers["upload-offset"]
            .parse()
            .unwrap()
    }
}
