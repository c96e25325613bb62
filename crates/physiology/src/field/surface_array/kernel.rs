//! The field of a point current in a layered limb, differentiated along the fibres, from a table.
//!
//! ```text
//! G'(s) = -(1/(2 pi^2)) * integral of k sin(k s) F(k) dk over k > 0,   F(k) = (2 pi/period) sum over harmonics j of H_j(k) E_j(k) cos(2 pi j x/period)
//! ```
//! H the spectrum of the limb ([`crate::field::layered`]), E that of the electrode's contact, x from the fibre to the electrode across the fibres, s from
//! the electrode to the fibre along them. The integral is a sum over k every 2 pi/Z, as if sources repeated themselves every Z along the limb; what is left
//! of the repetitions of a round limb, which conducts like a wire, is taken off.

use crate::field::electrode_grid::{ElectrodeGrid, sinc};
use crate::field::layered::{LayeredConductor, Place};
use crate::math;

use super::LANES;

/// Cells of a kernel along the fibres, mm.
pub const STEP_MM: f64 = 0.5;
/// Steps of the table in depth and across, mm.
const DEPTH_STEP_MM: f64 = 0.5;
const LATERAL_STEP_MM: f64 = 0.3;
/// Largest spatial frequency, rad/mm: through 4 mm of skin and fat e^-13 of it is left.
const LARGEST_PER_MM: f64 = 3.2;
/// Sources repeat themselves along the limb this much farther apart than the farthest pair that matters, mm.
const APART_MM: f64 = 130.0;

/// G' for any fibre of a muscle.
pub struct KernelTable {
    first_depth_mm: f64,
    depths: usize,
    laterals: usize,
    cells: usize,
    period_mm: f64,
    values: Vec<f32>,
}

impl KernelTable {
    /// A table that covers fibres at these places, each with the distance along it to the farthest electrode, for electrodes of this grid.
    pub fn new(conductor: &LayeredConductor, grid: &ElectrodeGrid, fibres: impl Iterator<Item = (Place, f64)>) -> Self {
        let period_mm = conductor.period_mm();
        let sides = [grid.column_mm(0), grid.column_mm(grid.columns.saturating_sub(1))];
        let (mut shallow, mut deep, mut aside, mut along) = (f64::INFINITY, 0.0f64, 0.0f64, 0.0f64);
        for (place, farthest_mm) in fibres {
            shallow = shallow.min(place.depth_mm);
            deep = deep.max(place.depth_mm);
            aside = sides.iter().map(|c| (c - place.lateral_mm).abs()).fold(aside, f64::max);
            along = along.max(farthest_mm);
        }
        let shallow = shallow.min(deep);
        // One row more on each side for the cubic, as far as there is muscle.
        let deepest = conductor.deepest_mm();
        let depths = ((deep - shallow) / DEPTH_STEP_MM) as usize + 4;
        let first_depth_mm = (shallow - DEPTH_STEP_MM).min(deepest - (depths - 1) as f64 * DEPTH_STEP_MM).max(0.0);
        let laterals = (aside.min(0.5 * period_mm) / LATERAL_STEP_MM) as usize + 4;
        let cells = (along / STEP_MM) as usize + 3;
        let mut table =
            Self { first_depth_mm, depths, laterals, cells, period_mm, values: vec![0.0; depths * laterals * cells] };
        table.fill(conductor, grid);
        table
    }

