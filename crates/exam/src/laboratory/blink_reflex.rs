//! The blink reflex: supraorbital nerve stimulated on one side, orbicularis oculi recorded on both.

use tonus_physiology::brain::blink::{BlinkPool, Discharges};
use tonus_physiology::nerve::sensory_axon::SensoryAxons;
use tonus_physiology::nerve::velocity::SITE_DELAY_MS;
use tonus_signal::measures::blink::blink_responses;
use tonus_signal::recording::STIMULUS;
use tonus_signal::{Measure, Recording, Side, Study};

use crate::emg::{self, EndplateBank, RATE_HZ};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const ID: &str = "lab.blink_reflex.supraorbital";
const NERVE: &str = "supraorbital";
const MUSCLE: &str = "orbicularis_oculi";

/// Supraorbital nerve to both orbiculares oculi.
pub const SUPRAORBITAL: Item = Item {
    id: ID,
    title: "Blink reflex",
    protocol: "Relaxed, eyes open; supraorbital nerve stimulated with 0.2 ms shocks every 10 s, too seldom for R2 to habituate; surface \
               electrodes over orbicularis oculi of both sides. Shortest latency of 8 shocks.",
    source: "Kimura, Electrodiagnosis in Diseases of Nerve and Muscle (usual blink reflex study: from memory)",
    parameters: &[ParameterInfo {
        name: "shocks",
        unit: "1",
        default: 8.0,
        low: 1.0,
        high: 100.0,
        whole: true,
        meaning: "shocks to the supraorbital nerve",
    }],
    measures: &[
        MeasureInfo {
            name: "r1_latency",
            unit: "ms",
            meaning: "early response of the stimulated side, shortest latency",
        },
        MeasureInfo { name: "r1_amplitude", unit: "mV", meaning: "its mean size, peak to peak" },
        MeasureInfo {
            name: "r2_latency",
            unit: "ms",
            meaning: "late response of the stimulated side, shortest latency",
        },
        MeasureInfo {
            name: "r2_contralateral_latency",
            unit: "ms",
            meaning: "late response of the other side, shortest latency",
        },
    ],
    run,
};

/// Time before the shock that a sweep shows, and its length, ms.
const BEFORE_MS: f64 = 10.0;
const SWEEP_MS: f64 = 130.0;
/// Rest between shocks, s.
const INTERVAL_S: f64 = 10.0;
/// Amplifier and skin noise, mV rms, as in motor conduction.
const NOISE_MV: f64 = 0.003;
/// Shocks whose sweeps are shown.
const SHOWN: usize = 3;

fn run(subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let nerve = subject.sensory_nerve(ID, side, NERVE)?;
    let fibres = SensoryAxons::new(&nerve.axons, subject.anatomy_seed(side, &nerve.id));
    let delays = fibres.delays_ms(nerve.nerve_length_m);
    let mut volley: Vec<f64> = delays.into_iter().flatten().map(|ms| SITE_DELAY_MS + ms).collect();
    volley.sort_by(f64::total_cmp);

    let other = if side == Side::Left { Side::Right } else { Side::Left };
    let shocks = parameters.count("shocks");
    let same_sweeps = sweeps(subject, side, side, shocks, |pool, stream| {
        let mut discharges = pool.early(&volley, nerve.axons.fibres, stream);
        discharges.extend(pool.late(&volley, nerve.axons.fibres, false, stream));
        discharges
    })?;
    let other_sweeps =
        sweeps(subject, side, other, shocks, |pool, stream| pool.late(&volley, nerve.axons.fibres, true, stream))?;

    let read = blink_responses(&same_sweeps, &other_sweeps, RATE_HZ, BEFORE_MS);
    let measures = vec![
        Measure::new("r1_latency", read.r1_ms, "ms"),
        Measure::new("r1_amplitude", read.r1_amplitude, "mV"),
        Measure::new("r2_latency", read.r2_ms, "ms"),
        Measure::new("r2_contralateral_latency", read.r2_contralateral_ms, "ms"),
    ];
    let mut recording = Recording::titled("Blink reflex, orbicularis oculi of both sides");
    for (label, sweeps) in [("stimulated side", same_sweeps), ("other side", other_sweeps)] {
        for (n, sweep) in sweeps.into_iter().take(SHOWN).enumerate() {
            recording = recording.with_channel(&format!("{label}, shock {}", n + 1), "mV", RATE_HZ, sweep);
        }
    }
    let recordings = vec![recording.with_mark(BEFORE_MS * 1e-3, STIMULUS)];
    Ok(Study { item: ID.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

/// Sweeps of the muscle on the side `recorded` when `stimulated` is shocked.
fn sweeps(
    subject: &Subject<'_>,
    stimulated: Side,
    recorded: Side,
    shocks: usize,
    discharge: impl Fn(&BlinkPool, &mut tonus_physiology::random::Stream) -> Discharges,
) -> Result<Vec<Vec<f64>>, ExamError> {
    let muscle = subject.muscle(ID, recorded, MUSCLE)?;
    let axons = subject.axons(recorded, muscle);
    let innervated = subject.innervated(recorded, muscle);
    let compound = subject.compound(recorded, muscle, RATE_HZ);
    let pool = BlinkPool::new(muscle.pool.units, subject.muscle_seed(recorded, &muscle.id));
    let seed = subject.noise(ID, stimulated).child(recorded.name());
    let mut endplates = EndplateBank::new(&compound, &muscle.junction, seed.child("endplates"));
    let sweeps = (0..shocks)
        .map(|shock| {
            let seed = seed.index(shock);
            let mut arrivals: Vec<(usize, f64)> = discharge(&pool, &mut seed.stream("discharges"))
                .into_iter()
                .filter(|(unit, _)| innervated[*unit])
                .filter_map(|(unit, ms)| Some((unit, ms + axons.total_delay_ms(unit)?)))
                .collect();
            // A junction meets its impulses in their order.
            arrivals.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            let mut sweep = vec![0.0; (SWEEP_MS * 1e-3 * RATE_HZ).round() as usize];
            endplates.respond(&compound, INTERVAL_S * (shock + 1) as f64, BEFORE_MS, &arrivals, &mut sweep);
            emg::add_noise(&mut sweep, NOISE_MV, seed);
            sweep
        })
        .collect();
    Ok(sweeps)
}
