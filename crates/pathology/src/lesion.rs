//! A lesion: where, what, how much, since when, by which course.

use crate::course::Course;
use crate::place::{AffectedSide, Place};
use crate::{Mechanism, Site, TimeSpan};

/// How well a number is founded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confidence {
    /// Read in a published text.
    Checked,
    /// General knowledge; verify before quoting.
    #[default]
    Memory,
    /// Chosen by us, with the reason beside it.
    Assumed,
    /// Some of its parts were read, others not (conditions only).
    Mixed,
}

impl Confidence {
    pub(crate) const WORDS: &'static [(&'static str, Self)] =
        &[("checked", Self::Checked), ("memory", Self::Memory), ("assumed", Self::Assumed), ("mixed", Self::Mixed)];

    /// Its word in files.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, c)| *c == self).map_or("memory", |(word, _)| word)
    }
}

/// When a central oscillator is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleasedBy {
    /// At rest, action suppresses it.
    Rest,
    /// In action or posture.
    Action,
}

/// One lesion.
///
/// As read from a file, `severity` is the typical one and `since` is unknown; [`Lesion::now`] gives the lesion of a patient at a time,
/// with the severity it has then and its age. A lesion whose age is unknown is taken as long established.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesion {
    /// Structure.
    pub site: Site,
    /// Where in it.
    pub place: Place,
    /// What changes.
    pub mechanism: Mechanism,
    /// How much, 0..1; meaning by mechanism.
    pub severity: f64,
    /// Mildest of the usual spread.
    pub low: f64,
    /// Worst of the usual spread; courses stop here.
    pub high: f64,
    /// What the severity means here, if more is to be said than the mechanism's own meaning.
    pub meaning: String,
    /// How severity moves with time.
    pub course: Course,
    /// Age of the lesion.
    pub since: Option<TimeSpan>,
    /// Frequency of a central oscillation, Hz.
    pub frequency_hz: Option<f64>,
    /// When a central oscillation is released.
    pub released_by: Option<ReleasedBy>,
    /// Where its numbers are from.
    pub source: String,
    /// How well they are founded.
    pub confidence: Confidence,
}

impl Lesion {
    /// A long-established lesion of everything at a site, both sides.
    pub fn new(site: Site, mechanism: Mechanism, severity: f64) -> Self {
        Self {
            site,
            place: Place::default(),
            mechanism,
            severity,
            low: 0.0,
            high: 1.0,
            meaning: String::new(),
            course: Course::default(),
            since: None,
            frequency_hz: None,
            released_by: None,
            source: String::new(),
            confidence: Confidence::default(),
        }
    }

    /// The same lesion somewhere.
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The same lesion of a known age.
    pub fn aged(mut self, since: TimeSpan) -> Self {
        self.since = Some(since);
        self
    }

    /// The lesion of a patient now.
    ///
    /// - `at`, time since the condition began: severity follows the course, up to `high`; without it, at the time `usual` at which
    ///   patients are usually seen.
    /// - without either: the typical severity.
    /// - `grade` 0..1 scales: 0 none, 0.5 typical, 1 the highest, linear between.
    pub fn now(
        &self,
        at: Option<TimeSpan>,
        usual: Option<TimeSpan>,
        grade: Option<f64>,
        affected: AffectedSide,
    ) -> Self {
        let typical = self.severity;
        let time = at.or(usual);
        let by_course = time.map_or(typical, |time| self.course.severity_at(time, typical, self.high));
        let severity = grade.map_or(by_course, |grade| {
            let graded = self.graded(grade);
            if typical > 0.0 {
                (by_course * (graded / typical)).clamp(0.0, self.high.max(typical))
            } else if by_course > 0.0 || at.is_none() {
                graded
            } else {
                0.0
            }
        });
        let mut now = self.clone();
        now.severity = severity;
        now.since = self.since.or_else(|| time.map(|t| TimeSpan::from_days((t - self.course.onset).days().max(0.0))));
        now.place.side = self.place.side.resolved(affected);
        now
    }

    /// Severity of the typical lesion at a grade: 0 none, 0.5 typical, 1 highest.
    fn graded(&self, grade: f64) -> f64 {
        let grade = grade.clamp(0.0, 1.0);
        if grade <= 0.5 {
            2.0 * grade * self.severity
        } else {
            self.severity + (2.0 * grade - 1.0) * (self.high.max(self.severity) - self.severity)
        }
    }

    /// Mean over the parts of the loss of a function of their age in days; its value for very old loss if the age is unknown.
    pub(crate) fn mean_over_age(&self, of_age_days: impl Fn(f64) -> f64) -> f64 {
        match self.since {
            None => of_age_days(f64::INFINITY),
            Some(since) => self.course.mean_over_age(self.course.onset + since, self.severity, self.high, of_age_days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::CourseKind;

    fn lesion(kind: CourseKind) -> Lesion {
        let mut lesion = Lesion::new(Site::AnteriorHorn, Mechanism::NeuronLoss, 0.6);
        lesion.high = 0.9;
        lesion.course.kind = kind;
        lesion
    }

    fn severity(lesion: &Lesion, at: Option<f64>, grade: Option<f64>) -> f64 {
        let usual = Some(TimeSpan::from_days(180.0));
        lesion.now(at.map(TimeSpan::from_days), usual, grade, AffectedSide::Right).severity
    }

    #[test]
    fn severity_is_graded_piecewise() {
        let l = lesion(CourseKind::Constant);
        let at = |grade| severity(&l, None, Some(grade));
        assert_eq!(at(0.0), 0.0);
        assert_eq!(at(0.25), 0.3);
        assert_eq!(at(0.5), 0.6);
        assert!((at(0.75) - 0.75).abs() < 1e-12);
        assert!((at(1.0) - 0.9).abs() < 1e-12);
    }

    #[test]
    fn without_a_time_it_is_the_usual_one_and_without_that_the_lesion_is_typical() {
        let l = lesion(CourseKind::Exponential { halving: TimeSpan::from_days(90.0), at_onset: 0.0 });
        assert_eq!(severity(&l, None, None), severity(&l, Some(180.0), None));
        assert_eq!(l.now(None, None, None, AffectedSide::Right).severity, 0.6);
        assert!((severity(&l, Some(90.0), None) - 0.5).abs() < 1e-12);
        assert_eq!(severity(&l, Some(9000.0), None), 0.9);
        assert_eq!(severity(&l, Some(90.0), Some(0.0)), 0.0);
        let shock = lesion(CourseKind::Decay { halving: TimeSpan::from_days(5.0) });
        assert!(severity(&shock, None, None) < 1e-10);
        assert_eq!(severity(&shock, Some(0.0), None), 0.6);
    }

    #[test]
    fn the_age_counts_from_the_lesions_own_onset() {
        let mut l = lesion(CourseKind::Step);
        l.course.onset = TimeSpan::from_days(100.0);
        let now = l.now(Some(TimeSpan::from_days(150.0)), None, None, AffectedSide::Right);
        assert_eq!(now.since, Some(TimeSpan::from_days(50.0)));
    }
}
