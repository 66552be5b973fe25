//! ZIP archives, office documents, workbooks and CSV.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jixia_fuzz::archive(data));
