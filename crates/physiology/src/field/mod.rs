//! Potentials of fibres and axons at electrodes.
//!
//! | file | what is in it |
//! |---|---|
//! | [`fibre_source`] | the action potential as a bounded travelling source, and its potential, in full |
//! | [`single_fibre`] | the same potential from tables, at a concentric needle |
//! | [`needle`] | units, junctions and fibrillations at a concentric needle |
//! | [`long_needle`] | a unit at the cone of a monopolar needle or the cannula of a macro electrode |
//! | [`near_fibres`] | the fibres of one unit close to a needle, one by one, for jitter and fibre density |
//! | [`surface`] | units at a belly-tendon pair of surface electrodes |
//! | [`bessel`] | modified Bessel functions of all orders, as ratios |
//! | [`layered`] | a limb of bone, muscle, fat and skin, flat or round |
//! | [`electrode_grid`] | where the electrodes of an array stand, and what each averages |
//! | [`intramuscular`] | units at bare wire tips in the muscle |
//! | [`surface_array`] | units at such an array over such a limb |
//! | [`unit_potentials`] | what both give: every unit at every electrode |
//! | [`multichannel`] | the EMG of many channels from unit potentials and spike trains |

pub mod bessel;
pub mod electrode_grid;
pub mod fibre_source;
pub mod intramuscular;
pub mod layered;
pub mod long_needle;
pub mod multichannel;
pub mod near_fibres;
pub mod needle;
pub mod single_fibre;
pub mod surface;
pub mod surface_array;
pub mod unit_potentials;

/// Adds `gain * wave`, sampled at `rate_hz` and starting at `time_s`, to a signal of the same rate; what falls outside
/// is left out. The start may lie between samples (linear interpolation).
///
/// ```
/// let mut emg = vec![0.0; 8];
/// tonus_physiology::field::add_wave(&mut emg, 1000.0, 0.0025, &[1.0, 2.0], 2.0);
/// assert_eq!(emg, [0.0, 0.0, 1.0, 3.0, 2.0, 0.0, 0.0, 0.0]);
/// ```
pub fn add_wave(out: &mut [f64], rate_hz: f64, time_s: f64, wave: &[f64], gain: f64) {
    let start = time_s * rate_hz;
    if wave.is_empty() || !start.is_finite() || start >= out.len() as f64 || start + wave.len() as f64 + 1.0 <= 0.0 {
        return;
    }
    let whole = start.floor();
    let late = (start - whole) * gain;
    let prompt = gain - late;
    let first = whole as i64;
    let begin = (-first).max(0) as usize;
    let end = (out.len() as i64 - first).clamp(0, wave.len() as i64 + 1) as usize;
    let mut add = |k: usize, now: f64, before: f64| {
        out[(first + k as i64) as usize] += prompt * now + late * before;
    };
    // The first sample has none before it and the last none at it; between them nothing is asked.
    let (inner, inner_end) = (begin.max(1), end.min(wave.len()));
    if begin == 0 && end > 0 {
        add(0, wave[0], 0.0);
    }
    if end > wave.len() && begin <= wave.len() {
        add(wave.len(), 0.0, wave[wave.len() - 1]);
    }
    if inner < inner_end {
        let start = (first + inner as i64) as usize;
        let waves = wave[inner..inner_end].iter().zip(&wave[inner - 1..inner_end - 1]);
        for (o, (now, before)) in out[start..start + (inner_end - inner)].iter_mut().zip(waves) {
            *o += prompt * now + late * before;
        }
    }
}

/// A coarse signal at `step_ms` read at `rate_hz` over `samples` samples (cubic through four points).
fn resample(coarse: &[f64], step_ms: f64, rate_hz: f64, samples: usize, out: &mut Vec<f64>) {
    out.clear();
    let mut padded = Vec::with_capacity(coarse.len() + 4);
    padded.push(0.0);
    padded.extend_from_slice(coarse);
    padded.extend_from_slice(&[0.0; 3]);
    let advance = 1000.0 / rate_hz / step_ms;
    out.extend((0..samples).map(|k| {
        let position = k as f64 * advance;
        let i = position as usize;
        let f = position - i as f64;
        let Some(&[a, b, c, d]) = padded.get(i..i + 4) else { return 0.0 };
        b + 0.5 * f * (c - a + f * (2.0 * a - 5.0 * b + 4.0 * c - d + f * (3.0 * (b - c) + d - a)))
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_add_linearly_and_stop_at_the_edges() {
        let wave = [1.0, -2.0, 4.0];
        for start in [-0.0041, -0.002, 0.0, 0.0013, 0.0055, 0.007, 0.5] {
            let mut out = vec![0.0; 7];
            add_wave(&mut out, 1000.0, start, &wave, 1.0);
            let mut wide = vec![0.0; 40];
            add_wave(&mut wide, 1000.0, start + 0.016, &wave, 1.0);
            for k in 0..7 {
                assert!((out[k] - wide[k + 16]).abs() < 1e-9, "{start}: {out:?}");
            }
        }
    }

    #[test]
    fn resampling_passes_through_the_coarse_points() {
        let coarse: Vec<f64> = (0..20).map(|i| libm::sin(f64::from(i) * 0.4)).collect();
        let mut fine = Vec::new();
        resample(&coarse, 0.2, 25_000.0, 90, &mut fine);
        for i in 0..18 {
            assert!((fine[i * 5] - coarse[i]).abs() < 1e-12);
        }
        assert!((fine[42] - libm::sin(8.4 * 0.4)).abs() < 0.01);
    }
}
