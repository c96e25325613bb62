//! Motor units, their junctions and fibrillating fibres at a concentric or monopolar needle.
//!
//! Fibres within 5 mm of the needle are laid out ([`crate::muscle::layout`]; thinned beyond 1.2 mm) and each gives its
//! potential ([`super::single_fibre`]). A unit's wave is the sum over its fibres, each at the delay of its own terminal
//! branch. Farther fibres reach core and cannula alike and cancel.
//!
//! The cone of a monopolar needle averages over its surface ([`super::long_needle`]), against a far reference; what fires of itself is taken there as
//! the core of a concentric one would see it.
//!
//! Waves are in uV, core minus cannula (cone minus reference), and **not filtered**: the amplifier (routinely 10 Hz-10 kHz) is the caller's.
//! Time 0 is the nerve impulse at the muscle's nerve entry; what the junction takes is not in it.

use super::fibre_source::{FibreGeometry, finite_fibre_potential};
use super::long_needle::{Cut, MONOPOLAR};
use super::resample;
use super::single_fibre::{ACTION_POTENTIAL, AFTER, AFTER_SIZE, CONDUCTOR, FINE_MM, NEAR_MM, NeedleFibre, tables};
use crate::math;
use crate::muscle::fibre::FibreParameters;
use crate::muscle::layout::{Fibre, HALF_LENGTH_CV, MuscleLayout, Supply};
use crate::random::Seed;

/// Radius of the region laid out, mm.
const REGION_MM: f64 = 5.0;
/// Step at which slow parts are computed, ms.
const SLOW_STEP_MS: f64 = 0.25;
/// One in so many of the fibres that are not close gives the slow parts for all.
const SLOW_SHARE: usize = 4;
/// A unit is heard if its peak-to-peak exceeds this, uV (at the noise of a needle recording, 3-5 uV rms).
const HEARD_UV: f64 = 5.0;
/// A junction gets a wave of its own if its fibre is within 0.7 mm and exceeds this, uV peak to peak.
const OWN_WAVE_UV: f64 = 50.0;
/// Most junctions of one unit that get their own wave.
const OWN_WAVES: usize = 16;
/// Share of the denervated fibres that fire at any one time when fibrillation is fully developed
/// (assumed: a profuse recording shows several trains, not the hundreds of fibres within its reach).
const FIBRILLATING_SHARE: f64 = 0.05;
/// Farthest fibrillating fibre that is heard apart, mm.
const FIBRILLATION_REACH_MM: f64 = 0.8;
/// Distance within which the needle has injured the fibre, so that its wave ends there, mm (assumed).
const INJURED_MM: f64 = 0.15;
/// Stretch before the core that no longer conducts in such a fibre, mm (assumed).
const INJURED_STRETCH_MM: f64 = 0.3;
/// Share of the fibres within reach that a moving needle sets off so that they may go on (assumed: a myotonic muscle shows one to four runs at a
/// place), and that reach, mm.
const IRRITATED_SHARE: f64 = 0.01;
const IRRITATED_REACH_MM: f64 = 0.5;
/// Chance that a fibrillating fibre drives its denervated neighbours when ephapses are fully developed (assumed: complex repetitive discharges at a few
/// places in a hundred of a chronically denervated muscle).
const EPHAPTIC_SHARE: f64 = 0.015;
/// Fibres in a circuit (3-20: textbook; the upper half left out because a circuit of more does not fit within reach), and how near they lie, mm.
const CIRCUIT_FIBRES: (usize, usize) = (3, 10);
const CIRCUIT_REACH_MM: f64 = 0.35;
/// Way along one fibre from one ephapse to the next, mm (assumed: up to a fibre's half).
const EPHAPSE_MM: (f64, f64) = (5.0, 40.0);
/// Most fibrillating fibres given.
const FIBRILLATIONS: usize = 24;

/// Where the needle's core is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeedlePlacement {
    /// Across the muscle from its axis, mm.
    pub x_mm: f64,
    /// Below the muscle's upper surface, mm.
    pub depth_mm: f64,
    /// Along the fibres from the middle of the endplate zone, mm. Keep 5 mm and more from the zone and from the tendon:
    /// nearer, the tables of [`super::single_fibre`] do not hold.
    pub along_mm: f64,
}