    fn fill(&mut self, conductor: &LayeredConductor, grid: &ElectrodeGrid) {
        let repeat_mm = 2.0 * self.cells as f64 * STEP_MM + APART_MM;
        let dk = std::f64::consts::TAU / repeat_mm;
        let lines = (LARGEST_PER_MM / dk) as usize;
        let dj = std::f64::consts::TAU / self.period_mm;
        let harmonics = (LARGEST_PER_MM / dj) as usize;
        let depths: Vec<f64> = (0..self.depths).map(|d| self.first_depth_mm + d as f64 * DEPTH_STEP_MM).collect();
        // cos(2 pi j x / period), harmonic by harmonic.
        let cosines: Vec<f64> = (0..harmonics)
            .flat_map(|j| {
                let sides = if j == 0 { 1.0 } else { 2.0 };
                (0..self.laterals).map(move |l| sides * math::cos(dj * j as f64 * l as f64 * LATERAL_STEP_MM))
            })
            .collect();
        let mut spectra = vec![0.0; lines * self.depths * self.laterals];
        for line in 0..lines {
            let k = (line + 1) as f64 * dk;
            // Reading between two cells smooths by the square of a sinc; the table is sharpened by as much.
            let smoothing = sinc(0.5 * k * STEP_MM);
            let scale = -dk * dj * k / (2.0 * std::f64::consts::PI * std::f64::consts::PI * smoothing * smoothing);
            let contact: Vec<f64> = (0..harmonics).map(|j| scale * grid.shape.transfer(dj * j as f64, k)).collect();
            let limb = conductor.spectrum(k, &depths, harmonics);
            for (depth, limb) in limb.chunks_exact(harmonics).enumerate() {
                let out = &mut spectra[(depth * lines + line) * self.laterals..][..self.laterals];
                for ((h, e), cosines) in limb.iter().zip(&contact).zip(cosines.chunks_exact(self.laterals)) {
                    let he = h * e;
                    // Harmonics fall steeply with depth; what is nothing adds nothing.
                    if he != 0.0 {
                        out.iter_mut().zip(cosines).for_each(|(o, c)| *o += he * c);
                    }
                }
            }
        }
        let sines: Vec<f64> = (1..=lines)
            .flat_map(|line| {
                let cells = self.cells;
                (0..cells).map(move |s| math::sin(line as f64 * dk * s as f64 * STEP_MM))
            })
            .collect();
        // Repetitions of a wire's constant current: a ramp.
        let ramp = -dj * dk * conductor.wire_limit() / (4.0 * std::f64::consts::PI * std::f64::consts::PI);
        let mut sum = vec![0.0; self.cells];
        for depth in 0..self.depths {
            for lateral in 0..self.laterals {
                sum.iter_mut().enumerate().for_each(|(s, o)| *o = ramp * s as f64 * STEP_MM);
                for (line, sines) in sines.chunks_exact(self.cells).enumerate() {
                    let f = spectra[(depth * lines + line) * self.laterals + lateral];
                    sum.iter_mut().zip(sines).for_each(|(o, s)| *o += f * s);
                }
                let out = &mut self.values[(depth * self.laterals + lateral) * self.cells..][..self.cells];
                out.iter_mut().zip(&sum).for_each(|(o, s)| *o = *s as f32);
            }
        }
    }

    /// Cells on each side of the electrode.
    pub fn half_cells(&self) -> usize {
        self.cells - 1
    }

    /// Writes `gain` times G' for a fibre at `place`: from [`half_cells`](Self::half_cells) before the electrode to as many past it, the electrodes of
    /// up to `LANES` columns side by side.
    pub fn for_fibre(&self, place: Place, columns_mm: &[f64], gain: f64, out: &mut Vec<[f32; LANES]>) {
        let half = self.half_cells();
        out.clear();
        out.resize(2 * half + 1, [0.0; LANES]);
        let (depth, depth_shares) = cubic((place.depth_mm - self.first_depth_mm) / DEPTH_STEP_MM, self.depths);
        for (lane, column) in columns_mm.iter().enumerate().take(LANES) {
            let apart = (column - place.lateral_mm).abs();
            let apart = apart.min((self.period_mm - apart).abs());
            let position = apart / LATERAL_STEP_MM;
            // The field is even across, so before the first place stands the second.
            let (lateral, lateral_shares) = if position < 1.0 {
                let (_, s) = cubic(position + 1.0, 4);
                (0, [s[1], s[0] + s[2], s[3], 0.0])
            } else {
                cubic(position, self.laterals)
            };
            let mut line = vec![0.0f32; self.cells];
            for (i, across) in lateral_shares.iter().enumerate().filter(|(_, share)| **share != 0.0) {
                for (d, below) in depth_shares.iter().enumerate() {
                    let share = (gain * across * below) as f32;
                    let row = &self.values[((depth + d) * self.laterals + lateral + i) * self.cells..][..self.cells];
                    line.iter_mut().zip(row).for_each(|(o, v)| *o += share * v);
                }
            }
            for (s, v) in line.iter().enumerate() {
                out[half + s][lane] = *v;
                out[half - s][lane] = -*v;
            }
        }
    }
}

/// First of four neighbours about `position` in a table of `length`, and Lagrange's share of each.
fn cubic(position: f64, length: usize) -> (usize, [f64; 4]) {
    let first = (position as usize).saturating_sub(1).min(length.saturating_sub(4));
    let x = position - first as f64;
    let (a, b, c, d) = (x, x - 1.0, x - 2.0, x - 3.0);
    (first, [-b * c * d / 6.0, 0.5 * a * c * d, -0.5 * a * b * d, a * b * c / 6.0])
}
