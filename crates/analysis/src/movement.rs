//! Movement: tremor, the leg that was let go, quiet stance, taps.

use tonus_signal::measures::spectrum::welch;
use tonus_signal::measures::{pendulum as swings, sway as stance, tapping as taps, tremor as shaking};
use tonus_signal::{Annotation, Channel, Recording};

use crate::{Analysis, AnalysisError, Kind, Plot};

/// Rate that uneven samples are brought to: their own mean, at most, Hz. The band of tremor ends at 20 Hz.
const MOST_HZ: f64 = 200.0;
/// Length of a segment of the spectrum, s.
const SEGMENT_S: f64 = 4.0;
/// A gap longer than this many mean intervals is said.
const LONG_GAP: f64 = 5.0;

/// Acceleration of a limb, of one sensor's axes.
pub(crate) fn tremor(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let kind = Kind::Tremor;
    let is_acceleration = |unit: &str| ["m/s2", "m/s^2", "m/s²"].contains(&unit);
    let mut notes = Vec::new();
    let mut axes: Vec<Channel> = recording.channels.iter().filter(|c| is_acceleration(&c.unit)).cloned().collect();
    for series in recording.series.iter().filter(|s| is_acceleration(&s.unit)) {
        let Some(rate_hz) = series.mean_rate_hz() else { continue };
        let gap_s = series.longest_gap_s();
        if axes.is_empty() {
            notes.push(format!("uneven samples, {rate_hz:.1} a second, brought to an even rate along straight lines"));
            if gap_s > LONG_GAP / rate_hz {
                notes.push(format!("the longest gap is {gap_s:.2} s: what happened in it is not known"));
            }
        }
        axes.extend(series.resampled(rate_hz.min(MOST_HZ)));
    }
    let Some(first) = axes.first() else {
        return Err(AnalysisError::lacks(kind, "has no channel in m/s2", "name the unit of the acceleration"));
    };
    let rate_hz = first.rate_hz;
    let length = axes.iter().map(|a| a.samples.len()).min().unwrap_or(0);
    if axes.iter().any(|a| (a.rate_hz / rate_hz - 1.0).abs() > 1e-9) {
        return Err(AnalysisError::lacks(kind, "has axes of different rates", "give the axes of one sensor"));
    }
    let samples: Vec<&[f64]> = axes.iter().map(|a| &a.samples[..length]).collect();
    let found = shaking::tremor(&samples, rate_hz);
    let mut analysis = Analysis::new(kind)
        .with("frequency", found.and_then(|t| t.frequency_hz), "Hz")
        .with("rms", found.map(|t| t.rms_m_s2), "m/s2")
        .with("peak_amplitude", found.and_then(|t| t.peak_amplitude_m_s2), "m/s2")
        .with("peak_share", found.and_then(|t| t.peak_power_share_percent), "%");
    // The measure adds the axes' spectra; so does the drawing.
    let spectra = samples.iter().filter_map(|axis| welch(axis, rate_hz, SEGMENT_S));
    if let Some(spectrum) = spectra.reduce(|sum, s| sum.plus(&s).unwrap_or(sum)) {
        let (low, high) = (shaking::BAND_HZ.0, shaking::BAND_HZ.1.min(0.5 * rate_hz));
        let points = spectrum.density.iter().enumerate().map(|(k, d)| (k as f64 * spectrum.step_hz, *d));
        analysis.plots.push(Plot {
            title: "spectrum",
            along: ("frequency", "Hz"),
            upward: ("power", "(m/s2)2/Hz"),
            points: points.filter(|(hz, _)| (low..=high).contains(hz)).collect(),
            joined: true,
        });
    }
    if rate_hz < 40.0 {
        notes.push(format!("at {rate_hz:.0} Hz the band ends at {:.0} Hz", 0.5 * rate_hz));
    }
    analysis.notes = notes;
    Ok(analysis)
}

/// The angle of a leg that was let go.
pub(crate) fn pendulum(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let Some(angle) = recording.channels.iter().find(|c| c.unit == "deg") else {
        return Err(AnalysisError::lacks(Kind::Pendulum, "has no channel in deg", "give the angle of the knee"));
    };
    let p = swings::pendulum(&angle.samples, angle.rate_hz);
    Ok(Analysis::new(Kind::Pendulum)
        .with("oscillations", p.map(|p| p.oscillations as f64), "1")
        .with("relaxation_index", p.and_then(|p| p.relaxation_index), "1")
        .with("first_swing", p.map(|p| p.first_swing_deg), "deg")
        .with("period", p.and_then(|p| p.period_s), "s")
        .with("peak_velocity", p.map(|p| p.peak_velocity_deg_s), "deg/s")
        .with("resting_angle", p.map(|p| p.resting_angle_deg), "deg"))
}

/// The centre of pressure: its first two channels, sideways and forwards.
pub(crate) fn sway(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let kind = Kind::Sway;
    let [sideways, forwards, ..] = recording.channels.as_slice() else {
        return Err(AnalysisError::lacks(kind, "has fewer than two channels", "give sideways and forwards, in mm"));
    };
    let millimetres = |channel: &Channel| {
        let factor = match channel.unit.as_str() {
            "mm" => 1.0,
            "cm" => 10.0,
            "m" => 1e3,
            _ => return None,
        };
        Some(channel.samples.iter().map(|x| factor * x).collect::<Vec<f64>>())
    };
    let (Some(x), Some(y)) = (millimetres(sideways), millimetres(forwards)) else {
        return Err(AnalysisError::lacks(
            kind,
            "has channels that are no lengths",
            "give the centre of pressure in mm, cm or m",
        ));
    };
    let s = stance::sway(&x, &y, sideways.rate_hz);
    Ok(Analysis::new(kind)
        .with("rms_sideways", s.map(|s| s.rms.0), "mm")
        .with("rms_forwards", s.map(|s| s.rms.1), "mm")
        .with("speed", s.map(|s| s.speed), "mm/s")
        .with("area", s.map(|s| s.area), "mm2"))
}

/// Taps on a screen: a series `touch`, 1 when the finger touches and 0 when it leaves.
pub(crate) fn tapping(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let Some(touch) = recording.series.iter().find(|s| s.label == "touch") else {
        return Err(AnalysisError::lacks(
            Kind::Tapping,
            "has no series `touch`",
            "give 1 at each touch and 0 at each release",
        ));
    };
    let at = |down: bool| -> Vec<f64> {
        touch.times_s.iter().zip(&touch.values).filter(|(_, x)| (**x > 0.5) == down).map(|(t, _)| *t).collect()
    };
    let (down, up) = (at(true), at(false));
    let t = taps::tapping(&down, &up);
    let mut analysis = Analysis::new(Kind::Tapping)
        .with("rate", t.map(|t| t.rate_hz), "Hz")
        .with("variation", t.map(|t| t.variation_percent), "%")
        .with("slowing", t.map(|t| t.slowing_percent), "%/10 s")
        .with("halts", t.map(|t| t.halts as f64), "1")
        .with("contact", t.and_then(|t| t.contact_s), "s")
        .with("taps", down.len() as f64, "1");
    analysis.events = down.iter().map(|t| Annotation { onset_s: *t, duration_s: 0.0, text: "tap".into() }).collect();
    analysis
        .notes
        .push("a screen does not tell how high the finger was lifted: the decrement of amplitude is not in it".into());
    Ok(analysis)
}
