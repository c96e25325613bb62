//! The potential of one fibre at a concentric needle, from tables built once.
//!
//! The wave of an endless fibre depends only on its distance `r` and on how far the front has passed the electrode:
//! `G_r(x) = integral of V''(u) / sqrt(K r^2 + (x - u)^2) du`. It is tabulated over `ln r` and `x`, for a point and
//! averaged along the cannula. A finite fibre is that wave, faded in as it leaves the endplate and out as it runs into
//! the tendon (by the share of the area under V that is on its way), less the dipole `V w'` that is left at the tendon.
//! The fading is exact when both ends are far against the wave (5 mm and more); the tests set it against the full integral.
//!
//! The potential has two parts, each with tables of its own: the spike, and what repolarises slowly after it. The second is
//! all slow; it carries little near the fibre, but lengthens the extinction at the tendon, and with it the unit potential.
//!
//! Electrode: core an ellipse of 0.58 x 0.15 mm (a 0.15 mm wire cut at 15 degrees), long axis along the shaft and across
//! the fibres, averaged over nine chords (Gauss-Chebyshev); less the mean over the last 20 mm of the cannula.

mod bare_tip;

use std::sync::OnceLock;

use super::fibre_source::{ActionPotential, Conductor, weight};
use crate::math;

/// Spike at a needle.
pub const ACTION_POTENTIAL: ActionPotential = ActionPotential { lambda_per_mm: 2.0 };
/// Shape of the slow repolarisation, which Rosenfalck's wave lacks: highest 6 mm behind the front, gone after 20.
/// Fitted with [`AFTER_SIZE`] to the duration of unit potentials of a long and a short muscle (tibialis anterior 9.35,
/// first dorsal interosseous 9.4 ms: without it 8-9 and 5.5 ms).
pub const AFTER: ActionPotential = ActionPotential { lambda_per_mm: 0.5 };
/// Its height over that of the spike (fitted, as [`AFTER`]: 31 mV).
pub const AFTER_SIZE: f64 = 0.24;
/// Share of the potential in the ideal medium that is recorded. Fitted: a fibre of 55 um gives 200 uV at 0.28 mm behind the
/// 500 Hz high-pass of single-fibre EMG, the edge of that electrode's uptake (0.27-0.3 mm; Stalberg & Trontelj, from memory);
/// the medium alone gives 570 uV there.
const RECORDED_SHARE: f64 = 0.35;
/// Medium at a needle.
pub const CONDUCTOR: Conductor = Conductor::NEEDLE;

const ROWS: usize = 44;
const NEAREST_MM: f64 = 0.03;
const FARTHEST_MM: f64 = 20.0;
const FIRST_X_MM: f64 = -30.0;
const STEP_X_MM: f64 = 0.05;
const COLUMNS: usize = 1600;
/// Columns within which the extent of the core matters: the front from 8 mm before it to 14 mm past it.
const PASSAGE_FIRST: usize = 440;
const PASSAGE_COLUMNS: usize = 440;

/// Half of the long axis of the core, mm.
const CORE_HALF_MM: f64 = 0.29;
/// Half of its short axis, mm.
const CORE_HALF_WIDTH_MM: f64 = 0.075;
/// Positions (over the half axis) and weights of the chords of the ellipse.
const CHORDS: [(f64, f64); 9] = [
    (-0.951056516295, 0.019098300563),
    (-0.809016994375, 0.069098300563),
    (-0.587785252292, 0.130901699437),
    (-0.309016994375, 0.180901699437),
    (0.000000000000, 0.200000000000),
    (0.309016994375, 0.180901699437),
    (0.587785252292, 0.130901699437),
    (0.809016994375, 0.069098300563),
    (0.951056516295, 0.019098300563),
];
/// Length of the cannula that leads off, mm (15-25 mm in a muscle).
const CANNULA_MM: f64 = 20.0;
/// Radius of the cannula, mm (outer diameter 0.46 mm).
const CANNULA_RADIUS_MM: f64 = 0.23;

/// Waves of an endless fibre by distance.
pub struct Tables {
    /// The spike.
    spike: Source,
    /// What repolarises slowly.
    after: Source,
}

