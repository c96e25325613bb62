//! Cells in motion: membranes by exponential Euler, pulse-based gates, spikes (Cisi & Kohn 2008).
//!
//! Two compartments, potentials relative to rest:
//!
//! ```text
//! Cd dVd/dt = -gLd Vd - gc (Vd - Vs) + gexc (Eexc - Vd) + gCa p (ECa - Vd)
//! Cs dVs/dt = -gLs Vs - gc (Vs - Vd) + ginh (Einh - Vs) + gNa m^3 h (ENa - Vs) + (gKf n^4 + gKs q^2)(EK - Vs) + I
//! ```
//!
//! A spike (Vs over threshold, out of the refractory period) starts a 0.6 ms pulse during which m, n, q rise to 1 and h falls to 0,
//! exactly exponentially (after Destexhe 1997). Within a step of 0.05 ms the conductances are frozen at mid-step and each membrane takes
//! its exponential step, with `exp(x)` as its series to order 5 (soma) and 3 (dendrite): `1/exp(x)` so written is positive and
//! bounded at any step, leaves the steady state exact, and costs no more than a division. Against an adaptive integration rates are within
//! 0.3 % and spikes within 0.03 ms (`neuron.step_error` in `validation/`). One-compartment cells (interneurons) have no dendrite;
//! their excitation is on the soma.
//!
//! Between spikes Na current is nil and the K conductances decay by a constant factor, so only cells within 1.5 ms of a spike pay for
//! their gates. The rest goes over blocks of eight cells, eight numbers side by side, with somata apart from dendrites: a step of a
//! motor neuron reads 18 and writes 6 of them, that of an interneuron 8 and 5.
//!
//! | file | what is in it |
//! |---|---|
//! | `block` | constants and state of eight cells, and their step |
//! | `path` | the loops over blocks, for each width of vector |
//! | `work` | what has been done, counted |

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

use self::block::{Dendrite, DendriteModel, Lanes, PersistentStep, Soma, SomaModel, SynapticDecay};
use self::path::{Blocks, of};
use super::gates::{ACTIVE_STEPS, Active, HalfStep, Left, PULSE_STEPS, decay};
use super::neuron::Cell;

mod block;
mod path;
mod work;

pub(crate) use self::path::Path;
pub use self::work::Work;

/// Step of the cord, ms (the published step of Cisi & Kohn 2008).
pub const STEP_MS: f64 = 0.05;
/// Steps in a millisecond.
pub const STEPS_PER_MS: usize = 20;
/// Cells advanced together.
pub(crate) const LANES: usize = 8;

/// Reversal of excitatory synapses above rest, mV (Cisi & Kohn 2008).
pub const EXCITATION_MV: f64 = 70.0;
/// Reversal of inhibitory synapses above rest, mV (Cisi & Kohn 2008).
pub const INHIBITION_MV: f64 = -16.0;
const SODIUM_MV: f64 = 120.0; // Cisi & Kohn 2008
const POTASSIUM_MV: f64 = -10.0; // Cisi & Kohn 2008
/// Threshold of a cell that can't fire, mV.
const NEVER_MV: f64 = 1e30;
/// Conductances decay to this, not to denormals (uS, or uS per nF times ms).
const FLOOR: f64 = 1e-30;
/// Steps between updates of the persistent inward current: 0.25 ms, 1/240 of its time constant.
const PERSISTENT_STEPS: u64 = 5;

/// A set of cells: what they are.
#[derive(Clone, Debug)]
pub struct CellsModel {
    cells: Vec<Cell>,
    threshold_mv: Vec<f64>,
    /// One for each block, or one for all where they are alike (interneurons), which saves memory a step touches.
    somata: Vec<SomaModel>,
    /// As `somata`; none for cells of one compartment.
    dendrites: Vec<DendriteModel>,
    fall: SynapticDecay,
    /// exp(-beta dt/2) of n and q of each cell.
    half_decay: Vec<[f64; 2]>,
    half_step: HalfStep,
    persistent_step: Option<PersistentStep>,
}

