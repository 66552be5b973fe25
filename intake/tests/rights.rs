//! Who comes to what: every address of the server's own table, for everybody, on submissions in every state and on what
//! is somebody else's. An address that no rule here knows fails the test.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;

use jixia_intake::web::{Change, changes, views};
use support::{Answer, Browser, Server, between, joins, news, option, rows, text_area, texts};

/// Everybody, by what they are to the submissions: `author` is a teacher of the school whose admin is `school`, below
/// `city`, and `peer` a colleague there; those with `-b` are of other units; `expert` is asked about what is in review.
const EVERYBODY: [&str; 14] = [
    "author",
    "peer",
    "teacher-b",
    "school",
    "school-b",
    "group",
    "county",
    "city",
    "city-b",
    "province",
    "expert",
    "expert-b",
    "patroller",
    "nobody",
];

const STATES: [&str; 8] = [
    "draft",
    "submitted",
    "endorsed",
    "in-review",
    "returned",
    "withdrawn",
    "rejected",
    "published",
];

type Names = &'static [&'static str];

/// Who comes to an address. The rules of the office are `domain/policy.rs` and `domain/rights.rs`; here they are told once
/// more, so that a slip there is seen.
enum Rule {
    /// Nobody is kept from it: it shows and changes only what is one's own, or what everybody may see.
    OwnOnly,
    /// For these, whatever it is asked about.
    For(Names),
    /// By the state of the submission.
    ByState(fn(&str) -> Names),
    /// What there is none of here: nobody finds anything.
    Nothing,
}

const WRITERS: Names = &[
    "author",
    "peer",
    "teacher-b",
    "school",
    "school-b",
    "group",
    "county",
    "city",
    "city-b",
    "province",
];

const ADMINS: Names = &[
    "school", "school-b", "group", "county", "city", "city-b", "province",
];

fn readers(state: &str) -> Names {
    match state {
        "draft" => &["author"],
        "in-review" => &["author", "school", "city", "province", "expert"],
        _ => &["author", "school", "city", "province"],
    }
}

/// Who decided on it in this world, or asked somebody about it.
fn dealers(state: &str) -> Names {
    match state {
        "endorsed" | "returned" => &["school"],
        "in-review" | "rejected" | "published" => &["school", "city"],
        _ => &[],
    }
}

fn deciders(state: &str) -> Names {
    match state {
        "endorsed" | "in-review" => &["city", "province"],
        _ => &[],
    }
}

fn writers(state: &str) -> Names {
    match state {
        "draft" | "returned" => &["author"],
        _ => &[],
    }
}

fn sharers(state: &str) -> Names {
    match state {
        "draft" => &["author"],
        "endorsed" | "in-review" => &["author", "city", "province"],
        // The province may do what whoever has it may.
        "submitted" | "returned" => &["author", "province"],
        _ => &[],
    }
}

fn advisers(state: &str) -> Names {
    match state {
        "in-review" => &["expert"],
        _ => &[],
    }
}

/// What an address shows, and to whom.
fn shown(path: &str) -> Option<Rule> {
    Some(match path {
        "/healthz"
        | "/readyz"
        | "/metrics"
        | "/intake"
        | "/intake/"
        | "/intake/account"
        | "/intake/account/totp"
        | "/intake/bell"
        | "/intake/ledger"
        | "/intake/ledger.csv"
        | "/intake/ledger.xlsx"
        | "/intake/sign-in"
        | "/intake/register" => Rule::OwnOnly,
        "/intake/new" | "/intake/entries" => Rule::For(WRITERS),
        "/intake/queue" | "/intake/new/table" | "/intake/new/table.csv" => Rule::For(ADMINS),
        "/intake/items/{id}" | "/intake/items/{id}/preview" | "/intake/files/{id}" => Rule::ByState(readers),
        "/intake/items/{id}/state" => Rule::ByState(readers),
        "/intake/items/{id}/result" => Rule::ByState(dealers),
        "/intake/items/{id}/edit" | "/intake/items/{id}/conflict" => Rule::ByState(writers),
        "/intake/items/{id}/reviewer" => Rule::ByState(deciders),
        "/intake/items/{id}/opinion" => Rule::ByState(advisers),
        "/intake/people" | "/intake/people/roster.csv" | "/intake/deputies" | "/intake/webhook" => {
            Rule::For(ADMINS)
        }
        "/intake/takedowns" | "/intake/recommendations" => Rule::For(ADMINS),
        "/intake/audit" | "/intake/audit.csv" => Rule::For(ADMINS),
        "/intake/site" | "/intake/site/edit" | "/intake/site/changes/{id}" => Rule::For(&["province"]),
        "/intake/problems" => Rule::For(&[
            "school",
            "school-b",
            "group",
            "county",
            "city",
            "city-b",
            "province",
            "patroller",
        ]),
        "/intake/assets/{name}"
        | "/intake/open/{token}"
        | "/intake/shared/{token}"
        | "/intake/shared/{token}/files/{sha256}/{name}"
        | "/intake/files/{id}/poster"
        | "/intake/items/{id}/chapters/{file}" => Rule::Nothing,
        _ => return None,
    })
}

