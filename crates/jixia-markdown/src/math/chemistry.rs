//! Chemical formulas: what `\ce{…}` of mhchem holds.
//!
//! Known are formulas with amounts, charges and isotopes, states of matter, hydrates, bonds, gases and precipitates, and
//! arrows with conditions above and below. Letters are upright.

use super::super::escape;
use super::braces::braced;

/// Deepest nesting of braces.
const DEEPEST: u32 = 8;

/// Arrows, longest first.
const ARROWS: [(&str, &str); 8] = [
    ("<=>>", "⇌"),
    ("<<=>", "⇌"),
    ("<=>", "⇌"),
    ("<->", "↔"),
    ("<-->", "⇄"),
    ("->", "⟶"),
    ("<-", "⟵"),
    ("⇌", "⇌"),
];

/// A chemical formula as MathML.
///
/// # Errors
/// What is missing.
pub(super) fn formula(source: &str) -> Result<String, String> {
    write(source, 0)
}

fn write(source: &str, depth: u32) -> Result<String, String> {
    if depth > DEEPEST {
        return Err("{".to_owned());
    }
    let mut reader = Reader {
        rest: source.trim(),
        depth,
        row: Vec::new(),
        begins: true,
    };
    while !reader.rest.is_empty() {
        reader.part()?;
    }
    Ok(format!("<mrow>{}</mrow>", reader.row.concat()))
}

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
    row: Vec<String>,
    /// Digits that come now are an amount, not an index.
    begins: bool,
}

impl<'a> Reader<'a> {
    fn part(&mut self) -> Result<(), String> {
        let spaced = self.rest.len();
        self.rest = self.rest.trim_start();
        let after_space = self.rest.len() < spaced || self.row.is_empty();
        self.begins |= after_space;
        if let Some((sign, arrow)) = ARROWS.iter().find(|(sign, _)| self.rest.starts_with(sign)) {
            self.rest = &self.rest[sign.len()..];
            return self.arrow(arrow);
        }
        let Some(c) = self.rest.chars().next() else {
            return Ok(());
        };
        let next = self.rest[c.len_utf8()..].chars().next();
        let ends = next.is_none_or(char::is_whitespace);
        match c {
            '+' | '-' | '=' | '#' if after_space && ends => self.operator(c),
            'v' if after_space && ends => self.sign("↓"),
            '^' if after_space && ends => self.sign("↑"),
            '^' | '_' => return self.scripts(),
            '+' | '-' if ends && !after_space => self.charge(c),
            '-' | '=' | '#' => self.bond(c),
            '*' | '.' | '·' => {
                self.sign("⋅");
                self.begins = true;
            }
            '0'..='9' => self.digits(),
            '(' | '[' | ')' | ']' => {
                self.rest = &self.rest[1..];
                self.row.push(format!("<mo stretchy=\"false\">{c}</mo>"));
                self.begins = matches!(c, '(' | '[');
            }
            '{' => {
                let inner = self.braces()?;
                let inner = write(inner, self.depth + 1)?;
                self.row.push(inner);
                self.begins = false;
            }
            '}' => return Err("}".to_owned()),
            '\\' => return Err(self.rest.chars().take(12).collect()),
            _ if c.is_alphabetic() => self.element(),
            _ => {
                self.rest = &self.rest[c.len_utf8()..];
                let mut sign = String::new();
                escape::text(&c.to_string(), &mut sign);
                self.row.push(format!("<mo>{sign}</mo>"));
                self.begins = true;
            }
        }
        Ok(())
    }

    fn operator(&mut self, c: char) {
        self.rest = &self.rest[1..];
        let sign = match c {
            '-' => '−',
            '#' => '≡',
            other => other,
        };
        self.row.push(format!("<mo>{sign}</mo>"));
        self.begins = true;
    }

    fn sign(&mut self, sign: &str) {
        let length = self.rest.chars().next().map_or(0, char::len_utf8);
        self.rest = &self.rest[length..];
        self.row.push(format!("<mo>{sign}</mo>"));
    }

    fn bond(&mut self, c: char) {
        self.rest = &self.rest[1..];
        let bond = match c {
            '-' => "−",
            '#' => "≡",
            _ => "=",
        };
        self.row
            .push(format!("<mo lspace=\"0\" rspace=\"0\">{bond}</mo>"));
        self.begins = true;
    }

