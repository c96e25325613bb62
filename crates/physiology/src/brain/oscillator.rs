//! Central oscillators that drive tremor: noisy Stuart-Landau, one per limb.
//!
//! dz/dt = (mu + i 2 pi f) z - mu0 |z|^2 z + sigma xi(t); the drive is `amplitude` times Re z, |z| about 1
//! when the oscillator runs free. The growth rate mu falls with voluntary action in a rest tremor and rises
//! with it in an action tremor; f wanders and mu fluctuates slowly, so that the record has the width and the
//! waxing of a recorded tremor. Rotation is exact, growth is exponential over each step.
//!
//! | symbol | value | source |
//! |---|---|---|
//! | f | 4.9 Hz at rest (4-6); essential 4-12 | Raethjen et al. 2000; the essential range assumed from clinical description |
//! | jitter of f | 6 % (0.2-0.4 Hz at 4.9 Hz), correlation time 1 s | Ben-Pazi et al. 2001 (order); time assumed |
//! | action that abolishes a rest tremor | 20 % of maximal, below a tenth within 0.3 s | fitted to that statement |
//! | re-emergence after action | 1-10 s | Jankovic et al. 1999; Dirkx et al. 2018 |
//! | intermittency | correlation time 20 s | assumed |

use serde::{Deserialize, Serialize};

use crate::math;
use crate::random::{Seed, Stream};

/// A central oscillator feeding one limb.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OscillatorParameters {
    /// Amplitude of its drive, 0 (silent, health) to 1 (severe).
    pub amplitude: f64,
    /// Frequency, Hz.
    pub frequency_hz: f64,
    /// True if voluntary action suppresses it (rest tremor), false if action releases it.
    pub suppressed_by_action: bool,
}

impl Default for OscillatorParameters {
    fn default() -> Self {
        Self { amplitude: 0.0, frequency_hz: 4.9, suppressed_by_action: true }
    }
}

/// Step, s.
const STEP_S: f64 = 1e-3;
/// Growth rate of a rest tremor when free, 1/s; fitted to re-emergence in 1-10 s.
const REST_GROWTH_PER_S: f64 = 3.0;
/// Growth rate of an action tremor when released, 1/s; assumed: present within half a second of posture.
const ACTION_GROWTH_PER_S: f64 = 8.0;
/// Damping when fully suppressed, 1/s; fitted to a tenth within 0.3 s.
const SUPPRESSED_DAMPING_PER_S: f64 = 14.0;
/// Action level (fraction of maximal) where suppression of a rest tremor begins and where it is complete; fitted to 20 %.
const SUPPRESSION_RANGE: (f64, f64) = (0.08, 0.18);
/// Action level where release of an action tremor begins and is complete; assumed: holding a limb up costs 5-10 % of maximal.
const RELEASE_RANGE: (f64, f64) = (0.01, 0.05);
/// Time constant of the gate when action rises, s; assumed: within a reaction time.
const GATE_RISE_S: f64 = 0.03;
/// Time constant with which a rest tremor's suppression outlasts the action, s; fitted to re-emergence in 1-10 s.
const REST_GATE_FALL_S: f64 = 3.0;
/// The same for an action tremor, s; assumed: stops with the action.
const ACTION_GATE_FALL_S: f64 = 0.1;
/// Noise per component, 1/sqrt(s); assumed: suppressed floor of about 3 % of the free amplitude.
const NOISE: f64 = 0.15;
/// Relative standard deviation of frequency; Ben-Pazi et al. 2001 (0.2-0.4 Hz at 4.9 Hz).
const FREQUENCY_JITTER: f64 = 0.06;
/// Correlation time of the frequency, s; assumed.
const FREQUENCY_CORRELATION_S: f64 = 1.0;
/// Standard deviation of the relative growth rate; assumed: amplitude waxes and wanes by a fifth.
const GROWTH_JITTER: f64 = 0.35;
/// Correlation time of the growth rate, s; assumed.
const GROWTH_CORRELATION_S: f64 = 20.0;