impl NeedlePlacement {
    /// A random site within the inner four fifths of the muscle, a quarter of a fibre length (at most 12 mm)
    /// from the endplates.
    pub fn random(parameters: &FibreParameters, units: usize, seed: Seed) -> Self {
        let radius_mm = MuscleLayout::new(parameters, units, Seed::new(0)).radius_mm();
        let mut stream = seed.stream("needle");
        let from_axis = 0.8 * radius_mm * math::sqrt(stream.uniform());
        let angle = stream.uniform() * std::f64::consts::TAU;
        Self {
            x_mm: from_axis * math::cos(angle),
            depth_mm: radius_mm + from_axis * math::sin(angle),
            along_mm: Self::usual_along_mm(parameters),
        }
    }

    /// Distance from the endplate zone at which units are usually sampled, mm (assumed: clear of zone and tendon).
    pub fn usual_along_mm(parameters: &FibreParameters) -> f64 {
        (0.25 * parameters.length_mm).min(12.0)
    }
}

/// What leads off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NeedleKind {
    /// Core against cannula.
    #[default]
    Concentric,
    /// Bare cone against a far reference.
    Monopolar,
}

/// What one junction adds to its unit's wave.
#[derive(Clone, Debug, PartialEq)]
pub struct JunctionWave {
    /// First sample of `wave` within the unit's wave.
    pub start: usize,
    /// Potential of this fibre at the core, uV.
    pub wave: Vec<f64>,
    /// Whether a sprout made this junction.
    pub adopted: bool,
}

/// The potential of one spontaneously active denervated fibre.
#[derive(Clone, Debug, PartialEq)]
pub struct FibrillationWave {
    /// Potential, uV, from the discharge of the fibre at its former endplate.
    pub wave: Vec<f64>,
    /// Whether the fibre ends at the needle: a positive sharp wave. Its negative after-phase is two thirds of the
    /// positive one, more than recorded, because Rosenfalck's wave repolarises without a tail.
    pub positive: bool,
    /// Rate at which it fires, Hz (regular).
    pub rate_hz: f64,
}

/// A fibre that the moving needle irritates, if its membrane could go on by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct IrritatedFibre {
    /// Potential, uV, as of a fibrillation.
    pub wave: Vec<f64>,
    /// Unit that excites it (none if denervated).
    pub unit: Option<usize>,
}

/// A ring of denervated fibres, each of which fires the next.
#[derive(Clone, Debug, PartialEq)]
pub struct EphapticCircuit {
    /// Potential of one round, uV.
    pub wave: Vec<f64>,
    /// Time of one round, s.
    pub period_s: f64,
}

/// What a needle at one place sees of every unit of a muscle.
#[derive(Clone, Debug)]
pub struct NeedleModel {
    rate_hz: f64,
    units: Vec<Option<UnitWaves>>,
    fibrillations: Vec<FibrillationWave>,
    irritated: Vec<IrritatedFibre>,
    circuits: Vec<EphapticCircuit>,
}

#[derive(Clone, Debug)]
struct UnitWaves {
    whole: Vec<f64>,
    pooled: Vec<f64>,
    junctions: Vec<JunctionWave>,
}

/// One unit while it is being summed: its slow signal, the count of its farther fibres, and the near ones (adopted?).
#[derive(Default)]
struct Sum {
    slow: Vec<f64>,
    far: usize,
    near: Vec<(NeedleFibre, bool)>,
}

impl NeedleModel {
    /// Lays out the fibres about the needle and sums their potentials, `rate_hz` samples a second (25-50 kHz).
    ///
    /// `alive` says which units still have neuron and axon (missing entries count as alive).
    pub fn new(
        parameters: &FibreParameters,
        units: usize,
        alive: &[bool],
        seed: Seed,
        placement: NeedlePlacement,
        rate_hz: f64,
    ) -> Self {
        Self::of_kind(NeedleKind::Concentric, parameters, units, alive, seed, placement, rate_hz)
    }

