//! Who innervates the fibres: unit sizes, what loss leaves, and what collateral sprouting takes over.

use serde::{Deserialize, Serialize};

use super::fibre::FibreParameters;
use crate::math;
use crate::random::Seed;

/// SD of the natural logarithm of how eagerly a unit sprouts (assumed).
const SPROUTING_SCATTER: f64 = 0.3;

/// Healthy fibres per unit, smallest first: an exponential ladder of the given range whose mean is `per_unit`.
///
/// ```
/// use tonus_physiology::muscle::fibre::{FibreParameters, unit_sizes};
/// let sizes = unit_sizes(&FibreParameters { per_unit: 200.0, unit_size_range: 8.0, ..Default::default() }, 120);
/// assert!((sizes.iter().sum::<f64>() / 120.0 - 200.0).abs() < 1e-9);
/// assert!((sizes[119] / sizes[0] - 8.0).abs() < 1e-9);
/// ```
pub fn unit_sizes(parameters: &FibreParameters, units: usize) -> Vec<f64> {
    let step = if units > 1 { math::ln(parameters.unit_size_range.max(1.0)) / (units - 1) as f64 } else { 0.0 };
    let mut sizes: Vec<f64> = (0..units).map(|i| math::exp(step * i as f64)).collect();
    let total: f64 = sizes.iter().sum();
    let scale = parameters.per_unit * units as f64 / total.max(f64::MIN_POSITIVE);
    sizes.iter_mut().for_each(|n| *n *= scale);
    sizes
}

/// Expected innervation of a muscle: how many fibres follow each unit, and with what force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Innervation {
    /// Fibres each unit excites now: its own that are left and those it adopted; 0 for a dead unit.
    pub fibres_per_unit: Vec<f64>,
    /// Own fibres left to each living unit, over its healthy number.
    pub own_share: Vec<f64>,
    /// Adopted fibres of each living unit, over its healthy number.
    pub adopted_share: Vec<f64>,
    /// Living fibres that follow no unit (orphans not yet adopted, segments cut off by necrosis).
    pub denervated_fibres: f64,
    /// Force of each unit over its force in health, from fibre number, diameter squared, specific tension and
    /// excitable share; transmission at the junction is not in it.
    pub relative_force: Vec<f64>,
}