/// Where an oscillator is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Oscillator {
    re: f64,
    im: f64,
    gate: f64,
    frequency_deviation: f64,
    growth_deviation: f64,
    stream: Stream,
}

impl Oscillator {
    /// A rest tremor begins in full swing at a random phase, an action tremor at its noise floor.
    pub fn new(parameters: &OscillatorParameters, seed: Seed) -> Self {
        let mut stream = seed.stream("oscillator");
        let phase = stream.between(0.0, 2.0 * std::f64::consts::PI);
        let frequency_deviation = stream.normal();
        let growth_deviation = stream.normal();
        let radius = if parameters.suppressed_by_action { 1.0 } else { 0.03 };
        Self {
            re: radius * math::cos(phase),
            im: radius * math::sin(phase),
            gate: 0.0,
            frequency_deviation,
            growth_deviation,
            stream,
        }
    }

    /// One millisecond: the drive, -1..1 scaled by `amplitude`; exactly 0 at amplitude 0.
    ///
    /// `action_level` is the voluntary effort of the limb, 0..1 of maximal.
    pub fn step_ms(&mut self, parameters: &OscillatorParameters, action_level: f64) -> f64 {
        if parameters.amplitude == 0.0 {
            return 0.0;
        }
        let (growth, range, fall_s) = if parameters.suppressed_by_action {
            (REST_GROWTH_PER_S, SUPPRESSION_RANGE, REST_GATE_FALL_S)
        } else {
            (ACTION_GROWTH_PER_S, RELEASE_RANGE, ACTION_GATE_FALL_S)
        };
        let action = action_level.clamp(0.0, 1.0);
        let gate_s = if action > self.gate { GATE_RISE_S } else { fall_s };
        self.gate += (action - self.gate) * (STEP_S / gate_s);
        wander(&mut self.frequency_deviation, FREQUENCY_CORRELATION_S, &mut self.stream);
        wander(&mut self.growth_deviation, GROWTH_CORRELATION_S, &mut self.stream);

        let acted = smooth_step(range, self.gate);
        let free = if parameters.suppressed_by_action { 1.0 - acted } else { acted };
        let mu =
            free * growth * (1.0 + GROWTH_JITTER * self.growth_deviation) - (1.0 - free) * SUPPRESSED_DAMPING_PER_S;
        let power = self.re * self.re + self.im * self.im;
        let scale = math::exp((mu - growth * power) * STEP_S);
        let frequency_hz = parameters.frequency_hz * (1.0 + FREQUENCY_JITTER * self.frequency_deviation);
        let turn = 2.0 * std::f64::consts::PI * frequency_hz * STEP_S;
        let (sin, cos) = (math::sin(turn), math::cos(turn));
        let kick = NOISE * math::sqrt(STEP_S);
        let re = scale * (cos * self.re - sin * self.im) + kick * self.stream.normal();
        let im = scale * (sin * self.re + cos * self.im) + kick * self.stream.normal();
        (self.re, self.im) = (re, im);
        parameters.amplitude * re.clamp(-1.0, 1.0)
    }
}

/// One step of a unit-variance Ornstein-Uhlenbeck process.
fn wander(x: &mut f64, correlation_s: f64, stream: &mut Stream) {
    let rate = STEP_S / correlation_s;
    *x += -*x * rate + math::sqrt(2.0 * rate) * stream.normal();
}

