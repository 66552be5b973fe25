//! The roster of a unit's people (附件 2 of the 2020 rules: 姓名, 工作单位, 职务, 手机号码, 邮箱) as a table. Every fault is found
//! at once, with its place.

use jixia::office::heading::{find_headings, letters};
use serde::{Deserialize, Serialize};

use super::address::is_address;
use super::roster_heading::{Column, FIELDS, column};

/// Most people of one roster.
pub const MOST: usize = 1000;

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
    /// The column's heading; of a column without one its letter.
    pub column: String,
    /// The key of the text that says what is wrong.
    pub text: &'static str,
}

/// The headings of a table that can be filled in.
pub fn headings() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|(_, headings)| headings[0])
}

/// The usual heading of a field.
fn heading(field: &str) -> &'static str {
    let found = FIELDS.iter().find(|(known, _)| *known == field);
    found.map_or("", |(_, headings)| headings[0])
}

impl Fault {
    /// A fault of a field.
    pub fn new(row: usize, field: &str, text: &'static str) -> Self {
        Self {
            row,
            column: heading(field).to_owned(),
            text,
        }
    }
}

/// The people of a table. What stands above the row with the headings, such as a title, is passed over; headings may take
/// two rows. A column that is not understood stops everything: what it says would be lost.
///
/// # Errors
/// Everything that is wrong.
pub fn read(rows: &[Vec<String>]) -> Result<Vec<Person>, Vec<Fault>> {
    let is_name = |cell: &str| column(cell) == Column::Field(0);
    let is_heading = |cell: &str| matches!(column(cell), Column::Field(_) | Column::PassedOver);
    let Some(headings) = find_headings(rows, &is_name, &is_heading) else {
        return Err(vec![Fault::new(1, "name", "roster.no-headings")]);
    };
    let below = headings.below;
    let columns = columns(&headings.cells, headings.row + 1, &rows[below..])?;
    let mut people = Vec::new();
    for (place, row) in rows.iter().enumerate().skip(below) {
        if row.iter().all(String::is_empty) {
            continue;
        }
        let fields = columns.map(|column| {
            column
                .and_then(|column| row.get(column))
                .map_or("", String::as_str)
        });
        let [name, unit, position, phone, email, login] = fields;
        people.push(Person {
            row: place + 1,
            name: without_padding(name),
            unit: unpadded(unit),
            position: unpadded(position),
            phone: unpadded(phone),
            email: unpadded(email),
            login: unpadded(login).to_lowercase(),
        });
    }
    let faults = faults(&people);
    if faults.is_empty() {
        Ok(people)
    } else {
        Err(faults)
    }
}

/// The column of each field. `row` is that of the headings, from 1; `below` are the rows of people.
fn columns(
    headings: &[String],
    row: usize,
    below: &[Vec<String>],
) -> Result<[Option<usize>; FIELDS.len()], Vec<Fault>> {
    let mut columns = [None; FIELDS.len()];
    let mut faults = Vec::new();
    let width = below.iter().map(Vec::len).max().unwrap_or_default();
    for place in 0..headings.len().max(width) {
        let written = headings.get(place).map_or("", String::as_str);
        let is_filled = || {
            below
                .iter()
                .any(|row| row.get(place).is_some_and(|cell| !cell.is_empty()))
        };
        let mut fault = |heading: &str, text| {
            let column = heading.to_owned();
            faults.push(Fault { row, column, text });
        };
        match column(written) {
            Column::Field(field) if columns[field].is_some() => fault(written, "roster.two-columns"),
            Column::Field(field) => columns[field] = Some(place),
            Column::PassedOver => {}
            Column::Unknown => fault(written, "roster.unknown-column"),
            Column::Empty if is_filled() => fault(&letters(place), "roster.no-heading"),
            Column::Empty => {}
        }
    }
    if faults.is_empty() {
        Ok(columns)
    } else {
        Err(faults)
    }
}

