//! A joint held still whose nerves are stimulated electrically: the H reflex, its conditioning, and the M wave.
//!
//! ```text
//! shock -> Ia axons over threshold -> cord -> motor neurons -> motor axons -> endplates      (H)
//!       -> motor axons over threshold -> endplates                                           (M)
//!                                     -> cord, against the stream: collision, invasion, backfiring (F)
//! ```
//! A reflex impulse that meets the antidromic one of the same axon on its way is annihilated with it: it leaves the neuron before
//! the antidromic impulse would have come. Where that one comes first, the neuron is invaded, its Renshaw cells are excited,
//! and it may backfire. Spindles discharge at the rate of the held length; what a twitch does to them, and the axon's own refractory
//! period under the cathode, are left out (stimuli lie seconds apart).
//!
//! Index 0 is the flexor, 1 the extensor, as in [`super::closed_loop`].

use serde::{Deserialize, Serialize};

use super::parameters::LimbGroup;
use crate::cord::circuit::{
    AfferentSpike, Circuit, CircuitInput, CircuitModel, CircuitOutput, GroupCircuitParameters, Spike,
};
use crate::muscle::contraction::{ContractionModel, Direction};
use crate::nerve::mixed_nerve::{MixedNerve, Pulse};
use crate::nerve::motor_axon::MotorAxons;
use crate::nerve::velocity::SITE_DELAY_MS;
use crate::random::{Seed, Stream};
use crate::receptor::afferent::Encoder;
use crate::receptor::conduction::{self, AfferentPath, UnderWay};
use crate::receptor::spindle::{Spindle, SpindleModel};

/// Time before a shock in which the cord runs, so that its neurons have their resting input, ms.
const SETTLE_MS: usize = 60;
/// Time in which a cord comes to rest from nothing, ms.
const START_MS: usize = 200;
/// Time in which a cord comes to rest after a reflex, ms: the afterhyperpolarisation of slow motor neurons is over.
const AFTER_REFLEX_MS: usize = 150;

/// One of the two muscles, with its nerve under a cathode.
struct GroupModel {
    axons: MotorAxons,
    nerve: MixedNerve,
    innervated: Vec<bool>,
    /// Nerve segment at whose cord end the cathode stands.
    site: usize,
    /// Ia from the cathode, and from the spindles, to the cord.
    from_site: AfferentPath,
    from_muscle: AfferentPath,
    ia: usize,
    ia_hz: f64,
    scale: f64,
    presynaptic_inhibition: f64,
    backfire: f64,
}

/// What the held joint is, built once.
pub struct StimulatedModel {
    circuit: CircuitModel,
    groups: [GroupModel; 2],
}

/// A muscle of a held joint.
#[derive(Clone, Debug)]
pub struct StimulatedGroup {
    /// The muscle and its part of the cord.
    pub group: LimbGroup,
    /// Nerve segment at whose cord end the cathode stands.
    pub site: usize,
    /// Joint angle at which the muscle is held, rad.
    pub angle_rad: f64,
}

