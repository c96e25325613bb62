//! What a motor neuron is: geometry, conductances and thresholds, graded from S to FF (Cisi & Kohn 2008).
//!
//! Units that close without factors: nA, mV (relative to rest), uS, nF, ms.

use super::pool::PoolParameters;

/// Membrane capacitance, uF/cm2 (Cisi & Kohn 2008).
const MEMBRANE_CAPACITANCE: f64 = 1.0;
/// Cytoplasmic resistivity, ohm cm (Cisi & Kohn 2008).
const CYTOPLASM_RESISTIVITY: f64 = 70.0;
/// Steepness of the persistent inward current gate, mV. Fitted to: derecruitment 20 % below recruitment in S cells.
pub const PERSISTENT_STEEPNESS_MV: f64 = 3.0;
/// Time constant of the persistent inward current gate, ms. Fitted as the steepness; L-type files use 20-40 ms.
pub const PERSISTENT_TAU_MS: f64 = 60.0;
/// Reversal of the persistent inward current above rest, mV: +70..80 mV absolute with rest at -70 mV.
pub const PERSISTENT_REVERSAL_MV: f64 = 140.0;
/// Half-activation of the persistent inward current above the spike threshold, mV. Fitted as the steepness.
const PERSISTENT_HALF_ABOVE_THRESHOLD_MV: f64 = 4.0;
/// Persistent conductance at full monoaminergic drive over the dendrite's input conductance, S and FR cells. Fitted as the steepness.
const PERSISTENT_SHARE: f64 = 0.25;
/// The same in the largest FF cell (fitted to: derecruitment 8 % below recruitment there).
const PERSISTENT_SHARE_LAST: f64 = 0.12;

/// Histochemical type of a motor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitType {
    /// Slow.
    Slow,
    /// Fast, fatigue resistant.
    FatigueResistant,
    /// Fast fatigable.
    FastFatigable,
}

/// One cell in the units of the membrane equations. Interneurons have no dendrite (`coupling_us` = 0).
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Soma capacitance, nF.
    pub soma_nf: f64,
    /// Soma leak, uS.
    pub soma_leak_us: f64,
    /// Dendrite capacitance, nF.
    pub dendrite_nf: f64,
    /// Dendrite leak, uS.
    pub dendrite_leak_us: f64,
    /// Coupling between the two, uS.
    pub coupling_us: f64,
    /// Largest sodium conductance, uS.
    pub sodium_us: f64,
    /// Largest fast potassium conductance, uS.
    pub fast_potassium_us: f64,
    /// Largest slow potassium conductance, uS.
    pub slow_potassium_us: f64,
    /// Decay rate of the fast potassium gate, 1/ms.
    pub fast_decay_per_ms: f64,
    /// Decay rate of the slow potassium gate, 1/ms: sets the afterhyperpolarisation.
    pub slow_decay_per_ms: f64,
    /// Spike threshold above rest, mV.
    pub threshold_mv: f64,
    /// Absolute refractory period, ms.
    pub refractory_ms: f64,
    /// Persistent inward conductance of the dendrite at monoaminergic drive 1, uS.
    pub persistent_us: f64,
    /// Half-activation of the persistent inward current, dendritic mV above rest.
    pub persistent_half_mv: f64,
}

impl Cell {
    /// A one-compartment cell: a cylinder `diameter` by `length` um with `resistance` ohm cm2; densities in uS/cm2.
    pub fn one_compartment(
        diameter_um: f64,
        length_um: f64,
        resistance_ohm_cm2: f64,
        densities_us_cm2: [f64; 3],
    ) -> Self {
        let area = area_cm2(diameter_um, length_um);
        Self {
            soma_nf: 1e3 * MEMBRANE_CAPACITANCE * area,
            soma_leak_us: 1e6 * area / resistance_ohm_cm2,
            dendrite_nf: 1.0,
            dendrite_leak_us: 0.0,
            coupling_us: 0.0,
            sodium_us: densities_us_cm2[0] * area,
            fast_potassium_us: densities_us_cm2[1] * area,
            slow_potassium_us: densities_us_cm2[2] * area,
            fast_decay_per_ms: 0.1,
            slow_decay_per_ms: 0.05,
            threshold_mv: 10.0,
            refractory_ms: 5.0,
            persistent_us: 0.0,
            persistent_half_mv: 0.0,
        }
    }

