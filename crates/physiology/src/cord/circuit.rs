//! Two antagonist pools of one joint and the segmental circuit between them.
//!
//! ```text
//! Ia  -> own motor neurons (dendrite)         Ia -> Ia interneurons -| antagonist motor neurons (soma)
//! Ib  -> Ib interneurons -| own               II -> group II interneurons -> own (dendrite)
//! motor axons -> Renshaw cells -| own, own Ia interneurons, each other; Ia interneurons -| those of the antagonist
//! 400 descending axons -> own (dendrite)
//! ```
//! Connectivity of the ReMoto line (Cisi & Kohn 2008; Williams & Baker 2009; Elias, Watanabe & Kohn 2014) with circuit of
//! Hultborn 1971 for Renshaw to Ia interneuron. Populations of another size than the published keep the total conductance a target
//! receives. Where the published conductance is a free gain it was fitted, as said beside it.
//!
//! [`SegmentalGains`] of a group act on what its *own* motor neurons receive.

use serde::{Deserialize, Serialize};

use super::drive::{AXONS, DescendingDrive, DriveMap};
use super::gains::SegmentalGains;
use super::interneuron::{InterneuronKind, PUBLISHED_COUNT, at_rest};
use super::membrane::{Cells, CellsModel, STEP_MS, STEPS_PER_MS};
use super::neuron::{Cell, UnitType};
use super::pool::{Pool, PoolModel, PoolParameters};
use super::synapse::{
    Collaterals, Connectivity, MOTOR_EXCITATION, MOTOR_INHIBITION, Projection, RENSHAW_EXCITATION, RENSHAW_JUMPS,
    Terminals,
};
use crate::math;
use crate::random::Seed;

/// One impulse of one afferent at the cord.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AfferentSpike {
    /// Axon, from 0.
    pub axon: u32,
    /// Time within this millisecond, 0..1.
    pub offset_ms: f32,
}

/// One discharge of one motor neuron.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spike {
    /// Motor unit, 0 = smallest.
    pub unit: u32,
    /// Time within this millisecond, 0..1.
    pub offset_ms: f32,
}

/// Large afferents of one muscle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfferentCounts {
    /// Ia, from the spindles' primary endings.
    pub ia: usize,
    /// Group II, from the spindles' secondary endings.
    pub ii: usize,
    /// Ib, from the tendon organs.
    pub ib: usize,
}

/// One of the two muscle groups of a circuit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupCircuitParameters {
    /// Motor neurons.
    pub pool: PoolParameters,
    /// Settings of the segment.
    pub gains: SegmentalGains,
    /// Afferents.
    pub afferents: AfferentCounts,
}

/// Steady depolarisation of a healthy pool at rest by tonic descending facilitation, mV. Fitted to: a full Ia volley of 1-7 mV
/// recruits part of a resting pool (tendon jerk, H reflex 0.2-0.8 of M), while tonic afferents leave it silent.
pub const TONIC_FACILITATION_MV: f64 = 11.2;

const EVERYWHERE: f64 = f64::INFINITY;
/// Motor neurons of the soleus, for which fan-in from motor neurons was published (ReMoto).
const PUBLISHED_POOL: usize = 900;

/// Descending axons to motor neurons: 30 % of 400, 0.6 uS (ReMoto), here on the smallest neuron; others by [`descending_weight`].
pub const DESCENDING: Connectivity =
    Connectivity { probability: 0.3, conductance_us: 0.6, spread_mm2: EVERYWHERE, published_sources: AXONS };
/// Ia to motor neurons: 90 % of 400 (ReMoto). Conductance fitted to: composite EPSP of all Ia, at presynaptic inhibition 0.4,
/// 7 mV in the smallest neuron (range 1-7 mV); the published 0.6 uS times 360 synapses gives over 60 mV.
const IA_MOTOR: Connectivity =
    Connectivity { probability: 0.9, conductance_us: 0.13, spread_mm2: EVERYWHERE, published_sources: 400 };