/// One part of the intracellular potential, and its field.
struct Source {
    potential: ActionPotential,
    point: Vec<f32>,
    cannula: Vec<f32>,
    /// Share of the area under V within a distance of the front, and V itself (mV), every [`STEP_X_MM`].
    shares: Vec<f64>,
    voltages: Vec<f64>,
}

/// Two neighbouring rows and the weight of each.
#[derive(Clone, Copy, Debug)]
struct RowPair {
    row: usize,
    low: f32,
    high: f32,
}

fn row_pair(r_mm: f64, gain: f64) -> RowPair {
    let span = math::ln(FARTHEST_MM / NEAREST_MM) / (ROWS - 1) as f64;
    let position = (math::ln(r_mm.max(NEAREST_MM) / NEAREST_MM) / span).min(ROWS as f64 - 1.001);
    let row = position as usize;
    let f = position - row as f64;
    RowPair { row, low: (gain * (1.0 - f)) as f32, high: (gain * f) as f32 }
}

fn row_radius_mm(row: usize) -> f64 {
    NEAREST_MM * math::exp(math::ln(FARTHEST_MM / NEAREST_MM) * row as f64 / (ROWS - 1) as f64)
}

/// The tables, built at first use (a few tens of ms, once a process).
pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(Tables::build)
}

impl Tables {
    fn build() -> Self {
        Self { spike: Source::build(ACTION_POTENTIAL, 1.0), after: Source::build(AFTER, AFTER_SIZE) }
    }

    /// Endless-fibre wave of the spike at a point `r_mm` away when the front is `x_mm` past it, mV/mm2.
    pub fn point(&self, r_mm: f64, x_mm: f64) -> f64 {
        read(&self.spike.point, row_pair(r_mm, 1.0), x_mm)
    }
}

impl Source {
    /// `potential` at `size` times its amplitude.
    fn build(potential: ActionPotential, size: f64) -> Self {
        // Current of each cell of the wave, exact, so that the whole sums to zero; the last closes it.
        let taps = (potential.support_mm() / STEP_X_MM) as usize;
        let slope = |k: usize| if k == taps { 0.0 } else { size * potential.slope_mv_mm(k as f64 * STEP_X_MM) };
        let cells: Vec<f32> = (0..taps).map(|k| (slope(k + 1) - slope(k)) as f32).collect();
        let mut point = vec![0.0f32; ROWS * COLUMNS];
        let mut kernel = vec![0.0f32; COLUMNS + taps];
        for (row, out) in point.chunks_exact_mut(COLUMNS).enumerate() {
            let r = row_radius_mm(row);
            let kr2 = CONDUCTOR.anisotropy() * r * r;
            // kernel[j] is w at x = FIRST_X + (j - taps - 1/2) STEP: cells are half a step behind their front edge.
            for (j, w) in kernel.iter_mut().enumerate() {
                *w = weight(kr2, FIRST_X_MM + (j as f64 - taps as f64 - 0.5) * STEP_X_MM).0 as f32;
            }
            for (k, &c) in cells.iter().enumerate() {
                let shifted = &kernel[taps - k..taps - k + COLUMNS];
                for (o, &w) in out.iter_mut().zip(shifted) {
                    *o += c * w;
                }
            }
        }
        let along = |value: &dyn Fn(f64) -> f64| (0..=taps + 1).map(|k| value(k as f64 * STEP_X_MM)).collect();
        let mut source = Self {
            potential,
            point,
            cannula: vec![0.0; ROWS * COLUMNS],
            shares: along(&|u| potential.share_within(u)),
            voltages: along(&|u| size * potential.voltage_mv(u)),
        };
        let mut line = vec![0.0f32; COLUMNS];
        for row in 0..ROWS {
            let away = row_radius_mm(row).max(CANNULA_RADIUS_MM);
            line.fill(0.0);
            // Mean over the shaft for a fibre opposite its middle: y = away sinh(v) crowds the points where they matter.
            let half = CANNULA_MM / 2.0;
            let end = libm::asinh(half / away);
            const POINTS: usize = 16;
            for k in 0..POINTS {
                let v = (k as f64 + 0.5) / POINTS as f64 * end;
                let share = away * math::cosh(v) * end / POINTS as f64 / half;
                source.mix(row_pair(away * math::cosh(v), share), 0, &mut line);
            }
            source.cannula[row * COLUMNS..(row + 1) * COLUMNS].copy_from_slice(&line);
        }
        source
    }