/// What an address changes, and for whom. The steps of a submission have a test of their own.
fn changed(path: &str) -> Option<Rule> {
    Some(match path {
        // Without a session, or of nothing but one's own.
        "/intake/sign-in"
        | "/intake/sign-in/code"
        | "/intake/open/{token}"
        | "/intake/register"
        | "/intake/sign-out"
        | "/intake/account"
        | "/intake/account/end"
        | "/intake/account/notices"
        | "/intake/account/totp"
        | "/intake/account/totp/codes"
        | "/intake/account/totp/end"
        | "/intake/bell"
        | "/intake/ledger"
        | "/intake/new"
        | "/intake/queue/many"
        | "/intake/items/{id}/step" => Rule::OwnOnly,
        "/intake/entries"
        | "/intake/uploads"
        | "/intake/items/{id}/chapters/{file}"
        | "/intake/items/{id}/assessment"
        | "/intake/items/{id}/own"
        | "/intake/items/{id}/decision" => Rule::Nothing,
        "/intake/items/{id}/edit" | "/intake/items/{id}/conflict" => Rule::ByState(writers),
        "/intake/items/{id}/reviewer" | "/intake/items/{id}/experts" => Rule::ByState(deciders),
        "/intake/items/{id}/opinion" => Rule::ByState(advisers),
        "/intake/items/{id}/links" => Rule::ByState(sharers),
        "/intake/new/word" => Rule::For(WRITERS),
        "/intake/new/table" => Rule::For(ADMINS),
        "/intake/uploads/{id}" => Rule::For(&["author"]),
        "/intake/people"
        | "/intake/people/import"
        | "/intake/people/roster"
        | "/intake/people/roster/confirm"
        | "/intake/webhook"
        | "/intake/deputies" => Rule::For(ADMINS),
        "/intake/bell/{id}" => Rule::Nothing,
        "/intake/people/{id}" | "/intake/problems/{id}" => Rule::For(&["school", "city", "province"]),
        "/intake/takedowns" => Rule::For(&["school", "city", "province"]),
        "/intake/takedowns/{id}" => Rule::For(&["city", "province"]),
        "/intake/recommendations" => Rule::For(&["city"]),
        "/intake/recommendations/{id}" => Rule::For(&["province"]),
        "/intake/deputies/{id}/end" => Rule::For(&["school"]),
        "/intake/audit" | "/intake/site/edit" | "/intake/site/changes/{id}" => Rule::For(&["province"]),
        "/intake/problems" => Rule::For(&["patroller"]),
        _ => return None,
    })
}

/// The steps of a submission, and who takes them in a state.
const STEPS: [(&str, Rule); 6] = [
    (
        "endorse",
        Rule::ByState(|state| if state == "submitted" { &["school"] } else { &[] }),
    ),
    (
        "take",
        Rule::ByState(|state| {
            if state == "endorsed" {
                &["city", "province"]
            } else {
                &[]
            }
        }),
    ),
    (
        "return",
        Rule::ByState(|state| {
            if state == "submitted" {
                &["school"]
            } else {
                deciders(state)
            }
        }),
    ),
    ("reject", Rule::ByState(deciders)),
    ("accept", Rule::ByState(deciders)),
    (
        "withdraw",
        Rule::ByState(|state| match state {
            "withdrawn" | "rejected" | "published" => &[],
            _ => &["author"],
        }),
    ),
];