/// Ia to Ia interneurons: all (ReMoto). Conductance fitted to: quiet at resting discharge of 10/s, fires in a volley of a fifth of
/// the axons; with the published 0.6 uS one impulse fires the cell.
const IA_IA: Connectivity =
    Connectivity { probability: 1.0, conductance_us: 0.012, spread_mm2: EVERYWHERE, published_sources: 400 };
/// Ia interneurons to antagonist motor neurons: 20 % (ReMoto). Conductance fitted to: reciprocal inhibition takes 15 % (5-35 %)
/// off a soleus H reflex (Crone et al. 1987).
const IA_INHIBITION: Connectivity = Connectivity {
    probability: 0.2,
    conductance_us: 0.004,
    spread_mm2: EVERYWHERE,
    published_sources: PUBLISHED_COUNT,
};
/// Ib to Ib interneurons (ReMoto).
const IB_IB: Connectivity =
    Connectivity { probability: 0.3, conductance_us: 0.3, spread_mm2: EVERYWHERE, published_sources: 300 };
/// Ib interneurons to motor neurons: 10 % (ReMoto). Conductance assumed: Ib at 60/s take a fifth off a moderate contraction (published 0.3 uS
/// halves it).
const IB_INHIBITION: Connectivity =
    Connectivity { probability: 0.1, conductance_us: 0.1, spread_mm2: EVERYWHERE, published_sources: PUBLISHED_COUNT };
/// II to group II interneurons: 30 % of 500 (ReMoto). Conductance fitted to: silent at a resting discharge of 10/s, firing from about
/// 45/s (published 0.45 uS: from 75/s).
const II_II: Connectivity =
    Connectivity { probability: 0.3, conductance_us: 0.75, spread_mm2: EVERYWHERE, published_sources: 500 };
/// Group II interneurons to motor neurons (ReMoto).
const II_EXCITATION: Connectivity =
    Connectivity { probability: 0.2, conductance_us: 0.3, spread_mm2: EVERYWHERE, published_sources: PUBLISHED_COUNT };
/// Motor axon collaterals to Renshaw cells: 6 % of the pool (ReMoto). Conductance fitted to: a volley of the whole pool inhibits
/// it for 20-60 ms (published 0.15 uS: 6 ms).
const MOTOR_RENSHAW: Connectivity =
    Connectivity { probability: 0.06, conductance_us: 0.6, spread_mm2: 0.01, published_sources: PUBLISHED_POOL };
/// Renshaw cells to motor neurons (ReMoto).
const RENSHAW_MOTOR: Connectivity =
    Connectivity { probability: 0.04, conductance_us: 0.44, spread_mm2: 0.22, published_sources: PUBLISHED_COUNT };
/// Renshaw cells to Ia interneurons: chosen as to motor neurons, scaled to the smaller cell (assumed).
const RENSHAW_IA: Connectivity =
    Connectivity { probability: 0.04, conductance_us: 0.02, spread_mm2: 0.22, published_sources: PUBLISHED_COUNT };
/// Renshaw cells to each other (assumed).
const RENSHAW_RENSHAW: Connectivity =
    Connectivity { probability: 0.04, conductance_us: 0.1, spread_mm2: 0.22, published_sources: PUBLISHED_COUNT };
/// Ia interneurons to those of the antagonist (assumed, scaled to the smaller cell).
const IA_IA_INHIBITION: Connectivity =
    Connectivity { probability: 0.1, conductance_us: 0.01, spread_mm2: EVERYWHERE, published_sources: PUBLISHED_COUNT };

/// Rostrocaudal extent of a pool and its interneurons, mm (ReMoto, soleus).
const COLUMN_MM: [f64; 2] = [0.0, 18.0];
/// Synaptic delay, ms (ReMoto).
const SYNAPTIC_DELAY_MS: f64 = 0.3;
/// Slots of the delay line: more than the longest delay and a millisecond, in steps.
const SLOTS: usize = 128;

const RENSHAW: usize = 0;
const IA: usize = 1;
const IB: usize = 2;
const GROUP_II: usize = 3;