/// A set of cells: where they are now. Advance with [`Cells::step`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    somata: Vec<Soma>,
    dendrites: Vec<Dendrite>,
    step: u64,
    active: Vec<Active>,
    /// Cells in their refractory period, first out first.
    refractory: VecDeque<(u64, u32)>,
    /// Gates of each cell when it left the active list.
    left: Vec<Left>,
    /// Current injected into each cell, and into all: as asked for and as it flows, nA.
    own_na: Vec<f64>,
    common_na: f64,
    flowing_na: f64,
    work: Work,
    #[serde(skip)]
    crossings: Vec<Crossing>,
    #[serde(skip, default = "Path::detect")]
    path: Path,
}

/// A threshold crossing found in this step: the cell and how far into the step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    /// Cell, from 0.
    pub cell: u32,
    /// Place of the crossing within the step, 0..1, linearly interpolated.
    pub fraction: f32,
}

/// Threshold of the last S neuron, mV: the neuron whose bias is what it says.
const BIAS_REFERENCE_MV: f64 = 16.45;

/// Steady somatic current that a bias of the pool, in mV, means for one cell, nA.
///
/// Tonic facilitation is in proportion to each cell's threshold: monoaminergic and descending synapses grow with the cell they are on,
/// and equal millivolts would bring the smallest cells alone to fire. Assumed, for: a pool at rest that is silent as a whole and that a
/// tendon tap recruits as a whole.
pub(crate) fn bias_na(cell: &Cell, bias_mv: f64) -> f64 {
    bias_mv * cell.threshold_mv / BIAS_REFERENCE_MV / cell.input_resistance_mohm()
}

impl CellsModel {
    /// `cells` with the decay rates of their excitatory and inhibitory transmitter, 1/ms; `alive[i]` false: never fires.
    /// `bias_mv` shifts every cell's resting potential at the soma, in proportion to its threshold; `persistent_scale` is the monoaminergic drive.
    pub fn new(
        cells: Vec<Cell>,
        alive: &[bool],
        synaptic_decay_per_ms: [f64; 2],
        bias_mv: f64,
        persistent_scale: f64,
    ) -> Self {
        // Cells that pad the last block repeat its last cell and never fire.
        let lanes = |chunk: &[Cell], f: &dyn Fn(&Cell) -> f64| -> Lanes {
            std::array::from_fn(|i| f(&chunk[i.min(chunk.len() - 1)]))
        };
        let soma = |c: &Cell| STEP_MS / c.soma_nf;
        let dendrite = |c: &Cell| STEP_MS / c.dendrite_nf;
        let somata = cells.chunks(LANES).map(|chunk| SomaModel {
            per_us: lanes(chunk, &soma),
            at_rest: lanes(chunk, &|c| soma(c) * (c.soma_leak_us + c.coupling_us)),
            fast_decay: lanes(chunk, &|c| decay(4.0 * c.fast_decay_per_ms, STEP_MS)),
            slow_decay: lanes(chunk, &|c| decay(2.0 * c.slow_decay_per_ms, STEP_MS)),
            bias: lanes(chunk, &|c| soma(c) * bias_na(c, bias_mv)),
        });
        let dendrites = cells.chunks(LANES).map(|chunk| DendriteModel {
            to_soma: lanes(chunk, &|c| soma(c) * c.coupling_us),
            per_us: lanes(chunk, &dendrite),
            at_rest: lanes(chunk, &|c| dendrite(c) * (c.dendrite_leak_us + c.coupling_us)),
            from_soma: lanes(chunk, &|c| dendrite(c) * c.coupling_us),
            persistent: lanes(chunk, &|c| dendrite(c) * persistent_scale * c.persistent_us),
            persistent_half_mv: lanes(chunk, &|c| c.persistent_half_mv),
        });
        let two_compartments = cells.iter().any(|c| c.coupling_us > 0.0);
        let persistent = persistent_scale > 0.0 && cells.iter().any(|c| c.persistent_us > 0.0);
        Self {
            threshold_mv: (0..cells.len().div_ceil(LANES) * LANES)
                .map(|i| if i < cells.len() && alive.get(i) != Some(&false) { cells[i].threshold_mv } else { NEVER_MV })
                .collect(),
            somata: alike(somata.collect()),
            dendrites: if two_compartments { alike(dendrites.collect()) } else { vec![] },
            fall: SynapticDecay {
                excitation: decay(synaptic_decay_per_ms[0], STEP_MS),
                inhibition: decay(synaptic_decay_per_ms[1], STEP_MS),
            },
            half_decay: cells
                .iter()
                .map(|c| [decay(c.fast_decay_per_ms, 0.5 * STEP_MS), decay(c.slow_decay_per_ms, 0.5 * STEP_MS)])
                .collect(),
            half_step: HalfStep::new(),
            persistent_step: (two_compartments && persistent).then(PersistentStep::new),
            cells,
        }
    }