    /// The same for a needle of this kind.
    pub fn of_kind(
        kind: NeedleKind,
        parameters: &FibreParameters,
        units: usize,
        alive: &[bool],
        seed: Seed,
        placement: NeedlePlacement,
        rate_hz: f64,
    ) -> Self {
        let cone = (kind == NeedleKind::Monopolar).then(|| Cut::new(&MONOPOLAR));
        let layout = MuscleLayout::new(parameters, units, seed.child("muscle"));
        let core = (placement.x_mm, placement.depth_mm - layout.radius_mm());
        let fibres = layout.fibres_near(alive, core.0, core.1, REGION_MM, |r| match r {
            r if r < 1.2 => 1,
            r if r < 1.7 => 2,
            r if r < 2.5 => 4,
            _ => 12,
        });

        let half_mm = 0.5 * parameters.length_mm;
        let window_ms = ((1.0 + 2.0 * HALF_LENGTH_CV) * half_mm / 2.2 + 9.0).min(45.0);
        let slow_samples = (window_ms / SLOW_STEP_MS) as usize;
        let samples = (window_ms * 1e-3 * rate_hz) as usize;
        let step_ms = 1000.0 / rate_hz;
        let tables = tables();

        let mut sums: Vec<Sum> = (0..units).map(|_| Sum::default()).collect();
        let mut scratch = Vec::new();
        let mut denervated = Vec::new();
        let mut irritated = Vec::new();
        for fibre in &fibres {
            let seen = seen_from(fibre, core, placement.along_mm, half_mm);
            // Digits of the fibre's own lot that nothing else reads.
            let struck = (fibre.lot * 1_048_576.0).fract() < IRRITATED_SHARE && seen.distance_mm() < IRRITATED_REACH_MM;
            if parameters.chloride_conductance < 1.0 && struck {
                let unit = (fibre.supply != Supply::Denervated).then_some(fibre.unit as usize);
                irritated.push(IrritatedFibre { wave: own_wave(seen, samples, step_ms, &mut scratch).0, unit });
            }
            if fibre.supply == Supply::Denervated {
                denervated.push((seen, fibre.lot));
                continue;
            }
            let Some(sum) = sums.get_mut(fibre.unit as usize) else { continue };
            if sum.slow.is_empty() {
                sum.slow.resize(slow_samples, 0.0);
                sum.far = fibre.unit as usize;
            }
            if seen.distance_mm() < FINE_MM {
                if cone.is_none() {
                    seen.add_slow(tables, SLOW_STEP_MS, &mut sum.slow);
                }
                sum.near.push((seen, fibre.supply == Supply::Adopted));
            } else if let Some(cone) = &cone {
                seen.add_bare_surface(tables, &cone.distances(&seen), SLOW_STEP_MS, &mut sum.slow);
            } else {
                seen.add_core(tables, SLOW_STEP_MS, &mut sum.slow);
                if sum.far % SLOW_SHARE == 0 {
                    let stand_in = NeedleFibre { weight: seen.weight * SLOW_SHARE as f64, ..seen };
                    stand_in.add_slow(tables, SLOW_STEP_MS, &mut sum.slow);
                }
                sum.far += 1;
            }
        }

        let mut one = vec![0.0; samples];
        let mut add_near = |seen: &NeedleFibre, out: &mut [f64]| match &cone {
            Some(cone) => seen.add_bare_surface(tables, &cone.distances(seen), step_ms, out),
            None => seen.add_passage(tables, step_ms, &mut scratch, out),
        };
        let units = sums
            .into_iter()
            .map(|mut sum| {
                if sum.slow.is_empty() {
                    return None;
                }
                let mut pooled = Vec::with_capacity(samples);
                resample(&sum.slow, SLOW_STEP_MS, rate_hz, samples, &mut pooled);
                sum.near.sort_by(|a, b| a.0.distance_mm().total_cmp(&b.0.distance_mm()));
                let mut junctions = Vec::new();
                for (seen, adopted) in &sum.near {
                    if junctions.len() == OWN_WAVES || seen.distance_mm() > NEAR_MM {
                        add_near(seen, &mut pooled);
                        continue;
                    }
                    one.fill(0.0);
                    add_near(seen, &mut one);
                    let (start, wave) = trimmed(&one);
                    if peak_to_peak(wave) > OWN_WAVE_UV {
                        junctions.push(JunctionWave { start, wave: wave.to_vec(), adopted: *adopted });
                    } else {
                        pooled[start..start + wave.len()].iter_mut().zip(wave).for_each(|(p, w)| *p += w);
                    }
                }
                let mut whole = pooled.clone();
                for j in &junctions {
                    whole[j.start..j.start + j.wave.len()].iter_mut().zip(&j.wave).for_each(|(s, w)| *s += w);
                }
                (peak_to_peak(&whole) > HEARD_UV).then_some(UnitWaves { whole, pooled, junctions })
            })
            .collect();

        let circuits = circuits(parameters, &denervated, step_ms);
        let fibrillations = fibrillations(parameters, denervated, samples, step_ms);
        Self { rate_hz, units, fibrillations, irritated, circuits }
    }

