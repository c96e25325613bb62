//! Needle EMG of a muscle: its units, its interference pattern, what fires by itself, and which disease the pattern speaks for.

use serde::Serialize;
use tonus_signal::measures::interference::fullness_percent;
use tonus_signal::measures::motor_unit_potential::MotorUnitPotential;
use tonus_signal::measures::repetitive::{RunKind, runs};
use tonus_signal::measures::spike::SpikeCriteria;
use tonus_signal::measures::spontaneous::spontaneous_activity;
use tonus_signal::measures::turns::{TURN_UV, TurnsAmplitude, turns_by_epoch};
use tonus_signal::measures::unit_train::{recruitment_ratio_hz, unit_trains};
use tonus_signal::measures::{mean, median};
use tonus_signal::{Annotation, Recording};

use crate::kind::{is_voltage, microvolts};
use crate::{Analysis, AnalysisError, Kind, Plot};

/// Turns a second from which a pattern without any sign is called normal: slighter efforts show a few units, and these are normal in many sick muscles.
const TELLING_TURNS: f64 = 100.0;

/// Mean duration of unit potentials above which a muscle that is not named is not called normal, ms: the upper limit of biceps is 13.0 (Engstrom & Olney
/// 1992), of tibialis anterior 11.2 (de Carvalho & Swash 2013), in old age a little more (memory).
const LONG_MS: f64 = 14.0;

/// What a pattern speaks for, and the reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// `normal`, `myopathic`, `neurogenic` or `indeterminate`.
    pub class: &'static str,
    /// Each reason with its numbers.
    pub because: Vec<String>,
}

/// Epoch of the interference pattern, s (0.5 to 1 s is usual).
const EPOCH_S: f64 = 0.5;
/// Potentials with a slower rise come from far off, ms (as in the examination).
const RISE_MS: f64 = 0.5;
/// Fewest turns a second of an epoch of effort: fewer are single units or rest.
const EFFORT_TURNS: f64 = 50.0;
/// Fewest epochs of effort from which a pattern is read: three seconds (assumed; twenty epochs at several places are usual).
const FEWEST_EPOCHS: usize = 6;
/// Longest share of epochs with little activity that still makes a recording of effort.
const REST_SHARE: f64 = 0.5;

/// Turns over amplitude above which a pattern of slight to moderate effort is myopathic, 1/(s uV): the peak ratio of Fuglsang-Frederiksen. Its published
/// limits were not read: assumed, between the largest of a recorded healthy tibialis anterior (0.71) and of a myopathic one (1.61) in PhysioNet's EMGDB.
/// Simulated healthy, ALS and dystrophic muscles at slight effort stay below (0.5 to 1.6, medians 0.3 to 0.4): there it seldom finds anything.
pub const MYOPATHIC_RATIO: f64 = 1.0;
/// Turns a second above which effort is too strong for the rule (400 to 600/s at full effort in biceps, from memory): the ratio rises with any full pattern.
pub const FULL_EFFORT_TURNS: f64 = 700.0;
/// Mean amplitude between turns above which it is neurogenic, uV: the top of the healthy cloud, 400 to 700 uV at full effort in biceps (memory).
pub const NEUROGENIC_UV: f64 = 700.0;
/// Unit potential above which it is neurogenic, uV: usual laboratory rule for a concentric needle (memory).
pub const GIANT_UV: f64 = 2_000.0;
/// Fastest rate over units seen, above which recruitment is reduced, Hz (rule of fives, Daube 1991; the examination's limit is 7.5 for its own search).
pub const RECRUITMENT_HZ: f64 = 5.0;
/// Share of the units with more than four phases above which there are too many, % (de Carvalho & Swash 2013: upper limit 35 in tibialis anterior).
pub const POLYPHASIC_PERCENT: f64 = 35.0;

