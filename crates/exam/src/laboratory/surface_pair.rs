//! A muscle under its belly-tendon pair of surface electrodes, for what estimates its units: maximal response, weak shocks, effort.

use std::sync::Arc;

use tonus_body::Muscle;
use tonus_physiology::field::surface::CompoundModel;
use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_physiology::nerve::velocity::SITE_DELAY_MS;
use tonus_physiology::random::Seed;
use tonus_signal::measures::evoked::EvokedCriteria;
use tonus_signal::recording::STIMULUS;
use tonus_signal::{Recording, Side};

use super::steady_effort::Discharges;
use crate::Subject;
use crate::emg::{EMG_HZ, EndplateBank, add_noise};

/// Time before the shock that a sweep shows, and its length, ms: beyond the slowest demyelinated distal stretch.
pub(super) const BEFORE_MS: f64 = 5.0;
pub(super) const SWEEP_MS: f64 = 80.0;
/// Electrode and amplifier noise, mV rms (assumed: as a CMAP scan's, 5-20 uV in recorded scans).
pub(super) const NOISE_MV: f64 = 0.005;
/// Seconds between supramaximal shocks.
const REST_S: f64 = 10.0;

/// The muscle's nerve, its units at the electrodes, and its endplates.
pub(super) struct SurfacePair {
    pub(super) axons: Arc<MotorAxons>,
    /// Which units have neuron and axon.
    pub(super) innervated: Vec<bool>,
    compound: Arc<CompoundModel>,
    endplates: EndplateBank,
    seed: Seed,
}

impl SurfacePair {
    pub(super) fn new(subject: &Subject<'_>, side: Side, muscle: &Muscle, seed: Seed) -> Self {
        let compound = subject.compound(side, muscle, EMG_HZ);
        Self {
            axons: subject.axons(side, muscle),
            innervated: subject.innervated(side, muscle),
            endplates: EndplateBank::new(&compound, &muscle.junction, seed.child("endplates")),
            compound,
            seed,
        }
    }

    /// Impulses of a shock at the start of segment `site` to those axons that `excited` takes: (unit, ms to the endplates).
    pub(super) fn arrivals(&self, site: usize, excited: impl Fn(usize) -> bool) -> Vec<(usize, f64)> {
        let last = self.axons.segments().saturating_sub(1);
        let units = self.innervated.iter().enumerate().filter(|(unit, alive)| **alive && excited(*unit));
        units.filter_map(|(unit, _)| Some((unit, SITE_DELAY_MS + self.axons.delay_ms(unit, site, last)?))).collect()
    }

    /// The response to such impulses, mV, `time_s` into the examination.
    pub(super) fn response(&mut self, arrivals: &[(usize, f64)], time_s: f64, noise: Seed) -> Vec<f64> {
        let mut sweep = vec![0.0; (SWEEP_MS * 1e-3 * EMG_HZ).round() as usize];
        self.endplates.respond(&self.compound, time_s, BEFORE_MS, arrivals, &mut sweep);
        add_noise(&mut sweep, NOISE_MV, noise);
        sweep
    }

    /// The response to a supramaximal shock at the last stretch of the nerve, and the time after it when the junctions have rested, s.
    pub(super) fn maximal(&mut self, time_s: f64) -> (Vec<f64>, f64) {
        let arrivals = self.arrivals(self.axons.segments().saturating_sub(1), |_| true);
        let noise = self.seed.child("maximal");
        (self.response(&arrivals, time_s + REST_S, noise), time_s + 2.0 * REST_S)
    }

    /// Surface signal of an effort, mV, that begins `time_s` into the examination.
    pub(super) fn effort(&mut self, discharges: &Discharges, time_s: f64, seconds: f64, noise: Seed) -> Vec<f64> {
        let mut signal = vec![0.0; (seconds * EMG_HZ).round() as usize];
        for &(at_s, unit) in discharges {
            self.endplates.respond(&self.compound, time_s + at_s, 1e3 * at_s, &[(unit, 0.0)], &mut signal);
        }
        add_noise(&mut signal, NOISE_MV, noise);
        signal
    }

    /// Units that a perfect count would find: those whose impulses reach the muscle.
    pub(super) fn true_units(&self) -> usize {
        self.arrivals(self.axons.segments().saturating_sub(1), |_| true).len()
    }
}

/// How a maximal response is looked for in its sweep.
pub(super) fn maximal_criteria() -> EvokedCriteria {
    EvokedCriteria {
        stimulus_ms: BEFORE_MS,
        baseline_ms: (-BEFORE_MS, 0.0),
        search_ms: (1.0, SWEEP_MS - BEFORE_MS),
        ..EvokedCriteria::cmap_mv()
    }
}

/// The maximal response as a recording.
pub(super) fn maximal_recording(label: &str, sweep: Vec<f64>) -> Recording {
    Recording::titled(format!("maximal response, {label}"))
        .with_channel(label, "mV", EMG_HZ, sweep)
        .with_mark(BEFORE_MS * 1e-3, STIMULUS)
}
