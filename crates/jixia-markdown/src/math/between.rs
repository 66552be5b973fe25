//! Commands that stand between their arguments: `{n \choose k}`, as TeX had it before LaTeX.

/// What is made of what stands before and behind such a command.
#[derive(Clone, Copy)]
pub(super) struct Between {
    open: &'static str,
    close: &'static str,
    has_line: bool,
}

impl Between {
    /// Of a command, with its backslash.
    pub(super) fn named(command: &str) -> Option<Self> {
        let (open, close, has_line) = match command {
            "\\over" => ("", "", true),
            "\\atop" => ("", "", false),
            "\\choose" => ("(", ")", false),
            "\\brack" => ("[", "]", false),
            "\\brace" => ("{", "}", false),
            _ => return None,
        };
        Some(Self {
            open,
            close,
            has_line,
        })
    }

    pub(super) fn written(self, above: &str, below: &str) -> String {
        let line = if self.has_line { "" } else { " linethickness=\"0\"" };
        let fraction = format!("<mfrac{line}><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>");
        if self.open.is_empty() {
            return fraction;
        }
        format!(
            "<mrow><mo>{}</mo>{fraction}<mo>{}</mo></mrow>",
            self.open, self.close
        )
    }
}
