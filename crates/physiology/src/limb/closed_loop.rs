//! The limb, stepped: cord, muscles, joint and receptors in one loop.

use serde::{Deserialize, Serialize};

use super::command::{Command, CommandModel};
use super::effort::EffortMap;
use super::group::{Group, GroupModel};
use super::long_latency::{LongLatency, LongLatencyModel};
use super::parameters::LimbParameters;
use crate::cord::circuit::{Circuit, CircuitInput, CircuitModel, CircuitOutput, GroupCircuitParameters, Spike};
use crate::joint::hinge::{self, Hinge, HingeParameters};
use crate::muscle::contraction::Direction;
use crate::random::Seed;

/// Steps of the joint in a millisecond.
const JOINT_STEPS: usize = 2;

/// What a limb is, built once.
pub struct LimbModel {
    circuit: CircuitModel,
    hinge: HingeParameters,
    groups: [GroupModel; 2],
    command: CommandModel,
    effort: [EffortMap; 2],
    long_latency: [LongLatencyModel; 2],
    /// Share of the descending impulses that arrives.
    tract: [f64; 2],
    presynaptic_inhibition: [f64; 2],
}

impl LimbModel {
    /// The limb of these parameters; `seed` names the person's limb, so that which units, axons and afferents are lost is
    /// the same in every run of it.
    pub fn new(parameters: &LimbParameters, seed: Seed) -> Self {
        let of = [&parameters.flexor, &parameters.extensor];
        let circuit = CircuitModel::new(
            &of.map(|g| GroupCircuitParameters {
                pool: g.pool.clone(),
                gains: g.gains.clone(),
                afferents: g.afferents,
            }),
            seed,
        );
        let group = |i: usize, name: &str, direction| {
            let neurons: Vec<bool> = (0..of[i].pool.units).map(|u| circuit.pool(i).alive(u)).collect();
            GroupModel::new(of[i], &neurons, direction, seed.child(name))
        };
        let groups = [group(0, "flexor", Direction::Flexion), group(1, "extensor", Direction::Extension)];
        let long_latency = [0, 1].map(|i: usize| {
            LongLatencyModel::new(
                of[i].gains.long_latency * of[i].gains.ia,
                groups[i].paths[0].mean_delay_ms(),
                &of[i].corticospinal,
            )
        });
        Self {
            circuit,
            hinge: parameters.hinge.clone(),
            groups,
            command: CommandModel {
                resting: of.map(|g| g.gains.resting_command),
                oscillator: parameters.oscillator.clone(),
                persistence: parameters.persistence,
                chorea_rate_hz: parameters.chorea_rate_hz,
                surround_inhibition: parameters.surround_inhibition,
            },
            effort: of.map(|g| EffortMap::new(&g.units, g.pool.units)),
            long_latency,
            tract: of.map(|g| g.corticospinal.drive.max(0.0)),
            presynaptic_inhibition: of.map(|g| g.gains.presynaptic_inhibition),
        }
    }

    /// One muscle group.
    pub fn group(&self, index: usize) -> &GroupModel {
        &self.groups[index]
    }
}

/// A movement forced on the joint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Imposed {
    /// Angle at the end of this millisecond, rad.
    pub angle_rad: f64,
    /// Velocity, rad/s.
    pub velocity_rad_s: f64,
}

/// What acts on a limb for one millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LimbInput {
    /// Voluntary effort, 0..1: fraction of maximal voluntary force wanted from each group.
    pub command: [f64; 2],
    /// External torque, flexion positive, N m.
    pub external_torque_n_m: f64,
    /// Movement forced on the joint; then external torque has no effect.
    pub imposed: Option<Imposed>,
    /// Extra stretch of muscle and tendon (a tap on the tendon), m.
    pub tap_m: [f64; 2],
}

/// What a limb does in one millisecond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimbOutput<'a> {
    /// Joint angle at its end, rad.
    pub angle_rad: f64,
    /// Joint velocity, rad/s.
    pub velocity_rad_s: f64,
    /// Torque of muscles and passive joint, without gravity and inertia, flexion positive, N m.
    pub torque_n_m: f64,
    /// Torque of each muscle group, signed, N m.
    pub muscle_torque_n_m: [f64; 2],
    /// Elastic, viscous and dry torque of the joint, N m.
    pub passive_torque_n_m: f64,
    /// Discharges of the motor neurons at the cord.
    pub spikes: [&'a [Spike]; 2],
    /// Impulses that reach the endplates.
    pub muscle_spikes: [&'a [Spike]; 2],
    /// Force of the motor units, fraction of healthy maximum.
    pub activation: [f64; 2],
    /// Mean discharge of the primary endings at their receptors, impulses/s.
    pub ia_hz: [f64; 2],
    /// Effort that reached each pool, voluntary, involuntary and long-latency together, 0..1.
    pub drive: [f64; 2],
}

/// Where a limb is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limb {
    circuit: Circuit,
    groups: [Group; 2],
    command: Command,
    long_latency: [LongLatency; 2],
    hinge: Hinge,
    drive: [f64; 2],
    #[serde(skip)]
    input: CircuitInput,
    #[serde(skip)]
    output: CircuitOutput,
}

