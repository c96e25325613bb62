#![no_main]

const FILES: [&str; 5] = [
    "sub-1_task-a_channels.tsv",
    "sub-1_task-a_events.tsv",
    "sub-1_electrodes.tsv",
    "sub-1_coordsystem.json",
    "sub-1_task-a_emg.edf",
];

libfuzzer_sys::fuzz_target!(|data: &[u8]| tonus_fuzz::data_set(&FILES, data));
