//! One endplate, impulse by impulse.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::JunctionParameters;
use super::quantal_content::quanta;
use super::rise_time::RiseTime;
use super::transmission::TransmissionTable;
use crate::math;
use crate::random::{Seed, Stream};

/// Quanta of a rested junction, mean (human 20-60; N0 p0).
const QUANTAL_CONTENT: f64 = 40.0;
/// Release probability at rest (Elmqvist & Quastel 1965: 0.05-0.2; within it fitted).
const RELEASE_PROBABILITY: f64 = 0.12;
/// SD of ln N0 between junctions (fitted with the safety factor to healthy jitter).
const STORE_LOG_SD: f64 = 0.25;
/// Quantum, mV (human miniature endplate potential, textbook value).
const QUANTUM_MV: f64 = 0.9;
/// Coefficient of variation of single quanta (textbook value).
const QUANTUM_CV: f64 = 0.3;
/// Driving force of the endplate potential, mV (McLachlan & Martin 1981).
const DRIVING_FORCE_MV: f64 = 80.0;
/// Martin's factor of non-linear summation (McLachlan & Martin 1981).
const MARTIN_FACTOR: f64 = 0.8;
/// Safety factor, EPP of the rested junction over threshold: median (fitted to a healthy pair jitter of 25 us at 3 Hz by the number and
/// size of the quanta alone).
const SAFETY_FACTOR: f64 = 4.0;
/// SD of the ln safety factor between junctions (fitted, as above).
const SAFETY_LOG_SD: f64 = 0.25;
/// Time to peak of the endplate potential, ms (textbook value).
const TIME_TO_PEAK_MS: f64 = 0.8;
/// Synaptic delay, ms, near 36 degrees C (textbook value).
const SYNAPTIC_DELAY_MS: f64 = 0.5;
/// SD of the latency of a single quantum, ms: frog at 17 degrees C about 0.35 (Katz & Miledi 1965 Proc R Soc B 161:483), an eighth of it
/// at 36 degrees C by a Q10 of 3; both from memory.
const LATENCY_SD_MS: f64 = 0.045;
/// Refill of the store at rest, s (fitted: nadir at the 4th to 5th response at 3 Hz, then repair).
pub(super) const REFILL_S: f64 = 6.0;
/// Gain of mobilisation on the refill rate (fitted, as above).
pub(super) const MOBILISATION_GAIN: f64 = 60.0;
/// Decay of mobilisation, s (fitted, as above).
pub(super) const MOBILISATION_S: f64 = 3.0;
/// Step of mobilisation per impulse (fitted, as above).
pub(super) const MOBILISATION_STEP: f64 = 0.085;
/// Decay of facilitation, s (mammalian junction 0.05-0.1).
pub(super) const FACILITATION_S: f64 = 0.1;
/// Step of facilitation per impulse (mammalian junction).
pub(super) const FACILITATION_STEP: f64 = 0.25;
/// Decay of augmentation, s (fitted to the increment after 10 s of effort in presynaptic disease).
pub(super) const AUGMENTATION_S: f64 = 8.0;
/// Step of augmentation per impulse and square of facilitation (fitted, as above; the square, so that it belongs to the rates of strong
/// effort: a healthy junction at 10 Hz releases little more than a rested one).
const AUGMENTATION_STEP: f64 = 0.24;
/// Ceiling of augmentation (fitted, as above).
const AUGMENTATION_MAX: f64 = 4.0;
/// Decay of post-activation exhaustion, s (fitted with the delay: transmission is worst 2 to 4 minutes after a minute of effort).
pub(super) const EXHAUSTION_S: f64 = 2.0 * EXHAUSTION_DELAY_S;
/// Delay through which impulses bring exhaustion about, s (fitted, as above).
const EXHAUSTION_DELAY_S: f64 = 120.0;
/// Step of exhaustion per impulse (assumed: a minute of effort worsens a decrement of 22 % to about 27 %).
pub(super) const EXHAUSTION_STEP: f64 = 0.0008;
/// Loss of release probability at full exhaustion (assumed).
pub(super) const EXHAUSTION_MAX: f64 = 0.5;
/// Ceiling of the release probability (assumed).
pub(super) const PROBABILITY_MAX: f64 = 0.9;

