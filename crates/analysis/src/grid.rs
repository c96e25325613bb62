//! High-density surface EMG: its size and spectrum, the velocity of its waves, and the motor units in it.

use tonus_signal::measures::agreement::{Agreement, agreement};
use tonus_signal::measures::conduction_velocity::propagation;
use tonus_signal::measures::decomposition::{DecomposedUnit, DecompositionParameters, decompose};
use tonus_signal::measures::filter::band_pass;
use tonus_signal::measures::surface_emg::{median_frequency, rms};
use tonus_signal::measures::{mean, median};
use tonus_signal::{Annotation, Channel, Recording};

use crate::kind::{is_voltage, microvolts};
use crate::{Analysis, AnalysisError, Kind};

/// Band of the size and the spectrum, Hz.
const BAND_HZ: (f64, f64) = (20.0, 500.0);
/// Velocities of muscle fibres that are looked for, m/s.
const VELOCITIES_M_S: (f64, f64) = (2.0, 7.0);
/// Pairs in a row over which a velocity is read.
const PAIRS: usize = 3;
/// Agreement from which a unit found is one of the recording's own reference (Holobar: 0.9 and more are reliable).
const FOUND: f64 = 0.9;

/// Size, spectrum, velocity where the places of the electrodes are known, units, and how they agree with the recording's own trains.
pub(crate) fn analyse(recording: &Recording, spacing_mm: Option<f64>) -> Result<Analysis, AnalysisError> {
    let channels: Vec<&Channel> = recording.channels.iter().filter(|c| is_voltage(c)).collect();
    let Some(first) = channels.first() else {
        return Err(AnalysisError::lacks(Kind::Grid, "has no channel in uV, mV or V", "name the unit of the signals"));
    };
    let rate_hz = first.rate_hz;
    if channels.iter().any(|c| c.rate_hz != rate_hz || c.samples.len() != first.samples.len()) {
        let mend = "give the channels of one grid";
        return Err(AnalysisError::lacks(Kind::Grid, "has channels of different rate or length", mend));
    }
    let uv: Vec<Vec<f64>> = channels.iter().filter_map(|c| microvolts(c)).collect();
    let banded: Vec<Vec<f64>> = uv.iter().map(|x| band_pass(x, rate_hz, BAND_HZ.0, BAND_HZ.1)).collect();
    let over = |f: &dyn Fn(&Vec<f64>) -> Option<f64>| median(&banded.iter().filter_map(f).collect::<Vec<_>>());
    let mut analysis = Analysis::new(Kind::Grid).with("rms", over(&|x| rms(x)), "uV").with(
        "median_frequency",
        over(&|x| median_frequency(x, rate_hz)),
        "Hz",
    );
    // Which way the fibres run is not said by the places: it is the way along which more stretches of the grid see waves travel.
    let ways = columns(recording, &channels, spacing_mm);
    let travelling = ways.iter().map(|(columns, spacing_mm)| -> Vec<f64> {
        columns.iter().flat_map(|c| velocities(c, &banded, rate_hz, *spacing_mm)).collect()
    });
    match travelling.reduce(|a, b| if b.len() > a.len() { b } else { a }) {
        Some(found) => analysis = analysis.with("conduction_velocity", median(&found), "m/s"),
        None => analysis.notes.push(
            "the places of the electrodes are not known: no conduction velocity (--spacing MM for rows of one column)"
                .into(),
        ),
    }

    let views: Vec<&[f64]> = uv.iter().map(Vec::as_slice).collect();
    let units = decompose(&views, rate_hz, &DecompositionParameters::default());
    let of = |f: fn(&DecomposedUnit) -> Option<f64>| mean(&units.iter().filter_map(f).collect::<Vec<_>>());
    analysis = analysis
        .with("units", units.len() as f64, "1")
        .with("firing_rate", of(DecomposedUnit::rate_hz), "Hz")
        .with("irregularity", of(|u| Some(100.0 * u.irregularity)), "%")
        .with("silhouette", of(|u| Some(u.silhouette)), "1");
    for (k, unit) in units.iter().enumerate() {
        let text = format!("unit {}", k + 1);
        let mark = |t: &f64| Annotation { onset_s: *t, duration_s: 0.0, text: text.clone() };
        analysis.events.extend(unit.discharges_s.iter().map(mark));
    }
    analysis.events.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));

    let references = references(recording);
    if !references.is_empty() {
        let best: Vec<Agreement> = references.iter().filter_map(|train| best(&units, train)).collect();
        let found = best.iter().filter(|a| a.rate > FOUND).count();
        let score = |f: fn(&Agreement) -> f64| median(&best.iter().map(f).collect::<Vec<_>>());
        let of_found = units.iter().filter_map(|unit| {
            let scores = references.iter().filter_map(|train| agreement(&unit.discharges_s, train));
            scores.max_by(|a, b| a.rate.total_cmp(&b.rate))
        });
        let of_found: Vec<Agreement> = of_found.collect();
        let score_of_found = |f: fn(&Agreement) -> f64| median(&of_found.iter().map(f).collect::<Vec<_>>());
        analysis = analysis
            .with("reference_units", references.len() as f64, "1")
            .with("reference_units_found", found as f64, "1")
            .with("agreement", score(|a| a.rate), "1")
            .with("sensitivity", score(|a| a.sensitivity), "1")
            .with("precision", score(|a| a.precision), "1")
            .with("agreement_of_found", score_of_found(|a| a.rate), "1")
            .with("sensitivity_of_found", score_of_found(|a| a.sensitivity), "1")
            .with("precision_of_found", score_of_found(|a| a.precision), "1");
        analysis.notes.push(format!(
            "{} reference trains are in the recording; found: agreement over {FOUND}; scores are medians over all of them, those of_found \
             over the units that were found, each with the reference it agrees with most",
            references.len()
        ));
    }
    Ok(analysis)
}

