//! One position of the needle: the fibres of one unit, their discharges, the recorded sweeps and the pairs in them.

use tonus_body::Muscle;
use tonus_physiology::field::add_wave;
use tonus_physiology::field::near_fibres::{Electrode, NearFibre, near_fibres};
use tonus_physiology::field::needle::NeedlePlacement;
use tonus_physiology::junction::{Junction, JunctionModel};
use tonus_physiology::muscle::layout::MuscleLayout;
use tonus_physiology::random::{Seed, Stream};
use tonus_signal::Recording;
use tonus_signal::measures::filter::{Biquad, low_pass};
use tonus_signal::measures::jitter::Jitter;
use tonus_signal::measures::median;
use tonus_signal::measures::single_fibre::{LockedSpike, SingleFibreCriteria, locked_spikes};
use tonus_signal::recording::{STIMULUS, TRIGGER};

use crate::laboratory::needle::add_white_noise;

/// Sampling, Hz.
const RATE_HZ: f64 = 50_000.0;
/// Amplifier and electrode noise up to 10 kHz, uV rms (3-5 in single-fibre recordings: memory).
const NOISE_UV: f64 = 3.0;
/// The same as white noise of this sampling, which reaches to 25 kHz.
const WHITE_UV: f64 = NOISE_UV * 1.581;
/// Upper corner of the amplifier, Hz.
const LOW_PASS_HZ: f64 = 10_000.0;
/// Length of a sweep, ms; where in it the machine puts the trigger or the stimulus, ms.
const SWEEP_MS: f64 = 9.0;
const TRIGGER_MS: f64 = 4.0;
/// Time from the nerve impulse to the fibre's discharge in a healthy junction, ms.
const HEALTHY_JUNCTION_MS: f64 = 0.8;
/// Discharges looked at before a position is recorded or left.
const LOOK: usize = 12;
/// Rate of a unit in a slight effort, Hz (10-15 is asked for: textbook), and the coefficient of variation of its intervals (0.1-0.2: memory).
pub(super) const SLIGHT_HZ: f64 = 12.0;
const SLIGHT_CV: f64 = 0.15;
/// Rate of axonal stimulation, Hz.
const STIMULATION_HZ: f64 = 10.0;
/// Share of the units, smallest first, that slight to moderate effort brings in (assumed).
const SLIGHT_SHARE: f64 = 0.5;
/// The machine triggers at this share of the usual peak of the largest spike (assumed: high enough to leave the others out).
const TRIGGER_LEVEL: f64 = 0.7;

/// What makes the unit fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::laboratory) enum Activation {
    /// Slight effort.
    Voluntary,
    /// Stimulation of its axon in the muscle.
    Stimulated,
}

impl Activation {
    /// Spikes without which a position is left.
    pub(super) fn spikes_needed(self) -> usize {
        match self {
            Self::Voluntary => 2,
            Self::Stimulated => 1,
        }
    }
}

/// The needle and the muscle it is in.
#[derive(Clone, Copy)]
pub(in crate::laboratory) struct Needle<'a> {
    pub(in crate::laboratory) muscle: &'a Muscle,
    pub(in crate::laboratory) layout: &'a MuscleLayout,
    pub(in crate::laboratory) alive: &'a [bool],
    pub(in crate::laboratory) junctions: &'a JunctionModel,
    pub(in crate::laboratory) electrode: Electrode,
}

/// One position.
pub(in crate::laboratory) struct Position<'a> {
    pub(super) needle: Needle<'a>,
    activation: Activation,
    /// Unit of the fibre sought, and where the electrode is: across the muscle and towards the bone from its axis, along the fibres, mm.
    pub(super) unit: usize,
    pub(super) site_mm: (f64, f64),
    pub(super) along_mm: f64,
    /// From the nerve impulse at the muscle's nerve entry to the spike of that fibre at the electrode, the junction left out, ms.
    pub(super) sought_ms: f64,
    fibres: Vec<(NearFibre, Junction, Stream)>,
    intervals: Stream,
    /// When the next impulse leaves, s.
    next_s: f64,
    /// From an impulse at the muscle's nerve entry to the start of the sweep, ms.
    sweep_from_ms: f64,
    pub(super) seed: Seed,
    looks: usize,
}

impl<'a> Position<'a> {
    /// A random position by an active unit; none if no active fibre is near.
    pub(in crate::laboratory) fn new(needle: &Needle<'a>, activation: Activation, seed: Seed) -> Option<Self> {
        let Needle { muscle, layout, alive, junctions, electrode } = *needle;
        let units = muscle.pool.units;
        let placement = NeedlePlacement::random(&muscle.fibres, units, seed);
        // Stimulation takes any axon; effort the units it recruits.
        let last = match activation {
            Activation::Voluntary => (SLIGHT_SHARE * units as f64) as usize,
            Activation::Stimulated => units,
        };
        let approach = near_fibres(
            layout,
            alive,
            electrode,
            (placement.x_mm, placement.depth_mm - layout.radius_mm()),
            (placement.along_mm, 0.5 * muscle.fibres.length_mm),
            |unit| unit < last,
            RATE_HZ,
        )?;
        let sought_ms = approach.fibres.first()?.passage_ms;
        let fibres = approach
            .fibres
            .into_iter()
            .map(|fibre| {
                let junction = junctions.junction(fibre.junction);
                let stream = seed.child("release").index(fibre.junction).stream("quanta");
                (fibre, junction, stream)
            })
            .collect();
        Some(Self {
            needle: *needle,
            activation,
            unit: approach.unit,
            site_mm: (approach.x_mm, approach.y_mm),
            along_mm: placement.along_mm,
            sought_ms,
            fibres,
            intervals: seed.stream("intervals"),
            next_s: 1.0,
            sweep_from_ms: match activation {
                Activation::Voluntary => sought_ms + HEALTHY_JUNCTION_MS - TRIGGER_MS,
                Activation::Stimulated => 0.0,
            },
            seed,
            looks: 0,
        })
    }