impl Limb {
    /// At rest at an angle; `seed` names the run.
    pub fn new(model: &LimbModel, seed: Seed, start_angle_rad: f64) -> Self {
        let group = |i: usize, name: &str| Group::new(&model.groups[i], start_angle_rad, seed.child(name));
        Self {
            circuit: Circuit::new(&model.circuit, seed),
            groups: [group(0, "flexor"), group(1, "extensor")],
            command: Command::new(&model.command, seed),
            long_latency: [LongLatency::new(&model.long_latency[0]), LongLatency::new(&model.long_latency[1])],
            hinge: Hinge::new(start_angle_rad),
            drive: [0.0; 2],
            input: CircuitInput::default(),
            output: CircuitOutput::default(),
        }
    }

    /// Joint angle, rad.
    pub fn angle_rad(&self) -> f64 {
        self.hinge.angle_rad
    }

    /// One millisecond.
    pub fn step_ms(&mut self, model: &LimbModel, input: &LimbInput) -> LimbOutput<'_> {
        self.groups.iter_mut().for_each(Group::advance);
        self.descend(model, input);
        self.circuit.step_ms(&model.circuit, &self.input, &mut self.output);
        for (g, group) in self.groups.iter_mut().enumerate() {
            group.excite(&model.groups[g], &self.output.spikes[g]);
        }
        let (muscle_torque_n_m, passive_torque_n_m, force_n) = self.move_joint(model, input);
        let (angle, velocity) = (self.hinge.angle_rad, self.hinge.velocity_rad_s);
        for (g, group) in self.groups.iter_mut().enumerate() {
            group.feel(&model.groups[g], self.drive[g], angle, velocity, force_n[g], input.tap_m[g]);
            let rates = group.spindle_rates();
            self.long_latency[g].feel(rates.ia_hz, rates.ii_hz);
        }
        LimbOutput {
            angle_rad: angle,
            velocity_rad_s: velocity,
            torque_n_m: muscle_torque_n_m[0] + muscle_torque_n_m[1] + passive_torque_n_m,
            muscle_torque_n_m,
            passive_torque_n_m,
            spikes: [&self.output.spikes[0], &self.output.spikes[1]],
            muscle_spikes: [self.groups[0].muscle_spikes(), self.groups[1].muscle_spikes()],
            activation: [self.groups[0].activation(), self.groups[1].activation()],
            ia_hz: [self.groups[0].spindle_rates().ia_hz, self.groups[1].spindle_rates().ia_hz],
            drive: self.drive,
        }
    }

    /// What reaches the cord: descending drive and afferents.
    fn descend(&mut self, model: &LimbModel, input: &LimbInput) {
        let levels = self.command.step_ms(&model.command, input.command);
        for g in 0..2 {
            let reflex = self.long_latency[g].step_ms(&model.long_latency[g], levels.background[g]);
            let intended = (levels.command[g] + reflex).clamp(0.0, 1.0);
            self.drive[g] = intended * model.tract[g];
            let to = &mut self.input.groups[g];
            // What is lost of the tract is lost as impulses: every surviving axon does its best, and fewer arrive.
            let intended_hz = model.circuit.command_to_drive_hz(g, model.effort[g].command(intended));
            to.drive_hz = intended_hz * model.tract[g];
            to.bias_na = 0.0;
            to.presynaptic_inhibition = model.presynaptic_inhibition[g];
            for (class, list) in [&mut to.ia, &mut to.ii, &mut to.ib].into_iter().enumerate() {
                list.clear();
                list.extend_from_slice(self.groups[g].afferents(class));
            }
        }
    }

    /// Moves the joint; mean muscle torques, mean passive torque and last active forces.
    fn move_joint(&mut self, model: &LimbModel, input: &LimbInput) -> ([f64; 2], f64, [f64; 2]) {
        let activation = [self.groups[0].activation(), self.groups[1].activation()];
        let (mut torque, mut passive, mut force) = ([0.0; 2], 0.0, [0.0; 2]);
        for step in 0..JOINT_STEPS {
            if let Some(imposed) = input.imposed {
                let left = (JOINT_STEPS - 1 - step) as f64 * hinge::STEP_S;
                self.hinge.angle_rad = imposed.angle_rad - left * imposed.velocity_rad_s;
                self.hinge.velocity_rad_s = imposed.velocity_rad_s;
            }
            let (angle, velocity) = (self.hinge.angle_rad, self.hinge.velocity_rad_s);
            let (mut sum, mut damping) = (0.0, 0.0);
            for g in 0..2 {
                let pull = self.groups[g].pull(&model.groups[g], activation[g], angle, velocity, hinge::STEP_S);
                sum += pull.torque_n_m;
                damping += pull.damping_n_m_s_rad;
                torque[g] += pull.torque_n_m / JOINT_STEPS as f64;
                force[g] = pull.active_force_n;
            }
            passive += if input.imposed.is_some() {
                self.hinge.impose(&model.hinge, angle, velocity)
            } else {
                self.hinge.step(&model.hinge, sum + input.external_torque_n_m, damping)
            } / JOINT_STEPS as f64;
        }
        (torque, passive, force)
    }
}
