//! Unit potentials at a belly-tendon pair of surface electrodes: the parts of a CMAP, of a reflex or of a surface EMG.
//!
//! The limb is a half-space of muscle (anisotropic, [`Conductor::SURFACE`]) under an insulating surface, which doubles
//! the field. The active disc (radius 5 mm) lies over the endplate zone, the reference over the tendon, in the same
//! field: it is not at zero. With the source bounded as in [`super::fibre_source`], integration by parts leaves, for
//! each of the two waves of a fibre,
//!
//! ```text
//! phi = C { integral over the wave inside the fibre of V(u) w''(q - u - d) du - V(q - L) w'(L - d) },   q = v t
//! ```
//! (`d` endplate to electrode, `L` endplate to tendon), because the terms at the endplate cancel between the two.
//! As `q = v t`, one table over depth, endplate and `q` serves every fibre.
//!
//! Where a belly is longer than its fibres ([`FibreParameters::belly_mm`]) they lie staggered along it, each unit's over a part, and the nerve
//! reaches the far ones later: the electrode over the middle sees a part of them. A flat muscle ([`FibreParameters::breadth_mm`]) is a sheet as
//! broad as that, whose sides are far from the electrode.
//!
//! A unit is represented by a fixed number of its fibres, drawn with their diameter, place and endplate; each stands for
//! an equal share of the unit's fibres as [`crate::muscle::innervation`] counts them. Skin and fat are a distance only:
//! their conductivities, the finite width of a hand and the area of contact are in one gain, fitted to the ulnar CMAP.
//! Fails for electrode arrays along the fibres, where the layers shape the spectrum.

use super::fibre_source::{ActionPotential, Conductor, weight};
use super::resample;
use crate::junction::JunctionParameters;
use crate::math;
use crate::muscle::fibre::{FibreParameters, innervation, unit_sizes, velocity_m_s};
use crate::muscle::layout::MuscleLayout;
use crate::random::Seed;

/// Wave at the surface (Rosenfalck 1969).
const ACTION_POTENTIAL: ActionPotential = ActionPotential { lambda_per_mm: 1.0 };
/// Field of the homogeneous half-space to that of the recorded hand. Fitted to the ulnar CMAP of abductor digiti minimi,
/// baseline to negative peak 11.6 (SD 2.1) mV (Buschbacher 1999), with 150 units of 200 fibres of 55 um: 10.7 mV, half an
/// SD low so that the first interosseous (120 units of 340 fibres) stays at 13 mV.
const CMAP_GAIN: f64 = 0.45;
/// Radius of the electrodes, mm (10 mm discs).
const ELECTRODE_RADIUS_MM: f64 = 5.0;
/// Reference electrode beyond the end of the fibres, mm (E2 on the proximal phalanx: assumed).
const BEYOND_TENDON_MM: f64 = 15.0;
/// Velocity of fibres under skin electrodes over that at core temperature: muscle of a hand or shank at 33-34 C,
/// 0.2 m/s per degree (from memory) below 3.7 m/s at 36-37 C; within that fitted to a negative CMAP phase of 5-6.6 ms.
const COOL_VELOCITY: f64 = 0.82;
/// How the half lengths of fibres spread about the mean, and the share of each: fibres of a pennate muscle insert
/// staggered along the aponeurosis (SD 0.16: assumed).
const HALF_LENGTHS: [(f64, f64); 3] = [(0.85, 0.3), (1.0, 0.4), (1.25, 0.3)];
/// Fibres that represent the own, and the adopted, fibres of a unit.
const OWN_REPRESENTATIVES: usize = 48;
const ADOPTED_REPRESENTATIVES: usize = 24;
/// Steps of the tables: along the fibre, in time, mm and ms.
const STEP_MM: f64 = 0.5;
const STEP_MS: f64 = 0.2;
/// Depths tabulated: logarithmic from the first to the last, mm.
const DEPTHS: usize = 14;
const DEPTH_RANGE_MM: (f64, f64) = (2.0, 40.0);
/// Endplates tabulated every so many mm, this many to each side of the middle of the zone; where fibres are staggered, every so many
/// mm as far as they reach.
const ENDPLATE_STEP_MM: f64 = 2.0;
const ENDPLATES_EACH_SIDE: usize = 5;
const STAGGERED_STEP_MM: f64 = 4.0;
/// Share of a staggered belly over which the fibres of one unit lie (assumed: units of long bellies keep to a part of them).
const UNIT_SPAN: f64 = 0.5;
/// Velocity of the nerve's branches along a staggered belly, m/s (assumed: myelinated, slower than the trunk's 45-50).
const BRANCH_M_S: f64 = 35.0;