impl StimulatedModel {
    /// Flexor and extensor; `seed` names the person's limb, as for [`super::LimbModel`], so that both have the same axons.
    pub fn new(groups: &[StimulatedGroup; 2], seed: Seed) -> Self {
        let circuit = CircuitModel::new(
            &[0, 1].map(|g: usize| GroupCircuitParameters {
                pool: groups[g].group.pool.clone(),
                gains: groups[g].group.gains.clone(),
                afferents: groups[g].group.afferents,
            }),
            seed,
        );
        let of = |g: usize, name: &str, direction: Direction| {
            let StimulatedGroup { group, site, angle_rad } = &groups[g];
            let own = seed.child(name);
            let axons = MotorAxons::new(&group.axons, group.pool.units, own);
            let segments = &group.axons.segments;
            let site = (*site).min(segments.len());
            let ia = group.afferents.ia;
            let path = |length_m: f64, segments| {
                AfferentPath::new(ia, conduction::IA, group.axons.spectrum.scale, length_m, segments, own.child("ia"))
            };
            let length_m: f64 = segments[..site].iter().map(|s| s.length_m).sum();
            let fibre = ContractionModel::new(&group.contraction, direction).fibre(*angle_rad, 0.0);
            let spindles = SpindleModel::human();
            let (gamma_static, gamma_dynamic) = (group.gains.gamma_static_hz, group.gains.gamma_dynamic_hz);
            let rates = Spindle::new(fibre.length_l0, gamma_static, gamma_dynamic).step_ms(
                &spindles,
                fibre.length_l0,
                0.0,
                gamma_static,
                gamma_dynamic,
            );
            GroupModel {
                nerve: MixedNerve::new(&axons, ia, own),
                innervated: (0..group.pool.units).map(|u| circuit.pool(g).alive(u) && axons.alive(u)).collect(),
                axons,
                site,
                from_site: path(length_m, &segments[..site]),
                from_muscle: path(group.afferent_length_m, segments),
                ia,
                ia_hz: rates.ia_hz,
                scale: spindles.scale(),
                presynaptic_inhibition: group.gains.presynaptic_inhibition,
                backfire: group.gains.backfire_excitability(),
            }
        };
        let built = [of(0, "flexor", Direction::Flexion), of(1, "extensor", Direction::Extension)];
        Self { circuit, groups: built }
    }

    /// Threshold of the M wave of a group for pulses of this duration, in thresholds of its median motor axon at 1 ms.
    pub fn motor_threshold(&self, group: usize, duration_ms: f64) -> f64 {
        self.groups[group].nerve.motor_threshold(duration_ms)
    }

    /// Motor axons of a group.
    pub fn axons(&self, group: usize) -> &MotorAxons {
        &self.groups[group].axons
    }

    /// Motor neurons of a group.
    pub fn circuit(&self) -> &CircuitModel {
        &self.circuit
    }
}

/// A stimulus on the nerve of one group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shock {
    /// Nerve: 0 the flexor's, 1 the extensor's.
    pub group: usize,
    /// Time in the sweep, ms, whole milliseconds being the cord's.
    pub at_ms: f64,
    /// The pulse.
    pub pulse: Pulse,
}

/// How an impulse came to the endplates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The shock excited the axon.
    Direct,
    /// The motor neuron discharged.
    Reflex,
    /// The motor neuron backfired on an antidromic impulse.
    Backfire,
}

/// An impulse at the endplates of one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrival {
    /// Unit.
    pub unit: usize,
    /// Time in the sweep, ms.
    pub at_ms: f64,
    /// Where it comes from.
    pub origin: Origin,
}

/// What a sweep gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sweep {
    /// Impulses at the endplates of each group.
    pub arrivals: [Vec<Arrival>; 2],
    /// Discharges of each group's neurons at the cord, (unit, ms in the sweep), those annihilated on the way included.
    pub discharges: [Vec<(usize, f64)>; 2],
}

/// The held joint in motion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stimulated {
    circuit: Circuit,
    encoders: [Encoder; 2],
    ways: [UnderWay; 2],
    backfire: [Stream; 2],
    #[serde(skip)]
    input: CircuitInput,
    #[serde(skip)]
    output: CircuitOutput,
    #[serde(skip)]
    fired: Vec<AfferentSpike>,
}

impl Stimulated {
    /// At rest; `seed` names the run.
    pub fn new(model: &StimulatedModel, seed: Seed) -> Self {
        let mut state = Self::unsettled(model, seed);
        state.sweep(model, &[], [0.0; 2], START_MS, 0);
        state
    }

    fn unsettled(model: &StimulatedModel, seed: Seed) -> Self {
        let encoder = |g: usize| {
            let group = &model.groups[g];
            Encoder::new(group.ia, 1.0, group.scale, seed.child("resting ia").index(g))
        };
        Self {
            circuit: Circuit::new(&model.circuit, seed),
            encoders: [encoder(0), encoder(1)],
            ways: [UnderWay::new(&model.groups[0].from_muscle), UnderWay::new(&model.groups[1].from_muscle)],
            backfire: [0, 1].map(|g| seed.child("backfire").index(g).stream("sweep")),
            input: CircuitInput::default(),
            output: CircuitOutput::default(),
            fired: Vec::new(),
        }
    }

