//! How many impulses get through at a steady rate: a table for loops that cannot run every endplate.

use super::model::JunctionModel;
use crate::math;
use crate::random::Seed;

/// Rates of the table, Hz.
const RATES_HZ: [f64; 13] = [0.0, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 40.0, 60.0, 100.0];
/// Impulses run at each rate, about: few junctions where trains are long, many where they are short.
const IMPULSES: usize = 12_000;
/// Fewest and most junctions at a rate, spread evenly over store, safety factor and quantal amplitude.
const JUNCTIONS: (usize, usize) = (128, 600);
/// Length of each train, s; its second half counts.
const TRAIN_S: f64 = 4.0;

/// Fraction of impulses that fire the fibre, by rate.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TransmissionTable {
    fraction: [f64; RATES_HZ.len()],
}

impl TransmissionTable {
    /// Runs the trains. The draws are the same for every model, so that a milder lesion never transmits less by chance of the draw alone.
    pub fn new(model: &JunctionModel) -> Self {
        Self { fraction: RATES_HZ.map(|rate_hz| fraction_at(model, rate_hz)) }
    }

    /// Linear between the rates, constant above the last.
    pub fn at(&self, rate_hz: f64) -> f64 {
        let above = RATES_HZ.iter().position(|&r| r >= rate_hz).unwrap_or(RATES_HZ.len() - 1);
        if above == 0 {
            return self.fraction[0];
        }
        let (low, high) = (RATES_HZ[above - 1], RATES_HZ[above]);
        let part = ((rate_hz - low) / (high - low)).min(1.0);
        self.fraction[above - 1] + part * (self.fraction[above] - self.fraction[above - 1])
    }
}

fn fraction_at(model: &JunctionModel, rate_hz: f64) -> f64 {
    let impulses = (TRAIN_S * rate_hz) as usize;
    let junctions = (IMPULSES / impulses.max(1)).clamp(JUNCTIONS.0, JUNCTIONS.1);
    let (mut fired, mut counted) = (0_u32, 0_u32);
    for index in 0..junctions {
        let mut junction = model.junction_at(spread_quantiles(index));
        let mut stream = Seed::new(0).index(index).stream("transmission");
        for impulse in 0..impulses.max(1) {
            let fires = junction.impulse(model, impulse as f64 / rate_hz.max(1.0), &mut stream).is_some();
            if 2 * impulse >= impulses.saturating_sub(1) {
                counted += 1;
                fired += u32::from(fires);
            }
        }
    }
    f64::from(fired) / f64::from(counted)
}

/// Standard-normal quantiles of the `index`-th of a sequence that fills the cube evenly: an additive recurrence
/// (steps 1/g, 1/g^2, 1/g^3, with g the real root of g^4 = g + 1), each point followed by its mirror image.
fn spread_quantiles(index: usize) -> [f64; 3] {
    const G: f64 = 1.220_744_084_605_759_5;
    let sign = if index.is_multiple_of(2) { 1.0 } else { -1.0 };
    [1.0 / G, 1.0 / (G * G), 1.0 / (G * G * G)].map(|step| {
        let u = (0.5 + step * ((index / 2) as f64 + 1.0)).fract();
        sign * math::inverse_normal_cdf(u.clamp(1e-6, 1.0 - 1e-6))
    })
}
