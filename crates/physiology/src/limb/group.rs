//! One muscle group: its axons, junctions, units, contraction and receptors, without the cord.

use serde::{Deserialize, Serialize};

use super::efferent::Efferent;
use super::parameters::LimbGroup;
use crate::cord::circuit::{AfferentSpike, Spike};
use crate::junction::JunctionModel;
use crate::muscle::contraction::{ContractionModel, Direction, MuscleTorque};
use crate::muscle::innervation::{Innervation, innervation, unit_sizes};
use crate::muscle::short_range::{Attached, ShortRange};
use crate::muscle::tendon::{MuscleTendon, TendonModel};
use crate::muscle::unit::{UnitModel, UnitParameters, Units};
use crate::nerve::motor_axon::MotorAxons;
use crate::random::{Seed, Stream};
use crate::receptor::afferent::Encoder;
use crate::receptor::conduction::{self, AfferentPath, UnderWay};
use crate::receptor::spindle::{Spindle, SpindleModel, SpindleRates};
use crate::receptor::tendon_organ::{self, TendonOrgan, TendonOrganModel};

/// From the arrival of an impulse at the endplates to the onset of force, ms; assumed: junction 1 ms, conduction along the
/// fibre and coupling 2 ms.
const COUPLING_MS: usize = 3;
/// Rise of static fusimotor drive at full command, impulses/s; assumed: coactivation 1:0.5 to 1:1 with discharge of 30-40/s.
const COACTIVATION_STATIC_HZ: f64 = 30.0;
/// Rise of dynamic fusimotor drive at full command, impulses/s; assumed small: static drive dominates in voluntary contraction.
const COACTIVATION_DYNAMIC_HZ: f64 = 10.0;
/// Share of the cross-bridges of a contracting muscle that resist as short-range stiffness; fitted to: torque of a background
/// of 4 % rises clearly and hardly depends on velocity.
const ACTIVE_SHORT_RANGE: f64 = 0.1;
/// Activation up to which that share counts; assumed: beyond it the Hill curves carry the resistance, and the joint stays stable.
const ACTIVE_SHORT_RANGE_LIMIT: f64 = 0.1;

/// Length of the unloaded tendon beyond which it is elastic here, optimal fibre lengths; assumed: that of the calf, 6.9 (soleus 6.3), alone.
/// The fitted numbers of shorter ones (wrist 4.7, knee 2.7-3.3, elbow about 1) were fitted with rigid tendons.
const LONG_TENDON_L0: f64 = 6.0;

/// What one muscle group is.
pub struct GroupModel {
    /// Mechanics.
    pub contraction: ContractionModel,
    /// The tendon, where it is long; none: rigid.
    tendon: Option<TendonModel>,
    /// Motor units with what is left of their fibres.
    pub units: UnitModel,
    /// Junctions.
    pub junction: JunctionModel,
    /// Conduction time of each unit to its endplates, ms; `None`: dead or blocked.
    pub efferent_ms: Vec<Option<f64>>,
    /// Paths of Ia, II and Ib afferents.
    pub paths: [AfferentPath; 3],
    spindle: SpindleModel,
    organ: TendonOrganModel,
    base_tone: f64,
    gamma_static_hz: f64,
    gamma_dynamic_hz: f64,
    /// Motor axons that reach the muscle, over all: gamma axons share their fate.
    axons_left: f64,
    ectopic_per_ms: f64,
    survivors: Vec<u32>,
    counts: [usize; 3],
}