/// Units, turns and spontaneous discharges of the first channel of voltage.
pub(crate) fn analyse(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let Some(channel) = recording.channels.iter().find(|c| is_voltage(c)) else {
        return Err(AnalysisError::lacks(Kind::Needle, "has no channel in uV, mV or V", "name the unit of the signal"));
    };
    let (uv, rate_hz) = (microvolts(channel).unwrap_or_default(), channel.rate_hz);
    if rate_hz < 2_000.0 {
        let problem = format!("is sampled at {rate_hz} Hz, too slowly for the spikes of a needle");
        return Err(AnalysisError::lacks(Kind::Needle, problem, "record at 10 kHz or more (4 kHz at least)"));
    }
    let epochs = turns_by_epoch(&uv, rate_hz, TURN_UV, EPOCH_S);
    let effort: Vec<TurnsAmplitude> = epochs.iter().filter(|e| e.turns_per_s >= EFFORT_TURNS).copied().collect();
    let at_rest = (effort.len() as f64) < REST_SHARE * epochs.len() as f64;

    let mut analysis = Analysis::new(Kind::Needle);
    let units = unit_trains(&uv, rate_hz, &SpikeCriteria::motor_units_uv());
    let potentials: Vec<MotorUnitPotential> =
        units.iter().filter_map(|u| u.potential).filter(|p| p.rise_time_ms < RISE_MS).collect();
    let each = |f: fn(&MotorUnitPotential) -> f64| mean(&potentials.iter().map(f).collect::<Vec<_>>());
    let polyphasic = (!potentials.is_empty())
        .then(|| 100.0 * potentials.iter().filter(|p| p.polyphasic()).count() as f64 / potentials.len() as f64);
    let over = |f: fn(&TurnsAmplitude) -> f64| median(&effort.iter().map(f).collect::<Vec<_>>());
    let peak_ratio = effort.iter().filter_map(TurnsAmplitude::ratio).reduce(f64::max);
    let fullness = mean(
        &uv.chunks_exact((EPOCH_S * rate_hz) as usize).filter_map(|e| fullness_percent(e, rate_hz)).collect::<Vec<_>>(),
    );
    analysis = analysis
        .with("turns", over(|e| e.turns_per_s), "1/s")
        .with("turn_amplitude", over(|e| e.amplitude_uv), "uV")
        .with("peak_ratio", peak_ratio, "1/(s uV)")
        .with("interference_fullness", fullness, "%")
        .with("units", units.len() as f64, "1")
        .with("firing_rate", mean(&units.iter().map(|u| u.rate_hz).collect::<Vec<_>>()), "Hz")
        .with("recruitment_ratio", recruitment_ratio_hz(&units), "Hz")
        .with("mup_amplitude", each(|p| p.amplitude_uv), "uV")
        .with("mup_duration", each(|p| p.duration_ms), "ms")
        .with("mup_phases", each(|p| p.phases as f64), "1")
        .with("mup_polyphasic", polyphasic, "%")
        .with("largest_mup", potentials.iter().map(|p| p.amplitude_uv).reduce(f64::max), "uV");
    analysis.plots.push(Plot {
        title: "turns and amplitude of each half second",
        along: ("turns", "1/s"),
        upward: ("mean amplitude", "uV"),
        points: epochs.iter().filter(|e| e.turns_per_s > 0.0).map(|e| (e.turns_per_s, e.amplitude_uv)).collect(),
        joined: false,
    });
    for (k, unit) in units.iter().enumerate() {
        analysis.events.extend(unit.times_s.iter().map(|t| Annotation {
            onset_s: *t,
            duration_s: 0.0,
            text: format!("unit {}", k + 1),
        }));
    }
    if at_rest {
        let runs = runs(&uv, rate_hz);
        let found = spontaneous_activity(&uv, rate_hz, &SpikeCriteria::spontaneous_uv(), &runs);
        let of = |kind: RunKind| runs.iter().filter(|r| r.kind == Some(kind)).count() as f64;
        analysis = analysis
            .with("fibrillation_potentials", found.fibrillation_rate_hz, "1/s")
            .with("fibrillation_rate", found.fibrillation_train_hz, "Hz")
            .with("fasciculation_rate", found.fasciculations_per_min, "1/min")
            .with("fasciculation_amplitude", found.fasciculation_amplitude_uv, "uV")
            .with("myotonic_runs", of(RunKind::Myotonic), "1")
            .with("complex_repetitive_runs", of(RunKind::ComplexRepetitive), "1")
            .with("neuromyotonic_runs", of(RunKind::Neuromyotonic), "1")
            .with("cramps", of(RunKind::Cramp), "1");
        analysis.notes.push("mostly silent: read as rest".into());
    } else {
        analysis.notes.push("effort throughout: spontaneous discharges can't be told from voluntary ones".into());
        let read: Vec<TurnsAmplitude> = effort.iter().filter(|e| e.turns_per_s <= FULL_EFFORT_TURNS).copied().collect();
        if read.len() >= FEWEST_EPOCHS {
            analysis.notes.push("the rule's limits are in part assumed; it stands for no needle examination".into());
            analysis.reading = Some(reading(&read, &potentials, recruitment_ratio_hz(&units)));
        } else {
            analysis.notes.push(format!(
                "the pattern is not read: {} half seconds of slight to moderate effort ({EFFORT_TURNS:.0} to {FULL_EFFORT_TURNS:.0} turns/s), \
                 {FEWEST_EPOCHS} are needed",
                read.len()
            ));
        }
    }
    if rate_hz < 10_000.0 {
        analysis.notes.push(format!(
            "sampled at {rate_hz:.0} Hz: sharp peaks are clipped, amplitudes read low and durations long"
        ));
    }
    analysis.events.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    Ok(analysis)
}

