//! What people are told where they look in the office, without any mail, and what a unit's robot is told.

#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use support::{Browser, Office, Server, acts, between, eventually, number};

/// The robot of a group, which says first that it takes nothing.
struct Robot {
    url: String,
    told: Arc<Mutex<Vec<(String, String)>>>,
}

impl Robot {
    fn start(refusals: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&told);
        std::thread::spawn(move || {
            let mut left = refusals;
            for mut stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
                reader.read_line(&mut first).unwrap();
                while reader.read_line(&mut line).is_ok_and(|count| count > 2) {
                    if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    }
                    line.clear();
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                let answer = if left > 0 {
                    left -= 1;
                    r#"{"errcode":310000,"errmsg":"sign not match"}"#
                } else {
                    let told = (first, String::from_utf8(body).unwrap());
                    shared.lock().unwrap().push(told);
                    r#"{"errcode":0,"errmsg":"ok"}"#
                };
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    answer.len()
                );
                let _ = stream.write_all(format!("{head}{answer}").as_bytes());
            }
        });
        Self { url, told }
    }
}

fn unread(browser: &Browser) -> usize {
    let page = browser.get("/intake/bell").is(200).body;
    page.matches("<b class=\"in-tag\">未读</b>").count()
}

#[test]
fn everybody_is_told_where_they_look_and_it_is_seen_once() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let id = teacher.submits_news("敲钟的一件");
    assert_eq!((unread(&school), unread(&teacher), unread(&city)), (1, 0, 0));
    let desk = school.get("/intake/").is(200).body;
    assert!(
        between(&desk, "class=\"in-bell\"", "</a>").contains("in-badge"),
        "{desk}"
    );
    school.endorses(&id);
    city.decides(&id, "return", &[("message", "请补照片")]).is(303);
    let told = teacher.get("/intake/bell").is(200).body;
    assert!(told.contains("《敲钟的一件》退回修改"), "{told}");
    let notice = between(&told, "action=\"/intake/bell/", "\"").to_owned();
    let place = format!("/intake/bell/{notice}");
    school.form(&place, &[]).is(404);
    assert_eq!(unread(&teacher), 2);
    let opened = teacher.form(&place, &[]).is(303);
    assert_eq!(opened.location(), format!("/intake/items/{id}"));
    assert_eq!(unread(&teacher), 1);
    teacher.form("/intake/bell", &[]).is(303);
    assert_eq!(unread(&teacher), 0);
    assert_eq!(unread(&school), 1, "what others see is theirs");
    assert_eq!(number(server.data(), "SELECT COUNT(*) FROM mail"), 0);
}

#[test]
fn a_units_robot_is_told_title_state_and_link_and_nothing_else() {
    let robot = Robot::start(1);
    let directory = tempfile::tempdir().unwrap();
    let origins = format!("[\"dingtalk {}\"]", robot.url);
    let settings = [
        ("JIXIA_INTAKE_WEBHOOKS_ORIGINS", origins.as_str()),
        ("JIXIA_INTAKE_MAIL_ADDRESS", "https://portal.example.org"),
    ];
    let server = Server::start_in(&directory.path().join("data"), &settings);
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let set = |browser: &Browser, url: &str| {
        browser.form("/intake/webhook", &[("url", url), ("secret", "SECgeheim")])
    };
    for url in [
        "http://127.0.0.1:1/robot/send",
        "https://example.org/robot/send",
        "x",
    ] {
        set(&school, url).is(422);
    }
    let address = format!("{}/robot/send?access_token=unverraten", robot.url);
    set(&teacher, &address).is(403);
    school.form("/intake/webhook", &[("do", "test")]).is(404);
    set(&school, &address).is(303);
    let page = school.get("/intake/webhook").is(200).body;
    assert!(
        page.contains("钉钉") && page.contains("已加签") && !page.contains("unverraten"),
        "{page}"
    );
    let refused = school.form("/intake/webhook", &[("do", "test")]).is(422).body;
    assert!(
        refused.contains("dingtalk answered 310000") && !refused.contains("unverraten"),
        "{refused}"
    );
    school.form("/intake/webhook", &[("do", "test")]).is(303);
    let id = teacher.submits_news("机器人要说的一件");
    school.endorses(&id);
    city.decides(&id, "return", &[("message", "不给机器人看")])
        .is(303);
    let told = eventually("the robot was told", || {
        let told = robot.told.lock().unwrap().clone();
        (told.len() == 3).then_some(told)
    });
    let (first, body) = &told[2];
    assert!(
        first.contains("access_token=unverraten&timestamp=") && first.contains("&sign="),
        "{first}"
    );
    let texts: Vec<&String> = told.iter().map(|(_, body)| body).collect();
    let of = |state: &str| {
        texts
            .iter()
            .any(|text| text.contains("机器人要说的一件") && text.contains(state))
    };
    assert!(of("等本单位审核") && of("已退回"), "{texts:?}");
    assert!(
        body.contains(&format!("https://portal.example.org/intake/items/{id}")),
        "{body}"
    );
    for private in ["示例教师甲", "不给机器人看", "示例分管院长"] {
        assert!(texts.iter().all(|text| !text.contains(private)), "{private}");
    }
    let log = server.sign_in("province").get("/intake/audit.csv").is(200).body;
    assert!(
        log.contains("设置群机器人") && !log.contains("unverraten") && !log.contains("geheim"),
        "{log}"
    );
    school.form("/intake/webhook", &[("do", "remove")]).is(303);
    assert!(acts(server.data()).contains(&"webhook-removed".to_owned()));
    assert_eq!(number(server.data(), "SELECT COUNT(*) FROM webhook"), 0);
    let next = teacher.submits_news("没有机器人了");
    school.endorses(&next);
    assert_eq!(robot.told.lock().unwrap().len(), 3);
}
