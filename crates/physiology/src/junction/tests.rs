use super::*;
use crate::random::{Seed, Stream};

/// Some junctions of one muscle, run side by side; the share that fires stands for the compound potential.
#[derive(Clone)]
struct Muscle {
    model: JunctionModel,
    junctions: Vec<(Junction, Stream)>,
}

impl Muscle {
    fn new(quantal_amplitude: f64, release: f64, n: usize) -> Self {
        Self::of(&JunctionParameters { quantal_amplitude, release, scatter: 0.0, ..JunctionParameters::default() }, n)
    }

    fn of(parameters: &JunctionParameters, n: usize) -> Self {
        let seed = Seed::new(11);
        let model = JunctionModel::new(parameters, seed);
        let junctions = (0..n).map(|i| (model.junction(i), seed.index(i).stream("impulses"))).collect();
        Self { model, junctions }
    }

    /// Share of fibres that fire.
    fn fire(&mut self, time_s: f64) -> f64 {
        let fired = self.junctions.iter_mut().filter_map(|(j, s)| j.impulse(&self.model, time_s, s)).count();
        fired as f64 / self.junctions.len() as f64
    }

    /// Mean of something about the endplate potentials.
    fn mean(&mut self, time_s: f64, of: fn(EndplatePotential) -> f64) -> f64 {
        let n = self.junctions.len() as f64;
        self.junctions.iter_mut().map(|(j, s)| of(j.release(time_s, s))).sum::<f64>() / n
    }

    /// A train of `count` impulses from `start_s`; share that fires at each.
    fn train(&mut self, start_s: f64, rate_hz: f64, count: usize) -> Vec<f64> {
        (0..count).map(|i| self.fire(start_s + i as f64 / rate_hz)).collect()
    }
}

#[test]
fn healthy_course_at_3_hz() {
    let mut muscle = Muscle::new(1.0, 1.0, 3000);
    let epp: Vec<f64> = (0..10).map(|i| muscle.mean(f64::from(i) / 3.0, |e| e.peak_mv)).collect();
    assert!((epp[0] - 26.0).abs() < 0.7, "{}", epp[0]);
    for (value, expected) in epp.iter().zip([1.0, 0.92, 0.86, 0.82, 0.81, 0.81, 0.82, 0.84, 0.86, 0.88]) {
        assert!((value / epp[0] - expected).abs() < 0.015, "{epp:?}");
    }
    let threshold = muscle.junctions.iter().map(|(j, _)| j.threshold_mv()).sum::<f64>() / 3000.0;
    assert!((threshold - 6.8).abs() < 0.15, "{threshold}");
    let fired = Muscle::new(1.0, 1.0, 3000).train(0.0, 3.0, 10);
    assert!(fired.iter().all(|f| *f >= 0.997), "{fired:?}");
}

#[test]
fn healthy_quanta_by_rate() {
    for (rate_hz, expected) in [(5.0, 37.0), (10.0, 45.0), (20.0, 69.0), (30.0, 72.0), (50.0, 52.0)] {
        let mut muscle = Muscle::new(1.0, 1.0, 500);
        let quanta = (0..60).map(|i| muscle.mean(f64::from(i) / rate_hz, |e| f64::from(e.quanta))).last();
        assert!(quanta.is_some_and(|q| (q / expected - 1.0).abs() < 0.05), "{rate_hz} {quanta:?}");
    }
}

#[test]
fn smaller_quanta_give_a_decrement_that_then_repairs() {
    let rows = [
        (0.6, 0.99, [0.99, 0.98, 0.98, 0.97, 0.97, 0.98, 0.98, 0.98, 0.99]),
        (0.5, 0.98, [0.99, 0.96, 0.95, 0.94, 0.94, 0.95, 0.96, 0.97, 0.97]),
        (0.4, 0.95, [0.97, 0.92, 0.88, 0.85, 0.87, 0.88, 0.91, 0.92, 0.94]),
        (0.33, 0.88, [0.93, 0.85, 0.80, 0.76, 0.77, 0.79, 0.82, 0.84, 0.88]),
        (0.28, 0.78, [0.88, 0.76, 0.69, 0.64, 0.67, 0.69, 0.72, 0.76, 0.78]),
        (0.2, 0.47, [0.77, 0.59, 0.49, 0.45, 0.46, 0.50, 0.54, 0.58, 0.62]),
    ];
    for (q, first, course) in rows {
        let fired = Muscle::new(q, 1.0, 4000).train(0.0, 3.0, 10);
        assert!((fired[0] - first).abs() < 0.025, "{q} {fired:?}");
        for (value, expected) in fired[1..].iter().zip(course) {
            assert!((value / fired[0] - expected).abs() < 0.03, "{q} {fired:?}");
        }
    }
}

