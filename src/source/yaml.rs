//! YAML with the place of every value, duplicates kept, and budgets against hostile input.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError};

use crate::diag::{Code, Diagnostic, Span};

/// Most values that front matter may hold, aliases expanded.
const MOST_NODES: usize = 20_000;
/// Deepest nesting.
const MOST_LEVELS: usize = 24;

/// Something and its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Its bytes.
    pub span: Span,
}

/// Fields in the order of the file, duplicates included.
pub type Mapping<'a> = Vec<(Spanned<Cow<'a, str>>, Spanned<Node<'a>>)>;

/// A value whose type is not yet known: `true` and `2026-03-05` are scalars like any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node<'a> {
    /// Nothing was written, or `null` or `~`.
    Null,
    /// A text; `plain` when it was written without quotes.
    Scalar {
        /// After escapes.
        text: Cow<'a, str>,
        /// Without quotes.
        plain: bool,
    },
    /// A list.
    List(Vec<Spanned<Node<'a>>>),
    /// Fields.
    Mapping(Mapping<'a>),
}

impl Node<'_> {
    /// The same value, of a text of its own.
    pub fn into_owned(self) -> Node<'static> {
        let owned = |spanned: Spanned<Node<'_>>| Spanned {
            value: spanned.value.into_owned(),
            span: spanned.span,
        };
        match self {
            Node::Null => Node::Null,
            Node::Scalar { text, plain } => Node::Scalar {
                text: Cow::Owned(text.into_owned()),
                plain,
            },
            Node::List(items) => Node::List(items.into_iter().map(owned).collect()),
            Node::Mapping(fields) => {
                let field = |(key, value): (Spanned<Cow<'_, str>>, _)| {
                    let key = Spanned {
                        value: Cow::Owned(key.value.into_owned()),
                        span: key.span,
                    };
                    (key, owned(value))
                };
                Node::Mapping(fields.into_iter().map(field).collect())
            }
        }
    }

    fn size(&self) -> usize {
        match self {
            Node::Null | Node::Scalar { .. } => 1,
            Node::List(items) => 1 + items.iter().map(|item| item.value.size()).sum::<usize>(),
            Node::Mapping(fields) => {
                1 + fields
                    .iter()
                    .map(|(_, value)| 1 + value.value.size())
                    .sum::<usize>()
            }
        }
    }
}

/// Parses front matter. `offset` is where `text` begins in its file.
///
/// # Errors
/// Bad syntax, nesting deeper than 24, more than 20,000 values with aliases expanded, or no mapping at the top.
pub fn parse(text: &str, offset: u32) -> Result<Mapping<'_>, Diagnostic> {
    let options = granit_parser::options! { block_nesting_limit: 64, flow_nesting_limit: 64 };
    let parser = Parser::new_from_str_with_options(text, options);
    let mut tree = Tree {
        text,
        events: parser,
        offset,
        anchors: HashMap::new(),
        nodes: 0,
    };
    let root = tree.document()?;
    match root.value {
        Node::Mapping(fields) => Ok(fields),
        Node::Null => Ok(Vec::new()),
        _ => Err(Diagnostic::new(Code::NotAMapping).at(root.span)),
    }
}

struct Tree<'a, I> {
    text: &'a str,
    events: I,
    offset: u32,
    anchors: HashMap<usize, Spanned<Node<'a>>>,
    nodes: usize,
}

type Step<'a> = (Event<'a>, granit_parser::Span);