impl GroupModel {
    /// The group `group` acting in `direction`; `neurons[i]` false: that motor neuron is dead.
    pub fn new(group: &LimbGroup, neurons: &[bool], direction: Direction, seed: Seed) -> Self {
        let n = group.pool.units;
        let axons = MotorAxons::new(&group.axons, n, seed);
        let alive: Vec<bool> = (0..n).map(|i| neurons.get(i).copied().unwrap_or(true) && axons.alive(i)).collect();
        let sizes = unit_sizes(&group.fibres, n);
        let innervation = innervation(&group.fibres, &sizes, &alive, seed);
        let efferent_ms: Vec<Option<f64>> =
            (0..n).map(|i| if alive[i] { axons.total_delay_ms(i) } else { None }).collect();
        let survivors: Vec<u32> = (0..n).filter(|&i| alive[i]).map(|i| i as u32).collect();
        let reached = efferent_ms.iter().filter(|d| d.is_some()).count();
        let axons_left = if reached == n { 1.0 } else { reached as f64 / n as f64 };
        let segments = &group.axons.segments;
        let path = |count, velocity, name: &str| {
            AfferentPath::new(
                count,
                velocity,
                group.axons.spectrum.scale,
                group.afferent_length_m,
                segments,
                seed.child(name),
            )
        };
        let a = &group.afferents;
        let gains = &group.gains;
        let strength = if n == 0 { 0.0 } else { innervation.relative_force.iter().sum::<f64>() / n as f64 };
        // Base tone is a property of the muscle's own innervated fibres: neither fusimotor drive nor bias below threshold attaches a
        // cross-bridge of a silent muscle. Units above their healthy force (sprouts) add none.
        let base_tone = group.contraction.base_tone * strength.min(1.0);
        Self {
            contraction: ContractionModel::new(&group.contraction, direction),
            tendon: (group.contraction.tendon_slack_l0 > LONG_TENDON_L0)
                .then(|| TendonModel::in_joint(&group.contraction, direction).ok())
                .flatten(),
            units: UnitModel::new(&group.units, n, &strengths(&group.units, &innervation, &sizes, &alive)),
            junction: JunctionModel::new(&group.junction, seed),
            efferent_ms,
            paths: [
                path(a.ia, conduction::IA, "ia"),
                path(a.ii, conduction::II, "ii"),
                path(a.ib, conduction::IB, "ib"),
            ],
            spindle: SpindleModel::human(),
            organ: TendonOrganModel::human(group.contraction.max_force_n),
            base_tone,
            gamma_static_hz: gains.gamma_static_hz,
            gamma_dynamic_hz: gains.gamma_dynamic_hz,
            axons_left,
            ectopic_per_ms: group.axons.ectopic_rate_hz.max(0.0) * 1e-3 * survivors.len() as f64,
            survivors,
            counts: [a.ia, a.ii, a.ib],
        }
    }

    /// Fusimotor drive under a command, static and dynamic, impulses/s.
    fn fusimotor(&self, command: f64) -> (f64, f64) {
        (
            (self.gamma_static_hz + COACTIVATION_STATIC_HZ * command) * self.axons_left,
            (self.gamma_dynamic_hz + COACTIVATION_DYNAMIC_HZ * command) * self.axons_left,
        )
    }

    /// Base tone of the relaxed group now, fraction of maximal force.
    pub fn base_tone(&self) -> f64 {
        self.base_tone
    }
}

/// Force of each unit over its own in health. Fibres of large units are the stronger ones (twitch forces range wider than
/// fibre numbers), so an adopted fibre brings the mean force of the orphans, not its adopter's: sprouting cannot make a
/// muscle stronger than its fibres, whichever units are left.
fn strengths(units: &UnitParameters, innervation: &Innervation, sizes: &[f64], alive: &[bool]) -> Vec<f64> {
    let healthy = UnitModel::new(units, sizes.len(), &[]);
    let dead = || (0..sizes.len()).filter(|&u| !alive[u]);
    let orphan_force = dead().map(|u| healthy.twitch(u)).sum::<f64>() / dead().map(|u| sizes[u]).sum::<f64>();
    (0..sizes.len())
        .map(|u| {
            let (own, adopted, force) =
                (innervation.own_share[u], innervation.adopted_share[u], innervation.relative_force[u]);
            if adopted > 0.0 {
                let own_force = healthy.twitch(u) / sizes[u];
                force * (own + adopted * orphan_force / own_force) / (own + adopted)
            } else {
                force
            }
        })
        .collect()
}

