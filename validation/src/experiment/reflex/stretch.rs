//! A brisk stretch of a contracting muscle, many times: the rectified, averaged EMG and its bursts.

use tonus_body::Body;
use tonus_exam::Subject;
use tonus_physiology::field::add_wave;
use tonus_physiology::field::surface::CompoundModel;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use crate::experiment::ExperimentError;

/// EMG sampling, Hz.
const EMG_HZ: f64 = 4000.0;
const PER_MS: usize = 4;
/// Nerve impulse at the endplate to the fibre's potential, ms.
const JUNCTION_MS: f64 = 0.8;
/// Part of the average before and after the stretch, ms.
pub(super) const BEFORE_MS: usize = 100;
pub(super) const AFTER_MS: usize = 200;
/// Half of the running mean on the average, samples.
const SMOOTH: usize = 4;

/// What is done.
pub(super) struct Protocol {
    pub(super) joint: &'static str,
    /// Muscle stretched: 0 flexor, 1 extensor.
    pub(super) group: usize,
    /// Angle held, rad.
    pub(super) angle_rad: f64,
    /// Stretch, rad (its direction lengthens the muscle), and time for it, ms.
    pub(super) stretch_rad: f64,
    pub(super) ramp_ms: usize,
    /// Background effort, share of maximum.
    pub(super) effort: f64,
    pub(super) trials: usize,
}

/// Hold at the new angle, and time back, ms.
const HOLD_MS: usize = 200;
const RETURN_MS: usize = 200;
const REST_MS: usize = 300;

/// Rectified average, mV, against ms from the onset of the stretch.
pub(super) fn averaged_emg(
    experiment: &'static str,
    body: &Body,
    protocol: &Protocol,
    seed: Seed,
) -> Result<Vec<(f64, f64)>, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment, problem };
    let subject = Subject::new(body, seed.stream("subject").bits());
    let model = subject.limb(experiment, Side::Right, protocol.joint).map_err(|e| problem(e.to_string()))?;
    let half = &body.right;
    let joint = half.joint(protocol.joint).ok_or_else(|| problem("the body lacks the joint".to_owned()))?;
    let id = [&joint.flexor, &joint.extensor][protocol.group];
    let muscle = half.muscle(id).ok_or_else(|| problem(format!("the body lacks {id}")))?;
    let waves = CompoundModel::new(&muscle.fibres, muscle.pool.units, &[], &muscle.junction, seed, EMG_HZ);

    // A flexor is lengthened by a fall of the angle.
    let sign = if protocol.group == 0 { -1.0 } else { 1.0 };
    let cycle_ms = REST_MS + protocol.ramp_ms + HOLD_MS + RETURN_MS;
    let run_in_ms = 600;
    let total_ms = run_in_ms + protocol.trials * cycle_ms + AFTER_MS;
    let mut emg = vec![0.0; total_ms * PER_MS];
    let mut limb = Limb::new(&model, seed.child("run"), protocol.angle_rad);
    let offset = |ms: f64| -> f64 {
        let t = ms - run_in_ms as f64;
        if t < 0.0 {
            return 0.0;
        }
        let phase = t % cycle_ms as f64;
        let (start, ramp) = (REST_MS as f64, protocol.ramp_ms as f64);
        if phase < start {
            0.0
        } else if phase < start + ramp {
            // Smooth, as a motor with inertia moves a limb: velocity a full cosine, twice the mean at its top.
            let x = (phase - start) / ramp;
            x - tonus_physiology::math::sin(std::f64::consts::TAU * x) / std::f64::consts::TAU
        } else if phase < start + ramp + HOLD_MS as f64 {
            1.0
        } else {
            1.0 - (phase - start - ramp - HOLD_MS as f64) / RETURN_MS as f64
        }
    };
    let mut command = [0.0; 2];
    command[protocol.group] = protocol.effort;
    for ms in 0..total_ms {
        let (before, now) = (offset(ms as f64), offset(ms as f64 + 1.0));
        let imposed = Imposed {
            angle_rad: protocol.angle_rad + sign * protocol.stretch_rad * now,
            velocity_rad_s: sign * protocol.stretch_rad * (now - before) * 1e3,
        };
        let out = limb.step_ms(&model, &LimbInput { command, imposed: Some(imposed), ..LimbInput::default() });
        for spike in out.muscle_spikes[protocol.group] {
            let at_s = 1e-3 * (ms as f64 + f64::from(spike.offset_ms) + JUNCTION_MS);
            add_wave(&mut emg, EMG_HZ, at_s, waves.unit_wave(spike.unit as usize), 1.0);
        }
    }
    let length = (BEFORE_MS + AFTER_MS) * PER_MS;
    let mut mean = vec![0.0; length];
    for trial in 0..protocol.trials {
        let onset = run_in_ms + trial * cycle_ms + REST_MS;
        let sweep = &emg[(onset - BEFORE_MS) * PER_MS..][..length];
        mean.iter_mut().zip(sweep).for_each(|(m, x)| *m += x.abs() / protocol.trials as f64);
    }
    Ok((0..length)
        .map(|i| {
            let near = &mean[i.saturating_sub(SMOOTH)..(i + SMOOTH + 1).min(length)];
            let at_ms = i as f64 / PER_MS as f64 - BEFORE_MS as f64;
            (at_ms, near.iter().sum::<f64>() / near.len() as f64)
        })
        .collect())
}

