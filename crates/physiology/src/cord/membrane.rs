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
//! its exponential step, with `exp(x)` as its series to order 6 (soma) and 4 (dendrite): `1/exp(x)` so written is positive and
//! bounded at any step, costs no more than a division, and is within 3e-4 at the resting soma's x = 0.3.
//! One-compartment cells (interneurons) use the same code without the dendrite; their excitation is on the soma.
//!
//! Between spikes Na current is nil and n^4 and q^2 decay by a constant factor, so only cells within 1.5 ms of a spike pay for their
//! gates. The loop runs over blocks of eight cells and is compiled again for AVX2 and AVX-512, without fused multiply-add: same bits.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

use super::gates::{ACTIVE_STEPS, Active, HalfStep, PULSE_STEPS, decay, recovered_h};
use super::neuron::{Cell, PERSISTENT_REVERSAL_MV, PERSISTENT_STEEPNESS_MV, PERSISTENT_TAU_MS};
use crate::math;

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

type Lanes = [f64; LANES];

/// Constants of eight cells, premultiplied by dt/C where a conductance or a current enters.
#[derive(Clone, Debug, PartialEq)]
struct BlockModel {
    soma: Lanes,
    soma_static: Lanes,
    soma_coupling: Lanes,
    fast_potassium: Lanes,
    slow_potassium: Lanes,
    fast_decay: Lanes,
    slow_decay: Lanes,
    dendrite: Lanes,
    dendrite_static: Lanes,
    dendrite_coupling: Lanes,
    bias: Lanes,
    persistent: Lanes,
    persistent_half: Lanes,
}

/// State of eight cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Block {
    soma_mv: Lanes,
    dendrite_mv: Lanes,
    threshold_mv: Lanes,
    /// dt/C gNa m^3 h of cells near a spike, else 0.
    sodium: Lanes,
    n4: Lanes,
    q2: Lanes,
    excitation_us: Lanes,
    inhibition_us: Lanes,
    /// dt/C gCa p.
    persistent: Lanes,
    persistent_gate: Lanes,
    /// dt/C times injected current.
    injected: Lanes,
}

/// A set of cells: what they are.
#[derive(Clone, Debug)]
pub struct CellsModel {
    cells: Vec<Cell>,
    threshold_mv: Vec<f64>,
    /// One for each block, or one for all where they are alike (interneurons), which halves the memory a step touches.
    blocks: Vec<BlockModel>,
    common: Common,
    /// exp(-beta dt/2) of n and q of each cell.
    half_decay: Vec<[f64; 2]>,
    half_step: HalfStep,
    two_compartments: bool,
    persistent: bool,
}

/// Constants shared by all cells of a set.
#[derive(Clone, Copy, Debug)]
struct Common {
    excitation_decay: f64,
    inhibition_decay: f64,
}

/// A set of cells: where they are now. Advance with [`Cells::step`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    blocks: Vec<Block>,
    step: u64,
    active: Vec<Active>,
    /// Cells in their refractory period, first out first.
    refractory: VecDeque<(u64, u32)>,
    /// h when the cell left the active list, and at which step.
    recovering: Vec<(f64, u64)>,
    common_na: f64,
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

