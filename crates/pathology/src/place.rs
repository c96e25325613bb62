//! The `where` of a lesion: side, segments, muscles, nerves, stretch of nerve, pattern; and the weight it gives each structure.

use std::fmt;

use tonus_body::{Muscle, SensoryNerve};
use tonus_physiology::math;
use tonus_signal::Side;

use crate::region;
use crate::segments::{Segments, are_of_leg};

/// Share of the severity on the other side of an asymmetric lesion.
pub const OTHER_SIDE_SHARE: f64 = 0.5;

/// Length at which a length-dependent loss has its stated severity, over body height: cord to foot, 1.0 m in 1.70 m (assumed).
const LONGEST_FIBRE_PER_HEIGHT: f64 = 0.6;
/// Scale of the logistic in length, over body height: 0.15 m in 1.70 m (assumed; knee level reached before the fingers' tips).
const LENGTH_SCALE_PER_HEIGHT: f64 = 0.088;
/// Fall of the weight from one end of the proximal-distal gradient to the other, if `gradient` is not given (assumed).
const GRADIENT: f64 = 0.5;
/// Weight of the arms where legs lead, and of the legs where arms lead (assumed).
const SECOND_LIMB: f64 = 0.7;

/// Which side of the BODY is affected. Brain structures too are named by the side of the body they serve:
/// `hemisphere = "left"` in a file is turned round for crossed structures when it is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BodySide {
    /// Both alike.
    Both,
    /// Left only.
    Left,
    /// Right only.
    Right,
    /// The patient's affected side (`--side`).
    Affected,
    /// The other side.
    Unaffected,
    /// The affected side, the other at half the severity.
    Asymmetric,
    /// A weight for each side.
    Weighted {
        /// Weight on the left.
        left: f64,
        /// Weight on the right.
        right: f64,
    },
}

/// The patient's affected side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AffectedSide {
    /// Left.
    Left,
    /// Right; taken if nothing is said.
    #[default]
    Right,
    /// Both, each as badly.
    Both,
}

impl BodySide {
    /// The same for a patient whose affected side is known.
    pub fn resolved(self, affected: AffectedSide) -> Self {
        match (self, affected) {
            (Self::Affected | Self::Asymmetric | Self::Unaffected, AffectedSide::Both) => Self::Both,
            (Self::Affected, AffectedSide::Left) | (Self::Unaffected, AffectedSide::Right) => Self::Left,
            (Self::Affected, AffectedSide::Right) | (Self::Unaffected, AffectedSide::Left) => Self::Right,
            (Self::Asymmetric, AffectedSide::Left) => Self::Weighted { left: 1.0, right: OTHER_SIDE_SHARE },
            (Self::Asymmetric, AffectedSide::Right) => Self::Weighted { left: OTHER_SIDE_SHARE, right: 1.0 },
            (fixed, _) => fixed,
        }
    }

    /// Weight on one side; words that need the patient's side are taken as right-sided.
    pub fn weight(self, side: Side) -> f64 {
        let (left, right) = match self.resolved(AffectedSide::Right) {
            Self::Left => (1.0, 0.0),
            Self::Right => (0.0, 1.0),
            Self::Weighted { left, right } => (left, right),
            _ => (1.0, 1.0),
        };
        match side {
            Side::Left => left,
            Side::Right => right,
        }
    }
}

/// How severity varies along the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Alike everywhere (demyelination: alike in every fibre and stretch).
    Uniform,
    /// Proximal worse: weight 1 - gradient (1 - proximality).
    Proximal,
    /// Distal worse: weight 1 - gradient proximality.
    Distal,
    /// By fibre length: logistic, stated severity at 0.6 x height.
    LengthDependent,
    /// Uneven between fibres and stretches (demyelination, block).
    Patchy,
    /// Legs first: arms 0.7.
    Ascending,
    /// Arms first: legs 0.7.
    Descending,
}

impl Pattern {
    /// Words for it.
    pub(crate) const WORDS: &'static [(&'static str, Self)] = &[
        ("uniform", Self::Uniform),
        ("proximal", Self::Proximal),
        ("distal", Self::Distal),
        ("length_dependent", Self::LengthDependent),
        ("patchy", Self::Patchy),
        ("ascending", Self::Ascending),
        ("legs_first", Self::Ascending),
        ("descending", Self::Descending),
        ("arms_first", Self::Descending),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, p)| *p == self).map_or("uniform", |(word, _)| word)
    }
}

/// Striatal output pathway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pathway {
    /// D2, to the external pallidum.
    Indirect,
    /// D1, to the internal pallidum and nigra.
    Direct,
    /// Both alike.
    Both,
}

