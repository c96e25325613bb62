//! Where the fibres of a muscle lie, drawn only round the place an electrode looks at.
//!
//! The cross-section is a disc cut into squares of 1 mm. The fibres of one unit in one square are a Poisson draw of
//! their own stream, so any region can be laid out alone, the same fibres come out wherever the needle is, and a loss
//! removes fibres without moving any other. A fibre lost by a dead unit stays where it is; a living fibre within
//! sprouting reach brings it its own unit, so that types group as loss goes on.

use super::fibre::{FibreParameters, unit_sizes, velocity_m_s};
use crate::math;
use crate::random::{Seed, Stream};

/// Fibres per mm2 of muscle when the mean diameter is 55 um (Hamilton-Wright & Stashuk 2005).
const FIBRES_PER_MM2: f64 = 400.0;
/// How far a sprout reaches, mm (neighbouring fibres within 200-300 um).
const SPROUT_REACH_MM: f64 = 0.3;
/// Branch points of one axon in the muscle, from which terminal axons leave (assumed: a few clusters).
const BRANCHES: usize = 4;
/// Side of the block of squares that one branch point supplies, mm (assumed: a branch serves a part of the territory).
const BRANCH_BLOCK: i32 = 2;
/// Share of the endplate zone's SD that lies between branch points; the rest is scatter of endplates about them
/// (branch SD 1.5-5.5 mm, fibres 0.5-2 mm: Konstantin et al. 2020).
const BRANCH_SHARE: f64 = 0.9;
/// Velocities of the intramuscular axon and of its terminal branches, m/s (Konstantin et al. 2020).
const INTRAMUSCULAR_M_S: f64 = 5.0;
const TERMINAL_M_S: f64 = 2.0;
/// Mean extra delay of a sprout, ms: fresh, and once reinnervation is complete (assumed: 1-10 ms falling with maturation).
const SPROUT_DELAY_MS: (f64, f64) = (3.0, 0.5);
/// Share of its diameter that a denervated fibre loses by the time it fibrillates (assumed: atrophy to half over months).
const DENERVATION_ATROPHY: f64 = 0.3;

/// Territories of the units of one muscle, in its cross-section (origin on its axis, y towards the bone).
#[derive(Clone, Debug, PartialEq)]
pub struct MuscleLayout {
    parameters: FibreParameters,
    seed: Seed,
    radius_mm: f64,
    territories: Vec<Territory>,
}

/// The territory of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Territory {
    /// Centre, mm.
    pub x_mm: f64,
    /// Centre, mm towards the bone.
    pub y_mm: f64,
    /// Radius, mm.
    pub radius_mm: f64,
    /// Healthy fibres.
    pub fibres: f64,
    /// Fibres per mm2 in it, where they find room.
    pub density_per_mm2: f64,
    /// Mean diameter of its fibres, um.
    pub diameter_um: f64,
    branches_mm: [f64; BRANCHES],
}

/// What a fibre follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supply {
    /// The unit it was born with.
    Own,
    /// A unit that sprouted to it.
    Adopted,
    /// None.
    Denervated,
}

/// One fibre that is there and can be excited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fibre {
    /// Unit that excites it (its former one when denervated).
    pub unit: u32,
    /// What it follows.
    pub supply: Supply,
    /// Position across the muscle, mm.
    pub x_mm: f64,
    /// Position towards the bone, mm.
    pub y_mm: f64,
    /// Diameter, um.
    pub diameter_um: f64,
    /// Propagation velocity, m/s.
    pub velocity_m_s: f64,
    /// Endplate along the fibres from the middle of the endplate zone, mm; the fibre reaches half its length to both sides.
    pub endplate_mm: f64,
    /// From the nerve's entry to this endplate, ms.
    pub terminal_delay_ms: f64,
    /// Fibres it stands for (1, or more where a distant square was thinned).
    pub weight: f64,
    /// Fixed uniform draw of this fibre, free for its reader (spontaneous activity).
    pub lot: f64,
}