/// A group of the junctions of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct SubWave {
    /// What these junctions add to the unit's potential, mV: already carries their share; the groups sum to the unit.
    pub wave: Vec<f64>,
    /// Their share of the unit's fibres; the shares of a unit sum to 1.
    pub weight: f64,
}

/// The unit potentials of one muscle at its belly-tendon electrodes.
#[derive(Clone, Debug)]
pub struct CompoundModel {
    rate_hz: f64,
    waves: Vec<Vec<f64>>,
    subwaves: Vec<Vec<SubWave>>,
}

impl CompoundModel {
    /// Builds the potential of every unit, `rate_hz` samples a second.
    ///
    /// `alive` says which units have neuron and axon (missing entries count as alive). Each unit is cut into 4 groups of
    /// junctions, or 8 where their safety (release times quantal amplitude over threshold) is below health, so that a
    /// decrement comes in finer steps; the grouping leaves the unit's potential as it is.
    pub fn new(
        parameters: &FibreParameters,
        units: usize,
        alive: &[bool],
        junction: &JunctionParameters,
        seed: Seed,
        rate_hz: f64,
    ) -> Self {
        let safety = junction.release * junction.quantal_amplitude / junction.threshold.max(1e-9);
        let groups = if safety < 1.0 { 8 } else { 4 };
        let seed = seed.child("muscle");
        let layout = MuscleLayout::new(parameters, units, seed);
        let sizes = unit_sizes(parameters, units);
        let supply = innervation(parameters, &sizes, alive, seed);
        let half_mm = 0.5 * parameters.length_mm;
        let stagger_mm = stagger_mm(parameters);
        let table = Table::new(half_mm, stagger_mm);
        let window_ms =
            (1.25 * half_mm + ACTION_POTENTIAL.support_mm()) / (2.2 * COOL_VELOCITY) + 9.0 + stagger_mm / BRANCH_M_S;
        let coarse_samples = (window_ms / STEP_MS) as usize;
        let samples = (window_ms * 1e-3 * rate_hz) as usize;

        let mut coarse = vec![vec![0.0; coarse_samples]; groups];
        let mut waves = Vec::with_capacity(units);
        let mut subwaves = Vec::with_capacity(units);
        for (unit, size) in sizes.iter().enumerate() {
            if supply.fibres_per_unit[unit] <= 0.0 {
                waves.push(Vec::new());
                subwaves.push(Vec::new());
                continue;
            }
            coarse.iter_mut().for_each(|g| g.fill(0.0));
            let mut held = vec![0.0; groups];
            let kinds = [
                ("own", supply.own_share[unit], OWN_REPRESENTATIVES),
                ("adopted", supply.adopted_share[unit], ADOPTED_REPRESENTATIVES),
            ];
            for (kind, share, count) in kinds {
                if share <= 0.0 {
                    continue;
                }
                let each = share * size * parameters.excitable / count as f64;
                let unit_seed = seed.child(kind).index(unit);
                for k in 0..count {
                    let fibre = Representative::draw(parameters, &layout, unit, unit_seed.index(k), k, count);
                    let sprout_ms = if kind == "adopted" { layout.sprout_delay_ms(fibre.lot) } else { 0.0 };
                    held[k % groups] += each;
                    table.add(&fibre, sprout_ms, each, &mut coarse[k % groups]);
                }
            }
            let fibres: f64 = held.iter().sum();
            let parts: Vec<SubWave> = coarse
                .iter()
                .zip(&held)
                .map(|(group, n)| {
                    let mut wave = Vec::new();
                    resample(group, STEP_MS, rate_hz, samples, &mut wave);
                    SubWave { wave, weight: n / fibres.max(f64::MIN_POSITIVE) }
                })
                .collect();
            // Summed before resampling, so that the number of groups cannot show.
            let total: Vec<f64> = (0..coarse_samples).map(|k| coarse.iter().map(|g| g[k]).sum()).collect();
            let mut wave = Vec::new();
            resample(&total, STEP_MS, rate_hz, samples, &mut wave);
            waves.push(wave);
            subwaves.push(parts);
        }
        Self { rate_hz, waves, subwaves }
    }