impl Rule {
    fn allows(&self, who: &str, state: &str) -> bool {
        match self {
            Self::OwnOnly => true,
            Self::For(names) => names.contains(&who),
            Self::ByState(names) => names(state).contains(&who),
            Self::Nothing => false,
        }
    }

    /// The states on which it depends.
    fn states(&self) -> &'static [&'static str] {
        match self {
            Self::ByState(_) => &STATES,
            _ => &["submitted"],
        }
    }
}

/// Submissions in every state, with what hangs on them.
struct World {
    server: Server,
    people: BTreeMap<&'static str, Browser>,
    /// By state: the submission and its file.
    items: BTreeMap<&'static str, [String; 2]>,
    /// Of the author's school, by the beginning of the address that names them.
    others: BTreeMap<&'static str, String>,
}

impl World {
    fn new() -> (Self, tempfile::TempDir) {
        let directory = tempfile::tempdir().unwrap();
        let limits = [("JIXIA_INTAKE_LIMITS_CHANGES_PER_MINUTE", "1000000")];
        let server = Server::start_in(&directory.path().join("data"), &limits);
        let people = people(&server);
        let mut world = Self {
            server,
            people,
            items: BTreeMap::new(),
            others: BTreeMap::new(),
        };
        for state in STATES {
            let item = world.item(state);
            world.items.insert(state, item);
        }
        world.others = world.others();
        (world, directory)
    }

    /// A submission of the author's, brought to a state.
    fn item(&self, state: &'static str) -> [String; 2] {
        let [author, school, city] = ["author", "school", "city"].map(|name| &self.people[name]);
        let id = author.begins("news");
        let file = author.uploads(&id, "a.txt", b"of the author");
        let reason = [("message", "理由"), ("field", "body")];
        if state != "draft" {
            author.fills(&id, &news(state), "submit").is(303);
        }
        if ["endorsed", "in-review", "rejected", "published"].contains(&state) {
            school.endorses(&id);
        }
        match state {
            "in-review" => {
                city.decides(&id, "take", &[]).is(303);
                let page = city.get(&format!("/intake/items/{id}/reviewer")).is(200).body;
                let expert = option(&page, "示例评审专家").to_owned();
                let asked = [("expert", expert.as_str())];
                city.form(&format!("/intake/items/{id}/experts"), &asked).is(303);
            }
            "returned" => drop(school.decides(&id, "return", &reason).is(303)),
            "withdrawn" => drop(author.decides(&id, "withdraw", &[]).is(303)),
            "rejected" => drop(city.decides(&id, "reject", &reason).is(303)),
            "published" => {
                city.decides(&id, "accept", &[]).is(303);
                author.waits_for(&id, "published");
            }
            _ => {}
        }
        assert_eq!(author.state(&id), state);
        [id, file]
    }

