//! Eight cells side by side: their constants, their state, and one step of both, written so that it vectorises.

use serde::{Deserialize, Serialize};

use super::{EXCITATION_MV, INHIBITION_MV, POTASSIUM_MV, SODIUM_MV};
use super::{FLOOR, LANES, PERSISTENT_STEPS, STEP_MS};
use crate::cord::gates::decay;
use crate::cord::neuron::{PERSISTENT_REVERSAL_MV, PERSISTENT_STEEPNESS_MV, PERSISTENT_TAU_MS};
use crate::math;

/// One number for each cell of a block.
pub(super) type Lanes = [f64; LANES];

/// Constants of eight somata, multiplied by dt/C where a conductance or a current enters.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SomaModel {
    pub(super) per_us: Lanes,
    pub(super) at_rest: Lanes,
    pub(super) fast_decay: Lanes,
    pub(super) slow_decay: Lanes,
    pub(super) bias: Lanes,
}

/// Constants of eight dendrites, as [`SomaModel`]; `to_soma` is the coupling as the soma meets it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DendriteModel {
    pub(super) to_soma: Lanes,
    pub(super) per_us: Lanes,
    pub(super) at_rest: Lanes,
    pub(super) from_soma: Lanes,
    pub(super) persistent: Lanes,
    pub(super) persistent_half_mv: Lanes,
}

/// State of eight somata. Conductances of the spike are multiplied by dt/C.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Soma {
    pub(super) mv: Lanes,
    pub(super) threshold_mv: Lanes,
    /// Sodium, of cells near a spike; else 0.
    pub(super) sodium: Lanes,
    pub(super) fast_potassium: Lanes,
    pub(super) slow_potassium: Lanes,
    /// On the dendrite, if there is one.
    pub(super) excitation_us: Lanes,
    pub(super) inhibition_us: Lanes,
    /// Bias and injected current times dt/C.
    pub(super) injected: Lanes,
}

/// State of eight dendrites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Dendrite {
    pub(super) mv: Lanes,
    /// Persistent conductance times dt/C.
    pub(super) persistent: Lanes,
    /// Its voltage gate, 0..1.
    pub(super) gate: Lanes,
}

/// Decay of synaptic conductances in a step, for all cells of a set.
#[derive(Clone, Copy, Debug)]
pub(super) struct SynapticDecay {
    pub(super) excitation: f64,
    pub(super) inhibition: f64,
}

/// The step of cells of two compartments; the lanes now over their threshold, as bits.
#[inline(always)]
pub(super) fn step_both(
    k: &SomaModel,
    kd: &DendriteModel,
    s: &mut Soma,
    d: &mut Dendrite,
    fall: SynapticDecay,
) -> bool {
    let mut soma_mv = [0.0; LANES];
    let mut dendrite_mv = [0.0; LANES];
    for l in 0..LANES {
        let (vs, vd) = (s.mv[l], d.mv[l]);
        let inhibition = k.per_us[l] * s.inhibition_us[l];
        let potassium = s.fast_potassium[l] + s.slow_potassium[l];
        let x = (k.at_rest[l] + inhibition) + (potassium + s.sodium[l]);
        let ionic = s.sodium[l] * SODIUM_MV + potassium * POTASSIUM_MV;
        let inflow = (s.injected[l] + ionic) + (inhibition * INHIBITION_MV + kd.to_soma[l] * vd);
        let (rise, growth) = soma_growth(x);
        let excitation = kd.per_us[l] * s.excitation_us[l];
        let y = (kd.at_rest[l] + excitation) + d.persistent[l];
        let (y_rise, y_growth) = dendrite_growth(y);
        // One division for both.
        let inverse = 1.0 / (growth * y_growth);
        let soma = vs + (inflow - x * vs) * (rise * (inverse * y_growth));
        let current = excitation * EXCITATION_MV + (d.persistent[l] * PERSISTENT_REVERSAL_MV + kd.from_soma[l] * soma);
        dendrite_mv[l] = vd + (current - y * vd) * (y_rise * (inverse * growth));
        soma_mv[l] = soma;
    }
    d.mv = dendrite_mv;
    finish(k, s, soma_mv, fall)
}