    /// Motor neuron of a type at `position` 0 (its smallest) to 1 (its largest); table of Cisi & Kohn 2008.
    pub fn motor_neuron(kind: UnitType, position: f64) -> Self {
        let g = match kind {
            UnitType::Slow => &SLOW,
            UnitType::FatigueResistant => &FATIGUE_RESISTANT,
            UnitType::FastFatigable => &FAST_FATIGABLE,
        };
        let at = |range: [f64; 2]| range[0] + (range[1] - range[0]) * position;
        let (dendrite_d, dendrite_l, soma_d) = (at(g.dendrite_diameter), at(g.dendrite_length), at(g.soma));
        let dendrite_area = area_cm2(dendrite_d, dendrite_l);
        let soma_area = area_cm2(soma_d, soma_d);
        let axial = |d: f64, l: f64| CYTOPLASM_RESISTIVITY * l / (std::f64::consts::PI * 0.25 * d * d);
        // Half-length to half-length; the 200 holds the 2 and um to cm.
        let coupling = 200.0 / (axial(dendrite_d, dendrite_l) + axial(soma_d, soma_d));
        let dendrite_leak = 1e6 * dendrite_area / at(g.dendrite_resistance);
        let soma_leak = 1e6 * soma_area / at(g.soma_resistance);
        let dendritic_input = dendrite_leak + coupling * soma_leak / (coupling + soma_leak);
        let share = match kind {
            UnitType::FastFatigable => at([PERSISTENT_SHARE, PERSISTENT_SHARE_LAST]),
            _ => PERSISTENT_SHARE,
        };
        let threshold_mv = at(g.threshold);
        Self {
            soma_nf: 1e3 * MEMBRANE_CAPACITANCE * soma_area,
            soma_leak_us: soma_leak,
            dendrite_nf: 1e3 * MEMBRANE_CAPACITANCE * dendrite_area,
            dendrite_leak_us: dendrite_leak,
            coupling_us: coupling,
            sodium_us: g.densities[0] * soma_area,
            fast_potassium_us: g.densities[1] * soma_area,
            slow_potassium_us: g.densities[2] * soma_area,
            fast_decay_per_ms: 0.1,
            slow_decay_per_ms: g.slow_decay,
            threshold_mv,
            refractory_ms: 5.0,
            persistent_us: share * dendritic_input,
            persistent_half_mv: threshold_mv + PERSISTENT_HALF_ABOVE_THRESHOLD_MV,
        }
    }

    /// Input resistance at the soma, Mohm, without active currents.
    pub fn input_resistance_mohm(&self) -> f64 {
        let dendrite = if self.coupling_us > 0.0 {
            self.coupling_us * self.dendrite_leak_us / (self.coupling_us + self.dendrite_leak_us)
        } else {
            0.0
        };
        1.0 / (self.soma_leak_us + dendrite)
    }

    /// Least long somatic current that fires the cell, nA, without persistent inward current.
    pub fn rheobase_na(&self) -> f64 {
        self.threshold_mv / self.input_resistance_mohm()
    }
}

/// The motor neurons of a pool, smallest first.
pub fn motor_neurons(parameters: &PoolParameters) -> Vec<(UnitType, Cell)> {
    let units = parameters.units;
    let count = |share: f64| (share.clamp(0.0, 1.0) * units as f64 + 0.5) as usize;
    let slow = count(parameters.slow_share).min(units);
    let resistant = count(parameters.fatigue_resistant_share).min(units - slow);
    let graded = |kind: UnitType, n: usize| {
        (0..n).map(move |i| {
            let position = if n > 1 { i as f64 / (n - 1) as f64 } else { 0.5 };
            (kind, Cell::motor_neuron(kind, position))
        })
    };
    graded(UnitType::Slow, slow)
        .chain(graded(UnitType::FatigueResistant, resistant))
        .chain(graded(UnitType::FastFatigable, units - slow - resistant))
        .collect()
}

