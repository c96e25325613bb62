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
//! A volley of the antagonist's Ia inhibits Ia terminals (primary afferent depolarisation); an antidromic impulse in a motor axon
//! makes its neuron fire and goes no further, but for the axon's collaterals on Renshaw cells.
//!
//! [`SegmentalGains`] of a group act on what its *own* motor neurons receive.

use serde::{Deserialize, Serialize};

use self::connections::*;
use self::presynaptic::PrimaryAfferentDepolarisation;
use super::drive::{AXONS, DescendingDrive, DriveMap};
use super::gains::SegmentalGains;
use super::interneuron::{InterneuronKind, at_rest};
use super::membrane::{Cells, CellsModel, STEP_MS, STEPS_PER_MS};
use super::pool::{Pool, PoolModel, PoolParameters};
use super::synapse::{
    Collaterals, Connectivity, MOTOR_EXCITATION, MOTOR_INHIBITION, Projection, RENSHAW_EXCITATION, RENSHAW_JUMPS,
    Terminals,
};
use crate::random::Seed;

mod connections;
mod presynaptic;

pub use self::connections::{DESCENDING, DESCENDING_SIZE_POWER, TONIC_FACILITATION_MV, descending_weight, ia_weight};

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

/// Rostrocaudal extent of a pool and its interneurons, mm (ReMoto, soleus).
const COLUMN_MM: [f64; 2] = [0.0, 18.0];
/// Synaptic delay, ms (ReMoto).
const SYNAPTIC_DELAY_MS: f64 = 0.3;
/// Depolarisation of the soma by an antidromic impulse within one step, mV: over every threshold, for it comes with the
/// initial segment's spike of some 100 mV (assumed).
const INVASION_MV: f64 = 80.0;
/// Slots of the delay line: more than the longest delay and a millisecond, in steps.
const SLOTS: usize = 128;

const RENSHAW: usize = 0;
const IA: usize = 1;
const IB: usize = 2;
const GROUP_II: usize = 3;

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
    /// Share of the group's Ia that fires in a millisecond.
    fn share_of_ia(&self, spikes: &[AfferentSpike]) -> f64 {
        match self.ia_motor.sources() {
            0 => 0.0,
            n => spikes.len() as f64 / n as f64,
        }
    }

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
        descending_motor.weight_targets(|unit| pool.descending_weight(unit));
        let mut ia_motor = connect(&IA_MOTOR, ia, units, excite, "Ia to motor neurons");
        ia_motor.weight_targets(|unit| ia_weight(&pool.neurons()[unit]));
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
            ia_motor,
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
    /// Tonic presynaptic inhibition of Ia terminals now, fraction of release suppressed; what volleys of the antagonist add comes on top.
    pub presynaptic_inhibition: f64,
    /// Impulses that reach motor neurons against the usual direction, from a stimulus on their axons.
    pub antidromic: Vec<Spike>,
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
    Antidromic,
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
    depolarisation: PrimaryAfferentDepolarisation,
    /// Neurons that an antidromic impulse enters in this step.
    invaded: Vec<u32>,
}

/// An antagonist pair in motion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Circuit {
    groups: [Group; 2],
    step: usize,
    /// Time that passed without a step of the membranes, ms.
    waited_ms: f64,
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
                depolarisation: PrimaryAfferentDepolarisation::default(),
                invaded: Vec::with_capacity(64),
            }
        };
        Self { groups: [group(0), group(1)], step: 0, waited_ms: 0.0 }
    }

    /// One millisecond of a silent cord: only the stores of the Ia terminals move, drained by the impulses of `input` as in
    /// [`Circuit::step_ms`]; the membranes stay where they are. For the seconds between the stimuli of a rested muscle.
    pub fn wait_ms(&mut self, model: &CircuitModel, input: &CircuitInput) {
        let now_ms = self.now_ms();
        for (g, group) in self.groups.iter_mut().enumerate() {
            let depression = model.groups[g].gains.post_activation_depression;
            for spike in &input.groups[g].ia {
                if (spike.axon as usize) < model.groups[g].ia_motor.sources() {
                    group.terminals.release(spike.axon as usize, now_ms + f64::from(spike.offset_ms), depression);
                }
            }
            group.depolarisation.step_ms(0.0);
        }
        self.waited_ms += 1.0;
    }

    fn now_ms(&self) -> f64 {
        self.step as f64 * STEP_MS + self.waited_ms
    }

    /// One millisecond: 20 steps of 0.05 ms. Impulses of axons that don't exist are ignored.
    pub fn step_ms(&mut self, model: &CircuitModel, input: &CircuitInput, out: &mut CircuitOutput) {
        let now_ms = self.now_ms();
        for g in 0..2 {
            out.spikes[g].clear();
            let antagonist = model.groups[1 - g].share_of_ia(&input.groups[1 - g].ia);
            self.groups[g].depolarisation.step_ms(antagonist);
            self.groups[g].receive(&model.groups[g], &model.delays, &input.groups[g], self.step, now_ms);
        }
        for micro in 0..STEPS_PER_MS {
            self.deliver(model);
            let now_ms = self.now_ms();
            for (g, group) in self.groups.iter_mut().enumerate() {
                group.advance(&model.groups[g], &model.delays, (self.step, now_ms), micro, &mut out.spikes[g]);
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
    fn receive(&mut self, m: &GroupModel, delays: &Delays, input: &GroupInput, step: usize, now_ms: f64) {
        self.pool.set_common_current_na(input.bias_na);
        let micro = |offset_ms: f64| ((offset_ms * STEPS_PER_MS as f64) as usize).min(STEPS_PER_MS - 1);
        let at = |offset_ms: f64| (step + micro(offset_ms) + delays.excitation) % SLOTS;
        for spike in input.antidromic.iter().filter(|s| (s.unit as usize) < m.pool.units()) {
            let event = Event { source: Source::Antidromic, index: spike.unit, gain: 1.0 };
            self.under_way[(step + micro(f64::from(spike.offset_ms))) % SLOTS].push(event);
        }
        let volley = self.depolarisation.suppressed(input.presynaptic_inhibition);
        let open = (1.0 - input.presynaptic_inhibition).clamp(0.0, 1.0) * (1.0 - volley) * m.gains.ia;
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
            Source::Antidromic => {
                let current_na = INVASION_MV * m.pool.neurons()[i].soma_nf / STEP_MS;
                self.pool.set_current_na(&m.pool, i, current_na);
                self.invaded.push(event.index);
            }
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
    fn advance(
        &mut self,
        m: &GroupModel,
        delays: &Delays,
        (step, now_ms): (usize, f64),
        micro: usize,
        out: &mut Vec<Spike>,
    ) {
        for crossing in self.pool.step(&m.pool) {
            if !self.invaded.contains(&crossing.cell) {
                let offset_ms = (micro as f32 + crossing.fraction) * STEP_MS as f32;
                out.push(Spike { unit: crossing.cell, offset_ms: offset_ms.min(0.999_999) });
            }
            let gain = self.collaterals.gain(crossing.cell as usize, now_ms);
            for (delay, jump) in delays.renshaw.into_iter().zip(delays.renshaw_jumps) {
                let event = Event { source: Source::Motor, index: crossing.cell, gain: (gain * jump) as f32 };
                self.under_way[(step + delay) % SLOTS].push(event);
            }
        }
        for unit in self.invaded.drain(..) {
            self.pool.set_current_na(&m.pool, unit as usize, 0.0);
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
