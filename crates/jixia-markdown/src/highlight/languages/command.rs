//! Shells, build files and configuration in the form of commands.

use super::super::language::{Escape, HereDocuments, Holes, Language, flag, quote, quote_with};

pub(super) static LANGUAGES: [Language; 6] = [
    Language::new(
        "bash sh shell zsh",
        "\
         alias break case cd continue declare do done echo elif else esac eval exec exit export fi for \
         function getopts if in local printf read readonly return select set shift source sudo test then time \
         trap unset until wait while",
        "",
        &[quote("\"", "\"", true).with(Holes::Shell), quote_with("'", "'", true, Escape::None), quote("`", "`", true)],
        flag::SHELL | flag::VARIABLES | flag::DASHES | flag::SPACED_COMMENTS,
    )
    .comments(&["#"], &[])
    .documents(HereDocuments::Shell),
    Language::new(
        "makefile make mk",
        "\
         define else elseif endef endforeach endfunction endif export foreach function if ifdef ifeq ifndef \
         ifneq include override project set undefine",
        "",
        &[quote("\"", "\"", false), quote("'", "'", false)],
        flag::VARIABLES | flag::CALLS | flag::MAKE,
    )
    .comments(&["#"], &[]),
    Language::new(
        "cmake",
        "\
         define else elseif endef endforeach endfunction endif export foreach function if ifdef ifeq ifndef \
         ifneq include override project set undefine",
        "",
        &[quote("\"", "\"", true).with(Holes::Dollar)],
        flag::CASELESS | flag::VARIABLES | flag::CALLS | flag::LONG_BRACKETS,
    )
    .comments(&["#"], &[]),
    Language::new(
        "powershell ps1 pwsh ps",
        "\
         begin break catch class continue data do dynamicparam else elseif end enum exit false filter finally \
         for foreach from function hidden if in null param process return static switch throw trap true try \
         until using while",
        "",
        &[quote_with("\"", "\"", true, Escape::Backtick).with(Holes::PowerShell), quote_with("'", "'", true, Escape::Doubled)],
        flag::CASELESS | flag::VARIABLES | flag::DASHES | flag::SPACED_COMMENTS,
    )
    .comments(&["#"], &[("<#", "#>")])
    .documents(HereDocuments::PowerShell),
    Language::new(
        "batch bat cmd dos",
        "\
         call cd cls copy del dir do echo else endlocal exist exit for goto if in md mkdir move not off on \
         pause rd rem ren rmdir set setlocal shift start title type",
        "",
        &[quote_with("\"", "\"", false, Escape::None)],
        flag::CASELESS | flag::BATCH,
    )
    .comments(&["rem", "::"], &[]),
    Language::new(
        "nginx nginxconf",
        "\
         events http if include listen location proxy_pass return rewrite root server server_name set \
         upstream worker_processes",
        "",
        &[quote("\"", "\"", true), quote("'", "'", true)],
        flag::VARIABLES | flag::SPACED_COMMENTS,
    )
    .comments(&["#"], &[]),
];