/// 0 below the range, 1 above, a smooth cubic between.
fn smooth_step(range: (f64, f64), x: f64) -> f64 {
    let t = ((x - range.0) / (range.1 - range.0)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(oscillator: &mut Oscillator, p: &OscillatorParameters, action: f64, ms: usize) -> Vec<f64> {
        (0..ms).map(|_| oscillator.step_ms(p, action)).collect()
    }

    fn rms(x: &[f64]) -> f64 {
        math::sqrt(x.iter().map(|v| v * v).sum::<f64>() / x.len() as f64)
    }

    fn rest(amplitude: f64) -> OscillatorParameters {
        OscillatorParameters { amplitude, ..OscillatorParameters::default() }
    }

    #[test]
    fn silent_in_health_and_scaled_by_amplitude() {
        let seed = Seed::new(3);
        let silent = run(&mut Oscillator::new(&rest(0.0), seed), &rest(0.0), 0.0, 2000);
        assert!(silent.iter().all(|x| x.to_bits() == 0.0_f64.to_bits()));
        let half = run(&mut Oscillator::new(&rest(0.5), seed), &rest(0.5), 0.0, 2000);
        let full = run(&mut Oscillator::new(&rest(1.0), seed), &rest(1.0), 0.0, 2000);
        assert!(half.iter().zip(&full).all(|(h, f)| *f == 2.0 * *h && f.abs() <= 1.0));
        assert!(rms(&full) > 0.5);
    }

    #[test]
    fn turns_at_its_frequency_with_jitter() {
        for frequency_hz in [4.9, 9.5] {
            let p = OscillatorParameters { amplitude: 1.0, frequency_hz, suppressed_by_action: true };
            let x = run(&mut Oscillator::new(&p, Seed::new(5)), &p, 0.0, 60_000);
            let mut crossings: Vec<usize> = Vec::new();
            for i in 1..x.len() {
                // A refractory of a third of a cycle, so that noise at the crossing is not counted twice.
                let ready = crossings.last().is_none_or(|&c| (i - c) as f64 > 333.0 / frequency_hz);
                if x[i - 1] < 0.0 && x[i] >= 0.0 && ready {
                    crossings.push(i);
                }
            }
            let rates: Vec<f64> = crossings.windows(2).map(|w| 1000.0 / (w[1] - w[0]) as f64).collect();
            let mean = rates.iter().sum::<f64>() / rates.len() as f64;
            let sd = math::sqrt(rates.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>() / rates.len() as f64);
            assert!((mean - frequency_hz).abs() < 0.05 * frequency_hz, "{mean}");
            assert!(sd > 0.03 * frequency_hz && sd < 0.12 * frequency_hz, "{sd}");
        }
    }

    #[test]
    fn rest_tremor_yields_to_action_within_300_ms_and_returns_after_seconds() {
        for trial in 0..20 {
            let p = rest(1.0);
            let mut o = Oscillator::new(&p, Seed::new(1).index(trial));
            let before = rms(&run(&mut o, &p, 0.0, 3000));
            run(&mut o, &p, 0.21, 300);
            let during = rms(&run(&mut o, &p, 0.21, 1000));
            assert!(during < 0.1 * before, "{during} {before}");
            let soon = rms(&run(&mut o, &p, 0.0, 500));
            assert!(soon < 0.2 * before, "{soon}");
            run(&mut o, &p, 0.0, 9500);
            let later = rms(&run(&mut o, &p, 0.0, 3000));
            assert!(later > 0.5 * before, "{later} {before}");
        }
    }

    #[test]
    fn action_tremor_is_released_by_action() {
        let p = OscillatorParameters { amplitude: 1.0, frequency_hz: 7.0, suppressed_by_action: false };
        let mut o = Oscillator::new(&p, Seed::new(1));
        let resting = rms(&run(&mut o, &p, 0.0, 3000));
        run(&mut o, &p, 0.1, 1000);
        let acting = rms(&run(&mut o, &p, 0.1, 3000));
        run(&mut o, &p, 0.0, 1000);
        let after = rms(&run(&mut o, &p, 0.0, 3000));
        assert!(acting > 0.4 && resting < 0.1 * acting && after < 0.1 * acting, "{resting} {acting} {after}");
    }

    #[test]
    fn saved_state_goes_on_with_the_same_bits() {
        let p = rest(0.7);
        let mut o = Oscillator::new(&p, Seed::new(9));
        run(&mut o, &p, 0.0, 100);
        let mut saved = o.clone();
        assert_eq!(run(&mut o, &p, 0.1, 500), run(&mut saved, &p, 0.1, 500));
    }
}