impl<'a, I: Iterator<Item = Result<Step<'a>, ScanError>>> Tree<'a, I> {
    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Diagnostic> {
        match self.events.next() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let range = span.byte_range().unwrap_or(0..0);
                Ok(Some((
                    event,
                    self.offset + range.start as u32..self.offset + range.end as u32,
                )))
            }
            Some(Err(error)) => Err(self.syntax(&error)),
        }
    }

    fn syntax(&self, error: &ScanError) -> Diagnostic {
        let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        // The parser stops behind a tab that it refuses.
        let tabs = self.text.as_bytes()[..at]
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\t')
            .count();
        let start = (at - tabs) as u32 + self.offset;
        // The whole character: half of a Chinese one is no place in a text.
        let refused = self.text.get(at - tabs..).and_then(|rest| rest.chars().next());
        let span = start..start + refused.map_or(1, char::len_utf8) as u32;
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => Diagnostic::new(Code::YamlTooDeep)
                .at(span)
                .with("limit", MOST_LEVELS),
            kind => {
                let diagnostic = Diagnostic::new(Code::YamlSyntax).at(span.clone());
                match reason(kind) {
                    Some("yaml-quote") => diagnostic.at(self.open_quote(span)).say("reason", "yaml-quote"),
                    Some(phrase) => diagnostic.say("reason", phrase),
                    None => diagnostic.with("reason", error.info()),
                }
            }
        }
    }

    /// The quotation mark that is never closed: the first of the last line before the error with an odd number.
    fn open_quote(&self, error: Span) -> Span {
        let before = self
            .text
            .get(..(error.start - self.offset) as usize)
            .unwrap_or(self.text);
        let mut line_end = before.len();
        for line in before.split_inclusive('\n').rev() {
            line_end -= line.len();
            let is_odd = |quote: &char| line.matches(*quote).count() % 2 == 1;
            if let Some(quote) = ['"', '\''].into_iter().find(is_odd) {
                let start = self.offset + (line_end + line.find(quote).unwrap_or_default()) as u32;
                return start..start + 1;
            }
        }
        error
    }

    fn document(&mut self) -> Result<Spanned<Node<'a>>, Diagnostic> {
        let mut root = Spanned {
            value: Node::Null,
            span: self.offset..self.offset,
        };
        while let Some((event, span)) = self.next()? {
            if event.is_node() {
                root = self.node(event, span, 0)?;
            }
        }
        Ok(root)
    }

    fn node(&mut self, event: Event<'a>, span: Span, level: usize) -> Result<Spanned<Node<'a>>, Diagnostic> {
        self.nodes += 1;
        if level > MOST_LEVELS {
            return Err(Diagnostic::new(Code::YamlTooDeep)
                .at(span)
                .with("limit", MOST_LEVELS));
        }
        if self.nodes > MOST_NODES {
            return Err(Diagnostic::new(Code::YamlAlias)
                .at(span)
                .with("limit", MOST_NODES));
        }
        let anchor = event.anchor_id();
        let node = match event {
            Event::Scalar(text, style, ..) => Spanned {
                value: scalar(text, style),
                span,
            },
            Event::SequenceStart(..) => self.list(span, level)?,
            Event::MappingStart(..) => self.mapping(span, level)?,
            Event::Alias(id) => self.alias(id, span)?,
            _ => Spanned {
                value: Node::Null,
                span,
            },
        };
        if let Some(anchor) = anchor.filter(|anchor| *anchor > 0) {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<Spanned<Node<'a>>, Diagnostic> {
        let Some(target) = self.anchors.get(&id) else {
            // An alias inside the value it names: it would never end.
            return Err(Diagnostic::new(Code::YamlAlias)
                .at(span)
                .with("limit", MOST_NODES));
        };
        self.nodes += target.value.size();
        if self.nodes > MOST_NODES {
            return Err(Diagnostic::new(Code::YamlAlias)
                .at(span)
                .with("limit", MOST_NODES));
        }
        Ok(Spanned {
            value: target.value.clone(),
            span,
        })
    }

    fn list(&mut self, span: Span, level: usize) -> Result<Spanned<Node<'a>>, Diagnostic> {
        let mut items = Vec::new();
        let mut end = span.end;
        while let Some((event, item_span)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                end = end.max(item_span.end);
                break;
            }
            let item = self.node(event, item_span, level + 1)?;
            end = end.max(item.span.end);
            items.push(item);
        }
        Ok(Spanned {
            value: Node::List(items),
            span: span.start..end,
        })
    }

    fn mapping(&mut self, span: Span, level: usize) -> Result<Spanned<Node<'a>>, Diagnostic> {
        let mut fields: Mapping<'a> = Vec::new();
        let mut end = span.end;
        while let Some((event, key_span)) = self.next()? {
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key = self.node(event, key_span, level + 1)?;
            let Node::Scalar { text, .. } = key.value else {
                return Err(Diagnostic::new(Code::NotAMapping).at(key.span));
            };
            let key = Spanned {
                value: text,
                span: key.span,
            };
            let Some((event, value_span)) = self.next()? else {
                break;
            };
            let value = self.node(event, value_span, level + 1)?;
            end = end.max(value.span.end);
            fields.push((key, value));
        }
        Ok(Spanned {
            value: Node::Mapping(fields),
            span: span.start..end,
        })
    }
}