    fn mix(&self, pair: RowPair, first: usize, out: &mut [f32]) {
        let low = &self.point[pair.row * COLUMNS + first..][..out.len()];
        let high = &self.point[(pair.row + 1) * COLUMNS + first..][..out.len()];
        for ((o, a), b) in out.iter_mut().zip(low).zip(high) {
            *o += pair.low * a + pair.high * b;
        }
    }
}

#[inline(always)]
fn read(table: &[f32], pair: RowPair, x_mm: f64) -> f64 {
    let position = ((x_mm - FIRST_X_MM) * (1.0 / STEP_X_MM)) as f32;
    if !(position >= 0.0 && position < (COLUMNS - 1) as f32) {
        return 0.0;
    }
    let i = position as i32 as usize;
    let f = position - i as f32;
    let a = &table[pair.row * COLUMNS + i..][..COLUMNS + 2];
    let low = a[0] + f * (a[1] - a[0]);
    let high = a[COLUMNS] + f * (a[COLUMNS + 1] - a[COLUMNS]);
    f64::from(pair.low * low + pair.high * high)
}

/// One line of a table, the columns of a row or of several mixed.
#[inline(always)]
fn read_line(line: &[f32], x_mm: f64) -> f64 {
    let position = (x_mm - FIRST_X_MM) * (1.0 / STEP_X_MM);
    if !(position >= 0.0 && position < (COLUMNS - 1) as f64) {
        return 0.0;
    }
    let i = position as i32 as usize;
    let f = (position - i as f64) as f32;
    f64::from(line[i] + f * (line[i + 1] - line[i]))
}

/// A function of the distance behind the front; 0 before it, its last value beyond the table.
#[inline(always)]
fn behind(table: &[f64], u_mm: f64) -> f64 {
    let position = (u_mm * (1.0 / STEP_X_MM)).clamp(0.0, (table.len() - 2) as f64);
    let i = position as i32 as usize;
    table[i] + (position - i as f64) * (table[i + 1] - table[i])
}

/// One fibre as a concentric needle sees it.
#[derive(Clone, Copy, Debug)]
pub struct NeedleFibre {
    /// Fibre minus core centre, across the shaft and the fibres, mm.
    pub across_mm: f64,
    /// Fibre minus core centre, along the shaft towards its hub, mm.
    pub towards_hub_mm: f64,
    /// Endplate to electrode along the fibre, mm (positive).
    pub electrode_mm: f64,
    /// Endplate to each tendon, mm.
    pub half_mm: f64,
    /// Velocity, mm/ms.
    pub velocity_mm_ms: f64,
    /// Time the endplate fires, ms.
    pub delay_ms: f64,
    /// Diameter, um.
    pub diameter_um: f64,
    /// Number of such fibres.
    pub weight: f64,
}

/// Distance from the core within which the core's extent is integrated and the wave sampled finely, mm.
pub const NEAR_MM: f64 = 0.7;
/// Distance within which the wave is sampled finely, mm.
pub const FINE_MM: f64 = 1.0;

/// At every place of the front.
const EVER: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
/// At none.
const NEVER: (f64, f64) = (0.0, 0.0);

/// Places of the front, relative to the electrode, at which the wave of a near fibre is sampled finely, mm.
const fn passage_mm() -> (f64, f64) {
    let from_mm = FIRST_X_MM + PASSAGE_FIRST as f64 * STEP_X_MM;
    (from_mm, from_mm + (PASSAGE_COLUMNS - 1) as f64 * STEP_X_MM)
}

impl NeedleFibre {
    /// Distance from the middle of the core, at least one fibre diameter, mm.
    pub fn distance_mm(&self) -> f64 {
        math::sqrt(self.across_mm * self.across_mm + self.towards_hub_mm * self.towards_hub_mm)
            .max(1e-3 * self.diameter_um)
    }

    /// Turns potentials of an endless or finite fibre (mV/mm2) into what is recorded of this one, uV.
    pub fn gain_uv(&self) -> f64 {
        1000.0 * RECORDED_SHARE * self.weight * CONDUCTOR.gain_mm2(self.diameter_um)
    }

    /// Share of the wave that is between endplate and tendon when the front has run `front_mm`.
    #[inline(always)]
    fn under_way(&self, source: &Source, front_mm: f64) -> f64 {
        if front_mm > source.potential.support_mm() && front_mm < self.half_mm {
            return 1.0;
        }
        behind(&source.shares, front_mm) - behind(&source.shares, front_mm - self.half_mm)
    }

