//! How many synapses of what strength each population of the segment makes on each other.
//!
//! Connectivity of the ReMoto line (Cisi & Kohn 2008; Williams & Baker 2009; Elias, Watanabe & Kohn 2014), with what was fitted or
//! assumed said beside it.

use crate::cord::drive::AXONS;
use crate::cord::interneuron::PUBLISHED_COUNT;
use crate::cord::neuron::{Cell, UnitType};
use crate::cord::synapse::Connectivity;
use crate::math;

/// Steady depolarisation of a healthy pool at rest by tonic descending facilitation, mV. Fitted to: a full Ia volley of 1-7 mV
/// recruits part of a resting pool (tendon jerk, H reflex 0.2-0.8 of M), while tonic afferents leave it silent.
pub const TONIC_FACILITATION_MV: f64 = 11.2;

const EVERYWHERE: f64 = f64::INFINITY;
/// Motor neurons of the soleus, for which fan-in from motor neurons was published (ReMoto).
const PUBLISHED_POOL: usize = 900;

/// Descending axons to motor neurons: 30 % of 400 (ReMoto), conductance on the smallest neuron; others by [`descending_weight`].
/// Conductance fitted to: interspike-interval CV of 10-25 % with a least force CV of 1.0-2.6 % in abduction of the index finger, axons at
/// 15-110/s (ReMoto: 30-120/s); with the published 0.6 uS they fire at 9-40/s, and few large inputs make force unsteady.
pub const DESCENDING: Connectivity =
    Connectivity { probability: 0.3, conductance_us: 0.4, spread_mm2: EVERYWHERE, published_sources: AXONS };
/// Ia to motor neurons: 90 % of 400 (ReMoto). Conductance fitted to: composite EPSP of all Ia, at presynaptic inhibition 0.4,
/// 7 mV in the smallest neuron (range 1-7 mV); the published 0.6 uS times 360 synapses gives over 60 mV.
pub(super) const IA_MOTOR: Connectivity =
    Connectivity { probability: 0.9, conductance_us: 0.137, spread_mm2: EVERYWHERE, published_sources: 400 };
/// Power of a motor neuron's dendritic membrane that its Ia conductance goes with. Fitted to: composite EPSPs of S, FR and FF cells
/// as 5 : 3.4 : 2 (Burke & Rymer 1976; memory); equal conductances give 5 : 3.0 : 1.8. Direction: boutons grow in number with the
/// dendrite, less than its input conductance does.
const IA_SIZE_POWER: f64 = 0.2;

/// Ia conductance of a neuron relative to the smallest one.
pub fn ia_weight(cell: &Cell) -> f64 {
    math::pow(cell.dendrite_nf / Cell::motor_neuron(UnitType::Slow, 0.0).dendrite_nf, IA_SIZE_POWER)
}

/// Ia to Ia interneurons: all (ReMoto). Conductance fitted to: quiet at resting discharge of 10/s, fires in a volley of a fifth of
/// the axons; with the published 0.6 uS one impulse fires the cell.
pub(super) const IA_IA: Connectivity =
    Connectivity { probability: 1.0, conductance_us: 0.012, spread_mm2: EVERYWHERE, published_sources: 400 };
/// Ia interneurons to antagonist motor neurons: 20 % (ReMoto). Conductance fitted to: reciprocal inhibition takes 5-35 % off a soleus H
/// reflex (Crone et al. 1987): a third where it is largest, a tenth at 2 ms.
pub(super) const IA_INHIBITION: Connectivity = Connectivity {
    probability: 0.2,
    conductance_us: 0.004,
    spread_mm2: EVERYWHERE,
    published_sources: PUBLISHED_COUNT,
};
/// Ib to Ib interneurons (ReMoto).
pub(super) const IB_IB: Connectivity =
    Connectivity { probability: 0.3, conductance_us: 0.3, spread_mm2: EVERYWHERE, published_sources: 300 };
/// Ib interneurons to motor neurons: 10 % (ReMoto). Conductance assumed: Ib at 60/s take a fifth off a moderate contraction (published 0.3 uS
/// halves it).
pub(super) const IB_INHIBITION: Connectivity =
    Connectivity { probability: 0.1, conductance_us: 0.1, spread_mm2: EVERYWHERE, published_sources: PUBLISHED_COUNT };
/// II to group II interneurons: 30 % of 500 (ReMoto). Conductance fitted to: silent at a resting discharge of 10/s, firing from about
/// 45/s (published 0.45 uS: from 75/s).
pub(super) const II_II: Connectivity =
    Connectivity { probability: 0.3, conductance_us: 0.75, spread_mm2: EVERYWHERE, published_sources: 500 };
/// Group II interneurons to motor neurons (ReMoto).
pub(super) const II_EXCITATION: Connectivity =
    Connectivity { probability: 0.2, conductance_us: 0.3, spread_mm2: EVERYWHERE, published_sources: PUBLISHED_COUNT };
/// Motor axon collaterals to Renshaw cells: 6 % of the pool (ReMoto). Conductance fitted to: a volley of the whole pool inhibits
/// it for 20-60 ms (published 0.15 uS: 6 ms); a volley in half of it then inhibits the monosynaptic reflex of the rest for 42-46 ms.
pub(super) const MOTOR_RENSHAW: Connectivity =
    Connectivity { probability: 0.06, conductance_us: 0.6, spread_mm2: 0.01, published_sources: PUBLISHED_POOL };
/// Renshaw cells to motor neurons (ReMoto).
pub(super) const RENSHAW_MOTOR: Connectivity =
    Connectivity { probability: 0.04, conductance_us: 0.44, spread_mm2: 0.22, published_sources: PUBLISHED_COUNT };
/// Renshaw cells to Ia interneurons: chosen as to motor neurons, scaled to the smaller cell (assumed).
pub(super) const RENSHAW_IA: Connectivity =
    Connectivity { probability: 0.04, conductance_us: 0.02, spread_mm2: 0.22, published_sources: PUBLISHED_COUNT };
/// Renshaw cells to each other (assumed).
pub(super) const RENSHAW_RENSHAW: Connectivity =
    Connectivity { probability: 0.04, conductance_us: 0.1, spread_mm2: 0.22, published_sources: PUBLISHED_COUNT };
/// Ia interneurons to those of the antagonist (assumed, scaled to the smaller cell).
pub(super) const IA_IA_INHIBITION: Connectivity =
    Connectivity { probability: 0.1, conductance_us: 0.01, spread_mm2: EVERYWHERE, published_sources: PUBLISHED_COUNT };

/// Power of the dendritic membrane that a descending conductance goes with, where a muscle's own is not known.
///
/// Fitted to: mean maximal discharge of 25-40 impulses/s with all types recruited, axons below 120/s. With equal conductance (0) the
/// largest FF cells need ten times the rate, which drives S cells at 90/s. Direction: rubro- and corticospinal input is larger in fast
/// units.
pub const DESCENDING_SIZE_POWER: f64 = 1.5;

/// Descending conductance of a neuron relative to the smallest one: dendritic membrane to the power `size_power`.
pub fn descending_weight(cell: &Cell, size_power: f64) -> f64 {
    let size = cell.dendrite_nf / Cell::motor_neuron(UnitType::Slow, 0.0).dendrite_nf;
    math::pow(size, size_power)
}
