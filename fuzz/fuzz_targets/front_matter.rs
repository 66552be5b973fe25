//! Content files against the schema.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jixia_fuzz::front_matter(data));
