//! Headers of resumable uploads.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jixia_fuzz::tus(data));
