//! LaTeX names and their characters.

/// What a named symbol is in MathML.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    /// A letter: `<mi>`.
    Letter,
    /// An operator, relation or arrow: `<mo>`.
    Operator,
    /// A large operator that takes limits below and above.
    Limits,
    /// A large operator with scripts at its side.
    Integral,
}

use Symbol::{Integral, Letter, Limits, Operator};

/// Looks a name up, without its backslash.
pub(super) fn symbol(name: &str) -> Option<(&'static str, Symbol)> {
    Some(match name {
        "alpha" => ("α", Letter),
        "beta" => ("β", Letter),
        "gamma" => ("γ", Letter),
        "delta" => ("δ", Letter),
        "epsilon" => ("ϵ", Letter),
        "varepsilon" => ("ε", Letter),
        "zeta" => ("ζ", Letter),
        "eta" => ("η", Letter),
        "theta" => ("θ", Letter),
        "vartheta" => ("ϑ", Letter),
        "iota" => ("ι", Letter),
        "kappa" => ("κ", Letter),
        "lambda" => ("λ", Letter),
        "mu" => ("μ", Letter),
        "nu" => ("ν", Letter),
        "xi" => ("ξ", Letter),
        "omicron" => ("ο", Letter),
        "pi" => ("π", Letter),
        "varpi" => ("ϖ", Letter),
        "rho" => ("ρ", Letter),
        "varrho" => ("ϱ", Letter),
        "sigma" => ("σ", Letter),
        "varsigma" => ("ς", Letter),
        "tau" => ("τ", Letter),
        "upsilon" => ("υ", Letter),
        "phi" => ("ϕ", Letter),
        "varphi" => ("φ", Letter),
        "chi" => ("χ", Letter),
        "psi" => ("ψ", Letter),
        "omega" => ("ω", Letter),
        "Gamma" => ("Γ", Letter),
        "Delta" => ("Δ", Letter),
        "Theta" => ("Θ", Letter),
        "Lambda" => ("Λ", Letter),
        "Xi" => ("Ξ", Letter),
        "Pi" => ("Π", Letter),
        "Sigma" => ("Σ", Letter),
        "Upsilon" => ("Υ", Letter),
        "Phi" => ("Φ", Letter),
        "Psi" => ("Ψ", Letter),
        "Omega" => ("Ω", Letter),
        "infty" => ("∞", Letter),
        "partial" => ("∂", Letter),
        "nabla" => ("∇", Letter),
        "hbar" => ("ℏ", Letter),
        "ell" => ("ℓ", Letter),
        "Re" => ("ℜ", Letter),
        "Im" => ("ℑ", Letter),
        "aleph" => ("ℵ", Letter),
        "emptyset" | "varnothing" => ("∅", Letter),
        "angle" => ("∠", Letter),
        "degree" => ("°", Letter),
        "imath" => ("ı", Letter),
        "jmath" => ("ȷ", Letter),
        "dagger" => ("†", Operator),
        "ldots" | "dots" | "dotsc" => ("…", Letter),
        "cdots" | "dotsb" => ("⋯", Letter),
        "vdots" => ("⋮", Letter),
        "ddots" => ("⋱", Letter),
        "triangle" => ("△", Letter),
        "square" | "Box" => ("□", Letter),
        "checkmark" => ("✓", Letter),
        "top" => ("⊤", Letter),
        "bot" => ("⊥", Letter),
        "backslash" => ("\\", Letter),
        "%" => ("%", Letter),
        "#" => ("#", Letter),
        "$" => ("$", Letter),
        "&" => ("&amp;", Letter),
        "_" => ("_", Letter),
        "pm" => ("±", Operator),
        "mp" => ("∓", Operator),
        "times" => ("×", Operator),
        "div" => ("÷", Operator),
        "cdot" | "centerdot" => ("⋅", Operator),
        "ast" => ("∗", Operator),
        "star" => ("⋆", Operator),
        "circ" => ("∘", Operator),
        "bullet" => ("∙", Operator),
        "oplus" => ("⊕", Operator),
        "ominus" => ("⊖", Operator),
        "otimes" => ("⊗", Operator),
        "odot" => ("⊙", Operator),
        "wedge" | "land" => ("∧", Operator),
        "vee" | "lor" => ("∨", Operator),
        "neg" | "lnot" => ("¬", Operator),
        "cap" => ("∩", Operator),
        "cup" => ("∪", Operator),
        "setminus" => ("∖", Operator),
        "le" | "leq" => ("≤", Operator),
        "ge" | "geq" => ("≥", Operator),
        "leqslant" => ("⩽", Operator),
        "geqslant" => ("⩾", Operator),
        "lt" => ("&lt;", Operator),
        "gt" => ("&gt;", Operator),
        "ll" => ("≪", Operator),
        "gg" => ("≫", Operator),
        "ne" | "neq" => ("≠", Operator),
        "equiv" => ("≡", Operator),
        "approx" => ("≈", Operator),
        "sim" => ("∼", Operator),
        "simeq" => ("≃", Operator),
        "cong" => ("≅", Operator),
        "propto" => ("∝", Operator),
        "in" => ("∈", Operator),
        "notin" => ("∉", Operator),
        "ni" => ("∋", Operator),
        "subset" => ("⊂", Operator),
        "supset" => ("⊃", Operator),
        "subseteq" => ("⊆", Operator),
        "supseteq" => ("⊇", Operator),
        "subsetneq" => ("⊊", Operator),
        "parallel" => ("∥", Operator),
        "perp" => ("⊥", Operator),
        "mid" => ("∣", Operator),
        "nmid" => ("∤", Operator),
        "forall" => ("∀", Operator),
        "exists" => ("∃", Operator),
        "therefore" => ("∴", Operator),
        "because" => ("∵", Operator),
        "to" | "rightarrow" => ("→", Operator),
        "gets" | "leftarrow" => ("←", Operator),
        "leftrightarrow" => ("↔", Operator),
        "uparrow" => ("↑", Operator),
        "downarrow" => ("↓", Operator),
        "Rightarrow" => ("⇒", Operator),
        "Leftarrow" => ("⇐", Operator),
        "Leftrightarrow" => ("⇔", Operator),
        "implies" => ("⟹", Operator),
        "iff" => ("⟺", Operator),
        "mapsto" => ("↦", Operator),
        "longrightarrow" => ("⟶", Operator),
        "longleftarrow" => ("⟵", Operator),
        "rightleftharpoons" => ("⇌", Operator),
        "nearrow" => ("↗", Operator),
        "searrow" => ("↘", Operator),
        "prime" => ("′", Operator),
        "colon" => (":", Operator),
        "lbrace" | "{" => ("{", Operator),
        "rbrace" | "}" => ("}", Operator),
        "lbrack" => ("[", Operator),
        "rbrack" => ("]", Operator),
        "langle" => ("⟨", Operator),
        "rangle" => ("⟩", Operator),
        "lfloor" => ("⌊", Operator),
        "rfloor" => ("⌋", Operator),
        "lceil" => ("⌈", Operator),
        "rceil" => ("⌉", Operator),
        "vert" | "lvert" | "rvert" => ("|", Operator),
        "|" | "Vert" | "lVert" | "rVert" => ("‖", Operator),
        "sum" => ("∑", Limits),
        "prod" => ("∏", Limits),
        "coprod" => ("∐", Limits),
        "bigcup" => ("⋃", Limits),
        "bigcap" => ("⋂", Limits),
        "bigvee" => ("⋁", Limits),
        "bigwedge" => ("⋀", Limits),
        "bigoplus" => ("⨁", Limits),
        "bigotimes" => ("⨂", Limits),
        "int" => ("∫", Integral),
        "iint" => ("∬", Integral),
        "iiint" => ("∭", Integral),
        "oint" => ("∮", Integral),
        _ => return None,
    })
}