    /// Samples a second of every wave.
    pub fn rate_hz(&self) -> f64 {
        self.rate_hz
    }

    /// Number of units, living or not.
    pub fn units(&self) -> usize {
        self.waves.len()
    }

    /// Potential of a unit, mV, active minus reference electrode, positive up; empty if it has no fibre.
    ///
    /// Time 0 is the nerve impulse at the muscle; the terminal branches are in it, the junction is not.
    pub fn unit_wave(&self, unit: usize) -> &[f64] {
        self.waves.get(unit).map_or(&[], Vec::as_slice)
    }

    /// The same potential by groups of junctions: leave one out where it blocks. Empty if the unit has no fibre.
    pub fn subwaves(&self, unit: usize) -> &[SubWave] {
        self.subwaves.get(unit).map_or(&[], Vec::as_slice)
    }
}

/// One fibre standing for many.
struct Representative {
    /// Distance from the line under the electrodes, mm.
    r_mm: f64,
    endplate_mm: f64,
    delay_ms: f64,
    diameter_um: f64,
    lot: f64,
}

impl Representative {
    /// Draw `k` of `count`: stratified over the area of the territory and the diameter, free in the rest.
    fn draw(
        parameters: &FibreParameters,
        layout: &MuscleLayout,
        unit: usize,
        seed: Seed,
        k: usize,
        count: usize,
    ) -> Self {
        let mut stream = seed.stream("fibre");
        let t = &layout.territories()[unit];
        let n = count as f64;
        let from_centre = t.radius_mm * math::sqrt((k as f64 + stream.uniform()) / n);
        let angle = std::f64::consts::TAU * stream.uniform();
        // Strata of the diameter in an order that does not follow those of the place (7 is prime to the counts).
        let stratum = (k * 7 % count) as f64;
        let deviate = math::inverse_normal_cdf((stratum + stream.uniform()) / n);
        let (endplate_mm, delay_ms) = layout.endplate(unit, stream.uniform(), stream.normal());
        // A round section of the muscle drawn out to its breadth, of the same area.
        let flat = parameters.breadth_mm.map_or(1.0, |breadth| (0.5 * breadth / layout.radius_mm()).max(1.0));
        let x = flat * (t.x_mm + from_centre * math::cos(angle));
        let across = (layout.radius_mm() + t.y_mm + from_centre * math::sin(angle)).max(0.0) / flat;
        let depth = across + parameters.depth_mm;
        let stagger_mm = stagger_mm(parameters);
        let along_mm = if stagger_mm > 0.0 {
            let part = 2.0 * layout.place_along(unit) - 1.0;
            let within = 2.0 * seed.stream("along").uniform() - 1.0;
            stagger_mm * ((1.0 - UNIT_SPAN) * part + UNIT_SPAN * within)
        } else {
            0.0
        };
        Self {
            r_mm: math::sqrt(x * x + depth * depth),
            endplate_mm: endplate_mm + along_mm,
            delay_ms: delay_ms + along_mm.abs() / BRANCH_M_S,
            diameter_um: parameters.fibre_diameter_um(t.diameter_um, deviate),
            lot: stream.uniform(),
        }
    }
}

