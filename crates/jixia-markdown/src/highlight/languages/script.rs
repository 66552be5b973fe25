//! Scripting languages and data.

use super::super::language::{Escape, HereDocuments, Holes, Language, Prefix, flag, quote, quote_with};

const SCRIPT: &str = "\
     abstract any as async await break case catch class const continue debugger declare default delete do \
     else enum export extends false finally for from function get if implements import in infer \
     instanceof interface is keyof let module namespace never new null of override package private \
     protected public readonly return satisfies set static super switch this throw true try type typeof \
     undefined unknown var void while with yield";

pub(super) static LANGUAGES: [Language; 10] = [
    Language::new(
        "python py python3 micropython",
        "\
         False None True and as assert async await break case class continue def del elif else except finally \
         for from global if import in is lambda match nonlocal not or pass raise return self try while with \
         yield",
        "\
         bool bytes complex dict float frozenset int list object set str tuple type",
        &[quote("\"\"\"", "\"\"\"", true), quote("'''", "'''", true), quote("\"", "\"", false), quote("'", "'", false)],
        flag::DECORATORS | flag::LINE_DECORATORS | flag::CALLS,
    )
    .comments(&["#"], &[])
    .prefix(Prefix::Python),
    Language::new(
        "javascript js jsx mjs cjs node tsx",
        SCRIPT,
        "bigint boolean number object string symbol",
        &[quote("`", "`", true).with(Holes::Template), quote("\"", "\"", false), quote("'", "'", false)],
        flag::DECORATORS | flag::CALLS | flag::CAPITALS | flag::REGEX | flag::JSX,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "typescript ts mts cts",
        SCRIPT,
        "bigint boolean number object string symbol",
        &[quote("`", "`", true).with(Holes::Template), quote("\"", "\"", false), quote("'", "'", false)],
        flag::DECORATORS | flag::CALLS | flag::CAPITALS | flag::REGEX,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "json jsonc json5",
        "false null true",
        "",
        &[quote("\"", "\"", false), quote("'", "'", false)],
        flag::KEYS,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "php",
        "\
         abstract and array as break callable case catch class clone const continue declare default do echo \
         else elseif empty enddeclare endfor endforeach endif endswitch endwhile enum extends false final \
         finally fn for foreach function global goto if implements include include_once instanceof insteadof \
         interface isset list match namespace new null or parent print private protected public readonly \
         require require_once return self static switch this throw trait true try unset use var while xor \
         yield",
        "bool float int iterable mixed object string void",
        &[quote("\"", "\"", true).with(Holes::Php), quote("'", "'", true)],
        flag::VARIABLES | flag::CALLS | flag::CAPITALS | flag::PHP,
    )
    .comments(&["//", "#"], &[("/*", "*/")])
    .documents(HereDocuments::Php),
    Language::new(
        "ruby rb",
        "\
         BEGIN END alias and attr_accessor attr_reader begin break case class def defined do else elsif end \
         ensure extend false for if in include module next nil not or private protected public puts raise \
         redo require rescue retry return self super then true undef unless until when while yield",
        "",
        &[quote("\"", "\"", true).with(Holes::Hash), quote("'", "'", true), quote("`", "`", true).with(Holes::Hash)],
        flag::RUBY | flag::VARIABLES | flag::CAPITALS | flag::CALLS | flag::REGEX,
    )
    .comments(&["#"], &[])
    .documents(HereDocuments::Ruby),
    Language::new(
        "lua",
        "\
         and break do else elseif end false for function goto if in local nil not or repeat return then true \
         until while",
        "",
        &[quote("\"", "\"", false), quote("'", "'", false)],
        flag::CALLS | flag::LONG_BRACKETS,
    )
    .comments(&["--"], &[]),
    Language::new(
        "matlab octave m",
        "\
         break case catch classdef continue else elseif end endfor endfunction endif endwhile enumeration \
         false for function global if methods otherwise parfor persistent properties return spmd switch true \
         try while",
        "",
        &[quote_with("\"", "\"", false, Escape::Doubled), quote_with("'", "'", false, Escape::Doubled)],
        flag::CALLS | flag::AFTERTICK | flag::MATLAB,
    )
    .comments(&["%"], &[]),
    Language::new(
        "r rlang",
        "\
         FALSE Inf NA NULL NaN TRUE break else for function if in library next repeat require return while",
        "",
        &[quote("\"", "\"", true), quote("'", "'", true), quote_with("`", "`", false, Escape::None)],
        flag::CALLS,
    )
    .comments(&["#"], &[])
    .prefix(Prefix::R),
    Language::new(
        "vb vbnet vba vbs visualbasic basic",
        "\
         addhandler addressof alias and andalso as boolean byref byte byval call case catch cbool class const \
         continue date decimal declare default delegate dim directcast do double each else elseif end enum \
         erase error event exit false finally for friend function get global gosub goto handles if implements \
         imports in inherits integer interface is isnot let lib like long loop me mod module mustinherit \
         mustoverride mybase myclass namespace narrowing new next not nothing object of on operator option \
         optional or orelse overloads overridable overrides paramarray partial private property protected \
         public raiseevent readonly redim resume return select set shadows shared short single static step \
         stop string structure sub synclock then throw to true try typeof using variant wend when while \
         widening with withevents writeonly xor",
        "",
        &[quote_with("\"", "\"", false, Escape::Doubled)],
        flag::CASELESS | flag::CALLS | flag::DIRECTIVES | flag::DOLLAR_STRINGS,
    )
    .comments(&["'", "rem"], &[]),
];