#[test]
fn fewer_quanta_give_a_small_response_that_grows_with_effort() {
    // Multiplier on store and probability, first response, fourth at 3 Hz, after 10 s of effort, end of 2 s at 30 Hz.
    let rows = [
        (0.7, 0.97, 0.95, 1.03, 1.03),
        (0.5, 0.64, 0.84, 1.57, 1.56),
        (0.45, 0.48, 0.82, 2.1, 2.1),
        (0.4, 0.31, 0.80, 3.2, 3.2),
        (0.35, 0.16, 0.80, 6.1, 5.7),
    ];
    for (release, first, fourth, after_effort, fast) in rows {
        let rested = Muscle::new(1.0, release, 3000);
        let slow = rested.clone().train(0.0, 3.0, 4);
        assert!((slow[0] - first).abs() < 0.03, "{release} {slow:?}");
        assert!((slow[3] / slow[0] - fourth).abs() < 0.05, "{release} {slow:?}");
        let last = rested.clone().train(0.0, 30.0, 60)[59];
        assert!((last / slow[0] / fast - 1.0).abs() < 0.12, "{release} {}", last / slow[0]);
        let mut muscle = rested;
        muscle.train(0.0, 30.0, 300);
        let after = muscle.fire(11.0);
        assert!((after / slow[0] / after_effort - 1.0).abs() < 0.12, "{release} {}", after / slow[0]);
    }
}

#[test]
fn transmission_is_worst_minutes_after_effort() {
    let mut muscle = Muscle::new(0.33, 1.0, 800);
    let mut before = muscle.clone();
    let before = before.fire(0.0);
    muscle.train(0.0, 30.0, 1800);
    let at = |minutes: f64| muscle.clone().fire(62.0 + 60.0 * minutes);
    let course = [0.0, 1.0, 2.5, 12.0].map(at);
    assert!(course[0] > before + 0.05, "{before} {course:?}");
    assert!(
        course[2] < before - 0.05 && course[2] <= course[1] + 0.01 && course[3] > course[2] + 0.03,
        "{before} {course:?}"
    );
}

/// Mean consecutive difference (us) of single junctions stimulated 100 times at `rate_hz`; those that mostly block left out.
fn jitter_us(quantal_amplitude: f64, release: f64, rate_hz: f64) -> Vec<f64> {
    let mut muscle = Muscle::new(quantal_amplitude, release, 600);
    let mut jitter: Vec<f64> = muscle
        .junctions
        .iter_mut()
        .filter_map(|(junction, stream)| {
            let delays: Vec<Option<f64>> =
                (0..100).map(|i| junction.impulse(&muscle.model, f64::from(i) / rate_hz, stream)).collect();
            let differences: Vec<f64> =
                delays.windows(2).filter_map(|w| Some((w[1]? - w[0]?).abs() * 1000.0)).collect();
            (differences.len() > 20).then(|| differences.iter().sum::<f64>() / differences.len() as f64)
        })
        .collect();
    jitter.sort_by(f64::total_cmp);
    jitter
}

#[test]
fn jitter_grows_as_the_safety_factor_falls() {
    // Median over junctions at 3 Hz, us (stimulated single-fibre MCD).
    for (q, release, expected) in [
        (1.0, 1.0, 19.2),
        (0.8, 1.0, 24.3),
        (0.6, 1.0, 35.2),
        (0.5, 1.0, 45.9),
        (0.4, 1.0, 65.4),
        (0.33, 1.0, 84.0),
        (1.0, 0.6, 107.0),
    ] {
        let jitter = jitter_us(q, release, 3.0);
        let median = jitter[jitter.len() / 2];
        assert!((median / expected - 1.0).abs() < 0.12, "{q} {release} {median}");
    }
}

#[test]
fn quanta_have_the_variance_of_a_binomial() {
    // Rested each time: mean N p, variance N p (1-p), for the junction's own N.
    let mut muscle = Muscle::new(1.0, 1.0, 5);
    for (junction, stream) in &mut muscle.junctions {
        let rested = junction.clone();
        let counts: Vec<f64> = (0..20_000).map(|_| f64::from(rested.clone().release(0.0, stream).quanta)).collect();
        let mean = counts.iter().sum::<f64>() / 20_000.0;
        let variance = counts.iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / 20_000.0;
        assert!((variance / (mean * 0.88) - 1.0).abs() < 0.05, "{mean} {variance}");
    }
}

#[test]
fn release_takes_from_the_store_and_never_more_than_it_holds() {
    let mut muscle = Muscle::new(1.0, 1.0, 20);
    for (junction, stream) in &mut muscle.junctions {
        let mut released = 0;
        // All at one instant: nothing is refilled, so what comes out is at most the store.
        for _ in 0..200 {
            released += junction.release(0.0, stream).quanta;
        }
        assert!((100..1200).contains(&released), "{released}");
        assert!(junction.release(0.0, stream).quanta <= 1);
        assert!(junction.release(400.0, stream).quanta > 5);
    }
}