    /// Lets `ms` pass at rest: the neurons, then the terminals recover, spindles discharge.
    pub fn rest_ms(&mut self, model: &StimulatedModel, ms: usize) {
        for group in &mut self.input.groups {
            group.drive_hz = 0.0;
        }
        for passed in 0..ms {
            self.feel(model);
            if passed < AFTER_REFLEX_MS {
                self.circuit.step_ms(&model.circuit, &self.input, &mut self.output);
            } else {
                self.circuit.wait_ms(&model.circuit, &self.input);
            }
        }
    }

    /// Runs the cord for `duration_ms` with `shocks`, each muscle under a descending command (0 at rest). Times of the sweep start
    /// when the cord has had its background for `settle_ms` (at least 60 ms).
    pub fn sweep(
        &mut self,
        model: &StimulatedModel,
        shocks: &[Shock],
        command: [f64; 2],
        settle_ms: usize,
        duration_ms: usize,
    ) -> Sweep {
        let settle = settle_ms.max(SETTLE_MS);
        let volleys: Vec<Volley> = shocks.iter().map(|shock| Volley::new(model, shock)).collect();
        let mut sweep = Sweep::default();
        for (volley, shock) in volleys.iter().zip(shocks) {
            sweep.arrivals[shock.group].extend(volley.direct(&model.groups[shock.group], shock));
        }
        for ms in 0..settle + duration_ms {
            self.feel(model);
            for (g, &effort) in command.iter().enumerate() {
                self.input.groups[g].drive_hz = model.circuit.command_to_drive_hz(g, effort);
                self.input.groups[g].antidromic.clear();
            }
            if let Some(now) = ms.checked_sub(settle) {
                let now = now as f64;
                for (volley, shock) in volleys.iter().zip(shocks).filter(|(v, _)| v.is_under_way(now)) {
                    let input = &mut self.input.groups[shock.group];
                    let due = |at: f64| (now..now + 1.0).contains(&at).then(|| ((at - now) as f32).min(0.999_999));
                    for &(axon, at) in &volley.ia {
                        input.ia.extend(due(at).map(|offset_ms| AfferentSpike { axon, offset_ms }));
                    }
                    // A collision on the way has taken the antidromic impulse too.
                    let discharged = &sweep.discharges[shock.group];
                    let since = discharged.partition_point(|d| d.1 < shock.at_ms.floor());
                    let met = |unit: u32, at: f64| {
                        discharged[since..].iter().any(|d| d.0 == unit as usize && d.1 > shock.at_ms && d.1 < at)
                    };
                    for &(unit, at) in &volley.antidromic {
                        if let Some(offset_ms) = due(at)
                            && !met(unit, at)
                        {
                            input.antidromic.push(Spike { unit, offset_ms });
                            let group = &model.groups[shock.group];
                            let stream = &mut self.backfire[shock.group];
                            if group.axons.backfire(unit as usize, group.backfire, stream)
                                && let Some(delay) = group.axons.f_wave_delay_ms(unit as usize, group.site)
                            {
                                let at_ms = shock.at_ms + SITE_DELAY_MS + delay;
                                let arrival = Arrival { unit: unit as usize, at_ms, origin: Origin::Backfire };
                                sweep.arrivals[shock.group].push(arrival);
                            }
                        }
                    }
                }
            }
            self.circuit.step_ms(&model.circuit, &self.input, &mut self.output);
            let Some(now) = ms.checked_sub(settle) else { continue };
            for (g, group) in model.groups.iter().enumerate() {
                for spike in &self.output.spikes[g] {
                    let (unit, at) = (spike.unit as usize, now as f64 + f64::from(spike.offset_ms));
                    sweep.discharges[g].push((unit, at));
                    let collides = volleys.iter().zip(shocks).any(|(v, s)| s.group == g && v.meets(unit, at, s.at_ms));
                    if !collides && let Some(delay) = group.axons.total_delay_ms(unit) {
                        sweep.arrivals[g].push(Arrival { unit, at_ms: at + delay, origin: Origin::Reflex });
                    }
                }
            }
        }
        self.input.groups.iter_mut().for_each(|g| g.antidromic.clear());
        sweep
    }

