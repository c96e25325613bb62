//! Spring and damper fitted to the stretched elbow after stroke, against the grade that a rater gives it.

use tonus_body::Sex;
use tonus_pathology::{PatientOptions, TimeSpan, parse_affected_side};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::patient::body_of;
use super::stretch::{Elbow, REST_MS, Stretch};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::correlation;

const ID: &str = "tone.elbow_damper";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Elbow extended at 30 to 180 deg/s after stroke: torque = K (theta - theta0) + B omega, against the Modified Ashworth grade",
    source: "McCrea, Eng & Hodgson 2003 (PMC3473068)",
    measures: &[
        MeasureInfo { name: "damping_grade_r", unit: "r", what: "correlation of B of the affected arm with the grade" },
        MeasureInfo { name: "stiffness_grade_r", unit: "r", what: "correlation of K with the grade" },
        MeasureInfo { name: "damping_affected", unit: "N m s/rad", what: "B, affected arms" },
        MeasureInfo { name: "damping_other", unit: "N m s/rad", what: "B, other arms" },
    ],
    run,
};

/// People, as many as were published, of severities spread evenly: their scatter is not known here.
const PEOPLE: usize = 17;
/// Raters who each grade all of them. The correlation is the mean of those with each rater's grades, so that it does not turn on the
/// errors of one.
const RATERS: usize = 200;
const VELOCITIES_DEG_S: [f64; 3] = [30.0, 90.0, 180.0];
/// From 110 to 40 degrees of flexion.
const FROM_RAD: f64 = 1.92;
const TO_RAD: f64 = 0.698;
/// The rater's stretch: through the range while counting "one thousand and one" (Bohannon & Smith 1987), deg/s.
const RATER_DEG_S: f64 = 70.0;
/// Time over which a hand feels torque, ms (assumed).
const FELT_MS: usize = 50;
/// Torque above the other arm's from which the grades 1, 1+, 2, 3 and 4 are given, N m (assumed: each about twice the last; none is
/// published).
const GRADES_N_M: [f64; 5] = [0.5, 1.0, 2.0, 4.0, 8.0];
/// How far a rater's feeling of a torque is off: SD of its logarithm (assumed: two raters then agree in about four of five arms, as
/// Bohannon & Smith 1987 found: 87 %, from memory).
const RATER_SD: f64 = 0.25;

/// K, N m/rad, and B, N m s/rad, of all stretches together: least squares of torque on extension and speed, at full speed.
fn fit(stretches: &[Stretch], full_rad_s: &[f64]) -> Option<(f64, f64)> {
    let mut rows = Vec::new();
    for (stretch, full) in stretches.iter().zip(full_rad_s) {
        for ms in REST_MS..REST_MS + stretch.moving_ms {
            let speed = -stretch.velocity_rad_s.get(ms)?;
            if speed > 0.98 * full {
                rows.push((FROM_RAD - stretch.angle_rad.get(ms)?, speed, *stretch.torque_n_m.get(ms)?));
            }
        }
    }
    let n = rows.len() as f64;
    let mean = |f: fn(&(f64, f64, f64)) -> f64| rows.iter().map(f).sum::<f64>() / n;
    let (mx, mv, mt) = (mean(|r| r.0), mean(|r| r.1), mean(|r| r.2));
    let sum = |f: &dyn Fn(f64, f64, f64) -> f64| rows.iter().map(|r| f(r.0 - mx, r.1 - mv, r.2 - mt)).sum::<f64>();
    let (xx, vv, xv) = (sum(&|x, _, _| x * x), sum(&|_, v, _| v * v), sum(&|x, v, _| x * v));
    let (xt, vt) = (sum(&|x, _, t| x * t), sum(&|_, v, t| v * t));
    let determinant = xx * vv - xv * xv;
    (determinant > 1e-12).then(|| ((xt * vv - vt * xv) / determinant, (vt * xx - xt * xv) / determinant))
}

/// Largest torque of a stretch that a hand feels, N m.
fn felt(stretch: &Stretch) -> f64 {
    let moving = stretch.torque_n_m.get(REST_MS..REST_MS + stretch.moving_ms).unwrap_or_default();
    moving.windows(FELT_MS).map(|w| w.iter().sum::<f64>() / w.len() as f64).fold(0.0, f64::max)
}

