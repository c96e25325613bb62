//! Courses: how severity moves with the time since the condition began.

use std::fmt;

use tonus_physiology::math;

use crate::TimeSpan;

/// ln 2.
const LN_2: f64 = std::f64::consts::LN_2;

/// Shape of a course. Times count from the course's onset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CourseKind {
    /// Typical severity from birth or onset.
    Constant,
    /// None before onset, typical after.
    Step,
    /// Remaining function halves: s = 1 - (1 - at_onset) 2^(-t/halving), up to the highest severity.
    Exponential {
        /// Time in which half of what is left is lost.
        halving: TimeSpan,
        /// Severity when symptoms begin: what was lost in silence.
        at_onset: f64,
    },
    /// Severity itself halves: s = typical 2^(-t/halving) (spinal shock).
    Decay {
        /// Time in which severity halves.
        halving: TimeSpan,
    },
    /// s = at_onset + per_year t, up to the highest severity.
    Linear {
        /// Rise per year.
        per_year: f64,
        /// Severity when symptoms begin: what was lost in silence.
        at_onset: f64,
    },
    /// s = typical / (1 + exp(-(t-midpoint)/width)).
    Sigmoid {
        /// Time of half the typical severity.
        midpoint: TimeSpan,
        /// Width.
        width: TimeSpan,
    },
    /// Typical at onset, then s = typical (residual + (1-residual) exp(-t/recovery_tau)).
    StepRecovery {
        /// Time constant of recovery.
        recovery_tau: TimeSpan,
        /// Share that stays.
        residual_fraction: f64,
    },
    /// Rises linearly to typical, stays, recovers to the residual.
    Monophasic {
        /// Time to the nadir.
        rise: TimeSpan,
        /// Time at the nadir.
        plateau: TimeSpan,
        /// Time constant of recovery.
        recovery_tau: TimeSpan,
        /// Share that stays.
        residual_fraction: f64,
    },
    /// Relapses at their mean interval, the first at onset, each monophasic to typical; residuals add up.
    Relapsing {
        /// Relapses per year.
        rate_per_year: f64,
        /// Time to the nadir.
        rise: TimeSpan,
        /// Time at the nadir.
        plateau: TimeSpan,
        /// Time constant of recovery.
        recovery_tau: TimeSpan,
        /// Share that stays.
        residual_fraction: f64,
    },
    /// Attacks of typical severity, the first at onset.
    Episodic {
        /// Length of an attack.
        duration: TimeSpan,
        /// From attack to attack.
        interval: TimeSpan,
    },
    /// Typical, varying within the day with use and rest; taken as it is before the day's use.
    Fluctuating,
    /// Present from birth at the typical severity.
    Developmental,
    /// Steps at their mean interval of a year, each of per_year, up to the highest severity.
    Stepwise {
        /// Rise per year.
        per_year: f64,
    },
}

/// A course: its shape and when it starts, counted from the condition's onset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Shape.
    pub kind: CourseKind,
    /// Start.
    pub onset: TimeSpan,
}

impl Default for Course {
    fn default() -> Self {
        Self { kind: CourseKind::Constant, onset: TimeSpan::ZERO }
    }
}

impl Course {
    /// Severity at time `at` since the condition began, 0..`high`.
    pub fn severity_at(&self, at: TimeSpan, typical: f64, high: f64) -> f64 {
        let days = (at - self.onset).days();
        let from_birth =
            matches!(self.kind, CourseKind::Constant | CourseKind::Developmental | CourseKind::Fluctuating);
        if days < 0.0 && !from_birth {
            return 0.0;
        }
        let years = days / TimeSpan::from_years(1.0).days();
        let severity = match self.kind {
            CourseKind::Constant | CourseKind::Step | CourseKind::Fluctuating | CourseKind::Developmental => typical,
            CourseKind::Exponential { halving, at_onset } => {
                1.0 - (1.0 - at_onset) * math::exp(-LN_2 * days / halving.days())
            }
            CourseKind::Decay { halving } => typical * math::exp(-LN_2 * days / halving.days()),
            CourseKind::Linear { per_year, at_onset } => at_onset + per_year * years,
            CourseKind::Sigmoid { midpoint, width } => {
                typical / (1.0 + math::exp(-(days - midpoint.days()) / width.days()))
            }
            CourseKind::StepRecovery { recovery_tau, residual_fraction } => {
                typical * recovery(days, recovery_tau, residual_fraction)
            }
            CourseKind::Monophasic { rise, plateau, recovery_tau, residual_fraction } => {
                typical * monophasic(days, rise, plateau, recovery_tau, residual_fraction)
            }
            CourseKind::Relapsing { rate_per_year, rise, plateau, recovery_tau, residual_fraction } => {
                let relapses = (years * rate_per_year).floor().clamp(0.0, 1000.0) as u32;
                let interval = TimeSpan::from_years(1.0).days() / rate_per_year;
                let sum: f64 = (0..=relapses)
                    .map(|k| monophasic(days - f64::from(k) * interval, rise, plateau, recovery_tau, residual_fraction))
                    .sum();
                typical * sum
            }
            CourseKind::Episodic { duration, interval } => {
                if days.rem_euclid(interval.days()) < duration.days() {
                    typical
                } else {
                    0.0
                }
            }
            CourseKind::Stepwise { per_year } => per_year * (years.floor() + 1.0),
        };
        if severity.is_nan() { 0.0 } else { severity.clamp(0.0, high) }
    }

