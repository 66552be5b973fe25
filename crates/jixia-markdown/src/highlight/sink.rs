//! What lexers write to.

use crate::escape;

/// Takes tokens in order and writes what lies between them as it is.
pub(super) struct Sink<'c, 'o> {
    pub(super) code: &'c str,
    done: usize,
    /// The class of what was written last.
    class: &'static str,
    out: &'o mut String,
}

const END: &str = "</span>";

impl<'c, 'o> Sink<'c, 'o> {
    pub(super) fn new(code: &'c str, out: &'o mut String) -> Self {
        Sink {
            code,
            done: 0,
            class: "",
            out,
        }
    }

    /// Marks `start..end` with a class. Both ends must be character boundaries, in order.
    pub(super) fn mark(&mut self, start: usize, end: usize, class: &'static str) {
        let (Some(plain), Some(token)) = (self.code.get(self.done..start), self.code.get(start..end)) else {
            return;
        };
        if token.is_empty() {
            return;
        }
        if plain.is_empty() && self.class == class {
            self.out.truncate(self.out.len() - END.len());
        } else {
            escape::text(plain, self.out);
            self.out.push_str("<span class=\"");
            self.out.push_str(class);
            self.out.push_str("\">");
            self.class = class;
        }
        escape::text(token, self.out);
        self.out.push_str(END);
        self.done = end;
    }

    pub(super) fn finish(&mut self) {
        escape::text(self.code.get(self.done..).unwrap_or_default(), self.out);
    }
}
