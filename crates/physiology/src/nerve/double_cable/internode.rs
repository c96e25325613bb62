//! What lies between two nodes: ten compartments of two potentials, linear, so solved once for each kind of myelin.

use super::geometry::{FibreGeometry, MYSA_LENGTH_UM, NODE_LENGTH_UM, STIN_COUNT};
use super::{MEMBRANE_UF_CM2, Myelin, REST_MV};

/// Compartments of one internode: MYSA, FLUT, 6 STIN, FLUT, MYSA.
pub(super) const COMPARTMENTS: usize = STIN_COUNT + 4;
/// Potentials of one internode: inside, then periaxonal.
const SIZE: usize = 2 * COMPARTMENTS;

/// Resistivity of axoplasm and periaxonal fluid, ohm um (70 ohm cm).
const RESISTIVITY_OHM_UM: f64 = 7.0e5;
/// Leak of the axolemma, S/cm2: MYSA; FLUT and STIN.
const MYSA_LEAK_S_CM2: f64 = 0.001;
const AXON_LEAK_S_CM2: f64 = 0.0001;
/// One membrane of myelin.
const MYELIN_UF_CM2: f64 = 0.1;
const MYELIN_S_CM2: f64 = 0.001;
/// Width of the periaxonal space, um: node and MYSA; FLUT and STIN.
const NARROW_UM: f64 = 0.002;
const WIDE_UM: f64 = 0.004;

/// One compartment's measures, um.
struct Piece {
    length: f64,
    diameter: f64,
    gap: f64,
    leak_s_cm2: f64,
}

/// How the node at either end feels the internode, uS.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coupling {
    /// Axial conductance from the node to the nearest compartment.
    pub(super) axial_us: f64,
    /// What the internode adds to the node's own conductance.
    pub(super) own_us: f64,
    /// Current into this node for 1 mV at the other.
    pub(super) transfer_us: f64,
}

/// One kind of internode, eliminated.
#[derive(Clone, Debug)]
pub(super) struct Internode {
    /// Columns of the inverse.
    inverse: [[f64; SIZE]; SIZE],
    /// Potentials for 1 mV at the left node, and at the right.
    from_left: [f64; SIZE],
    from_right: [f64; SIZE],
    /// Over the step, uS: axolemma and myelin capacity; conductances, uS.
    axolemma_us: [f64; COMPARTMENTS],
    leak_us: [f64; COMPARTMENTS],
    myelin_capacity_us: [f64; COMPARTMENTS],
    myelin_us: [f64; COMPARTMENTS],
    /// From the first and last periaxonal compartment to the node's outside, uS.
    to_node_gap_us: f64,
    pub(super) coupling: Coupling,
}

fn pieces(g: &FibreGeometry, myelin: &Myelin) -> [Piece; COMPARTMENTS] {
    std::array::from_fn(|k| match k.min(COMPARTMENTS - 1 - k) {
        0 => Piece {
            length: MYSA_LENGTH_UM,
            diameter: g.node_um,
            gap: NARROW_UM * myelin.paranodal_width,
            leak_s_cm2: MYSA_LEAK_S_CM2,
        },
        1 => Piece { length: g.flut_length_um, diameter: g.axon_um, gap: WIDE_UM, leak_s_cm2: AXON_LEAK_S_CM2 },
        _ => Piece { length: g.stin_length_um(), diameter: g.axon_um, gap: WIDE_UM, leak_s_cm2: AXON_LEAK_S_CM2 },
    })
}

/// Middles of the compartments from the middle of the node before them, um.
pub(super) fn middles_um(g: &FibreGeometry) -> [f64; COMPARTMENTS] {
    let mut start = 0.5 * NODE_LENGTH_UM;
    pieces(g, &Myelin::HEALTHY).map(|piece| {
        let middle = start + 0.5 * piece.length;
        start += piece.length;
        middle
    })
}

/// Resistance of half a compartment, Mohm: inside, and in the periaxonal space.
fn halves_mohm(piece: &Piece) -> (f64, f64) {
    let pi = std::f64::consts::PI;
    let radius = 0.5 * piece.diameter;
    let along = 0.5 * RESISTIVITY_OHM_UM * piece.length * 1e-6;
    let outer = radius + piece.gap;
    (along / (pi * radius * radius), along / (pi * (outer * outer - radius * radius)))
}

/// Conductance of two halves in a row, uS.
fn axial_us(a_mohm: f64, b_mohm: f64) -> f64 {
    1.0 / (a_mohm + b_mohm)
}