    /// What else has an address with an id.
    fn others(&self) -> BTreeMap<&'static str, String> {
        let [author, school, patroller] = ["author", "school", "patroller"].map(|name| &self.people[name]);
        let upload = author.announces(&self.items["draft"][0], "b.txt", 9).is(201);
        let problems = patroller.get("/intake/problems").is(200).body;
        let due = between(&problems, "name=\"due\" type=\"date\" value=\"", "\"");
        let page = school.get("/intake/deputies").is(200).body;
        let deputy = option(&page, "示例peer");
        // Not yet, so that nobody has more rights by it now.
        let days = [("deputy", deputy), ("begins", due), ("ends", due)];
        school.form("/intake/deputies", &days).is(303);
        let entries = between(&problems, "name=\"path\"", "</select>");
        let entry = entries
            .split("value=\"")
            .find_map(|rest| rest.split('"').next().filter(|path| path.ends_with(".md")));
        let entry = entry.unwrap().replace("&#x2F;", "/");
        let problem = [("path", entry.as_str()), ("due", due), ("text", "电话号码过时了")];
        patroller.form("/intake/problems", &problem).is(303);
        // Of the school's, by the city: the school sees it and cannot lift it.
        let path = self.server.path_of(&self.items["published"][0]);
        let praise = [("path", path.as_str()), ("reason", "示例理由")];
        self.people["city"]
            .form("/intake/recommendations", &praise)
            .is(303);
        let order = [
            ("path", path.as_str()),
            ("reason", "quality"),
            ("ground", "示例规定"),
        ];
        self.people["city"].form("/intake/takedowns", &order).is(303);
        let province = &self.people["province"];
        let page = province.get("/intake/site/edit").is(200).body;
        let (base, text) = text_area(&page);
        let change = [
            ("path", "site.toml"),
            ("base", &*base),
            ("text", &*format!("{text}\n# 示例\n")),
            ("reason", "示例"),
            ("do", "send"),
        ];
        province.form("/intake/site/edit", &change).is(303);
        let one = |query| texts(self.server.data(), query).pop().unwrap();
        BTreeMap::from([
            (
                "/intake/uploads/",
                upload
                    .location()
                    .trim_start_matches("/intake/uploads/")
                    .to_owned(),
            ),
            (
                "/intake/people/",
                one("SELECT id FROM account WHERE login = 'teacher'"),
            ),
            ("/intake/deputies/", one("SELECT id FROM deputy")),
            ("/intake/problems/", one("SELECT id FROM problem")),
            ("/intake/takedowns/", one("SELECT id FROM takedown")),
            ("/intake/recommendations/", one("SELECT id FROM recommendation")),
            ("/intake/site/changes/", one("SELECT id FROM site_change")),
        ])
    }

    /// The address with what it is asked about.
    fn address(&self, path: &str, state: &str) -> String {
        let [item, file] = &self.items[state];
        let other = self.others.iter().find(|(start, _)| path.starts_with(**start));
        let id = match other {
            Some((_, id)) => id,
            None if path.starts_with("/intake/files/") => file,
            None => item,
        };
        let path = path.replace("{id}", id).replace("{file}", "01.md");
        path.replace("table.csv", "table.csv?kind=news")
            .replace("{token}", "abc")
            .replace("{sha256}", "abc")
            .replace("{name}", "none.txt")
    }

    /// What the database holds, but for the log, which tells of refusals too, and what counts guesses.
    fn standing(&self) -> (Vec<(String, i64)>, Vec<String>) {
        let mut counts = rows(self.server.data());
        counts.retain(|(table, _)| {
            !["audit", "attempt", "inspection", "job", "scan"].contains(&table.as_str())
        });
        let states = "SELECT id || ' ' || state || ' ' || CAST(revision AS TEXT) || ' ' || CAST(version AS TEXT) \
            || ' ' || COALESCE(reviewer, '') FROM submission ORDER BY id";
        (counts, texts(self.server.data(), states))
    }
}

fn people(server: &Server) -> BTreeMap<&'static str, Browser> {
    let mut people: BTreeMap<&'static str, Browser> = [
        "teacher-b",
        "school",
        "group",
        "county",
        "city",
        "province",
        "expert",
        "patroller",
    ]
    .into_iter()
    .map(|login| (login, server.sign_in(login)))
    .collect();
    people.insert("author", server.sign_in("teacher"));
    people.insert("nobody", server.browser());
    for (name, unit, role) in [
        ("peer", "shili-haiwan", "teacher"),
        ("school-b", "shili-gangcheng", "school-admin"),
        ("city-b", "qingdao-jiaoyanshi", "city-admin"),
        ("expert-b", "qingdao-jiaoyanshi", "expert"),
    ] {
        people.insert(name, joins(server, &people["province"], name, unit, role));
    }
    assert!(EVERYBODY.iter().all(|name| people.contains_key(name)));
    people
}

/// Whether somebody was kept out, or, where they see a submission in this state, was told that it is not the time.
fn is_kept_out(answer: &Answer, rule: &Rule, who: &str, state: &str) -> bool {
    let is_told = matches!(rule, Rule::Nothing) || readers(state).contains(&who);
    match answer.status {
        403 | 404 => true,
        // Whoever is not signed in is asked to, and what they typed waits.
        303 if who == "nobody" => answer.location().starts_with("/intake/sign-in"),
        401 => who == "nobody",
        303 => is_told && answer.location().starts_with("/intake/items/"),
        409 | 422 => is_told,
        _ => false,
    }
}

