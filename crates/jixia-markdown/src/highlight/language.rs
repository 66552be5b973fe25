//! What tells one language from another.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

/// How a closing mark is kept from closing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// Not at all.
    None,
    /// A backslash takes the next character.
    Backslash,
    /// A backslash is literal, yet keeps a quote from closing: Python's raw strings.
    Raw,
    /// The closing mark twice.
    Doubled,
    /// Both.
    BackslashOrDoubled,
    /// A backslash in some dialects: one before a quote that plainly ends the value is literal (`'C:\',`).
    Dialect,
    /// A backtick takes the next character, and the closing mark may be doubled: PowerShell.
    Backtick,
    /// A dollar takes the next character: IEC 61131-3.
    Dollar,
}

/// What interrupts a text with code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holes {
    /// Nothing.
    None,
    /// `${code}`: JavaScript.
    Template,
    /// `${code}` and `$name`: Kotlin, Dart, Groovy.
    Dollar,
    /// `$name`, `$1`, `${name…}`, `$(code)`: shells.
    Shell,
    /// `$name`, `${name}`, `$(code)`: PowerShell.
    PowerShell,
    /// `$name`, `${name}`, `{$code}`: PHP.
    Php,
    /// `#{code}`: Ruby.
    Hash,
    /// So many `{` in a row, then code, then a format after `:`. One brace is doubled to be literal: Python, C#.
    Braces(u8),
    /// `\(code)` with so many `#` after the backslash: Swift.
    Paren(usize),
}

/// A string's quotes.
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) escape: Escape,
    /// It may go on over lines.
    pub(super) lines: bool,
    pub(super) holes: Holes,
}

impl Quote {
    /// The same with code in it.
    pub(super) const fn with(self, holes: Holes) -> Self {
        Quote { holes, ..self }
    }
}

/// A quote that a backslash escapes.
pub(super) const fn quote(open: &'static str, close: &'static str, lines: bool) -> Quote {
    quote_with(open, close, lines, Escape::Backslash)
}

/// A quote with its way of escaping.
pub(super) const fn quote_with(
    open: &'static str,
    close: &'static str,
    lines: bool,
    escape: Escape,
) -> Quote {
    Quote {
        open,
        close,
        escape,
        lines,
        holes: Holes::None,
    }
}

/// Letters before a quote that change how the string is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    /// None.
    None,
    /// `R"x(…)x"`.
    C,
    /// `r`, `b`, `f`, `t` and their pairs.
    Python,
    /// `r"…"`, `br#"…"#`, `b'x'`; `'` is a character or a lifetime.
    Rust,
    /// `r'…'`.
    Dart,
    /// `r"---(…)---"`.
    R,
    /// `E'…'` with backslashes, `q'[…]'`.
    Sql,
}

/// How a here-document is announced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HereDocuments {
    /// There are none.
    None,
    /// `<<EOF`, `<<-EOF` (tabs before the end), `<<'EOF'` (no variables).
    Shell,
    /// `<<EOF`, `<<-EOF` and `<<~EOF` (blanks before the end), `<<~'EOF'`.
    Ruby,
    /// `<<<EOF`, `<<<'EOF'`; the end may be indented and followed by code.
    Php,
    /// `@"` and `@'` at the end of a line, closed at the start of one.
    PowerShell,
}

/// A list of words, separated by spaces; made a set when first used.
pub(super) struct Words {
    pub(super) text: &'static str,
    set: OnceLock<FxHashSet<&'static str>>,
}

impl Words {
    pub(super) const fn new(text: &'static str) -> Self {
        Words {
            text,
            set: OnceLock::new(),
        }
    }

    /// Whether the list has a word.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.set
            .get_or_init(|| self.text.split_ascii_whitespace().collect())
            .contains(word)
    }
}

/// What tells a language apart.
pub(super) struct Language {
    /// Names and aliases, separated by spaces.
    pub(super) names: &'static str,
    pub(super) keywords: Words,
    pub(super) types: Words,
    /// What begins a comment to the end of the line.
    pub(super) line: &'static [&'static str],
    /// What begins and ends a comment.
    pub(super) block: &'static [(&'static str, &'static str)],
    /// The longest first.
    pub(super) quotes: &'static [Quote],
    pub(super) prefix: Prefix,
    pub(super) documents: HereDocuments,
    pub(super) flags: u64,
    /// Bytes at which something other than a word or a number may begin; see [`Language::first`].
    first: OnceLock<[bool; 256]>,
}

impl Language {
    /// A language without anything, to be filled in by `with_` and struct update.
    pub(super) const fn new(
        names: &'static str,
        keywords: &'static str,
        types: &'static str,
        quotes: &'static [Quote],
        flags: u64,
    ) -> Self {
        Language {
            names,
            keywords: Words::new(keywords),
            types: Words::new(types),
            line: &[],
            block: &[],
            quotes,
            prefix: Prefix::None,
            documents: HereDocuments::None,
            flags,
            first: OnceLock::new(),
        }
    }