    /// Soma potential of a neuron above rest, mV.
    pub fn soma_mv(&self, group: usize, unit: usize) -> f64 {
        self.circuit.pool(group).soma_mv(unit)
    }

    /// Resting discharge of the spindles that reaches the cord in this millisecond.
    fn feel(&mut self, model: &StimulatedModel) {
        for (g, group) in model.groups.iter().enumerate() {
            self.ways[g].advance();
            self.encoders[g].step_ms(group.ia_hz, &mut self.fired);
            self.ways[g].start(&group.from_muscle, &self.fired);
            let input = &mut self.input.groups[g];
            input.presynaptic_inhibition = group.presynaptic_inhibition;
            input.ia.clear();
            input.ia.extend_from_slice(self.ways[g].arriving());
        }
    }
}

/// What a shock sends along the nerve: axons and the time in the sweep at which their impulses come.
struct Volley {
    /// To the cord.
    ia: Vec<(u32, f64)>,
    /// To the motor neurons, by unit.
    antidromic: Vec<(u32, f64)>,
    /// First and last arrival.
    span_ms: (f64, f64),
}

impl Volley {
    fn new(model: &StimulatedModel, shock: &Shock) -> Self {
        let group = &model.groups[shock.group];
        let start = shock.at_ms + SITE_DELAY_MS;
        let ia: Vec<(u32, f64)> = (0..group.ia)
            .filter(|&axon| group.nerve.excites_ia(axon, shock.pulse))
            .map(|axon| (axon as u32, start + group.from_site.delay_ms(axon)))
            .collect();
        let to_cord = |unit: usize| match group.site {
            0 => Some(0.0),
            site => group.axons.delay_ms(unit, 0, site - 1),
        };
        let antidromic: Vec<(u32, f64)> = (0..group.innervated.len())
            .filter(|&unit| group.innervated[unit] && group.nerve.excites_motor(unit, shock.pulse))
            .filter_map(|unit| Some((unit as u32, start + to_cord(unit)?)))
            .collect();
        let times = || ia.iter().chain(&antidromic).map(|a| a.1);
        let span_ms = (times().fold(f64::INFINITY, f64::min), times().fold(f64::NEG_INFINITY, f64::max));
        Self { ia, antidromic, span_ms }
    }

    /// Whether an impulse may arrive in the millisecond that starts at `now_ms`.
    fn is_under_way(&self, now_ms: f64) -> bool {
        self.span_ms.0 < now_ms + 1.0 && self.span_ms.1 >= now_ms
    }

    /// Impulses that go straight to the endplates.
    fn direct<'a>(&'a self, group: &'a GroupModel, shock: &'a Shock) -> impl Iterator<Item = Arrival> + 'a {
        (0..group.innervated.len())
            .filter(|&unit| group.innervated[unit] && group.nerve.excites_motor(unit, shock.pulse))
            .filter_map(move |unit| {
                let delay = group.axons.delay_ms(unit, group.site, group.axons.segments().saturating_sub(1))?;
                Some(Arrival { unit, at_ms: shock.at_ms + SITE_DELAY_MS + delay, origin: Origin::Direct })
            })
    }

    /// Whether an impulse that leaves the neuron at `at` meets this volley's in the same axon.
    fn meets(&self, unit: usize, at: f64, shock_ms: f64) -> bool {
        // The list is in order of unit.
        self.antidromic
            .binary_search_by_key(&(unit as u32), |v| v.0)
            .is_ok_and(|i| at > shock_ms && at < self.antidromic[i].1)
    }
}

#[cfg(test)]
mod tests;