/// The vector instructions the membranes are advanced with; the bits are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    /// Whatever the target has for sure.
    Portable,
    /// Four lanes.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Eight lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Path {
    fn detect() -> Self {
        Self::available().last().copied().unwrap_or(Self::Portable)
    }

    /// Paths this processor has, narrowest first.
    pub(crate) fn available() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut))]
        let mut paths = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                paths.push(Self::Avx2);
            }
            if is_x86_feature_detected!("avx512f") {
                paths.push(Self::Avx512);
            }
        }
        paths
    }
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
    /// `bias_mv` shifts every cell's resting potential at the soma , in proportion to its threshold; `persistent_scale` is the monoaminergic drive.
    pub fn new(
        cells: Vec<Cell>,
        alive: &[bool],
        synaptic_decay_per_ms: [f64; 2],
        bias_mv: f64,
        persistent_scale: f64,
    ) -> Self {
        let two_compartments = cells.iter().any(|c| c.coupling_us > 0.0);
        let mut blocks: Vec<BlockModel> = cells
            .chunks(LANES)
            .map(|chunk| {
                // Cells that pad the last block repeat its last cell and never fire.
                let lane = |f: &dyn Fn(&Cell) -> f64| std::array::from_fn(|i| f(&chunk[i.min(chunk.len() - 1)]));
                let soma = |c: &Cell| STEP_MS / c.soma_nf;
                let dendrite = |c: &Cell| STEP_MS / c.dendrite_nf;
                BlockModel {
                    soma: lane(&soma),
                    soma_static: lane(&|c| soma(c) * (c.soma_leak_us + c.coupling_us)),
                    soma_coupling: lane(&|c| soma(c) * c.coupling_us),
                    fast_potassium: lane(&|c| soma(c) * c.fast_potassium_us),
                    slow_potassium: lane(&|c| soma(c) * c.slow_potassium_us),
                    fast_decay: lane(&|c| decay(4.0 * c.fast_decay_per_ms, STEP_MS)),
                    slow_decay: lane(&|c| decay(2.0 * c.slow_decay_per_ms, STEP_MS)),
                    dendrite: lane(&dendrite),
                    dendrite_static: lane(&|c| dendrite(c) * (c.dendrite_leak_us + c.coupling_us)),
                    dendrite_coupling: lane(&|c| dendrite(c) * c.coupling_us),
                    bias: lane(&|c| soma(c) * bias_na(c, bias_mv)),
                    persistent: lane(&|c| dendrite(c) * persistent_scale * c.persistent_us),
                    persistent_half: lane(&|c| c.persistent_half_mv),
                }
            })
            .collect();
        if blocks.windows(2).all(|pair| pair[0] == pair[1]) {
            blocks.truncate(1);
        }
        let threshold_mv = (0..cells.len().div_ceil(LANES) * LANES)
            .map(|i| if i < cells.len() && alive.get(i) != Some(&false) { cells[i].threshold_mv } else { NEVER_MV })
            .collect();
        Self {
            threshold_mv,
            blocks,
            common: Common {
                excitation_decay: decay(synaptic_decay_per_ms[0], STEP_MS),
                inhibition_decay: decay(synaptic_decay_per_ms[1], STEP_MS),
            },
            half_decay: cells
                .iter()
                .map(|c| [decay(c.fast_decay_per_ms, 0.5 * STEP_MS), decay(c.slow_decay_per_ms, 0.5 * STEP_MS)])
                .collect(),
            half_step: HalfStep::new(),
            two_compartments,
            persistent: persistent_scale > 0.0 && cells.iter().any(|c| c.persistent_us > 0.0),
            cells,
        }
    }

    fn block(&self, index: usize) -> &BlockModel {
        constants_of(&self.blocks, index)
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

impl Cells {
    /// All cells at rest.
    pub fn new(model: &CellsModel) -> Self {
        let blocks = model
            .threshold_mv
            .chunks_exact(LANES)
            .enumerate()
            .map(|(index, threshold)| Block {
                soma_mv: [0.0; LANES],
                dendrite_mv: [0.0; LANES],
                threshold_mv: std::array::from_fn(|i| threshold[i]),
                sodium: [0.0; LANES],
                n4: [0.0; LANES],
                q2: [0.0; LANES],
                excitation_us: [0.0; LANES],
                inhibition_us: [0.0; LANES],
                persistent: [0.0; LANES],
                persistent_gate: [0.0; LANES],
                injected: model.block(index).bias,
            })
            .collect();
        let n = model.cells.len();
        Self {
            blocks,
            step: 0,
            active: Vec::with_capacity(n),
            refractory: VecDeque::with_capacity(n + 1),
            recovering: vec![(1.0, 0); n],
            common_na: 0.0,
            crossings: Vec::with_capacity(n),
            path: Path::detect(),
        }
    }

    /// Current injected into the soma of one cell, nA, besides its bias; stays until changed.
    pub fn set_current_na(&mut self, model: &CellsModel, cell: usize, current_na: f64) {
        let (b, l) = (cell / LANES, cell % LANES);
        let constants = model.block(b);
        self.blocks[b].injected[l] = constants.bias[l] + constants.soma[l] * current_na;
    }

    /// Current injected into the soma of every cell, nA; stays until changed.
    pub fn set_common_current_na(&mut self, current_na: f64) {
        self.common_na = current_na;
    }

    /// Adds conductance to the excitation of one cell, uS.
    pub fn excite(&mut self, cell: usize, conductance_us: f64) {
        self.blocks[cell / LANES].excitation_us[cell % LANES] += conductance_us;
    }

    /// Adds `weight * jump_us` to the excitation of every cell.
    pub fn excite_row(&mut self, weights: &[f32], jump_us: f64) {
        for (block, row) in self.blocks.iter_mut().zip(weights.chunks_exact(LANES)) {
            for (g, &w) in block.excitation_us.iter_mut().zip(row) {
                *g += f64::from(w) * jump_us;
            }
        }
    }

    /// Adds `weight * jump_us` to the inhibition of every cell.
    pub fn inhibit_row(&mut self, weights: &[f32], jump_us: f64) {
        for (block, row) in self.blocks.iter_mut().zip(weights.chunks_exact(LANES)) {
            for (g, &w) in block.inhibition_us.iter_mut().zip(row) {
                *g += f64::from(w) * jump_us;
            }
        }
    }

    /// Potential of a cell's soma above rest, mV.
    pub fn soma_mv(&self, cell: usize) -> f64 {
        self.blocks[cell / LANES].soma_mv[cell % LANES]
    }

    /// Potential of a cell's dendrite above rest, mV.
    pub fn dendrite_mv(&self, cell: usize) -> f64 {
        self.blocks[cell / LANES].dendrite_mv[cell % LANES]
    }

    /// Opening of the persistent inward current's gate, 0..1.
    pub fn persistent_gate(&self, cell: usize) -> f64 {
        self.blocks[cell / LANES].persistent_gate[cell % LANES]
    }

    /// Advances every cell by [`STEP_MS`]; the spikes of this step, in order of cell.
    pub fn step(&mut self, model: &CellsModel) -> &[Crossing] {
        self.crossings.clear();
        while let Some(&(ready, cell)) = self.refractory.front() {
            if ready > self.step {
                break;
            }
            let cell = cell as usize;
            self.blocks[cell / LANES].threshold_mv[cell % LANES] = model.threshold_mv[cell];
            self.refractory.pop_front();
        }
        self.advance_active(model);
        if model.persistent && self.step.is_multiple_of(PERSISTENT_STEPS) {
            run_persistent(self.path, &model.blocks, &mut self.blocks);
        }
        let pass = Pass { common: model.common, common_na: self.common_na };
        if model.two_compartments {
            run::<true>(self.path, &model.blocks, &mut self.blocks, pass, &mut self.crossings);
        } else {
            run::<false>(self.path, &model.blocks, &mut self.blocks, pass, &mut self.crossings);
        }
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
        let (b, l) = (cell / LANES, cell % LANES);
        let block = &mut self.blocks[b];
        block.threshold_mv[l] = NEVER_MV;
        let refractory_steps = (model.cells[cell].refractory_ms / STEP_MS + 0.5) as u64;
        self.refractory.push_back((self.step - 1 + refractory_steps, cell as u32));
        if let Some(active) = self.active.iter_mut().find(|a| a.cell == cell as u32) {
            active.steps = 0;
            return;
        }
        let (h, since) = self.recovering[cell];
        self.active.push(Active {
            cell: cell as u32,
            steps: 0,
            m: 0.0,
            h: recovered_h(h, (self.step - since) as f64 * STEP_MS),
            n: math::sqrt(math::sqrt(block.n4[l])),
            q: math::sqrt(block.q2[l]),
        });
    }

    /// Exact gates of the cells near a spike: half a step, conductances, half a step.
    fn advance_active(&mut self, model: &CellsModel) {
        let rates = &model.half_step;
        let mut i = 0;
        while i < self.active.len() {
            let a = &mut self.active[i];
            let cell = a.cell as usize;
            let (b, l) = (cell / LANES, cell % LANES);
            let pulse = a.steps < PULSE_STEPS;
            let half_decay = model.half_decay[cell];
            a.half_step(pulse, half_decay, rates);
            let block = &mut self.blocks[b];
            let cell_model = &model.cells[cell];
            block.sodium[l] = model.block(b).soma[l] * cell_model.sodium_us * a.m * a.m * a.m * a.h;
            block.n4[l] = (a.n * a.n) * (a.n * a.n);
            block.q2[l] = a.q * a.q;
            a.half_step(pulse, half_decay, rates);
            a.steps += 1;
            if a.steps > ACTIVE_STEPS {
                block.sodium[l] = 0.0;
                self.recovering[cell] = (a.h, self.step + 1);
                self.active.swap_remove(i);
            } else {
                i += 1;
            }
        }
    }
}

#[inline(always)]
fn constants_of(constants: &[BlockModel], index: usize) -> &BlockModel {
    if constants.len() == 1 { &constants[0] } else { &constants[index] }
}

#[derive(Clone, Copy)]
struct Pass {
    common: Common,
    common_na: f64,
}

/// One membrane step of all blocks on the path the processor has.
fn run<const DENDRITE: bool>(
    path: Path,
    constants: &[BlockModel],
    blocks: &mut [Block],
    pass: Pass,
    crossings: &mut Vec<Crossing>,
) {
    match path {
        Path::Portable => advance::<DENDRITE>(constants, blocks, pass, crossings),
        // SAFETY: a path is only taken where its instructions were detected.
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => unsafe { advance_avx2::<DENDRITE>(constants, blocks, pass, crossings) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 => unsafe { advance_avx512::<DENDRITE>(constants, blocks, pass, crossings) },
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn advance_avx2<const DENDRITE: bool>(
    constants: &[BlockModel],
    blocks: &mut [Block],
    pass: Pass,
    crossings: &mut Vec<Crossing>,
) {
    advance::<DENDRITE>(constants, blocks, pass, crossings);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn advance_avx512<const DENDRITE: bool>(
    constants: &[BlockModel],
    blocks: &mut [Block],
    pass: Pass,
    crossings: &mut Vec<Crossing>,
) {
    advance::<DENDRITE>(constants, blocks, pass, crossings);
}

#[inline(always)]
fn advance<const DENDRITE: bool>(
    constants: &[BlockModel],
    blocks: &mut [Block],
    pass: Pass,
    crossings: &mut Vec<Crossing>,
) {
    for (index, s) in blocks.iter_mut().enumerate() {
        let k = constants_of(constants, index);
        let previous = s.soma_mv;
        let over = advance_block::<DENDRITE>(k, s, pass);
        if over {
            let lanes = previous.into_iter().zip(s.soma_mv).zip(s.threshold_mv).enumerate();
            for (l, ((before, now), threshold)) in lanes.filter(|(_, ((_, now), threshold))| now > threshold) {
                let fraction = (threshold - before) / (now - before);
                crossings
                    .push(Crossing { cell: (index * LANES + l) as u32, fraction: fraction.clamp(0.0, 1.0) as f32 });
            }
        }
    }
}

/// One step of eight cells; whether any is over its threshold.
#[inline(always)]
fn advance_block<const DENDRITE: bool>(k: &BlockModel, s: &mut Block, pass: Pass) -> bool {
    let mut next_soma = [0.0; LANES];
    let mut next_dendrite = [0.0; LANES];
    let mut over = 0_u64;
    for l in 0..LANES {
        let (vs, vd) = (s.soma_mv[l], s.dendrite_mv[l]);
        let (excitation, inhibition) = (s.excitation_us[l], s.inhibition_us[l]);
        let potassium = k.fast_potassium[l] * s.n4[l] + k.slow_potassium[l] * s.q2[l];
        let sodium = s.sodium[l];
        let synaptic = if DENDRITE { inhibition } else { inhibition + excitation };
        let x = (k.soma_static[l] + k.soma[l] * synaptic) + (potassium + sodium);
        let synaptic_na = if DENDRITE {
            inhibition * INHIBITION_MV + pass.common_na
        } else {
            (inhibition * INHIBITION_MV + excitation * EXCITATION_MV) + pass.common_na
        };
        let ionic = sodium * SODIUM_MV + potassium * POTASSIUM_MV;
        let mut inflow = (k.soma[l] * synaptic_na + s.injected[l]) + ionic;
        if DENDRITE {
            inflow += k.soma_coupling[l] * vd;
        }
        // (exp(x) - 1)/x to order 5; the step is (inflow - x v) (1 - exp(-x))/x.
        let rise = 1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0)))));
        let growth = 1.0 + x * rise;
        if DENDRITE {
            let y = (k.dendrite_static[l] + k.dendrite[l] * excitation) + s.persistent[l];
            let y_rise = 1.0 + y * (0.5 + y * (1.0 / 6.0 + y * (1.0 / 24.0)));
            let y_growth = 1.0 + y * y_rise;
            let inverse = 1.0 / (growth * y_growth);
            let soma = vs + (inflow - x * vs) * (rise * (inverse * y_growth));
            let current = k.dendrite[l] * (excitation * EXCITATION_MV)
                + (s.persistent[l] * PERSISTENT_REVERSAL_MV + k.dendrite_coupling[l] * soma);
            next_dendrite[l] = vd + (current - y * vd) * (y_rise * (inverse * growth));
            next_soma[l] = soma;
        } else {
            next_soma[l] = vs + (inflow - x * vs) * (rise / growth);
        }
    }
    for (soma, threshold) in next_soma.iter().zip(&s.threshold_mv) {
        over |= u64::from(soma > threshold);
    }
    s.soma_mv = next_soma;
    if DENDRITE {
        s.dendrite_mv = next_dendrite;
    }
    for l in 0..LANES {
        s.n4[l] = s.n4[l] * k.fast_decay[l] + FLOOR;
        s.q2[l] = s.q2[l] * k.slow_decay[l] + FLOOR;
        s.excitation_us[l] = s.excitation_us[l] * pass.common.excitation_decay + FLOOR;
        s.inhibition_us[l] = s.inhibition_us[l] * pass.common.inhibition_decay + FLOOR;
    }
    over != 0
}