    pub(super) const fn comments(
        mut self,
        line: &'static [&'static str],
        block: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.line = line;
        self.block = block;
        self
    }

    pub(super) const fn prefix(mut self, prefix: Prefix) -> Self {
        self.prefix = prefix;
        self
    }

    pub(super) const fn documents(mut self, documents: HereDocuments) -> Self {
        self.documents = documents;
        self
    }

    /// Whether the language has a trait of [`flag`].
    pub(super) fn has(&self, flag: u64) -> bool {
        self.flags & flag != 0
    }

    /// Bytes at which something other than a word or a number may begin.
    pub(super) fn first(&self) -> &[bool; 256] {
        self.first.get_or_init(|| {
            let mut first = [false; 256];
            let comments = self.line.iter().chain(self.block.iter().map(|(open, _)| open));
            for start in comments
                .copied()
                .chain(self.quotes.iter().map(|quote| quote.open))
            {
                if let Some(&byte) = start.as_bytes().first() {
                    first[usize::from(byte)] = true;
                    first[usize::from(byte.to_ascii_uppercase())] |= self.has(flag::CASELESS);
                }
            }
            for (flag, bytes) in flag::STARTS {
                for &byte in bytes {
                    first[usize::from(byte)] |= self.has(flag);
                }
            }
            first[usize::from(b'\'')] |= self.prefix == Prefix::Rust;
            first[usize::from(b'<')] |= self.documents != HereDocuments::None;
            first[usize::from(b'@')] |= self.documents == HereDocuments::PowerShell;
            first
        })
    }
}

/// Traits of languages.
pub(super) mod flag {
    /// Words in any case; the lists are in lower case.
    pub(in super::super) const CASELESS: u64 = 1;
    /// `#` at the start of a line is a directive.
    pub(in super::super) const DIRECTIVES: u64 = 1 << 1;
    /// `@name` is a decorator or the like.
    pub(in super::super) const DECORATORS: u64 = 1 << 2;
    /// `$name` is a variable.
    pub(in super::super) const VARIABLES: u64 = 1 << 3;
    /// A word before `(` is a function.
    pub(in super::super) const CALLS: u64 = 1 << 4;
    /// A word with a capital is a type.
    pub(in super::super) const CAPITALS: u64 = 1 << 5;
    /// Words may hold `-`.
    pub(in super::super) const DASHES: u64 = 1 << 6;
    /// A comment's mark must follow a space.
    pub(in super::super) const SPACED_COMMENTS: u64 = 1 << 7;
    /// A string or word before `:` is a key.
    pub(in super::super) const KEYS: u64 = 1 << 8;
    /// Numbers may name their base: `16#FF`.
    pub(in super::super) const BASES: u64 = 1 << 9;
    /// A backslash at the end of a line joins the next to it, in directives and comments.
    pub(in super::super) const CONTINUED: u64 = 1 << 10;
    /// Comments in blocks nest.
    pub(in super::super) const NESTED: u64 = 1 << 11;
    /// `'` within a number: `1'000` of C++, `4'b1010` of Verilog.
    pub(in super::super) const TICKS: u64 = 1 << 12;
    /// `/…/` where a value is expected.
    pub(in super::super) const REGEX: u64 = 1 << 13;
    /// Elements where a value is expected.
    pub(in super::super) const JSX: u64 = 1 << 14;
    /// `[==[ … ]==]`, a comment where it follows the mark of one.
    pub(in super::super) const LONG_BRACKETS: u64 = 1 << 15;
    /// `$$ … $$`, `$tag$ … $tag$`.
    pub(in super::super) const DOLLAR_QUOTES: u64 = 1 << 16;
    /// Shell syntax: `\` outside strings, `$(…)`, `((…))`, and no keywords within paths and options.
    pub(in super::super) const SHELL: u64 = 1 << 17;
    /// Ruby's syntax: `%w[…]`, `@name`, `=begin`, `__END__`, `?x`.
    pub(in super::super) const RUBY: u64 = 1 << 18;
    /// C#'s `@"…"`, `$"…"`, `"""…"""`.
    pub(in super::super) const CSHARP: u64 = 1 << 19;
    /// `#"…"#`: Swift.
    pub(in super::super) const HASHED: u64 = 1 << 20;
    /// `'` after a word or a bracket is an operator: MATLAB's transpose, VHDL's attributes.
    pub(in super::super) const AFTERTICK: u64 = 1 << 21;
    /// `@name` only at the start of a line.
    pub(in super::super) const LINE_DECORATORS: u64 = 1 << 22;
    /// `` `name `` is a directive.
    pub(in super::super) const TICK_DIRECTIVES: u64 = 1 << 23;
    /// `#name` is a variable, `%I0.0` an address, `T#5s` a literal: PLC.
    pub(in super::super) const PLC: u64 = 1 << 24;
    /// Batch files: comments only where a command may stand, `%name%`, `:label`.
    pub(in super::super) const BATCH: u64 = 1 << 25;
    /// `%{` and `%}` alone on their lines enclose a comment, `...` begins one: MATLAB.
    pub(in super::super) const MATLAB: u64 = 1 << 26;
    /// `#` begins a comment unless a name follows it: SQL whose dialect is not known.
    pub(in super::super) const LOOSE_HASH: u64 = 1 << 27;
    /// `?>` ends the code: PHP within HTML.
    pub(in super::super) const PHP: u64 = 1 << 28;
    /// `$"…"` with holes in braces: Visual Basic.
    pub(in super::super) const DOLLAR_STRINGS: u64 = 1 << 29;
    /// `$(name)`, `$@`: make.
    pub(in super::super) const MAKE: u64 = 1 << 30;

    /// Bytes at which a trait has something to say.
    pub(super) const STARTS: [(u64, &[u8]); 18] = [
        (DIRECTIVES, b"#"),
        (DECORATORS, b"@"),
        (VARIABLES, b"$"),
        (REGEX, b"/"),
        (JSX, b"<"),
        (LONG_BRACKETS, b"["),
        (DOLLAR_QUOTES, b"$"),
        (SHELL, b"\\$("),
        (RUBY, b"%@=_?$"),
        (CSHARP, b"@$\""),
        (HASHED, b"#"),
        (TICK_DIRECTIVES, b"`"),
        (PLC, b"#%"),
        (BATCH, b"%!:"),
        (MATLAB, b"%.#"),
        (PHP, b"?"),
        (DOLLAR_STRINGS, b"$"),
        (MAKE, b"\\$"),
    ];
}