/// How the distance from endplate to tendon spreads between fibres, SD over mean: those of a pennate muscle insert
/// staggered along the aponeurosis (assumed, as in [`crate::field::surface`]).
pub const HALF_LENGTH_CV: f64 = 0.16;

impl Fibre {
    /// Distance from the endplate to each tendon in a muscle of fibres `length_mm` long, mm.
    pub fn half_length_mm(&self, length_mm: f64) -> f64 {
        // Digits of the fibre's own lot that nothing else reads; held within two SD.
        let deviate = math::inverse_normal_cdf((self.lot * 4096.0).fract().clamp(0.023, 0.977));
        0.5 * length_mm * (1.0 + HALF_LENGTH_CV * deviate)
    }
}

/// Two uniforms of 32 bits from one word.
fn pair(stream: &mut Stream) -> (f64, f64) {
    let bits = stream.bits();
    let scale = 1.0 / 4_294_967_296.0;
    (((bits >> 32) as f64 + 0.5) * scale, ((bits & 0xffff_ffff) as f64 + 0.5) * scale)
}

/// Poisson count by inversion.
fn poisson(mean: f64, u: f64) -> usize {
    let mut probability = math::exp(-mean);
    let mut cumulative = probability;
    let mut count = 0;
    while u > cumulative && count < 1000 {
        count += 1;
        probability *= mean / count as f64;
        cumulative += probability;
    }
    count
}

impl MuscleLayout {
    /// Lays out the territories of `units` units. A milder or graver lesion of the same muscle and seed has the same ones.
    pub fn new(parameters: &FibreParameters, units: usize, seed: Seed) -> Self {
        let sizes = unit_sizes(parameters, units);
        let ratio = parameters.healthy_diameter_um / 55.0;
        let area_mm2 = sizes.iter().sum::<f64>() / FIBRES_PER_MM2 * ratio * ratio;
        let radius_mm = math::sqrt(area_mm2 / std::f64::consts::PI).max(0.5);
        let territories = sizes
            .iter()
            .enumerate()
            .map(|(unit, &fibres)| {
                let mut stream = seed.child("territory").index(unit).stream("place");
                let wanted = math::sqrt(fibres / (parameters.unit_density_per_mm2 * std::f64::consts::PI));
                let territory_mm = wanted.min(0.95 * radius_mm);
                let reach = radius_mm - 0.5 * territory_mm;
                let from_axis = reach * math::sqrt(stream.uniform());
                let angle = stream.uniform() * std::f64::consts::TAU;
                let mut branches_mm = [0.0; BRANCHES];
                for b in &mut branches_mm {
                    *b = stream.normal() * BRANCH_SHARE * parameters.endplate_sd_mm;
                }
                Territory {
                    x_mm: from_axis * math::cos(angle),
                    y_mm: from_axis * math::sin(angle),
                    radius_mm: territory_mm,
                    fibres,
                    density_per_mm2: fibres / (std::f64::consts::PI * territory_mm * territory_mm),
                    diameter_um: parameters.unit_diameter_um(unit, units),
                    branches_mm,
                }
            })
            .collect();
        Self { parameters: parameters.clone(), seed, radius_mm, territories }
    }

    /// Radius of the muscle's cross-section, mm.
    pub fn radius_mm(&self) -> f64 {
        self.radius_mm
    }

    /// Territories, smallest unit first.
    pub fn territories(&self) -> &[Territory] {
        &self.territories
    }

    /// Where along a staggered belly `unit` has its part, 0 (proximal) to 1.
    pub fn place_along(&self, unit: usize) -> f64 {
        self.seed.child("territory").index(unit).stream("along").uniform()
    }

    /// Which branch point supplies the fibres of `unit` in square (`i`, `j`), as a uniform: neighbours share one.
    fn branch_lot(&self, unit: usize, i: i32, j: i32) -> f64 {
        let block = |k: i32| (k.div_euclid(BRANCH_BLOCK) + 32_768) as usize;
        self.seed.index(unit).index(block(i) << 17 | block(j)).stream("branch").uniform()
    }