/// Where one muscle group is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    efferent: Efferent,
    units: Units,
    bridges: ShortRange,
    on_tendon: Option<MuscleTendon>,
    /// Length of fibres on a tendon that their receptors felt last, optimal lengths.
    felt_l0: f64,
    spindle: Spindle,
    organ: TendonOrgan,
    encoders: [Encoder; 3],
    ways: [UnderWay; 3],
    fired: Vec<AfferentSpike>,
    rates: SpindleRates,
    tap_m: f64,
    ectopic: Stream,
}

impl Group {
    /// At rest at a joint angle. What is left of the Ia input (the cord's gain) is applied at their synapses.
    pub fn new(model: &GroupModel, angle_rad: f64, seed: Seed) -> Self {
        let fibre = model.contraction.fibre(angle_rad, 0.0);
        let (gamma_static, gamma_dynamic) = model.fusimotor(0.0);
        let longest = model.efferent_ms.iter().flatten().fold(0.0_f64, |a, &b| a.max(b));
        let scale = model.spindle.scale();
        let encoder =
            |i: usize, left: f64, scale: f64, name: &str| Encoder::new(model.counts[i], left, scale, seed.child(name));
        let mut spindle = Spindle::new(fibre.length_l0, gamma_static, gamma_dynamic);
        let rates = spindle.step_ms(&model.spindle, fibre.length_l0, 0.0, gamma_static, gamma_dynamic);
        Self {
            efferent: Efferent::new(longest, COUPLING_MS),
            units: Units::new(&model.units),
            bridges: ShortRange::new(),
            on_tendon: model.tendon.as_ref().map(|tendon| MuscleTendon::new(tendon, 0.0, angle_rad)),
            felt_l0: fibre.length_l0,
            spindle,
            organ: TendonOrgan::new(&model.organ, 0.0),
            encoders: [
                encoder(0, 1.0, scale, "ia"),
                encoder(1, 1.0, scale, "ii"),
                encoder(2, 1.0, tendon_organ::HUMAN_SCALE, "ib"),
            ],
            ways: [UnderWay::new(&model.paths[0]), UnderWay::new(&model.paths[1]), UnderWay::new(&model.paths[2])],
            fired: Vec::with_capacity(1024),
            rates,
            tap_m: 0.0,
            ectopic: seed.stream("ectopic"),
        }
    }

    /// Impulses of class `class` (0 Ia, 1 II, 2 Ib) that reach the cord in this millisecond.
    pub fn afferents(&self, class: usize) -> &[AfferentSpike] {
        self.ways[class].arriving()
    }

    /// Mean discharge of the group's spindles now.
    pub fn spindle_rates(&self) -> SpindleRates {
        self.rates
    }

    /// Force of the motor units, fraction of maximum.
    pub fn activation(&self) -> f64 {
        self.units.activation()
    }

    /// Impulses reaching the endplates in this millisecond.
    pub fn muscle_spikes(&self) -> &[Spike] {
        self.efferent.arriving()
    }

    /// Sends this millisecond's discharges down the axons and turns what has arrived into force.
    pub fn excite(&mut self, model: &GroupModel, spikes: &[Spike]) {
        for spike in spikes {
            if let Some(delay) = model.efferent_ms.get(spike.unit as usize).copied().flatten() {
                self.efferent.send(*spike, delay);
            }
        }
        if model.ectopic_per_ms > 0.0 && self.ectopic.uniform() < model.ectopic_per_ms {
            // Ectopic impulses arise in the terminal branches: no conduction to speak of.
            let which = (self.ectopic.uniform() * model.survivors.len() as f64) as usize;
            let unit = model.survivors[which.min(model.survivors.len() - 1)];
            self.efferent.send(Spike { unit, offset_ms: self.ectopic.uniform() as f32 }, 0.0);
        }
        self.units.advance();
        for spike in self.efferent.arrived() {
            let (unit, offset) = (spike.unit as usize, f64::from(spike.offset_ms));
            let interval = (self.units.interval_ms(unit, offset) - 1.0).max(1.0);
            let transmitted = model.junction.transmission(1e3 / interval);
            self.units.impulse(&model.units, unit, offset, transmitted);
        }
    }

