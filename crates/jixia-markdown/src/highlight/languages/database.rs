//! SQL and its dialects.

use super::super::language::{Escape, Language, Prefix, flag, quote_with};

const SQL: &str = "\
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
     when where while window with write year zerofill";

pub(super) static LANGUAGES: [Language; 5] = [
    Language::new(
        "sql hiveql",
        SQL,
        "",
        &[
            quote_with("'", "'", true, Escape::Dialect),
            quote_with("\"", "\"", true, Escape::Dialect),
            quote_with("`", "`", false, Escape::Doubled),
        ],
        flag::CASELESS | flag::CALLS | flag::LOOSE_HASH | flag::DOLLAR_QUOTES,
    )
    .comments(&["--", "#"], &[("/*", "*/")])
    .prefix(Prefix::Sql),
    Language::new(
        "mysql",
        SQL,
        "",
        &[
            quote_with("'", "'", true, Escape::BackslashOrDoubled),
            quote_with("\"", "\"", true, Escape::BackslashOrDoubled),
            quote_with("`", "`", false, Escape::Doubled),
        ],
        flag::CASELESS | flag::CALLS,
    )
    .comments(&["--", "#"], &[("/*", "*/")]),
    Language::new(
        "pgsql postgresql postgres plpgsql",
        SQL,
        "",
        &[
            quote_with("'", "'", true, Escape::Doubled),
            quote_with("\"", "\"", true, Escape::Doubled),
            quote_with("`", "`", false, Escape::Doubled),
        ],
        flag::CASELESS | flag::CALLS | flag::NESTED | flag::DOLLAR_QUOTES,
    )
    .comments(&["--"], &[("/*", "*/")])
    .prefix(Prefix::Sql),
    Language::new(
        "sqlite plsql oracle",
        SQL,
        "",
        &[
            quote_with("'", "'", true, Escape::Doubled),
            quote_with("\"", "\"", true, Escape::Doubled),
            quote_with("`", "`", false, Escape::Doubled),
        ],
        flag::CASELESS | flag::CALLS,
    )
    .comments(&["--"], &[("/*", "*/")])
    .prefix(Prefix::Sql),
    Language::new(
        "tsql mssql",
        SQL,
        "",
        &[
            quote_with("'", "'", true, Escape::Doubled),
            quote_with("\"", "\"", true, Escape::Doubled),
            quote_with("`", "`", false, Escape::Doubled),
        ],
        flag::CASELESS | flag::CALLS | flag::NESTED,
    )
    .comments(&["--"], &[("/*", "*/")]),
];