    /// Endplate position along the fibres (mm) and terminal delay (ms) of a fibre of `unit`,
    /// from a uniform that picks the branch and a standard normal about it.
    pub fn endplate(&self, unit: usize, pick: f64, deviate: f64) -> (f64, f64) {
        let branch = self.territories[unit].branches_mm[((pick * BRANCHES as f64) as usize).min(BRANCHES - 1)];
        let about = math::sqrt(1.0 - BRANCH_SHARE * BRANCH_SHARE) * self.parameters.endplate_sd_mm * deviate;
        (branch + about, branch.abs() / INTRAMUSCULAR_M_S + about.abs() / TERMINAL_M_S)
    }

    /// Extra delay of a sprout at a uniform draw, ms (exponential).
    pub fn sprout_delay_ms(&self, u: f64) -> f64 {
        let (fresh, mature) = SPROUT_DELAY_MS;
        -math::ln(u) * (fresh + (mature - fresh) * self.parameters.reinnervation.clamp(0.0, 1.0))
    }

    /// Every excitable fibre whose square lies within `radius_mm` of (`x_mm`, `y_mm`).
    ///
    /// `thinning(distance_mm)` is how many fibres one drawn fibre stands for at that distance (1 draws all).
    pub fn fibres_near(
        &self,
        alive: &[bool],
        x_mm: f64,
        y_mm: f64,
        radius_mm: f64,
        thinning: impl Fn(f64) -> usize,
    ) -> Vec<Fibre> {
        let mut fibres = Vec::new();
        let mut square = Square::default();
        let cells = |centre: f64| (centre - radius_mm).floor() as i32..=(centre + radius_mm).floor() as i32;
        for j in cells(y_mm) {
            for i in cells(x_mm) {
                let (cx, cy) = (f64::from(i) + 0.5, f64::from(j) + 0.5);
                let distance = math::sqrt((cx - x_mm) * (cx - x_mm) + (cy - y_mm) * (cy - y_mm));
                if distance <= radius_mm {
                    // Even the nearest corner of a thinned square must be far enough.
                    let thin = thinning((distance - std::f64::consts::FRAC_1_SQRT_2).max(0.0)).max(1);
                    self.fill(i, j, alive, thin, &mut square);
                    self.innervate(&square, thin, &mut fibres);
                }
            }
        }
        fibres
    }

    /// Every excitable fibre of the muscle, each within its section: the fibres that [`fibres_near`](Self::fibres_near) gives to a needle.
    /// A territory may hang over the rim of the disc; its fibres out there are laid inwards, as far from the rim as they were.
    pub fn all_fibres(&self, alive: &[bool]) -> Vec<Fibre> {
        self.one_in(1, alive)
    }

    /// As [`all_fibres`](Self::all_fibres), each standing for about `thinning` of its unit.
    pub fn one_in(&self, thinning: usize, alive: &[bool]) -> Vec<Fibre> {
        let beyond = |t: &Territory| math::sqrt(t.x_mm * t.x_mm + t.y_mm * t.y_mm) + t.radius_mm;
        let farthest = self.territories.iter().map(beyond).fold(self.radius_mm, f64::max);
        // To the farthest corner of a square that the rim cuts.
        let mut fibres = self.fibres_near(alive, 0.0, 0.0, farthest + 1.0, |_| thinning);
        for f in &mut fibres {
            let from_axis = math::sqrt(f.x_mm * f.x_mm + f.y_mm * f.y_mm);
            if from_axis > self.radius_mm {
                let ratio = (2.0 * self.radius_mm - from_axis).max(0.0) / from_axis;
                f.x_mm *= ratio;
                f.y_mm *= ratio;
            }
        }
        fibres
    }

