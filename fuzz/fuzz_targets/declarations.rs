//! TOML of kinds, vocabularies, rubrics and units.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jixia_fuzz::declarations(data));
