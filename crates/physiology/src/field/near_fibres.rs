//! The fibres of one motor unit close to a needle, one by one: what a single-fibre or a concentric needle shows behind the high-pass with
//! which jitter is recorded.
//!
//! A single-fibre electrode is a point of 25 um in a side port: it sees only what lies before its opening. The core of a concentric needle
//! averages over its ellipse and sees to all sides. Slow parts (the cannula, extinction, the after-potential) are left out: the
//! 500 or 1000 Hz high-pass of these recordings takes them away. Waves in uV, not filtered; time 0 is the nerve impulse at the muscle's
//! nerve entry, what the junction takes not in it.

use super::needle::trimmed;
use super::single_fibre::{NEAR_MM, NeedleFibre, tables};
use crate::muscle::layout::{Fibre, MuscleLayout, Supply};

/// Kind of needle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Electrode {
    /// Single-fibre electrode.
    SingleFibre,
    /// Concentric needle.
    Concentric,
}

impl Electrode {
    /// Distance to which the examiner brings the needle to the fibre sought, from the middle of the leading-off surface, mm (assumed: a
    /// spike of some mV for the single-fibre electrode; for the core half its short axis and the radius of a fibre).
    fn approach_mm(self) -> f64 {
        match self {
            Self::SingleFibre => 0.08,
            Self::Concentric => 0.09,
        }
    }

    fn sees(self, fibre: &NeedleFibre) -> bool {
        match self {
            Self::SingleFibre => fibre.across_mm >= 0.0 && fibre.distance_mm() < NEAR_MM,
            Self::Concentric => fibre.distance_mm() < NEAR_MM,
        }
    }
}

/// One fibre as the needle sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct NearFibre {
    /// When its wave begins, ms.
    pub start_ms: f64,
    /// Potential, uV.
    pub wave: Vec<f64>,
    /// Place of its junction among those of the muscle.
    pub junction: usize,
    /// Distance from the middle of the leading-off surface, mm.
    pub distance_mm: f64,
    /// When the spike passes the electrode, ms.
    pub passage_ms: f64,
}

/// A needle that has been brought to a fibre.
#[derive(Clone, Debug, PartialEq)]
pub struct Approach {
    /// Unit of that fibre.
    pub unit: usize,
    /// Middle of the leading-off surface, across the muscle from its axis, mm.
    pub x_mm: f64,
    /// The same, towards the bone.
    pub y_mm: f64,
    /// Fibres of the unit that it sees, nearest first.
    pub fibres: Vec<NearFibre>,
}

/// Junctions are numbered by the fixed draw of their fibre.
const JUNCTIONS: f64 = 4_294_967_296.0;
/// Radius within which fibres are laid out about the place where the needle went in, mm.
const LAID_OUT_MM: f64 = 1.3;
/// Shortest way from the endplate and from the tendon to the electrode, mm: nearer the spike is not whole, and the needle is moved on (assumed).
const CLEAR_MM: (f64, f64) = (4.0, 3.0);
/// Time recorded of each fibre, ms.
const WINDOW_MS: f64 = 16.0;

/// Goes in at (`x_mm`, `y_mm`) of the muscle's cross-section and `along_mm` from the middle of the endplate zone, moves to the nearest fibre of
/// a unit that `is_active`, and gives the fibres of that unit at `rate_hz` samples a second; `None` if no active fibre is near.
#[allow(clippy::too_many_arguments)]
pub fn near_fibres(
    layout: &MuscleLayout,
    alive: &[bool],
    electrode: Electrode,
    (x_mm, y_mm): (f64, f64),
    (along_mm, half_mm): (f64, f64),
    is_active: impl Fn(usize) -> bool,
    rate_hz: f64,
) -> Option<Approach> {
    let fibres = layout.fibres_near(alive, x_mm, y_mm, LAID_OUT_MM, |_| 1);
    let active = |f: &&Fibre| f.supply != Supply::Denervated && is_active(f.unit as usize);
    let from_entry = |f: &Fibre| (f.x_mm - x_mm) * (f.x_mm - x_mm) + (f.y_mm - y_mm) * (f.y_mm - y_mm);
    let sought = fibres.iter().filter(active).min_by(|a, b| from_entry(a).total_cmp(&from_entry(b)))?;
    let core = (sought.x_mm - electrode.approach_mm(), sought.y_mm);
    let mut near: Vec<NearFibre> = fibres
        .iter()
        .filter(active)
        .filter(|f| f.unit == sought.unit)
        .map(|f| (seen(f, core, along_mm, half_mm), f.lot))
        .filter(|(fibre, _)| electrode.sees(fibre))
        .map(|(fibre, lot)| potential(&fibre, lot, electrode, rate_hz))
        .collect();
    near.sort_by(|a, b| a.distance_mm.total_cmp(&b.distance_mm));
    Some(Approach { unit: sought.unit as usize, x_mm: core.0, y_mm: core.1, fibres: near })
}

