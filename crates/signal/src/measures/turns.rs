//! Turns and amplitude of the interference pattern (Willison 1964).

use super::{mean, measurable, turning_point::turning_points};

/// Size of a turn, uV (Willison 1964).
pub const TURN_UV: f64 = 100.0;

/// Turns analysis of one epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurnsAmplitude {
    /// Changes of direction that differ from the one before by at least the turn size, per second.
    pub turns_per_s: f64,
    /// Mean size of the differences between successive turns, uV; 0 with fewer than two turns.
    pub amplitude_uv: f64,
}

impl TurnsAmplitude {
    /// Turns over amplitude (1/(s uV)): its largest value as force rises is high in myopathy, low in
    /// neurogenic disease (Fuglsang-Frederiksen's peak ratio). `None` without turns.
    pub fn ratio(&self) -> Option<f64> {
        (self.amplitude_uv > 0.0).then(|| self.turns_per_s / self.amplitude_uv)
    }
}

/// Turns per second and mean amplitude between turns of a needle signal in uV.
///
/// `None` for an empty signal.
///
/// # Failure modes
/// Both rise with force, so compare at a stated effort; turns of the
/// amplifier's noise count once it exceeds `turn_uv` peak to peak; a low sampling rate (below about
/// 10 kHz) clips sharp peaks and lowers the amplitude.
///
/// # Example
/// ```
/// use tonus_signal::measures::turns::{TURN_UV, turns_amplitude};
/// // 100 Hz, 1 mV peak to peak: two turns a cycle.
/// let sine: Vec<f64> = (0..20_000).map(|i| 500.0 * libm::sin(std::f64::consts::TAU * f64::from(i) / 200.0)).collect();
/// let found = turns_amplitude(&sine, 20_000.0, TURN_UV).unwrap();
/// assert!((found.turns_per_s - 200.0).abs() < 2.0 && (found.amplitude_uv - 1_000.0).abs() < 1.0);
/// ```
pub fn turns_amplitude(samples_uv: &[f64], rate_hz: f64, turn_uv: f64) -> Option<TurnsAmplitude> {
    if samples_uv.is_empty() || !measurable(samples_uv, rate_hz) {
        return None;
    }
    let turns = turning_points(samples_uv, turn_uv);
    let differences: Vec<f64> = turns.windows(2).map(|w| (w[1].value - w[0].value).abs()).collect();
    Some(TurnsAmplitude {
        turns_per_s: turns.len() as f64 * rate_hz / samples_uv.len() as f64,
        amplitude_uv: mean(&differences).unwrap_or(0.0),
    })
}

/// The same for each whole epoch of `epoch_s` (0.5 to 1 s is usual); a shorter rest is left out.
pub fn turns_by_epoch(samples_uv: &[f64], rate_hz: f64, turn_uv: f64, epoch_s: f64) -> Vec<TurnsAmplitude> {
    let length = (epoch_s * rate_hz).round();
    if !(1.0..1e12).contains(&length) {
        return Vec::new();
    }
    samples_uv.chunks_exact(length as usize).filter_map(|epoch| turns_amplitude(epoch, rate_hz, turn_uv)).collect()
}

/// Fewest epochs of a cloud.
const FEWEST: usize = 5;

/// Amplitude (uV) at a number of turns per second, on the line through the logarithms of epochs of rising effort: the height of their cloud.
/// Above that of health in neurogenic disease, below it in myopathy (the cloud of Stalberg, Chu, Bril, Nandedkar, Stalberg & Ericsson 1983
/// Electroencephalogr Clin Neurophysiol 56:672, here as one number).
///
/// `None` with fewer than five epochs of turns and amplitude, if all have the same turns, or if they do not reach from below to above those asked
/// for, give or take a quarter.
///
/// # Failure modes
/// Epochs of one effort lie too close together to give the line its slope.
///
/// # Example
/// ```
/// use tonus_signal::measures::turns::{TurnsAmplitude, amplitude_at};
/// let epochs = [50.0, 100.0, 200.0, 400.0, 800.0]
///     .map(|turns_per_s: f64| TurnsAmplitude { turns_per_s, amplitude_uv: 20.0 * turns_per_s.sqrt() });
/// assert!((amplitude_at(300.0, &epochs).unwrap() - 346.4).abs() < 0.1);
/// ```
pub fn amplitude_at(turns_per_s: f64, epochs: &[TurnsAmplitude]) -> Option<f64> {
    let there: Vec<&TurnsAmplitude> = epochs.iter().filter(|e| e.turns_per_s > 0.0 && e.amplitude_uv > 0.0).collect();
    let below = there.iter().any(|e| e.turns_per_s <= 1.25 * turns_per_s);
    let above = there.iter().any(|e| e.turns_per_s >= 0.8 * turns_per_s);
    if there.len() < FEWEST || !below || !above {
        return None;
    }
    let points: Vec<(f64, f64)> =
        there.iter().map(|e| (libm::log(e.turns_per_s / turns_per_s), libm::log(e.amplitude_uv))).collect();
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let square: f64 = points.iter().map(|p| (p.0 - x) * (p.0 - x)).sum();
    let cross: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    (square > 1e-9).then(|| libm::exp(y - x * cross / square))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    fn sine(hz: f64, peak: f64, rate_hz: f64, seconds: f64) -> Vec<f64> {
        (0..(rate_hz * seconds) as usize).map(|i| peak * libm::sin(2.0 * PI * hz * i as f64 / rate_hz)).collect()
    }

    #[test]
    fn one_millivolt_at_100_hz_gives_200_turns_of_1000_uv() {
        let found = turns_amplitude(&sine(100.0, 500.0, 4_000.0, 1.0), 4_000.0, TURN_UV).unwrap();
        assert_eq!(found, TurnsAmplitude { turns_per_s: 200.0, amplitude_uv: 1_000.0 });
    }

    #[test]
    fn below_the_turn_size_nothing_counts() {
        let found = turns_amplitude(&sine(100.0, 49.9, 4_000.0, 1.0), 4_000.0, TURN_UV).unwrap();
        assert_eq!(found, TurnsAmplitude { turns_per_s: 0.0, amplitude_uv: 0.0 });
        assert_eq!(found.ratio(), None);
    }

    #[test]
    fn epochs_are_whole() {
        let epochs = turns_by_epoch(&sine(100.0, 500.0, 4_000.0, 2.4), 4_000.0, TURN_UV, 1.0);
        assert_eq!(epochs.len(), 2);
    }

    #[test]
    fn the_height_of_a_cloud_is_read_where_it_is() {
        let cloud = |height: f64| -> Vec<TurnsAmplitude> {
            (1..9)
                .map(|k| 80.0 * f64::from(k))
                .map(|turns_per_s| TurnsAmplitude { turns_per_s, amplitude_uv: height * libm::pow(turns_per_s, 0.4) })
                .collect()
        };
        let (low, high) = (amplitude_at(300.0, &cloud(20.0)).unwrap(), amplitude_at(300.0, &cloud(60.0)).unwrap());
        assert!((high / low - 3.0).abs() < 1e-9 && (low - 20.0 * libm::pow(300.0, 0.4)).abs() < 1e-9);
        assert_eq!(amplitude_at(900.0, &cloud(20.0)), None, "no epoch comes near");
        assert_eq!(amplitude_at(60.0, &cloud(20.0)), None, "all lie above");
        assert_eq!(amplitude_at(300.0, &cloud(20.0)[..4]), None, "too few");
        assert_eq!(amplitude_at(300.0, &[cloud(20.0)[3]; 6]), None, "no slope");
    }
}
