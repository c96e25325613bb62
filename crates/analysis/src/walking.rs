//! Walking, from the strides of both feet.

use tonus_signal::measures::gait::{asymmetry_percent, settled, strides, touches_s};
use tonus_signal::measures::mean;
use tonus_signal::{Recording, Series};

use crate::kind::is_foot;
use crate::{Analysis, AnalysisError, Kind, Plot};

/// Strides from what lies under the feet: channels whose label has `foot` in it, left and right.
pub(crate) fn of_feet(recording: &Recording) -> Vec<Series> {
    let side = |side: &str| {
        let foot = recording.channels.iter().find(|c| is_foot(c) && c.label.to_lowercase().contains(side))?;
        let touches = touches_s(&foot.samples, foot.rate_hz)?;
        Some(Series {
            label: format!("stride, {side}"),
            unit: "s".to_owned(),
            times_s: touches.iter().skip(1).copied().collect(),
            values: touches.windows(2).map(|w| w[1] - w[0]).collect(),
        })
    };
    ["left", "right"].into_iter().filter_map(side).collect()
}

/// Stride time, its variation and memory, swing, double support, and how alike the legs are.
pub(crate) fn analyse(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let feet = of_feet(recording);
    let of =
        |label: &str, unit: &str| recording.series.iter().chain(&feet).find(|s| s.label == label && s.unit == unit);
    let Some(left) = of("stride, left", "s") else {
        return Err(AnalysisError::lacks(
            Kind::Gait,
            "has neither a series `stride, left` in s nor a channel of a switch under the left foot",
            "give stride times with the time at which each ended, or channels `left foot` and `right foot`",
        ));
    };
    let l = strides(&left.times_s, &left.values);
    let r = of("stride, right", "s").and_then(|s| strides(&s.times_s, &s.values));
    // The rows whose stride counts.
    let rows = settled(&left.times_s, &left.values);
    let average = |series: Option<&Series>| {
        mean(&rows.iter().filter_map(|i| series.and_then(|s| s.values.get(*i)).copied()).collect::<Vec<_>>())
    };
    let swing = |side: &str| average(of(&format!("swing, {side}"), "s"));
    let mut analysis = Analysis::new(Kind::Gait)
        .with("stride_time", l.map(|s| s.mean), "s")
        .with("stride_variation", l.map(|s| s.variation_percent), "%")
        .with("stride_variation_right", r.map(|s| s.variation_percent), "%")
        .with("fluctuation_exponent", l.and_then(|s| s.fluctuation_exponent), "1")
        .with("swing", average(of("swing, left", "%")), "%")
        .with("double_support", average(of("double support", "%")), "%")
        .with("swing_asymmetry", swing("left").zip(swing("right")).and_then(|(l, r)| asymmetry_percent(l, r)), "%")
        .with("strides", l.map(|s| s.count as f64), "1");
    analysis.plots.push(Plot {
        title: "left stride",
        along: ("time", "s"),
        upward: ("stride", "s"),
        points: rows.iter().map(|&i| (left.times_s[i], left.values[i])).collect(),
        joined: false,
    });
    let left_out = left.values.len() - rows.len();
    analysis.notes.push(format!(
        "{left_out} of {} left strides not counted: the first 20 s, turns and stumbles",
        left.values.len()
    ));
    Ok(analysis)
}
