//! Personal data that does not belong into a publication: identity card numbers, mobile numbers, bank cards.

/// What a run of digits is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// An 18-digit identity card number whose date and check digit are right (GB 11643-1999).
    IdentityCard,
    /// A mobile number of the mainland: 11 digits beginning with 13 to 19.
    Mobile,
    /// A bank card of 16 to 19 digits with a valid check digit (Luhn, ISO/IEC 7812-1).
    BankCard,
}

impl Finding {
    /// Its name among the interface texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::IdentityCard => "identity-card",
            Self::Mobile => "mobile",
            Self::BankCard => "bank-card",
        }
    }
}

/// The personal data in a text, each with its middle digits hidden. Spaces and hyphens between digits are overlooked.
pub fn find(text: &str) -> Vec<(Finding, String)> {
    let mut findings = Vec::new();
    for run in runs(text) {
        let finding = if is_identity_card(&run) {
            Finding::IdentityCard
        } else if is_mobile(&run) {
            Finding::Mobile
        } else if is_bank_card(&run) {
            Finding::BankCard
        } else {
            continue;
        };
        let hidden = (finding, hide(&run));
        if !findings.contains(&hidden) {
            findings.push(hidden);
        }
    }
    findings
}

/// Runs of digits, full-width ones included, with an `X` at the end, that stand alone: not within a word or a decimal.
fn runs(text: &str) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut before = ' ';
    let mut is_alone = true;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let character = match character {
            '０'..='９' => char::from(b'0' + (character as u32 - '０' as u32) as u8),
            other => other,
        };
        let next_is_digit = characters.peek().is_some_and(char::is_ascii_digit);
        match character {
            '0'..='9' => {
                if run.is_empty() {
                    is_alone =
                        !(before.is_ascii_alphanumeric() || before == '.' || before == '_' || before == '/');
                }
                run.push(character);
            }
            ' ' | '-' if !run.is_empty() && next_is_digit => {}
            'x' | 'X' if run.len() == 17 => run.push('X'),
            _ => {
                let ends = !(character.is_ascii_alphabetic() || character == '_');
                if is_alone && ends && run.len() >= 11 {
                    runs.push(std::mem::take(&mut run));
                }
                run.clear();
            }
        }
        before = character;
    }
    if is_alone && run.len() >= 11 {
        runs.push(run);
    }
    runs
}

fn is_mobile(run: &str) -> bool {
    let number = run
        .strip_prefix("86")
        .filter(|rest| rest.len() == 11)
        .unwrap_or(run);
    let bytes = number.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) && !bytes.contains(&b'X')
}

fn is_identity_card(run: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let bytes = run.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |range: std::ops::Range<usize>| run[range].parse::<i16>().unwrap_or_default();
    let (year, month, day) = (number(6..10), number(10..12) as i8, number(12..14) as i8);
    if !(1900..=2099).contains(&year) || jiff::civil::Date::new(year, month, day).is_err() {
        return false;
    }
    let sum: u32 = bytes
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    bytes[17] == b"10X98765432"[(sum % 11) as usize]
}

fn is_bank_card(run: &str) -> bool {
    // Cards of Chinese banks begin with 62, older and foreign ones with 4, 5 or 3; a serial number seldom does all.
    if !(16..=19).contains(&run.len()) || run.contains('X') || !run.starts_with(['3', '4', '5', '6', '9']) {
        return false;
    }
    let digits = run.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(position, digit)| match position % 2 {
            1 if digit > 4 => digit * 2 - 9,
            1 => digit * 2,
            _ => digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn hide(run: &str) -> String {
    let (start, end) = (3, run.len() - 4);
    format!("{}{}{}", &run[..start], "*".repeat(end - start), &run[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_is_found_and_numbers_are_left_alone() {
        let cases: &[(&str, &[(Finding, &str)])] = &[
            // The number that the standard itself gives as its example.
            (
                "证号 11010519491231002X。",
                &[(Finding::IdentityCard, "110***********002X")],
            ),
            ("证号 110105194912310021", &[]),
            ("证号 110105194913310025", &[]),
            ("电话13800138000，", &[(Finding::Mobile, "138****8000")]),
            ("电话 138 0013 8000", &[(Finding::Mobile, "138****8000")]),
            ("+86 13800138000", &[(Finding::Mobile, "861******8000")]),
            ("１３８００１３８０００", &[(Finding::Mobile, "138****8000")]),
            ("座机 0631-5200001", &[]),
            ("12345678901", &[]),
            ("卡号 6222 0212 3456 7895 代付", &[]),
            (
                "卡号 4111 1111 1111 1111",
                &[(Finding::BankCard, "411*********1111")],
            ),
            ("圆周率 3.14159265358979", &[]),
            ("编号 A13800138000", &[]),
            ("校验 13800138000abc", &[]),
            ("13800138000 和 13800138000", &[(Finding::Mobile, "138****8000")]),
        ];
        for (text, expected) in cases {
            let found = find(text);
            let found: Vec<(Finding, &str)> = found
                .iter()
                .map(|(finding, hidden)| (*finding, hidden.as_str()))
                .collect();
            assert_eq!(&found, expected, "{text}");
        }
    }
}