/// Descending conductance of a neuron relative to the smallest one: dendritic membrane to the power 1.5.
///
/// Fitted to: mean maximal discharge of 25-40 impulses/s with all types recruited (biceps, tibialis anterior), axons below 120/s. With
/// equal conductance the largest FF cells need 650/s, which drives S cells at 90/s. Direction: rubro- and corticospinal input is larger in fast units.
pub fn descending_weight(cell: &Cell) -> f64 {
    let size = cell.dendrite_nf / Cell::motor_neuron(UnitType::Slow, 0.0).dendrite_nf;
    size * math::sqrt(size)
}

/// Interneurons of each population for a pool: half the motor neurons, 32 to 128, whole blocks of eight.
fn interneuron_count(units: usize) -> usize {
    (units / 2).clamp(32, 128).div_ceil(8) * 8
}

/// One group's part of the circuit.
#[derive(Clone, Debug)]
struct GroupModel {
    pool: PoolModel,
    gains: SegmentalGains,
    drive: DriveMap,
    interneurons: [CellsModel; 4],
    ia_motor: Projection,
    descending_motor: Projection,
    ia_ia: Projection,
    /// On the antagonist's motor neurons.
    ia_inhibition: Projection,
    ia_ia_inhibition: Projection,
    ib_ib: Projection,
    ib_inhibition: Projection,
    ii_ii: Projection,
    ii_excitation: Projection,
    motor_renshaw: Projection,
    renshaw_motor: Projection,
    renshaw_ia: Projection,
    renshaw_renshaw: Projection,
}

/// An antagonist pair, ready to run: index 0 = flexor, 1 = extensor.
#[derive(Clone, Debug)]
pub struct CircuitModel {
    groups: [GroupModel; 2],
    delays: Delays,
}

/// Steps from a spike to its jump: synaptic delay and the centre of the transmitter pulse.
#[derive(Clone, Copy, Debug)]
struct Delays {
    excitation: usize,
    inhibition: usize,
    renshaw: [usize; RENSHAW_JUMPS],
    renshaw_jumps: [f64; RENSHAW_JUMPS],
}

impl CircuitModel {
    /// Draws the circuit of two antagonist groups. `seed` also decides which motor neurons die first ([`super::pool::survivors`]
    /// of `seed.child("pool").index(group)`).
    pub fn new(groups: &[GroupCircuitParameters; 2], seed: Seed) -> Self {
        let steps = |ms: f64| (ms / STEP_MS + 0.5) as usize;
        let quarter = RENSHAW_EXCITATION.pulse_ms / RENSHAW_JUMPS as f64;
        Self {
            groups: [0, 1].map(|g| GroupModel::new(&groups[g], &groups[1 - g], g, seed)),
            delays: Delays {
                excitation: steps(SYNAPTIC_DELAY_MS + MOTOR_EXCITATION.jump_delay_ms()),
                inhibition: steps(SYNAPTIC_DELAY_MS + MOTOR_INHIBITION.jump_delay_ms()),
                renshaw: std::array::from_fn(|k| steps(SYNAPTIC_DELAY_MS + (k as f64 + 0.5) * quarter)),
                renshaw_jumps: RENSHAW_EXCITATION.quarter_jumps(),
            },
        }
    }

    /// A group's motor neurons.
    pub fn pool(&self, group: usize) -> &PoolModel {
        &self.groups[group].pool
    }

    /// Descending rate for a voluntary command 0..1 of a group, calibrated on its healthy composition.
    pub fn command_to_drive_hz(&self, group: usize, command: f64) -> f64 {
        self.groups[group].drive.drive_hz(command)
    }
}

