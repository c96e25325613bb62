#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tonus_fuzz::files(&["a.hea", "a.dat"], data));
