//! Reading LaTeX, writing MathML.

use super::super::{chars, escape};
use super::between::Between;
use super::braces::braced;
use super::chemistry;
use super::color::color;
use super::symbols::{self, Alphabet, Symbol};

/// Deepest nesting of groups.
const DEEPEST: u32 = 32;

type Result<T> = std::result::Result<T, String>;

/// A finished part of a formula.
struct Atom {
    mathml: String,
    /// Scripts go below and above it.
    limits: bool,
}

impl Atom {
    fn new(mathml: String) -> Self {
        Atom {
            mathml,
            limits: false,
        }
    }
}

pub(super) struct Parser<'a> {
    rest: &'a str,
    depth: u32,
    alphabet: Alphabet,
}

impl<'a> Parser<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Parser {
            rest: source,
            depth: 0,
            alphabet: Alphabet::Italic,
        }
    }

    /// The whole formula.
    pub(super) fn formula(mut self) -> Result<String> {
        let mut lines = self.lines()?;
        match self.rest.chars().next() {
            Some(c) => Err(c.to_string()),
            None if lines.len() > 1 => Ok(stacked(&lines)),
            None => Ok(format!("<mrow>{}</mrow>", lines.pop().unwrap_or_default())),
        }
    }

    /// Rows between `\\`; one that ends the last of them begins no other.
    fn lines(&mut self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        loop {
            lines.push(self.row()?.concat());
            self.skip_space();
            let Some(rest) = self.rest.strip_prefix("\\\\") else {
                return Ok(lines);
            };
            self.rest = rest;
            self.skip_space();
            if self.rest.is_empty() {
                return Ok(lines);
            }
        }
    }

    /// Atoms up to what ends a group, a cell or the formula.
    fn row(&mut self) -> Result<Vec<String>> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("{".to_owned());
        }
        let mut row: Vec<String> = Vec::new();
        loop {
            self.skip_space();
            let rest = self.rest;
            if rest.is_empty() || rest.starts_with(['}', '&']) || rest.starts_with("\\\\") {
                break;
            }
            if ["\\right", "\\end", "\\cr"]
                .iter()
                .any(|end| self.peek_command() == Some(*end))
            {
                break;
            }
            if let Some(between) = self.peek_command().and_then(Between::named) {
                self.command()?;
                let (above, below) = (row.concat(), self.row()?.concat());
                row = vec![between.written(&above, &below)];
                break;
            }
            let atom = self.atom()?;
            row.push(self.scripts(atom)?);
        }
        self.depth -= 1;
        Ok(row)
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
        while self.rest.starts_with('%') {
            self.rest = self
                .rest
                .split_once('\n')
                .map_or("", |(_, rest)| rest)
                .trim_start();
        }
    }

    /// The command ahead, with its backslash.
    fn peek_command(&self) -> Option<&'a str> {
        let name = self.rest.strip_prefix('\\')?;
        let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
        let length = if letters > 0 {
            letters
        } else {
            name.chars().next()?.len_utf8()
        };
        self.rest.get(..=length)
    }

    fn command(&mut self) -> Result<&'a str> {
        let command = self.peek_command().ok_or_else(|| "\\".to_owned())?;
        self.rest = &self.rest[command.len()..];
        Ok(&command[1..])
    }

    fn next_char(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn next_if(&mut self, is_wanted: impl Fn(char) -> bool) -> Option<&'a str> {
        let c = self.rest.chars().next().filter(|c| is_wanted(*c))?;
        let (found, rest) = self.rest.split_at(c.len_utf8());
        self.rest = rest;
        Some(found)
    }

    fn expect(&mut self, wanted: &str) -> Result<()> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(wanted).ok_or_else(|| wanted.to_owned())?;
        Ok(())
    }

    /// One argument: a group or a single atom.
    fn argument(&mut self) -> Result<String> {
        self.skip_space();
        if self.rest.starts_with('{') {
            return self.group();
        }
        if let Some(digit) = self.rest.chars().next().filter(char::is_ascii_digit) {
            self.next_char();
            return Ok(format!("<mn>{digit}</mn>"));
        }
        if self.rest.is_empty() || self.rest.starts_with(['}', '&', '^', '_']) {
            return Err("{".to_owned());
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("{".to_owned());
        }
        let atom = self.atom()?;
        self.depth -= 1;
        Ok(atom.mathml)
    }

    fn group(&mut self) -> Result<String> {
        self.expect("{")?;
        let mut row = self.row()?;
        self.expect("}")?;
        Ok(match row.len() {
            1 => row.swap_remove(0),
            _ => format!("<mrow>{}</mrow>", row.concat()),
        })
    }

    /// The source of an argument in braces, which is text and no formula.
    fn text_argument(&mut self) -> Result<&'a str> {
        self.skip_space();
        // Of one letter or digit, as `\text a`.
        if let Some(letter) = self.next_if(char::is_alphanumeric) {
            return Ok(letter);
        }
        self.expect("{")?;
        let (text, rest) = braced(self.rest).ok_or_else(|| "}".to_owned())?;
        self.rest = rest;
        Ok(text)
    }

    fn optional(&mut self) -> Result<Option<String>> {
        self.skip_space();
        let Some(rest) = self.rest.strip_prefix('[') else {
            return Ok(None);
        };
        let end = rest.find(']').ok_or("]")?;
        let mut inner = Parser {
            rest: &rest[..end],
            depth: self.depth,
            alphabet: self.alphabet,
        };
        let mut row = inner.row()?;
        if !inner.rest.is_empty() {
            return Err("]".to_owned());
        }
        self.rest = &rest[end + 1..];
        Ok(Some(if row.len() == 1 {
            row.swap_remove(0)
        } else {
            format!("<mrow>{}</mrow>", row.concat())
        }))
    }

    /// Primes, `_` and `^` after an atom.
    fn scripts(&mut self, base: Atom) -> Result<String> {
        let (mut sub, mut sup, mut primes) = (None, None, 0);
        let mut limits = base.limits;
        loop {
            self.skip_space();
            match (self.rest.chars().next(), self.peek_command()) {
                (Some('\''), _) => {
                    self.next_char();
                    primes += 1;
                }
                (Some('_'), _) if sub.is_none() => {
                    self.next_char();
                    sub = Some(self.argument()?);
                }
                (Some('^'), _) if sup.is_none() => {
                    self.next_char();
                    sup = Some(self.argument()?);
                }
                (Some(c @ ('_' | '^')), _) => return Err(c.to_string()),
                (_, Some(command @ ("\\limits" | "\\nolimits"))) => {
                    limits = command == "\\limits";
                    self.rest = &self.rest[command.len()..];
                }
                _ => break,
            }
        }
        if primes > 0 {
            let marks = format!("<mo>{}</mo>", "′".repeat(primes));
            sup = Some(sup.map_or(marks.clone(), |sup| format!("<mrow>{marks}{sup}</mrow>")));
        }
        let base = base.mathml;
        Ok(match (sub, sup, limits) {
            (None, None, _) => base,
            (Some(sub), None, false) => format!("<msub>{base}{sub}</msub>"),
            (None, Some(sup), false) => format!("<msup>{base}{sup}</msup>"),
            (Some(sub), Some(sup), false) => format!("<msubsup>{base}{sub}{sup}</msubsup>"),
            (Some(sub), None, true) => format!("<munder>{base}{sub}</munder>"),
            (None, Some(sup), true) => format!("<mover>{base}{sup}</mover>"),
            (Some(sub), Some(sup), true) => format!("<munderover>{base}{sub}{sup}</munderover>"),
        })
    }

    fn atom(&mut self) -> Result<Atom> {
        let Some(c) = self.rest.chars().next() else {
            return Err("{".to_owned());
        };
        match c {
            '{' => self.group().map(Atom::new),
            '\\' => self.named(),
            '^' | '_' => Ok(Atom::new("<mrow></mrow>".to_owned())),
            '0'..='9' => Ok(Atom::new(self.number())),
            '\'' => Ok(Atom::new("<mrow></mrow>".to_owned())),
            '~' => {
                self.next_char();
                Ok(Atom::new("<mspace width=\"0.5em\"></mspace>".to_owned()))
            }
            _ if chars::is_cjk(c) => Ok(Atom::new(self.chinese())),
            _ if c.is_alphabetic() => Ok(Atom::new(self.letters())),
            _ => {
                self.next_char();
                Ok(Atom::new(operator(c)))
            }
        }
    }

    fn number(&mut self) -> String {
        let bytes = self.rest.as_bytes();
        let mut length = 0;
        while length < bytes.len() {
            let separator =
                matches!(bytes[length], b'.' | b',') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
            if !(bytes[length].is_ascii_digit() || separator) {
                break;
            }
            length += 1;
        }
        let (number, rest) = self.rest.split_at(length);
        self.rest = rest;
        format!("<mn>{number}</mn>")
    }

    fn chinese(&mut self) -> String {
        let length = self.rest.find(|c| !chars::is_cjk(c)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        format!("<mtext>{text}</mtext>")
    }

    /// One letter, or in an upright alphabet the whole word.
    fn letters(&mut self) -> String {
        if self.alphabet == Alphabet::Upright {
            let length = self
                .rest
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(self.rest.len());
            if length > 1 {
                let (word, rest) = self.rest.split_at(length);
                self.rest = rest;
                return format!("<mi>{word}</mi>");
            }
        }
        let c = self
            .next_char()
            .map_or(' ', |c| symbols::styled(c, self.alphabet));
        let normal = if self.alphabet == Alphabet::Upright {
            " mathvariant=\"normal\""
        } else {
            ""
        };
        format!("<mi{normal}>{c}</mi>")
    }

    fn named(&mut self) -> Result<Atom> {
        let name = self.command()?;
        if let Some((c, kind)) = symbols::symbol(name) {
            return Ok(Atom {
                mathml: match kind {
                    Symbol::Letter => format!("<mi>{c}</mi>"),
                    _ => format!("<mo>{c}</mo>"),
                },
                limits: kind == Symbol::Limits,
            });
        }
        if let Some(limits) = symbols::function(name) {
            // Nothing is applied where a script, an operator or the end follows.
            self.skip_space();
            let applied = self.rest.starts_with(|c: char| c.is_alphanumeric()) && !limits;
            let mark = if applied { "<mo>\u{2061}</mo>" } else { "" };
            return Ok(Atom {
                mathml: format!("<mi>{name}</mi>{mark}"),
                limits,
            });
        }
        if let Some(width) = symbols::space(name) {
            return Ok(Atom::new(format!("<mspace width=\"{width}\"></mspace>")));
        }
        if let Some((mark, over, stretchy)) = symbols::accent(name) {
            return self.accent(name, mark, over, stretchy);
        }
        let limits = name == "operatorname" && self.rest.starts_with('*');
        if limits {
            self.rest = &self.rest[1..];
        }
        if let Some(alphabet) = symbols::alphabet(name) {
            let before = std::mem::replace(&mut self.alphabet, alphabet);
            let argument = self.argument();
            self.alphabet = before;
            return argument.map(|mathml| Atom { mathml, limits });
        }
        self.construct(name)
    }

    fn accent(&mut self, name: &str, mark: &str, over: bool, stretchy: bool) -> Result<Atom> {
        let base = self.argument()?;
        let element = if over { "mover" } else { "munder" };
        let attribute = if over { "accent" } else { "accentunder" };
        let mathml = format!(
            "<{element} {attribute}=\"true\">{base}<mo stretchy=\"{stretchy}\">{mark}</mo></{element}>"
        );
        Ok(Atom {
            mathml,
            limits: name.ends_with("brace"),
        })
    }

    /// Commands with a form of their own.
    fn construct(&mut self, name: &str) -> Result<Atom> {
        let mathml = match name {
            "frac" | "dfrac" | "tfrac" | "cfrac" => {
                let (above, below) = (self.argument()?, self.argument()?);
                format!("<mfrac>{above}{below}</mfrac>")
            }
            "binom" | "dbinom" | "tbinom" => {
                let (above, below) = (self.argument()?, self.argument()?);
                format!("<mrow><mo>(</mo><mfrac linethickness=\"0\">{above}{below}</mfrac><mo>)</mo></mrow>")
            }
            "sqrt" => match self.optional()? {
                Some(index) => format!("<mroot>{}{index}</mroot>", self.argument()?),
                None => format!("<msqrt>{}</msqrt>", self.argument()?),
            },
            "text" | "textrm" | "mbox" | "hbox" | "textnormal" | "textbf" | "textit" | "texttt"
            | "textsf" | "textup" => {
                let mut text = "<mtext>".to_owned();
                escape::text(self.text_argument()?, &mut text);
                text + "</mtext>"
            }
            "overset" | "stackrel" => {
                let (above, base) = (self.argument()?, self.argument()?);
                format!("<mover>{base}{above}</mover>")
            }
            "underset" => {
                let (below, base) = (self.argument()?, self.argument()?);
                format!("<munder>{base}{below}</munder>")
            }
            "xrightarrow" | "xleftarrow" | "xlongequal" | "xleftrightarrow" | "xRightarrow"
            | "xLeftarrow" | "xLeftrightarrow" | "xrightleftharpoons" | "xmapsto" => self.long_arrow(name)?,
            "substack" => self.substack()?,
            "color" | "textcolor" => self.colored(name)?,
            "mathop" => {
                let mathml = format!("<mrow>{}</mrow>", self.argument()?);
                return Ok(Atom { mathml, limits: true });
            }
            "mathbin" | "mathrel" | "mathord" | "mathopen" | "mathclose" | "mathpunct" | "mathinner" => {
                self.argument()?
            }
            "ce" => chemistry::formula(self.text_argument()?)?,
            "hspace" | "mspace" | "hskip" | "vspace" | "label" => {
                self.text_argument()?;
                if name.ends_with("space") {
                    "<mspace width=\"1em\"></mspace>".to_owned()
                } else {
                    String::new()
                }
            }
            "not" => format!("<mrow>{}<mo>\u{338}</mo></mrow>", self.argument()?),
            "pmod" => format!(
                "<mrow><mo>(</mo><mi>mod</mi><mspace width=\"0.3em\"></mspace>{}<mo>)</mo></mrow>",
                self.argument()?
            ),
            "pod" => format!("<mrow><mo>(</mo>{}<mo>)</mo></mrow>", self.argument()?),
            "LaTeX" | "TeX" => format!("<mtext>{name}</mtext>"),
            "bmod" | "mod" => "<mo>mod</mo>".to_owned(),
            "left" => self.fenced()?,
            "middle" => fence(&self.delimiter()?),
            "boxed" | "phantom" | "hphantom" | "vphantom" | "cancel" | "bcancel" | "xcancel" => {
                framed(name, &self.argument()?)
            }
            _ if let Some(size) = symbols::size(name) => {
                let delimiter = self.delimiter()?;
                format!("<mo stretchy=\"true\" minsize=\"{size}\" maxsize=\"{size}\">{delimiter}</mo>")
            }
            "begin" => self.environment()?,
            "displaystyle" | "textstyle" | "scriptstyle" | "nonumber" | "notag" => String::new(),
            "tag" => {
                let mut text = "<mspace width=\"2em\"></mspace><mtext>(".to_owned();
                escape::text(self.text_argument()?, &mut text);
                text + ")</mtext>"
            }
            _ => return Err(format!("\\{name}")),
        };
        Ok(Atom::new(mathml))
    }

    fn long_arrow(&mut self, name: &str) -> Result<String> {
        let arrow = match name {
            "xrightarrow" => "→",
            "xleftarrow" => "←",
            "xleftrightarrow" => "↔",
            "xRightarrow" => "⇒",
            "xLeftarrow" => "⇐",
            "xLeftrightarrow" => "⇔",
            "xrightleftharpoons" => "⇌",
            "xmapsto" => "↦",
            _ => "=",
        };
        let arrow = format!("<mo stretchy=\"true\">{arrow}</mo>");
        let below = self.optional()?;
        let above = self.argument()?;
        Ok(match below {
            Some(below) => format!("<munderover>{arrow}{below}{above}</munderover>"),
            None => format!("<mover>{arrow}{above}</mover>"),
        })
    }

    /// Lines above each other, as below a sum.
    fn substack(&mut self) -> Result<String> {
        self.expect("{")?;
        let lines = self.lines()?;
        self.expect("}")?;
        Ok(stacked(&lines))
    }

    /// `\color{red}{x}`, or `\color{red}` for the rest of the group.
    fn colored(&mut self, name: &str) -> Result<String> {
        let written = self.text_argument()?.trim();
        let color = color(written).ok_or_else(|| format!("\\{name}{{{written}}}"))?;
        self.skip_space();
        let inner = match self.rest.starts_with('{') {
            true => self.argument()?,
            false => self.row()?.concat(),
        };
        Ok(format!("<mrow mathcolor=\"{color}\">{inner}</mrow>"))
    }

    fn fenced(&mut self) -> Result<String> {
        let open = fence(&self.delimiter()?);
        let row = self.row()?.concat();
        self.expect("\\right")?;
        let close = fence(&self.delimiter()?);
        Ok(format!("<mrow>{open}{row}{close}</mrow>"))
    }

    /// A delimiter after `\left`, escaped; empty for `.`.
    fn delimiter(&mut self) -> Result<String> {
        self.skip_space();
        if self.rest.starts_with('\\') {
            let name = self.command()?;
            return symbols::symbol(name)
                .map(|(c, _)| c.to_owned())
                .ok_or_else(|| format!("\\{name}"));
        }
        match self.next_char() {
            Some('.') => Ok(String::new()),
            Some('<') => Ok("⟨".to_owned()),
            Some('>') => Ok("⟩".to_owned()),
            Some(c @ ('(' | ')' | '[' | ']' | '|' | '/')) => Ok(c.to_string()),
            _ => Err("\\left".to_owned()),
        }
    }

    fn environment(&mut self) -> Result<String> {
        let name = self.text_argument()?;
        let (open, close, alignment) = match name.trim_end_matches('*') {
            "matrix" | "smallmatrix" | "gathered" | "gather" | "equation" => ("", "", ""),
            "pmatrix" => ("(", ")", ""),
            "bmatrix" => ("[", "]", ""),
            "Bmatrix" => ("{", "}", ""),
            "vmatrix" => ("|", "|", ""),
            "Vmatrix" => ("‖", "‖", ""),
            "cases" | "dcases" => ("{", "", "l"),
            "rcases" | "drcases" => ("", "}", "l"),
            "aligned" | "align" | "split" | "eqnarray" | "alignat" | "alignedat" => ("", "", "rl"),
            "array" => ("", "", self.text_argument()?),
            _ => return Err(name.to_owned()),
        };
        let columns: Vec<char> = alignment
            .chars()
            .filter(|c| matches!(c, 'l' | 'c' | 'r'))
            .collect();
        let table = self.table(name, &columns)?;
        if open.is_empty() && close.is_empty() {
            return Ok(table);
        }
        Ok(format!("<mrow>{}{table}{}</mrow>", fence(open), fence(close)))
    }

    /// The tag of a row, with a line above it where one is asked for.
    fn begin_row(&mut self) -> &'static str {
        let mut tag = "<mtr>";
        loop {
            self.skip_space();
            match self.peek_command() {
                Some(command @ "\\hline") => self.rest = &self.rest[command.len()..],
                _ => return tag,
            }
            tag = "<mtr class=\"line\">";
        }
    }

    /// What stands behind the end of a table's row. Returns `None` if none ends here.
    fn end_of_row(&self) -> Option<&'a str> {
        match self.peek_command() {
            Some(end @ ("\\cr" | "\\\\")) => self.rest.strip_prefix(end),
            _ => None,
        }
    }

    fn table(&mut self, name: &str, columns: &[char]) -> Result<String> {
        let mut table = "<mtable>".to_owned();
        table.push_str(self.begin_row());
        let mut column = 0;
        loop {
            let cell = self.row()?.concat();
            let side = if columns.is_empty() {
                'c'
            } else {
                columns[column % columns.len()]
            };
            table.push_str(match side {
                'l' => "<mtd class=\"left\">",
                'r' => "<mtd class=\"right\">",
                _ => "<mtd>",
            });
            table.push_str(&cell);
            table.push_str("</mtd>");
            column += 1;
            self.skip_space();
            if let Some(rest) = self.rest.strip_prefix('&') {
                self.rest = rest;
                continue;
            }
            if let Some(rest) = self.end_of_row() {
                // How far the next line is away, `\\\\[2pt]`, is not followed.
                let distance = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
                self.rest = distance.map_or(rest, |(_, rest)| rest);
                let begin = self.begin_row();
                column = 0;
                if !self.rest.starts_with("\\end") {
                    table.push_str("</mtr>");
                    table.push_str(begin);
                    continue;
                }
            }
            break;
        }
        let end = format!("\\end{{{name}}}");
        self.expect(&end)?;
        Ok(table + "</mtr></mtable>")
    }
}