/// A cell without blanks and invisible marks at its ends.
fn unpadded(cell: &str) -> String {
    let is_padding = |character: char| {
        character.is_whitespace() || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    cell.trim_matches(is_padding).to_owned()
}

/// A name without what is put into it so that columns of names are equally wide: `张　三` is 张三, `Anna Li` stays.
fn without_padding(name: &str) -> String {
    let name = unpadded(name);
    let is_han =
        |character: char| matches!(character, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '·');
    if name
        .chars()
        .all(|character| is_han(character) || character.is_whitespace())
    {
        name.split_whitespace().collect()
    } else {
        name.split_whitespace().collect::<Vec<_>>().join(" ")
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
        if !(person.email.is_empty() || is_address(&person.email)) {
            fault("email", "account.bad-email");
        }
        let is_mail = is_address(&person.email);
        if person.login.is_empty() && person.email.is_empty() {
            fault("login", "roster.no-login");
        } else if person.login.is_empty() && is_mail && suggestion(&person.email).is_none() {
            fault("login", "roster.no-suggestion");
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
            .map(|fault| (fault.row, &*fault.column, fault.text))
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

    #[test]
    fn a_column_that_is_not_understood_stops_everything() {
        let told = |text: &str| -> Vec<String> {
            let faults = read(&table(text)).unwrap_err();
            faults
                .iter()
                .map(|fault| format!("{} {} {}", fault.row, fault.column, fault.text))
                .collect()
        };
        let cases: &[(&str, &[&str])] = &[
            (
                "姓名 | 所属 | 邮箱\n示例甲 | 示例学院 | jia@example.org",
                &["1 所属 roster.unknown-column"],
            ),
            (
                "姓名 | | 邮箱\n示例甲 | 示例学院 | jia@example.org",
                &["1 B roster.no-heading"],
            ),
            (
                "姓名 | 邮箱\n示例甲 | jia@example.org | 示例学院",
                &["1 C roster.no-heading"],
            ),
            (
                "姓名 | 单位 | 学校 | 邮箱\n示例甲 | a | b | jia@example.org",
                &["1 学校 roster.two-columns"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text), *expected, "{text}");
        }
        let people = read(&table("序号 | 姓名 | 工作单位（全称） | 联系电话（手机） | 邮箱 |\n1 | 示例甲 | 示例学院 | 13800138000 | jia@example.org |")).unwrap();
        assert_eq!((&*people[0].unit, &*people[0].phone), ("示例学院", "13800138000"));
    }

    #[test]
    fn headings_may_take_two_rows() {
        let merged = "姓名 | 工作单位 | 联系方式 | 联系方式\n姓名 | 工作单位 | 手机号码 | 邮箱\n示例甲 | 示例学院 | 13800138000 | jia@example.org";
        let plain = "姓名 | 工作单位 | 联系方式 |\n | | 手机号码 | 邮箱\n示例甲 | 示例学院 | 13800138000 | jia@example.org";
        for text in [merged, plain] {
            let people = read(&table(text)).unwrap();
            assert_eq!(
                (people.len(), &*people[0].phone, &*people[0].email),
                (1, "13800138000", "jia@example.org"),
                "{text}"
            );
        }
    }

    #[test]
    fn cells_are_read_as_they_are_meant_and_faults_are_true() {
        let rows = table(
            "姓名 | 邮箱 | 登录名\n张　三 | jia@example.org\u{200b} | \nAnna  Li | a@example.org | anna\n欧阳 修 | ou@example.org | ouyang",
        );
        let faults = read(&rows[..2]).map(|people| people[0].name.clone());
        assert_eq!(faults.unwrap(), "张三");
        let people = read(&rows[..1].iter().chain(&rows[2..]).cloned().collect::<Vec<_>>()).unwrap();
        assert_eq!((&*people[0].name, &*people[1].name), ("Anna Li", "欧阳修"));
        let cases = [
            ("ab@example.org |", "roster.no-suggestion"),
            (" |", "roster.no-login"),
            (" | ab", "people.bad-login"),
            ("abcd@qq.com； |", "account.bad-email"),
            ("ijkl@qq.com. |", "account.bad-email"),
            ("a@.com |", "account.bad-email"),
            ("a@@b.com |", "account.bad-email"),
        ];
        for (cells, expected) in cases {
            let faults = read(&table(&format!("姓名 | 邮箱 | 登录名\n示例甲 | {cells}"))).unwrap_err();
            let told: Vec<_> = faults.iter().map(|fault| fault.text).collect();
            assert_eq!(told, [expected], "{cells}");
        }
    }
}