impl GroupModel {
    fn new(own: &GroupCircuitParameters, other: &GroupCircuitParameters, group: usize, seed: Seed) -> Self {
        let units = (own.pool.units, COLUMN_MM);
        let cells = interneuron_count(own.pool.units);
        let local = (cells, COLUMN_MM);
        let seed_of = |name: &str| seed.child("circuit").child(name).index(group);
        let connect =
            |connectivity: &Connectivity, sources: usize, targets: (usize, [f64; 2]), jump: f64, name: &str| {
                Projection::new(&connectivity.for_sources(sources), (sources, COLUMN_MM), targets, jump, seed_of(name))
            };
        let (excite, inhibit) = (MOTOR_EXCITATION.jump(), MOTOR_INHIBITION.jump());
        let other_cells = (interneuron_count(other.pool.units), COLUMN_MM);
        let AfferentCounts { ia, ii, ib } = own.afferents;
        let gains = own.gains.clone();
        let pool = PoolModel::with_bias(
            &own.pool,
            &gains,
            TONIC_FACILITATION_MV + gains.bias_mv,
            seed.child("pool").index(group),
        );
        let mut descending_motor = connect(&DESCENDING, AXONS, units, excite, "descending axons to motor neurons");
        descending_motor.weight_targets(|unit| descending_weight(&pool.neurons()[unit]));
        Self {
            pool,
            drive: DriveMap::new(&own.pool),
            interneurons: [
                InterneuronKind::Renshaw,
                InterneuronKind::Ia,
                InterneuronKind::Ib,
                InterneuronKind::GroupII,
            ]
            .map(|kind| kind.population(cells)),
            ia_motor: connect(&IA_MOTOR, ia, units, excite, "Ia to motor neurons"),
            descending_motor,
            ia_ia: connect(&IA_IA, ia, local, excite, "Ia to Ia interneurons"),
            ia_inhibition: connect(
                &IA_INHIBITION,
                cells,
                (other.pool.units, COLUMN_MM),
                inhibit,
                "Ia interneurons to motor neurons",
            ),
            ia_ia_inhibition: connect(&IA_IA_INHIBITION, cells, other_cells, inhibit, "Ia interneurons to each other"),
            ib_ib: connect(&IB_IB, ib, local, excite, "Ib to Ib interneurons"),
            ib_inhibition: connect(&IB_INHIBITION, cells, units, inhibit, "Ib interneurons to motor neurons"),
            ii_ii: connect(&II_II, ii, local, excite, "II to group II interneurons"),
            ii_excitation: connect(&II_EXCITATION, cells, units, excite, "group II interneurons to motor neurons"),
            motor_renshaw: connect(&MOTOR_RENSHAW, units.0, local, 1.0, "motor neurons to Renshaw cells"),
            renshaw_motor: connect(&RENSHAW_MOTOR, cells, units, inhibit, "Renshaw cells to motor neurons"),
            renshaw_ia: connect(&RENSHAW_IA, cells, local, inhibit, "Renshaw cells to Ia interneurons"),
            renshaw_renshaw: connect(&RENSHAW_RENSHAW, cells, local, inhibit, "Renshaw cells to each other"),
            gains,
        }
    }
}

/// What reaches one group of the circuit in a millisecond.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupInput {
    /// Ia impulses arriving at the cord.
    pub ia: Vec<AfferentSpike>,
    /// Group II impulses arriving at the cord.
    pub ii: Vec<AfferentSpike>,
    /// Ib impulses arriving at the cord.
    pub ib: Vec<AfferentSpike>,
    /// Rate of each of the 400 descending axons, impulses/s.
    pub drive_hz: f64,
    /// Current into every motor neuron's soma, nA; 0 normally.
    pub bias_na: f64,
    /// Presynaptic inhibition of Ia terminals now, fraction of release suppressed; takes the place of the tonic one.
    pub presynaptic_inhibition: f64,
}

/// What reaches the circuit in a millisecond: flexor, extensor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CircuitInput {
    /// Flexor, extensor.
    pub groups: [GroupInput; 2],
}

/// What leaves the circuit in a millisecond; cleared and refilled each step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CircuitOutput {
    /// Motor neuron discharges, in order of time then unit: flexor, extensor.
    pub spikes: [Vec<Spike>; 2],
}

