//! A myelinated mammalian axon as a double cable (McIntyre, Richardson & Grill 2002 J Neurophysiol 87:995).
//!
//! From node to node: node, MYSA, FLUT, 6 STIN, FLUT, MYSA. Under the myelin runs a periaxonal space, so that every compartment
//! between nodes has two potentials:
//!
//! ```text
//! node:      c V' + sum g (V - E) = axial + injected                      V = V_in - V_out
//! between:   c_a Va' + g_a (Va + 80) = axial inside                       Va = V_in - V_peri
//!            c_m Vm' + g_m Vm = (c_a Va' + g_a (Va + 80)) + axial peri    Vm = V_peri - V_out
//! ```
//!
//! | symbol | meaning | value | source |
//! |---|---|---|---|
//! | rho | resistivity of axoplasm and periaxonal space | 70 ohm cm | the published axon as coded in the public library PyFibers (read) |
//! | c, c_a | membrane capacitance of the axon | 2 uF/cm2 | same |
//! | g_a | leak under the myelin: MYSA; FLUT and STIN | 0.001; 0.0001 S/cm2 | same |
//! | c_m, g_m | one membrane of myelin; a sheet of n lamellae has 1/2n | 0.1 uF/cm2, 0.001 S/cm2 | same |
//! | w | width of the periaxonal space: MYSA, node; FLUT, STIN | 0.002; 0.004 um | same |
//!
//! Backward Euler on the cable, gates of second order. What lies between two nodes is linear: its 20 potentials are eliminated once, when
//! the model is built, so that a step is one small matrix product an internode and one tridiagonal solve over the nodes.
//! A step of 1 us gives velocities within 1 % of those of smaller steps, 5 us within 5 %.
//! Where it fails: no Ih and no internodal potassium, so threshold electrotonus and late recovery are not human.

pub mod geometry;

mod gate;
mod internode;

use serde::{Deserialize, Serialize};

use self::gate::{Gates, RateFactors};
use self::geometry::{FibreGeometry, NODE_LENGTH_UM};
use self::internode::{COMPARTMENTS, Internode};
use crate::math;

/// Resting potential, mV.
pub const REST_MV: f64 = -80.0;
/// Membrane capacitance of the axon, uF/cm2.
const MEMBRANE_UF_CM2: f64 = 2.0;
/// Upward crossing of this potential at a node is an impulse, mV.
const IMPULSE_MV: f64 = -30.0;

/// State of the myelin of one internode.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Myelin {
    /// Share of the lamellae that is left, above 0 to 1.
    pub lamellae: f64,
    /// Width of the periaxonal space at the paranodal attachments relative to health, 1 or more.
    pub paranodal_width: f64,
}

impl Myelin {
    /// As in health.
    pub const HEALTHY: Self = Self { lamellae: 1.0, paranodal_width: 1.0 };
}

/// What the axon is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoubleCableParameters {
    /// Its measures.
    pub geometry: FibreGeometry,
    /// Its internodes, one fewer than its nodes.
    pub myelin: Vec<Myelin>,
    /// Temperature, degrees C.
    pub temperature_c: f64,
}

impl DoubleCableParameters {
    /// A healthy axon of so many nodes.
    pub fn healthy(geometry: FibreGeometry, nodes: usize, temperature_c: f64) -> Self {
        Self { geometry, myelin: vec![Myelin::HEALTHY; nodes.saturating_sub(1)], temperature_c }
    }
}

/// Why an axon cannot be built.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DoubleCableError {
    /// A number outside its meaning.
    #[error("double cable: {name} is {value}, expected {expected}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// As given.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
}