    fn criteria(&self) -> SingleFibreCriteria {
        match self.needle.electrode {
            Electrode::SingleFibre => SingleFibreCriteria::single_fibre(),
            Electrode::Concentric => SingleFibreCriteria::concentric(),
        }
    }

    /// A first look: how many spikes fire together here.
    pub(in crate::laboratory) fn look(&mut self) -> usize {
        let recording = self.sweeps("", LOOK);
        self.spikes(&recording).len()
    }

    /// Records the position and measures its pairs: each spike against the one that triggers, or against the stimulus.
    pub(super) fn record(&mut self, title: &str, discharges: usize) -> (Recording, Vec<Jitter>) {
        let recording = self.sweeps(title, discharges);
        let mut spikes = self.spikes(&recording);
        spikes.retain(|s| s.steady);
        let jitters = match self.activation {
            Activation::Stimulated => spikes.iter().filter_map(LockedSpike::jitter_from_stimulus).collect(),
            Activation::Voluntary => {
                let from_trigger = |s: &LockedSpike| (s.latency_us - 1e3 * TRIGGER_MS).abs();
                let trigger = spikes.iter().min_by(|a, b| from_trigger(a).total_cmp(&from_trigger(b)));
                trigger.map_or_else(Vec::new, |trigger| {
                    spikes.iter().filter(|s| *s != trigger).filter_map(|s| s.jitter_from(trigger)).collect()
                })
            }
        };
        (recording, jitters)
    }

    fn spikes(&self, recording: &Recording) -> Vec<LockedSpike> {
        let before_s = match self.activation {
            Activation::Voluntary => 1e-3 * TRIGGER_MS,
            Activation::Stimulated => 0.0,
        };
        let length = (1e-3 * SWEEP_MS * RATE_HZ) as usize;
        let sweeps: Vec<&[f64]> =
            recording.sweeps(before_s, 1e-3 * SWEEP_MS).filter(|s| 2 * s.len() > length).collect();
        locked_spikes(&sweeps, RATE_HZ, &self.criteria())
    }

    /// Sweeps end to end as the machine stores them, a mark where each was triggered or begins with the stimulus.
    fn sweeps(&mut self, title: &str, discharges: usize) -> Recording {
        let length = (1e-3 * SWEEP_MS * RATE_HZ) as usize;
        let mut raw = vec![0.0; discharges * length];
        for sweep in raw.chunks_exact_mut(length) {
            for (fibre, junction, stream) in &mut self.fibres {
                if let Some(junction_ms) = junction.impulse(self.needle.junctions, self.next_s, stream) {
                    let at_ms = junction_ms + fibre.start_ms - self.sweep_from_ms;
                    add_wave(sweep, RATE_HZ, 1e-3 * at_ms, &fibre.wave, 1.0);
                }
            }
            self.next_s += match self.activation {
                Activation::Voluntary => (1.0 + SLIGHT_CV * self.intervals.normal()).max(0.4) / SLIGHT_HZ,
                Activation::Stimulated => 1.0 / STIMULATION_HZ,
            };
        }
        add_white_noise(&mut raw, WHITE_UV, self.seed.child("amplifier").index(self.looks));
        self.looks += 1;
        // The single-fibre amplifier's high-pass is of 6 dB an octave, as that by which the size of a fibre's spike is fitted.
        let high_pass = match self.needle.electrode {
            Electrode::SingleFibre => Biquad::gentle_high_pass(500.0, RATE_HZ),
            Electrode::Concentric => Biquad::high_pass(1000.0, RATE_HZ),
        };
        let signal = low_pass(&high_pass.apply(&raw), RATE_HZ, LOW_PASS_HZ);
        let mut recording = Recording::titled(title);
        match self.activation {
            Activation::Stimulated => {
                for sweep in 0..discharges {
                    recording = recording.with_mark((sweep * length) as f64 / RATE_HZ, STIMULUS);
                }
            }
            Activation::Voluntary => {
                for at in triggers(&signal, length) {
                    recording = recording.with_mark(at as f64 / RATE_HZ, TRIGGER);
                }
            }
        }
        recording.with_channel("needle", "uV", RATE_HZ, signal)
    }
}

/// Where the machine triggers: the first negative peak of each sweep beyond a level set by the largest ones; a sweep without one is lost.
fn triggers(signal: &[f64], length: usize) -> Vec<usize> {
    let lowest = |sweep: &[f64]| sweep.iter().copied().fold(0.0, f64::min);
    let peaks: Vec<f64> = signal.chunks_exact(length).map(lowest).collect();
    let level = TRIGGER_LEVEL * median(&peaks).unwrap_or(0.0);
    let of = |(k, sweep): (usize, &[f64])| {
        let crossing = sweep.iter().position(|v| *v < level)?;
        let rising = sweep[crossing..].windows(2).position(|w| w[1] > w[0])?;
        Some(k * length + crossing + rising)
    };
    signal.chunks_exact(length).enumerate().filter_map(of).collect()
}