/// The phrase for the mistakes that people make; the parser's own words serve for the others.
fn reason(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::InvalidColonPlacement
        | ErrorKind::MappingValueNotAllowed
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::InvalidMappingValueWhitespace => "yaml-colon",
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent => "yaml-quote",
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "yaml-after-quote"
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => "yaml-tab",
        ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidBlockScalarIndent => "yaml-indentation",
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => "yaml-bracket",
        ErrorKind::UnexpectedCharacter { .. } => "yaml-character",
        ErrorKind::UnknownAnchor => "yaml-anchor",
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => "yaml-escape",
        _ => return None,
    })
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Node<'_> {
    let plain = matches!(style, ScalarStyle::Plain);
    if plain && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL") {
        Node::Null
    } else {
        Node::Scalar { text, plain }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn spans_point_into_the_file() {
        let file = "---\ntitle: \"甲：乙\"\ntags: [一, 二]\n---\n";
        let fields = parse(&file[4..file.len() - 4], 4).unwrap();
        let shown = |span: &Span| &file[span.start as usize..span.end as usize];
        assert_eq!(shown(&fields[0].0.span), "title");
        assert_eq!(shown(&fields[0].1.span), "\"甲：乙\"");
        assert_eq!(shown(&fields[1].1.span), "[一, 二]");
    }

    #[test]
    fn a_mistake_is_at_a_whole_character() {
        let text = "title: \"示例\"通知\n";
        let wrong = parse(text, 4).unwrap_err();
        let span = wrong.span.unwrap();
        assert_eq!(&text[span.start as usize - 4..span.end as usize - 4], "通");
    }

    #[test]
    fn duplicates_are_kept_for_the_schema_to_report() {
        let fields = parse("a: 1\na: 2\n", 0).unwrap();
        assert_eq!(fields.len(), 2);
    }

    #[test]
    fn hostile_documents_end_in_a_diagnostic() {
        let bomb = (1..20).fold("a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned(), |yaml, level| {
            let below = format!("*a{}", level - 1);
            format!("{yaml}a{level}: &a{level} [{}]\n", [below.as_str(); 9].join(","))
        });
        let deep = format!("a: {}{}", "[".repeat(5_000), "]".repeat(5_000));
        let cases = [
            (bomb.as_str(), Code::YamlAlias),
            (deep.as_str(), Code::YamlTooDeep),
            ("a: &x [*x]\n", Code::YamlAlias),
            ("a: 'x", Code::YamlSyntax),
            ("a: b: c", Code::YamlSyntax),
            ("a:\n\t- 1", Code::YamlSyntax),
            ("- a", Code::NotAMapping),
            ("text", Code::NotAMapping),
            ("a: *missing", Code::YamlSyntax),
            ("[a, b]: c", Code::NotAMapping),
        ];
        for (yaml, code) in cases {
            assert_eq!(
                parse(yaml, 0).unwrap_err().code,
                code,
                "{}",
                &yaml[..yaml.len().min(40)]
            );
        }
    }
}