/// The junctions of one muscle: what they have in common.
///
/// ```
/// use tonus_physiology::{junction::{JunctionModel, JunctionParameters}, random::Seed};
/// let model = JunctionModel::new(&JunctionParameters::default(), Seed::new(1));
/// let mut junction = model.junction(0);
/// let mut stream = Seed::new(1).stream("junction 0");
/// assert!(junction.impulse(&model, 0.0, &mut stream).is_some_and(|ms| (0.5..1.3).contains(&ms)));
/// ```
#[derive(Clone, Debug)]
pub struct JunctionModel {
    parameters: JunctionParameters,
    seed: Seed,
    rise: RiseTime,
    transmission: OnceLock<TransmissionTable>,
}

impl JunctionModel {
    /// The junctions of a muscle.
    pub fn new(parameters: &JunctionParameters, seed: Seed) -> Self {
        Self {
            parameters: parameters.clone(),
            seed: seed.child("junctions"),
            rise: RiseTime::new(),
            transmission: OnceLock::new(),
        }
    }

    /// The `index`-th junction of the muscle, rested. Its store, safety factor and quantum are its own draws and do not
    /// depend on the lesion. The threshold is that of a typical healthy endplate potential (40 quanta) over the safety factor.
    pub fn junction(&self, index: usize) -> Junction {
        let seed = self.seed.index(index);
        let draw = |name| seed.stream(name).normal();
        self.junction_at([draw("store"), draw("safety"), draw("quantum")])
    }

    /// A rested junction at these standard-normal quantiles of store, safety factor and quantal-amplitude scatter.
    pub(super) fn junction_at(&self, [store, safety, quantum]: [f64; 3]) -> Junction {
        let JunctionParameters { quantal_amplitude, release, calcium_channels, threshold, scatter } = self.parameters;
        let healthy_store =
            QUANTAL_CONTENT / RELEASE_PROBABILITY * math::exp(STORE_LOG_SD * store - 0.5 * STORE_LOG_SD * STORE_LOG_SD);
        let healthy_epp_mv = summed_mv(QUANTAL_CONTENT * QUANTUM_MV);
        let safety_factor = SAFETY_FACTOR * math::exp(SAFETY_LOG_SD * safety);
        let spread = math::exp(scatter * (1.0 - quantal_amplitude).abs() * quantum);
        // Zones that still have channels, and channels of such a zone: their product is what is left of all. Split evenly (assumed):
        // Lambert-Eaton terminals have both fewer zones and fewer particles in a zone (Fukunaga, Engel, Osame & Lambert 1982,
        // from memory). All from the zones would give more decrement at 3 Hz than the disease shows, none of it less.
        let zones = math::sqrt(calcium_channels.max(0.0));
        let entry = zones;
        let store = (healthy_store * release * zones).max(0.0);
        Junction {
            store,
            probability: (RELEASE_PROBABILITY * release * entry).max(0.0),
            quantum_mv: (QUANTUM_MV * quantal_amplitude * spread).max(0.0),
            threshold_mv: healthy_epp_mv / safety_factor * threshold,
            releasable: store,
            facilitation: 0.0,
            augmentation: 0.0,
            mobilisation: 0.0,
            exhausting: 0.0,
            exhaustion: 0.0,
            last_s: 0.0,
        }
    }

    /// Mean fraction of impulses that fire the fibre after some seconds at this rate (0 Hz: a rested junction's first impulse), 0..1.
    ///
    /// From a table made at the first call: 2 to 4 s into trains at 13 rates, over a spread of junctions; linear between.
    pub fn transmission(&self, rate_hz: f64) -> f64 {
        self.transmission.get_or_init(|| TransmissionTable::new(self)).at(rate_hz)
    }
}

/// One endplate: its own sizes and where it is now. Can be saved and restored between impulses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Junction {
    /// Full store N0, quanta.
    pub(super) store: f64,
    /// Release probability at rest.
    pub(super) probability: f64,
    quantum_mv: f64,
    threshold_mv: f64,
    /// Store now, quanta.
    pub(super) releasable: f64,
    pub(super) facilitation: f64,
    pub(super) augmentation: f64,
    pub(super) mobilisation: f64,
    /// Exhaustion on its way.
    pub(super) exhausting: f64,
    pub(super) exhaustion: f64,
    pub(super) last_s: f64,
}

/// What one impulse released.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EndplatePotential {
    /// Quanta.
    pub quanta: u32,
    /// Peak, mV, as if the fibre did not fire.
    pub peak_mv: f64,
    /// How much later than on average the quanta came, mean of them, ms.
    pub late_ms: f64,
}