    /// Adds what the core, as a point, sees of the passing spike, uV, to samples `step_ms` apart (the first at time 0).
    pub fn add_core(&self, tables: &Tables, step_ms: f64, out: &mut [f64]) {
        let source = &tables.spike;
        let distant = row_pair(self.distance_mm(), self.gain_uv());
        self.for_fronts(source, EVER, step_ms, out, |front| {
            read(&source.point, distant, front - self.electrode_mm) * self.under_way(source, front)
        });
    }

    /// The same, close by: while the front is within `passage_mm` of the core, with the core's extent.
    /// What is left out, 1 uV and less, is in [`add_slow`](Self::add_slow) for fibres nearer than [`FINE_MM`].
    pub fn add_passage(&self, tables: &Tables, step_ms: f64, scratch: &mut Vec<f32>, out: &mut [f64]) {
        let gain = self.gain_uv();
        let source = &tables.spike;
        let (from_mm, to_mm) = passage_mm();
        let passage = (self.electrode_mm + from_mm, self.electrode_mm + to_mm);
        if self.distance_mm() >= NEAR_MM {
            let distant = row_pair(self.distance_mm(), gain);
            self.for_fronts(source, passage, step_ms, out, |front| {
                read(&source.point, distant, front - self.electrode_mm) * self.under_way(source, front)
            });
            return;
        }
        // One row for this fibre round the passage: the nine chords, each between two distances.
        scratch.clear();
        scratch.resize(PASSAGE_COLUMNS, 0.0);
        for (position, share) in CHORDS {
            let along = self.towards_hub_mm - position * CORE_HALF_MM;
            let r = math::sqrt(self.across_mm * self.across_mm + along * along).max(1e-3 * self.diameter_um);
            source.mix(row_pair(r, share * gain), PASSAGE_FIRST, scratch);
        }
        // The short axis lies along the fibre: three points with the second moment of the ellipse.
        let side = (CORE_HALF_WIDTH_MM * CORE_HALF_WIDTH_MM / 8.0 / (STEP_X_MM * STEP_X_MM)) as f32;
        let mut before = scratch[0];
        for x in 0..PASSAGE_COLUMNS - 1 {
            let now = scratch[x];
            scratch[x] = now + side * (before - 2.0 * now + scratch[x + 1]);
            before = now;
        }
        self.for_fronts(source, passage, step_ms, out, |front| {
            let position = (front - passage.0) * (1.0 / STEP_X_MM);
            let i = (position as i32).clamp(0, PASSAGE_COLUMNS as i32 - 2) as usize;
            let f = (position - i as f64) as f32;
            f64::from(scratch[i] + f * (scratch[i + 1] - scratch[i])) * self.under_way(source, front)
        });
    }

    /// Adds what is slow, uV: of the spike, the wave running away, both extinctions, and all that the cannula sees, negative;
    /// of what follows it, all.
    pub fn add_slow(&self, tables: &Tables, step_ms: f64, out: &mut [f64]) {
        let ends = self.ends();
        let apart = if self.distance_mm() < FINE_MM { passage_mm() } else { EVER };
        self.add_slow_of(&tables.spike, apart, ends, step_ms, out);
        self.add_slow_of(&tables.after, NEVER, ends, step_ms, out);
    }

    /// The slow part of one source; what the core sees of the passing wave is left out while the front is within `apart_mm`.
    fn add_slow_of(&self, source: &Source, apart_mm: (f64, f64), ends: f64, step_ms: f64, out: &mut [f64]) {
        let gain = self.gain_uv();
        // The shaft begins where the core ends; beyond its tip it counts as the half that is on one side.
        let above = self.towards_hub_mm - CORE_HALF_MM;
        let from_tip = math::sqrt(self.across_mm * self.across_mm + above * above);
        let (beside, share) = if above >= 0.0 {
            (self.across_mm.abs().max(CANNULA_RADIUS_MM), 0.5 + 0.5 * above / from_tip.max(1e-6))
        } else {
            (from_tip, 0.5)
        };
        let core = row_pair(self.distance_mm(), gain);
        let cannula = row_pair(beside, gain * share);
        self.for_fronts(source, EVER, step_ms, out, |front| {
            let (near, away) = (front - self.electrode_mm, front + self.electrode_mm);
            let apart = near >= apart_mm.0 && near < apart_mm.1;
            let at_core = if apart { 0.0 } else { read(&source.point, core, near) };
            let passing = at_core - read(&source.cannula, cannula, near);
            let leaving = read(&source.point, core, away) - read(&source.cannula, cannula, away);
            let end = if front > self.half_mm { ends * behind(&source.voltages, front - self.half_mm) } else { 0.0 };
            (leaving + passing) * self.under_way(source, front) + end
        });
    }

