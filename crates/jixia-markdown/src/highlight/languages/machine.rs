//! Controllers, hardware and grammars.

use super::super::language::{Escape, Language, flag, quote, quote_with};

const PLC: &str = "\
     action and array array_of at begin by case configuration const constant continue data_block div do \
     downto else elsif end end_action end_case end_configuration end_data_block end_for end_function \
     end_function_block end_if end_interface end_method end_organization_block end_program end_region \
     end_repeat end_resource end_struct end_type end_var end_while exit extends external f_edge false \
     final for from function function_block global goto if implements in initial_step input interface \
     method mod nil non_retain not of on or organization_block output override persistent pointer private \
     procedure program property protected public r_edge read_only read_write record ref ref_to reference \
     region repeat resource retain return set shl shr single step struct super task temp then this to \
     transition true type unit until uses using var var_access var_config var_external var_global \
     var_in_out var_input var_output var_stat var_temp while with xor";

const PLC_TYPES: &str = "\
     any bool boolean byte char counter ctd ctu ctud date date_and_time dint double dt dword f_trig int \
     integer lint lreal lword r_trig real rs sint sr string time time_of_day timer tod tof ton tp udint \
     uint ulint usint wchar word wstring";

pub(super) static LANGUAGES: [Language; 6] = [
    Language::new(
        "st iecst structured-text structuredtext iec61131 iec-61131 scl plc codesys",
        PLC,
        PLC_TYPES,
        &[quote_with("'", "'", false, Escape::Dollar), quote_with("\"", "\"", false, Escape::Dollar)],
        flag::CASELESS | flag::CALLS | flag::BASES | flag::NESTED | flag::PLC,
    )
    .comments(&["//"], &[("(*", "*)"), ("/*", "*/"), ("{", "}")]),
    Language::new(
        "pascal delphi",
        PLC,
        PLC_TYPES,
        &[quote_with("'''", "'''", true, Escape::None), quote_with("'", "'", false, Escape::Doubled)],
        flag::CASELESS | flag::CALLS,
    )
    .comments(&["//"], &[("(*", "*)"), ("{", "}")]),
    Language::new(
        "verilog systemverilog sv v",
        "\
         always always_comb always_ff and assign begin buf case default else end endcase endfunction \
         endgenerate endmodule endtask for forever function generate if initial inout input integer \
         localparam logic module negedge nor not or output parameter posedge reg repeat signed task timescale \
         unsigned while wire xor",
        "",
        &[quote("\"", "\"", false)],
        flag::CALLS | flag::TICKS | flag::TICK_DIRECTIVES,
    )
    .comments(&["//"], &[("/*", "*/")]),
    Language::new(
        "vhdl vhd",
        "\
         abs access after alias all and architecture array assert attribute begin block body buffer bus case \
         component configuration constant disconnect downto else elsif end entity exit file for function \
         generate generic group guarded if impure in inertial inout is label library linkage literal loop map \
         mod nand new next nor not null of on open or others out package port postponed procedure process \
         pure range record register reject rem report return rol ror select severity shared signal sla sll \
         sra srl subtype then to transport type unaffected units until use variable wait when while with xnor \
         xor",
        "\
         bit bit_vector boolean integer natural positive real std_logic std_logic_vector string time",
        &[quote_with("\"", "\"", false, Escape::Doubled), quote_with("'", "'", false, Escape::None)],
        flag::CASELESS | flag::CALLS | flag::BASES | flag::AFTERTICK,
    )
    .comments(&["--"], &[("/*", "*/")]),
    Language::new(
        "asm nasm assembly armasm mcs51",
        "\
         acall add addc ajmp anl bl bx call cjne clr cmp cpl da db dec div djnz dw end equ global inc int jb \
         jbc jc je jg jl jmp jnb jnc jne jnz jz lcall ldm ldr ljmp mov movc movx mul nop org orl pop push ret \
         reti rl rlc rr rrc section setb sjmp stm str sub subb swap syscall xch xor xrl",
        "",
        &[quote_with("\"", "\"", false, Escape::Dialect), quote_with("'", "'", false, Escape::Dialect)],
        flag::CASELESS | flag::DIRECTIVES,
    )
    .comments(&[";"], &[("/*", "*/")]),
    Language::new(
        "ebnf bnf",
        "",
        "",
        &[quote_with("\"", "\"", false, Escape::None), quote_with("'", "'", false, Escape::None)],
        flag::CAPITALS | flag::DASHES,
    )
    .comments(&[], &[("(*", "*)"), ("/*", "*/")]),
];