#[test]
fn everybody_sees_what_is_theirs_to_see_and_nothing_else() {
    let (world, _directory) = World::new();
    let (mut asked, mut wrong) = (0, Vec::new());
    for path in views() {
        let rule = shown(path).unwrap_or_else(|| panic!("{path}: say who sees it"));
        for state in rule.states() {
            let address = world.address(path, state);
            for (who, browser) in &world.people {
                let answer = browser.get(&address);
                let is_right = match &rule {
                    Rule::OwnOnly => answer.status < 400,
                    rule if rule.allows(who, state) => answer.status == 200,
                    _ => is_kept_out(&answer, &rule, who, state),
                };
                asked += 1;
                if !is_right {
                    wrong.push(format!("{who}, {path} of {state}: {}", answer.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}: {wrong:#?}", wrong.len());
}

/// Asks for a change with everything that it takes but the right.
fn asks(browser: &Browser, change: &Change, (address, path): (&str, &str), version: &str) -> Answer {
    let roster =
        r#"[{"row":2,"login":"new.one","name":"示例新人","unit":"","position":"","phone":"","email":""}]"#;
    let fields = [
        ("csrf", browser.csrf.as_str()),
        ("version", version),
        ("revision", "1"),
        (
            "do",
            match change.path {
                "/intake/people/{id}" => "reset",
                "/intake/takedowns/{id}" => "lift",
                "/intake/recommendations/{id}" => "decline",
                _ => "save",
            },
        ),
        ("kind", "news"),
        ("title", "不是他的"),
        ("unit", "shili-haiwan"),
        ("role", "teacher"),
        ("people", roster),
        ("path", path),
        ("reason", "quality"),
        ("answer", "示例答复"),
        ("ground", "示例规定"),
    ];
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let media_type = match change.method.as_str() {
        "PATCH" => "application/offset+octet-stream",
        _ => "application/x-www-form-urlencoded",
    };
    let headers = [
        ("content-type", media_type),
        ("x-csrf", browser.csrf.as_str()),
        ("tus-resumable", "1.0.0"),
        ("upload-offset", "0"),
        ("upload-length", "9"),
    ];
    browser.send(change.method.as_str(), address, &headers, body.as_bytes())
}

#[test]
fn nobody_changes_what_is_not_theirs_to_change() {
    let (world, _directory) = World::new();
    let before = world.standing();
    let path = world.server.path_of(&world.items["published"][0]);
    let (mut asked, mut wrong) = (0, Vec::new());
    for change in changes() {
        let rule = changed(change.path).unwrap_or_else(|| panic!("{change:?}: say who may do it"));
        if matches!(rule, Rule::OwnOnly) {
            continue;
        }
        for state in rule.states() {
            let address = world.address(change.path, state);
            let version = world.people["author"].version(&world.items[state][0]);
            let denied = world.people.iter().filter(|(who, _)| !rule.allows(who, state));
            for (who, browser) in denied {
                let answer = asks(browser, &change, (&address, &path), &version);
                if !is_kept_out(&answer, &rule, who, state) {
                    wrong.push(format!(
                        "{who}, {} {} of {state}: {}",
                        change.method, change.path, answer.status
                    ));
                }
                asked += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}: {wrong:#?}", wrong.len());
    assert_eq!(world.standing(), before);
}

#[test]
fn nobody_takes_a_step_that_is_not_theirs() {
    let (world, _directory) = World::new();
    let before = world.standing();
    for (step, rule) in STEPS {
        for state in STATES {
            let id = &world.items[state][0];
            let version = world.people["author"].version(id);
            for (who, browser) in world.people.iter().filter(|(who, _)| !rule.allows(who, state)) {
                let fields = [
                    ("version", version.as_str()),
                    ("message", "理由"),
                    ("field", "body"),
                    ("signed_off_by", "示例分管院长"),
                    ("confirmed", "yes"),
                ];
                let answer = browser.decides(id, step, &fields);
                assert!(
                    is_kept_out(&answer, &rule, who, state),
                    "{who}, {step} of {state}: {}",
                    answer.status
                );
            }
        }
        assert_eq!(world.standing(), before, "{step}");
    }
}