/// Functions written upright; `true` if scripts go below them.
pub(super) fn function(name: &str) -> Option<bool> {
    match name {
        "sin" | "cos" | "tan" | "cot" | "sec" | "csc" | "arcsin" | "arccos" | "arctan" | "sinh" | "cosh"
        | "tanh" | "coth" | "ln" | "lg" | "log" | "exp" | "arg" | "deg" | "dim" | "hom" | "ker" => {
            Some(false)
        }
        "lim" | "max" | "min" | "sup" | "inf" | "det" | "gcd" | "Pr" | "limsup" | "liminf" => Some(true),
        _ => None,
    }
}

/// Accents and lines over or under: the character, whether it is over, whether it stretches.
pub(super) fn accent(name: &str) -> Option<(&'static str, bool, bool)> {
    Some(match name {
        "hat" => ("^", true, false),
        "widehat" => ("^", true, true),
        "bar" => ("¯", true, false),
        "overline" => ("¯", true, true),
        "underline" => ("_", false, true),
        "vec" => ("→", true, false),
        "overrightarrow" => ("→", true, true),
        "overleftarrow" => ("←", true, true),
        "dot" => ("˙", true, false),
        "ddot" => ("¨", true, false),
        "tilde" => ("~", true, false),
        "widetilde" => ("~", true, true),
        "overbrace" => ("⏞", true, true),
        "underbrace" => ("⏟", false, true),
        "acute" => ("´", true, false),
        "grave" => ("`", true, false),
        _ => return None,
    })
}