    /// Share of their fibres for which units find room at a place. Territories within a disc crowd towards its axis; where
    /// they would pack more than a muscle holds, all give way alike. Dead units count, so a loss moves nothing.
    fn room(&self, x_mm: f64, y_mm: f64) -> f64 {
        let covering = |t: &&Territory| {
            let (dx, dy) = (t.x_mm - x_mm, t.y_mm - y_mm);
            dx * dx + dy * dy < t.radius_mm * t.radius_mm
        };
        let wanted: f64 = self.territories.iter().filter(covering).map(|t| t.density_per_mm2).sum();
        let ratio = 55.0 / self.parameters.healthy_diameter_um;
        (FIBRES_PER_MM2 * ratio * ratio / wanted.max(1e-9)).min(1.0)
    }

    fn fill(&self, i: i32, j: i32, alive: &[bool], thin: usize, square: &mut Square) {
        let p = &self.parameters;
        square.living.clear();
        square.orphans.clear();
        let key = ((i + 32_768) as usize) << 17 | (j + 32_768) as usize;
        let (cx, cy) = (f64::from(i) + 0.5, f64::from(j) + 0.5);
        let room = self.room(cx, cy);
        for (unit, t) in self.territories.iter().enumerate() {
            let (dx, dy) = (t.x_mm - cx, t.y_mm - cy);
            let reach = t.radius_mm + std::f64::consts::FRAC_1_SQRT_2;
            if dx * dx + dy * dy > reach * reach {
                continue;
            }
            let mut stream = self.seed.index(unit).index(key).stream("fibres");
            let count = poisson(room * t.density_per_mm2, stream.uniform());
            let drawn = count.div_ceil(thin);
            if drawn == 0 {
                continue;
            }
            let pick = self.branch_lot(unit, i, j);
            let weight = if thin == 1 { 1.0 } else { count as f64 / drawn.max(1) as f64 };
            let is_alive = alive.get(unit).copied().unwrap_or(true);
            for _ in 0..drawn {
                let (u, v) = pair(&mut stream);
                let (x, y) = (f64::from(i) + u, f64::from(j) + v);
                let deviate = stream.normal();
                let about = stream.normal();
                let lot = stream.uniform();
                let (survival, excitable) = pair(&mut stream);
                let (necrosis, sprout) = pair(&mut stream);
                let (dx, dy) = (x - t.x_mm, y - t.y_mm);
                if dx * dx + dy * dy > t.radius_mm * t.radius_mm || survival > p.survival {
                    continue;
                }
                let (endplate_mm, terminal_delay_ms) = self.endplate(unit, pick, about);
                let diameter_um = p.fibre_diameter_um(t.diameter_um, deviate);
                let fibre = Fibre {
                    unit: unit as u32,
                    supply: Supply::Own,
                    x_mm: x,
                    y_mm: y,
                    diameter_um,
                    velocity_m_s: velocity_m_s(diameter_um),
                    endplate_mm,
                    terminal_delay_ms,
                    weight,
                    lot,
                };
                let drawn = Drawn { fibre, excitable: excitable < p.excitable, sprout };
                if necrosis > 1.0 - p.segmentally_denervated {
                    square.orphans.push((drawn, false));
                } else if is_alive {
                    square.living.push(drawn);
                } else {
                    square.orphans.push((drawn, true));
                }
            }
        }
    }