/// A burst of the average.
#[derive(Clone, Copy, Debug)]
pub(super) struct Burst {
    pub(super) onset_ms: f64,
    pub(super) peak_ms: f64,
    pub(super) peak_mv: f64,
}

/// Background of the average: mean, and the level above which there is a burst: mean and three standard deviations.
pub(super) fn background(average: &[(f64, f64)]) -> (f64, f64) {
    let before: Vec<f64> = average.iter().filter(|p| p.0 < 0.0).map(|p| p.1).collect();
    let mean = before.iter().sum::<f64>() / before.len() as f64;
    let variance = before.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / before.len() as f64;
    (mean, mean + 3.0 * variance.sqrt())
}

/// Bursts: stays of at least 3 ms above the level, parted where the average falls to less than half way between the lower
/// of two peaks and the background.
pub(super) fn bursts(average: &[(f64, f64)]) -> Vec<Burst> {
    let (mean, level) = background(average);
    let mut found: Vec<Burst> = vec![];
    let mut from: Option<usize> = None;
    // Lowest point since the last burst's peak.
    let mut valley = 0;
    for i in 0..average.len() {
        let (at, value) = average[i];
        if at < 15.0 {
            continue;
        }
        if value <= level {
            from = None;
            valley = i;
            continue;
        }
        if value < average[valley].1 {
            valley = i;
        }
        let start = *from.get_or_insert(i);
        if average[i].0 - average[start].0 < 3.0 {
            continue;
        }
        let parted = |last: &Burst| {
            let dip = average[valley].1 - mean;
            valley > 0 && average[valley].0 > last.peak_ms && dip < 0.5 * ((value - mean).min(last.peak_mv - mean))
        };
        match found.last_mut() {
            Some(last) if !parted(last) => {
                if value > last.peak_mv {
                    (last.peak_ms, last.peak_mv) = (at, value);
                    valley = i;
                }
            }
            _ => {
                let onset = if found.is_empty() || average[start].0 > average[valley].0 { start } else { valley };
                found.push(Burst { onset_ms: average[onset].0, peak_ms: at, peak_mv: value });
                valley = i;
            }
        }
    }
    // A ripple of the background may have passed the level a little before a large burst: the burst begins where it leaves its foot.
    for burst in &mut found {
        let foot = mean + FOOT * (burst.peak_mv - mean);
        let rise = average.iter().filter(|p| p.0 < burst.peak_ms && p.1 < foot).map(|p| p.0).next_back();
        burst.onset_ms = rise.map_or(burst.onset_ms, |at| at.max(burst.onset_ms));
    }
    found
}

/// Share of a burst's height above the background that is its foot; assumed: what an eye takes for the baseline of a burst.
const FOOT: f64 = 0.05;