fn best(units: &[DecomposedUnit], train: &[f64]) -> Option<Agreement> {
    units.iter().filter_map(|u| agreement(&u.discharges_s, train)).max_by(|a, b| a.rate.total_cmp(&b.rate)).or_else(
        || (!train.is_empty()).then_some(Agreement { rate: 0.0, sensitivity: 0.0, precision: 0.0, lag_s: 0.0 }),
    )
}

/// The trains that the recording itself states: annotations `unit N` without a duration.
fn references(recording: &Recording) -> Vec<Vec<f64>> {
    let mut trains: Vec<(&str, Vec<f64>)> = Vec::new();
    let is_train = |a: &&Annotation| {
        a.duration_s == 0.0
            && a.text.strip_prefix("unit ").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    for a in recording.annotations.iter().filter(is_train) {
        match trains.iter_mut().find(|(name, _)| *name == a.text) {
            Some((_, times)) => times.push(a.onset_s),
            None => trains.push((&a.text, vec![a.onset_s])),
        }
    }
    trains.into_iter().map(|(_, times)| times).collect()
}

/// Lines of channels and the distance of neighbours on them, mm: those along x, and those along y. None if the places are not known.
fn columns(recording: &Recording, channels: &[&Channel], spacing_mm: Option<f64>) -> Vec<(Vec<Vec<usize>>, f64)> {
    if let Some(spacing) = spacing_mm {
        return vec![(vec![(0..channels.len()).collect()], spacing)];
    }
    let place = |c: &Channel| recording.electrodes.iter().find(|e| e.name == c.label).map(|e| (e.x_mm, e.y_mm));
    let Some(places) = channels.iter().map(|c| place(c)).collect::<Option<Vec<(f64, f64)>>>() else {
        return Vec::new();
    };
    let lines = |along: fn((f64, f64)) -> f64, across: fn((f64, f64)) -> f64| {
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by(|a, b| {
            let (a, b) = (places[*a], places[*b]);
            across(a).total_cmp(&across(b)).then(along(a).total_cmp(&along(b)))
        });
        let same = |a: &usize, b: &usize| (across(places[*a]) - across(places[*b])).abs() < 0.1;
        let lines: Vec<Vec<usize>> = order.chunk_by(same).map(<[_]>::to_vec).collect();
        let step = |w: &[usize]| along(places[w[1]]) - along(places[w[0]]);
        let steps: Vec<f64> = lines.iter().flat_map(|line| line.windows(2).map(step)).collect();
        Some((lines, median(&steps)?))
    };
    [lines(|p| p.0, |p| p.1), lines(|p| p.1, |p| p.0)].into_iter().flatten().collect()
}

/// Velocities along a column, of each stretch of neighbouring pairs that look alike.
fn velocities(column: &[usize], banded: &[Vec<f64>], rate_hz: f64, spacing_mm: f64) -> Vec<f64> {
    let pairs: Vec<Vec<f64>> =
        column.windows(2).map(|w| banded[w[0]].iter().zip(&banded[w[1]]).map(|(a, b)| a - b).collect()).collect();
    pairs
        .windows(PAIRS)
        .filter_map(|some| {
            let views: Vec<&[f64]> = some.iter().map(Vec::as_slice).collect();
            propagation(&views, rate_hz, spacing_mm, VELOCITIES_M_S)
        })
        .map(|p| p.velocity_m_s.abs())
        .collect()
}

#[cfg(test)]
mod tests {
    use tonus_signal::recording::Electrode;

    use super::*;

    #[test]
    fn lines_run_both_ways_in_order_of_their_places() {
        let mut recording = Recording::titled("grid");
        // Two along x, three along y, named out of order.
        for (k, (x_mm, y_mm)) in
            [(8.0, 0.0), (0.0, 0.0), (0.0, 4.0), (8.0, 4.0), (8.0, 8.0), (0.0, 8.0)].into_iter().enumerate()
        {
            let name = format!("e{k}");
            recording = recording.with_channel(&name, "uV", 2_000.0, vec![0.0; 4]);
            recording.electrodes.push(Electrode { name, x_mm, y_mm, z_mm: 0.0, kind: "disc".into() });
        }
        let channels: Vec<&Channel> = recording.channels.iter().collect();
        let along_x = (vec![vec![1, 0], vec![2, 3], vec![5, 4]], 8.0);
        let along_y = (vec![vec![1, 2, 5], vec![0, 3, 4]], 4.0);
        assert_eq!(columns(&recording, &channels, None), [along_x, along_y]);
        assert_eq!(columns(&recording, &channels, Some(5.0)), [(vec![vec![0, 1, 2, 3, 4, 5]], 5.0)]);
        recording.electrodes.pop();
        let channels: Vec<&Channel> = recording.channels.iter().collect();
        assert!(columns(&recording, &channels, None).is_empty(), "a place is missing");
    }
}