    fn innervate(&self, square: &Square, thin: usize, out: &mut Vec<Fibre>) {
        out.extend(square.living.iter().filter(|d| d.excitable).map(|d| d.fibre));
        if square.orphans.is_empty() {
            return;
        }
        let p = &self.parameters;
        let living: f64 = square.living.iter().map(|d| d.fibre.weight).sum();
        let adoptable: f64 = square.orphans.iter().filter(|(_, a)| *a).map(|(d, _)| d.fibre.weight).sum();
        let room = (p.max_innervation_ratio - 1.0).max(0.0) * living;
        let chance = p.reinnervation.clamp(0.0, 1.0) * (room / adoptable.max(1e-9)).min(1.0);
        let reach = if thin == 1 { SPROUT_REACH_MM } else { 2.0 };
        let atrophy = 1.0 - DENERVATION_ATROPHY * p.fibrillation.clamp(0.0, 1.0);
        for (drawn, may_be_adopted) in &square.orphans {
            if !drawn.excitable {
                continue;
            }
            let mut fibre = drawn.fibre;
            // One draw decides whether, and rescaled which neighbour and with what delay.
            let adopter = (*may_be_adopted && drawn.sprout < chance)
                .then(|| neighbour(&square.living, &fibre, reach, (drawn.sprout / chance * 4096.0).fract()))
                .flatten();
            if let Some(unit) = adopter {
                fibre.unit = unit;
                fibre.supply = Supply::Adopted;
                fibre.terminal_delay_ms += self.sprout_delay_ms((drawn.sprout / chance).max(1e-9));
            } else {
                fibre.supply = Supply::Denervated;
                fibre.diameter_um = (fibre.diameter_um * atrophy).max(10.0);
                fibre.velocity_m_s = velocity_m_s(fibre.diameter_um);
            }
            out.push(fibre);
        }
    }
}

/// The unit of a living fibre within `reach` of an orphan, chosen by `u`.
fn neighbour(living: &[Drawn], orphan: &Fibre, reach: f64, u: f64) -> Option<u32> {
    let near = |d: &&Drawn| {
        let (dx, dy) = (d.fibre.x_mm - orphan.x_mm, d.fibre.y_mm - orphan.y_mm);
        dx * dx + dy * dy < reach * reach
    };
    let count = living.iter().filter(near).count();
    let chosen = ((u * count as f64) as usize).min(count.saturating_sub(1));
    living.iter().filter(near).nth(chosen).map(|d| d.fibre.unit)
}

/// A fibre as drawn, before it is known whom it follows.
struct Drawn {
    fibre: Fibre,
    excitable: bool,
    sprout: f64,
}

/// The fibres of one square; the flag says whether an orphan's endplate is there to be adopted.
#[derive(Default)]
struct Square {
    living: Vec<Drawn>,
    orphans: Vec<(Drawn, bool)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: usize = 445;

    fn near(p: &FibreParameters, alive: &[bool]) -> Vec<Fibre> {
        MuscleLayout::new(p, UNITS, Seed::new(1)).fibres_near(alive, 1.3, -0.4, 3.0, |_| 1)
    }

    /// Fibre density of single-fibre EMG: fibres of the trigger's unit that the electrode takes up with it, itself included. Its
    /// opening lies on one side of the cannula: the uptake is half a disc of 0.27 mm (Stalberg & Trontelj, from memory).
    fn fibre_density(fibres: &[Fibre]) -> f64 {
        let inner: Vec<&Fibre> = fibres
            .iter()
            .filter(|f| f.supply != Supply::Denervated && (f.x_mm - 1.3).hypot(f.y_mm + 0.4) < 2.0)
            .collect();
        let count: usize = inner
            .iter()
            .map(|f| {
                fibres
                    .iter()
                    .filter(|g| g.unit == f.unit && g.supply != Supply::Denervated)
                    .filter(|g| (g.x_mm - f.x_mm).hypot(g.y_mm - f.y_mm) < 0.27 && g.x_mm >= f.x_mm)
                    .count()
            })
            .sum();
        count as f64 / inner.len() as f64
    }