    /// Mean over the loss there is at `at` of a function of each part's age in days: new loss is young, old loss is old.
    /// A course that does not rise counts as lost all at once at its onset.
    pub fn mean_over_age(&self, at: TimeSpan, typical: f64, high: f64, of_age_days: impl Fn(f64) -> f64) -> f64 {
        const STEPS: usize = 200;
        let days = (at - self.onset).days().max(0.0);
        let severity = |days: f64| self.severity_at(self.onset + TimeSpan::from_days(days), typical, high);
        let (mut lost, mut sum) = (severity(0.0), 0.0);
        sum += lost * of_age_days(days);
        let mut gained = lost;
        for step in 1..=STEPS {
            let time = days * step as f64 / STEPS as f64;
            let now = severity(time);
            let rise = (now - lost).max(0.0);
            sum += rise * of_age_days(days - time + 0.5 * days / STEPS as f64);
            gained += rise;
            lost = now;
        }
        if gained > 0.0 { sum / gained } else { of_age_days(days) }
    }
}

fn recovery(days: f64, tau: TimeSpan, residual: f64) -> f64 {
    residual + (1.0 - residual) * math::exp(-days / tau.days())
}

fn monophasic(days: f64, rise: TimeSpan, plateau: TimeSpan, tau: TimeSpan, residual: f64) -> f64 {
    let after = days - rise.days() - plateau.days();
    if days < 0.0 {
        0.0
    } else if days < rise.days() {
        days / rise.days()
    } else if after <= 0.0 {
        1.0
    } else {
        recovery(after, tau, residual)
    }
}

