//! What reaches the two pools from above: the voluntary command, its lapses and leaks, tremor, chorea and background.
//!
//! All levels are efforts: fractions of maximal voluntary force, flexor first, as the brain means them. What of them arrives is for the
//! tracts to say (the limb scales the descending impulses by what of the tract is left).

use serde::{Deserialize, Serialize};

use crate::brain::oscillator::{Oscillator, OscillatorParameters};
use crate::math;
use crate::random::{Seed, Stream};

/// Command per unit of oscillator drive; fitted to: amplitude 0.5 shakes a relaxed wrist, elbow or knee visibly (a few degrees).
const TREMOR_COMMAND: f64 = 0.12;
/// Median size of a choreic movement, fraction of maximal drive; assumed: visible movement, far from full force.
const CHOREA_MEDIAN: f64 = 0.08;
/// SD of its natural logarithm; assumed.
const CHOREA_LOG_SD: f64 = 0.6;
/// Shortest and longest choreic movement, ms (100-400 ms bursts; assumed uniform).
const CHOREA_MS: (f64, f64) = (100.0, 400.0);
/// Shortest and longest lapse of a sustained command, ms; assumed: what an examiner feels as a milkmaid's grip.
const LAPSE_MS: (f64, f64) = (150.0, 300.0);
/// Share of the command left in a lapse; fitted to: force CV of 10-20 % in a milkmaid's grip.
const LAPSE_LEFT: f64 = 0.5;
/// Antagonist command per unit of lost surround inhibition; fitted to: a co-contraction index of 0.4-0.7 at full loss.
const LEAK: f64 = 0.4;
/// Relative SD of the fluctuation of effort; fitted to: force CV of maximal efforts 1-4 %.
const FLUCTUATION: f64 = 0.01;
/// Its correlation time, ms; assumed: slow against the muscle's own filtering.
const FLUCTUATION_MS: f64 = 150.0;
/// Choreic movements that may overlap.
const OVERLAP: usize = 8;

/// What makes involuntary command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandModel {
    /// Steady involuntary background.
    pub resting: [f64; 2],
    /// Tremor oscillator.
    pub oscillator: OscillatorParameters,
    /// Fraction of time that sustained drive does not lapse.
    pub persistence: f64,
    /// Choreic movements per second.
    pub chorea_rate_hz: f64,
    /// Suppression of the antagonist, 0..1.
    pub surround_inhibition: f64,
}

/// Levels of this millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Levels {
    /// Voluntary and involuntary command meant for each pool.
    pub command: [f64; 2],
    /// The steady part of it (voluntary and resting background), which opens the long-latency loop.
    pub background: [f64; 2],
}

/// One choreic movement under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Movement {
    group: usize,
    size: f64,
    duration_ms: f64,
    elapsed_ms: f64,
}

/// Where the command's sources are now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    oscillator: Oscillator,
    movements: [Option<Movement>; OVERLAP],
    /// Time to the next choreic movement in units of its mean interval.
    next_movement: f64,
    /// Time left in the present lapse, ms; 0 if none.
    lapse_ms: f64,
    /// Time to the next lapse in units of its mean interval.
    next_lapse: f64,
    /// Fluctuation of effort now, in its SD.
    fluctuation: f64,
    chorea: Stream,
    lapses: Stream,
    effort: Stream,
}

impl Command {
    /// Sources at the start of a run.
    pub fn new(model: &CommandModel, seed: Seed) -> Self {
        let mut chorea = seed.stream("chorea");
        let mut lapses = seed.stream("lapses");
        let mut effort = seed.stream("effort");
        Self {
            oscillator: Oscillator::new(&model.oscillator, seed),
            movements: [None; OVERLAP],
            next_movement: chorea.exponential(),
            lapse_ms: 0.0,
            next_lapse: lapses.exponential(),
            fluctuation: effort.normal(),
            chorea,
            lapses,
            effort,
        }
    }

    /// One millisecond under the voluntary command `voluntary`, 0..1 each.
    pub fn step_ms(&mut self, model: &CommandModel, voluntary: [f64; 2]) -> Levels {
        let wanted = voluntary.map(|c| if c.is_finite() { c.clamp(0.0, 1.0) } else { 0.0 });
        let rate = 1.0 / FLUCTUATION_MS;
        self.fluctuation += -rate * self.fluctuation + math::sqrt(2.0 * rate) * self.effort.normal();
        let steadiness = 1.0 + FLUCTUATION * self.fluctuation;
        let holds = self.holds(model.persistence);
        let chorea = self.chorea(model.chorea_rate_hz);
        let tremor = TREMOR_COMMAND * self.oscillator.step_ms(&model.oscillator, wanted[0].max(wanted[1]));
        let leak = LEAK * (1.0 - model.surround_inhibition).clamp(0.0, 1.0);
        let mut levels = Levels::default();
        for g in 0..2 {
            let held = if holds { 1.0 } else { LAPSE_LEFT };
            let own = held * steadiness * (wanted[g] + leak * wanted[1 - g]);
            let alternating = if g == 0 { tremor } else { -tremor }.max(0.0);
            levels.background[g] = own + model.resting[g];
            levels.command[g] = levels.background[g] + chorea[g] + alternating;
        }
        levels
    }