    #[test]
    fn a_whole_muscle_holds_the_fibres_a_needle_sees() {
        let p = FibreParameters { per_unit: 100.0, ..FibreParameters::default() };
        let layout = MuscleLayout::new(&p, 60, Seed::new(4));
        let all = layout.all_fibres(&[]);
        assert!((all.len() as f64 / 6000.0 - 1.0).abs() < 0.1, "{}", all.len());
        assert!(all.iter().all(|f| f.x_mm.hypot(f.y_mm) <= layout.radius_mm()));
        let near = layout.fibres_near(&[], 0.5, 0.5, 1.0, |_| 1);
        let inside = |f: &&Fibre| f.x_mm.hypot(f.y_mm) < layout.radius_mm();
        assert!(near.iter().filter(inside).count() > 200, "{}", near.len());
        assert!(near.iter().filter(inside).all(|f| all.contains(f)));
        // Every second unit dead and nothing sprouting: theirs are denervated, nobody else moves.
        let alive: Vec<bool> = (0..60).map(|u| u % 2 == 0).collect();
        let left = layout.all_fibres(&alive);
        assert_eq!(left.len(), all.len());
        assert!(left.iter().filter(|f| f.supply == Supply::Own).all(|f| f.unit % 2 == 0 && all.contains(f)));
        let lengths: Vec<f64> = all.iter().map(|f| f.half_length_mm(100.0)).collect();
        let mean = lengths.iter().sum::<f64>() / lengths.len() as f64;
        assert!((mean - 50.0).abs() < 0.5 && lengths.iter().all(|l| (l - 50.0).abs() < 0.34 * 50.0), "{mean}");
    }

    #[test]
    fn healthy_fibre_density_and_packing() {
        let fibres = near(&FibreParameters::default(), &[true; UNITS]);
        let density = fibre_density(&fibres);
        assert!((1.3..=1.7).contains(&density), "fibre density {density}");
        // 3 mm about the needle, of whole squares.
        let packed = fibres.len() as f64 / (std::f64::consts::PI * 9.0);
        assert!((320.0..440.0).contains(&packed), "{packed} fibres per mm2");
    }

    #[test]
    fn loss_is_nested_and_no_loss_leaves_the_bits() {
        let healthy = FibreParameters::default();
        let all = near(&healthy, &[true; UNITS]);
        assert_eq!(
            all,
            near(&FibreParameters { reinnervation: 1.0, fibrillation: 1.0, ..healthy.clone() }, &[true; UNITS])
        );
        let mut outer = all;
        for survival in [0.8, 0.5, 0.2] {
            let inner = near(&FibreParameters { survival, ..healthy.clone() }, &[true; UNITS]);
            assert!(!inner.is_empty() && inner.len() < outer.len());
            assert!(inner.iter().all(|f| outer.contains(f)), "a fibre appeared at survival {survival}");
            outer = inner;
        }
    }

    #[test]
    fn orphans_stay_in_place_and_types_group() {
        let alive: Vec<bool> = (0..UNITS).map(|u| u % 5 == 0).collect();
        let fresh = near(&FibreParameters::default(), &alive);
        let p = FibreParameters { reinnervation: 1.0, ..Default::default() };
        let old = near(&p, &alive);
        assert_eq!(fresh.len(), old.len());
        assert!(old.iter().all(|f| f.supply == Supply::Denervated || alive[f.unit as usize]));
        let share = |f: &[Fibre], s: Supply| f.iter().filter(|f| f.supply == s).count() as f64 / f.len() as f64;
        assert_eq!(share(&fresh, Supply::Adopted), 0.0);
        assert!(share(&old, Supply::Adopted) > 0.55, "{}", share(&old, Supply::Adopted));
        assert!(fibre_density(&old) > 1.6 * fibre_density(&fresh), "{}", fibre_density(&old));
    }

    #[test]
    fn thinning_keeps_the_expected_number() {
        let layout = MuscleLayout::new(&FibreParameters::default(), UNITS, Seed::new(4));
        let all = layout.fibres_near(&[], 0.0, 0.0, 4.0, |_| 1).len() as f64;
        let thin = layout.fibres_near(&[], 0.0, 0.0, 4.0, |r| if r > 1.0 { 5 } else { 1 });
        let stands_for: f64 = thin.iter().map(|f| f.weight).sum();
        assert!((thin.len() as f64) < 0.6 * all && (stands_for / all - 1.0).abs() < 0.05);
    }
}
