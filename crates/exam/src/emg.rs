//! Muscle potentials as the examiner records them: surface EMG from impulses, compound responses through the endplates, noise.

use std::sync::Arc;

use tonus_body::Muscle;
use tonus_physiology::cord::circuit::Spike;
use tonus_physiology::field::add_wave;
use tonus_physiology::field::surface::CompoundModel;
use tonus_physiology::junction::{Junction, JunctionModel, JunctionParameters};
use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_physiology::random::{Seed, Stream};
use tonus_signal::{Side, Value};

use crate::Subject;

/// Sampling of laboratory surface recordings, Hz.
pub(crate) const RATE_HZ: f64 = 20_000.0;
/// Sampling of bedside surface EMG, Hz.
pub(crate) const EMG_HZ: f64 = 4_000.0;
/// Noise of bedside surface EMG, mV rms (electrode and amplifier, 10-500 Hz).
const EMG_NOISE_MV: f64 = 0.002;

/// More groups of junctions than any unit is cut into.
const MOST_GROUPS: usize = 16;
/// Nerve impulse at the terminal to action potential of the fibre in a healthy junction, ms (0.5 synaptic, 0.3 rise of the
/// endplate potential to threshold).
pub(crate) const JUNCTION_MS: f64 = 0.8;
/// Discharge rate at which a bedside EMG's junctions transmit, Hz (assumed: reflexes and moderate effort).
const BEDSIDE_HZ: f64 = 10.0;

/// Stretch of surface EMG over which tonic activity is told from single potentials, ms (assumed: units that hold a muscle fire
/// once in it or more, a fasciculation falls in one of many).
const TONIC_MS: usize = 50;
/// Range of the amplifier's noise within it, SD: of 200 draws of a normal distribution.
const NOISE_RANGE_SD: f64 = 5.5;
/// Smallest M wave of which EMG is given as a share, mV (assumed: the noise of the amplifier, 0.015 mV peak to peak, is 3 % of it).
const SMALLEST_M_WAVE_MV: f64 = 0.5;

/// Lowest and highest value, as a range round nought.
pub(crate) fn peak_to_peak(x: &[f64]) -> f64 {
    let (low, high) = x.iter().fold((0.0_f64, 0.0_f64), |(l, h), &v| (l.min(v), h.max(v)));
    high - low
}

/// Tonic activity of bedside surface EMG: the median peak-to-peak size of 50 ms above the amplifier's noise, mV.
pub(crate) fn tonic_mv(emg_mv: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = emg_mv.chunks_exact(TONIC_MS * (EMG_HZ as usize / 1000)).map(peak_to_peak).collect();
    sizes.sort_by(f64::total_cmp);
    (sizes.get(sizes.len() / 2).copied().unwrap_or(0.0) - NOISE_RANGE_SD * EMG_NOISE_MV).max(0.0)
}

/// EMG in % of the maximal M wave, where that is large enough to be a measure.
pub(crate) fn percent_of_m_wave(mv: f64, m_wave_mv: f64) -> Value {
    if m_wave_mv < SMALLEST_M_WAVE_MV { Value::NotEvocable } else { Value::Number(100.0 * mv / m_wave_mv) }
}

/// Adds white Gaussian noise.
pub(crate) fn add_noise(signal: &mut [f64], rms: f64, seed: Seed) {
    let mut stream = seed.stream("noise");
    for sample in signal {
        *sample += rms * stream.normal();
    }
}

/// Bedside surface electrodes over one muscle.
pub(crate) struct SurfaceEmg {
    compound: Arc<CompoundModel>,
    axons: Arc<MotorAxons>,
    /// Mean share of a unit's junctions that transmit.
    transmission: f64,
}

impl SurfaceEmg {
    pub(crate) fn new(subject: &Subject<'_>, side: Side, muscle: &Muscle) -> Self {
        let junctions = JunctionModel::new(&muscle.junction, subject.muscle_seed(side, &muscle.id));
        Self {
            compound: subject.compound(side, muscle, EMG_HZ),
            axons: subject.axons(side, muscle),
            transmission: junctions.transmission(BEDSIDE_HZ),
        }
    }

