//! Electrodes on the skin: their size, their places, and how they are led off.

use crate::math;

/// Contact area of one electrode; what is recorded is the mean potential under it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ElectrodeShape {
    /// A disc of this radius, mm.
    Disc {
        /// Radius, mm.
        radius_mm: f64,
    },
    /// A rectangle along the fibres and across them.
    Rectangle {
        /// Side along the fibres, mm.
        along_mm: f64,
        /// Side across them, mm.
        across_mm: f64,
    },
}

impl ElectrodeShape {
    /// Mean of a wave of spatial frequencies `kx` across and `kz` along the fibres (rad/mm) over the contact, relative to its value in the middle:
    /// `2 J1(q r)/(q r)` with `q^2 = kx^2 + kz^2`, or a product of two `sin(k w/2)/(k w/2)`.
    pub fn transfer(&self, kx: f64, kz: f64) -> f64 {
        match *self {
            Self::Disc { radius_mm } => {
                let x = radius_mm * math::sqrt(kx * kx + kz * kz);
                if x < 1e-6 { 1.0 } else { 2.0 * libm::j1(x) / x }
            }
            Self::Rectangle { along_mm, across_mm } => sinc(0.5 * kz * along_mm) * sinc(0.5 * kx * across_mm),
        }
    }
}

/// sin(x) / x.
pub(super) fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-6 { 1.0 } else { math::sin(x) / x }
}

/// How channels are formed from the electrodes, along the fibres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Montage {
    /// Each electrode against a far reference.
    Monopolar,
    /// Each electrode less the next along the fibres.
    SingleDifferential,
    /// Each less the next, less the same one farther on.
    DoubleDifferential,
}

/// A rectangular array, its rows along the fibres and its columns across them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElectrodeGrid {
    /// Electrodes along the fibres.
    pub rows: usize,
    /// Electrodes across them.
    pub columns: usize,
    /// Between the centres of neighbours, mm, measured on the skin.
    pub spacing_mm: f64,
    /// Middle of the array along the fibres from the middle of the endplate zone, mm.
    pub along_mm: f64,
    /// Middle of the array across the fibres from the vertical through the muscle, mm.
    pub lateral_mm: f64,
    /// Each electrode.
    pub shape: ElectrodeShape,
}

impl Default for ElectrodeGrid {
    fn default() -> Self {
        Self {
            rows: 8,
            columns: 8,
            spacing_mm: 8.0, // within 4-10 mm of the arrays in use
            along_mm: 0.0,
            lateral_mm: 0.0,
            shape: ElectrodeShape::Disc { radius_mm: 1.0 }, // pins of 1-2 mm radius
        }
    }
}

impl ElectrodeGrid {
    /// Number of electrodes.
    pub fn electrodes(&self) -> usize {
        self.rows * self.columns
    }

    /// Place of a row along the fibres, mm.
    pub fn row_mm(&self, row: usize) -> f64 {
        self.along_mm + (row as f64 - 0.5 * (self.rows as f64 - 1.0)) * self.spacing_mm
    }

    /// Place of a column across them, mm.
    pub fn column_mm(&self, column: usize) -> f64 {
        self.lateral_mm + (column as f64 - 0.5 * (self.columns as f64 - 1.0)) * self.spacing_mm
    }

    /// Channels of a montage: it takes one electrode of each column a difference.
    pub fn channels(&self, montage: Montage) -> usize {
        self.columns * self.rows.saturating_sub(montage as usize)
    }

    /// Forms the channels from samples of all electrodes (sample by sample, electrode `row * columns + column`); the differences of a field are the
    /// field of the differential electrode, so nothing is lost by taking them last.
    pub fn lead_off(&self, montage: Montage, monopolar: &[f32]) -> Vec<f32> {
        let mut wave = monopolar.to_vec();
        let mut electrodes = self.electrodes();
        for _ in 0..montage as usize {
            let left = electrodes.saturating_sub(self.columns);
            if left == 0 {
                return Vec::new();
            }
            wave = wave
                .chunks_exact(electrodes)
                .flat_map(|s| s[..left].iter().zip(&s[self.columns..]).map(|(a, b)| a - b))
                .collect();
            electrodes = left;
        }
        wave
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean of cos(kx x + kz z) over a contact, by points.
    fn mean(inside: impl Fn(f64, f64) -> bool, kx: f64, kz: f64) -> f64 {
        let (mut sum, mut points) = (0.0, 0.0);
        for i in -400..400 {
            for j in -400..400 {
                let (x, z) = ((f64::from(i) + 0.5) * 0.01, (f64::from(j) + 0.5) * 0.01);
                if inside(x, z) {
                    sum += libm::cos(kx * x + kz * z);
                    points += 1.0;
                }
            }
        }
        sum / points
    }

    #[test]
    fn contacts_average_what_is_under_them() {
        let disc = ElectrodeShape::Disc { radius_mm: 2.0 };
        let bar = ElectrodeShape::Rectangle { along_mm: 1.0, across_mm: 5.0 };
        for (kx, kz) in [(0.0, 0.0), (0.7, 0.2), (0.4, 1.9)] {
            assert!((disc.transfer(kx, kz) - mean(|x, z| x * x + z * z < 4.0, kx, kz)).abs() < 1e-4);
            assert!((bar.transfer(kx, kz) - mean(|x, z| x.abs() < 2.5 && z.abs() < 0.5, kx, kz)).abs() < 1e-4);
        }
    }

    #[test]
    fn montages_are_differences_along_the_fibres() {
        let grid = ElectrodeGrid { rows: 4, columns: 2, ..Default::default() };
        // Two samples; electrode (row, column) holds row^2 + 100 column, and its negative.
        let first: Vec<f32> = (0..8).map(|e| ((e / 2) * (e / 2) + 100 * (e % 2)) as f32).collect();
        let both: Vec<f32> = first.iter().copied().chain(first.iter().map(|v| -v)).collect();
        assert_eq!(grid.lead_off(Montage::Monopolar, &both), both);
        assert_eq!(
            grid.lead_off(Montage::SingleDifferential, &both),
            [-1.0, -1.0, -3.0, -3.0, -5.0, -5.0, 1.0, 1.0, 3.0, 3.0, 5.0, 5.0]
        );
        assert_eq!(grid.lead_off(Montage::DoubleDifferential, &both), [2.0, 2.0, 2.0, 2.0, -2.0, -2.0, -2.0, -2.0]);
        assert_eq!(grid.channels(Montage::DoubleDifferential), 4);
        assert_eq!((grid.row_mm(0), grid.row_mm(3), grid.column_mm(1)), (-12.0, 12.0, 4.0));
    }
}