impl Junction {
    /// A nerve impulse reaches the terminal at `time_s` (not before the previous one): time from there to the fibre's action
    /// potential, ms, or `None` if the endplate potential stays below threshold. Takes one word of the stream.
    #[inline]
    pub fn impulse(&mut self, model: &JunctionModel, time_s: f64, stream: &mut Stream) -> Option<f64> {
        let potential = self.release(time_s, stream);
        (potential.peak_mv > self.threshold_mv).then(|| {
            let ratio = self.threshold_mv / potential.peak_mv;
            SYNAPTIC_DELAY_MS + TIME_TO_PEAK_MS * model.rise.share_of_peak_time(ratio) + potential.late_ms
        })
    }

    /// The same impulse, seen by an electrode at the endplate of a fibre kept from firing.
    pub fn release(&mut self, time_s: f64, stream: &mut Stream) -> EndplatePotential {
        self.rest_until(time_s);
        let p = self.probability
            * (1.0 + self.facilitation)
            * (1.0 + self.augmentation)
            * (1.0 - EXHAUSTION_MAX * self.exhaustion);
        // Uniforms of 32 bits from one word: for the number of quanta, for their mean size, and, the word mixed, for their mean latency.
        let word = stream.bits();
        let uniform = |bits: u64| ((bits & 0xffff_ffff) as f64 + 0.5) * (1.0 / 4_294_967_296.0);
        let quanta = quanta((self.releasable + 0.5) as u32, p.min(PROBABILITY_MAX), uniform(word >> 32));
        let z = math::inverse_normal_cdf(uniform(word));
        let released = f64::from(quanta);
        self.releasable = (self.releasable - released).max(0.0);
        self.augment();
        self.facilitation += FACILITATION_STEP;
        self.mobilisation += MOBILISATION_STEP * (1.0 - self.mobilisation);
        self.exhausting += EXHAUSTION_STEP * (1.0 - self.exhausting - self.exhaustion).max(0.0);
        // Sum of m quanta of mean q and coefficient of variation cv.
        let linear_mv = self.quantum_mv * (released + QUANTUM_CV * z * released.sqrt()).max(0.0);
        let mixed = uniform(word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32);
        let late_ms = LATENCY_SD_MS * math::inverse_normal_cdf(mixed) / released.max(1.0).sqrt();
        EndplatePotential { quanta, peak_mv: summed_mv(linear_mv), late_ms }
    }

    /// A miniature endplate potential: one quantum released by itself, mV. Takes one word of the stream.
    pub fn miniature_mv(&self, stream: &mut Stream) -> f64 {
        summed_mv(self.quantum_mv * (1.0 + QUANTUM_CV * stream.normal()).max(0.0))
    }

    /// Threshold of the fibre at this endplate, mV of depolarisation.
    pub fn threshold_mv(&self) -> f64 {
        self.threshold_mv
    }

    /// Residual calcium of this impulse on top of what is left of those before.
    #[inline]
    pub(super) fn augment(&mut self) {
        let room = 1.0 - self.augmentation / AUGMENTATION_MAX;
        let step = AUGMENTATION_STEP * self.facilitation * self.facilitation * room;
        self.augmentation = (self.augmentation + step).min(AUGMENTATION_MAX);
    }

    pub(super) fn rest_until(&mut self, time_s: f64) {
        let dt = (time_s - self.last_s).max(0.0);
        self.last_s = time_s;
        let half_mobilisation = math::exp(dt * (-0.5 / MOBILISATION_S));
        let mobilised = self.mobilisation * half_mobilisation;
        let refill = (1.0 + MOBILISATION_GAIN * mobilised * mobilised) * (1.0 / REFILL_S);
        self.releasable = self.store - (self.store - self.releasable) * math::exp(-refill * dt);
        self.mobilisation = mobilised * half_mobilisation;
        self.facilitation *= math::exp(dt * (-1.0 / FACILITATION_S));
        self.augmentation *= math::exp(dt * (-1.0 / AUGMENTATION_S));
        // The delay fades twice as fast as exhaustion itself: the exact solution of the two in series.
        let fade = math::exp(dt * (-1.0 / EXHAUSTION_S));
        let arrive = fade * fade;
        self.exhaustion = self.exhaustion * fade + self.exhausting * 2.0 * (fade - arrive);
        self.exhausting *= arrive;
    }
}

/// Endplate potential of quanta that would add up to `linear_mv`, mV.
fn summed_mv(linear_mv: f64) -> f64 {
    linear_mv / (1.0 + MARTIN_FACTOR / DRIVING_FORCE_MV * linear_mv)
}