    /// Samples a second of every wave.
    pub fn rate_hz(&self) -> f64 {
        self.rate_hz
    }

    /// Number of units of the muscle, heard or not.
    pub fn units(&self) -> usize {
        self.units.len()
    }

    /// Potential of a unit, uV, all its junctions transmitting without jitter; `None` if it stays below 5 uV.
    pub fn unit_wave(&self, unit: usize) -> Option<&[f64]> {
        self.waves(unit).map(|u| u.whole.as_slice())
    }

    /// The part of [`unit_wave`](Self::unit_wave) that is not in [`junction_waves`](Self::junction_waves).
    pub fn pooled_wave(&self, unit: usize) -> Option<&[f64]> {
        self.waves(unit).map(|u| u.pooled.as_slice())
    }

    /// The nearest fibres of a unit one by one, nearest first: shift one for jitter, leave it out for a block.
    pub fn junction_waves(&self, unit: usize) -> &[JunctionWave] {
        self.waves(unit).map_or(&[], |u| u.junctions.as_slice())
    }

    /// Denervated fibres near the needle that fire of themselves, nearest first.
    pub fn fibrillation_waves(&self) -> &[FibrillationWave] {
        &self.fibrillations
    }

    /// Fibres that the moving needle sets off, where their membrane has lost chloride conductance.
    pub fn irritated(&self) -> &[IrritatedFibre] {
        &self.irritated
    }

    /// Rings of denervated fibres about the needle.
    pub fn circuits(&self) -> &[EphapticCircuit] {
        &self.circuits
    }

    fn waves(&self, unit: usize) -> Option<&UnitWaves> {
        self.units.get(unit).and_then(Option::as_ref)
    }
}

fn seen_from(fibre: &Fibre, core: (f64, f64), along_mm: f64, half_mm: f64) -> NeedleFibre {
    NeedleFibre {
        across_mm: fibre.x_mm - core.0,
        // The shaft runs from the core to the skin: towards smaller depth.
        towards_hub_mm: core.1 - fibre.y_mm,
        electrode_mm: along_mm - fibre.endplate_mm,
        half_mm: fibre.half_length_mm(2.0 * half_mm),
        velocity_mm_ms: fibre.velocity_m_s,
        delay_ms: fibre.terminal_delay_ms,
        diameter_um: fibre.diameter_um,
        weight: fibre.weight,
    }
}

fn fibrillations(
    parameters: &FibreParameters,
    mut denervated: Vec<(NeedleFibre, f64)>,
    samples: usize,
    step_ms: f64,
) -> Vec<FibrillationWave> {
    let firing = FIBRILLATING_SHARE * parameters.fibrillation.clamp(0.0, 1.0);
    // A fibre that drives a circuit fires with it.
    let alone = firing * EPHAPTIC_SHARE * parameters.ephaptic.clamp(0.0, 1.0)..firing;
    denervated.retain(|(f, lot)| alone.contains(lot) && f.distance_mm() < FIBRILLATION_REACH_MM);
    denervated.sort_by(|a, b| a.0.distance_mm().total_cmp(&b.0.distance_mm()));
    denervated.truncate(FIBRILLATIONS);
    let mut scratch = Vec::new();
    denervated
        .into_iter()
        .map(|(f, lot)| {
            let (wave, positive) = own_wave(f, samples, step_ms, &mut scratch);
            // 0.5-15 Hz, log-uniform: the fibre's own lot, spread again over what is left of it.
            let rate_hz = 0.5 * math::exp(math::ln(30.0) * (lot / firing).clamp(0.0, 1.0));
            FibrillationWave { wave, positive, rate_hz }
        })
        .collect()
}

