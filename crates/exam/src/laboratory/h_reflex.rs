//! The H reflex: a mixed nerve under rising current, M and H of its muscle.

use tonus_physiology::limb::stimulated::{Shock, Stimulated, StimulatedGroup, StimulatedModel};
use tonus_physiology::nerve::mixed_nerve::Pulse;
use tonus_signal::measures::h_reflex::{HReflexCriteria, h_reflex};
use tonus_signal::{Measure, Recording, Side, Study, Value};

use crate::bedside::{EXTENSOR, FLEXOR};
use crate::emg::{self, EndplateBank, RATE_HZ};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

/// A muscle with its nerve, and where the joint is held.
struct Place {
    id: &'static str,
    joint: &'static str,
    group: usize,
    /// Segment of the muscle's path at whose cord end the cathode stands.
    site: &'static str,
}

const SOLEUS_PLACE: Place = Place { id: "lab.h_reflex.soleus", joint: "ankle", group: EXTENSOR, site: "distal" };
const FCR_PLACE: Place =
    Place { id: "lab.h_reflex.flexor_carpi_radialis", joint: "wrist", group: FLEXOR, site: "terminal" };

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "h_latency", unit: "ms", meaning: "stimulus to onset of the largest H" },
    MeasureInfo { name: "h_max", unit: "mV", meaning: "largest H, peak to peak" },
    MeasureInfo { name: "m_max", unit: "mV", meaning: "largest M, peak to peak" },
    MeasureInfo { name: "h_m_ratio", unit: "1", meaning: "largest H over largest M; 0 without an H" },
    MeasureInfo { name: "h_threshold", unit: "1", meaning: "weakest current with an H over the weakest with an M" },
    MeasureInfo { name: "m_at_h_max", unit: "%", meaning: "M at the current of the largest H, of the largest M" },
];

/// Parameters with this background contraction as default.
const fn parameters(contraction: f64) -> [ParameterInfo; 4] {
    [
        ParameterInfo {
            name: "pulse_ms",
            unit: "ms",
            default: 1.0,
            low: 0.05,
            high: 2.0,
            whole: false,
            meaning: "duration of the stimulus",
        },
        ParameterInfo {
            name: "interval_s",
            unit: "s",
            default: 8.0,
            low: SHORTEST_S,
            high: 30.0,
            whole: false,
            meaning: "time between stimuli",
        },
        ParameterInfo {
            name: "step",
            unit: "1",
            default: 0.08,
            low: 0.01,
            high: 0.2,
            whole: false,
            meaning: "rise of the current from stimulus to stimulus, in thresholds of the median motor axon",
        },
        ParameterInfo {
            name: "contraction",
            unit: "1",
            default: contraction,
            low: 0.0,
            high: 0.5,
            whole: false,
            meaning: "background contraction, share of maximal effort",
        },
    ]
}

const PARAMETERS: &[ParameterInfo] = &parameters(0.0);

/// Soleus.
pub const SOLEUS: Item = Item {
    id: SOLEUS_PLACE.id,
    title: "H reflex of soleus",
    protocol: "Prone or seated, relaxed; tibial nerve in the popliteal fossa, 1 ms pulses every 8 s, current rising from nothing until \
               M grows no more; belly-tendon electrodes over soleus. Sizes peak to peak.",
    source: "Pierrot-Deseilligny & Burke 2012, The Circuitry of the Human Spinal Cord; Panizza, Nilsson & Hallett 1989 Muscle Nerve 12:576 (pulse)",
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run(&SOLEUS_PLACE, subject, side, p),
};

/// Flexor carpi radialis.
pub const FLEXOR_CARPI_RADIALIS: Item = Item {
    id: FCR_PLACE.id,
    title: "H reflex of flexor carpi radialis",
    protocol: "Forearm supported, relaxed (or in slight contraction); median nerve at the elbow, 1 ms pulses every 8 s, current rising from \
               nothing until M grows no more; electrodes over flexor carpi radialis. Sizes peak to peak.",
    source: "Jabre 1981 Muscle Nerve 4:435 (site and recording)",
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run(&FCR_PLACE, subject, side, p),
};

/// Time before the stimulus that a sweep shows, ms.
const BEFORE_MS: f64 = 5.0;
/// Length of a sweep after the stimulus, ms: a reflex three times slower than in health still falls into it.
const AFTER_MS: usize = 90;
/// Time a contraction has to recruit before a stimulus, ms.
const SETTLE_MS: usize = 300;
/// Shortest time between stimuli: sweep and contraction fit into it, s.
const SHORTEST_S: f64 = 0.4;
/// Weakest and strongest current, in thresholds of the median motor axon.
const CURRENTS: (f64, f64) = (0.3, 1.9);
/// Current above which the steps are three times as wide: only M still grows.
const COARSE_FROM: f64 = 1.0;
/// Amplifier and skin noise, mV rms, as in motor conduction.
const NOISE_MV: f64 = 0.003;

