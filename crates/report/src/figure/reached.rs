//! Which drawn structures a lesion reaches, read from its line: site, body side, and the words of its place.

use tonus_signal::Side;

use crate::LesionLine;

/// Cranial motor nuclei, then the segments of the cord, rostral first.
const ORDER: [&str; 39] = [
    "III", "IV", "V", "VI", "VII", "IX", "X", "XI", "XII", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "T1", "T2",
    "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5", "S1", "S2", "S3",
    "S4", "S5",
];

/// Where the cord begins in [`ORDER`].
pub(crate) const CORD: usize = 9;

/// Segments of the cord.
pub(crate) fn segments() -> impl Iterator<Item = (usize, &'static str)> {
    ORDER.iter().copied().enumerate().skip(CORD)
}

/// Parts of a limb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Region {
    Shoulder,
    UpperArm,
    Forearm,
    Hand,
    Thigh,
    LowerLeg,
}

impl Region {
    pub(crate) const ALL: [Self; 6] =
        [Self::Shoulder, Self::UpperArm, Self::Forearm, Self::Hand, Self::Thigh, Self::LowerLeg];

    fn is_arm(self) -> bool {
        !matches!(self, Self::Thigh | Self::LowerLeg)
    }

    fn is_distal(self) -> bool {
        matches!(self, Self::Forearm | Self::Hand | Self::LowerLeg)
    }

    /// Main motor segments (textbook).
    fn segments(self) -> (&'static str, &'static str) {
        match self {
            Self::Shoulder => ("C3", "C5"),
            Self::UpperArm => ("C5", "C7"),
            Self::Forearm => ("C6", "C8"),
            Self::Hand => ("C8", "T1"),
            Self::Thigh => ("L2", "L5"),
            Self::LowerLeg => ("L4", "S2"),
        }
    }

    /// Length of its nerve from the cord, share of body height (assumed, middle of the region).
    fn nerve_per_height(self) -> f64 {
        match self {
            Self::Shoulder => 0.12,
            Self::UpperArm => 0.20,
            Self::Forearm => 0.30,
            Self::Hand => 0.42,
            Self::Thigh => 0.35,
            Self::LowerLeg => 0.56,
        }
    }
}

/// A structure of the figure; each exists on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Hemisphere,
    Cortex,
    Tract,
    Striatum,
    Nigra,
    Thalamus,
    Brainstem,
    CranialNuclei,
    Cerebellum,
    Vermis,
    Face,
    CordTract(usize),
    Horn(usize),
    VentralRoot(usize),
    DorsalRoot(usize),
    Ganglion(usize),
    Plexus(bool),
    Nerve(Region),
    Junction(Region),
    Muscle(Region),
    Chest,
    Phrenic,
}

/// Words that name parts of a limb, muscles and nerves of the body.
const REGIONS: &[(&[&str], &[Region])] = {
    use Region::{Forearm, Hand, LowerLeg, Shoulder, Thigh, UpperArm};
    &[
        (
            &[
                "first_dorsal_interosseous",
                "palmar_interosseous",
                "abductor_digiti_minimi",
                "abductor_pollicis_brevis",
                "thenar_side",
                "hand",
                "ulnar_digit_5",
                "median_digit_2",
                "superficial_radial",
            ],
            &[Hand],
        ),
        (&["wrist_flexors", "wrist_extensors", "forearm"], &[Forearm]),
        (&["elbow_flexors", "elbow_extensors", "upper_arm", "musculocutaneous"], &[UpperArm]),
        (&["trapezius", "neck", "shoulder", "accessory"], &[Shoulder]),
        (&["proximal_arm"], &[Shoulder, UpperArm]),
        (&["arm"], &[Shoulder, UpperArm, Forearm, Hand]),
        (&["ulnar", "median"], &[Forearm, Hand]),
        (&["radial", "elbow"], &[UpperArm, Forearm]),
        (
            &["quadriceps", "hamstrings", "knee_extensors", "knee_flexors", "thigh", "proximal_leg", "hip", "femoral"],
            &[Thigh],
        ),
        (
            &[
                "tibialis_anterior",
                "plantarflexors",
                "shin",
                "calf",
                "lower_leg",
                "foot",
                "extensor_digitorum_brevis",
                "abductor_hallucis",
                "fibular",
                "tibial",
                "sural",
                "superficial_fibular",
            ],
            &[LowerLeg],
        ),
        (&["leg"], &[Thigh, LowerLeg]),
        (&["sciatic"], &[Thigh, LowerLeg]),
    ]
};

