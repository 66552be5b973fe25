//! Formulas: LaTeX to MathML.
//!
//! The writer is our own: of the libraries that know as many of the formulas of teaching material, one needs fonts and a
//! style sheet of its own, and one overflows the stack of a thread within the length that we allow. This one knows what
//! technician colleges use (fractions, roots, scripts, Greek, operators, functions, accents, fences, matrices, cases,
//! aligned lines, text), escapes every character, has no macros, and bounds length and nesting. A command it does not
//! know is an error, never a guess.

mod between;
mod braces;
mod chemistry;
mod color;
mod symbols;
mod syntax;

use super::escape;

/// Longest formula, in bytes.
const LONGEST: usize = 8 * 1024;

/// Says whether a formula can be written.
///
/// # Errors
/// The offending command, or what is missing.
pub(super) fn check(source: &str) -> Result<(), String> {
    convert(source).map(drop)
}

/// Writes a formula; one that cannot be understood is shown as its source.
pub(super) fn write(source: &str, display: bool, out: &mut String) {
    match convert(source) {
        Ok(rows) => {
            out.push_str(if display {
                "<math display=\"block\"><semantics>"
            } else {
                "<math><semantics>"
            });
            out.push_str(&rows);
            out.push_str("<annotation encoding=\"application/x-tex\">");
            escape::text(source.trim(), out);
            out.push_str("</annotation></semantics></math>");
        }
        Err(_) => {
            out.push_str("<code class=\"math-error\">");
            escape::text(source.trim(), out);
            out.push_str("</code>");
        }
    }
}

fn convert(source: &str) -> Result<String, String> {
    if source.len() > LONGEST {
        return Err(format!("{LONGEST}"));
    }
    syntax::Parser::new(source).formula()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas() {
        let cases = [
            ("x", "<mi>x</mi>"),
            ("a+1.5", "<mi>a</mi><mo>+</mo><mn>1.5</mn>"),
            ("x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
            (
                "x_i^{n+1}",
                "<msubsup><mi>x</mi><mi>i</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></msubsup>",
            ),
            (r"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
            (r"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
            (r"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
            (r"\alpha\le\pi", "<mi>α</mi><mo>≤</mo><mi>π</mi>"),
            (
                r"\sum_{i=1}^n",
                "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>",
            ),
            (r"\sin x", "<mi>sin</mi><mo>\u{2061}</mo><mi>x</mi>"),
            (r"\text{若 a<b}", "<mtext>若 a&lt;b</mtext>"),
            (
                r"\mathbf{F}=m\vec a",
                "<mi>𝐅</mi><mo>=</mo><mi>m</mi><mover accent=\"true\"><mi>a</mi><mo stretchy=\"false\">→</mo></mover>",
            ),
            (r"\mathrm{kg}", "<mi>kg</mi>"),
            ("速度=v", "<mtext>速度</mtext><mo>=</mo><mi>v</mi>"),
            ("f'", "<msup><mi>f</mi><mo>′</mo></msup>"),
            (
                r"\left(x\right)",
                "<mrow><mo stretchy=\"true\" fence=\"true\">(</mo><mi>x</mi><mo stretchy=\"true\" fence=\"true\">)</mo></mrow>",
            ),
            (
                r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
                "<mrow><mo stretchy=\"true\" fence=\"true\">(</mo><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable><mo stretchy=\"true\" fence=\"true\">)</mo></mrow>",
            ),
        ];
        for (source, expected) in cases {
            let expected = format!("<mrow>{expected}</mrow>");
            assert_eq!(convert(source).as_deref(), Ok(expected.as_str()), "{source}");
        }
    }

    #[test]
    fn commands_of_teaching_material_are_known() {
        let known = [
            r"\bigl( x \bigr) \Big| y \Bigg] \bigm| \bigl\{ a \bigr\}",
            r"\sum_{\substack{i<j \\ j<n}} a",
            r"\begin{array}{|c|c|}\hline a & b \\ \hline c & d \\ \hline\end{array}",
            r"\mathscr{L} \mathfrak{g} \mathtt{x} \texttt{code} \textsf{a}",
            r"\cancel{x} \bcancel{y} \xcancel{z}",
            r"\color{red}{x} \textcolor{#1f6f5c}{y} {\color{blue} z + 1}",
            r"\phantom{x} \hphantom{y} \vphantom{z}",
            r"\mathop{\mathrm{arg\,min}}\limits_{x} f \operatorname*{argmax}_x",
            r"\dbinom{n}{k} \tbinom{n}{k} \mathbin{*} \mathrel{R}",
            r"a \prec b \preceq c \succ d \Longrightarrow e \Longleftrightarrow f \longmapsto g",
            r"\ce{2H2 + O2 ->[点燃] 2H2O}",
            r"a \xrightleftharpoons{k} b \xLeftrightarrow{x} c \hspace{1em} d",
            r"\begin{aligned} a &= b \\[2pt] c &= d \label{x}\end{aligned}",
            r"\left\langle x \middle| y \right\rangle",
            r"{n \brack k} + {a \over b} + \sum_{i \atop j} {n \choose k}",
            "x = \\text 64_{10} \\Bbb R \\\n y",
            r"\begin{bmatrix} 0 & 1 \cr 1 & 1 \cr\end{bmatrix} \\ y \\",
            r"\begin{alignedat}{2} a &= b \\ c &= d \end{alignedat} a \npreceq b \nrightarrow c \leadsto d",
            r"N \trianglelefteq G, A^{\intercal} \subsetneqq B \impliedby c \lesseqqgtr d \arctan x \And y \rm{\LaTeX} \pod{p}",
        ];
        for source in known {
            let mathml = convert(source);
            assert!(mathml.is_ok(), "{source}: {mathml:?}");
            let mathml = mathml.unwrap_or_default();
            assert_eq!(mathml.matches('<').count() % 2, 0, "{mathml}");
        }
        let sized = convert(r"\Big|").unwrap_or_default();
        assert!(sized.contains("minsize=\"1.8em\""), "{sized}");
        let colored = convert(r"\color{javascript:x}{y}");
        assert!(colored.is_err(), "{colored:?}");
        let lines = convert(r"a \\ b \\").unwrap_or_default();
        assert_eq!(lines.matches("<mtr>").count(), 2, "{lines}");
        let fraction = convert(r"{a \over b}c").unwrap_or_default();
        assert!(
            fraction.starts_with("<mrow><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
            "{fraction}"
        );
    }

    #[test]
    fn mistakes_are_named() {
        let cases = [
            (r"\nosuch", r"\nosuch"),
            (r"\frac{1}", "}"),
            (r"{a", "}"),
            (r"a}", "}"),
            (r"\left( a", r"\right"),
            (r"\begin{matrix}a", r"\end{matrix}"),
            (r"\begin{evil}a\end{evil}", "evil"),
            (r"x^", "{"),
            (r"a & b", "&"),
        ];
        for (source, expected) in cases {
            let error = convert(source);
            assert!(
                error
                    .as_ref()
                    .is_err_and(|error| error.contains(expected) || expected == "}"),
                "{source}: {error:?}"
            );
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        assert!(convert(&"{".repeat(5000)).is_err());
        assert!(convert(&r"\sqrt".repeat(1000)).is_err());
        assert!(convert(&"x^".repeat(3000)).is_err());
        assert!(convert(&"x".repeat(LONGEST + 1)).is_err());
    }
}
