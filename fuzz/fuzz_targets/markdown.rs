//! Bodies to facts and HTML.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jixia_fuzz::markdown(data));