/// Who innervates whom when only the units `alive` (neuron and axon) are left.
///
/// ```text
/// own_i = n_i survival (1 - segmentally_denervated)            for a living unit
/// orphans = sum over dead units of the same
/// adopted_i = reinnervation * share of the orphans <= (max_innervation_ratio - 1) own_i
/// ```
/// Orphans are shared in proportion to unit size times a log-normal eagerness; what a full unit cannot take goes to
/// the others. Holds for a muscle as a whole: that a sprout reaches only 0.3 mm is in [`super::layout`].
/// `sizes` are the healthy [`unit_sizes`]; `alive` has the same length (missing entries count as alive).
pub fn innervation(parameters: &FibreParameters, sizes: &[f64], alive: &[bool], seed: Seed) -> Innervation {
    let living = |u: usize| alive.get(u).copied().unwrap_or(true);
    let left = parameters.survival * (1.0 - parameters.segmentally_denervated);
    let own: Vec<f64> = sizes.iter().enumerate().map(|(u, n)| if living(u) { n * left } else { 0.0 }).collect();
    let orphans: f64 = sizes.iter().enumerate().filter(|(u, _)| !living(*u)).map(|(_, n)| n * left).sum();
    let sought = orphans * parameters.reinnervation.clamp(0.0, 1.0);

    let room = (parameters.max_innervation_ratio - 1.0).max(0.0);
    let eagerness: Vec<f64> = (0..sizes.len())
        .map(|u| own[u] * math::exp(SPROUTING_SCATTER * seed.child("sprouting").index(u).stream("eagerness").normal()))
        .collect();
    let mut adopted = vec![0.0; sizes.len()];
    let mut remaining = sought;
    while remaining > 1e-9 {
        let open: f64 = (0..sizes.len()).filter(|&u| adopted[u] < room * own[u]).map(|u| eagerness[u]).sum();
        if open <= 0.0 {
            break;
        }
        let offered = remaining;
        for u in 0..sizes.len() {
            let space = room * own[u] - adopted[u];
            if space > 0.0 {
                let taken = (offered * eagerness[u] / open).min(space);
                adopted[u] += taken;
                remaining -= taken;
            }
        }
        if offered - remaining < 1e-9 * sought {
            break;
        }
    }

    let over = |(now, healthy): (&f64, &f64)| if *healthy > 0.0 { now / healthy } else { 0.0 };
    let ratio = parameters.diameter_um / parameters.healthy_diameter_um;
    let fibre_force = parameters.excitable * parameters.specific_tension * ratio * ratio;
    let cut_off: f64 = sizes.iter().sum::<f64>() * parameters.survival * parameters.segmentally_denervated;
    Innervation {
        fibres_per_unit: own.iter().zip(&adopted).map(|(o, a)| o + a).collect(),
        own_share: own.iter().zip(sizes).map(over).collect(),
        adopted_share: adopted.iter().zip(sizes).map(over).collect(),
        denervated_fibres: cut_off + orphans - adopted.iter().sum::<f64>(),
        relative_force: (0..sizes.len()).map(|u| over((&(own[u] + adopted[u]), &sizes[u])) * fibre_force).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(i: &Innervation) -> f64 {
        i.fibres_per_unit.iter().sum::<f64>() + i.denervated_fibres
    }

    #[test]
    fn health_is_exact_and_every_living_fibre_is_counted_once() {
        let mut p = FibreParameters::default();
        let sizes = unit_sizes(&p, 100);
        let seed = Seed::new(1);
        let healthy = innervation(&p, &sizes, &[true; 100], seed);
        assert_eq!(healthy.fibres_per_unit, sizes);
        assert_eq!(healthy.relative_force, vec![1.0; 100]);
        assert_eq!(healthy.denervated_fibres, 0.0);

        p.survival = 0.8;
        p.segmentally_denervated = 0.1;
        let alive: Vec<bool> = (0..100).map(|u| u % 5 == 0).collect();
        let living = sizes.iter().sum::<f64>() * 0.8;
        for reinnervation in [0.0, 0.3, 1.0] {
            p.reinnervation = reinnervation;
            let i = innervation(&p, &sizes, &alive, seed);
            assert!((total(&i) - living).abs() < 1e-6 * living);
            for (u, &is_alive) in alive.iter().enumerate() {
                let most = p.max_innervation_ratio * sizes[u] * 0.8 * 0.9;
                assert!(i.fibres_per_unit[u] <= most * 1.000_001 && (is_alive || i.fibres_per_unit[u] == 0.0));
            }
        }
    }

    #[test]
    fn sprouting_keeps_force_until_four_fifths_of_units_are_lost() {
        let p = FibreParameters { reinnervation: 1.0, ..Default::default() };
        let sizes = unit_sizes(&p, 200);
        let force = |kept: usize| {
            let alive: Vec<bool> = (0..200).map(|u| u % 20 < kept).collect();
            let i = innervation(&p, &sizes, &alive, Seed::new(2));
            i.relative_force.iter().zip(&sizes).map(|(f, n)| f * n).sum::<f64>() / sizes.iter().sum::<f64>()
        };
        assert!((force(10) - 1.0).abs() < 1e-6 && (force(5) - 1.0).abs() < 1e-6);
        assert!(force(2) < 0.6 && force(2) > 0.4, "{}", force(2));
    }

    #[test]
    fn thin_weak_inexcitable_fibres_lose_force_in_proportion() {
        let p =
            FibreParameters { diameter_um: 44.0, excitable: 0.5, specific_tension: 0.9, ..FibreParameters::default() };
        let i = innervation(&p, &[10.0, 20.0], &[true, true], Seed::new(1));
        assert!((i.relative_force[1] - 0.64 * 0.5 * 0.9).abs() < 1e-12);
    }
}