fn seen(fibre: &Fibre, core: (f64, f64), along_mm: f64, half_mm: f64) -> NeedleFibre {
    NeedleFibre {
        across_mm: fibre.x_mm - core.0,
        towards_hub_mm: core.1 - fibre.y_mm,
        electrode_mm: (along_mm - fibre.endplate_mm).abs().min(half_mm - CLEAR_MM.1).max(CLEAR_MM.0),
        half_mm,
        velocity_mm_ms: fibre.velocity_m_s,
        delay_ms: fibre.terminal_delay_ms,
        diameter_um: fibre.diameter_um,
        weight: fibre.weight,
    }
}

fn potential(fibre: &NeedleFibre, lot: f64, electrode: Electrode, rate_hz: f64) -> NearFibre {
    let mut whole = vec![0.0; (WINDOW_MS * 1e-3 * rate_hz) as usize];
    let step_ms = 1e3 / rate_hz;
    match electrode {
        Electrode::SingleFibre => fibre.add_core(tables(), step_ms, &mut whole),
        Electrode::Concentric => fibre.add_passage(tables(), step_ms, &mut Vec::new(), &mut whole),
    }
    let (start, wave) = trimmed(&whole);
    NearFibre {
        start_ms: start as f64 * step_ms,
        wave: wave.to_vec(),
        junction: (lot * JUNCTIONS) as usize,
        distance_mm: fibre.distance_mm(),
        passage_ms: fibre.delay_ms + fibre.electrode_mm / fibre.velocity_mm_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::muscle::fibre::FibreParameters;
    use crate::random::Seed;

    const UNITS: usize = 300;

    fn at(electrode: Electrode, place: usize) -> Vec<NearFibre> {
        let p = FibreParameters::default();
        let layout = MuscleLayout::new(&p, UNITS, Seed::new(5));
        let x_mm = -3.0 + 0.41 * place as f64;
        near_fibres(&layout, &[], electrode, (x_mm, 0.7), (12.0, 35.0), |unit| unit < UNITS / 2, 50_000.0)
            .map_or_else(Vec::new, |approach| approach.fibres)
    }

    #[test]
    fn the_fibre_sought_is_largest_and_the_others_are_of_its_unit() {
        for electrode in [Electrode::SingleFibre, Electrode::Concentric] {
            for place in 0..12 {
                let near = at(electrode, place);
                assert!((near[0].distance_mm - electrode.approach_mm()).abs() < 1e-9 || near.len() > 1);
                let height = |f: &NearFibre| f.wave.iter().fold(0.0_f64, |m, v| m.max(-v));
                assert!(height(&near[0]) > 100.0, "{}", height(&near[0]));
                assert!(near.iter().all(|f| f.distance_mm < NEAR_MM && f.passage_ms > 0.0));
            }
        }
    }

    #[test]
    fn the_opening_looks_to_one_side() {
        let count = |electrode| (0..40).map(|k| at(electrode, k % 14 + k / 14).len()).sum::<usize>() as f64;
        let ratio = count(Electrode::SingleFibre) / count(Electrode::Concentric);
        assert!((0.4..0.85).contains(&ratio), "{ratio}");
    }

    #[test]
    fn no_active_unit_no_potential() {
        let layout = MuscleLayout::new(&FibreParameters::default(), UNITS, Seed::new(5));
        let none = near_fibres(&layout, &[], Electrode::Concentric, (0.0, 0.0), (12.0, 35.0), |_| false, 50_000.0);
        assert_eq!(none, None);
    }
}
