//! CMAP scan: the whole range of a muscle's response to its nerve, in steps of 0.2 % of the current, and the unit number read from it.

use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_physiology::random::{Seed, Stream};
use tonus_signal::measures::cmap_scan::CmapScan;
use tonus_signal::measures::median;
use tonus_signal::measures::unit_number::unit_number;
use tonus_signal::{Measure, Recording, Side, Study, Value};

use crate::emg::{EMG_HZ, EndplateBank};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

/// A muscle with its nerve.
struct Place {
    id: &'static str,
    muscle: &'static str,
    label: &'static str,
    /// Current of the median axon's threshold, mA: S50 of nine healthy adults (public scans of K. E. Jones' laboratory).
    median_ma: f64,
}

const MEDIAN_PLACE: Place =
    Place { id: "lab.cmap_scan.median", muscle: "abductor_pollicis_brevis", label: "APB", median_ma: 12.1 };
const ULNAR_PLACE: Place =
    Place { id: "lab.cmap_scan.ulnar", muscle: "abductor_digiti_minimi", label: "ADM", median_ma: 14.0 };
const FIBULAR_PLACE: Place =
    Place { id: "lab.cmap_scan.fibular", muscle: "tibialis_anterior", label: "TA", median_ma: 13.5 };

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo {
        name: "maximum",
        unit: "mV",
        meaning: "response at the strongest stimuli, baseline to negative peak",
    },
    MeasureInfo { name: "s50", unit: "mA", meaning: "current for half of it" },
    MeasureInfo { name: "range", unit: "1", meaning: "current for 95 % of it over the current for 5 %" },
    MeasureInfo { name: "d50", unit: "1", meaning: "largest differences between responses that make up half of it" },
    MeasureInfo { name: "largest_step", unit: "%", meaning: "largest such difference, of the maximum" },
    MeasureInfo { name: "stepix", unit: "1", meaning: "step index: steps of the mean size that make up 80 % of it" },
    MeasureInfo { name: "units", unit: "1", meaning: "motor units of a model fitted to the scan" },
    MeasureInfo { name: "unit_size", unit: "uV", meaning: "their mean size" },
    MeasureInfo { name: "largest_unit", unit: "uV", meaning: "size of the largest of them" },
    MeasureInfo {
        name: "fit_error",
        unit: "%",
        meaning: "mean distance of the responses from the model, of the maximum",
    },
];

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "step",
        unit: "%",
        default: 0.2,
        low: 0.05,
        high: 2.0,
        whole: false,
        meaning: "fall of the current from stimulus to stimulus, of itself",
    },
    ParameterInfo {
        name: "rate_hz",
        unit: "Hz",
        default: 2.0,
        low: 0.5,
        high: 5.0,
        whole: false,
        meaning: "stimuli a second",
    },
    ParameterInfo {
        name: "repetition",
        unit: "1",
        default: 0.0,
        low: 0.0,
        high: 1000.0,
        whole: true,
        meaning: "which scan of several of the same person: thresholds vary and the noise falls anew",
    },
];

const PROTOCOL: &str = "Belly-tendon electrodes; the nerve stimulated at its last stretch before the muscle. The current is raised in coarse steps until \
                        the response grows no more, then falls by 0.2 % a stimulus to where none is left; 20 stimuli before and after at \
                        its ends. Units by a model of the scan, blind to those of the muscle.";
const SOURCE: &str = "Bostock 2016 Muscle Nerve 53:889 (model); MSCAN-R2 protocol as in the public scans of K. E. Jones' laboratory, Edmonton";

type Run = fn(&Subject<'_>, Side, &Parameters) -> Result<Study, ExamError>;

const fn item(id: &'static str, title: &'static str, run: Run) -> Item {
    Item { id, title, protocol: PROTOCOL, source: SOURCE, parameters: PARAMETERS, measures: MEASURES, run }
}

/// Median nerve to abductor pollicis brevis.
pub const MEDIAN: Item = item(MEDIAN_PLACE.id, "CMAP scan, median nerve to the thenar", |subject, side, p| {
    run(&MEDIAN_PLACE, subject, side, p)
});

/// Ulnar nerve to abductor digiti minimi.
pub const ULNAR: Item =
    item(ULNAR_PLACE.id, "CMAP scan, ulnar nerve to the hand", |subject, side, p| run(&ULNAR_PLACE, subject, side, p));

/// Fibular nerve to tibialis anterior.
pub const FIBULAR: Item =
    item(FIBULAR_PLACE.id, "CMAP scan, fibular nerve to tibialis anterior", |subject, side, p| {
        run(&FIBULAR_PLACE, subject, side, p)
    });

/// Time of a sweep, ms: beyond the slowest demyelinated distal stretch.
const SWEEP_MS: f64 = 60.0;
/// Noise of one response's size, mV (5-20 uV in recorded scans; the filtered amplifier of a scan).
const NOISE_MV: f64 = 0.005;
/// Weakest and strongest current of the coarse search, in thresholds of the median axon, and its factor from step to step.
const SEARCH: (f64, f64) = (0.3, 4.0);
const SEARCH_STEP: f64 = 1.05;
/// Stimuli at each end of the scan.
const AT_ENDS: usize = 20;
/// Share of the largest response from which it has grown all it will, and below which (mV) there is none.
const GROWN: f64 = 0.985;
const NONE_MV: f64 = 4.0 * NOISE_MV;
/// Rest before the scan, s.
const REST_S: f64 = 10.0;

/// The nerve and its muscle under the electrodes.
struct Stimulated<'a> {
    axons: &'a MotorAxons,
    compound: &'a tonus_physiology::field::surface::CompoundModel,
    /// Of each unit with neuron, axon and a path to the muscle: arrival at its endplates, ms.
    delays_ms: Vec<Option<f64>>,
    endplates: EndplateBank,
    luck: Stream,
    noise: Stream,
    sweep: Vec<f64>,
}