    /// Torque at a joint angle and velocity; the attached cross-bridges are strained by the movement of `step_s`.
    pub fn pull(
        &mut self,
        model: &GroupModel,
        activation: f64,
        angle_rad: f64,
        velocity_rad_s: f64,
        step_s: f64,
    ) -> MuscleTorque {
        let active = ACTIVE_SHORT_RANGE * activation.min(ACTIVE_SHORT_RANGE_LIMIT);
        let attached = Attached { tone: model.base_tone, active };
        if let (Some(tendon), Some(muscle)) = (&model.tendon, &mut self.on_tendon) {
            let bridges = (&mut self.bridges, attached);
            return muscle.step_with_bridges(tendon, activation, bridges, angle_rad, step_s).torque;
        }
        let fibre = model.contraction.fibre(angle_rad, velocity_rad_s);
        let tension =
            self.bridges.stretch(&model.contraction.parameters().short_range, attached, fibre.velocity_l0_s, step_s);
        model.contraction.torque(&fibre, activation, tension)
    }

    /// Receptors at the end of this millisecond; their impulses start for the cord. `command` moves the fusimotor drive,
    /// `tap_m` is an extra stretch of muscle and tendon.
    pub fn feel(
        &mut self,
        model: &GroupModel,
        command: f64,
        angle_rad: f64,
        velocity_rad_s: f64,
        active_force_n: f64,
        tap_m: f64,
    ) {
        let mut fibre = model.contraction.fibre(angle_rad, velocity_rad_s);
        if let Some(muscle) = &self.on_tendon {
            fibre.length_l0 = muscle.length_l0();
            fibre.velocity_l0_s = (fibre.length_l0 - self.felt_l0) * 1e3;
            self.felt_l0 = fibre.length_l0;
        }
        let per_m = 1.0 / model.contraction.parameters().optimal_length_m;
        let tap_velocity = (tap_m - self.tap_m) * per_m * 1e3;
        self.tap_m = tap_m;
        let (gamma_static, gamma_dynamic) = model.fusimotor(command);
        self.rates = self.spindle.step_ms(
            &model.spindle,
            fibre.length_l0 + tap_m * per_m,
            fibre.velocity_l0_s + tap_velocity,
            gamma_static,
            gamma_dynamic,
        );
        let ib_hz = self.organ.step_ms(&model.organ, active_force_n);
        let rates = [self.rates.ia_hz, self.rates.ii_hz, ib_hz];
        for (class, rate) in rates.into_iter().enumerate() {
            self.encoders[class].step_ms(rate, &mut self.fired);
            self.ways[class].start(&model.paths[class], &self.fired);
        }
    }

    /// To the next millisecond.
    pub fn advance(&mut self) {
        self.efferent.advance();
        self.ways.iter_mut().for_each(UnderWay::advance);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::muscle::fibre::FibreParameters;

    #[test]
    fn sprouting_keeps_the_force_of_the_fibres_whichever_units_die() {
        let units =
            UnitParameters { twitch_range: 100.0, contraction_time_ms: 90.0, contraction_time_range: 3.0, poles: 2 };
        let fibres = FibreParameters { reinnervation: 1.0, ..FibreParameters::default() };
        let n = 120;
        let sizes = unit_sizes(&fibres, n);
        let healthy = UnitModel::new(&units, n, &[]);
        let force = |strengths: &[f64]| (0..n).map(|u| healthy.twitch(u) * strengths[u]).sum::<f64>();
        let of = |alive: &[bool]| {
            let supply = innervation(&fibres, &sizes, alive, Seed::new(1));
            force(&strengths(&units, &supply, &sizes, alive))
        };
        let whole = force(&[1.0; 120]);
        assert_eq!(of(&[true; 120]), whole, "health to the bit");
        let small_die: Vec<bool> = (0..n).map(|u| u >= 60).collect();
        let large_die: Vec<bool> = (0..n).map(|u| u < 100).collect();
        assert!((of(&small_die) / whole - 1.0).abs() < 1e-9);
        assert!((of(&large_die) / whole - 1.0).abs() < 1e-9);
    }
}