fn run(place: &Place, subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let id = place.id;
    let joint = subject.joint(id, side, place.joint)?;
    let muscles = [subject.muscle(id, side, &joint.flexor)?, subject.muscle(id, side, &joint.extensor)?];
    let muscle = muscles[place.group];
    let site = muscle.axons.segments.iter().position(|s| s.name == place.site).ok_or_else(|| {
        ExamError::MissingAnatomy { item: id.to_owned(), what: "nerve segment", id: place.site.to_owned() }
    })?;
    let ganglia = subject.basal_ganglia(side);
    let mut groups = muscles.map(|m| StimulatedGroup {
        group: subject.limb_group(m, &ganglia),
        site,
        angle_rad: joint.hinge.rest_angle_rad,
    });
    // The antagonist's afferents and interneurons have a part in it, its motor neurons have none.
    groups[1 - place.group].group.pool.units = 0;
    let model = StimulatedModel::new(&groups, subject.anatomy_seed(side, &joint.id));
    let seed = subject.noise(id, side);
    let compound = subject.compound(side, muscle, RATE_HZ);
    let mut endplates = EndplateBank::new(&compound, &muscle.junction, seed.child("endplates"));
    let mut state = Stimulated::new(&model, seed);

    let interval_ms = (parameters.get("interval_s") * 1e3) as usize;
    let mut command = [0.0; 2];
    command[place.group] = parameters.get("contraction");
    let settle_ms = if command[place.group] > 0.0 { SETTLE_MS } else { 0 };
    let mut currents = vec![];
    let mut current = CURRENTS.0;
    while current < CURRENTS.1 {
        currents.push(current);
        current += parameters.get("step") * if current < COARSE_FROM { 1.0 } else { 3.0 };
    }
    let mut time_s = 0.0;
    let mut sweeps = Vec::with_capacity(currents.len());
    for (k, &current) in currents.iter().enumerate() {
        let pulse = Pulse::of_motor(current, parameters.get("pulse_ms"));
        let shock = Shock { group: place.group, at_ms: 0.0, pulse };
        let swept = state.sweep(&model, &[shock], command, settle_ms, AFTER_MS);
        let arrivals: Vec<(usize, f64)> = swept.arrivals[place.group].iter().map(|a| (a.unit, a.at_ms)).collect();
        let mut sweep = vec![0.0; ((BEFORE_MS + AFTER_MS as f64) * 1e-3 * RATE_HZ) as usize];
        endplates.respond(&compound, time_s, BEFORE_MS, &arrivals, &mut sweep);
        emg::add_noise(&mut sweep, NOISE_MV, seed.child("sweep").index(k));
        sweeps.push(sweep);
        state.rest_ms(&model, interval_ms.saturating_sub(AFTER_MS + settle_ms.max(60)));
        time_s += parameters.get("interval_s");
    }
    let curve = h_reflex(&sweeps, RATE_HZ, &HReflexCriteria { stimulus_ms: BEFORE_MS, ..HReflexCriteria::mv() });
    // Without an M wave there is nothing that a stimulus evokes; a late bump below what counts as H has no latency.
    let evoked = curve.as_ref().filter(|c| c.m_max() > 0.0);
    let of = |f: &dyn Fn(&tonus_signal::measures::h_reflex::HReflexCurve) -> Option<f64>| -> Value {
        evoked.map_or(Value::NotEvocable, |c| f(c).into())
    };
    let has_h = |c: &tonus_signal::measures::h_reflex::HReflexCurve| c.h_max() > 0.0;
    let measures = vec![
        Measure::new("h_latency", of(&|c| c.latency_ms.filter(|_| has_h(c))), "ms"),
        Measure::new("h_max", of(&|c| has_h(c).then(|| c.h_max())), "mV"),
        Measure::new("m_max", of(&|c| Some(c.m_max())), "mV"),
        Measure::new("h_m_ratio", of(&|c| Some(c.h_max() / c.m_max())), "1"),
        Measure::new("h_threshold", of(&|c| Some(currents[c.thresholds().1?] / currents[c.thresholds().0?])), "1"),
        Measure::new("m_at_h_max", of(&|c| has_h(c).then(|| 100.0 * c.points[c.at_h_max()].m / c.m_max())), "%"),
    ];
    // Triggered sweeps, one after another: the seconds of rest between them are not recorded.
    let sweep_s = (BEFORE_MS + AFTER_MS as f64) * 1e-3;
    let mut recording = Recording::titled(format!(
        "H reflex: sweeps of {:.0} ms end to end, {} s apart",
        1e3 * sweep_s,
        parameters.get("interval_s")
    ));
    for (i, current) in currents.iter().enumerate() {
        recording = recording.with_mark(i as f64 * sweep_s + BEFORE_MS * 1e-3, &format!("stimulus {current:.2}"));
    }
    let mut recordings = vec![recording.with_channel("EMG", "mV", RATE_HZ, sweeps.concat())];
    if let Some(curve) = curve {
        // The curve itself, one sample a stimulus.
        let rate_hz = 1.0 / parameters.get("interval_s");
        let of = |f: fn(&tonus_signal::measures::h_reflex::HReflexPoint) -> f64| curve.points.iter().map(f).collect();
        recordings.push(
            Recording::titled("Recruitment curve")
                .with_channel("M", "mV", rate_hz, of(|p| p.m))
                .with_channel("H", "mV", rate_hz, of(|p| p.h))
                .with_channel("current", "1", rate_hz, currents),
        );
    }
    Ok(Study { item: id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}
