//! Tables of MP4 and Matroska.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jixia_fuzz::video(data));
