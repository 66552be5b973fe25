//! Which column of a roster is which field, by its heading.

use jixia::office::heading::bare;

/// Fields with their headings, the usual one first.
pub const FIELDS: [(&str, &[&str]); 6] = [
    ("name", &["姓名", "教师姓名", "人员姓名", "名字"]),
    (
        "unit",
        &[
            "工作单位",
            "单位",
            "所在单位",
            "单位名称",
            "所在学校",
            "学校",
            "学校名称",
            "院校",
            "院校名称",
        ],
    ),
    ("position", &["职务", "职称", "职务职称", "岗位"]),
    (
        "phone",
        &[
            "手机号码",
            "手机",
            "手机号",
            "联系电话",
            "电话",
            "电话号码",
            "移动电话",
            "联系方式",
        ],
    ),
    (
        "email",
        &[
            "邮箱",
            "电子邮箱",
            "电子邮件",
            "邮箱地址",
            "邮件地址",
            "email",
            "e-mail",
        ],
    ),
    ("login", &["登录名", "用户名", "登录账号"]),
];

/// Columns that rosters have and accounts do not: they are passed over.
const PASSED_OVER: &[&str] = &["序号", "编号", "备注", "说明", "性别"];

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The field at this place of [`FIELDS`].
    Field(usize),
    /// Nothing that an account has.
    PassedOver,
    /// No heading.
    Empty,
    /// A heading that is not understood.
    Unknown,
}

/// What the column below a heading is.
pub fn column(heading: &str) -> Column {
    let bare = bare(heading);
    if bare.is_empty() {
        return Column::Empty;
    }
    let field = FIELDS
        .iter()
        .position(|(_, headings)| headings.contains(&bare.as_str()));
    match field {
        Some(field) => Column::Field(field),
        None if PASSED_OVER.contains(&bare.as_str()) => Column::PassedOver,
        None => Column::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_understood_as_people_write_them() {
        let field = |name: &str| FIELDS.iter().position(|(field, _)| *field == name);
        let cases = [
            ("姓 名", Some("name")),
            ("*姓名（必填）", Some("name")),
            ("工作单位（全称）", Some("unit")),
            ("联系电话(手机)", Some("phone")),
            ("职务/职称", Some("position")),
            ("E-mail", Some("email")),
            ("身份证号", None),
        ];
        for (heading, expected) in cases {
            let expected = expected.and_then(field).map_or(Column::Unknown, Column::Field);
            assert_eq!(column(heading), expected, "{heading}");
        }
        assert_eq!(
            (column("序号"), column(" （空） ")),
            (Column::PassedOver, Column::Empty)
        );
    }
}