fn area_cm2(diameter_um: f64, length_um: f64) -> f64 {
    std::f64::consts::PI * diameter_um * length_um * 1e-8
}

/// Ranges within a type, smallest to largest cell (um, ohm cm2, mV, uS/cm2, 1/ms).
struct Grading {
    dendrite_diameter: [f64; 2],
    dendrite_length: [f64; 2],
    soma: [f64; 2],
    dendrite_resistance: [f64; 2],
    soma_resistance: [f64; 2],
    threshold: [f64; 2],
    densities: [f64; 3],
    slow_decay: f64,
}

/// Cisi & Kohn 2008, public configuration of the authors' simulator ReMoto.
const SLOW: Grading = Grading {
    dendrite_diameter: [41.5, 62.5],
    dendrite_length: [5519.0, 6789.0],
    soma: [77.5, 82.5],
    dendrite_resistance: [14350.0, 10650.0],
    soma_resistance: [1150.0, 1050.0],
    threshold: [12.35, 16.45],
    densities: [30000.0, 4000.0, 17000.0],
    slow_decay: 0.025,
};
/// As [`SLOW`].
const FATIGUE_RESISTANT: Grading = Grading {
    dendrite_diameter: [62.5, 83.5],
    dendrite_length: [6789.0, 8058.0],
    soma: [82.5, 87.5],
    dendrite_resistance: [10650.0, 6950.0],
    soma_resistance: [1050.0, 950.0],
    threshold: [16.45, 19.3],
    densities: [30000.0, 4000.0, 37500.0],
    slow_decay: 0.05,
};
/// As [`SLOW`].
const FAST_FATIGABLE: Grading = Grading {
    dendrite_diameter: [83.5, 92.5],
    dendrite_length: [8058.0, 10578.0],
    soma: [87.5, 112.5],
    dendrite_resistance: [6950.0, 6050.0],
    soma_resistance: [950.0, 650.0],
    threshold: [19.3, 20.9],
    densities: [30000.0, 500.0, 8000.0],
    slow_decay: 0.05,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_resistance_and_rheobase_of_the_knots() {
        use UnitType::{FastFatigable, FatigueResistant, Slow};
        // (type, position, Mohm, nA): Cisi & Kohn's parameters in the steady-state formula.
        let table = [
            (Slow, 0.0, 2.19, 5.63),
            (Slow, 1.0, 1.20, 13.8),
            (FatigueResistant, 0.0, 1.20, 13.8),
            (FatigueResistant, 1.0, 0.70, 27.6),
            (FastFatigable, 0.0, 0.70, 27.6),
            (FastFatigable, 1.0, 0.52, 40.6),
        ];
        for (kind, position, resistance, rheobase) in table {
            let cell = Cell::motor_neuron(kind, position);
            assert!((cell.input_resistance_mohm() / resistance - 1.0).abs() < 0.015, "{kind:?} {position}: Rin");
            assert!((cell.rheobase_na() / rheobase - 1.0).abs() < 0.015, "{kind:?} {position}: rheobase");
        }
    }

    #[test]
    fn cells_grow_along_the_pool() {
        let pool =
            PoolParameters { units: 120, slow_share: 0.5, fatigue_resistant_share: 0.3, ..PoolParameters::default() };
        let cells = motor_neurons(&pool);
        assert_eq!(cells.len(), 120);
        assert!(cells.windows(2).all(|w| w[1].1.rheobase_na() >= w[0].1.rheobase_na() - 1e-9));
    }
}