fn from_onset(f: &mut fmt::Formatter<'_>, at_onset: f64) -> fmt::Result {
    if at_onset > 0.0 { write!(f, "{at_onset} at onset, ") } else { Ok(()) }
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            CourseKind::Constant => write!(f, "constant"),
            CourseKind::Step => write!(f, "all at once"),
            CourseKind::Exponential { halving, at_onset } => {
                from_onset(f, at_onset)?;
                write!(f, "half of the rest lost every {halving}")
            }
            CourseKind::Decay { halving } => write!(f, "fades by half every {halving}"),
            CourseKind::Linear { per_year, at_onset } => {
                from_onset(f, at_onset)?;
                write!(f, "+{per_year} a year")
            }
            CourseKind::Sigmoid { midpoint, .. } => write!(f, "sigmoid, half at {midpoint}"),
            CourseKind::StepRecovery { recovery_tau, residual_fraction } => {
                write!(f, "at once, recovers to {residual_fraction} of it with time constant {recovery_tau}")
            }
            CourseKind::Monophasic { rise, plateau, recovery_tau, residual_fraction } => {
                write!(
                    f,
                    "rises over {rise}, stays {plateau}, recovers to {residual_fraction} of it with time constant {recovery_tau}"
                )
            }
            CourseKind::Relapsing { rate_per_year, .. } => write!(f, "{rate_per_year} relapses a year"),
            CourseKind::Episodic { duration, interval } => write!(f, "attacks of {duration} every {interval}"),
            CourseKind::Fluctuating => write!(f, "varies within the day"),
            CourseKind::Developmental => write!(f, "from birth"),
            CourseKind::Stepwise { per_year } => write!(f, "in steps, {per_year} a year"),
        }?;
        if self.onset == TimeSpan::ZERO { Ok(()) } else { write!(f, ", from {}", self.onset) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(d: f64) -> TimeSpan {
        TimeSpan::from_days(d)
    }

    fn course(kind: CourseKind) -> Course {
        Course { kind, onset: TimeSpan::ZERO }
    }

    fn every_kind() -> Vec<CourseKind> {
        let (d, residual_fraction) = (days, 0.3);
        vec![
            CourseKind::Constant,
            CourseKind::Step,
            CourseKind::Exponential { halving: d(90.0), at_onset: 0.0 },
            CourseKind::Decay { halving: d(5.0) },
            CourseKind::Linear { per_year: 0.2, at_onset: 0.0 },
            CourseKind::Sigmoid { midpoint: d(90.0), width: d(30.0) },
            CourseKind::StepRecovery { recovery_tau: d(25.0), residual_fraction },
            CourseKind::Monophasic { rise: d(10.0), plateau: d(14.0), recovery_tau: d(60.0), residual_fraction },
            CourseKind::Monophasic { rise: d(0.0), plateau: d(0.0), recovery_tau: d(60.0), residual_fraction },
            CourseKind::Relapsing {
                rate_per_year: 0.5,
                rise: d(7.0),
                plateau: d(0.0),
                recovery_tau: d(42.0),
                residual_fraction,
            },
            CourseKind::Episodic { duration: d(1.0), interval: d(30.0) },
            CourseKind::Fluctuating,
            CourseKind::Developmental,
            CourseKind::Stepwise { per_year: 0.08 },
        ]
    }

    #[test]
    fn every_course_stays_within_its_limits() {
        for kind in every_kind() {
            for t in 0..4000 {
                let s = course(kind).severity_at(days(f64::from(t) - 50.0), 0.6, 0.8);
                assert!((0.0..=0.8).contains(&s), "{kind:?} at {t}: {s}");
            }
        }
    }

    #[test]
    fn formulas() {
        let at = |kind, t: f64| course(kind).severity_at(days(t), 0.6, 1.0);
        assert!((at(CourseKind::Exponential { halving: days(100.0), at_onset: 0.0 }, 200.0) - 0.75).abs() < 1e-12);
        assert!((at(CourseKind::Decay { halving: days(5.0) }, 5.0) - 0.3).abs() < 1e-12);
        assert!((at(CourseKind::Linear { per_year: 0.1, at_onset: 0.0 }, 365.25) - 0.1).abs() < 1e-12);
        assert_eq!(at(CourseKind::Linear { per_year: 0.1, at_onset: 0.2 }, 0.0), 0.2);
        let late = CourseKind::Exponential { halving: days(100.0), at_onset: 0.5 };
        assert!((at(late, 0.0) - 0.5).abs() < 1e-12 && (at(late, 100.0) - 0.75).abs() < 1e-12);
        assert!((at(CourseKind::Sigmoid { midpoint: days(10.0), width: days(2.0) }, 10.0) - 0.3).abs() < 1e-12);
        let recovering = CourseKind::StepRecovery { recovery_tau: days(25.0), residual_fraction: 0.4 };
        assert_eq!(at(recovering, 0.0), 0.6);
        assert!((at(recovering, 1e6) - 0.24).abs() < 1e-12);
        let one = CourseKind::Monophasic {
            rise: days(10.0),
            plateau: days(14.0),
            recovery_tau: days(60.0),
            residual_fraction: 0.1,
        };
        assert!((at(one, 5.0) - 0.3).abs() < 1e-12);
        assert_eq!(at(one, 20.0), 0.6);
        assert!((at(one, 1e6) - 0.06).abs() < 1e-12);
        assert_eq!(at(CourseKind::Step, -1.0), 0.0);
        assert_eq!(at(CourseKind::Developmental, -1.0), 0.6);
    }

    #[test]
    fn a_late_onset_shifts_the_course() {
        let late = Course { kind: CourseKind::Exponential { halving: days(100.0), at_onset: 0.0 }, onset: days(300.0) };
        assert_eq!(late.severity_at(days(299.0), 0.5, 1.0), 0.0);
        assert!((late.severity_at(days(400.0), 0.5, 1.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn age_of_loss() {
        let step = course(CourseKind::Step);
        assert_eq!(step.mean_over_age(days(40.0), 0.5, 1.0, |age| age), 40.0);
        // Linear loss over 100 days is 50 days old on average.
        let linear = course(CourseKind::Linear { per_year: 0.5, at_onset: 0.0 });
        assert!((linear.mean_over_age(days(100.0), 0.5, 1.0, |age| age) - 50.0).abs() < 1.0);
    }
}