/// Where a lesion is.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Side of the body.
    pub side: BodySide,
    /// Segments with weights.
    pub segments: Segments,
    /// Muscles or regions with weights; empty is all.
    pub muscles: Vec<(String, f64)>,
    /// Nerves with weights; empty is all.
    pub nerves: Vec<(String, f64)>,
    /// Stretches of nerve with weights: `root`, `middle`, `terminal`, or a stretch's own name.
    pub stretches: Vec<(String, f64)>,
    /// Patterns; weights multiply.
    pub patterns: Vec<Pattern>,
    /// Fall of the weight over the proximal-distal gradient, 0..1.
    pub gradient: Option<f64>,
    /// Striatal pathway.
    pub pathway: Option<Pathway>,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            side: BodySide::Both,
            segments: Segments::default(),
            muscles: Vec::new(),
            nerves: Vec::new(),
            stretches: Vec::new(),
            patterns: Vec::new(),
            gradient: None,
            pathway: None,
        }
    }
}

impl Place {
    /// Whether a pattern is named.
    pub fn has(&self, pattern: Pattern) -> bool {
        self.patterns.contains(&pattern)
    }

    /// Severity at one muscle: stated severity times the weights of side, segments, muscles, nerves and pattern;
    /// length-dependent through a logistic in length.
    pub fn severity_at_muscle(&self, severity: f64, muscle: &Muscle, side: Side, height_m: f64) -> f64 {
        let is_leg = are_of_leg(&muscle.segments);
        let weight = self.side.weight(side)
            * self.segments.share(&muscle.segments)
            * listed(&self.muscles, &region::of_muscle(&muscle.id, is_leg))
            * listed(&self.nerves, &region::of_motor_nerve(&muscle.id, is_leg))
            * self.gradient_weight(muscle.proximality)
            * self.limb_weight(is_leg);
        self.graded(severity, weight, muscle.nerve_length_m, height_m)
    }

    /// Severity at one sensory nerve.
    pub fn severity_at_sensory_nerve(&self, severity: f64, nerve: &SensoryNerve, side: Side, height_m: f64) -> f64 {
        let is_leg = are_of_leg(&nerve.segments);
        let weight = self.side.weight(side)
            * self.segments.share(&nerve.segments)
            * listed(&self.nerves, &region::of_sensory_nerve(&nerve.id, is_leg))
            * self.gradient_weight(0.0)
            * self.limb_weight(is_leg);
        self.graded(severity, weight, nerve.nerve_length_m, height_m)
    }

    /// Weight of each of `count` stretches of a nerve, cord first. Without stretches named: patchy lies at root and terminal (1) and
    /// half as much between; anything else is alike everywhere.
    pub fn stretch_weights(&self, names: &[&str]) -> Vec<f64> {
        let last = names.len().saturating_sub(1);
        names
            .iter()
            .enumerate()
            .map(|(i, name)| {
                let position = if i == 0 {
                    "root"
                } else if i == last {
                    "terminal"
                } else {
                    "middle"
                };
                if !self.stretches.is_empty() {
                    listed(&self.stretches, &[name, position, "others", "all"])
                } else if self.has(Pattern::Patchy) && position == "middle" {
                    0.5
                } else {
                    1.0
                }
            })
            .collect()
    }

    fn gradient_weight(&self, proximality: f64) -> f64 {
        let gradient = self.gradient.unwrap_or(GRADIENT);
        let proximal = if self.has(Pattern::Proximal) { 1.0 - gradient * (1.0 - proximality) } else { 1.0 };
        let distal = if self.has(Pattern::Distal) { 1.0 - gradient * proximality } else { 1.0 };
        proximal * distal
    }

    fn limb_weight(&self, is_leg: bool) -> f64 {
        let legs_first = if self.has(Pattern::Ascending) && !is_leg { SECOND_LIMB } else { 1.0 };
        let arms_first = if self.has(Pattern::Descending) && is_leg { SECOND_LIMB } else { 1.0 };
        legs_first * arms_first
    }

    fn graded(&self, severity: f64, weight: f64, length_m: f64, height_m: f64) -> f64 {
        let severity = (severity * weight).clamp(0.0, 1.0);
        if self.has(Pattern::LengthDependent) { at_length(severity, length_m, height_m) } else { severity }
    }
}