/// What the needle sees of one fibre that fires by itself, and whether the fibre ends at the needle.
fn own_wave(fibre: NeedleFibre, samples: usize, step_ms: f64, scratch: &mut Vec<f32>) -> (Vec<f64>, bool) {
    let seen = NeedleFibre { delay_ms: 0.0, ..fibre };
    let positive = seen.distance_mm() < INJURED_MM;
    let mut wave = vec![0.0; samples];
    if positive {
        let r = seen.distance_mm().max(INJURED_MM);
        // The wave runs up to the injured stretch by the core and no farther.
        let geometry = FibreGeometry {
            electrode_mm: seen.electrode_mm,
            first_half_mm: (seen.electrode_mm - INJURED_STRETCH_MM).max(0.0),
            second_half_mm: seen.half_mm,
        };
        for (part, size) in [(ACTION_POTENTIAL, 1.0), (AFTER, AFTER_SIZE)] {
            let gain = size * seen.gain_uv();
            for (k, sample) in wave.iter_mut().enumerate() {
                let front = k as f64 * step_ms * seen.velocity_mm_ms;
                if front > geometry.first_half_mm + part.support_mm() {
                    break;
                }
                *sample += gain * finite_fibre_potential(&part, &CONDUCTOR, &geometry, r, front, 0.1);
            }
        }
    } else {
        seen.add_passage(tables(), step_ms, scratch, &mut wave);
    }
    (trimmed(&wave).1.to_vec(), positive)
}

/// Rings of denervated fibres: a pacemaker and its nearest neighbours, each passed on to from the one before (Trontelj & Stalberg 1983).
fn circuits(parameters: &FibreParameters, denervated: &[(NeedleFibre, f64)], step_ms: f64) -> Vec<EphapticCircuit> {
    let firing = FIBRILLATING_SHARE * parameters.fibrillation.clamp(0.0, 1.0);
    let driving = firing * EPHAPTIC_SHARE * parameters.ephaptic.clamp(0.0, 1.0);
    let pacemakers = denervated.iter().filter(|(f, lot)| *lot < driving && f.distance_mm() < FIBRILLATION_REACH_MM);
    pacemakers
        .filter_map(|(pacemaker, lot)| {
            let apart = |f: &NeedleFibre| {
                let (dx, dy) = (f.across_mm - pacemaker.across_mm, f.towards_hub_mm - pacemaker.towards_hub_mm);
                math::sqrt(dx * dx + dy * dy)
            };
            let mut ring: Vec<&(NeedleFibre, f64)> =
                denervated.iter().filter(|(f, _)| apart(f) < CIRCUIT_REACH_MM).collect();
            ring.sort_by(|a, b| apart(&a.0).total_cmp(&apart(&b.0)));
            let (fewest, most) = CIRCUIT_FIBRES;
            let wanted = fewest + (lot / driving * (most + 1 - fewest) as f64) as usize;
            ring.truncate(wanted.min(most));
            (ring.len() >= fewest).then(|| circuit(&ring, step_ms))
        })
        .collect()
}

fn circuit(ring: &[&(NeedleFibre, f64)], step_ms: f64) -> EphapticCircuit {
    // Each fibre's lot says how far along it the next ephapse lies.
    let way_ms = |(f, lot): &(NeedleFibre, f64)| {
        (EPHAPSE_MM.0 + (EPHAPSE_MM.1 - EPHAPSE_MM.0) * (lot * 65_536.0).fract()) / f.velocity_mm_ms
    };
    let period_ms: f64 = ring.iter().map(|f| way_ms(f)).sum();
    let mut wave = Vec::new();
    let (mut starts_ms, mut scratch) = (0.0, Vec::new());
    for member in ring {
        let fibre = NeedleFibre { delay_ms: 0.0, ..member.0 };
        let passes_ms = fibre.electrode_mm.abs() / fibre.velocity_mm_ms;
        let mut own = vec![0.0; ((passes_ms + 12.0) / step_ms) as usize];
        fibre.add_passage(tables(), step_ms, &mut scratch, &mut own);
        let from = (starts_ms / step_ms) as usize;
        wave.resize(wave.len().max(from + own.len()), 0.0);
        wave[from..].iter_mut().zip(&own).for_each(|(w, o)| *w += o);
        starts_ms += way_ms(member);
    }
    EphapticCircuit { wave: trimmed(&wave).1.to_vec(), period_s: 1e-3 * period_ms }
}

fn peak_to_peak(wave: &[f64]) -> f64 {
    let (low, high) = wave.iter().fold((0.0f64, 0.0f64), |(l, h), &v| (l.min(v), h.max(v)));
    high - low
}

/// The stretch of a wave outside which it stays below 0.2 uV.
pub(super) fn trimmed(wave: &[f64]) -> (usize, &[f64]) {
    let heard = |v: &f64| v.abs() > 0.2;
    let start = wave.iter().position(heard).unwrap_or(0);
    let end = wave.iter().rposition(heard).map_or(start, |e| e + 1);
    (start, &wave[start..end])
}

#[cfg(test)]
mod tests;