/// The dendritic gate of all blocks over [`PERSISTENT_STEPS`].
fn run_persistent(path: Path, constants: &[BlockModel], blocks: &mut [Block]) {
    match path {
        Path::Portable => persistent(constants, blocks),
        // SAFETY: a path is only taken where its instructions were detected.
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => unsafe { persistent_avx2(constants, blocks) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 => unsafe { persistent_avx512(constants, blocks) },
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn persistent_avx2(constants: &[BlockModel], blocks: &mut [Block]) {
    persistent(constants, blocks);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn persistent_avx512(constants: &[BlockModel], blocks: &mut [Block]) {
    persistent(constants, blocks);
}

#[inline(always)]
fn persistent(constants: &[BlockModel], blocks: &mut [Block]) {
    let approach = 1.0 - decay(1.0 / PERSISTENT_TAU_MS, PERSISTENT_STEPS as f64 * STEP_MS);
    for (index, s) in blocks.iter_mut().enumerate() {
        let k = constants_of(constants, index);
        for l in 0..LANES {
            let away = (k.persistent_half[l] - s.dendrite_mv[l]) * (1.0 / PERSISTENT_STEEPNESS_MV);
            let open = 1.0 / (1.0 + math::exp(away));
            let gate = s.persistent_gate[l] + (open - s.persistent_gate[l]) * approach;
            s.persistent_gate[l] = gate;
            s.persistent[l] = k.persistent[l] * gate;
        }
    }
}