/// The words of a place.
#[derive(Clone, Debug, Default)]
struct Place {
    left: f64,
    right: f64,
    segments: Vec<(usize, usize, f64)>,
    regions: Vec<(&'static [Region], f64)>,
    others: Option<f64>,
    patterns: Vec<String>,
}

impl Place {
    fn read(line: &LesionLine) -> Self {
        let (left, right) = match line.side.as_str() {
            "left" => (1.0, 0.0),
            "right" => (0.0, 1.0),
            _ => (1.0, 1.0),
        };
        let mut place = Self { left, right, ..Self::default() };
        for token in line.place.split([';', ',']).map(str::trim).filter(|t| !t.is_empty()) {
            place.token(token);
        }
        place
    }

    fn token(&mut self, token: &str) {
        let (word, weight) = weighted(token);
        match word {
            "left" if token.contains(" x ") => self.left = weight,
            "right" if token.contains(" x ") => self.right = weight,
            "others" | "all" => self.others = Some(weight),
            "proximal" | "distal" | "length_dependent" | "ascending" | "legs_first" | "descending" | "arms_first" => {
                self.patterns.push(word.to_owned());
            }
            _ => {
                if let Some((first, last)) = range(word) {
                    self.segments.push((first, last, weight));
                } else if let Some((_, regions)) = REGIONS.iter().find(|(names, _)| names.contains(&word)) {
                    self.regions.push((regions, weight));
                }
            }
        }
    }

    fn side(&self, side: Side) -> f64 {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }

    fn segment(&self, at: usize) -> f64 {
        if self.segments.is_empty() {
            return 1.0;
        }
        let here = self.segments.iter().filter(|(first, last, _)| (*first..=*last).contains(&at));
        here.map(|(_, _, w)| *w).fold(0.0, f64::max)
    }