/// The rule: each sign that stands out speaks for one side; a side without a sign against it has the pattern.
fn reading(effort: &[TurnsAmplitude], potentials: &[MotorUnitPotential], recruitment: Option<f64>) -> Reading {
    let (mut myopathic, mut neurogenic) = (Vec::new(), Vec::new());
    let of = |f: fn(&TurnsAmplitude) -> f64| median(&effort.iter().map(f).collect::<Vec<_>>()).unwrap_or(0.0);
    let (turns, amplitude) = (of(|e| e.turns_per_s), of(|e| e.amplitude_uv));
    let ratio = effort.iter().filter_map(TurnsAmplitude::ratio).fold(0.0, f64::max);
    if ratio > MYOPATHIC_RATIO {
        myopathic.push(format!(
            "many small turns: up to {ratio:.2} a second and uV (over {MYOPATHIC_RATIO}), {turns:.0}/s of {amplitude:.0} uV"
        ));
    }
    if amplitude > NEUROGENIC_UV {
        neurogenic.push(format!("large turns: {amplitude:.0} uV (over {NEUROGENIC_UV:.0}) at only {turns:.0}/s"));
    }
    if let Some(largest) = potentials.iter().map(|p| p.amplitude_uv).reduce(f64::max).filter(|a| *a > GIANT_UV) {
        neurogenic.push(format!("a unit of {:.1} mV (over {:.0})", 1e-3 * largest, 1e-3 * GIANT_UV));
    }
    if let Some(ratio) = recruitment.filter(|r| *r > RECRUITMENT_HZ) {
        neurogenic.push(format!("reduced recruitment: {ratio:.1} Hz for each unit seen (over {RECRUITMENT_HZ:.0})"));
    }
    let many = potentials.iter().filter(|p| p.polyphasic()).count();
    let share = 100.0 * many as f64 / potentials.len().max(1) as f64;
    if share > POLYPHASIC_PERCENT {
        let text = format!("{many} of {} units polyphasic", potentials.len());
        // Found in both: it strengthens, and decides nothing.
        if !myopathic.is_empty() {
            myopathic.push(text);
        } else if !neurogenic.is_empty() {
            neurogenic.push(text);
        }
    }
    let duration = mean(&potentials.iter().map(|p| p.duration_ms).collect::<Vec<_>>());
    match (myopathic.is_empty(), neurogenic.is_empty()) {
        (true, true) if duration.is_some_and(|ms| ms > LONG_MS) => Reading {
            class: "indeterminate",
            because: vec![format!(
                "no other sign, but potentials of {:.1} ms, too long for many muscles (over {LONG_MS:.0}): judge them by the norms of the muscle's item",
                duration.unwrap_or_default()
            )],
        },
        (true, true) if turns < TELLING_TURNS => Reading {
            class: "indeterminate",
            because: vec![format!(
                "no sign of disease, but too slight an effort to tell: {turns:.0} turns/s of {amplitude:.0} uV"
            )],
        },
        (true, true) => Reading {
            class: "normal",
            because: vec![format!(
                "{turns:.0} turns/s of {amplitude:.0} uV, at most {ratio:.2} a second and uV; no unit over {:.0} mV",
                1e-3 * GIANT_UV
            )],
        },
        (false, true) => Reading { class: "myopathic", because: myopathic },
        (true, false) => Reading { class: "neurogenic", because: neurogenic },
        (false, false) => Reading { class: "indeterminate", because: [myopathic, neurogenic].concat() },
    }
}