/// Where an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Source {
    Ia,
    II,
    Ib,
    Descending,
    Motor,
    Interneuron(u8),
}

/// A spike under way to its synapses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Event {
    source: Source,
    index: u32,
    gain: f32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Group {
    pool: Pool,
    interneurons: [Cells; 4],
    drive: DescendingDrive,
    terminals: Terminals,
    collaterals: Collaterals,
    under_way: Vec<Vec<Event>>,
}

/// An antagonist pair in motion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Circuit {
    groups: [Group; 2],
    step: usize,
}

impl Circuit {
    /// All cells at rest; `seed` drives the descending axons.
    pub fn new(model: &CircuitModel, seed: Seed) -> Self {
        let group = |g: usize| {
            let m = &model.groups[g];
            Group {
                pool: Pool::new(&m.pool),
                interneurons: at_rest(&m.interneurons),
                drive: DescendingDrive::new(seed.child("descending drive").index(g)),
                terminals: Terminals::new(m.ia_motor.sources()),
                collaterals: Collaterals::new(m.pool.units()),
                under_way: (0..SLOTS).map(|_| Vec::with_capacity(64)).collect(),
            }
        };
        Self { groups: [group(0), group(1)], step: 0 }
    }

    /// One millisecond: 20 steps of 0.05 ms. Impulses of axons that don't exist are ignored.
    pub fn step_ms(&mut self, model: &CircuitModel, input: &CircuitInput, out: &mut CircuitOutput) {
        for g in 0..2 {
            out.spikes[g].clear();
            self.groups[g].receive(&model.groups[g], &model.delays, &input.groups[g], self.step);
        }
        for micro in 0..STEPS_PER_MS {
            self.deliver(model);
            for (g, group) in self.groups.iter_mut().enumerate() {
                group.advance(&model.groups[g], &model.delays, self.step, micro, &mut out.spikes[g]);
            }
            self.step += 1;
        }
    }

    /// Adds the jumps that are due in this step.
    fn deliver(&mut self, model: &CircuitModel) {
        let slot = self.step % SLOTS;
        let [flexor, extensor] = &mut self.groups;
        flexor.deliver_due(slot, &model.groups[0], &model.groups[1], extensor);
        extensor.deliver_due(slot, &model.groups[1], &model.groups[0], flexor);
    }

    /// State of a group's pool.
    pub fn pool(&self, group: usize) -> &Pool {
        &self.groups[group].pool
    }
}

impl Group {
    /// Sends this millisecond's input on its way.
    fn receive(&mut self, m: &GroupModel, delays: &Delays, input: &GroupInput, step: usize) {
        self.pool.set_common_current_na(input.bias_na);
        let at = |offset_ms: f64| {
            let micro = ((offset_ms * STEPS_PER_MS as f64) as usize).min(STEPS_PER_MS - 1);
            (step + micro + delays.excitation) % SLOTS
        };
        let open = (1.0 - input.presynaptic_inhibition).clamp(0.0, 1.0) * m.gains.ia;
        let now_ms = step as f64 * STEP_MS;
        for spike in &input.ia {
            if (spike.axon as usize) < m.ia_motor.sources() {
                let offset = f64::from(spike.offset_ms);
                let depression = m.gains.post_activation_depression;
                let release = self.terminals.release(spike.axon as usize, now_ms + offset, depression);
                let event = Event { source: Source::Ia, index: spike.axon, gain: (open * release) as f32 };
                self.under_way[at(offset)].push(event);
            }
        }
        for (spikes, source, count) in
            [(&input.ii, Source::II, m.ii_ii.sources()), (&input.ib, Source::Ib, m.ib_ib.sources())]
        {
            for spike in spikes.iter().filter(|s| (s.axon as usize) < count) {
                let event = Event { source, index: spike.axon, gain: 1.0 };
                self.under_way[at(f64::from(spike.offset_ms))].push(event);
            }
        }
        let under_way = &mut self.under_way;
        self.drive.step_ms(input.drive_hz, |axon, offset| {
            under_way[at(offset)].push(Event { source: Source::Descending, index: axon as u32, gain: 1.0 });
        });
    }