    /// Severity in a part of a limb.
    fn region(&self, severity: f64, region: Region) -> f64 {
        let listed = if self.regions.is_empty() {
            self.others.unwrap_or(1.0)
        } else {
            let named = self.regions.iter().filter(|(list, _)| list.contains(&region)).map(|(_, w)| *w);
            named.fold(None, |m: Option<f64>, w| Some(m.map_or(w, |m| m.max(w)))).or(self.others).unwrap_or(0.0)
        };
        let (first, last) = region.segments();
        let of_segments = match range(&format!("{first}..{last}")) {
            Some((first, last)) => (first..=last).map(|s| self.segment(s)).fold(0.0, f64::max),
            None => 1.0,
        };
        let mut severity = (severity * listed * of_segments).clamp(0.0, 1.0);
        for pattern in &self.patterns {
            severity = match pattern.as_str() {
                // Weights of the other end and the second limb: as the lesions are applied.
                "proximal" if region.is_distal() => 0.5 * severity,
                "distal" if !region.is_distal() => 0.5 * severity,
                "ascending" | "legs_first" if region.is_arm() => 0.7 * severity,
                "descending" | "arms_first" if !region.is_arm() => 0.7 * severity,
                "length_dependent" => at_length(severity, region.nerve_per_height()),
                _ => severity,
            };
        }
        severity
    }
}

/// Loss in a fibre of this length when one of 0.6 x height loses `severity`: the same odds, shifted by length on a scale of 0.088 x height.
fn at_length(severity: f64, per_height: f64) -> f64 {
    if severity <= 0.0 {
        return 0.0;
    }
    1.0 / (1.0 + (1.0 - severity) / severity * libm::exp((0.6 - per_height) / 0.088))
}

/// A word with its weight: `hand (0.5)`, `hand 0.5`, `left x 0.5`; 1 if none is given.
fn weighted(token: &str) -> (&str, f64) {
    if let Some((word, weight)) = token.split_once('(') {
        let weight = weight.trim_end_matches(')').trim().parse().ok();
        return (word.trim(), weight.unwrap_or(1.0));
    }
    if let Some((word, weight)) = token.rsplit_once(' ')
        && let Ok(weight) = weight.parse::<f64>()
    {
        return (word.trim_end_matches(" x").trim(), weight);
    }
    (token, 1.0)
}

/// `C5..T1` or `C6` as places in [`ORDER`].
fn range(word: &str) -> Option<(usize, usize)> {
    let at = |name: &str| ORDER.iter().position(|s| *s == name.trim());
    match word.split_once("..") {
        Some((first, last)) => Some((at(first)?, at(last)?)),
        None => at(word).map(|i| (i, i)),
    }
}

/// Mechanisms that say how other lesions go on; the structure they are listed at is not injured by them.
const NO_INJURY: &[&str] = &["spread", "sprouting_limit"];

/// Structures reached with their severity, 0 < severity <= 1. Cerebral structures are those of the other side from the limbs they serve.
pub(crate) fn reached(line: &LesionLine) -> Vec<(Part, Side, f64)> {
    if NO_INJURY.contains(&line.mechanism.as_str()) {
        return Vec::new();
    }
    let place = Place::read(line);
    let severity = line.severity.clamp(0.0, 1.0);
    let mut out = Vec::new();
    for side in Side::BOTH {
        let here = severity * place.side(side);
        let mut add = |part: Part, side: Side, severity: f64| {
            if severity > 0.0 {
                out.push((part, side, severity));
            }
        };
        let cord = || segments().map(|(at, _)| at);
        match line.site.as_str() {
            // Above the pyramidal decussation; cerebellum and all below lie on the side of the limbs.
            "motor_cortex" => add(Part::Cortex, side.other(), here),
            "corticospinal_tract" | "corticobulbar_tract" | "upper_motor_neuron" => {
                add(Part::Tract, side.other(), here)
            }
            "white_matter_frontal" | "brain_diffuse" | "diffuse_brain" | "ventricles" | "meninges" => {
                add(Part::Hemisphere, side.other(), here);
            }
            "striatum" | "basal_ganglia" => add(Part::Striatum, side.other(), here),
            "substantia_nigra" => add(Part::Nigra, side.other(), here),
            "tremor_oscillator" => add(Part::Thalamus, side.other(), here),
            "brainstem_pons" => add(Part::Brainstem, side.other(), here),
            "brainstem"
            | "brainstem_ocular"
            | "brainstem_postural"
            | "brainstem_vestibular"
            | "brainstem_reticular"
            | "brainstem_interneurons" => add(Part::Brainstem, side, here),
            "cranial_nuclei" => add(Part::CranialNuclei, side, here),
            "cerebellar_hemisphere" | "cerebellum" | "cerebellar_peduncle" | "posterior_fossa" => {
                add(Part::Cerebellum, side, here);
            }
            "cerebellar_vermis" => add(Part::Vermis, side, here),
            "cranial_nerves" | "cranial_muscle" | "extraocular_muscle" => add(Part::Face, side, here),
            "spinal_cord"
            | "dorsal_columns"
            | "spinothalamic_tract"
            | "spinocerebellar_tract"
            | "spinal_interneurons" => {
                for at in cord() {
                    add(Part::CordTract(at), side, here * place.segment(at));
                }
            }
            "anterior_horn" => {
                for at in cord() {
                    add(Part::Horn(at), side, here * place.segment(at));
                }
                let cranial = (0..CORD).map(|at| place.segment(at)).fold(0.0, f64::max);
                if !place.segments.is_empty() {
                    add(Part::CranialNuclei, side, here * cranial);
                }
            }
            "ventral_root" => cord().for_each(|at| add(Part::VentralRoot(at), side, here * place.segment(at))),
            "dorsal_root" => cord().for_each(|at| add(Part::DorsalRoot(at), side, here * place.segment(at))),
            "dorsal_root_ganglion" => cord().for_each(|at| add(Part::Ganglion(at), side, here * place.segment(at))),
            "plexus" => {
                for is_arm in [true, false] {
                    let regions = Region::ALL.iter().filter(|r| r.is_arm() == is_arm);
                    add(Part::Plexus(is_arm), side, regions.map(|r| place.region(here, *r)).fold(0.0, f64::max));
                }
            }
            "peripheral_nerve" | "nerve_motor" | "nerve_sensory" => {
                Region::ALL.iter().for_each(|r| add(Part::Nerve(*r), side, place.region(here, *r)));
            }
            "junction" | "neuromuscular_junction" => {
                Region::ALL.iter().for_each(|r| add(Part::Junction(*r), side, place.region(here, *r)));
            }
            "muscle" => Region::ALL.iter().for_each(|r| add(Part::Muscle(*r), side, place.region(here, *r))),
            "respiratory_muscle" => add(Part::Chest, side, here),
            "phrenic_nerve" => add(Part::Phrenic, side, here),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(site: &str, side: &str, place: &str) -> LesionLine {
        LesionLine {
            site: site.to_owned(),
            mechanism: String::new(),
            severity: 0.8,
            place: place.to_owned(),
            side: side.to_owned(),
            meaning: String::new(),
            source: String::new(),
        }
    }

    #[test]
    fn the_brain_is_crossed_and_the_cerebellum_is_not() {
        assert_eq!(reached(&line("striatum", "right", "right")), [(Part::Striatum, Side::Left, 0.8)]);
        assert_eq!(reached(&line("corticospinal_tract", "left", "left")), [(Part::Tract, Side::Right, 0.8)]);
        assert_eq!(reached(&line("cerebellar_hemisphere", "right", "right")), [(Part::Cerebellum, Side::Right, 0.8)]);
        assert_eq!(reached(&line("effort", "both", "both sides")), []);
    }

    #[test]
    fn segments_sides_and_regions_are_weighted() {
        let horn = reached(&line("anterior_horn", "both", "both sides; C5..T1 (0.5), L2"));
        assert_eq!(horn.len(), 2 * (5 + 1));
        assert!(horn.iter().all(|(p, _, s)| matches!(p, Part::Horn(_)) && (*s == 0.4 || *s == 0.8)));
        let sides = reached(&line("muscle", "both", "left x 1, right x 0.5; thigh"));
        assert_eq!(
            sides,
            [(Part::Muscle(Region::Thigh), Side::Right, 0.4), (Part::Muscle(Region::Thigh), Side::Left, 0.8)]
        );
        let others = reached(&line("muscle", "left", "left; hand 0.9, others 0.1"));
        assert_eq!(others.len(), 6);
        let bulbar = reached(&line("anterior_horn", "left", "left; V..XII"));
        assert_eq!(bulbar, [(Part::CranialNuclei, Side::Left, 0.8)]);
    }

    #[test]
    fn the_longest_fibres_are_worst() {
        let nerves = reached(&line("peripheral_nerve", "left", "left; length_dependent"));
        let of = |r| nerves.iter().find(|(p, ..)| *p == Part::Nerve(r)).map_or(0.0, |(_, _, s)| *s);
        assert!(of(Region::LowerLeg) > of(Region::Hand) && of(Region::Hand) > of(Region::Shoulder));
    }
}
