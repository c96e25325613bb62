//! A muscle under supramaximal stimulation of its nerve, train after train, with efforts between them.

use std::sync::Arc;

use tonus_body::Muscle;
use tonus_physiology::field::surface::CompoundModel;
use tonus_physiology::random::Seed;
use tonus_signal::measures::evoked::{EvokedCriteria, evoked_response};
use tonus_signal::recording::STIMULUS;
use tonus_signal::{Recording, Side};

use crate::Subject;
use crate::emg::{self, EndplateBank, RATE_HZ};

const BEFORE_MS: f64 = 2.0;
const SWEEP_MS: f64 = 50.0;
/// Movement and electrode noise between responses, mV rms (decrement is known to about 2 %).
const NOISE_MV: f64 = 0.005;
/// Rate of the units in a maximal effort that all of the drive reaches, Hz (20-40; the mean of published maximal rates, from memory).
const MAXIMAL_HZ: f64 = 30.0;

/// The muscle, its nerve stimulated over the last stretch before it.
pub(super) struct Stimulated {
    compound: Arc<CompoundModel>,
    /// Units that answer, and when: ms from the stimulus to the endplates.
    arrivals: Vec<(usize, f64)>,
    endplates: EndplateBank,
    /// Rate of each unit in a maximal effort, Hz.
    effort_hz: f64,
    rate_hz: f64,
    seed: Seed,
    trains: usize,
    now_s: f64,
}

/// A train as recorded, and the amplitudes read off it.
pub(super) struct Train {
    pub(super) recording: Recording,
    pub(super) amplitudes: Vec<f64>,
}

impl Train {
    /// Amplitude of the first response, if there is one.
    pub(super) fn first(&self) -> Option<f64> {
        self.amplitudes.first().copied().filter(|a| *a > 0.0)
    }
}

impl Stimulated {
    pub(super) fn new(subject: &Subject<'_>, side: Side, muscle: &Muscle, seed: Seed, rate_hz: f64) -> Self {
        let axons = subject.axons(side, muscle);
        let compound = subject.compound(side, muscle, RATE_HZ);
        let innervated = subject.innervated(side, muscle);
        let site = axons.segments() - 1;
        let arrivals = innervated
            .iter()
            .enumerate()
            .filter(|(_, alive)| **alive)
            .filter_map(|(unit, _)| Some((unit, 0.1 + axons.delay_ms(unit, site, site)?)))
            .collect();
        let endplates = EndplateBank::new(&compound, &muscle.junction, seed.child("endplates"));
        let effort_hz = MAXIMAL_HZ * muscle.corticospinal.drive.clamp(0.0, 1.0);
        Self { compound, arrivals, endplates, effort_hz, rate_hz, seed, trains: 0, now_s: 0.0 }
    }

    /// When the last train or effort ended, s.
    pub(super) fn now_s(&self) -> f64 {
        self.now_s
    }

    /// A maximal effort; when it ends, s.
    pub(super) fn work(&mut self, start_s: f64, seconds: f64) -> f64 {
        self.endplates.work(self.arrivals.iter().map(|a| a.0), start_s, seconds, self.effort_hz);
        self.now_s = start_s + seconds;
        self.now_s
    }

    /// A train of `pulses` stimuli, the first at `start_s`. One trace in time, as the machine runs through the train: at a fast rate a response
    /// rides on the end of the one before.
    pub(super) fn train(&mut self, when: &str, start_s: f64, pulses: usize) -> Train {
        let samples = |ms: f64| (ms * 1e-3 * RATE_HZ).round() as usize;
        let starts: Vec<usize> = (0..pulses).map(|pulse| samples(pulse as f64 * 1e3 / self.rate_hz)).collect();
        let last = starts.last().copied().unwrap_or(0);
        let mut trace = vec![0.0; last + samples(SWEEP_MS)];
        let mut recording = Recording::titled(format!("Repetitive stimulation, {} Hz, {when}", self.rate_hz));
        for (pulse, &start) in starts.iter().enumerate() {
            let time_s = start_s + pulse as f64 / self.rate_hz;
            let sweep = &mut trace[start..start + samples(SWEEP_MS)];
            self.endplates.respond(&self.compound, time_s, BEFORE_MS, &self.arrivals, sweep);
            recording = recording.with_mark(start as f64 / RATE_HZ + BEFORE_MS * 1e-3, STIMULUS);
            self.now_s = time_s;
        }
        emg::add_noise(&mut trace, NOISE_MV, self.seed.child("train").index(self.trains));
        self.trains += 1;
        let recording = recording.with_channel("CMAP", "mV", RATE_HZ, trace);
        let criteria = EvokedCriteria {
            stimulus_ms: BEFORE_MS,
            search_ms: (1.0, SWEEP_MS - BEFORE_MS),
            ..EvokedCriteria::cmap_mv()
        };
        let amplitudes = recording
            .sweeps(BEFORE_MS * 1e-3, SWEEP_MS * 1e-3)
            .map(|sweep| evoked_response(sweep, RATE_HZ, &criteria).map_or(0.0, |r| r.amplitude))
            .collect();
        Train { recording, amplitudes }
    }
}