    /// The cells.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Whether a cell can fire.
    pub fn alive(&self, cell: usize) -> bool {
        self.threshold_mv[cell] < NEVER_MV
    }
}

/// One model in place of many that are the same.
fn alike<M: PartialEq>(mut models: Vec<M>) -> Vec<M> {
    if models.windows(2).all(|pair| pair[0] == pair[1]) {
        models.truncate(1);
    }
    models
}

impl Cells {
    /// All cells at rest.
    pub fn new(model: &CellsModel) -> Self {
        let n = model.cells.len();
        let blocks = model.threshold_mv.len() / LANES;
        let zero = [0.0; LANES];
        let soma = |index: usize| Soma {
            mv: zero,
            threshold_mv: std::array::from_fn(|lane| model.threshold_mv[index * LANES + lane]),
            sodium: zero,
            fast_potassium: zero,
            slow_potassium: zero,
            excitation_us: zero,
            inhibition_us: zero,
            injected: of(&model.somata, index).bias,
        };
        let dendrite = Dendrite { mv: zero, persistent: zero, gate: zero };
        Self {
            somata: (0..blocks).map(soma).collect(),
            dendrites: if model.dendrites.is_empty() { vec![] } else { vec![dendrite; blocks] },
            step: 0,
            active: Vec::with_capacity(n),
            refractory: VecDeque::with_capacity(n + 1),
            left: vec![Left::AT_REST; n],
            own_na: vec![0.0; n],
            common_na: 0.0,
            flowing_na: 0.0,
            work: Work::default(),
            crossings: Vec::with_capacity(n),
            path: Path::detect(),
        }
    }

    /// Current injected into the soma of one cell, nA, besides its bias; stays until changed.
    pub fn set_current_na(&mut self, model: &CellsModel, cell: usize, current_na: f64) {
        self.own_na[cell] = current_na;
        self.inject(model, cell);
    }

    /// Current injected into the soma of every cell, nA; stays until changed.
    pub fn set_common_current_na(&mut self, current_na: f64) {
        self.common_na = current_na;
    }

    fn inject(&mut self, model: &CellsModel, cell: usize) {
        let (block, lane) = (cell / LANES, cell % LANES);
        let k = of(&model.somata, block);
        self.somata[block].injected[lane] = k.bias[lane] + k.per_us[lane] * (self.own_na[cell] + self.common_na);
    }

    /// Adds conductance to the excitation of one cell, uS.
    pub fn excite(&mut self, cell: usize, conductance_us: f64) {
        self.work.conductance_jumps += 1;
        self.somata[cell / LANES].excitation_us[cell % LANES] += conductance_us;
    }

    /// Adds `weight * jump_us` to the excitation of every cell.
    pub fn excite_row(&mut self, weights: &[f32], jump_us: f64) {
        self.work.conductance_jumps += weights.len() as u64;
        for (soma, row) in self.somata.iter_mut().zip(weights.chunks_exact(LANES)) {
            for (g, &w) in soma.excitation_us.iter_mut().zip(row) {
                *g += f64::from(w) * jump_us;
            }
        }
    }

    /// Adds `weight * jump_us` to the inhibition of every cell.
    pub fn inhibit_row(&mut self, weights: &[f32], jump_us: f64) {
        self.work.conductance_jumps += weights.len() as u64;
        for (soma, row) in self.somata.iter_mut().zip(weights.chunks_exact(LANES)) {
            for (g, &w) in soma.inhibition_us.iter_mut().zip(row) {
                *g += f64::from(w) * jump_us;
            }
        }
    }

    /// Potential of a cell's soma above rest, mV.
    pub fn soma_mv(&self, cell: usize) -> f64 {
        self.somata[cell / LANES].mv[cell % LANES]
    }

    /// Potential of a cell's dendrite above rest, mV; 0 without a dendrite.
    pub fn dendrite_mv(&self, cell: usize) -> f64 {
        self.dendrites.get(cell / LANES).map_or(0.0, |d| d.mv[cell % LANES])
    }