    /// A trace of `duration_ms`, to be filled millisecond by millisecond.
    pub(crate) fn trace(&self, duration_ms: usize, seed: Seed) -> EmgTrace<'_> {
        let samples = duration_ms * (EMG_HZ as usize / 1000);
        EmgTrace { electrodes: self, samples: vec![0.0; samples], seed: seed.child("emg") }
    }

    /// Peak-to-peak maximal M wave of the muscle, stimulated near it, mV.
    pub(crate) fn m_wave_mv(&self) -> f64 {
        let mut wave = vec![0.0; (0.08 * EMG_HZ) as usize];
        let last = self.axons.segments() - 1;
        for unit in 0..self.axons.units() {
            if let Some(delay) = self.axons.delay_ms(unit, last, last) {
                add_wave(&mut wave, EMG_HZ, delay * 1e-3, self.compound.unit_wave(unit), 1.0);
            }
        }
        let (low, high) = wave.iter().fold((0.0_f64, 0.0_f64), |(l, h), &x| (l.min(x), h.max(x)));
        high - low
    }
}

/// Surface EMG being recorded.
pub(crate) struct EmgTrace<'a> {
    electrodes: &'a SurfaceEmg,
    samples: Vec<f64>,
    seed: Seed,
}

impl EmgTrace<'_> {
    /// Adds the potentials of the impulses that reach the endplates in this millisecond.
    pub(crate) fn add(&mut self, ms: usize, spikes: &[Spike]) {
        for spike in spikes {
            let time_s = (ms as f64 + f64::from(spike.offset_ms) + JUNCTION_MS) * 1e-3;
            let wave = self.electrodes.compound.unit_wave(spike.unit as usize);
            add_wave(&mut self.samples, EMG_HZ, time_s, wave, self.electrodes.transmission);
        }
    }

    /// The recorded signal, mV, with noise.
    pub(crate) fn finish(mut self) -> Vec<f64> {
        add_noise(&mut self.samples, EMG_NOISE_MV, self.seed);
        self.samples
    }
}

/// The endplates of a muscle under stimulation, a few standing for those of each unit.
pub(crate) struct EndplateBank {
    model: JunctionModel,
    /// Per unit, per group of fibres.
    endplates: Vec<Vec<(Junction, Stream)>>,
    failures: usize,
}

impl EndplateBank {
    pub(crate) fn new(compound: &CompoundModel, junction: &JunctionParameters, seed: Seed) -> Self {
        let model = JunctionModel::new(junction, seed);
        let endplates = (0..compound.units())
            .map(|unit| {
                let seed = seed.index(unit);
                (0..compound.subwaves(unit).len())
                    .map(|group| (model.junction(unit * MOST_GROUPS + group), seed.index(group).stream("release")))
                    .collect()
            })
            .collect();
        Self { model, endplates, failures: 0 }
    }

    /// Effort from `start_s` on: impulses of `units` at `rate_hz`.
    pub(crate) fn work(&mut self, units: impl Iterator<Item = usize>, start_s: f64, seconds: f64, rate_hz: f64) {
        for unit in units {
            for (junction, _) in &mut self.endplates[unit] {
                junction.work(start_s, seconds, rate_hz);
            }
        }
    }

    /// Adds the response to one impulse in each of `arrivals` (unit, ms from the stimulus to the endplates).
    /// `time_s` is when the stimulus is given, `before_ms` where it stands in `out`.
    pub(crate) fn respond(
        &mut self,
        compound: &CompoundModel,
        time_s: f64,
        before_ms: f64,
        arrivals: &[(usize, f64)],
        out: &mut [f64],
    ) {
        for &(unit, delay_ms) in arrivals {
            for (subwave, (junction, stream)) in compound.subwaves(unit).iter().zip(&mut self.endplates[unit]) {
                if let Some(junction_ms) = junction.impulse(&self.model, time_s + delay_ms * 1e-3, stream) {
                    let at_ms = before_ms + delay_ms + junction_ms;
                    add_wave(out, compound.rate_hz(), at_ms * 1e-3, &subwave.wave, 1.0);
                } else {
                    self.failures += 1;
                }
            }
        }
    }

    /// Whether no junction has failed yet.
    pub(crate) fn all_transmitted(&self) -> bool {
        self.failures == 0
    }
}
