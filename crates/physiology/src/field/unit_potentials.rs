//! The potentials of all units of a muscle at several electrodes.

/// The potentials of the units of one muscle at every electrode.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitPotentials {
    /// Samples a second.
    pub rate_hz: f64,
    /// Electrodes.
    pub channels: usize,
    /// Samples of each potential; the first is when the nerve impulse enters the muscle.
    pub samples: usize,
    pub(super) waves: Vec<f32>,
}

impl UnitPotentials {
    /// Potentials given one after another: unit by unit, sample by sample, channel by channel. `None` if the numbers do not make whole units.
    pub fn new(rate_hz: f64, channels: usize, samples: usize, waves: Vec<f32>) -> Option<Self> {
        let whole = channels * samples > 0 && waves.len().is_multiple_of(channels * samples);
        whole.then_some(Self { rate_hz, channels, samples, waves })
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.waves.len() / (self.channels * self.samples)
    }

    /// Potential of a unit, uV, sample by sample, all channels of each side by side; empty if there is no such unit.
    pub fn unit(&self, unit: usize) -> &[f32] {
        let size = self.channels * self.samples;
        self.waves.get(unit * size..(unit + 1) * size).unwrap_or(&[])
    }

    /// Potential of a unit at one channel, uV.
    pub fn wave(&self, unit: usize, channel: usize) -> Vec<f32> {
        self.unit(unit).iter().skip(channel).step_by(self.channels).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_channels_are_told_apart() {
        let p = UnitPotentials::new(1000.0, 2, 3, (0..12).map(|k| k as f32).collect()).unwrap();
        assert_eq!((p.units(), p.unit(1)), (2, &[6.0, 7.0, 8.0, 9.0, 10.0, 11.0][..]));
        assert_eq!(p.wave(1, 1), [7.0, 9.0, 11.0]);
        assert!(p.unit(2).is_empty());
        assert_eq!(UnitPotentials::new(1000.0, 2, 3, vec![0.0; 7]), None);
        assert_eq!(UnitPotentials::new(1000.0, 0, 3, vec![]), None);
    }
}