    /// Potential of the dipoles left at the two tendons, uV per mV.
    fn ends(&self) -> f64 {
        let k = CONDUCTOR.anisotropy();
        let across = self.across_mm * self.across_mm;
        let r = self.distance_mm();
        let tendon = |along: f64| {
            let reference: f64 = [0.125, 0.375, 0.625, 0.875]
                .iter()
                .map(|f| {
                    let y = self.towards_hub_mm - f * CANNULA_MM;
                    0.25 * weight(k * (across + y * y), along).1
                })
                .sum();
            reference - weight(k * r * r, along).1
        };
        self.gain_uv() * (tendon(self.half_mm - self.electrode_mm) + tendon(self.half_mm + self.electrode_mm))
    }

    /// Adds `value(front)` while the front is between `from_mm` and `to_mm`, from the discharge to the extinction.
    #[inline(always)]
    fn for_fronts(
        &self,
        source: &Source,
        (from_mm, to_mm): (f64, f64),
        step_ms: f64,
        out: &mut [f64],
        value: impl Fn(f64) -> f64,
    ) {
        let from_ms = self.delay_ms + from_mm.max(0.0) / self.velocity_mm_ms;
        let to_ms = self.delay_ms + to_mm.min(self.half_mm + source.potential.support_mm()) / self.velocity_mm_ms;
        let first = (from_ms / step_ms).ceil().max(0.0) as usize;
        let last = ((to_ms / step_ms).ceil().max(0.0) as usize).min(out.len());
        if first >= last {
            return;
        }
        for (k, sample) in out[first..last].iter_mut().enumerate() {
            *sample += value(((first + k) as f64 * step_ms - self.delay_ms) * self.velocity_mm_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fibre_source::{FibreGeometry, finite_fibre_potential};
    use super::*;

    fn peak_to_peak(wave: &[f64]) -> (f64, f64) {
        let (mut low, mut high) = ((0, f64::MAX), (0, f64::MIN));
        for (k, &v) in wave.iter().enumerate() {
            if v < low.1 {
                low = (k, v);
            }
            if v > high.1 {
                high = (k, v);
            }
        }
        (high.1 - low.1, low.0.abs_diff(high.0) as f64)
    }

    fn point_wave(r: f64, diameter_um: f64, velocity: f64) -> Vec<f64> {
        let gain = 1000.0 * CONDUCTOR.gain_mm2(diameter_um);
        (0..12_000).map(|k| gain * tables().point(r, (f64::from(k) * 1e-3 - 4.0) * velocity)).collect()
    }

    #[test]
    fn infinite_fibre_at_a_point() {
        // Peak to peak (uV) and its time (us): 55 um, 3.7 m/s, lambda 2, computed by direct quadrature of the same law.
        let expected = [
            (0.03, 6130.0, 277.0),
            (0.05, 4465.0, 283.0),
            (0.1, 2524.0, 299.0),
            (0.2, 1142.0, 342.0),
            (0.3, 631.0, 402.0),
            (0.5, 256.0, 522.0),
            (1.0, 57.0, 864.0),
            (2.0, 9.4, 1598.0),
            (3.0, 3.0, 2348.0),
        ];
        for (r, uv, us) in expected {
            let (pp, time) = peak_to_peak(&point_wave(r, 55.0, 3.7));
            let rounding = if r > 2.5 { 0.5 } else { 0.05 }; // the last digit given
            assert!((pp - uv).abs() < 0.05 * uv + rounding, "{r} mm: {pp} uV");
            assert!((time / us - 1.0).abs() < 0.05, "{r} mm: {time} us");
        }
        for (d, uv) in [(25.0, 522.0), (40.0, 1335.0), (70.0, 4089.0), (85.0, 6029.0)] {
            let (pp, _) = peak_to_peak(&point_wave(0.1, d, 3.7));
            assert!((pp / uv - 1.0).abs() < 0.05, "{d} um: {pp} uV");
        }
    }

    fn fibre(across_mm: f64, towards_hub_mm: f64) -> NeedleFibre {
        NeedleFibre {
            across_mm,
            towards_hub_mm,
            electrode_mm: 18.0,
            half_mm: 35.0,
            velocity_mm_ms: 3.7,
            delay_ms: 0.0,
            diameter_um: 55.0,
            weight: 1.0,
        }
    }

    #[test]
    fn uptake_of_a_single_fibre_electrode() {
        // Where a fibre of 55 um gives 200 uV behind a 500 Hz high-pass (one pole): what RECORDED_SHARE is fitted to.
        let peak = |r: f64| {
            let keep = libm::exp(-std::f64::consts::TAU * 500.0 * 1e-6); // one sample a microsecond
            let (mut before, mut y) = (0.0, 0.0);
            let passed: Vec<f64> = point_wave(r, 55.0, 3.7)
                .iter()
                .map(|&x| {
                    y = keep * (y + x - before);
                    before = x;
                    RECORDED_SHARE * y
                })
                .collect();
            peak_to_peak(&passed).0
        };
        assert!(peak(0.27) > 200.0 && peak(0.30) < 200.0, "{} {}", peak(0.27), peak(0.30));
    }

    #[test]
    fn core_over_point() {
        // 0.1 mm: 0.634 is the converged quadrature of the ellipse; coarse grids of 27 points give 0.60-0.62.
        for (r, ratio) in [(0.1, 0.634), (0.2, 0.76), (0.3, 0.84), (0.5, 0.92), (1.0, 0.97), (2.0, 0.99)] {
            let mut wave = vec![0.0; 12_000];
            let near = fibre(r, 0.0);
            if r < FINE_MM {
                near.add_passage(tables(), 1e-3, &mut Vec::new(), &mut wave);
            } else {
                near.add_core(tables(), 1e-3, &mut wave);
            }
            let (core, _) = peak_to_peak(&wave);
            let (point, _) = peak_to_peak(&point_wave(r, 55.0, 3.7));
            let seen = core / RECORDED_SHARE / point;
            assert!((seen / ratio - 1.0).abs() < 0.05, "{r} mm: {seen}");
        }
    }

    #[test]
    fn cannula_sees_little() {
        for (r, uv) in [(0.1, 10.0 * RECORDED_SHARE), (1.0, 3.0 * RECORDED_SHARE)] {
            let mut wave = vec![0.0; 12_000];
            let f = NeedleFibre { half_mm: 60.0, ..fibre(r, 0.0) };
            f.add_slow_of(&tables().spike, EVER, f.ends(), 1e-3, &mut wave);
            let (pp, _) = peak_to_peak(&wave);
            assert!(pp > 0.4 * uv && pp < 2.5 * uv, "{r} mm: {pp} uV");
        }
    }

    #[test]
    fn finite_fibre_agrees_with_the_full_integral() {
        let ap = ACTION_POTENTIAL;
        for r in [0.9, 2.0, 4.0] {
            let f = fibre(r, 0.0);
            let geometry = FibreGeometry { electrode_mm: 18.0, first_half_mm: 35.0, second_half_mm: 35.0 };
            let gain = 1000.0 * CONDUCTOR.gain_mm2(55.0);
            let t = tables();
            let ends = |along: f64| -gain * weight(CONDUCTOR.anisotropy() * r * r, along).1;
            let mut largest: f64 = 0.0;
            let mut worst: f64 = 0.0;
            for k in 0..170 {
                let front = f64::from(k) * 0.25;
                let full = gain * finite_fibre_potential(&ap, &CONDUCTOR, &geometry, r, front, 0.02);
                let fast = gain * (t.point(r, front - 18.0) + t.point(r, front + 18.0)) * f.under_way(&t.spike, front)
                    + (ends(17.0) + ends(53.0)) * ap.voltage_mv(front - 35.0);
                largest = largest.max(full.abs());
                worst = worst.max((full - fast).abs());
            }
            assert!(worst < 0.04 * largest, "{r} mm: {worst} of {largest}");
        }
    }
}