/// Lines in a column.
fn stacked(lines: &[String]) -> String {
    let mut table = "<mtable>".to_owned();
    for line in lines {
        table.extend(["<mtr><mtd>", line, "</mtd></mtr>"]);
    }
    table + "</mtable>"
}

/// An argument with something around or through it, or one that only takes room.
fn framed(name: &str, inner: &str) -> String {
    match name {
        "boxed" => enclosed("box", inner),
        "hphantom" => format!("<mpadded height=\"0\" depth=\"0\"><mphantom>{inner}</mphantom></mpadded>"),
        "vphantom" => format!("<mpadded width=\"0\"><mphantom>{inner}</mphantom></mpadded>"),
        "cancel" => enclosed("updiagonalstrike", inner),
        "bcancel" => enclosed("downdiagonalstrike", inner),
        "xcancel" => enclosed("updiagonalstrike downdiagonalstrike", inner),
        _ => format!("<mphantom>{inner}</mphantom>"),
    }
}

fn enclosed(notation: &str, inner: &str) -> String {
    format!("<menclose notation=\"{notation}\">{inner}</menclose>")
}

fn fence(delimiter: &str) -> String {
    if delimiter.is_empty() {
        return String::new();
    }
    format!("<mo stretchy=\"true\" fence=\"true\">{delimiter}</mo>")
}

fn operator(c: char) -> String {
    match c {
        '<' => "<mo>&lt;</mo>".to_owned(),
        '>' => "<mo>&gt;</mo>".to_owned(),
        '&' => "<mo>&amp;</mo>".to_owned(),
        '-' => "<mo>−</mo>".to_owned(),
        '*' => "<mo>∗</mo>".to_owned(),
        '(' | ')' | '[' | ']' | '|' => format!("<mo stretchy=\"false\">{c}</mo>"),
        c if c.is_control() => String::new(),
        c => format!("<mo>{c}</mo>"),
    }
}
