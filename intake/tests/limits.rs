//! Whatever the forms accept is published, and what cannot be published is refused in words at the form.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeSet;

use support::{Answer, Browser, Office, Server, between, declared, findings, news, says};

/// Checks a form, hands it in, and brings it to the portal where it is taken. Gives what stopped it: the check and the
/// button that hands in say the same.
#[track_caller]
fn ends(office: &Office, id: &str, fields: &[(&str, &str)]) -> Vec<String> {
    let teacher = &office.teacher;
    teacher.fills(id, &declared(fields), "save").is(303);
    let stops = |found: Vec<String>| -> Vec<String> {
        let stops = found.into_iter().filter(|line| line.starts_with("stop"));
        stops.collect()
    };
    let checked = stops(teacher.checks(id));
    let answer = teacher.hands_in(id, &[]);
    if answer.status == 422 {
        let refused = stops(findings(&answer.body));
        assert_eq!(refused, checked, "{}", answer.body);
        assert!(!refused.is_empty(), "{}", answer.body);
        return refused;
    }
    assert!(answer.is(303).location().ends_with("submitted"));
    assert!(checked.is_empty(), "{checked:#?}");
    office.publishes(id);
    Vec::new()
}

/// Fields of a piece of news, some of them in the place of the usual.
fn news_with<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = news("界限");
    all.retain(|(name, _)| fields.iter().all(|(other, _)| other != name));
    all.extend(fields);
    all
}

/// Addresses on a page that begin so, each once.
fn links(page: &str, start: &str) -> BTreeSet<String> {
    let links = page.split("href=\"").skip(1);
    let links = links.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    links.filter(|link| link.starts_with(start)).collect()
}