struct Arms {
    /// Largest torque that a hand feels over that of the other arm, N m.
    excess_n_m: f64,
    affected: (f64, f64),
    other: (f64, f64),
}

fn examine(place: usize, seed: Seed) -> Result<Arms, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment: ID, problem };
    let options = PatientOptions {
        at: Some(TimeSpan::from_days(365.0)),
        severity: Some((place as f64 + 0.5) / PEOPLE as f64),
        side: Some(parse_affected_side("right").map_err(|e| fail(e.to_string()))?),
        // Age runs against severity in no order: 5 and 17 have no common factor.
        age_years: Some(45.0 + 2.0 * ((5 * place) % PEOPLE) as f64),
        sex: Some(if place.is_multiple_of(2) { Sex::Male } else { Sex::Female }),
        height_m: None,
    };
    let body = body_of(ID, "stroke-mca", &options)?;
    let speeds = VELOCITIES_DEG_S.map(f64::to_radians);
    let mut fits = Vec::new();
    let mut hand = Vec::new();
    for side in [Side::Right, Side::Left] {
        let elbow = Elbow::new(ID, &body, side, seed.child(side.name()))?;
        let pull =
            |speed: f64, name: usize| elbow.stretch(FROM_RAD, TO_RAD, speed, seed.child(side.name()).index(name));
        let stretches: Vec<Stretch> = speeds.iter().enumerate().map(|(i, speed)| pull(*speed, i)).collect();
        fits.push(fit(&stretches, &speeds).ok_or_else(|| fail("the fit has no solution".to_owned()))?);
        hand.push(felt(&pull(RATER_DEG_S.to_radians(), speeds.len())));
    }
    Ok(Arms { excess_n_m: hand[0] - hand[1], affected: fits[0], other: fits[1] })
}

/// Grade that a rater gives who feels a torque.
fn grade(felt_n_m: f64) -> f64 {
    GRADES_N_M.iter().filter(|limit| felt_n_m >= **limit).count() as f64
}

/// Correlation of each rater's grades with a value of the people; none of a rater who gives all the same.
fn correlations(people: &[Arms], value: impl Fn(&Arms) -> f64, seed: Seed) -> Vec<Option<f64>> {
    let values: Vec<f64> = people.iter().map(value).collect();
    (0..RATERS)
        .map(|rater| {
            let mut stream = seed.index(rater).stream("rater");
            let mut felt = |p: &Arms| p.excess_n_m * tonus_physiology::math::exp(RATER_SD * stream.normal());
            let grades: Vec<f64> = people.iter().map(|p| grade(felt(p))).collect();
            correlation(&grades, &values)
        })
        .collect()
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let people = (0..PEOPLE).map(|i| examine(i, seed.index(i))).collect::<Result<Vec<_>, _>>()?;
    let against = |f: fn(&Arms) -> f64| people.iter().map(|p| (grade(p.excess_n_m), f(p))).collect::<Vec<_>>();
    let (damping, stiffness) = (against(|p| p.affected.1), against(|p| p.affected.0));
    let title = "grade of a rater without error (0, 1, 1+, 2, 3, 4)";
    let panels = vec![
        Panel::new("Damping", title, "B (N m s/rad)").with("affected", Mark::Dots, damping.clone()).with(
            "other arm",
            Mark::Dots,
            against(|p| p.other.1),
        ),
        Panel::new("Stiffness", title, "K (N m/rad)").with("affected", Mark::Dots, stiffness.clone()).with(
            "other arm",
            Mark::Dots,
            against(|p| p.other.0),
        ),
    ];
    let all = |f: fn(&Arms) -> f64| people.iter().map(f).collect::<Vec<_>>();
    let values = vec![
        Value { n: PEOPLE, ..Value::of("damping_grade_r", &correlations(&people, |p| p.affected.1, seed)) },
        Value { n: PEOPLE, ..Value::of("stiffness_grade_r", &correlations(&people, |p| p.affected.0, seed)) },
        Value::mean_of("damping_affected", &all(|p| p.affected.1)),
        Value::mean_of("damping_other", &all(|p| p.other.1)),
    ];
    Ok(Observation { values, figure: Figure { panels } })
}
