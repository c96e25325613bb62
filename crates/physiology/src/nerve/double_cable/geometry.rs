//! Measures of a myelinated mammalian fibre, from its outer diameter.
//!
//! Table and polynomials as coded for the axon of McIntyre, Richardson & Grill 2002 in the public library PyFibers (read there); the
//! polynomials, for diameters between those of the table, are those of a later paper of the same model (2021, PLoS Comput Biol 17:e1009285).

use serde::{Deserialize, Serialize};

/// Length of a node, um.
pub const NODE_LENGTH_UM: f64 = 1.0;
/// Length of a paranodal attachment segment (MYSA), um.
pub const MYSA_LENGTH_UM: f64 = 3.0;
/// Stretches of internode proper (STIN) of one internode.
pub const STIN_COUNT: usize = 6;

/// Diameters the published axon is tabulated for, and its measures there, um: fibre, node spacing, FLUT length, axon, node, lamellae.
const PUBLISHED: [[f64; 6]; 11] = [
    [1.0, 100.0, 5.0, 0.8, 0.7, 15.0],
    [2.0, 200.0, 10.0, 1.6, 1.4, 30.0],
    [5.7, 500.0, 35.0, 3.4, 1.9, 80.0],
    [7.3, 750.0, 38.0, 4.6, 2.4, 100.0],
    [8.7, 1000.0, 40.0, 5.8, 2.8, 110.0],
    [10.0, 1150.0, 46.0, 6.9, 3.3, 120.0],
    [11.5, 1250.0, 50.0, 8.1, 3.7, 130.0],
    [12.8, 1350.0, 54.0, 9.2, 4.2, 135.0],
    [14.0, 1400.0, 56.0, 10.4, 4.7, 140.0],
    [15.0, 1450.0, 58.0, 11.5, 5.0, 145.0],
    [16.0, 1500.0, 60.0, 12.7, 5.5, 150.0],
];

/// Outer diameters that are tabulated, um.
pub const PUBLISHED_DIAMETERS_UM: [f64; 11] = [1.0, 2.0, 5.7, 7.3, 8.7, 10.0, 11.5, 12.8, 14.0, 15.0, 16.0];

/// Measures of one fibre.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FibreGeometry {
    /// Outer diameter of the myelin, um.
    pub fibre_um: f64,
    /// From node to node, um.
    pub node_spacing_um: f64,
    /// Length of a paranodal main segment (FLUT), um.
    pub flut_length_um: f64,
    /// Diameter of the axon between nodes (FLUT, STIN), um.
    pub axon_um: f64,
    /// Diameter of the axon at the node and its attachments (MYSA), um.
    pub node_um: f64,
    /// Myelin lamellae, each of two membranes.
    pub lamellae: f64,
}

impl FibreGeometry {
    /// As published for this outer diameter, um; `None` if it isn't one of [`PUBLISHED_DIAMETERS_UM`].
    pub fn published(fibre_um: f64) -> Option<Self> {
        PUBLISHED.iter().find(|row| row[0] == fibre_um).map(|&[fibre_um, spacing, flut, axon, node, lamellae]| Self {
            fibre_um,
            node_spacing_um: spacing,
            flut_length_um: flut,
            axon_um: axon,
            node_um: node,
            lamellae,
        })
    }

    /// Between the published diameters, 2 to 16 um; `None` outside. Its thresholds differ from the table's by some 10 %.
    pub fn interpolated(fibre_um: f64) -> Option<Self> {
        let d = fibre_um;
        (2.0..=16.0).contains(&d).then(|| Self {
            fibre_um: d,
            node_spacing_um: if d >= 5.643 { -8.215 * d * d + 272.4 * d - 780.2 } else { 81.08 * d + 37.84 },
            flut_length_um: -0.1652 * d * d + 6.354 * d - 0.2862,
            axon_um: 0.02361 * d * d + 0.3673 * d + 0.7122,
            node_um: 0.01093 * d * d + 0.1008 * d + 1.099,
            lamellae: -0.4749 * d * d + 16.85 * d - 0.7648,
        })
    }

    /// Length of one STIN, um.
    pub fn stin_length_um(&self) -> f64 {
        (self.node_spacing_um - NODE_LENGTH_UM - 2.0 * MYSA_LENGTH_UM - 2.0 * self.flut_length_um) / STIN_COUNT as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_an_internode_make_its_length() {
        for diameter in PUBLISHED_DIAMETERS_UM {
            let g = FibreGeometry::published(diameter).expect("published");
            let sum =
                NODE_LENGTH_UM + 2.0 * MYSA_LENGTH_UM + 2.0 * g.flut_length_um + STIN_COUNT as f64 * g.stin_length_um();
            assert!((sum - g.node_spacing_um).abs() < 1e-9);
            assert!(g.node_um < g.axon_um && g.axon_um < g.fibre_um && g.stin_length_um() > 0.0);
        }
        assert_eq!(FibreGeometry::published(9.0), None);
    }

    #[test]
    fn the_polynomials_run_through_the_table() {
        for diameter in [5.7, 7.3, 8.7, 10.0, 11.5, 12.8, 14.0, 15.0, 16.0] {
            let (table, fit) = (
                FibreGeometry::published(diameter).expect("published"),
                FibreGeometry::interpolated(diameter).expect("in range"),
            );
            for (t, f) in [
                (table.node_spacing_um, fit.node_spacing_um),
                (table.axon_um, fit.axon_um),
                (table.node_um, fit.node_um),
                (table.lamellae, fit.lamellae),
            ] {
                assert!((f / t - 1.0).abs() < 0.08, "{diameter}: {t} {f}");
            }
        }
        assert_eq!(FibreGeometry::interpolated(1.9), None);
        assert_eq!(FibreGeometry::interpolated(f64::NAN), None);
    }
}