/// A name as it stands in an address.
fn encoded(name: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~/+,()@".contains(byte);
    let sign = |byte: u8| match is_plain(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    name.bytes().map(sign).collect()
}

/// Names that files come with, and what the portal calls them.
fn names() -> Vec<(String, String)> {
    let plain = |name: &str| (name.to_owned(), name.to_owned());
    let made = |name: &str, made: &str| (name.to_owned(), made.to_owned());
    vec![
        // 256 bytes, 255 and 250: what a name loses leaves room for `.gz` and the smaller copies of pictures.
        made(
            &format!("{}.pdf", "长".repeat(84)),
            &format!("{}.pdf", "长".repeat(78)),
        ),
        made(
            &format!("{}.txt", "a".repeat(251)),
            &format!("{}.txt", "a".repeat(235)),
        ),
        made(
            &format!("{}.txt", "b".repeat(246)),
            &format!("{}.txt", "b".repeat(235)),
        ),
        // One name in two ways to store it, thrice; and one that differs in its case.
        made("re\u{301}sume\u{301}.txt", "résumé.txt"),
        plain("résumé.txt"),
        made("\u{1112}\u{1161}\u{11ab}.txt", "한.txt"),
        plain("한.txt"),
        made("か\u{3099}くせい.txt", "がくせい.txt"),
        plain("がくせい.txt"),
        plain("A.txt"),
        plain("a.txt"),
        made("dots.txt...", "dots.txt"),
        made("blank.txt \u{3000}", "blank.txt"),
        plain("con.txt"),
        plain("NUL.txt"),
        made("100%25.txt", "10025.txt"),
        made("a#b?c.txt", "abc.txt"),
        made("it's \"so\".txt", "it~27~s-so.txt"),
        made("a&b;c=d+e,(f)[g].txt", "a~26~b;c=d+e,(f)[g].txt"),
        made(
            &format!("{}.txt", "'".repeat(200)),
            &format!("{}.txt", "~27~".repeat(58)),
        ),
        plain("👩‍🏫课件😀.txt".replace('\u{200d}', "").as_str()),
        made("课件\u{202e}fdp.exe.txt", "课件fdp.exe.txt"),
        made("..\\..\\up.txt", "up.txt"),
        made("-dash~.txt", "-dash~7e~.txt"),
    ]
}

#[test]
fn files_of_every_name_are_published_under_one_that_can_be_had() {
    let server = Server::start();
    let office = server.office();
    let id = office.teacher.begins("news");
    let names = names();
    for (number, (name, _)) in names.iter().enumerate() {
        let bytes = if name.ends_with(".pdf") {
            format!("%PDF-1.7 {number}")
        } else {
            format!("text {number}")
        };
        office.teacher.uploads(&id, name, bytes.as_bytes());
    }
    // The text names one by its composed name, whichever way the file's own was stored.
    let fields = news_with(&[("body", "正文：[简历](résumé.txt)、[说明](<it's so.txt>)。")]);
    assert_eq!(ends(&office, &id, &fields), Vec::<String>::new());
    let page = server.browser().get(&format!("/news/{id}/")).is(200).body;
    let files = links(&page, "/files/");
    assert_eq!(files.len(), names.len(), "{files:#?}");
    let mut contents = BTreeSet::new();
    for link in &files {
        contents.insert(server.browser().get(link).is(200).body);
    }
    assert_eq!(contents.len(), names.len(), "{contents:#?}");
    for (_, name) in &names {
        let file = encoded(name);
        assert!(
            files.iter().any(|link| link.ends_with(&format!("/{file}"))),
            "{name}: {files:#?}"
        );
    }
}

#[test]
fn fields_end_in_words_or_on_the_portal() {
    let server = Server::start();
    let office = server.office();
    let tags = |count: usize| {
        let tags: Vec<String> = (0..count).map(|number| format!("标签{number}")).collect();
        tags.join("、")
    };
    let (title, tag) = ("题".repeat(300), "签".repeat(300));
    let (most, few) = (tags(10_000), tags(20));
    let (longest, widest) = ("题".repeat(200), "😀".repeat(40));
    let refused: [(&str, &str, &[&str]); 8] = [
        ("title", &title, &["标题", "200"]),
        ("title", "\u{3000} ", &["标题"]),
        ("tags", &most, &["标签", "20"]),
        ("tags", &tag, &["标签", "40"]),
        ("date", "昨天", &["发布日期"]),
        ("summary", &"摘".repeat(601), &["摘要", "600"]),
        ("category", "没有这一类", &["类别"]),
        ("group", "no-such-group", &["教研组"]),
    ];
    for (field, value, words) in refused {
        let id = office.teacher.begins("news");
        let stops = ends(&office, &id, &news_with(&[(field, value)]));
        says(&stops, "stop", words);
        let form = office.teacher.get(&format!("/intake/items/{id}/edit?check=true"));
        assert!(
            form.is(200).body.contains(&format!("id=\"f-{field}-error-1\"")),
            "{field}"
        );
    }
    let accepted = [
        ("title", longest.as_str()),
        ("title", "<script>alert(1)</script> & \"引号\" '单' \\ {{ 7 }} %}"),
        ("title", "- 破折: [号] #井 ---"),
        ("title", "\u{202e}倒写 👩‍🏫"),
        ("tags", &few),
        ("tags", &widest),
        (
            "tags",
            "..、C/C++、100%、a?b#c、~、.git、con、标签 一、标签-一、等.、index.html、page",
        ),
        ("summary", &"摘".repeat(600)),
    ];
    for (field, value) in accepted {
        let id = office.teacher.begins("news");
        let stops = ends(&office, &id, &news_with(&[(field, value)]));
        assert_eq!(stops, Vec::<String>::new(), "{field}: {value}");
        let page = server.browser().get(&format!("/news/{id}/")).is(200).body;
        for link in links(&page, "/tags/") {
            server.browser().get(&link).is(200);
        }
    }
}

/// Saves a form as a browser sends it: its body as it was typed.
fn types(browser: &Browser, id: &str, body: &str) -> Answer {
    let revision = browser.revision(id);
    let fixed = [("revision", revision.as_str()), ("do", "save")];
    let shown = ["title", "category", "summary"].map(|name| format!("has.{name}"));
    let shown = shown.iter().map(|name| (name.as_str(), "1"));
    let typed = news_with(&[("body", body)]);
    let pairs: Vec<(&str, &str)> = fixed.into_iter().chain(shown).chain(typed).collect();
    browser.multipart(&format!("/intake/items/{id}/edit"), &pairs, ("", b""))
}

#[test]
fn a_body_is_published_up_to_the_limit_of_the_form() {
    let server = Server::start();
    let office = server.office();
    let id = office.teacher.begins("news");
    let paragraph = "一段话。".repeat(80) + "\n\n";
    let body = paragraph.repeat(1_900_000 / paragraph.len());
    let refused = types(&office.teacher, &id, &(body.clone() + &body)).is(413);
    assert!(refused.body.contains("超出了限制"), "{}", refused.body);
    types(&office.teacher, &id, &body).is(303);
    assert_eq!(ends(&office, &id, &[]), Vec::<String>::new());
    let page = server.browser().get(&format!("/news/{id}/")).is(200).body;
    assert_eq!(page.matches("<p>一段话。").count(), body.matches("\n\n").count());
}

#[test]
fn more_files_than_may_be_are_named_and_the_others_published() {
    let server = Server::start();
    let office = server.office();
    let id = office.teacher.begins("news");
    let names: Vec<String> = (0..300).map(|number| format!("{number:03}.txt")).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), name.as_bytes()))
        .collect();
    let pairs = [("revision", &*office.teacher.revision(&id)), ("do", "files")];
    let path = format!("/intake/items/{id}/edit");
    let refused = office.teacher.multipart_of(&path, &pairs, &files).is(422).body;
    let notice = between(&refused, "role=\"status\">", "</p>");
    assert!(
        notice.contains("299.txt：") && !notice.contains("049.txt："),
        "{notice}"
    );
    assert_eq!(ends(&office, &id, &news("五十个附件")), Vec::<String>::new());
    let page = server.browser().get(&format!("/news/{id}/")).is(200).body;
    let files = links(&page, "/files/");
    assert_eq!(files.len(), 50, "{files:#?}");
    for link in files {
        server.browser().get(&link).is(200);
    }
}