#[test]
fn zero_lesion_leaves_the_bits_and_lesions_are_monotone() {
    let healthy = JunctionModel::new(&JunctionParameters::default(), Seed::new(3));
    let unscattered = JunctionParameters { scatter: 0.9, ..JunctionParameters::default() };
    let other = JunctionModel::new(&unscattered, Seed::new(3));
    for i in 0..50 {
        assert_eq!(healthy.junction(i), other.junction(i));
    }
    let fired = |q: f64, release: f64, threshold: f64| {
        let p = JunctionParameters { quantal_amplitude: q, release, threshold, ..JunctionParameters::default() };
        Muscle::of(&p, 1000).train(0.0, 3.0, 5)[4]
    };
    assert!(fired(0.5, 1.0, 1.0) > fired(0.35, 1.0, 1.0) && fired(0.35, 1.0, 1.0) > fired(0.2, 1.0, 1.0));
    assert!(fired(1.0, 0.6, 1.0) > fired(1.0, 0.45, 1.0) && fired(1.0, 0.45, 1.0) > fired(1.0, 0.2, 1.0));
    assert!(fired(0.4, 1.0, 1.0) > fired(0.4, 1.0, 1.4));
    assert_eq!(fired(0.0, 1.0, 1.0), 0.0);
    assert_eq!(fired(1.0, 0.0, 1.0), 0.0);
}

#[test]
fn steady_transmission_by_rate() {
    let model = |q: f64, release: f64| {
        let p = JunctionParameters { quantal_amplitude: q, release, ..JunctionParameters::default() };
        JunctionModel::new(&p, Seed::new(1))
    };
    let healthy = model(1.0, 1.0);
    for rate_hz in [0.0, 1.0, 3.0, 8.0, 25.0, 60.0, 500.0] {
        assert!(healthy.transmission(rate_hz) > 0.99, "{rate_hz}");
    }
    // Post-synaptic: worst near 3 Hz. Pre-synaptic: better at high rate than at rest.
    let post = model(0.3, 1.0);
    assert!(post.transmission(3.0) < post.transmission(0.0) - 0.05);
    let pre = model(1.0, 0.45);
    assert!(pre.transmission(30.0) > pre.transmission(0.0) + 0.2);
    // Between the nodes of the table it is between them; agrees with running the junctions of a muscle.
    let mut muscle = Muscle::of(&JunctionParameters { quantal_amplitude: 0.3, ..JunctionParameters::default() }, 2000);
    let run = muscle.train(0.0, 3.0, 12)[6..].iter().sum::<f64>() / 6.0;
    assert!((post.transmission(3.0) - run).abs() < 0.04, "{} {run}", post.transmission(3.0));
    let (a, b, c) = (post.transmission(3.0), post.transmission(4.0), post.transmission(5.0));
    assert!((b - 0.5 * (a + c)).abs() < 1e-12);
}

#[test]
fn state_can_be_saved_between_impulses() {
    let mut muscle = Muscle::new(0.5, 1.0, 1);
    muscle.train(0.0, 10.0, 7);
    let (junction, mut stream) = muscle.junctions[0].clone();
    let mut same = junction.clone();
    let mut again = stream;
    muscle.fire(0.8);
    let delay = same.impulse(&muscle.model, 0.8, &mut stream);
    assert_eq!(same, muscle.junctions[0].0);
    assert_eq!(junction.clone().impulse(&muscle.model, 0.8, &mut again), delay);
}

#[test]
fn few_calcium_channels_give_few_quanta_that_effort_multiplies() {
    let of = |calcium_channels: f64| {
        Muscle::of(&JunctionParameters { calcium_channels, ..JunctionParameters::default() }, 1500)
    };
    let quanta = |channels: f64| of(channels).mean(0.0, |e| f64::from(e.quanta));
    // Quantal content follows the channels; quantal size does not.
    for channels in [0.5, 0.2, 0.1] {
        assert!((quanta(channels) / quanta(1.0) / channels - 1.0).abs() < 0.05, "{channels} {}", quanta(channels));
    }
    let mut muscle = of(0.15);
    let train = muscle.clone().train(0.0, 3.0, 5);
    assert!(train[0] < 0.5 && train[3] < 0.92 * train[0], "low, and falls at 3 Hz: {train:?}");
    for (junction, _) in &mut muscle.junctions {
        junction.work(0.0, 10.0, 30.0);
    }
    let at = |time_s: f64| muscle.clone().fire(time_s) / train[0];
    assert!(at(12.0) > 1.6, "increment after effort {}", at(12.0));
    assert!((at(100.0) - 1.0).abs() < 0.25, "gone after a minute and a half {}", at(100.0));
}

#[test]
fn work_leaves_what_as_many_impulses_leave() {
    for (q, release) in [(1.0, 1.0), (1.0, 0.4)] {
        let mut drawn = Muscle::new(q, release, 300);
        let mut carried = drawn.clone();
        drawn.train(1.0, 30.0, 600);
        for (junction, _) in &mut carried.junctions {
            junction.work(1.0, 20.0, 30.0);
        }
        for after_s in [0.5, 5.0, 60.0] {
            let quanta = |m: &Muscle| m.clone().mean(21.0 + after_s, |e| f64::from(e.quanta));
            let (a, b) = (quanta(&drawn), quanta(&carried));
            assert!((a / b - 1.0).abs() < 0.04, "{release} {after_s} s: {a} {b}");
        }
    }
}