/// An axon, built for one step.
///
/// ```
/// use tonus_physiology::nerve::double_cable::{DoubleCableModel, DoubleCableParameters, geometry::FibreGeometry};
/// let geometry = FibreGeometry::published(10.0).expect("a published diameter");
/// let axon = DoubleCableModel::new(&DoubleCableParameters::healthy(geometry, 31, 37.0), 0.005)?;
/// let velocity = axon.conduction_velocity_m_s().expect("a healthy axon conducts");
/// assert!((48.0..56.0).contains(&velocity));
/// # Ok::<(), tonus_physiology::nerve::double_cable::DoubleCableError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DoubleCableModel {
    step_ms: f64,
    rate_factors: RateFactors,
    geometry: FibreGeometry,
    /// Distinct internodes, and which of them each internode is.
    kinds: Vec<Internode>,
    kind_of: Vec<usize>,
    /// Node: area, um2; capacitance over step, uS.
    node_area_um2: f64,
    node_capacity_us: f64,
}

/// Potentials and gates of one axon, now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoubleCable {
    time_ms: f64,
    /// Membrane potential of each node, mV.
    node_mv: Vec<f64>,
    gates: Gates,
    /// Between nodes: across the axolemma, then across the myelin, mV.
    internode_mv: Vec<[f64; 2 * COMPARTMENTS]>,
    /// Potential outside each compartment at the last step, mV.
    outside_mv: Vec<f64>,
    /// Time each node was last crossed upwards, ms.
    impulse_ms: Vec<Option<f64>>,
    #[serde(skip)]
    scratch: Scratch,
}

/// Room for the solution of one step.
#[derive(Clone, Debug, Default, PartialEq)]
struct Scratch {
    conductance: Vec<f64>,
    conductance_reversal: Vec<f64>,
    free: Vec<[f64; 2 * COMPARTMENTS]>,
    diagonal: Vec<f64>,
    right: Vec<f64>,
}

impl DoubleCableModel {
    /// The axon, to be stepped by `step_ms`.
    ///
    /// # Errors
    /// If a number is outside its meaning, or there are fewer than two nodes.
    pub fn new(parameters: &DoubleCableParameters, step_ms: f64) -> Result<Self, DoubleCableError> {
        let checked = |ok: bool, name, value, expected| {
            if ok { Ok(()) } else { Err(DoubleCableError::Parameter { name, value, expected }) }
        };
        let g = parameters.geometry;
        checked(step_ms > 0.0 && step_ms <= 0.02, "step", step_ms, "above 0 and up to 0.02 ms")?;
        checked(
            (0.0..=45.0).contains(&parameters.temperature_c),
            "temperature",
            parameters.temperature_c,
            "0 to 45 degrees C",
        )?;
        checked(!parameters.myelin.is_empty(), "internodes", 0.0, "at least one")?;
        let sizes = [g.fibre_um, g.axon_um, g.node_um, g.flut_length_um, g.stin_length_um(), g.lamellae];
        for size in sizes {
            checked(size.is_finite() && size > 0.0, "a measure of the fibre", size, "above 0")?;
        }
        let mut distinct: Vec<Myelin> = Vec::new();
        let mut kind_of = Vec::with_capacity(parameters.myelin.len());
        for myelin in &parameters.myelin {
            checked(myelin.lamellae > 0.0 && myelin.lamellae <= 1.0, "lamellae left", myelin.lamellae, "above 0 to 1")?;
            let width = myelin.paranodal_width;
            checked((1.0..=1000.0).contains(&width), "paranodal width", width, "1 to 1000 times health")?;
            kind_of.push(distinct.iter().position(|seen| seen == myelin).unwrap_or_else(|| {
                distinct.push(*myelin);
                distinct.len() - 1
            }));
        }
        let node_area_um2 = std::f64::consts::PI * g.node_um * NODE_LENGTH_UM;
        Ok(Self {
            step_ms,
            rate_factors: RateFactors::at(parameters.temperature_c),
            geometry: g,
            kinds: distinct.iter().map(|myelin| Internode::new(&g, myelin, step_ms)).collect(),
            kind_of,
            node_area_um2,
            node_capacity_us: MEMBRANE_UF_CM2 * node_area_um2 * 1e-5 / step_ms,
        })
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.kind_of.len() + 1
    }

    /// Number of compartments: nodes and what lies between them.
    pub fn compartments(&self) -> usize {
        self.nodes() + COMPARTMENTS * self.kind_of.len()
    }

