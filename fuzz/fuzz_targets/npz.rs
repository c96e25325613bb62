#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tonus_fuzz::file("a.npz", data));
