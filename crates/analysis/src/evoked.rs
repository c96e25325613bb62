//! Responses to stimuli: each sweep's latency, size and shape; the decrement of a train; F waves of a raster; M and H over rising strength.

use tonus_signal::measures::decrement::decrement_percent;
use tonus_signal::measures::evoked::{EvokedCriteria, EvokedResponse, evoked_response};
use tonus_signal::measures::f_wave::{FWaveCriteria, QUIET_MS, f_waves, m_wave_end_ms};
use tonus_signal::measures::h_reflex::{HReflexCriteria, HReflexPoint, h_reflex};
use tonus_signal::{Annotation, Channel, Recording};

use crate::kind::is_voltage;
use crate::{Analysis, AnalysisError, Kind, Plot};

/// Time before the stimulus that a sweep begins with, ms, where the recording has it.
const BEFORE_MS: f64 = 2.0;
/// Rates at which a train is one of repetitive stimulation, Hz.
const TRAIN_HZ: (f64, f64) = (1.5, 5.5);
/// Fewest stimuli of a raster of F waves, and shortest sweep in which one fits, ms.
const RASTER: usize = 5;
const F_SWEEP_MS: f64 = 50.0;
/// M wave that is gone, mV (as in the examination: a quarter of the smallest F wave).
const GONE_MV: f64 = 0.01;
/// Largest response that is one of a sensory nerve, mV.
const SENSORY_MV: f64 = 0.2;

/// Measures of the responses: of each channel where there is one stimulus, of the sweeps where there are many.
pub(crate) fn analyse(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let kind = Kind::Evoked;
    let mut stimuli: Vec<&Annotation> = recording.annotations.iter().filter(|a| a.begins_sweep()).collect();
    stimuli.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    let stimuli_s: Vec<f64> = stimuli.iter().map(|a| a.onset_s).collect();
    let channels: Vec<&Channel> = recording.channels.iter().filter(|c| is_voltage(c)).collect();
    let (Some(first_s), Some(first)) = (stimuli_s.first().copied(), channels.first()) else {
        return Err(AnalysisError::lacks(
            kind,
            "has no stimuli, or no channel in uV, mV or V",
            "annotate each stimulus as `stimulus`",
        ));
    };
    let before_s = first_s.min(1e-3 * BEFORE_MS);
    let mut analysis = Analysis::new(kind);
    if stimuli_s.len() == 1 {
        for (k, channel) in channels.iter().enumerate() {
            let (mv, rate_hz) = (millivolts(channel), channel.rate_hz);
            let start = ((first_s - before_s) * rate_hz).round().max(0.0) as usize;
            let response = response(&mv[start.min(mv.len())..], rate_hz, 1e3 * before_s);
            let suffix = if channels.len() == 1 { String::new() } else { format!(".{}", k + 1) };
            analysis = of_response(analysis, response, &suffix);
            if let Some(r) = response {
                analysis.events.push(event(first_s, &r, &channel.label));
            }
        }
        if channels.len() > 1 {
            let labels: Vec<String> =
                channels.iter().enumerate().map(|(k, c)| format!("{} {}", k + 1, c.label)).collect();
            analysis.notes.push(format!("channels: {}", labels.join(", ")));
        }
        return Ok(analysis);
    }

    let rate_hz = first.rate_hz;
    let one = Recording {
        channels: vec![Channel { samples: millivolts(first), ..(*first).clone() }],
        annotations: recording.annotations.clone(),
        ..Recording::default()
    };
    let sweeps: Vec<&[f64]> = one.sweeps(before_s, f64::INFINITY).collect();
    let strengths: Option<Vec<f64>> = stimuli.iter().map(|a| a.strength()).collect();
    if let Some(strengths) = strengths.filter(|s| s.len() == sweeps.len() && rising(s))
        && let Some(analysis) = recruitment(&sweeps, &strengths, rate_hz, 1e3 * before_s)
    {
        return Ok(analysis);
    }
    let responses: Vec<Option<EvokedResponse>> =
        sweeps.iter().map(|sweep| response(sweep, rate_hz, 1e3 * before_s)).collect();
    analysis = of_response(analysis, responses.first().copied().flatten(), "");
    analysis.events = stimuli_s.iter().zip(&responses).filter_map(|(t, r)| Some(event(*t, r.as_ref()?, "M"))).collect();
    let sizes: Vec<f64> = responses.iter().map(|r| r.map_or(0.0, |r| r.amplitude)).collect();
    analysis.plots.push(Plot {
        title: "responses",
        along: ("stimulus", "1"),
        upward: ("amplitude", "mV"),
        points: sizes.iter().enumerate().map(|(k, mv)| ((k + 1) as f64, *mv)).collect(),
        joined: false,
    });
    let interval_s = (stimuli_s[stimuli_s.len() - 1] - first_s) / (stimuli_s.len() - 1) as f64;
    let train_hz = 1.0 / interval_s;
    let shortest_ms = sweeps.iter().map(|s| 1e3 * s.len() as f64 / rate_hz).fold(f64::INFINITY, f64::min);
    if (TRAIN_HZ.0..=TRAIN_HZ.1).contains(&train_hz) {
        analysis = analysis.with("train_rate", train_hz, "Hz").with("responses", sizes.len() as f64, "1").with(
            "decrement",
            decrement_percent(&sizes),
            "%",
        );
    } else if sweeps.len() >= RASTER && shortest_ms >= F_SWEEP_MS {
        let after_m = m_wave_end_ms(&sweeps, rate_hz, 1e3 * before_s + 1.0, GONE_MV);
        let f = after_m.map(|after_m| {
            let criteria = FWaveCriteria {
                window_ms: (after_m, shortest_ms),
                quiet_ms: (after_m - QUIET_MS, after_m),
                ..FWaveCriteria::hand_mv()
            };
            f_waves(&sweeps, rate_hz, &criteria)
        });
        let f = f.as_ref();
        let m_mv = sizes.first().copied().filter(|m| *m > 0.0);
        analysis = analysis
            .with("f_latency", f.and_then(|f| f.minimal_latency_ms()).map(|ms| ms - 1e3 * before_s), "ms")
            .with("f_persistence", f.and_then(|f| f.persistence_percent()), "%")
            .with("f_chronodispersion", f.and_then(|f| f.chronodispersion_ms()), "ms")
            .with("f_amplitude", f.and_then(|f| Some(100.0 * f.mean_amplitude()? / m_mv?)), "%");
        analysis.notes.push(format!("{} sweeps read as a raster of F waves", sweeps.len()));
    } else {
        analysis.notes.push(format!("{} responses at {train_hz:.2} Hz: the first is measured", sizes.len()));
    }
    Ok(analysis)
}

