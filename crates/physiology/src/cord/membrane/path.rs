//! The loops over blocks, compiled once for each width of vector the processor may have; the bits are the same on all.
//!
//! No path contracts a product and a sum into one rounding, so that width changes only how many cells go together.

use super::block::{
    Dendrite, DendriteModel, PersistentStep, Soma, SomaModel, SynapticDecay, step_both, step_persistent, step_soma,
};
use super::{Crossing, LANES};

/// The vector instructions the membranes are advanced with.
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

/// Cells of one set as the loops see them. `dendrite_models` and `dendrites` are empty for cells of one compartment;
/// a single model stands for all blocks.
pub(super) struct Blocks<'a> {
    pub(super) soma_models: &'a [SomaModel],
    pub(super) dendrite_models: &'a [DendriteModel],
    pub(super) somata: &'a mut [Soma],
    pub(super) dendrites: &'a mut [Dendrite],
}

impl Path {
    /// The widest this processor has.
    pub(super) fn detect() -> Self {
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

    /// One membrane step of all cells; appends the crossings.
    pub(super) fn advance(self, blocks: &mut Blocks<'_>, fall: SynapticDecay, crossings: &mut Vec<Crossing>) {
        match self {
            Self::Portable => advance(blocks, fall, crossings),
            // SAFETY: a path is only taken where its instructions were detected.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { advance_avx2(blocks, fall, crossings) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { advance_avx512(blocks, fall, crossings) },
        }
    }

    /// One step of the persistent inward current of all cells.
    pub(super) fn persistent(self, models: &[DendriteModel], dendrites: &mut [Dendrite], step: PersistentStep) {
        match self {
            Self::Portable => persistent(models, dendrites, step),
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { persistent_avx2(models, dendrites, step) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { persistent_avx512(models, dendrites, step) },
        }
    }
}

/// The model of a block, where one may stand for all.
#[inline(always)]
pub(super) fn of<M>(models: &[M], index: usize) -> &M {
    if models.len() == 1 { &models[0] } else { &models[index] }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn advance_avx2(blocks: &mut Blocks<'_>, fall: SynapticDecay, crossings: &mut Vec<Crossing>) {
    advance(blocks, fall, crossings);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn advance_avx512(blocks: &mut Blocks<'_>, fall: SynapticDecay, crossings: &mut Vec<Crossing>) {
    advance(blocks, fall, crossings);
}

#[inline(always)]
fn advance(blocks: &mut Blocks<'_>, fall: SynapticDecay, crossings: &mut Vec<Crossing>) {
    if blocks.dendrites.is_empty() {
        for (index, soma) in blocks.somata.iter_mut().enumerate() {
            let before = soma.mv;
            if step_soma(of(blocks.soma_models, index), soma, fall) {
                note(index, &before, soma, crossings);
            }
        }
    } else {
        for (index, (soma, dendrite)) in blocks.somata.iter_mut().zip(blocks.dendrites.iter_mut()).enumerate() {
            let before = soma.mv;
            let (k, kd) = (of(blocks.soma_models, index), of(blocks.dendrite_models, index));
            if step_both(k, kd, soma, dendrite, fall) {
                note(index, &before, soma, crossings);
            }
        }
    }
}

/// Notes the cells of a block that are over their threshold, and where in the step they crossed it.
#[inline(never)]
fn note(index: usize, before: &[f64; LANES], soma: &Soma, crossings: &mut Vec<Crossing>) {
    for (lane, &before) in before.iter().enumerate() {
        let (now, threshold) = (soma.mv[lane], soma.threshold_mv[lane]);
        if now > threshold {
            let fraction = ((threshold - before) / (now - before)).clamp(0.0, 1.0) as f32;
            crossings.push(Crossing { cell: (index * LANES + lane) as u32, fraction });
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn persistent_avx2(models: &[DendriteModel], dendrites: &mut [Dendrite], step: PersistentStep) {
    persistent(models, dendrites, step);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn persistent_avx512(models: &[DendriteModel], dendrites: &mut [Dendrite], step: PersistentStep) {
    persistent(models, dendrites, step);
}

#[inline(always)]
fn persistent(models: &[DendriteModel], dendrites: &mut [Dendrite], step: PersistentStep) {
    for (index, dendrite) in dendrites.iter_mut().enumerate() {
        step_persistent(of(models, index), dendrite, step);
    }
}