    /// The axon at rest.
    pub fn at_rest(&self) -> DoubleCable {
        let mut between = [0.0; 2 * COMPARTMENTS];
        between[..COMPARTMENTS].fill(REST_MV);
        DoubleCable {
            time_ms: 0.0,
            node_mv: vec![REST_MV; self.nodes()],
            gates: Gates::steady(self.nodes(), REST_MV),
            internode_mv: vec![between; self.kind_of.len()],
            outside_mv: vec![0.0; self.compartments()],
            impulse_ms: vec![None; self.nodes()],
            scratch: Scratch::default(),
        }
    }

    /// Distance of every compartment's middle from the first node's, um, in order along the axon.
    pub fn positions_um(&self) -> Vec<f64> {
        let middles = internode::middles_um(&self.geometry);
        let mut at = Vec::with_capacity(self.compartments());
        for node in 0..self.nodes() {
            let start = node as f64 * self.geometry.node_spacing_um;
            at.push(start);
            if node + 1 < self.nodes() {
                at.extend(middles.iter().map(|middle| start + middle));
            }
        }
        at
    }

    /// Potential outside every compartment for 1 mA from a point in a uniform medium, mV (V = I/4 pi sigma r).
    ///
    /// `along_um`: from the first node along the axon; `distance_um`: from its axis, above 0; `conductivity_s_m`: of the medium.
    pub fn point_source_mv_per_ma(&self, along_um: f64, distance_um: f64, conductivity_s_m: f64) -> Vec<f64> {
        let away = |x_um: f64| math::sqrt((x_um - along_um) * (x_um - along_um) + distance_um * distance_um);
        let volts = |r_um: f64| 1e-3 / (4.0 * std::f64::consts::PI * conductivity_s_m * r_um * 1e-6);
        self.positions_um().into_iter().map(|x_um| 1e3 * volts(away(x_um))).collect()
    }

    /// Velocity of an impulse started at the second node, m/s, between 60 and 90 % of the length; `None` if it does not get there.
    /// Wants some 30 nodes.
    pub fn conduction_velocity_m_s(&self) -> Option<f64> {
        let last = self.nodes() - 1;
        let (from, to) = (last * 6 / 10, last * 9 / 10);
        let (start, end) = self.times_ms(from, to)?;
        Some((to - from) as f64 * self.geometry.node_spacing_um * 1e-3 / (end - start))
    }

    /// When an impulse started at the second node passes two others, ms; `None` if it does not reach the second.
    pub fn times_ms(&self, from: usize, to: usize) -> Option<(f64, f64)> {
        // The slowest axon that conducts does a node in 0.5 ms (7 % of its myelin at 25 degrees C).
        let patience_ms = 2.0 + 0.5 * to as f64;
        let mut axon = self.at_rest();
        while axon.time_ms < patience_ms {
            let current_na = if axon.time_ms < PULSE_MS { PULSE_NA } else { 0.0 };
            self.step(&mut axon, Injection { node: 1, current_na }, None);
            if let (Some(start), Some(end)) = (axon.impulse_ms[from], axon.impulse_ms[to]) {
                return Some((start, end));
            }
        }
        None
    }

