//! Surface EMG of a muscle from its impulses, and its amplitude.

use tonus_body::Muscle;
use tonus_physiology::field::add_wave;
use tonus_physiology::field::surface::CompoundModel;
use tonus_physiology::random::Seed;
use tonus_signal::measures::filter::band_pass;
use tonus_signal::measures::mean;

/// Sampling, Hz.
const RATE_HZ: f64 = 2_000.0;
/// Pass band of surface EMG amplifiers, Hz.
const BAND_HZ: (f64, f64) = (20.0, 450.0);
/// Noise of electrode and amplifier, mV rms: as at the bedside.
const NOISE_MV: f64 = 0.002;

/// Surface electrodes over a healthy muscle.
pub(super) struct Electrodes {
    waves: CompoundModel,
}

impl Electrodes {
    pub(super) fn over(muscle: &Muscle, seed: Seed) -> Self {
        let alive = vec![true; muscle.pool.units];
        let seed = seed.child("fibres");
        Self { waves: CompoundModel::new(&muscle.fibres, muscle.pool.units, &alive, &muscle.junction, seed, RATE_HZ) }
    }

    pub(super) fn record(&self, duration_ms: usize) -> SurfaceSignal<'_> {
        SurfaceSignal { electrodes: self, samples: vec![0.0; duration_ms * (RATE_HZ as usize / 1000)] }
    }
}

/// Surface EMG being recorded.
pub(super) struct SurfaceSignal<'a> {
    electrodes: &'a Electrodes,
    samples: Vec<f64>,
}

impl SurfaceSignal<'_> {
    /// An impulse of `unit` at the muscle, `at_ms` into the recording.
    pub(super) fn add(&mut self, unit: usize, at_ms: f64) {
        add_wave(&mut self.samples, RATE_HZ, at_ms * 1e-3, self.electrodes.waves.unit_wave(unit), 1.0);
    }

    /// Mean rectified amplitude from `from_ms` on, mV.
    pub(super) fn rectified_mv(mut self, from_ms: usize, seed: Seed) -> f64 {
        let mut noise = seed.stream("noise");
        self.samples.iter_mut().for_each(|s| *s += NOISE_MV * noise.normal());
        let filtered = band_pass(&self.samples, RATE_HZ, BAND_HZ.0, BAND_HZ.1);
        let from = (from_ms * (RATE_HZ as usize / 1000)).min(filtered.len());
        let rectified: Vec<f64> = filtered[from..].iter().map(|s| s.abs()).collect();
        mean(&rectified).unwrap_or(f64::NAN)
    }
}