/// Loss in fibres of `length_m` when the longest (0.6 x height) lose `severity`: the same odds shifted by length,
/// `1 / (1 + (1-s)/s exp((0.6 h - L) / 0.088 h))`.
pub fn at_length(severity: f64, length_m: f64, height_m: f64) -> f64 {
    if severity <= 0.0 {
        return 0.0;
    }
    let shift = (LONGEST_FIBRE_PER_HEIGHT * height_m - length_m) / (LENGTH_SCALE_PER_HEIGHT * height_m);
    1.0 / (1.0 + (1.0 - severity) / severity * math::exp(shift))
}

/// Weight of the most specific word listed; 1 if nothing is listed, 0 if others are.
fn listed(list: &[(String, f64)], words: &[&str]) -> f64 {
    if list.is_empty() {
        return 1.0;
    }
    words.iter().find_map(|word| list.iter().find(|(name, _)| name == word)).map_or(0.0, |(_, weight)| *weight)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        match self.side {
            BodySide::Both => parts.push("both sides".to_owned()),
            BodySide::Left => parts.push("left".to_owned()),
            BodySide::Right => parts.push("right".to_owned()),
            BodySide::Affected => parts.push("affected side".to_owned()),
            BodySide::Unaffected => parts.push("unaffected side".to_owned()),
            BodySide::Asymmetric => parts.push("asymmetric".to_owned()),
            BodySide::Weighted { left, right } => parts.push(format!("left x {left}, right x {right}")),
        }
        if !self.segments.is_everywhere() {
            parts.push(self.segments.to_string());
        }
        for list in [&self.muscles, &self.nerves, &self.stretches] {
            if !list.is_empty() {
                let words: Vec<_> =
                    list.iter().map(|(name, w)| if *w == 1.0 { name.clone() } else { format!("{name} {w}") }).collect();
                parts.push(words.join(", "));
            }
        }
        if !self.patterns.is_empty() {
            parts.push(self.patterns.iter().map(|p| p.name()).collect::<Vec<_>>().join(", "));
        }
        match self.pathway {
            Some(Pathway::Indirect) => parts.push("indirect pathway".to_owned()),
            Some(Pathway::Direct) => parts.push("direct pathway".to_owned()),
            Some(Pathway::Both) => parts.push("both pathways".to_owned()),
            None => {}
        }
        f.write_str(&parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_dependence_spares_the_short_and_grows_with_severity() {
        assert_eq!(at_length(0.0, 1.0, 1.7), 0.0);
        assert!((at_length(0.5, 1.02, 1.7) - 0.5).abs() < 1e-9);
        assert!(at_length(0.5, 0.8, 1.7) < 0.25);
        assert!(at_length(0.5, 0.4, 1.7) < 0.02);
        assert!(at_length(0.9, 0.8, 1.7) > at_length(0.6, 0.8, 1.7));
        assert_eq!(at_length(1.0, 0.2, 1.7), 1.0);
    }

    #[test]
    fn sides_follow_the_patient() {
        assert_eq!(BodySide::Affected.resolved(AffectedSide::Left).weight(Side::Left), 1.0);
        assert_eq!(BodySide::Affected.resolved(AffectedSide::Left).weight(Side::Right), 0.0);
        assert_eq!(BodySide::Asymmetric.resolved(AffectedSide::Left).weight(Side::Right), OTHER_SIDE_SHARE);
        assert_eq!(BodySide::Asymmetric.resolved(AffectedSide::Both).weight(Side::Left), 1.0);
        assert_eq!(BodySide::Both.resolved(AffectedSide::Left).weight(Side::Right), 1.0);
        assert_eq!(BodySide::Left.resolved(AffectedSide::Right).weight(Side::Left), 1.0);
    }

    #[test]
    fn the_most_specific_word_wins() {
        let list = vec![("arm".to_owned(), 0.5), ("hand".to_owned(), 0.9), ("others".to_owned(), 0.1)];
        assert_eq!(listed(&list, &region::of_muscle("palmar_interosseous", false)), 0.9);
        assert_eq!(listed(&list, &region::of_muscle("elbow_flexors", false)), 0.5);
        assert_eq!(listed(&list, &region::of_muscle("quadriceps", true)), 0.1);
    }

    #[test]
    fn patchy_myelin_disease_sits_at_root_and_terminal() {
        let place = Place { patterns: vec![Pattern::Patchy], ..Place::default() };
        assert_eq!(place.stretch_weights(&["root", "arm", "elbow", "hand"]), [1.0, 0.5, 0.5, 1.0]);
        let named = Place { stretches: vec![("elbow".to_owned(), 1.0)], ..Place::default() };
        assert_eq!(named.stretch_weights(&["root", "arm", "elbow", "hand"]), [0.0, 0.0, 1.0, 0.0]);
    }
}