#[test]
fn lists_and_chapters_end_in_words_or_on_the_portal() {
    let server = Server::start();
    let office = server.office();
    let teacher = &office.teacher;
    let rows = |count: usize| -> Vec<(String, String)> {
        let row = |number: usize| (format!("materials.{number}.name"), format!("素材 {number}"));
        (0..count).map(row).collect()
    };
    let resource = |more: &[(String, String)]| -> Vec<String> {
        let id = teacher.begins("resource");
        let mut fields = vec![
            ("title", "界限"),
            ("category", "micro-lesson"),
            ("summary", "一句话。"),
            ("body", "正文。"),
        ];
        fields.extend(more.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        ends(&office, &id, &fields)
    };
    says(&resource(&rows(2_000)), "stop", &["素材清单", "2000", "200"]);
    assert_eq!(resource(&rows(200)), Vec::<String>::new());
    let point = |library: &str, point: &str| {
        let pair = |name: &str, value: &str| (format!("curriculum.0.{name}"), value.to_owned());
        resource(&[pair("library", library), pair("point", point)])
    };
    let form = teacher.get(&format!("/intake/items/{}/edit", teacher.begins("resource")));
    let form = form.is(200).body;
    let libraries = between(&form, "id=\"f-curriculum-0-library-list\"", "</datalist>");
    let library = between(libraries, "value=\"", "\"").to_owned();
    says(&point(&library, "99.99"), "stop", &["课程树位置", "99.99"]);
    says(&point("没有这个库", "1"), "stop", &["课程树位置", "没有这个库"]);

    // A chapter that the submission does not have is not made by asking for it.
    let id = teacher.begins("news");
    for path in ["chapters/01-chapter.md", "chapters/..%2Fb.md"] {
        teacher.get(&format!("/intake/items/{id}/{path}")).is(409);
    }
}

#[test]
fn old_addresses_lead_to_one_entry_or_are_refused_by_the_other_ones_name() {
    let server = Server::start();
    let office = server.office();
    let [first, second] = ["先到的一课", "后到的一课"].map(|title| office.publishes_news(title));
    let paths = [&first, &second].map(|id| server.path_of(id));
    let names = ["first", "second"];
    for (path, name) in paths.iter().zip(names) {
        let text = server.published(path);
        let text = text.replacen("---\n", &format!("---\naliases: [/old/{name}/]\n"), 1);
        server.pushes(&[(path, &text)]);
    }
    // Whatever is merged next brings that to the portal, too.
    office.publishes_news("又一课");
    let visitor = server.browser();
    for (id, name) in [&first, &second].into_iter().zip(names) {
        let page = visitor.get(&format!("/old/{name}/")).is(200).body;
        assert!(page.contains(&format!("/news/{id}/")), "{page}");
    }

    let address = format!("/news/{second}/");
    // What is asked for, and what the refusal names.
    let refused: [(&str, &[&str]); 11] = [
        ("/feed.xml/x", &["旧地址", "已被 /feed.xml 占用"]),
        ("/news/index.html/x", &["旧地址", "已被 /news/ 占用"]),
        (&address, &["旧地址", &paths[1]]),
        ("/old/second/", &["second"]),
        ("/old/second", &["second"]),
        ("/old/%73econd/", &["second"]),
        ("/old/100%/", &["旧地址", "100%"]),
        ("/a/%2e%2e/b", &["旧地址"]),
        ("//example.org/x", &["旧地址"]),
        ("/old/a?b", &["旧地址"]),
        ("/search/x", &["旧地址"]),
    ];
    // The one that is published first in order, and the one that is last, ask for what the other has.
    for (path, other, own) in [(&paths[0], 1, 0), (&paths[1], 0, 1)] {
        let edit = office.teacher.begins_on(path, "edit");
        let taken = format!("/old/{}/", names[other]);
        let stops = ends(&office, &edit, &[("aliases", &taken)]);
        let title = ["先到的一课", "后到的一课"][other];
        assert!(
            stops
                .iter()
                .any(|line| line.contains(&paths[other]) || line.contains(title)),
            "{} asks for {taken}: {stops:#?}",
            names[own]
        );
    }
    let edit = office.teacher.begins_on(&paths[0], "edit");
    for (alias, words) in refused {
        says(&ends(&office, &edit, &[("aliases", alias)]), "stop", words);
    }
    let kept = "/old/first/\n/old/%E6%97%A7/\n/old/旧地址\n/old/100%25/a.html\n/old/con/";
    assert_eq!(ends(&office, &edit, &[("aliases", kept)]), Vec::<String>::new());
    let addresses = [
        "/old/first/",
        "/old/%E6%97%A7/",
        "/old/%E6%97%A7%E5%9C%B0%E5%9D%80/",
        "/old/100%25/a.html",
        "/old/con/",
    ];
    for address in addresses {
        let page = visitor.get(address).is(200).body;
        assert!(page.contains(&format!("/news/{first}/")), "{address}: {page}");
    }
}