    /// Whether sustained command is held in this millisecond.
    fn holds(&mut self, persistence: f64) -> bool {
        if persistence >= 1.0 {
            return true;
        }
        if self.lapse_ms > 0.0 {
            self.lapse_ms -= 1.0;
            return false;
        }
        // Lapses of mean length m and held spells of mean length m p/(1 - p) leave a share p of the time held.
        let p = persistence.max(0.01);
        let mean_held_ms = 0.5 * (LAPSE_MS.0 + LAPSE_MS.1) * p / (1.0 - p);
        self.next_lapse -= 1.0 / mean_held_ms;
        if self.next_lapse <= 0.0 {
            self.next_lapse = self.lapses.exponential();
            self.lapse_ms = self.lapses.between(LAPSE_MS.0, LAPSE_MS.1);
        }
        true
    }

    /// Choreic command of this millisecond.
    fn chorea(&mut self, rate_hz: f64) -> [f64; 2] {
        let mut level = [0.0; 2];
        if rate_hz <= 0.0 {
            return level;
        }
        self.next_movement -= rate_hz * 1e-3;
        if self.next_movement <= 0.0 {
            self.next_movement = self.chorea.exponential();
            let movement = Movement {
                group: usize::from(self.chorea.uniform() < 0.5),
                size: (CHOREA_MEDIAN * math::exp(CHOREA_LOG_SD * self.chorea.normal())).min(1.0),
                duration_ms: self.chorea.between(CHOREA_MS.0, CHOREA_MS.1),
                elapsed_ms: 0.0,
            };
            if let Some(free) = self.movements.iter_mut().find(|m| m.is_none()) {
                *free = Some(movement);
            }
        }
        for slot in &mut self.movements {
            if let Some(m) = slot {
                level[m.group] += m.size * math::sin(std::f64::consts::PI * m.elapsed_ms / m.duration_ms);
                m.elapsed_ms += 1.0;
                if m.elapsed_ms >= m.duration_ms {
                    *slot = None;
                }
            }
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy() -> CommandModel {
        CommandModel {
            resting: [0.0; 2],
            oscillator: OscillatorParameters::default(),
            persistence: 1.0,
            chorea_rate_hz: 0.0,
            surround_inhibition: 1.0,
        }
    }

    #[test]
    fn health_passes_the_command_steadily() {
        let model = healthy();
        let mut c = Command::new(&model, Seed::new(1));
        for i in 0..500 {
            let wanted = [f64::from(i) / 500.0, 0.0];
            let l = c.step_ms(&model, wanted).command;
            assert!((l[0] - wanted[0]).abs() <= 0.15 * wanted[0] && l[1] == 0.0);
        }
    }

    #[test]
    fn lapses_take_their_share_of_time() {
        let model = CommandModel { persistence: 0.7, ..healthy() };
        let mut c = Command::new(&model, Seed::new(2));
        // A lapse leaves half the command; the fluctuation of effort is 1 %.
        let held = (0..200_000).filter(|_| c.step_ms(&model, [0.5, 0.0]).command[0] > 0.4).count();
        assert!((held as f64 / 200_000.0 - 0.7).abs() < 0.03, "{held}");
    }

    #[test]
    fn chorea_comes_at_its_rate_to_both_groups() {
        let model = CommandModel { chorea_rate_hz: 1.0, ..healthy() };
        let mut c = Command::new(&model, Seed::new(3));
        let (mut starts, mut moving, mut any) = (0, false, [false; 2]);
        for _ in 0..100_000 {
            let l = c.step_ms(&model, [0.0; 2]).command;
            let now = l[0] + l[1] > 0.0;
            starts += u32::from(now && !moving);
            moving = now;
            any = [any[0] || l[0] > 0.0, any[1] || l[1] > 0.0];
        }
        // Overlapping movements merge: about exp(-0.25) of 100 starts stand alone.
        assert!((60..100).contains(&starts), "{starts}");
        assert!(any[0] && any[1]);
    }

    #[test]
    fn poor_surround_inhibition_leaks_to_the_antagonist() {
        let model = CommandModel { surround_inhibition: 0.6, ..healthy() };
        let mut c = Command::new(&model, Seed::new(5));
        let l = c.step_ms(&model, [0.5, 0.0]).command;
        assert!((l[1] / l[0] - 0.4 * LEAK).abs() < 1e-12, "{l:?}");
    }
}