impl Internode {
    pub(super) fn new(g: &FibreGeometry, myelin: &Myelin, step_ms: f64) -> Self {
        let pi = std::f64::consts::PI;
        let pieces = pieces(g, myelin);
        let node = Piece { length: NODE_LENGTH_UM, diameter: g.node_um, gap: NARROW_UM, leak_s_cm2: 0.0 };
        let (node_inside, node_gap) = halves_mohm(&node);
        let halves: [(f64, f64); COMPARTMENTS] = std::array::from_fn(|k| halves_mohm(&pieces[k]));
        let axolemma_um2: [f64; COMPARTMENTS] = std::array::from_fn(|k| pi * pieces[k].diameter * pieces[k].length);
        let sheet = 2.0 * g.lamellae * myelin.lamellae;
        let myelin_um2: [f64; COMPARTMENTS] = std::array::from_fn(|k| pi * g.fibre_um * pieces[k].length);
        let axolemma_us = axolemma_um2.map(|area| MEMBRANE_UF_CM2 * area * 1e-5 / step_ms);
        let leak_us = std::array::from_fn(|k| pieces[k].leak_s_cm2 * axolemma_um2[k] * 1e-2);
        let myelin_capacity_us = myelin_um2.map(|area| MYELIN_UF_CM2 / sheet * area * 1e-5 / step_ms);
        let myelin_us = myelin_um2.map(|area| MYELIN_S_CM2 / sheet * area * 1e-2);

        let to_node_us = axial_us(node_inside, halves[0].0);
        let to_node_gap_us = axial_us(node_gap, halves[0].1);
        let mut matrix = [[0.0; SIZE]; SIZE];
        for k in 0..COMPARTMENTS {
            let (inside, gap) = (k, COMPARTMENTS + k);
            let across = axolemma_us[k] + leak_us[k];
            matrix[inside][inside] += across;
            matrix[inside][gap] -= across;
            matrix[gap][inside] -= across;
            matrix[gap][gap] += across + myelin_capacity_us[k] + myelin_us[k];
            if k + 1 < COMPARTMENTS {
                for (row, conductance) in
                    [(inside, axial_us(halves[k].0, halves[k + 1].0)), (gap, axial_us(halves[k].1, halves[k + 1].1))]
                {
                    matrix[row][row] += conductance;
                    matrix[row + 1][row + 1] += conductance;
                    matrix[row][row + 1] -= conductance;
                    matrix[row + 1][row] -= conductance;
                }
            }
        }
        let last = COMPARTMENTS - 1;
        for end in [0, last] {
            matrix[end][end] += to_node_us;
            matrix[COMPARTMENTS + end][COMPARTMENTS + end] += to_node_gap_us;
        }
        let inverse = inverse(matrix);
        let from_left = inverse[0].map(|x| x * to_node_us);
        let from_right = inverse[last].map(|x| x * to_node_us);
        let coupling = Coupling {
            axial_us: to_node_us,
            own_us: to_node_us * (1.0 - from_left[0]),
            transfer_us: to_node_us * from_right[0],
        };
        Self {
            inverse,
            from_left,
            from_right,
            axolemma_us,
            leak_us,
            myelin_capacity_us,
            myelin_us,
            to_node_gap_us,
            coupling,
        }
    }

    /// Potentials after the step if both nodes' insides were at 0 mV; `outside_mv` has the nodes at its ends.
    pub(super) fn free(&self, across_mv: &[f64; SIZE], outside_mv: &[f64], out: &mut [f64; SIZE]) {
        let mut right = [0.0; SIZE];
        for k in 0..COMPARTMENTS {
            let axolemma = self.axolemma_us[k] * across_mv[k] + self.leak_us[k] * REST_MV;
            right[k] = axolemma;
            right[COMPARTMENTS + k] = self.myelin_capacity_us[k] * across_mv[COMPARTMENTS + k]
                + (self.myelin_capacity_us[k] + self.myelin_us[k]) * outside_mv[k + 1]
                - axolemma;
        }
        right[COMPARTMENTS] += self.to_node_gap_us * outside_mv[0];
        right[SIZE - 1] += self.to_node_gap_us * outside_mv[COMPARTMENTS + 1];
        out.fill(0.0);
        for (column, &r) in self.inverse.iter().zip(&right) {
            for (x, &a) in out.iter_mut().zip(column) {
                *x += a * r;
            }
        }
    }

    /// Potentials across axolemma and myelin, the nodes' insides now known.
    pub(super) fn settle(
        &self,
        free: &[f64; SIZE],
        left_mv: f64,
        right_mv: f64,
        outside_mv: &[f64],
        across_mv: &mut [f64; SIZE],
    ) {
        let mut potential = [0.0; SIZE];
        for k in 0..SIZE {
            potential[k] = free[k] + self.from_left[k] * left_mv + self.from_right[k] * right_mv;
        }
        for k in 0..COMPARTMENTS {
            across_mv[k] = potential[k] - potential[COMPARTMENTS + k];
            across_mv[COMPARTMENTS + k] = potential[COMPARTMENTS + k] - outside_mv[k];
        }
    }
}

/// Inverse of a symmetric, diagonally dominant matrix (Gauss-Jordan; no pivot is needed), by columns.
///
/// Written out, as linear-algebra crates choose their kernels by the processor and so would change the bits with the machine.
fn inverse(mut a: [[f64; SIZE]; SIZE]) -> [[f64; SIZE]; SIZE] {
    let mut b = [[0.0; SIZE]; SIZE];
    for (k, row) in b.iter_mut().enumerate() {
        row[k] = 1.0;
    }
    for pivot in 0..SIZE {
        let scale = 1.0 / a[pivot][pivot];
        for column in 0..SIZE {
            a[pivot][column] *= scale;
            b[pivot][column] *= scale;
        }
        for row in (0..SIZE).filter(|&row| row != pivot) {
            let factor = a[row][pivot];
            for column in 0..SIZE {
                a[row][column] -= factor * a[pivot][column];
                b[row][column] -= factor * b[pivot][column];
            }
        }
    }
    // Symmetric: rows are columns.
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currents_between_the_nodes_are_passive_and_symmetric() {
        let g = FibreGeometry::published(10.0).expect("published");
        for lamellae in [1.0, 0.1] {
            let internode = Internode::new(&g, &Myelin { lamellae, paranodal_width: 1.0 }, 0.001);
            let c = internode.coupling;
            assert!(c.own_us > c.transfer_us && c.transfer_us > 0.0 && c.own_us < c.axial_us);
            for k in 0..COMPARTMENTS {
                assert!((internode.from_left[k] - internode.from_right[COMPARTMENTS - 1 - k]).abs() < 1e-9);
            }
        }
    }
}