/// How far to each side of the electrode the middles of the fibres lie, mm.
fn stagger_mm(parameters: &FibreParameters) -> f64 {
    parameters.belly_mm.map_or(0.0, |belly| 0.5 * (belly - parameters.length_mm).max(0.0))
}

/// Belly minus tendon for a fibre of unit gain: by depth, endplate and distance run.
struct Table {
    fronts: usize,
    endplate_step_mm: f64,
    endplates_each_side: usize,
    values: Vec<f32>,
}

impl Table {
    fn new(half_mm: f64, stagger_mm: f64) -> Self {
        let zone_mm = ENDPLATES_EACH_SIDE as f64 * ENDPLATE_STEP_MM;
        let (endplate_step_mm, endplates_each_side) = if stagger_mm > 0.0 {
            (STAGGERED_STEP_MM, ((stagger_mm + zone_mm) / STAGGERED_STEP_MM).ceil() as usize)
        } else {
            (ENDPLATE_STEP_MM, ENDPLATES_EACH_SIDE)
        };
        let taps = (ACTION_POTENTIAL.support_mm() / STEP_MM) as usize;
        let voltage: Vec<f64> =
            (0..taps).map(|k| ACTION_POTENTIAL.voltage_mv((k as f64 + 0.5) * STEP_MM) * STEP_MM).collect();
        // Endplate to tendon, in steps.
        let runs = HALF_LENGTHS.map(|(ratio, share)| ((ratio * half_mm / STEP_MM).round() as usize, share));
        let longest = runs[HALF_LENGTHS.len() - 1].0;
        let fronts = longest + taps + 2;
        let endplates = 2 * endplates_each_side + 1;
        let mut values = vec![0.0f32; DEPTHS * endplates * fronts];
        let active_mm = 0.0;
        let reference_mm = half_mm + stagger_mm + BEYOND_TENDON_MM;
        // Positions z of a source minus that of an electrode run over a grid of half steps, wide enough for both.
        let reach =
            (reference_mm + longest as f64 * STEP_MM + endplates_each_side as f64 * endplate_step_mm + 4.0) / STEP_MM;
        let reach = reach.ceil() as i64 * 2;
        let index = |z_mm: f64| ((z_mm / (0.5 * STEP_MM)).round() as i64 + reach).clamp(0, 2 * reach) as usize;
        let mut first = vec![0.0; 2 * reach as usize + 1];
        let mut second = first.clone();
        for depth in 0..DEPTHS {
            let r = Self::depth_mm(depth);
            for (k, (f, s)) in first.iter_mut().zip(&mut second).enumerate() {
                (*f, *s) = disc(r, (k as i64 - reach) as f64 * 0.5 * STEP_MM);
            }
            for e in 0..endplates {
                let endplate = (e as f64 - endplates_each_side as f64) * endplate_step_mm;
                let out = &mut values[(depth * endplates + e) * fronts..][..fronts];
                for (electrode, sign) in [(active_mm, 1.0), (reference_mm, -1.0)] {
                    for direction in [1.0, -1.0] {
                        let at = |steps: f64| index(endplate + direction * steps * STEP_MM - electrode);
                        for (q, value) in out.iter_mut().enumerate() {
                            let mut sum = 0.0;
                            // Cells of the wave behind the front, each for the fibres in which it has not yet ended.
                            for (k, v) in voltage.iter().enumerate().take(q.min(taps)).skip(q.saturating_sub(longest)) {
                                let inside: f64 = runs.iter().filter(|(run, _)| q - k <= *run).map(|(_, s)| s).sum();
                                sum += inside * v * second[at((q - k) as f64 - 0.5)];
                            }
                            for (run, share) in runs {
                                if q > run {
                                    let v = ACTION_POTENTIAL.voltage_mv((q - run) as f64 * STEP_MM);
                                    sum -= share * direction * v * first[at(run as f64)];
                                }
                            }
                            *value += (sign * sum) as f32;
                        }
                    }
                }
            }
        }
        Self { fronts, endplate_step_mm, endplates_each_side, values }
    }

