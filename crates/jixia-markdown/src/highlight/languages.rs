//! The languages, as data.

use super::language::{Language, Words, flag, quote};

/// Finds a language by a name in lower case.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    LANGUAGES
        .iter()
        .find(|language| language.names.split(' ').any(|known| known == name))
}

static LANGUAGES: [Language; 32] = [
    Language {
        names: "c h arduino ino glsl",
        keywords: Words::new(
            "\
             alignas alignof auto break case const constexpr continue default do else enum extern false for goto \
             if inline nullptr register restrict return sizeof static struct switch true typedef union volatile \
             while",
        ),
        types: Words::new(
            "\
             FILE NULL bool char double float int int16_t int32_t int64_t int8_t long short signed size_t ssize_t \
             uint16_t uint32_t uint64_t uint8_t unsigned void",
        ),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::DIRECTIVES | flag::CALLS,
    },
    Language {
        names: "cpp c++ cc cxx hpp hxx",
        keywords: Words::new(
            "\
             alignas alignof and asm auto break case catch class co_await co_return co_yield concept const \
             const_cast consteval constexpr continue decltype default delete do dynamic_cast else enum explicit \
             export extern false final for friend goto if inline module mutable namespace new noexcept not \
             nullptr operator or override private protected public register reinterpret_cast requires restrict \
             return sizeof static static_assert static_cast struct switch template this throw true try typedef \
             typeid typename union using virtual volatile while",
        ),
        types: Words::new(
            "\
             FILE NULL array bool char char16_t char32_t double float int int16_t int32_t int64_t int8_t long map \
             pair set short signed size_t ssize_t string tuple uint16_t uint32_t uint64_t uint8_t unsigned vector \
             void wchar_t",
        ),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[
            quote("R\"(", ")\"", false, true),
            quote("\"", "\"", true, false),
            quote("'", "'", true, false),
        ],
        flags: flag::DIRECTIVES | flag::CALLS,
    },
    Language {
        names: "csharp cs c#",
        keywords: Words::new(
            "\
             abstract as async await base break case catch checked class const continue default delegate do else \
             enum event explicit extern false finally fixed for foreach get goto if implicit in init interface \
             internal is lock namespace new null operator out override params partial private protected public \
             readonly record ref return sealed set sizeof stackalloc static struct switch this throw true try \
             typeof unchecked unsafe using value var virtual volatile when where while yield",
        ),
        types: Words::new(
            "\
             bool byte char decimal double dynamic float int long nint object sbyte short string uint ulong \
             ushort void",
        ),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[
            quote("\"\"\"", "\"\"\"", false, true),
            quote("@\"", "\"", false, true),
            quote("$\"", "\"", true, false),
            quote("\"", "\"", true, false),
            quote("'", "'", true, false),
        ],
        flags: flag::DIRECTIVES | flag::CALLS | flag::CAPITALS,
    },
    Language {
        names: "java groovy gradle",
        keywords: Words::new(
            "\
             abstract assert break case catch class const continue def default do else enum extends false final \
             finally for goto if implements import in instanceof interface native new null package permits \
             private protected public record return sealed static strictfp super switch synchronized this throw \
             throws transient true try var volatile while yield",
        ),
        types: Words::new("boolean byte char double float int long short void"),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[
            quote("\"\"\"", "\"\"\"", true, true),
            quote("\"", "\"", true, false),
            quote("'", "'", true, false),
        ],
        flags: flag::DECORATORS | flag::CALLS | flag::CAPITALS,
    },
    Language {
        names: "kotlin kt kts",
        keywords: Words::new(
            "\
             abstract actual annotation as break by catch class companion const constructor continue crossinline \
             data do else enum expect external false final finally for fun get if import in infix init inline \
             inner interface internal is lateinit noinline null object open operator out override package private \
             protected public reified return sealed set super suspend tailrec this throw true try typealias val \
             var vararg when where while",
        ),
        types: Words::new(""),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[
            quote("\"\"\"", "\"\"\"", false, true),
            quote("\"", "\"", true, false),
            quote("'", "'", true, false),
        ],
        flags: flag::DECORATORS | flag::CALLS | flag::CAPITALS,
    },
    Language {
        names: "dart",
        keywords: Words::new(
            "\
             abstract as assert async await break case catch class const continue covariant default deferred do \
             dynamic else enum export extends extension external factory false final finally for get if \
             implements import in interface is late library mixin new null on operator part required rethrow \
             return sealed set show static super switch sync this throw true try typedef var void when while with \
             yield",
        ),
        types: Words::new("bool double int num"),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[
            quote("'''", "'''", true, true),
            quote("\"\"\"", "\"\"\"", true, true),
            quote("\"", "\"", true, false),
            quote("'", "'", true, false),
        ],
        flags: flag::DECORATORS | flag::CALLS | flag::CAPITALS,
    },
    Language {
        names: "swift",
        keywords: Words::new(
            "\
             Self actor any as associatedtype async await break case catch class continue default defer deinit do \
             else enum extension fallthrough false fileprivate final for func get guard if import in init inout \
             internal is lazy let mutating nil open operator override private protocol public repeat required \
             rethrows return self set some static struct subscript super switch throw throws true try typealias \
             var weak where while",
        ),
        types: Words::new(""),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[
            quote("\"\"\"", "\"\"\"", true, true),
            quote("\"", "\"", true, false),
        ],
        flags: flag::DECORATORS | flag::DIRECTIVES | flag::CALLS | flag::CAPITALS,
    },
    Language {
        names: "python py python3 micropython",
        keywords: Words::new(
            "\
             False None True and as assert async await break case class continue def del elif else except finally \
             for from global if import in is lambda match nonlocal not or pass raise return self try while with \
             yield",
        ),
        types: Words::new("bool bytes complex dict float frozenset int list object set str tuple type"),
        line: &["#"],
        block: &[],
        quotes: &[
            quote("\"\"\"", "\"\"\"", true, true),
            quote("'''", "'''", true, true),
            quote("\"", "\"", true, false),
            quote("'", "'", true, false),
        ],
        flags: flag::DECORATORS | flag::CALLS,
    },
    Language {
        names: "javascript js jsx mjs cjs node typescript ts tsx",
        keywords: Words::new(
            "\
             abstract any as async await break case catch class const continue debugger declare default delete do \
             else enum export extends false finally for from function get if implements import in infer \
             instanceof interface is keyof let module namespace never new null of override package private \
             protected public readonly return satisfies set static super switch this throw true try type typeof \
             undefined unknown var void while with yield",
        ),
        types: Words::new("bigint boolean number object string symbol"),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[
            quote("`", "`", true, true),
            quote("\"", "\"", true, false),
            quote("'", "'", true, false),
        ],
        flags: flag::DECORATORS | flag::CALLS | flag::CAPITALS,
    },
    Language {
        names: "json jsonc json5",
        keywords: Words::new("false null true"),
        types: Words::new(""),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::KEYS,
    },
    Language {
        names: "css scss less sass",
        keywords: Words::new(
            "and charset font-face from import important keyframes media not only supports to",
        ),
        types: Words::new(""),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::DECORATORS | flag::DASHES | flag::KEYS | flag::CALLS,
    },
    Language {
        names: "sql mysql pgsql postgresql sqlite plsql tsql hiveql",
        keywords: Words::new(
            "\
             add after all alter analyze and any as asc auto_increment before begin between bigint binary bit \
             blob both by call cascade case change char character check collate column commit constraint create \
             cross current_date current_timestamp cursor database databases date datetime decimal declare default \
             delete delimiter desc describe distinct div double drop each else elseif end enum escape except \
             exists explain false fetch float for force foreign from full function grant group having identified \
             if ignore in index inner insert int integer intersect interval into is join json key keys kill \
             leading left like limit load lock long longtext mediumint mod modify natural not null numeric of \
             offset on option or order outer over partition password precision prepare primary privileges \
             procedure range read real recursive references regexp rename repeat replace restrict return returns \
             revoke right rollback row rows schema select session set show signed smallint start status table \
             tables temporary text then time timestamp tinyint to trailing transaction trigger true truncate \
             union unique unlock unsigned update usage use user using values varbinary varchar variables view \
             when where while window with write year zerofill",
        ),
        types: Words::new(""),
        line: &["--", "#"],
        block: &[("/*", "*/")],
        quotes: &[
            quote("'", "'", true, false),
            quote("\"", "\"", true, false),
            quote("`", "`", false, false),
        ],
        flags: flag::CASELESS | flag::CALLS,
    },
    Language {
        names: "bash sh shell zsh console shell-session",
        keywords: Words::new(
            "\
             alias break case cd continue declare do done echo elif else esac eval exec exit export fi for \
             function getopts if in local printf read readonly return select set shift source sudo test then time \
             trap unset until wait while",
        ),
        types: Words::new(""),
        line: &["#"],
        block: &[],
        quotes: &[
            quote("\"", "\"", true, true),
            quote("'", "'", false, true),
            quote("`", "`", true, true),
        ],
        flags: flag::VARIABLES | flag::DASHES | flag::SPACED_COMMENTS,
    },
    Language {
        names: "dockerfile docker",
        keywords: Words::new(
            "\
             add arg as cmd copy entrypoint env expose from healthcheck label maintainer onbuild run shell \
             stopsignal user volume workdir",
        ),
        types: Words::new(""),
        line: &["#"],
        block: &[],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::CASELESS | flag::VARIABLES | flag::SPACED_COMMENTS,
    },
    Language {
        names: "makefile make mk cmake",
        keywords: Words::new(
            "\
             define else elseif endef endforeach endfunction endif export foreach function if ifdef ifeq ifndef \
             ifneq include override project set undefine",
        ),
        types: Words::new(""),
        line: &["#"],
        block: &[],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::VARIABLES | flag::CALLS,
    },
    Language {
        names: "powershell ps1 pwsh ps",
        keywords: Words::new(
            "\
             begin break catch class continue data do dynamicparam else elseif end enum exit false filter finally \
             for foreach from function hidden if in null param process return static switch throw trap true try \
             until using while",
        ),
        types: Words::new(""),
        line: &["#"],
        block: &[("<#", "#>")],
        quotes: &[
            quote("@\"", "\"@", false, true),
            quote("\"", "\"", false, true),
            quote("'", "'", false, true),
        ],
        flags: flag::CASELESS | flag::VARIABLES | flag::DASHES,
    },
    Language {
        names: "batch bat cmd dos",
        keywords: Words::new(
            "\
             call cd cls copy del dir do echo else endlocal exist exit for goto if in md mkdir move not off on \
             pause rd rem ren rmdir set setlocal shift start title type",
        ),
        types: Words::new(""),
        line: &["rem", "::"],
        block: &[],
        quotes: &[quote("\"", "\"", true, false)],
        flags: flag::CASELESS,
    },
    Language {
        names: "go golang",
        keywords: Words::new(
            "\
             break case chan const continue default defer else fallthrough false for func go goto if import \
             interface iota map nil package range return select struct switch true type var",
        ),
        types: Words::new(
            "\
             any bool byte complex128 complex64 error float32 float64 int int16 int32 int64 int8 rune string uint \
             uint16 uint32 uint64 uint8 uintptr",
        ),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[
            quote("`", "`", false, true),
            quote("\"", "\"", true, false),
            quote("'", "'", true, false),
        ],
        flags: flag::CALLS,
    },
    Language {
        names: "rust rs",
        keywords: Words::new(
            "\
             Self as async await break const continue crate dyn else enum extern false fn for if impl in let loop \
             macro_rules match mod move mut pub ref return self static struct super trait true type union unsafe \
             use where while",
        ),
        types: Words::new("bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize"),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[quote("r#\"", "\"#", false, true), quote("\"", "\"", true, true)],
        flags: flag::CALLS | flag::CAPITALS,
    },
    Language {
        names: "php",
        keywords: Words::new(
            "\
             abstract and array as break callable case catch class clone const continue declare default do echo \
             else elseif empty enddeclare endfor endforeach endif endswitch endwhile enum extends false final \
             finally fn for foreach function global goto if implements include include_once instanceof insteadof \
             interface isset list match namespace new null or parent print private protected public readonly \
             require require_once return self static switch this throw trait true try unset use var while xor \
             yield",
        ),
        types: Words::new("bool float int iterable mixed object string void"),
        line: &["//", "#"],
        block: &[("/*", "*/")],
        quotes: &[quote("\"", "\"", true, true), quote("'", "'", true, true)],
        flags: flag::VARIABLES | flag::CALLS | flag::CAPITALS,
    },
    Language {
        names: "ruby rb",
        keywords: Words::new(
            "\
             BEGIN END alias and attr_accessor attr_reader begin break case class def defined do else elsif end \
             ensure extend false for if in include module next nil not or private protected public puts raise \
             redo require rescue retry return self super then true undef unless until when while yield",
        ),
        types: Words::new(""),
        line: &["#"],
        block: &[("=begin", "=end")],
        quotes: &[quote("\"", "\"", true, true), quote("'", "'", true, true)],
        flags: flag::DECORATORS | flag::CAPITALS | flag::CALLS,
    },
    Language {
        names: "lua",
        keywords: Words::new(
            "\
             and break do else elseif end false for function goto if in local nil not or repeat return then true \
             until while",
        ),
        types: Words::new(""),
        line: &["--"],
        block: &[("--[[", "]]")],
        quotes: &[
            quote("[[", "]]", false, true),
            quote("\"", "\"", true, false),
            quote("'", "'", true, false),
        ],
        flags: flag::CALLS,
    },
    Language {
        names: "matlab octave m",
        keywords: Words::new(
            "\
             break case catch classdef continue else elseif end endfor endfunction endif endwhile enumeration \
             false for function global if methods otherwise parfor persistent properties return spmd switch true \
             try while",
        ),
        types: Words::new(""),
        line: &["%"],
        block: &[("%{", "%}")],
        quotes: &[quote("\"", "\"", false, false)],
        flags: flag::CALLS,
    },
    Language {
        names: "r rlang",
        keywords: Words::new(
            "\
             FALSE Inf NA NULL NaN TRUE break else for function if in library next repeat require return while",
        ),
        types: Words::new(""),
        line: &["#"],
        block: &[],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::CALLS,
    },
    Language {
        names: "st iecst structured-text structuredtext iec61131 iec-61131 scl plc pascal delphi codesys",
        keywords: Words::new(
            "\
             action and array array_of at begin by case configuration const constant continue data_block div do \
             downto else elsif end end_action end_case end_configuration end_data_block end_for end_function \
             end_function_block end_if end_interface end_method end_organization_block end_program end_region \
             end_repeat end_resource end_struct end_type end_var end_while exit extends external f_edge false \
             final for from function function_block global goto if implements in initial_step input interface \
             method mod nil non_retain not of on or organization_block output override persistent pointer private \
             procedure program property protected public r_edge read_only read_write record ref ref_to reference \
             region repeat resource retain return set shl shr single step struct super task temp then this to \
             transition true type unit until uses using var var_access var_config var_external var_global \
             var_in_out var_input var_output var_stat var_temp while with xor",
        ),
        types: Words::new(
            "\
             any bool boolean byte char counter ctd ctu ctud date date_and_time dint double dt dword f_trig int \
             integer lint lreal lword r_trig real rs sint sr string time time_of_day timer tod tof ton tp udint \
             uint ulint usint wchar word wstring",
        ),
        line: &["//"],
        block: &[("(*", "*)"), ("/*", "*/"), ("{", "}")],
        quotes: &[quote("'", "'", false, false), quote("\"", "\"", false, false)],
        flags: flag::CASELESS | flag::CALLS | flag::BASES | flag::DIRECTIVES,
    },
    Language {
        names: "vb vbnet vba vbs visualbasic basic",
        keywords: Words::new(
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
        ),
        types: Words::new(""),
        line: &["'", "rem"],
        block: &[],
        quotes: &[quote("\"", "\"", false, false)],
        flags: flag::CASELESS | flag::CALLS | flag::DIRECTIVES,
    },
    Language {
        names: "verilog systemverilog sv v",
        keywords: Words::new(
            "\
             always always_comb always_ff and assign begin buf case default else end endcase endfunction \
             endgenerate endmodule endtask for forever function generate if initial inout input integer \
             localparam logic module negedge nor not or output parameter posedge reg repeat signed task timescale \
             unsigned while wire xor",
        ),
        types: Words::new(""),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[quote("\"", "\"", true, false)],
        flags: flag::BASES | flag::CALLS,
    },
    Language {
        names: "vhdl vhd",
        keywords: Words::new(
            "\
             abs access after alias all and architecture array assert attribute begin block body buffer bus case \
             component configuration constant disconnect downto else elsif end entity exit file for function \
             generate generic group guarded if impure in inertial inout is label library linkage literal loop map \
             mod nand new next nor not null of on open or others out package port postponed procedure process \
             pure range record register reject rem report return rol ror select severity shared signal sla sll \
             sra srl subtype then to transport type unaffected units until use variable wait when while with xnor \
             xor",
        ),
        types: Words::new(
            "\
             bit bit_vector boolean integer natural positive real std_logic std_logic_vector string time",
        ),
        line: &["--"],
        block: &[],
        quotes: &[quote("\"", "\"", true, false)],
        flags: flag::CASELESS | flag::CALLS,
    },
    Language {
        names: "asm nasm assembly armasm mcs51",
        keywords: Words::new(
            "\
             acall add addc ajmp anl bl bx call cjne clr cmp cpl da db dec div djnz dw end equ global inc int jb \
             jbc jc je jg jl jmp jnb jnc jne jnz jz lcall ldm ldr ljmp mov movc movx mul nop org orl pop push ret \
             reti rl rlc rr rrc section setb sjmp stm str sub subb swap syscall xch xor xrl",
        ),
        types: Words::new(""),
        line: &[";"],
        block: &[("/*", "*/")],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::CASELESS | flag::DIRECTIVES,
    },
    Language {
        names: "protobuf proto",
        keywords: Words::new(
            "\
             enum extend extensions false import message oneof option optional package repeated required reserved \
             returns rpc service stream syntax to true",
        ),
        types: Words::new(
            "\
             bool bytes double fixed32 fixed64 float int32 int64 sfixed32 sfixed64 sint32 sint64 string uint32 \
             uint64",
        ),
        line: &["//"],
        block: &[("/*", "*/")],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::CAPITALS,
    },
    Language {
        names: "nginx nginxconf",
        keywords: Words::new(
            "\
             events http if include listen location proxy_pass return rewrite root server server_name set \
             upstream worker_processes",
        ),
        types: Words::new(""),
        line: &["#"],
        block: &[],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::VARIABLES | flag::SPACED_COMMENTS,
    },
    Language {
        names: "ebnf bnf",
        keywords: Words::new(""),
        types: Words::new(""),
        line: &[],
        block: &[("(*", "*)")],
        quotes: &[quote("\"", "\"", true, false), quote("'", "'", true, false)],
        flags: flag::CAPITALS | flag::DASHES,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_names_unique() {
        let mut names = Vec::new();
        for language in &LANGUAGES {
            names.extend(language.names.split(' '));
            for list in [&language.keywords, &language.types] {
                let mut words: Vec<&str> = list.text.split(' ').collect();
                let caseless = language.has(flag::CASELESS);
                assert!(
                    !caseless || list.text.to_ascii_lowercase() == list.text,
                    "{}",
                    language.names
                );
                let all = words.len();
                words.dedup();
                assert!(words.is_sorted() && words.len() == all, "{}", language.names);
            }
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