impl Stimulated<'_> {
    /// Size of the response to a stimulus of `current` thresholds of the median axon, given at `time_s`, mV.
    fn response_mv(&mut self, current: f64, time_s: f64) -> f64 {
        let arrivals: Vec<(usize, f64)> = (0..self.delays_ms.len())
            .filter_map(|unit| {
                let excited = self.axons.excited(unit, current, &mut self.luck);
                self.delays_ms[unit].filter(|_| excited).map(|ms| (unit, ms))
            })
            .collect();
        self.sweep.fill(0.0);
        self.endplates.respond(self.compound, time_s, 0.0, &arrivals, &mut self.sweep);
        let peak = -self.sweep.iter().copied().fold(0.0, f64::min);
        peak + NOISE_MV * self.noise.normal()
    }
}

fn run(place: &Place, subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let muscle = subject.muscle(place.id, side, place.muscle)?;
    let axons = subject.axons(side, muscle);
    let compound = subject.compound(side, muscle, EMG_HZ);
    let innervated = subject.innervated(side, muscle);
    let seed: Seed = match parameters.count("repetition") {
        0 => subject.noise(place.id, side),
        repetition => subject.noise(place.id, side).child("repetition").index(repetition),
    };
    let site = axons.segments() - 1;
    let delays_ms = innervated
        .iter()
        .enumerate()
        .map(|(unit, alive)| axons.delay_ms(unit, site, site).filter(|_| *alive))
        .collect();
    let mut stimulated = Stimulated {
        axons: &axons,
        compound: &compound,
        delays_ms,
        endplates: EndplateBank::new(&compound, &muscle.junction, seed.child("endplates")),
        luck: seed.stream("threshold"),
        noise: seed.stream("noise"),
        sweep: vec![0.0; (SWEEP_MS * 1e-3 * EMG_HZ) as usize],
    };
    let interval_s = 1.0 / parameters.get("rate_hz");
    let mut time_s = 0.0;

    // Where the response begins and where it grows no more, as an operator finds them.
    let mut search = Vec::new();
    let mut current = SEARCH.0;
    while current <= SEARCH.1 {
        time_s += interval_s;
        search.push((current, stimulated.response_mv(current, time_s)));
        current *= SEARCH_STEP;
    }
    let largest = search.iter().map(|s| s.1).fold(0.0, f64::max);
    let last_silent = search.iter().rposition(|s| s.1 < NONE_MV);
    let first_full = search.iter().position(|s| s.1 >= GROWN * largest);
    let ends = match (last_silent, first_full) {
        (silent, Some(full)) if largest >= NONE_MV => {
            (search[silent.unwrap_or(0)].0, search[(full + 2).min(search.len() - 1)].0)
        }
        _ => return Ok(silent(place, side)),
    };

    time_s += REST_S;
    let factor = 1.0 - 0.01 * parameters.get("step");
    let mut currents = vec![ends.1; AT_ENDS];
    while let Some(next) = currents.last().map(|c| c * factor).filter(|c| *c > ends.0) {
        currents.push(next);
    }
    currents.extend([ends.0; AT_ENDS]);
    let responses: Vec<f64> = currents
        .iter()
        .map(|current| {
            time_s += interval_s;
            stimulated.response_mv(*current, time_s)
        })
        .collect();
    let stimuli: Vec<f64> = currents.iter().map(|c| c * place.median_ma).collect();
    let recording = Recording::titled(format!("CMAP scan, {}", place.label))
        .with_channel("stimulus", "mA", 1.0 / interval_s, stimuli)
        .with_channel("CMAP", "mV", 1.0 / interval_s, responses);
    Ok(measured(place, side, recording))
}

/// What is read off the recorded scan alone.
fn measured(place: &Place, side: Side, recording: Recording) -> Study {
    let scan = CmapScan::from_recording(&recording);
    let m = scan.as_ref().and_then(CmapScan::measures);
    let fit = scan.as_ref().and_then(unit_number);
    let measures = vec![
        Measure::new("maximum", scan.as_ref().and_then(|s| median(&s.top_mv())), "mV"),
        Measure::new("s50", m.map(|m| m.s50_ma), "mA"),
        Measure::new("range", m.map(|m| m.s95_ma / m.s5_ma), "1"),
        Measure::new("d50", m.map(|m| m.d50 as f64), "1"),
        Measure::new("largest_step", m.map(|m| m.largest_step_percent), "%"),
        Measure::new("stepix", m.and_then(|m| m.stepix), "1"),
        Measure::new("units", fit.as_ref().map(|f| f.units.len() as f64), "1"),
        Measure::new("unit_size", fit.as_ref().map(|f| f.mean_size_uv()), "uV"),
        Measure::new("largest_unit", fit.as_ref().map(|f| f.largest_size_uv()), "uV"),
        Measure::new("fit_error", fit.as_ref().map(|f| f.error_percent), "%"),
    ];
    Study { item: place.id.to_owned(), side, measures, recordings: vec![recording], wall_ms: 0.0 }
}

/// No current evoked a response: a scan of nothing.
fn silent(place: &Place, side: Side) -> Study {
    let measures = MEASURES.iter().map(|m| Measure::new(m.name, Value::Absent, m.unit)).collect();
    Study { item: place.id.to_owned(), side, measures, recordings: Vec::new(), wall_ms: 0.0 }
}
