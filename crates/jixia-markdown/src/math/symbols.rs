//! LaTeX names and their characters.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

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

const LETTERS: &[(&str, &str)] = &[
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ϵ"),
    ("varepsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("vartheta", "ϑ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("omicron", "ο"),
    ("pi", "π"),
    ("varpi", "ϖ"),
    ("rho", "ρ"),
    ("varrho", "ϱ"),
    ("sigma", "σ"),
    ("varsigma", "ς"),
    ("tau", "τ"),
    ("upsilon", "υ"),
    ("phi", "ϕ"),
    ("varphi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Xi", "Ξ"),
    ("Pi", "Π"),
    ("Sigma", "Σ"),
    ("Upsilon", "Υ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
    ("infty", "∞"),
    ("partial", "∂"),
    ("nabla", "∇"),
    ("hbar", "ℏ"),
    ("ell", "ℓ"),
    ("Re", "ℜ"),
    ("Im", "ℑ"),
    ("aleph", "ℵ"),
    ("emptyset", "∅"),
    ("varnothing", "∅"),
    ("angle", "∠"),
    ("degree", "°"),
    ("imath", "ı"),
    ("jmath", "ȷ"),
    ("ldots", "…"),
    ("dots", "…"),
    ("dotsc", "…"),
    ("cdots", "⋯"),
    ("dotsb", "⋯"),
    ("vdots", "⋮"),
    ("ddots", "⋱"),
    ("triangle", "△"),
    ("square", "□"),
    ("Box", "□"),
    ("checkmark", "✓"),
    ("top", "⊤"),
    ("bot", "⊥"),
    ("backslash", "\\"),
    ("%", "%"),
    ("#", "#"),
    ("$", "$"),
    ("&", "&amp;"),
    ("_", "_"),
];

const OPERATORS: &[(&str, &str)] = &[
    ("dagger", "†"),
    ("pm", "±"),
    ("mp", "∓"),
    ("times", "×"),
    ("div", "÷"),
    ("cdot", "⋅"),
    ("centerdot", "⋅"),
    ("ast", "∗"),
    ("star", "⋆"),
    ("circ", "∘"),
    ("bullet", "∙"),
    ("oplus", "⊕"),
    ("ominus", "⊖"),
    ("otimes", "⊗"),
    ("odot", "⊙"),
    ("wedge", "∧"),
    ("land", "∧"),
    ("vee", "∨"),
    ("lor", "∨"),
    ("neg", "¬"),
    ("lnot", "¬"),
    ("cap", "∩"),
    ("cup", "∪"),
    ("setminus", "∖"),
    ("le", "≤"),
    ("leq", "≤"),
    ("ge", "≥"),
    ("geq", "≥"),
    ("leqslant", "⩽"),
    ("geqslant", "⩾"),
    ("lt", "&lt;"),
    ("gt", "&gt;"),
    ("ll", "≪"),
    ("gg", "≫"),
    ("ne", "≠"),
    ("neq", "≠"),
    ("equiv", "≡"),
    ("approx", "≈"),
    ("sim", "∼"),
    ("simeq", "≃"),
    ("cong", "≅"),
    ("propto", "∝"),
    ("in", "∈"),
    ("notin", "∉"),
    ("ni", "∋"),
    ("subset", "⊂"),
    ("supset", "⊃"),
    ("subseteq", "⊆"),
    ("supseteq", "⊇"),
    ("subsetneq", "⊊"),
    ("parallel", "∥"),
    ("perp", "⊥"),
    ("mid", "∣"),
    ("nmid", "∤"),
    ("forall", "∀"),
    ("exists", "∃"),
    ("therefore", "∴"),
    ("because", "∵"),
    ("to", "→"),
    ("rightarrow", "→"),
    ("gets", "←"),
    ("leftarrow", "←"),
    ("leftrightarrow", "↔"),
    ("uparrow", "↑"),
    ("downarrow", "↓"),
    ("Rightarrow", "⇒"),
    ("Leftarrow", "⇐"),
    ("Leftrightarrow", "⇔"),
    ("implies", "⟹"),
    ("iff", "⟺"),
    ("mapsto", "↦"),
    ("longrightarrow", "⟶"),
    ("longleftarrow", "⟵"),
    ("rightleftharpoons", "⇌"),
    ("nearrow", "↗"),
    ("searrow", "↘"),
    ("prec", "≺"),
    ("succ", "≻"),
    ("preceq", "⪯"),
    ("succeq", "⪰"),
    ("asymp", "≍"),
    ("doteq", "≐"),
    ("models", "⊨"),
    ("vdash", "⊢"),
    ("supsetneq", "⊋"),
    ("uplus", "⊎"),
    ("amalg", "⨿"),
    ("diamond", "⋄"),
    ("triangleleft", "◃"),
    ("triangleright", "▹"),
    ("nexists", "∄"),
    ("ntriangleleft", "⋪"),
    ("trianglelefteq", "⊴"),
    ("trianglerighteq", "⊵"),
    ("nleftarrow", "↚"),
    ("nrightarrow", "↛"),
    ("nleftrightarrow", "↮"),
    ("nRightarrow", "⇏"),
    ("nLeftarrow", "⇍"),
    ("nLeftrightarrow", "⇎"),
    ("leadsto", "⇝"),
    ("rightsquigarrow", "⇝"),
    ("impliedby", "⟸"),
    ("nless", "≮"),
    ("ngtr", "≯"),
    ("nleq", "≰"),
    ("ngeq", "≱"),
    ("nprec", "⊀"),
    ("nsucc", "⊁"),
    ("npreceq", "⋠"),
    ("nsucceq", "⋡"),
    ("lesssim", "≲"),
    ("gtrsim", "≳"),
    ("lessgtr", "≶"),
    ("gtrless", "≷"),
    ("lesseqgtr", "⋚"),
    ("gtreqless", "⋛"),
    ("lesseqqgtr", "⪋"),
    ("gtreqqless", "⪌"),
    ("subseteqq", "⫅"),
    ("supseteqq", "⫆"),
    ("subsetneqq", "⫋"),
    ("supsetneqq", "⫌"),
    ("nsubseteq", "⊈"),
    ("nsupseteq", "⊉"),
    ("sqsubseteq", "⊑"),
    ("sqsupseteq", "⊒"),
    ("nparallel", "∦"),
    ("approxeq", "≊"),
    ("triangleq", "≜"),
    ("coloneqq", "≔"),
    ("intercal", "⊺"),
    ("complement", "∁"),
    ("And", "&amp;"),
    ("longleftrightarrow", "⟷"),
    ("Longrightarrow", "⟹"),
    ("Longleftarrow", "⟸"),
    ("Longleftrightarrow", "⟺"),
    ("longmapsto", "⟼"),
    ("hookrightarrow", "↪"),
    ("hookleftarrow", "↩"),
    ("rightharpoonup", "⇀"),
    ("rightharpoondown", "⇁"),
    ("leftharpoonup", "↼"),
    ("leftharpoondown", "↽"),
    ("leftrightharpoons", "⇋"),
    ("rightleftarrows", "⇄"),
    ("Uparrow", "⇑"),
    ("Downarrow", "⇓"),
    ("updownarrow", "↕"),
    ("searrow", "↘"),
    ("swarrow", "↙"),
    ("nwarrow", "↖"),
    ("prime", "′"),
    ("colon", ":"),
    ("lbrace", "{"),
    ("{", "{"),
    ("rbrace", "}"),
    ("}", "}"),
    ("lbrack", "["),
    ("rbrack", "]"),
    ("langle", "⟨"),
    ("rangle", "⟩"),
    ("lfloor", "⌊"),
    ("rfloor", "⌋"),
    ("lceil", "⌈"),
    ("rceil", "⌉"),
    ("vert", "|"),
    ("lvert", "|"),
    ("rvert", "|"),
    ("|", "‖"),
    ("Vert", "‖"),
    ("lVert", "‖"),
    ("rVert", "‖"),
];

const LIMITS: &[(&str, &str)] = &[
    ("sum", "∑"),
    ("prod", "∏"),
    ("coprod", "∐"),
    ("bigcup", "⋃"),
    ("bigcap", "⋂"),
    ("bigvee", "⋁"),
    ("bigwedge", "⋀"),
    ("bigoplus", "⨁"),
    ("bigotimes", "⨂"),
];

const INTEGRALS: &[(&str, &str)] = &[("int", "∫"), ("iint", "∬"), ("iiint", "∭"), ("oint", "∮")];

static SYMBOLS: LazyLock<FxHashMap<&str, (&str, Symbol)>> = LazyLock::new(|| {
    let tables = [
        (LETTERS, Symbol::Letter),
        (OPERATORS, Symbol::Operator),
        (LIMITS, Symbol::Limits),
        (INTEGRALS, Symbol::Integral),
    ];
    let entries = tables.into_iter().flat_map(|(table, kind)| {
        let entry = move |(name, character): &(&'static str, &'static str)| (*name, (*character, kind));
        table.iter().map(entry)
    });
    entries.collect()
});

/// Looks a name up, without its backslash.
pub(super) fn symbol(name: &str) -> Option<(&'static str, Symbol)> {
    SYMBOLS.get(name).copied()
}

/// Functions written upright; `true` if scripts go below them.
pub(super) fn function(name: &str) -> Option<bool> {
    match name {
        "sin" | "cos" | "tan" | "cot" | "sec" | "csc" | "arcsin" | "arccos" | "arctan" | "arccot"
        | "sinh" | "cosh" | "tanh" | "coth" | "ln" | "lg" | "log" | "exp" | "arg" | "deg" | "dim" | "hom"
        | "ker" => Some(false),
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
        "dddot" => ("⃛", true, false),
        "mathring" => ("˚", true, false),
        "check" => ("ˇ", true, false),
        "breve" => ("˘", true, false),
        "overleftrightarrow" => ("↔", true, true),
        "acute" => ("´", true, false),
        "grave" => ("`", true, false),
        _ => return None,
    })
}

/// The size of a delimiter behind `\big` and its like.
pub(super) fn size(name: &str) -> Option<&'static str> {
    Some(match name.trim_end_matches(['l', 'r', 'm']) {
        "big" => "1.2em",
        "Big" => "1.8em",
        "bigg" => "2.4em",
        "Bigg" => "3em",
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
        "thinspace" => "0.1667em",
        "medspace" => "0.2222em",
        "thickspace" => "0.2778em",
        "negthinspace" => "-0.1667em",
        " " | "\n" | "\t" | "~" | "space" | "enspace" => "0.5em",
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
    /// `\mathfrak`.
    Fraktur,
    /// `\mathtt`.
    Typewriter,
}

/// The alphabet a command switches to for its argument.
pub(super) fn alphabet(name: &str) -> Option<Alphabet> {
    Some(match name {
        "mathrm" | "rm" | "mathup" | "operatorname" => Alphabet::Upright,
        "mathbf" | "bf" | "boldsymbol" | "bm" => Alphabet::Bold,
        "mathbb" | "Bbb" => Alphabet::Double,
        "mathcal" | "mathscr" => Alphabet::Script,
        "mathsf" => Alphabet::Sans,
        "mathfrak" | "frak" => Alphabet::Fraktur,
        "mathtt" | "tt" => Alphabet::Typewriter,
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
        (Alphabet::Fraktur, 'C') => 'ℭ',
        (Alphabet::Fraktur, 'H') => 'ℌ',
        (Alphabet::Fraktur, 'I') => 'ℑ',
        (Alphabet::Fraktur, 'R') => 'ℜ',
        (Alphabet::Fraktur, 'Z') => 'ℨ',
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
        Alphabet::Fraktur => 0x1D504,
        Alphabet::Typewriter => 0x1D670,
    };
    let offset = match c {
        'A'..='Z' => c as u32 - 'A' as u32,
        'a'..='z' => c as u32 - 'a' as u32 + 26,
        _ => return c,
    };
    char::from_u32(capitals + offset).unwrap_or(c)
}