    /// Adds the jumps of this slot's events.
    fn deliver_due(&mut self, slot: usize, m: &GroupModel, antagonist: &GroupModel, other: &mut Group) {
        let mut events = std::mem::take(&mut self.under_way[slot]);
        for event in &events {
            self.deliver(m, antagonist, other, event);
        }
        events.clear();
        self.under_way[slot] = events;
    }

    /// Adds the jumps of one event to its targets.
    fn deliver(&mut self, m: &GroupModel, antagonist: &GroupModel, other: &mut Group, event: &Event) {
        let i = event.index as usize;
        let gain = f64::from(event.gain);
        let motor = &mut self.pool.cells;
        match event.source {
            Source::Ia => {
                motor.excite_row(m.ia_motor.row(i), m.ia_motor.jump_us * gain);
                self.interneurons[IA].excite_row(m.ia_ia.row(i), m.ia_ia.jump_us * m.gains.ia);
            }
            Source::II => self.interneurons[GROUP_II].excite_row(m.ii_ii.row(i), m.ii_ii.jump_us),
            Source::Ib => self.interneurons[IB].excite_row(m.ib_ib.row(i), m.ib_ib.jump_us),
            Source::Descending => motor.excite_row(m.descending_motor.row(i), m.descending_motor.jump_us),
            Source::Motor => {
                self.interneurons[RENSHAW].excite_row(m.motor_renshaw.row(i), m.motor_renshaw.jump_us * gain);
            }
            Source::Interneuron(kind) => match usize::from(kind) {
                RENSHAW => {
                    motor.inhibit_row(m.renshaw_motor.row(i), m.renshaw_motor.jump_us * m.gains.renshaw);
                    self.interneurons[IA].inhibit_row(m.renshaw_ia.row(i), m.renshaw_ia.jump_us);
                    self.interneurons[RENSHAW].inhibit_row(m.renshaw_renshaw.row(i), m.renshaw_renshaw.jump_us);
                }
                IA => {
                    let jump = m.ia_inhibition.jump_us * antagonist.gains.reciprocal;
                    other.pool.cells.inhibit_row(m.ia_inhibition.row(i), jump);
                    other.interneurons[IA].inhibit_row(m.ia_ia_inhibition.row(i), m.ia_ia_inhibition.jump_us);
                }
                IB => motor.inhibit_row(m.ib_inhibition.row(i), m.ib_inhibition.jump_us * m.gains.ib),
                _ => motor.excite_row(m.ii_excitation.row(i), m.ii_excitation.jump_us * m.gains.group_ii),
            },
        }
    }

    /// Advances the cells by one step and sends their spikes on their way.
    fn advance(&mut self, m: &GroupModel, delays: &Delays, step: usize, micro: usize, out: &mut Vec<Spike>) {
        let now_ms = step as f64 * STEP_MS;
        for crossing in self.pool.step(&m.pool) {
            let offset_ms = (micro as f32 + crossing.fraction) * STEP_MS as f32;
            out.push(Spike { unit: crossing.cell, offset_ms: offset_ms.min(0.999_999) });
            let gain = self.collaterals.gain(crossing.cell as usize, now_ms);
            for (delay, jump) in delays.renshaw.into_iter().zip(delays.renshaw_jumps) {
                let event = Event { source: Source::Motor, index: crossing.cell, gain: (gain * jump) as f32 };
                self.under_way[(step + delay) % SLOTS].push(event);
            }
        }
        for (kind, (cells, model)) in self.interneurons.iter_mut().zip(&m.interneurons).enumerate() {
            let delay = if kind == GROUP_II { delays.excitation } else { delays.inhibition };
            for crossing in cells.step(model) {
                let event = Event { source: Source::Interneuron(kind as u8), index: crossing.cell, gain: 1.0 };
                self.under_way[(step + delay) % SLOTS].push(event);
            }
        }
    }
}

#[cfg(test)]
mod tests;
