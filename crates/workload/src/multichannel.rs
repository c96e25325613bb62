//! The EMG of 64 channels, from unit potentials and spike trains.

use tonus_physiology::field::multichannel::emg;
use tonus_physiology::random::Seed;

use crate::{Workload, reference_muscle};

pub(crate) const EMG_64CH_10S: Workload = Workload {
    name: "emg_64ch_10s",
    what: "10 s of EMG at 64 electrodes, 2,048 Hz, from the potentials of 100 units firing at 8-20 Hz",
    cores: 1,
    build,
    neurons: 0,
};

const SECONDS: f64 = 10.0;

/// Trains of mean rates 20 Hz (smallest unit) down to 8 Hz, intervals with a coefficient of variation of 0.15.
fn trains() -> Vec<Vec<f64>> {
    (0..reference_muscle::UNITS)
        .map(|unit| {
            let mut stream = Seed::new(1).index(unit).stream("intervals");
            let mean_s = 1.0 / (20.0 - 12.0 * unit as f64 / (reference_muscle::UNITS - 1) as f64);
            let mut time_s = mean_s * stream.uniform();
            let mut train = Vec::new();
            while time_s < SECONDS {
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
    let trains = trains();
    Box::new(move || {
        std::hint::black_box(&emg(&potentials, &trains, (SECONDS * array.rate_hz) as usize));
        SECONDS
    })
}
