//! The EMG of 64 channels: made from unit potentials and spike trains, and taken apart again.

use tonus_physiology::field::multichannel::emg;
use tonus_physiology::random::Seed;
use tonus_signal::measures::decomposition::{DecompositionParameters, decompose};

use crate::{Workload, reference_muscle};

pub(crate) const EMG_64CH_10S: Workload = Workload {
    name: "emg_64ch_10s",
    what: "10 s of EMG at 64 electrodes, 2,048 Hz, from the potentials of 100 units firing at 8-20 Hz",
    cores: 1,
    build,
    neurons: 0,
};

pub(crate) const DECOMPOSE_64CH_60S: Workload = Workload {
    name: "decompose_64ch_60s",
    what: "60 s of EMG at 64 electrodes, 2,048 Hz, of 40 units and noise, decomposed into their discharges",
    cores: 2,
    build: build_decomposition,
    neurons: 0,
};

const SECONDS: f64 = 10.0;
/// What is decomposed: a minute of a moderate effort.
const DECOMPOSED_S: f64 = 60.0;
const DECOMPOSED_UNITS: usize = 40;
/// Noise of an electrode, of the root mean square of the signal (20 dB).
const NOISE: f64 = 0.1;

/// Trains of mean rates 20 Hz (smallest unit) down to 8 Hz, intervals with a coefficient of variation of 0.15.
fn trains(units: usize, seconds: f64) -> Vec<Vec<f64>> {
    (0..units)
        .map(|unit| {
            let mut stream = Seed::new(1).index(unit).stream("intervals");
            let mean_s = 1.0 / (20.0 - 12.0 * unit as f64 / (reference_muscle::UNITS - 1) as f64);
            let mut time_s = mean_s * stream.uniform();
            let mut train = Vec::new();
            while time_s < seconds {
                train.push(time_s);
                time_s += mean_s * (1.0 + 0.15 * stream.normal()).max(0.2);
            }
            train
        })
        .collect()
}

fn build() -> Box<dyn FnMut() -> f64> {
    let array = reference_muscle::array();
    let potentials = array.unit_potentials(&reference_muscle::fibres(), reference_muscle::UNITS);
    let trains = trains(reference_muscle::UNITS, SECONDS);
    Box::new(move || {
        std::hint::black_box(&emg(&potentials, &trains, (SECONDS * array.rate_hz) as usize));
        SECONDS
    })
}

fn build_decomposition() -> Box<dyn FnMut() -> f64> {
    let array = reference_muscle::array();
    let potentials = array.unit_potentials(&reference_muscle::fibres(), reference_muscle::UNITS);
    let mut trains = trains(DECOMPOSED_UNITS, DECOMPOSED_S);
    trains.resize(reference_muscle::UNITS, Vec::new());
    let all = emg(&potentials, &trains, (DECOMPOSED_S * array.rate_hz) as usize);
    let electrodes = array.grid.electrodes();
    let size = (all.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / all.len() as f64).sqrt();
    let channels: Vec<Vec<f64>> = (0..electrodes)
        .map(|c| {
            let mut noise = Seed::new(2).index(c).stream("noise");
            all.iter().skip(c).step_by(electrodes).map(|v| f64::from(*v) + NOISE * size * noise.normal()).collect()
        })
        .collect();
    let rate_hz = array.rate_hz;
    Box::new(move || {
        let views: Vec<&[f64]> = channels.iter().map(Vec::as_slice).collect();
        std::hint::black_box(&decompose(&views, rate_hz, &DecompositionParameters::default()));
        DECOMPOSED_S
    })
}
