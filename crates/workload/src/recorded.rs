//! Recordings read and measured: a file of 64 channels, a minute of needle EMG, a CMAP scan.

use tonus_physiology::random::Seed;
use tonus_signal::measures::cmap_scan::CmapScan;
use tonus_signal::measures::repetitive::runs;
use tonus_signal::measures::spike::SpikeCriteria;
use tonus_signal::measures::spontaneous::spontaneous_activity;
use tonus_signal::measures::turns::{TURN_UV, turns_amplitude};
use tonus_signal::measures::unit_number::unit_number;
use tonus_signal::measures::unit_train::unit_trains;
use tonus_signal::{Format, Recording};

use crate::Workload;

pub(crate) const READ_EDF_64CH_60S: Workload = Workload {
    name: "read_edf_64ch_60s",
    what: "60 s of 64 channels at 2,048 Hz read from an EDF+ file of 16 MB",
    cores: 1,
    build: build_file,
    neurons: 0,
};

pub(crate) const NEEDLE_60S: Workload = Workload {
    name: "needle_60s",
    what: "60 s of needle EMG at 25 kHz, three units: units sorted and measured, turns, what fires by itself, runs",
    cores: 1,
    build: build_needle,
    neurons: 0,
};

pub(crate) const UNIT_NUMBER_SCAN: Workload = Workload {
    name: "unit_number_scan",
    what: "units of a CMAP scan of 500 stimuli and 100 units fitted",
    cores: 1,
    build: build_scan,
    neurons: 0,
};

const SECONDS: f64 = 60.0;
const GRID_HZ: f64 = 2_048.0;
const NEEDLE_HZ: f64 = 25_000.0;

/// A file that goes with the workload.
struct Written(std::path::PathBuf);

impl Drop for Written {
    fn drop(&mut self) {
        // What cannot be removed is a temporary file of the system's.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn build_file() -> Box<dyn FnMut() -> f64> {
    let mut recording = Recording::titled("grid");
    for channel in 0..64 {
        let mut noise = Seed::new(3).index(channel).stream("signal");
        let samples = (0..(SECONDS * GRID_HZ) as usize).map(|_| 100.0 * noise.normal()).collect();
        recording = recording.with_channel(&format!("c{channel}"), "uV", GRID_HZ, samples);
    }
    let file = Written(std::env::temp_dir().join(format!("tonus-bench-{}.edf", std::process::id())));
    let written = tonus_signal::write(&recording, &file.0, Format::EdfPlus).is_ok();
    Box::new(move || {
        let read = tonus_signal::read(&file.0);
        let seconds = if written { read.as_ref().map_or(0.0, Recording::duration_s) } else { 0.0 };
        std::hint::black_box(&read);
        seconds
    })
}

fn needle_uv() -> Vec<f64> {
    let mut noise = Seed::new(4).stream("noise");
    let mut uv: Vec<f64> = (0..(SECONDS * NEEDLE_HZ) as usize).map(|_| 4.0 * noise.normal()).collect();
    for (unit, (rate_hz, size_uv, length_ms)) in
        [(9.0, 900.0, 4.0), (7.5, 500.0, 6.0), (11.0, 250.0, 5.0)].iter().enumerate()
    {
        let mut stream = Seed::new(4).index(unit).stream("intervals");
        let samples = (1e-3 * length_ms * NEEDLE_HZ) as usize;
        let mut time_s = 0.1;
        while time_s < SECONDS - 0.1 {
            let start = (time_s * NEEDLE_HZ) as usize;
            for (i, v) in uv[start..start + samples].iter_mut().enumerate() {
                let t = i as f64 / samples as f64;
                *v -= size_uv * libm::sin(3.0 * std::f64::consts::PI * t) * libm::sin(std::f64::consts::PI * t);
            }
            time_s += (1.0 + 0.15 * stream.normal()).max(0.3) / rate_hz;
        }
    }
    uv
}

fn build_needle() -> Box<dyn FnMut() -> f64> {
    let uv = needle_uv();
    Box::new(move || {
        let found = runs(&uv, NEEDLE_HZ);
        std::hint::black_box((
            unit_trains(&uv, NEEDLE_HZ, &SpikeCriteria::motor_units_uv()),
            turns_amplitude(&uv, NEEDLE_HZ, TURN_UV),
            spontaneous_activity(&uv, NEEDLE_HZ, &SpikeCriteria::spontaneous_uv(), &found),
        ));
        SECONDS
    })
}

fn scan() -> Option<CmapScan> {
    let mut stream = Seed::new(5).stream("scan");
    let units: Vec<(f64, f64)> =
        (0..100).map(|_| (10.0 * (1.0 + 0.15 * stream.normal()), 0.1 * libm::exp(0.6 * stream.normal()))).collect();
    let stimulus_ma: Vec<f64> = (0..500).map(|k| 5.0 + 0.02 * f64::from(k)).collect();
    let response_mv = stimulus_ma.iter().map(|ma| {
        let fired = units.iter().filter(|(threshold, _)| *ma > threshold * (1.0 + 0.02 * stream.normal()));
        fired.map(|(_, mv)| mv).sum::<f64>() + 0.01 * stream.normal()
    });
    let response_mv: Vec<f64> = response_mv.collect();
    CmapScan::new(stimulus_ma, response_mv)
}

fn build_scan() -> Box<dyn FnMut() -> f64> {
    let scan = scan();
    Box::new(move || {
        std::hint::black_box(scan.as_ref().and_then(unit_number));
        0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_timed_is_found() {
        let units = unit_trains(&needle_uv(), NEEDLE_HZ, &SpikeCriteria::motor_units_uv());
        let mut rates: Vec<f64> = units.iter().map(|u| u.rate_hz).collect();
        rates.sort_by(f64::total_cmp);
        assert_eq!(rates.len(), 3, "{rates:?}");
        assert!(
            rates.iter().zip([7.5, 9.0, 11.0]).all(|(found, true_hz)| (found / true_hz - 1.0).abs() < 0.1),
            "{rates:?}"
        );
        let count = scan().as_ref().and_then(unit_number).map_or(0, |fit| fit.units.len());
        assert!((70..=130).contains(&count), "{count}");
        assert!((build_file()() - SECONDS).abs() < 1.0, "the file is read");
    }
}
