//! Decomposition of recorded high-density EMG: vastus lateralis, 64 channels, a trapezoidal contraction (the sample file of openhdemg, Valli et al. 2024),
//! against the five trains that come with it.
//!
//! Looks for `recordings/hdemg/` in the folder that `TONUS_DATA` names; without it, says so and passes.

use std::path::PathBuf;

use tonus_signal::measures::agreement::agreement;
use tonus_signal::measures::decomposition::{DecompositionParameters, decompose};
use tonus_signal::read;

#[test]
fn the_reference_units_are_found() {
    let Some(folder) = std::env::var_os("TONUS_DATA") else {
        println!("skipped: TONUS_DATA is not set, so recordings/hdemg/otb_testfile.mat was not decomposed");
        return;
    };
    let recording =
        read(&PathBuf::from(folder).join("recordings/hdemg/otb_testfile.mat")).expect("an export of OTBiolab+");
    let channels: Vec<&[f64]> =
        recording.channels.iter().filter(|c| c.unit == "uV").map(|c| c.samples.as_slice()).collect();
    assert_eq!(channels.len(), 64);
    let start = std::time::Instant::now();
    let units = decompose(&channels, recording.channels[0].rate_hz, &DecompositionParameters::default());
    println!("{} units in {:.1} s", units.len(), start.elapsed().as_secs_f64());
    let mut rates = Vec::new();
    for k in 1..=5 {
        let name = format!("unit {k}");
        let reference: Vec<f64> = recording.annotations.iter().filter(|a| a.text == name).map(|a| a.onset_s).collect();
        let best = units
            .iter()
            .filter_map(|u| agreement(&u.discharges_s, &reference))
            .max_by(|a, b| a.rate.total_cmp(&b.rate))
            .expect("there are units");
        println!("{name}: {} discharges, {best:?}", reference.len());
        rates.push(best.rate);
    }
    for u in &units {
        println!(
            "found: {} discharges, {:.1} Hz, SIL {:.3}, CoV {:.2}",
            u.discharges_s.len(),
            u.rate_hz().unwrap_or(0.0),
            u.silhouette,
            u.irregularity
        );
    }
    assert!(rates.iter().filter(|r| **r > 0.9).count() >= 4, "{rates:?}");
}