    /// Letters: an element, or words in Chinese.
    fn element(&mut self) {
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        let more = self.rest[first..]
            .find(|c: char| !(c.is_ascii_lowercase() && self.rest.starts_with(|c: char| c.is_ascii())));
        let length = first + more.unwrap_or(self.rest.len() - first);
        let (name, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.row.push(format!("<mi mathvariant=\"normal\">{name}</mi>"));
        self.begins = false;
    }

    /// An amount in front, or the index of what stands before.
    fn digits(&mut self) {
        let is_part = |c: char| c.is_ascii_digit() || (self.begins && matches!(c, '.' | '/'));
        let length = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        let number = format!("<mn>{digits}</mn>");
        let base = if self.begins { None } else { self.row.pop() };
        match base {
            Some(base) if self.rest.starts_with('^') => {
                self.row.push(base);
                self.attach(Some(number));
            }
            Some(base) => self.row.push(format!("<msub>{base}{number}</msub>")),
            None => self.row.push(number),
        }
    }

    fn charge(&mut self, c: char) {
        self.rest = &self.rest[1..];
        let sign = if c == '-' { '−' } else { '+' };
        if let Some(base) = self.row.pop() {
            self.row.push(format!("<msup>{base}<mo>{sign}</mo></msup>"));
        }
    }

    /// `^` and `_` behind something, or in front of an element for isotopes.
    fn scripts(&mut self) -> Result<(), String> {
        if self.begins || self.row.is_empty() {
            let base = "<mrow></mrow>".to_owned();
            self.row.push(base);
        }
        let mut sub = None;
        let mut sup = None;
        while let Some(c @ ('^' | '_')) = self.rest.chars().next() {
            self.rest = &self.rest[1..];
            let script = self.script(c == '^')?;
            *(if c == '^' { &mut sup } else { &mut sub }) = Some(script);
        }
        self.put(sub, sup);
        self.begins = false;
        Ok(())
    }

    fn attach(&mut self, sub: Option<String>) {
        self.rest = &self.rest[1..];
        let sup = self.script(true).ok();
        self.put(sub, sup);
    }

    fn put(&mut self, sub: Option<String>, sup: Option<String>) {
        let base = self.row.pop().unwrap_or_else(|| "<mrow></mrow>".to_owned());
        self.row.push(match (sub, sup) {
            (Some(sub), Some(sup)) => format!("<msubsup>{base}{sub}{sup}</msubsup>"),
            (Some(sub), None) => format!("<msub>{base}{sub}</msub>"),
            (None, Some(sup)) => format!("<msup>{base}{sup}</msup>"),
            (None, None) => base,
        });
    }

    /// What stands behind `^` or `_`: braces, or digits with a sign.
    fn script(&mut self, may_sign: bool) -> Result<String, String> {
        let text = if self.rest.starts_with('{') {
            self.braces()?
        } else {
            let digits = self
                .rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(self.rest.len());
            let sign = usize::from(may_sign && self.rest[digits..].starts_with(['+', '-']));
            let length = match digits + sign {
                0 => self.rest.chars().next().ok_or("{")?.len_utf8(),
                length => length,
            };
            let (text, rest) = self.rest.split_at(length);
            self.rest = rest;
            text
        };
        let mut written = String::new();
        escape::text(&text.replace('-', "−"), &mut written);
        Ok(format!("<mtext>{written}</mtext>"))
    }

    /// What stands in the braces that the rest begins with.
    fn braces(&mut self) -> Result<&'a str, String> {
        let inside = self.rest.strip_prefix('{').and_then(braced);
        let (inner, rest) = inside.ok_or_else(|| "}".to_owned())?;
        self.rest = rest;
        Ok(inner)
    }

    /// An arrow with what stands above and below it: `->[加热][催化剂]`.
    fn arrow(&mut self, arrow: &str) -> Result<(), String> {
        let arrow = format!("<mo stretchy=\"true\">{arrow}</mo>");
        let above = self.condition()?;
        let below = self.condition()?;
        self.row.push(match (above, below) {
            (Some(above), Some(below)) => format!("<munderover>{arrow}{below}{above}</munderover>"),
            (Some(above), None) => format!("<mover>{arrow}{above}</mover>"),
            _ => arrow,
        });
        self.begins = true;
        Ok(())
    }

    fn condition(&mut self) -> Result<Option<String>, String> {
        let Some(rest) = self.rest.strip_prefix('[') else {
            return Ok(None);
        };
        let (condition, rest) = rest.split_once(']').ok_or("]")?;
        self.rest = rest;
        let condition = condition.trim().trim_matches(['{', '}']);
        let is_formula = condition.contains(|c: char| c.is_ascii_digit()) && !condition.contains('\\');
        let written = if is_formula {
            write(condition, self.depth + 1)?
        } else {
            let mut text = String::new();
            escape::text(&condition.replace("\\Delta", "△").replace("$", ""), &mut text);
            format!("<mtext>{text}</mtext>")
        };
        Ok(Some(written))
    }
}

#[cfg(test)]
mod tests {
    use super::formula;

    /// The text of MathML with scripts marked.
    fn shown(mathml: &str) -> String {
        let mut shown = mathml.replace("<msub>", "⟦").replace("<msup>", "⟨");
        shown = shown.replace("</msub>", "⟧").replace("</msup>", "⟩");
        let mut text = String::new();
        let mut in_tag = false;
        for c in shown.chars() {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                c if !in_tag => text.push(c),
                _ => {}
            }
        }
        text
    }

    #[test]
    fn formulas_of_chemistry() {
        let cases = [
            ("H2O", "⟦H2⟧O"),
            ("2H2 + O2 -> 2H2O", "2⟦H2⟧+⟦O2⟧⟶2⟦H2⟧O"),
            ("CaCO3 ->[高温] CaO + CO2 ^", "CaC⟦O3⟧⟶高温CaO+C⟦O2⟧↑"),
            ("Ag+ + Cl- -> AgCl v", "⟨Ag+⟩+⟨Cl−⟩⟶AgCl↓"),
            ("Fe^3+", "⟨Fe3+⟩"),
            ("Ca(OH)2", "Ca(OH⟦)2⟧"),
            ("CuSO4*5H2O", "CuS⟦O4⟧⋅5⟦H2⟧O"),
            (
                "N2 + 3H2 <=>[催化剂][高温高压] 2NH3",
                "⟦N2⟧+3⟦H2⟧⇌高温高压催化剂2N⟦H3⟧",
            ),
            ("CH2=CH2", "C⟦H2⟧=C⟦H2⟧"),
            ("SO4^2-", "SO42−"),
            ("^{14}_{6}C", "614C"),
        ];
        for (source, expected) in cases {
            let mathml = formula(source);
            assert_eq!(
                mathml.as_deref().map(shown),
                Ok(expected.to_owned()),
                "{source}: {mathml:?}"
            );
        }
        assert!(formula("H{2").is_err() && formula(r"\evil").is_err());
        assert!(formula(&"{".repeat(50)).is_err());
    }
}
