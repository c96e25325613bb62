//! Units, rates and potentials found again in synthetic recordings at slight effort.

use tonus_signal::measures::{
    spike::SpikeCriteria,
    unit_train::{recruitment_ratio_hz, unit_trains},
};

const RATE_HZ: f64 = 25_000.0;
const SECONDS: f64 = 10.0;

/// A fixed generator (the constants of Knuth's MMIX).
struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn gauss(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// A potential of a few fibre waves: sum of second derivatives of Gaussians, spread over 3 ms, with a slow part.
fn potential(amplitude_uv: f64, draws: &mut Draws) -> Vec<f64> {
    let parts: Vec<(f64, f64, f64)> =
        (0..4).map(|_| (draws.uniform() * 2.5 - 1.25, 0.15 + 0.25 * draws.uniform(), 0.3 + draws.uniform())).collect();
    let shape: Vec<f64> = (0..500)
        .map(|i| {
            let t = 1e3 * f64::from(i) / RATE_HZ - 8.0;
            let fast: f64 = parts
                .iter()
                .map(|(at, width, size)| {
                    let u = (t - at) / width;
                    -size * (1.0 - u * u) * libm::exp(-0.5 * u * u)
                })
                .sum();
            fast - 0.15 * libm::exp(-0.5 * t * t / 4.0)
        })
        .collect();
    let height = shape.iter().copied().fold(f64::MIN, f64::max) - shape.iter().copied().fold(f64::MAX, f64::min);
    shape.iter().map(|x| x * amplitude_uv / height).collect()
}

fn recording(units: &[(f64, f64)], seed: u64) -> Vec<f64> {
    let mut draws = Draws(seed);
    let mut x: Vec<f64> = (0..(RATE_HZ * SECONDS) as usize).map(|_| 4.0 * draws.gauss()).collect();
    for &(amplitude_uv, rate_hz) in units {
        let shape = potential(amplitude_uv, &mut draws);
        let mut at = draws.uniform() / rate_hz;
        while at < SECONDS {
            let start = (at * RATE_HZ) as usize;
            for (slot, v) in x.iter_mut().skip(start).zip(&shape) {
                *slot += v;
            }
            at += (1.0 + 0.15 * draws.gauss()).max(0.3) / rate_hz;
        }
    }
    x
}

#[test]
fn units_and_rates_are_found_again() {
    let truth = [(900.0, 8.0), (520.0, 9.5), (280.0, 11.0)];
    let mut right = 0;
    for seed in 1..=20 {
        // Two far units below 50 uV are background.
        let all: Vec<_> = truth.iter().copied().chain([(35.0, 10.0), (25.0, 12.0)]).collect();
        let units = unit_trains(&recording(&all, seed), RATE_HZ, &SpikeCriteria::motor_units_uv());
        let rates: Vec<f64> = units.iter().map(|u| u.rate_hz).collect();
        let found = truth.iter().all(|(_, rate)| rates.iter().any(|r| (r / rate - 1.0).abs() < 0.06));
        let amplitudes = truth
            .iter()
            .all(|(a, _)| units.iter().any(|u| u.potential.is_some_and(|p| (p.amplitude_uv / a - 1.0).abs() < 0.1)));
        let ratio = recruitment_ratio_hz(&units).unwrap();
        let good = units.len() == 3 && found && amplitudes && (3.2..4.2).contains(&ratio);
        println!("seed {seed}: {} units, rates {rates:.1?}, ratio {ratio:.2} {good}", units.len());
        right += usize::from(good);
    }
    assert!(right >= 16, "{right} of 20");
}

#[test]
fn one_fast_unit_alone_has_a_high_ratio() {
    for seed in 1..=10 {
        let units = unit_trains(&recording(&[(3_000.0, 22.0)], seed), RATE_HZ, &SpikeCriteria::motor_units_uv());
        assert_eq!(units.len(), 1);
        let ratio = recruitment_ratio_hz(&units).unwrap();
        assert!((20.5..23.5).contains(&ratio), "{ratio}");
    }
}
