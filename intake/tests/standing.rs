//! The submitter's page: every state with its time, who has it now, what is asked, what was said.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Office, Server, between};

#[test]
fn authors_see_where_their_submission_is_and_what_is_asked() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let id = teacher.submits_news("一堂公开课");
    let turn = || {
        let page = teacher.get(&format!("/intake/items/{id}")).is(200).body;
        (between(&page, "class=\"in-turn\">", "</p>").to_owned(), page)
    };
    assert!(
        turn().0.starts_with("等示例海湾技师学院审核。始于 20"),
        "{}",
        turn().0
    );
    school.endorses(&id);
    assert!(
        turn().0.starts_with("等威海市职业技术培训教研室（示例）审核。"),
        "{}",
        turn().0
    );
    city.decides(&id, "take", &[]).is(303);
    assert!(
        turn()
            .0
            .starts_with("示例市级管理员（威海市职业技术培训教研室（示例））正在审核。"),
        "{}",
        turn().0
    );
    city.decides(&id, "comment", &[("message", "标题太长"), ("field", "title")])
        .is(303);
    city.decides(&id, "return", &[("message", "请补座次表")]).is(303);
    let (mend, page) = turn();
    assert!(mend.contains("按未解决的 2 条意见修改"), "{mend}");
    assert!(page.contains("标题太长") && page.contains("请补座次表"));
    let history = between(&page, "class=\"in-history\"", "</ol>");
    let steps = ["建立", "提交", "本单位审核通过", "开始审核", "留言", "退回修改"];
    let places: Vec<usize> = steps
        .iter()
        .map(|step| history.find(&format!("<b>{step}</b>")).expect(step))
        .collect();
    assert!(
        places.is_sorted() && history.matches("<time>20").count() == steps.len(),
        "{history}"
    );
    teacher.decides(&id, "withdraw", &[]).is(303);
    assert!(turn().0.starts_with("作者已撤回。"), "{}", turn().0);
}