/// Whether stimuli were made stronger step by step.
fn rising(strengths: &[f64]) -> bool {
    strengths.windows(2).all(|w| w[1] >= w[0]) && strengths.last() > strengths.first()
}

/// M and H over stimuli of rising strength, named as the examination names them; `None` without an M wave.
fn recruitment(sweeps: &[&[f64]], strengths: &[f64], rate_hz: f64, stimulus_ms: f64) -> Option<Analysis> {
    let curve = h_reflex(sweeps, rate_hz, &HReflexCriteria { stimulus_ms, ..HReflexCriteria::mv() })?;
    let m_max = Some(curve.m_max()).filter(|m| *m > 0.0)?;
    let h_max = Some(curve.h_max()).filter(|h| *h > 0.0);
    let (m_from, h_from) = curve.thresholds();
    let threshold = h_from.zip(m_from).map(|(h, m)| strengths[h] / strengths[m]);
    let mut analysis = Analysis::new(Kind::Evoked)
        .with("h_latency", h_max.and(curve.latency_ms), "ms")
        .with("h_max", h_max, "mV")
        .with("m_max", m_max, "mV")
        .with("h_m_ratio", curve.h_max() / m_max, "1")
        .with("h_threshold", threshold, "1")
        .with("m_at_h_max", h_max.map(|_| 100.0 * curve.points[curve.at_h_max()].m / m_max), "%")
        .with("m_latency", curve.m_latency_ms, "ms");
    let plot = |title, size: fn(&HReflexPoint) -> f64| Plot {
        title,
        along: ("strength", "1"),
        upward: ("amplitude", "mV"),
        points: strengths.iter().copied().zip(curve.points.iter().map(size)).collect(),
        joined: true,
    };
    analysis.plots = vec![plot("M", |p| p.m), plot("H", |p| p.h)];
    analysis.notes.push(format!("{} stimuli of rising strength read as a recruitment curve", strengths.len()));
    Some(analysis)
}

fn millivolts(channel: &Channel) -> Vec<f64> {
    crate::kind::microvolts(channel).unwrap_or_default().iter().map(|x| 1e-3 * x).collect()
}

/// A motor response, or where there is none so large a sensory one.
fn response(sweep_mv: &[f64], rate_hz: f64, stimulus_ms: f64) -> Option<EvokedResponse> {
    let search_ms = (1.0, 1e3 * sweep_mv.len() as f64 / rate_hz - stimulus_ms);
    let motor = EvokedCriteria { stimulus_ms, search_ms, ..EvokedCriteria::cmap_mv() };
    let found = evoked_response(sweep_mv, rate_hz, &motor).filter(|r| r.amplitude > SENSORY_MV);
    found.or_else(|| {
        let uv: Vec<f64> = sweep_mv.iter().map(|x| 1e3 * x).collect();
        let sensory = EvokedCriteria { stimulus_ms, search_ms, ..EvokedCriteria::snap_uv() };
        let r = evoked_response(&uv, rate_hz, &sensory)?;
        Some(EvokedResponse {
            amplitude: 1e-3 * r.amplitude,
            peak_to_peak: 1e-3 * r.peak_to_peak,
            area: 1e-3 * r.area,
            baseline: 1e-3 * r.baseline,
            noise: 1e-3 * r.noise,
            ..r
        })
    })
}

fn of_response(analysis: Analysis, r: Option<EvokedResponse>, suffix: &str) -> Analysis {
    let name = |measure: &str| format!("{measure}{suffix}");
    analysis
        .with(&name("latency"), r.map(|r| r.onset_ms), "ms")
        .with(&name("peak_latency"), r.map(|r| r.peak_ms), "ms")
        .with(&name("amplitude"), r.map(|r| r.amplitude), "mV")
        .with(&name("peak_to_peak"), r.map(|r| r.peak_to_peak), "mV")
        .with(&name("duration"), r.map(|r| r.duration_ms), "ms")
        .with(&name("area"), r.map(|r| r.area), "mV ms")
}

fn event(stimulus_s: f64, r: &EvokedResponse, label: &str) -> Annotation {
    Annotation {
        onset_s: stimulus_s + 1e-3 * r.onset_ms,
        duration_s: 1e-3 * r.duration_ms,
        text: format!("response {label}"),
    }
}
