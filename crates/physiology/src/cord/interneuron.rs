//! Interneurons of the segment: one compartment, the motor neuron's pulse gates (Williams & Baker 2009; Elias, Watanabe & Kohn 2014).
//!
//! A population may be smaller than the published 350 cells: [`super::synapse::Connectivity::for_sources`] keeps the total
//! conductance each target receives.

use super::membrane::{Cells, CellsModel};
use super::neuron::Cell;
use super::synapse::{MOTOR_EXCITATION, MOTOR_INHIBITION, RENSHAW_EXCITATION};

/// Cells of each population for a whole leg muscle (configuration of the authors' simulator ReMoto).
pub const PUBLISHED_COUNT: usize = 350;

/// Kind of interneuron.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterneuronKind {
    /// Renshaw cell: recurrent inhibition.
    Renshaw,
    /// Ia inhibitory interneuron: reciprocal inhibition.
    Ia,
    /// Ib inhibitory interneuron.
    Ib,
    /// Group II excitatory interneuron.
    GroupII,
}

impl InterneuronKind {
    /// `count` cells of this kind. Thresholds cover the published range, spread evenly but not in order along the cord.
    pub fn cells(self, count: usize) -> Vec<Cell> {
        // (diameter um, length um, ohm cm2, [GNa, GKf, GKs] uS/cm2, [beta_n, beta_q] 1/ms, threshold mV, refractory ms):
        // ReMoto configuration; Ib and group II densities by analogy with Ia.
        let (diameter, length, resistance, densities, decay, threshold, refractory_ms) = match self {
            Self::Renshaw => (25.0, 242.0, 760.0, [30000.0, 1000.0, 4000.0], [0.1, 0.07], [5.0, 15.0], 1.0),
            Self::Ia => (25.0, 175.0, 6280.0, [30000.0, 1000.0, 1000.0], [0.03, 0.03], [10.0, 15.0], 5.0),
            Self::Ib => (200.0, 200.0, 6280.0, [30000.0, 1000.0, 1000.0], [0.03, 0.03], [10.0, 15.0], 5.0),
            Self::GroupII => (500.0, 500.0, 6280.0, [30000.0, 1000.0, 1000.0], [0.03, 0.03], [10.0, 15.0], 5.0),
        };
        (0..count)
            .map(|i| {
                let golden = (i as f64 * 0.618_033_988_749_895 + 0.5).fract();
                Cell {
                    threshold_mv: threshold[0] + (threshold[1] - threshold[0]) * golden,
                    fast_decay_per_ms: decay[0],
                    slow_decay_per_ms: decay[1],
                    refractory_ms,
                    ..Cell::one_compartment(diameter, length, resistance, densities)
                }
            })
            .collect()
    }

    /// A population of `count` cells, ready to run.
    pub fn population(self, count: usize) -> CellsModel {
        let excitation = if self == Self::Renshaw { RENSHAW_EXCITATION } else { MOTOR_EXCITATION };
        let decay = [excitation.unbinding_per_ms, MOTOR_INHIBITION.unbinding_per_ms];
        CellsModel::new(self.cells(count), &vec![true; count], decay, 0.0, 0.0)
    }
}

/// Populations of one muscle group at rest, in the order of [`InterneuronKind`].
pub(crate) fn at_rest(models: &[CellsModel; 4]) -> [Cells; 4] {
    std::array::from_fn(|i| Cells::new(&models[i]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cord::membrane::STEPS_PER_MS;

    #[test]
    fn a_renshaw_cell_bursts_after_one_volley() {
        let model = InterneuronKind::Renshaw.population(8);
        let mut cells = Cells::new(&model);
        let mut times = Vec::new();
        for step in 0..100 * STEPS_PER_MS {
            if step == 0 {
                (0..8).for_each(|i| cells.excite(i, 0.3));
            }
            times.extend(cells.step(&model).iter().filter(|s| s.cell == 0).map(|_| step));
        }
        assert!((3..60).contains(&times.len()), "{times:?}");
        let first_interval_ms = (times[1] - times[0]) as f64 / STEPS_PER_MS as f64;
        assert!((0.5..3.0).contains(&first_interval_ms), "burst at {first_interval_ms} ms");
        assert!(times[times.len() - 1] < 60 * STEPS_PER_MS, "{times:?}");
    }

    #[test]
    fn all_kinds_rest_silent_and_fire_when_excited() {
        for kind in [InterneuronKind::Renshaw, InterneuronKind::Ia, InterneuronKind::Ib, InterneuronKind::GroupII] {
            let model = kind.population(16);
            let mut cells = Cells::new(&model);
            assert!((0..2000).all(|_| cells.step(&model).is_empty()), "{kind:?}");
            let strong = 2.0 * model.cells()[0].soma_leak_us;
            let fired: usize = (0..2000)
                .map(|_| {
                    (0..16).for_each(|i| cells.excite(i, 0.1 * strong));
                    cells.step(&model).len()
                })
                .sum();
            assert!(fired >= 16, "{kind:?}");
        }
    }
}