    fn depth_mm(row: usize) -> f64 {
        let (low, high) = DEPTH_RANGE_MM;
        low * math::exp(math::ln(high / low) * row as f64 / (DEPTHS - 1) as f64)
    }

    /// Adds `fibres` fibres like this one, mV, to samples [`STEP_MS`] apart.
    fn add(&self, fibre: &Representative, extra_delay_ms: f64, fibres: f64, out: &mut [f64]) {
        let (low, high) = DEPTH_RANGE_MM;
        let position = math::ln(fibre.r_mm.max(low) / low) / math::ln(high / low) * (DEPTHS - 1) as f64;
        let position = position.min(DEPTHS as f64 - 1.001);
        let row = position as usize;
        let high_share = position - row as f64;
        let side = self.endplates_each_side as f64;
        let endplate = ((fibre.endplate_mm / self.endplate_step_mm).round().clamp(-side, side) + side) as usize;
        // An insulating surface doubles the field of the infinite medium.
        let gain = CMAP_GAIN * 2.0 * fibres * Conductor::SURFACE.gain_mm2(fibre.diameter_um);
        let endplates = 2 * self.endplates_each_side + 1;
        let low_row = &self.values[(row * endplates + endplate) * self.fronts..][..self.fronts];
        let high_row = &self.values[((row + 1) * endplates + endplate) * self.fronts..][..self.fronts];
        let (low_gain, high_gain) = (gain * (1.0 - high_share), gain * high_share);
        let delay_ms = fibre.delay_ms + extra_delay_ms;
        let per_ms = COOL_VELOCITY * velocity_m_s(fibre.diameter_um) / STEP_MM;
        let first = (delay_ms / STEP_MS).ceil() as usize;
        for (k, sample) in out.iter_mut().enumerate().skip(first) {
            let q = (k as f64 * STEP_MS - delay_ms) * per_ms;
            let i = q as usize;
            if i + 1 >= self.fronts {
                break;
            }
            let f = q - i as f64;
            let read = |r: &[f32]| f64::from(r[i]) + f * f64::from(r[i + 1] - r[i]);
            *sample += low_gain * read(low_row) + high_gain * read(high_row);
        }
    }
}

/// First and second derivative of `1/sqrt(K r^2 + z^2)` averaged over an electrode disc `r_mm` from the fibre:
/// its middle and six points at two thirds of the radius (exact to fourth order for a smooth field).
fn disc(r_mm: f64, z_mm: f64) -> (f64, f64) {
    let k = Conductor::SURFACE.anisotropy();
    let ring = ELECTRODE_RADIUS_MM * 0.816_496_580_9; // sqrt(2/3)
    let at = |across: f64, along: f64| {
        let (_, first, second) = weight(k * (r_mm * r_mm + across * across), z_mm + along);
        (first, second)
    };
    let mut sum = at(0.0, 0.0);
    sum = (0.25 * sum.0, 0.25 * sum.1);
    for (across, along) in [(0.0, 1.0), (0.866_025_4, 0.5)] {
        for sign in [1.0, -1.0] {
            // The field is even across, so each of the two oblique points counts twice.
            let share = if across == 0.0 { 0.125 } else { 0.25 };
            let (f, s) = at(across * ring, sign * along * ring);
            sum = (sum.0 + share * f, sum.1 + share * s);
        }
    }
    sum
}

#[cfg(test)]
mod tests;