/// Spaces, in em.
pub(super) fn space(name: &str) -> Option<&'static str> {
    Some(match name {
        "," => "0.1667em",
        ":" | ">" => "0.2222em",
        ";" => "0.2778em",
        "!" => "-0.1667em",
        " " | "~" | "space" | "enspace" => "0.5em",
        "quad" => "1em",
        "qquad" => "2em",
        _ => return None,
    })
}

/// Alphabets of a style command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// As variables are: italic.
    Italic,
    /// `\mathrm`.
    Upright,
    /// `\mathbf`.
    Bold,
    /// `\mathbb`.
    Double,
    /// `\mathcal`.
    Script,
    /// `\mathsf`.
    Sans,
}

/// The alphabet a command switches to for its argument.
pub(super) fn alphabet(name: &str) -> Option<Alphabet> {
    Some(match name {
        "mathrm" | "rm" | "mathup" | "operatorname" => Alphabet::Upright,
        "mathbf" | "bf" | "boldsymbol" | "bm" => Alphabet::Bold,
        "mathbb" => Alphabet::Double,
        "mathcal" | "mathscr" => Alphabet::Script,
        "mathsf" => Alphabet::Sans,
        "mathit" => Alphabet::Italic,
        _ => return None,
    })
}

/// A letter in an alphabet: MathML Core knows these by their characters only.
pub(super) fn styled(c: char, alphabet: Alphabet) -> char {
    let exception = match (alphabet, c) {
        (Alphabet::Double, 'C') => 'ℂ',
        (Alphabet::Double, 'H') => 'ℍ',
        (Alphabet::Double, 'N') => 'ℕ',
        (Alphabet::Double, 'P') => 'ℙ',
        (Alphabet::Double, 'Q') => 'ℚ',
        (Alphabet::Double, 'R') => 'ℝ',
        (Alphabet::Double, 'Z') => 'ℤ',
        (Alphabet::Script, 'B') => 'ℬ',
        (Alphabet::Script, 'E') => 'ℰ',
        (Alphabet::Script, 'F') => 'ℱ',
        (Alphabet::Script, 'H') => 'ℋ',
        (Alphabet::Script, 'I') => 'ℐ',
        (Alphabet::Script, 'L') => 'ℒ',
        (Alphabet::Script, 'M') => 'ℳ',
        (Alphabet::Script, 'R') => 'ℛ',
        (Alphabet::Script, 'e') => 'ℯ',
        (Alphabet::Script, 'g') => 'ℊ',
        (Alphabet::Script, 'o') => 'ℴ',
        _ => '\0',
    };
    if exception != '\0' {
        return exception;
    }
    let capitals = match alphabet {
        Alphabet::Italic | Alphabet::Upright => return c,
        Alphabet::Bold => 0x1D400,
        Alphabet::Double => 0x1D538,
        Alphabet::Script => 0x1D49C,
        Alphabet::Sans => 0x1D5A0,
    };
    let offset = match c {
        'A'..='Z' => c as u32 - 'A' as u32,
        'a'..='z' => c as u32 - 'a' as u32 + 26,
        _ => return c,
    };
    char::from_u32(capitals + offset).unwrap_or(c)
}
