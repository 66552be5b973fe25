//! Compiled languages.

use super::super::language::{Escape, Holes, Language, Prefix, flag, quote, quote_with};

const JAVA: &str = "\
     abstract assert break case catch class const continue def default do else enum extends false final \
     finally for goto if implements import in instanceof interface native new null package permits \
     private protected public record return sealed static strictfp super switch synchronized this throw \
     throws transient true try var volatile while yield";

pub(super) static LANGUAGES: [Language; 11] = [
    Language::new(
        "c h arduino ino glsl",
        "\
         alignas alignof auto break case const constexpr continue default do else enum extern false for goto \
         if inline nullptr register restrict return sizeof static struct switch true typedef union volatile \
         while",
        "\
         FILE NULL bool char double float int int16_t int32_t int64_t int8_t long short signed size_t ssize_t \
         uint16_t uint32_t uint64_t uint8_t unsigned void",
        &[quote("\"", "\"", false), quote("'", "'", false)],
        flag::DIRECTIVES | flag::CONTINUED | flag::CALLS | flag::TICKS,
    )
    .comments(&["//"], &[("/*", "*/")])
    .prefix(Prefix::C),
    Language::new(
        "cpp c++ cc cxx hpp hxx",
        "\
         alignas alignof and asm auto break case catch class co_await co_return co_yield concept const \
         const_cast consteval constexpr continue decltype default delete do dynamic_cast else enum explicit \
         export extern false final for friend goto if inline module mutable namespace new noexcept not \
         nullptr operator or override private protected public register reinterpret_cast requires restrict \
         return sizeof static static_assert static_cast struct switch template this throw true try typedef \
         typeid typename union using virtual volatile while",
        "\
         FILE NULL array bool char char16_t char32_t double float int int16_t int32_t int64_t int8_t long map \
         pair set short signed size_t ssize_t string tuple uint16_t uint32_t uint64_t uint8_t unsigned vector \
         void wchar_t",
        &[quote("\"", "\"", false), quote("'", "'", false)],
        flag::DIRECTIVES | flag::CONTINUED | flag::CALLS | flag::TICKS,
    )
    .comments(&["//"], &[("/*", "*/")])
    .prefix(Prefix::C),
    Language::new(
        "csharp cs c#",
        "\
         abstract as async await base break case catch checked class const continue default delegate do else \
         enum event explicit extern false finally fixed for foreach get goto if implicit in init interface \
         internal is lock namespace new null operator out override params partial private protected public \
         readonly record ref return sealed set sizeof stackalloc static struct switch this throw true try \
         typeof unchecked unsafe using value var virtual volatile when where while yield",
        "\
         bool byte char decimal double dynamic float int long nint object sbyte short string uint ulong \
         ushort void",
        &[quote("\"", "\"", false), quote("'", "'", false)],
        flag::DIRECTIVES | flag::CALLS | flag::CAPITALS | flag::CSHARP,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "java",
        JAVA,
        "boolean byte char double float int long short void",
        &[quote("\"\"\"", "\"\"\"", true), quote("\"", "\"", false), quote("'", "'", false)],
        flag::DECORATORS | flag::CALLS | flag::CAPITALS,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "groovy gradle",
        JAVA,
        "boolean byte char double float int long short void",
        &[quote("\"\"\"", "\"\"\"", true).with(Holes::Dollar), quote("'''", "'''", true), quote_with("$/", "/$", true, Escape::None).with(Holes::Dollar), quote("\"", "\"", false).with(Holes::Dollar), quote("'", "'", false)],
        flag::DECORATORS | flag::CALLS | flag::CAPITALS | flag::REGEX,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "kotlin kt kts",
        "\
         abstract actual annotation as break by catch class companion const constructor continue crossinline \
         data do else enum expect external false final finally for fun get if import in infix init inline \
         inner interface internal is lateinit noinline null object open operator out override package private \
         protected public reified return sealed set super suspend tailrec this throw true try typealias val \
         var vararg when where while",
        "",
        &[quote_with("\"\"\"", "\"\"\"", true, Escape::None).with(Holes::Dollar), quote("\"", "\"", false).with(Holes::Dollar), quote("'", "'", false)],
        flag::DECORATORS | flag::CALLS | flag::CAPITALS | flag::NESTED,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "dart",
        "\
         abstract as assert async await break case catch class const continue covariant default deferred do \
         dynamic else enum export extends extension external factory false final finally for get if \
         implements import in interface is late library mixin new null on operator part required rethrow \
         return sealed set show static super switch sync this throw true try typedef var void when while with \
         yield",
        "bool double int num",
        &[quote("'''", "'''", true).with(Holes::Dollar), quote("\"\"\"", "\"\"\"", true).with(Holes::Dollar), quote("\"", "\"", false).with(Holes::Dollar), quote("'", "'", false).with(Holes::Dollar)],
        flag::DECORATORS | flag::CALLS | flag::CAPITALS | flag::NESTED,
    )
    .comments(&["//"], &[("/*", "*/")])
    .prefix(Prefix::Dart),
    Language::new(
        "swift",
        "\
         Self actor any as associatedtype async await break case catch class continue default defer deinit do \
         else enum extension fallthrough false fileprivate final for func get guard if import in init inout \
         internal is lazy let mutating nil open operator override private protocol public repeat required \
         rethrows return self set some static struct subscript super switch throw throws true try typealias \
         var weak where while",
        "",
        &[quote("\"\"\"", "\"\"\"", true).with(Holes::Paren(0)), quote("\"", "\"", false).with(Holes::Paren(0))],
        flag::DECORATORS | flag::DIRECTIVES | flag::CALLS | flag::CAPITALS | flag::NESTED | flag::HASHED,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "go golang",
        "\
         break case chan const continue default defer else fallthrough false for func go goto if import \
         interface iota map nil package range return select struct switch true type var",
        "\
         any bool byte complex128 complex64 error float32 float64 int int16 int32 int64 int8 rune string uint \
         uint16 uint32 uint64 uint8 uintptr",
        &[quote_with("`", "`", true, Escape::None), quote("\"", "\"", false), quote("'", "'", false)],
        flag::CALLS,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "rust rs",
        "\
         Self as async await break const continue crate dyn else enum extern false fn for if impl in let loop \
         macro_rules match mod move mut pub ref return self static struct super trait true type union unsafe \
         use where while",
        "\
         bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize",
        &[quote("\"", "\"", true)],
        flag::CALLS | flag::CAPITALS | flag::NESTED,
    )
    .comments(&["//"], &[("/*", "*/")])
    .prefix(Prefix::Rust),
    Language::new(
        "protobuf proto",
        "\
         enum extend extensions false import message oneof option optional package repeated required reserved \
         returns rpc service stream syntax to true",
        "\
         bool bytes double fixed32 fixed64 float int32 int64 sfixed32 sfixed64 sint32 sint64 string uint32 \
         uint64",
        &[quote("\"", "\"", false), quote("'", "'", false)],
        flag::CAPITALS,
    )
    .comments(&["//"], &[("/*", "*/")]),
];
