//! The roster of a unit's people (附件 2 of the 2020 rules: 姓名, 工作单位, 职务, 手机号码, 邮箱) as a table. Every fault is found
//! at once, with its place.

use serde::{Deserialize, Serialize};

/// Most people of one roster.
pub const MOST: usize = 1000;

/// Columns by their headings, the usual one first.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("name", &["姓名"]),
    ("unit", &["工作单位", "单位"]),
    ("position", &["职务", "职称"]),
    ("phone", &["手机号码", "手机", "手机号", "联系电话"]),
    ("email", &["邮箱", "电子邮箱", "电子邮件"]),
    ("login", &["登录名"]),
];

/// Somebody on a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Person {
    /// The row in the file, from 1.
    pub row: usize,
    pub name: String,
    /// Name or id of the unit as it was written; empty for the one that was chosen.
    pub unit: String,
    pub position: String,
    pub phone: String,
    pub email: String,
    /// Empty when it is to be made of the mail address.
    pub login: String,
}

/// Something wrong in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The row, from 1.
    pub row: usize,
    /// The column's heading.
    pub column: &'static str,
    /// The key of the text that says what is wrong.
    pub text: &'static str,
}

/// The headings of a table that can be filled in.
pub fn headings() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(_, headings)| headings[0])
}

/// The usual heading of a field.
fn heading(field: &str) -> &'static str {
    let found = COLUMNS.iter().find(|(known, _)| *known == field);
    found.map_or("", |(_, headings)| headings[0])
}

impl Fault {
    /// A fault of a field.
    pub fn new(row: usize, field: &str, text: &'static str) -> Self {
        Self {
            row,
            column: heading(field),
            text,
        }
    }
}

/// The people of a table. What stands above the row with the headings, such as a title, is passed over.
///
/// # Errors
/// Everything that is wrong.
pub fn read(rows: &[Vec<String>]) -> Result<Vec<Person>, Vec<Fault>> {
    let squeezed = |cell: &String| cell.split_whitespace().collect::<String>();
    let is_name = |cell: &String| squeezed(cell) == COLUMNS[0].1[0];
    let Some(top) = rows.iter().position(|row| row.iter().any(is_name)) else {
        return Err(vec![Fault::new(1, "name", "roster.no-headings")]);
    };
    let columns = COLUMNS.map(|(_, headings)| {
        let mut cells = rows[top].iter().map(squeezed);
        cells.position(|cell| headings.contains(&cell.as_str()))
    });
    let mut people = Vec::new();
    for (place, row) in rows.iter().enumerate().skip(top + 1) {
        if row.iter().all(String::is_empty) {
            continue;
        }
        let mut fields = columns.map(|column| {
            column
                .and_then(|column| row.get(column))
                .cloned()
                .unwrap_or_default()
        });
        let mut field = |at: usize| std::mem::take(&mut fields[at]);
        people.push(Person {
            row: place + 1,
            name: field(0),
            unit: field(1),
            position: field(2),
            phone: field(3),
            email: field(4),
            login: field(5).to_lowercase(),
        });
    }
    let faults = faults(&people);
    if faults.is_empty() {
        Ok(people)
    } else {
        Err(faults)
    }
}

/// What is wrong with people by themselves: whether units and logins exist only the database and the site know.
pub fn faults(people: &[Person]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if people.is_empty() || people.len() > MOST {
        faults.push(Fault::new(1, "name", "people.roster-size"));
        return faults;
    }
    for (at, person) in people.iter().enumerate() {
        let mut fault = |field, text| faults.push(Fault::new(person.row, field, text));
        if person.name.is_empty() || person.name.chars().count() > 60 {
            fault("name", "people.no-name");
        }
        if person.position.chars().count() > 60 {
            fault("position", "roster.long-cell");
        }
        if !(person.phone.is_empty() || is_phone(&person.phone)) {
            fault("phone", "roster.bad-phone");
        }
        if !(person.email.is_empty() || is_email(&person.email)) {
            fault("email", "account.bad-email");
        }
        if person.login.is_empty() && suggestion(&person.email).is_none() {
            fault("login", "roster.no-login");
        }
        if !(person.login.is_empty() || is_login(&person.login)) {
            fault("login", "people.bad-login");
        }
        let is_twice = people[..at].iter().any(|other| other.login == person.login);
        if !person.login.is_empty() && is_twice {
            fault("login", "roster.twice");
        }
    }
    faults
}

/// A login that can be typed on any keyboard.
pub fn is_login(login: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    (3..=40).contains(&login.len()) && login.bytes().all(is_letter)
}

/// The login that a mail address suggests: what stands before the @.
pub fn suggestion(email: &str) -> Option<String> {
    let (local, _) = email.split_once('@')?;
    let login = local.to_lowercase();
    is_login(&login).then_some(login)
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_part = |byte: u8| byte.is_ascii_digit() || b"+- ()".contains(&byte);
    (5..=20).contains(&digits) && text.bytes().all(is_part)
}

fn is_email(text: &str) -> bool {
    let halves = text.split_once('@');
    let is_whole =
        halves.is_some_and(|(local, host)| !local.is_empty() && host.contains('.') && !host.contains('@'));
    is_whole && text.len() <= 100 && !text.contains(char::is_whitespace)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<Vec<String>> {
        let row = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
        text.lines().map(row).collect()
    }

    #[test]
    fn titles_are_passed_over_and_columns_found_by_their_headings() {
        let rows = table(
            "管理员名单\n填报单位：示例市 | | |\n姓 名 | 工作单位 | 职务 | 手机号码 | 邮箱\n\
             示例甲 | 示例学院 | 科长 | 13800138000 | Jia.1@example.org\n\n示例乙 | | | | yi.2@example.org",
        );
        let people = read(&rows).unwrap();
        assert_eq!(people.iter().map(|person| person.row).collect::<Vec<_>>(), [4, 6]);
        assert_eq!((&*people[0].position, &*people[0].unit), ("科长", "示例学院"));
        assert_eq!(suggestion(&people[0].email).unwrap(), "jia.1");
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let rows = table(
            "姓名 | 手机号码 | 邮箱 | 登录名\n| 12 | a@b | ab\n示例甲 | | | \n示例乙 | | | yi.1\n示例丙 | | | YI.1",
        );
        let faults = read(&rows).unwrap_err();
        let told: Vec<_> = faults
            .iter()
            .map(|fault| (fault.row, fault.column, fault.text))
            .collect();
        let expected = [
            (2, "姓名", "people.no-name"),
            (2, "手机号码", "roster.bad-phone"),
            (2, "邮箱", "account.bad-email"),
            (2, "登录名", "people.bad-login"),
            (3, "登录名", "roster.no-login"),
            (5, "登录名", "roster.twice"),
        ];
        assert_eq!(told, expected);
        assert_eq!(read(&table("甲 | 乙")).unwrap_err()[0].text, "roster.no-headings");
        assert_eq!(
            read(&table("姓名 | 邮箱")).unwrap_err()[0].text,
            "people.roster-size"
        );
    }
}