    /// One step, with a current into one node and, if given, the potential outside every compartment, mV.
    ///
    /// # Panics
    /// If the injection's node is past the last, or the outside potentials are not one for each compartment.
    pub fn step(&self, axon: &mut DoubleCable, injection: Injection, outside_mv: Option<&[f64]>) {
        let nodes = self.nodes();
        let scratch = &mut axon.scratch;
        if scratch.free.len() != self.kind_of.len() {
            *scratch = Scratch {
                conductance: vec![0.0; nodes],
                conductance_reversal: vec![0.0; nodes],
                free: vec![[0.0; 2 * COMPARTMENTS]; self.kind_of.len()],
                diagonal: vec![0.0; nodes],
                right: vec![0.0; nodes],
            };
        }
        match outside_mv {
            Some(new) => axon.outside_mv.copy_from_slice(new),
            None => axon.outside_mv.fill(0.0),
        }
        let outside = &axon.outside_mv;
        axon.gates.step(
            &self.rate_factors,
            self.step_ms,
            &axon.node_mv,
            &mut scratch.conductance,
            &mut scratch.conductance_reversal,
        );
        // The nodes' own terms, in potentials inside the axon.
        let to_us = self.node_area_um2 * 1e-2;
        for node in 0..nodes {
            let out_mv = outside[node * (COMPARTMENTS + 1)];
            let conductance_us = to_us * scratch.conductance[node];
            scratch.diagonal[node] = self.node_capacity_us + conductance_us;
            scratch.right[node] = self.node_capacity_us * (axon.node_mv[node] + out_mv)
                + conductance_us * out_mv
                + to_us * scratch.conductance_reversal[node];
        }
        scratch.right[injection.node] += injection.current_na;
        // What the internodes do with both nodes at 0 mV; then what they mean for the nodes.
        for (i, &kind) in self.kind_of.iter().enumerate() {
            let internode = &self.kinds[kind];
            let first = i * (COMPARTMENTS + 1);
            internode.free(&axon.internode_mv[i], &outside[first..first + COMPARTMENTS + 2], &mut scratch.free[i]);
            let coupling = internode.coupling;
            for (node, end) in [(i, 0), (i + 1, COMPARTMENTS - 1)] {
                scratch.diagonal[node] += coupling.own_us;
                scratch.right[node] += coupling.axial_us * scratch.free[i][end];
            }
        }
        // Tridiagonal: symmetric, off-diagonal -transfer of the internode between.
        for i in 0..nodes - 1 {
            let transfer = self.kinds[self.kind_of[i]].coupling.transfer_us;
            let ratio = transfer / scratch.diagonal[i];
            scratch.diagonal[i + 1] -= ratio * transfer;
            scratch.right[i + 1] += ratio * scratch.right[i];
        }
        let mut inside_mv = scratch.right[nodes - 1] / scratch.diagonal[nodes - 1];
        let time_ms = axon.time_ms;
        for node in (0..nodes).rev() {
            if node + 1 < nodes {
                let kind = &self.kinds[self.kind_of[node]];
                let right_mv = inside_mv;
                inside_mv = (scratch.right[node] + kind.coupling.transfer_us * right_mv) / scratch.diagonal[node];
                let first = node * (COMPARTMENTS + 1) + 1;
                let outside = &outside[first..first + COMPARTMENTS];
                kind.settle(&scratch.free[node], inside_mv, right_mv, outside, &mut axon.internode_mv[node]);
            }
            let new_mv = inside_mv - outside[node * (COMPARTMENTS + 1)];
            let old_mv = std::mem::replace(&mut axon.node_mv[node], new_mv);
            if old_mv < IMPULSE_MV && new_mv >= IMPULSE_MV {
                axon.impulse_ms[node] = Some(time_ms + self.step_ms * (IMPULSE_MV - old_mv) / (new_mv - old_mv));
            }
        }
        axon.time_ms += self.step_ms;
    }
}

/// Pulse that starts an impulse: several times the threshold of the largest published axon.
const PULSE_MS: f64 = 0.1;
const PULSE_NA: f64 = 10.0;

/// A current into the inside of one node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Injection {
    /// Which node.
    pub node: usize,
    /// Current, nA; positive depolarises.
    pub current_na: f64,
}

impl Injection {
    /// No current.
    pub const NONE: Self = Self { node: 0, current_na: 0.0 };
}

impl DoubleCable {
    /// Time since the start, ms.
    pub fn time_ms(&self) -> f64 {
        self.time_ms
    }

    /// Membrane potential of every node, mV.
    pub fn node_mv(&self) -> &[f64] {
        &self.node_mv
    }

    /// When each node last fired (crossed -30 mV upwards), ms.
    pub fn impulse_ms(&self) -> &[Option<f64>] {
        &self.impulse_ms
    }
}

#[cfg(test)]
mod tests;
