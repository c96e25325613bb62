//! An examination made of plain formulas, with recordings of every shape the items give; no physiology.

use std::f64::consts::TAU;

use tonus_body::Person;
use tonus_body::person::Sex;
use tonus_diagnosis::{Compared, FindingState, Judge, ModelState, Norms, Rules};
use tonus_report::{Examination, LesionLine, PatientLine};
use tonus_signal::{Measure, Recording, Side, Study, Value};

/// Noise that is the same everywhere, about -1..1.
fn noise(i: usize, key: usize) -> f64 {
    let mut x =
        (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (key as u64 + 7).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 31;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 29;
    (x >> 11) as f64 / (1u64 << 53) as f64 * 2.0 - 1.0
}

/// A compound potential: negative peak, then a smaller positive one.
fn compound(t_ms: f64, onset_ms: f64, width_ms: f64, amplitude: f64) -> f64 {
    let u = (t_ms - onset_ms) / width_ms;
    if !(0.0..2.4).contains(&u) {
        return 0.0;
    }
    if u < 1.0 { -amplitude * (0.5 * TAU * u).sin() } else { 0.35 * amplitude * (0.5 * TAU * (u - 1.0) / 1.4).sin() }
}

/// A motor unit potential of `ms` duration.
fn unit_potential(t_ms: f64, ms: f64, amplitude: f64) -> f64 {
    let u = t_ms / ms;
    amplitude
        * (0.25 * (-((u + 0.25) * 7.0).powi(2)).exp() - (-(u * 11.0).powi(2)).exp()
            + 0.35 * (-((u - 0.2) * 9.0).powi(2)).exp())
}

fn sweep(ms: f64, rate_hz: f64, f: impl Fn(f64, usize) -> f64) -> Vec<f64> {
    (0..(ms * 1e-3 * rate_hz) as usize).map(|i| f(i as f64 * 1e3 / rate_hz, i)).collect()
}

fn study(item: &str, side: Side, measures: Vec<(&str, Option<f64>, &str)>, recordings: Vec<Recording>) -> Study {
    let measures = measures
        .into_iter()
        .map(|(name, value, unit)| Measure::new(name, value.map_or(Value::Absent, Value::Number), unit))
        .collect();
    Study { item: item.to_owned(), side, measures, recordings, wall_ms: 12.0 }
}

/// Every item on both sides; `ill` 0..1 changes all of them.
pub fn studies(ill: f64) -> Vec<Study> {
    let mut out = Vec::new();
    let keep = 1.0 - ill;
    for side in Side::BOTH {
        let key = usize::from(side == Side::Left);
        let pendulum = sweep(11_000.0, 1000.0, |t, _| {
            let s = t * 1e-3;
            90.0 - 90.0 * (-s * (0.35 + 2.0 * ill)).exp() * (TAU * s / 1.1).cos()
        });
        out.push(study(
            "bedside.tone.knee_pendulum",
            side,
            vec![
                ("oscillations", Some(7.0 - 5.0 * ill), "1"),
                ("relaxation_index", Some(1.85 - 0.6 * ill), "1"),
                ("first_swing", Some(150.0 - 60.0 * ill), "deg"),
                ("period", Some(1.1), "s"),
                ("peak_velocity", Some(380.0), "deg/s"),
                ("resting_angle", Some(89.0), "deg"),
            ],
            vec![Recording::titled("Knee pendulum").with_channel("knee flexion", "deg", 1000.0, pendulum)],
        ));
        let stretch = |title: &str, speed: f64| {
            let moving = 80.0 / speed * 1e3;
            let total = 700.0 + moving;
            let move_of = move |t: f64| ((t - 500.0) / moving).clamp(0.0, 1.0);
            let burst = move |t: f64| ill * speed / 240.0 * f64::from(move_of(t) > 0.2 && move_of(t) < 0.95);
            Recording::titled(title)
                .with_channel(
                    "elbow flexion",
                    "deg",
                    1000.0,
                    sweep(total, 1000.0, move |t, _| 100.0 - 80.0 * move_of(t)),
                )
                .with_channel(
                    "resistance",
                    "N m",
                    1000.0,
                    sweep(total, 1000.0, move |t, _| 0.4 + 1.2 * move_of(t) + 4.0 * burst(t)),
                )
                .with_channel(
                    "flexor EMG",
                    "mV",
                    4000.0,
                    sweep(total, 4000.0, move |t, i| 0.004 * noise(i, key) + 0.3 * burst(t) * noise(i, 3)),
                )
                .with_mark(0.5, "stretch")
        };
        out.push(study(
            "bedside.tone.elbow_stretch",
            side,
            vec![
                ("resistance_slow", Some(1.1), "N m"),
                ("resistance_fast", Some(1.2 + 3.0 * ill), "N m"),
                ("fast_slow_ratio", Some(1.1), "1"),
                ("catch_slow", Some(0.1), "N m"),
                ("catch_fast", Some(0.1 + 4.0 * ill), "N m"),
                ("reflex_emg_slow", Some(0.1), "%"),
                ("reflex_emg_fast", Some(0.2 + 9.0 * ill), "%"),
            ],
            vec![stretch("Slow stretch", 30.0), stretch("Fast stretch", 240.0)],
        ));
        for (item, latency) in [("bedside.reflex.knee", 19.0), ("bedside.reflex.biceps", 13.5)] {
            let since = |t: f64| [600.0, 2600.0, 4600.0].into_iter().map(|m| t - m).find(|d| (0.0..2000.0).contains(d));
            let emg = sweep(6600.0, 4000.0, |t, i| {
                0.004 * noise(i, key) + since(t).map_or(0.0, |d| compound(d, latency, 12.0, 0.6 + 2.0 * ill))
            });
            let angle = sweep(6600.0, 1000.0, |t, _| {
                90.0 + since(t).map_or(0.0, |d| -(12.0 + 30.0 * ill) * (-d / 300.0).exp() * (d / 160.0).sin())
            });
            let mut recording = Recording::titled("Tendon reflex").with_channel("EMG", "mV", 4000.0, emg).with_channel(
                "joint flexion",
                "deg",
                1000.0,
                angle,
            );
            for mark in [0.6, 2.6, 4.6] {
                recording = recording.with_mark(mark, "tap");
            }
            out.push(study(
                item,
                side,
                vec![
                    ("amplitude", Some(0.9 + 3.0 * ill), "mV"),
                    ("latency", Some(latency), "ms"),
                    ("excursion", Some(12.0 + 30.0 * ill), "deg"),
                    ("grade", Some(if ill > 0.3 { 4.0 } else { 2.0 }), "1"),
                ],
                vec![recording],
            ));
        }
        for (item, torque) in [
            ("elbow_flexion", 55.0),
            ("finger_abduction", 1.2),
            ("knee_extension", 190.0),
            ("ankle_dorsiflexion", 38.0),
        ] {
            let level = torque * keep;
            let trace = sweep(2300.0, 1000.0, |t, i| {
                level * ((t - 200.0) / 300.0).clamp(0.0, 1.0) * (1.0 + 0.02 * noise(i / 40, 5))
            });
            let emg = sweep(2300.0, 4000.0, |t, i| {
                (0.004 + 0.9 * keep * ((t - 200.0) / 300.0).clamp(0.0, 1.0)) * noise(i, 11 + key)
            });
            out.push(study(
                &format!("bedside.strength.{item}"),
                side,
                vec![("torque", Some(level), "N m"), ("firing_rate", Some(24.0), "Hz"), ("steadiness", Some(2.0), "%")],
                vec![
                    Recording::titled("Maximal effort")
                        .with_channel("torque", "N m", 1000.0, trace)
                        .with_channel("EMG", "mV", 4000.0, emg),
                ],
            ));
        }
        let shake = sweep(8000.0, 1000.0, |t, i| 0.01 * noise(i, key) + 3.0 * ill * (TAU * 4.9e-3 * t).sin());
        out.push(study(
            "bedside.tremor.rest",
            side,
            vec![
                ("frequency", (ill > 0.0).then_some(4.9), "Hz"),
                ("amplitude", Some(0.01 + 3.0 * ill), "m/s2"),
                ("peak_power_share", Some(4.0 + 80.0 * ill), "%"),
            ],
            vec![Recording::titled("Hand at rest").with_channel("acceleration", "m/s2", 1000.0, shake)],
        ));
        let reaches = (0..10).map(|n| {
            let course = |t: f64| {
                let u: f64 = (t / (700.0 + 600.0 * ill)).min(1.0);
                u * u * u * (10.0 - 15.0 * u + 6.0 * u * u)
            };
            let wobble = move |t: f64| ill * 0.03 * (TAU * 3.0e-3 * t + n as f64).sin() * (t / 1500.0).min(1.0);
            Recording::titled(format!("Reach {}", n + 1))
                .with_channel(
                    "hand x",
                    "m",
                    1000.0,
                    sweep(1800.0, 1000.0, |t, _| 0.05 + 0.12 * course(t) + wobble(t) + 0.002 * noise(n, 1)),
                )
                .with_channel(
                    "hand y",
                    "m",
                    1000.0,
                    sweep(1800.0, 1000.0, |t, _| {
                        0.2 + (0.3 + 0.01 * ill * noise(n, 9)) * course(t) + 0.4 * wobble(t + 90.0)
                    }),
                )
                .with_mark(0.0, "target at 0.1700 m, 0.5000 m")
        });
        out.push(study(
            "bedside.coordination.reach",
            side,
            vec![
                ("movement_time", Some(0.8 + 0.9 * ill), "s"),
                ("peak_velocity", Some(1.0 - 0.4 * ill), "m/s"),
                ("endpoint_error", Some(5.0 + 30.0 * ill), "mm"),
                ("overshoot", Some(3.0 + 20.0 * ill), "mm"),
                ("path_curvature", Some(1.02 + 0.4 * ill), "1"),
                ("terminal_tremor", Some(1.0 + 30.0 * ill), "mm"),
                ("terminal_frequency", (ill > 0.0).then_some(3.0), "Hz"),
            ],
            reaches.collect(),
        ));
        let m = |t: f64, i: usize, onset: f64, amplitude: f64| {
            compound(t - 2.0, onset, 5.0 + 2.0 * ill, amplitude * keep) + 0.003 * 1.7 * noise(i, onset as usize)
        };
        let sites = Recording::titled("Ulnar motor: wrist, below elbow, above elbow")
            .with_channel("ADM, wrist", "mV", 20_000.0, sweep(40.0, 20_000.0, |t, i| m(t, i, 3.0, 9.0)))
            .with_channel("ADM, below elbow", "mV", 20_000.0, sweep(40.0, 20_000.0, |t, i| m(t, i, 6.8, 8.6)))
            .with_channel("ADM, above elbow", "mV", 20_000.0, sweep(40.0, 20_000.0, |t, i| m(t, i, 8.7, 8.4)))
            .with_mark(0.002, "stimulus");
        let mut raster = Recording::titled("Ulnar F waves, wrist");
        let mut sweeps = Vec::new();
        for n in 0..20 {
            let late = if noise(n, 21) > -0.7 + ill { 0.25 + 0.2 * noise(n, 22) } else { 0.0 } * (1.0 + 2.0 * ill);
            let trace = sweep(80.0, 20_000.0, |t, i| {
                m(t, i + 997 * n, 3.0, 9.0)
                    + late
                        * (-((t - 31.0 - 1.5 * noise(n, 23)) / 1.4).powi(2)).exp()
                        * ((t - 31.0) * 1.9 + n as f64).sin()
            });
            raster = raster.with_mark(0.002 + 0.080 * n as f64, "stimulus");
            sweeps.extend(trace);
        }
        raster = raster.with_channel("ADM", "mV", 20_000.0, sweeps);
        out.push(study(
            "lab.motor_conduction.ulnar",
            side,
            vec![
                ("distal_latency", Some(3.0), "ms"),
                ("cmap_amplitude", Some(9.0 * keep), "mV"),
                ("cmap_area", Some(27.0 * keep), "mV ms"),
                ("cmap_duration", Some(5.0 + 2.0 * ill), "ms"),
                ("proximal_amplitude", Some(8.4 * keep), "mV"),
                ("velocity_forearm", Some(60.0), "m/s"),
                ("velocity_elbow", Some(58.0), "m/s"),
                ("amplitude_drop", Some(6.0), "%"),
                ("duration_increase", Some(4.0), "%"),
                ("f_latency", (ill < 0.9).then_some(26.4), "ms"),
                ("f_persistence", Some(85.0 - 60.0 * ill), "%"),
                ("f_chronodispersion", Some(3.2), "ms"),
            ],
            vec![sites, raster],
        ));
        for (item, site, amplitude) in [("ulnar", "digit V", 20.0), ("sural", "ankle", 17.0)] {
            let trace = sweep(30.0, 40_000.0, |t, i| {
                compound(t - 2.0, 2.3, 1.0, amplitude * (1.0 - 0.5 * ill)) + 0.5 * noise(i, 31 + key)
            });
            out.push(study(
                &format!("lab.sensory_conduction.{item}"),
                side,
                vec![
                    ("amplitude", Some(amplitude), "uV"),
                    ("onset_latency", Some(2.4), "ms"),
                    ("peak_latency", Some(3.0), "ms"),
                    ("velocity", Some(58.0), "m/s"),
                ],
                vec![
                    Recording::titled(format!("Sensory, {site}"))
                        .with_channel(site, "uV", 40_000.0, trace)
                        .with_mark(0.002, "stimulus"),
                ],
            ));
        }
        for item in ["ulnar", "accessory"] {
            let mut train = Recording::titled("Repetitive stimulation, 3 Hz");
            let mut trace = Vec::new();
            for n in 0..10 {
                let left = 1.0 - 0.5 * ill * (n as f64 / 3.0).min(1.0) + 0.1 * ill * (n as f64 / 9.0);
                train = train.with_mark(0.002 + 0.3333 * n as f64, "stimulus");
                trace.extend(sweep(333.3, 20_000.0, |t, i| {
                    compound(t - 2.0, 3.0, 5.5, 8.0 * left) + 0.008 * noise(i + 1009 * n, 41)
                }));
            }
            let train = train.with_channel("muscle", "mV", 20_000.0, trace);
            out.push(study(
                &format!("lab.repetitive_stimulation.{item}"),
                side,
                vec![("cmap_amplitude", Some(8.0), "mV"), ("decrement", Some(1.0 + 40.0 * ill), "%")],
                vec![train],
            ));
        }
        for item in ["first_dorsal_interosseous", "tibialis_anterior"] {
            let mut recordings = Vec::new();
            for site in 0..3 {
                let rest = sweep(6000.0, 25_000.0, |t, i| {
                    let beat = (t + 31.0 * site as f64) % 173.0 - 80.0;
                    5.0 * noise(i, 51 + site) + if ill > 0.0 { unit_potential(beat, 2.5, 90.0) } else { 0.0 }
                });
                let volley = |seconds: f64, units: usize, rate: f64, size: f64| {
                    let mut trace: Vec<f64> = sweep(seconds * 1e3, 25_000.0, |_, i| 5.0 * noise(i, 61 + site));
                    for unit in 0..units {
                        let own = rate * (1.0 + 0.2 * noise(unit, 62));
                        for beat in 0..(seconds * own) as usize {
                            let at = (beat as f64 + 0.5 + 0.12 * noise(beat * 31 + unit, 63)) / own * 25_000.0;
                            let amplitude = size * (1.0 + 0.6 * noise(unit, 64));
                            let from = (at - 250.0).max(0.0) as usize;
                            for (i, x) in trace.iter_mut().enumerate().skip(from).take(500) {
                                *x += unit_potential((i as f64 - at) / 25.0, 10.0 + 5.0 * ill, amplitude);
                            }
                        }
                    }
                    trace
                };
                let size = 500.0 * (1.0 + 4.0 * ill);
                recordings.push(
                    Recording::titled(format!("Rest, position {}", site + 1))
                        .with_channel("needle", "uV", 25_000.0, rest),
                );
                recordings.push(Recording::titled(format!("Slight effort, position {}", site + 1)).with_channel(
                    "needle",
                    "uV",
                    25_000.0,
                    volley(5.0, 2, 9.0, size),
                ));
                let full = volley(1.0, if ill > 0.0 { 4 } else { 28 }, 26.0, size);
                recordings.push(
                    Recording::titled(format!("Full effort, position {}", site + 1))
                        .with_channel("needle", "uV", 25_000.0, full),
                );
            }
            out.push(study(
                &format!("lab.needle.{item}"),
                side,
                vec![
                    ("fibrillation_sites", Some(60.0 * ill), "%"),
                    ("fasciculation_rate", Some(30.0 * ill), "1/min"),
                    ("mup_duration", Some(9.5 + 6.0 * ill), "ms"),
                    ("mup_amplitude", Some(600.0 + 2500.0 * ill), "uV"),
                    ("mup_phases", Some(3.0), "1"),
                    ("mup_polyphasic", Some(8.0 + 30.0 * ill), "%"),
                    ("recruitment_ratio", Some(5.0 + 8.0 * ill), "Hz"),
                    ("units_slight_effort", Some(2.0), "1"),
                    ("firing_rate", Some(9.0), "Hz"),
                    ("turns", Some(600.0 * keep), "1/s"),
                    ("turn_amplitude", Some(500.0 + 900.0 * ill), "uV"),
                    ("interference_fullness", Some(100.0 * keep), "%"),
                ],
                recordings,
            ));
        }
    }
    out
}

fn lesion(site: &str, mechanism: &str, severity: f64, place: &str, side: &str, meaning: &str) -> LesionLine {
    LesionLine {
        site: site.to_owned(),
        mechanism: mechanism.to_owned(),
        severity,
        place: place.to_owned(),
        side: side.to_owned(),
        meaning: meaning.to_owned(),
        source: "an example for the drawing, no patient".to_owned(),
    }
}

/// The examination of somebody ill on the sides named, with lesions nearly everywhere.
pub fn examination(ill: f64, ill_sides: &[Side]) -> Examination {
    let person = Person { age_years: 60.0, sex: Sex::Female, height_m: 1.65, mass_kg: 66.0 };
    let healthy = studies(0.0);
    let studies: Vec<Study> = healthy
        .iter()
        .zip(studies(ill))
        .map(|(h, p)| if ill_sides.contains(&h.side) { p } else { h.clone() })
        .collect();
    let norms = Norms::builtin().expect("built-in norms");
    let judge = Judge::new(&norms, &person, &healthy);
    let judged: Vec<_> = studies.iter().map(|s| judge.study(s)).collect();
    let findings = Rules::builtin().expect("built-in rules").findings(&judged);
    let recorded = [
        ("HP:0003324", "Generalized muscle weakness", FindingState::Present, ModelState::Present),
        ("HP:0001347", "Hyperreflexia", FindingState::Present, ModelState::Present),
        ("HP:0001260", "Dysarthria", FindingState::Present, ModelState::NotExamined),
        ("HP:0002322", "Resting tremor", FindingState::Absent, ModelState::Present),
    ]
    .map(|(hpo, label, state, model)| Compared { hpo: hpo.to_owned(), label: label.to_owned(), state, model });
    Examination {
        tonus: "0.1.0".to_owned(),
        seed: 1,
        patient: PatientLine {
            name: "Example, no patient".to_owned(),
            person,
            condition: Some("Amyotrophic lateral sclerosis".to_owned()),
            chosen_by: "named".to_owned(),
            time: Some("18 months".to_owned()),
            lesions: vec![
                lesion(
                    "anterior_horn",
                    "neuron_loss",
                    0.62,
                    "both sides; C5..T1, L2..S2 (0.5)",
                    "both",
                    "fraction of motor neurons lost",
                ),
                lesion(
                    "corticospinal_tract",
                    "descending_drive_loss",
                    0.4,
                    "right",
                    "right",
                    "fraction of corticospinal output lost",
                ),
                lesion(
                    "nerve_motor",
                    "motor_axon_hyperexcitability",
                    0.3,
                    "both sides; length_dependent",
                    "both",
                    "0 normal, 1 spontaneous discharge in every unit",
                ),
                lesion(
                    "striatum",
                    "striatal_loss",
                    0.85,
                    "left",
                    "left",
                    "fraction of striatal projection neurons lost",
                ),
                lesion(
                    "cerebellar_hemisphere",
                    "purkinje_loss",
                    0.2,
                    "right",
                    "right",
                    "fraction of cerebellar cortical output lost",
                ),
                lesion(
                    "muscle",
                    "fibre_loss",
                    0.7,
                    "left x 1, right x 0.3; thigh, shoulder 0.5",
                    "both",
                    "fraction of muscle fibres lost",
                ),
                lesion(
                    "junction",
                    "receptor_loss",
                    0.9,
                    "left; hand",
                    "left",
                    "fraction of functional acetylcholine receptor lost",
                ),
            ],
            left_out: vec!["extraocular_muscle: eye movements are not in the body".to_owned()],
        },
        studies,
        healthy,
        judged,
        findings,
        recorded: recorded.to_vec(),
        titles: [
            ("bedside.tone.knee_pendulum", "Tone at the knee: pendulum test"),
            ("bedside.tone.elbow_stretch", "Tone at the elbow: slow and fast stretch"),
            ("bedside.reflex.knee", "Knee jerk"),
            ("bedside.reflex.biceps", "Biceps jerk"),
            ("bedside.strength.elbow_flexion", "Strength of elbow flexion"),
            ("bedside.strength.finger_abduction", "Strength of index abduction"),
            ("bedside.strength.knee_extension", "Strength of knee extension"),
            ("bedside.strength.ankle_dorsiflexion", "Strength of ankle dorsiflexion"),
            ("bedside.tremor.rest", "Tremor at rest"),
            ("bedside.coordination.reach", "Reaching: nose to finger"),
            ("lab.motor_conduction.ulnar", "Ulnar motor conduction with F waves"),
            ("lab.sensory_conduction.ulnar", "Ulnar sensory conduction, digit V"),
            ("lab.sensory_conduction.sural", "Sural conduction"),
            ("lab.repetitive_stimulation.ulnar", "Repetitive stimulation, ulnar nerve to the hand"),
            ("lab.repetitive_stimulation.accessory", "Repetitive stimulation, accessory nerve to trapezius"),
            ("lab.needle.first_dorsal_interosseous", "Needle EMG, first dorsal interosseous"),
            ("lab.needle.tibialis_anterior", "Needle EMG, tibialis anterior"),
        ]
        .map(|(id, title)| (id.to_owned(), title.to_owned()))
        .to_vec(),
    }
}