    /// Opening of the persistent inward current's gate, 0..1.
    pub fn persistent_gate(&self, cell: usize) -> f64 {
        self.dendrites.get(cell / LANES).map_or(0.0, |d| d.gate[cell % LANES])
    }

    /// What has been done since rest.
    pub fn work(&self) -> Work {
        self.work
    }

    /// Advances every cell by [`STEP_MS`]; the spikes of this step, in order of cell.
    pub fn step(&mut self, model: &CellsModel) -> &[Crossing] {
        self.crossings.clear();
        if self.common_na != self.flowing_na {
            self.flowing_na = self.common_na;
            (0..self.own_na.len()).for_each(|cell| self.inject(model, cell));
        }
        while let Some(&(ready, cell)) = self.refractory.front() {
            if ready > self.step {
                break;
            }
            let cell = cell as usize;
            self.somata[cell / LANES].threshold_mv[cell % LANES] = model.threshold_mv[cell];
            self.refractory.pop_front();
        }
        self.advance_active(model);
        if let Some(persistent) = model.persistent_step.filter(|_| self.step.is_multiple_of(PERSISTENT_STEPS)) {
            self.path.persistent(&model.dendrites, &mut self.dendrites, persistent);
            self.work.exponentials += (self.dendrites.len() * LANES) as u64;
        }
        let mut blocks = Blocks {
            soma_models: &model.somata,
            dendrite_models: &model.dendrites,
            somata: &mut self.somata,
            dendrites: &mut self.dendrites,
        };
        self.path.advance(&mut blocks, model.fall, &mut self.crossings);
        self.work.neuron_steps += model.cells.len() as u64;
        self.step += 1;
        for i in 0..self.crossings.len() {
            self.fire(model, self.crossings[i].cell as usize);
        }
        &self.crossings
    }

    /// Takes a given path, to compare them.
    #[cfg(test)]
    pub(crate) fn take_path(&mut self, path: Path) {
        self.path = path;
    }

    /// Starts the pulse of a cell that crossed its threshold.
    fn fire(&mut self, model: &CellsModel, cell: usize) {
        let (block, lane) = (cell / LANES, cell % LANES);
        self.work.spikes += 1;
        self.somata[block].threshold_mv[lane] = NEVER_MV;
        let cell_model = &model.cells[cell];
        let refractory_steps = (cell_model.refractory_ms / STEP_MS + 0.5) as u64;
        self.refractory.push_back((self.step - 1 + refractory_steps, cell as u32));
        if let Some(active) = self.active.iter_mut().find(|a| a.cell == cell as u32) {
            active.steps = 0;
            return;
        }
        let left = self.left[cell];
        let since_ms = (self.step - left.step) as f64 * STEP_MS;
        self.work.exponentials += 3;
        self.active.push(left.reactivated(
            cell,
            since_ms,
            [cell_model.fast_decay_per_ms, cell_model.slow_decay_per_ms],
        ));
    }

    /// Exact gates of the cells near a spike: half a step, conductances, half a step.
    fn advance_active(&mut self, model: &CellsModel) {
        let rates = &model.half_step;
        self.work.gate_steps += self.active.len() as u64;
        let mut i = 0;
        while i < self.active.len() {
            let a = &mut self.active[i];
            let cell = a.cell as usize;
            let (block, lane) = (cell / LANES, cell % LANES);
            let pulse = a.steps < PULSE_STEPS;
            let half_decay = model.half_decay[cell];
            a.half_step(pulse, half_decay, rates);
            let soma = &mut self.somata[block];
            let cell_model = &model.cells[cell];
            let per_us = of(&model.somata, block).per_us[lane];
            soma.sodium[lane] = per_us * cell_model.sodium_us * (a.m * a.m * a.m * a.h);
            soma.fast_potassium[lane] = per_us * cell_model.fast_potassium_us * ((a.n * a.n) * (a.n * a.n));
            soma.slow_potassium[lane] = per_us * cell_model.slow_potassium_us * (a.q * a.q);
            a.half_step(pulse, half_decay, rates);
            a.steps += 1;
            if a.steps > ACTIVE_STEPS {
                soma.sodium[lane] = 0.0;
                self.left[cell] = Left { h: a.h, n: a.n, q: a.q, step: self.step + 1 };
                self.active.swap_remove(i);
            } else {
                i += 1;
            }
        }
    }
}
