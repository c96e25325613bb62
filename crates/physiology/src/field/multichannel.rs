//! The EMG of many channels: every unit's potential at every discharge.
//!
//! `emg_c(t) = sum over units u and discharges s of wave_uc(t - s)`. Discharges fall between samples: each unit's potential is shifted by quarters of a
//! sample (cubic), and each discharge takes the nearest shift, at most an eighth of a sample off: 0.06 ms at 2 kHz.

use super::unit_potentials::UnitPotentials;

/// Shifts of a potential within one sample.
const SHIFTS: usize = 4;

/// Sums the potentials of all units, uV: `samples` samples, all channels of each side by side. `discharges_s[unit]` are the times at which the nerve
/// impulse enters the muscle, s from the first sample.
///
/// ```
/// use tonus_physiology::field::{multichannel::emg, unit_potentials::UnitPotentials};
/// let one = UnitPotentials::new(1000.0, 2, 3, vec![1.0, 10.0, 2.0, 20.0, 0.0, 0.0]).unwrap();
/// assert_eq!(emg(&one, &[vec![0.0, 0.002]], 4), [1.0, 10.0, 2.0, 20.0, 1.0, 10.0, 2.0, 20.0]);
/// ```
pub fn emg(potentials: &UnitPotentials, discharges_s: &[Vec<f64>], samples: usize) -> Vec<f32> {
    let channels = potentials.channels;
    let mut out = vec![0.0f32; samples * channels];
    // A shifted potential begins a sample earlier and ends one later.
    let length = (potentials.samples + 2) * channels;
    let mut shifted = vec![0.0f32; SHIFTS * length];
    let mut padded = vec![0.0f32; (potentials.samples + 4) * channels];
    for (unit, discharges) in discharges_s.iter().enumerate().take(potentials.units()) {
        if discharges.is_empty() {
            continue;
        }
        padded[2 * channels..][..potentials.samples * channels].copy_from_slice(potentials.unit(unit));
        for (shift, out) in shifted.chunks_exact_mut(length).enumerate() {
            // Sample k of this row is the potential at k - 1 - late.
            let late = shift as f32 / SHIFTS as f32;
            let x = 1.0 - late;
            let shares = [
                -x * (x - 1.0) * (x - 2.0) / 6.0,
                0.5 * (x + 1.0) * (x - 1.0) * (x - 2.0),
                -0.5 * (x + 1.0) * x * (x - 2.0),
                (x + 1.0) * x * (x - 1.0) / 6.0,
            ];
            let rows = |k: usize| &padded[k * channels..][..length];
            let (b, c, d) = (rows(0), rows(1), rows(2));
            // At row 0 nothing has begun: the sample before the padding is zero like the padding itself.
            for (i, o) in out.iter_mut().enumerate() {
                let before = if i < channels { 0.0 } else { b[i - channels] };
                *o = shares[0] * before + shares[1] * b[i] + shares[2] * c[i] + shares[3] * d[i];
            }
        }
        for time_s in discharges {
            let position = (time_s * potentials.rate_hz * SHIFTS as f64).round();
            if !position.is_finite() || position.abs() > 1e15 {
                continue;
            }
            let whole = (position as i64).div_euclid(SHIFTS as i64) - 1;
            let shift = (position as i64).rem_euclid(SHIFTS as i64) as usize;
            let begin = whole.clamp(0, samples as i64);
            let end = (whole + potentials.samples as i64 + 2).clamp(begin, samples as i64);
            let from = (begin - whole) as usize * channels;
            let wave = &shifted[shift * length + from.min(length)..(shift + 1) * length];
            let out = &mut out[begin as usize * channels..end as usize * channels];
            out.iter_mut().zip(wave).for_each(|(o, w)| *o += w);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two units of smooth potentials at three channels.
    fn potentials() -> UnitPotentials {
        let wave = |unit: usize, k: f64, c: usize| {
            let x = (k - 15.0 - 3.0 * c as f64) / (4.0 + unit as f64);
            ((1 + unit) as f64 * libm::exp(-x * x)) as f32
        };
        let all = (0..2).flat_map(|u| (0..40).flat_map(move |k| (0..3).map(move |c| wave(u, f64::from(k), c))));
        UnitPotentials::new(2000.0, 3, 40, all.collect()).unwrap()
    }

    #[test]
    fn every_discharge_adds_its_wave_at_its_time() {
        let p = potentials();
        let times = [vec![0.0101, 0.0203, -0.004, 0.0949], vec![0.0102]];
        let samples = 200;
        let got = emg(&p, &times, samples);
        for k in 0..samples {
            for c in 0..3 {
                let mut expected = 0.0;
                for (u, discharges) in times.iter().enumerate() {
                    for t in discharges {
                        // The nearest quarter of a sample, where the smooth law is known.
                        let late = k as f64 - (t * 2000.0 * 4.0).round() / 4.0;
                        let x = (late - 15.0 - 3.0 * c as f64) / (4.0 + u as f64);
                        if late > 0.0 && late < 39.0 {
                            expected += (1 + u) as f64 * libm::exp(-x * x);
                        }
                    }
                }
                assert!((f64::from(got[k * 3 + c]) - expected).abs() < 2e-3, "{k} {c}: {} {expected}", got[k * 3 + c]);
            }
        }
    }

    #[test]
    fn what_falls_outside_is_left_out() {
        let p = potentials();
        let far = [vec![-1.0, 5.0, f64::NAN, f64::INFINITY], vec![]];
        assert!(emg(&p, &far, 100).iter().all(|v| *v == 0.0));
        // A discharge before the first sample leaves its tail.
        let whole = emg(&p, &[vec![0.0], vec![]], 60);
        let tail = emg(&p, &[vec![-0.005], vec![]], 50);
        assert_eq!(tail[..120], whole[30..150]);
    }
}