/// The step of cells of one compartment.
#[inline(always)]
pub(super) fn step_soma(k: &SomaModel, s: &mut Soma, fall: SynapticDecay) -> bool {
    let mut soma_mv = [0.0; LANES];
    for (l, next) in soma_mv.iter_mut().enumerate() {
        let vs = s.mv[l];
        let (inhibition, excitation) = (k.per_us[l] * s.inhibition_us[l], k.per_us[l] * s.excitation_us[l]);
        let potassium = s.fast_potassium[l] + s.slow_potassium[l];
        let x = (k.at_rest[l] + (inhibition + excitation)) + (potassium + s.sodium[l]);
        let ionic = s.sodium[l] * SODIUM_MV + potassium * POTASSIUM_MV;
        let inflow = (s.injected[l] + ionic) + (inhibition * INHIBITION_MV + excitation * EXCITATION_MV);
        let (rise, growth) = soma_growth(x);
        *next = vs + (inflow - x * vs) * (rise / growth);
    }
    finish(k, s, soma_mv, fall)
}

/// `(exp(x) - 1)/x` and `exp(x)` to orders 4 and 5; the membrane's step is `(inflow - x v) (1 - exp(-x))/x`.
#[inline(always)]
fn soma_growth(x: f64) -> (f64, f64) {
    let rise = 1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0))));
    (rise, 1.0 + x * rise)
}

/// As [`soma_growth`] to orders 2 and 3: a dendrite's x is a hundredth.
#[inline(always)]
fn dendrite_growth(y: f64) -> (f64, f64) {
    let rise = 1.0 + y * (0.5 + y * (1.0 / 6.0));
    (rise, 1.0 + y * rise)
}

/// Takes the new potentials, lets conductances decay; whether any lane is over its threshold.
#[inline(always)]
fn finish(k: &SomaModel, s: &mut Soma, soma_mv: Lanes, fall: SynapticDecay) -> bool {
    let mut over = 0_u64;
    for (soma, threshold) in soma_mv.iter().zip(&s.threshold_mv) {
        over |= u64::from(soma > threshold);
    }
    s.mv = soma_mv;
    for l in 0..LANES {
        s.fast_potassium[l] = s.fast_potassium[l] * k.fast_decay[l] + FLOOR;
        s.slow_potassium[l] = s.slow_potassium[l] * k.slow_decay[l] + FLOOR;
        s.excitation_us[l] = s.excitation_us[l] * fall.excitation + FLOOR;
        s.inhibition_us[l] = s.inhibition_us[l] * fall.inhibition + FLOOR;
    }
    over != 0
}

/// Rates of the persistent current over its own step, [`PERSISTENT_STEPS`] of the membrane's.
#[derive(Clone, Copy, Debug)]
pub(super) struct PersistentStep {
    approach: f64,
}

impl PersistentStep {
    pub(super) fn new() -> Self {
        let ms = PERSISTENT_STEPS as f64 * STEP_MS;
        Self { approach: 1.0 - decay(1.0 / PERSISTENT_TAU_MS, ms) }
    }
}

/// The persistent inward current of eight dendrites over its own step.
#[inline(always)]
pub(super) fn step_persistent(k: &DendriteModel, d: &mut Dendrite, step: PersistentStep) {
    for l in 0..LANES {
        let away = (k.persistent_half_mv[l] - d.mv[l]) * (1.0 / PERSISTENT_STEEPNESS_MV);
        let open = 1.0 / (1.0 + math::exp(away));
        let gate = d.gate[l] + (open - d.gate[l]) * step.approach;
        d.gate[l] = gate;
        d.persistent[l] = k.persistent[l] * gate;
    }
}
