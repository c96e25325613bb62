//! The motor conduction studies of the laboratory, nerve by nerve.

use super::{MotorStudy, Site, run};
use crate::Item;
use crate::item::{MeasureInfo, ParameterInfo};
use crate::laboratory::SKIN_TEMPERATURE;

const DISTAL_LATENCY: MeasureInfo = MeasureInfo {
    name: "distal_latency",
    unit: "ms",
    meaning: "stimulus at the distal site to onset of the negative phase",
};
const AMPLITUDE: MeasureInfo =
    MeasureInfo { name: "cmap_amplitude", unit: "mV", meaning: "baseline to negative peak, distal stimulation" };
const AREA: MeasureInfo =
    MeasureInfo { name: "cmap_area", unit: "mV ms", meaning: "area of the negative phase, distal stimulation" };
const DURATION: MeasureInfo =
    MeasureInfo { name: "cmap_duration", unit: "ms", meaning: "duration of the negative phase, distal stimulation" };
const PROXIMAL: MeasureInfo = MeasureInfo {
    name: "proximal_amplitude",
    unit: "mV",
    meaning: "baseline to negative peak, stimulation at the most proximal site",
};
const DROP: MeasureInfo = MeasureInfo {
    name: "amplitude_drop",
    unit: "%",
    meaning: "fall of amplitude from distal to most proximal stimulation",
};
const INCREASE: MeasureInfo = MeasureInfo {
    name: "duration_increase",
    unit: "%",
    meaning: "growth of the negative phase from distal to most proximal stimulation",
};
const F_LATENCY: MeasureInfo = MeasureInfo { name: "f_latency", unit: "ms", meaning: "shortest F-wave latency" };
const F_PERSISTENCE: MeasureInfo =
    MeasureInfo { name: "f_persistence", unit: "%", meaning: "stimuli followed by an F wave" };
const F_CHRONODISPERSION: MeasureInfo =
    MeasureInfo { name: "f_chronodispersion", unit: "ms", meaning: "longest less shortest F-wave latency" };
const F_AMPLITUDE: MeasureInfo =
    MeasureInfo { name: "f_amplitude", unit: "%", meaning: "mean F wave, peak to peak, of the M wave's negative peak" };

const fn velocity(name: &'static str, meaning: &'static str) -> MeasureInfo {
    MeasureInfo { name, unit: "m/s", meaning }
}

/// Measures of a study at several sites, with these velocities.
macro_rules! measures {
    ($($velocity:expr),+) => {
        &[DISTAL_LATENCY, AMPLITUDE, AREA, DURATION, PROXIMAL, $($velocity),+, DROP, INCREASE]
    };
    ($($velocity:expr),+; F) => {
        &[
            DISTAL_LATENCY, AMPLITUDE, AREA, DURATION, PROXIMAL, $($velocity),+, DROP, INCREASE,
            F_LATENCY, F_PERSISTENCE, F_CHRONODISPERSION, F_AMPLITUDE,
        ]
    };
}

const PARAMETERS: &[ParameterInfo] = &[SKIN_TEMPERATURE];

/// Parameters of a study with this number of stimuli for F waves.
const fn with_f_waves(stimuli: f64) -> [ParameterInfo; 2] {
    [
        ParameterInfo {
            name: "f_stimuli",
            unit: "1",
            default: stimuli,
            low: 1.0,
            high: 500.0,
            whole: true,
            meaning: "stimuli at the distal site for F waves",
        },
        SKIN_TEMPERATURE,
    ]
}

const F_32: &[ParameterInfo] = &with_f_waves(32.0);
const F_20: &[ParameterInfo] = &with_f_waves(20.0);

const WRIST: Site = Site { label: "wrist", stretch: "hand" };
const ANKLE: Site = Site { label: "ankle", stretch: "foot" };

const MEDIAN_STUDY: MotorStudy = MotorStudy {
    id: "lab.motor_conduction.median",
    nerve: "Median",
    muscle: "abductor_pollicis_brevis",
    label: "APB",
    sites: &[WRIST, Site { label: "elbow", stretch: "forearm" }],
    velocities: &["velocity_forearm"],
    f_waves: true,
};

const ULNAR_SITES: &[Site] =
    &[WRIST, Site { label: "below elbow", stretch: "forearm" }, Site { label: "above elbow", stretch: "elbow" }];

const ULNAR_STUDY: MotorStudy = MotorStudy {
    id: "lab.motor_conduction.ulnar",
    nerve: "Ulnar",
    muscle: "abductor_digiti_minimi",
    label: "ADM",
    sites: ULNAR_SITES,
    velocities: &["velocity_forearm", "velocity_elbow"],
    f_waves: true,
};

const ULNAR_FDI_STUDY: MotorStudy = MotorStudy {
    id: "lab.motor_conduction.ulnar_first_dorsal_interosseous",
    nerve: "Ulnar",
    muscle: "first_dorsal_interosseous",
    label: "FDI",
    f_waves: false,
    ..ULNAR_STUDY
};

const RADIAL_STUDY: MotorStudy = MotorStudy {
    id: "lab.motor_conduction.radial",
    nerve: "Radial",
    muscle: "extensor_digitorum",
    label: "ED",
    sites: &[Site { label: "elbow", stretch: "terminal" }, Site { label: "spiral groove", stretch: "distal" }],
    velocities: &["velocity_upper_arm"],
    f_waves: false,
};

const FIBULAR_STUDY: MotorStudy = MotorStudy {
    id: "lab.motor_conduction.fibular",
    nerve: "Fibular",
    muscle: "extensor_digitorum_brevis",
    label: "EDB",
    sites: &[
        ANKLE,
        Site { label: "below fibular head", stretch: "leg" },
        Site { label: "popliteal fossa", stretch: "knee" },
    ],
    velocities: &["velocity_leg", "velocity_knee"],
    f_waves: true,
};

const TIBIAL_STUDY: MotorStudy = MotorStudy {
    id: "lab.motor_conduction.tibial",
    nerve: "Tibial",
    muscle: "abductor_hallucis",
    label: "AH",
    sites: &[ANKLE, Site { label: "popliteal fossa", stretch: "leg" }],
    velocities: &["velocity_leg"],
    f_waves: true,
};

const FACIAL_STUDY: MotorStudy = MotorStudy {
    id: "lab.motor_conduction.facial",
    nerve: "Facial",
    muscle: "frontalis",
    label: "frontalis",
    sites: &[Site { label: "stylomastoid foramen", stretch: "distal" }],
    velocities: &[],
    f_waves: false,
};

const FOREARM: MeasureInfo =
    velocity("velocity_forearm", "onset velocity from the elbow (ulnar: below it) to the wrist");
const ELBOW: MeasureInfo = velocity("velocity_elbow", "onset velocity across the elbow");
const UPPER_ARM: MeasureInfo = velocity("velocity_upper_arm", "onset velocity from the spiral groove to the elbow");
const LEG: MeasureInfo =
    velocity("velocity_leg", "onset velocity from the knee (fibular: below the fibular head) to the ankle");
const KNEE: MeasureInfo =
    velocity("velocity_knee", "onset velocity from the popliteal fossa to below the fibular head");

/// Median motor conduction to abductor pollicis brevis.
pub const MEDIAN: Item = Item {
    id: MEDIAN_STUDY.id,
    title: "Median motor conduction with F waves",
    protocol: "Abductor pollicis brevis, belly-tendon; supramaximal 0.2 ms stimuli at the wrist (8 cm) and the elbow; 20 stimuli at \
               the wrist for F waves of 40 uV and more. Amplitude baseline to negative peak, latency at onset.",
    source: "Buschbacher 1999 Am J Phys Med Rehabil 78:S1 (set-up)",
    parameters: F_20,
    measures: measures!(FOREARM; F),
    run: |subject, side, parameters| run(&MEDIAN_STUDY, subject, side, parameters),
};

/// Ulnar motor conduction to abductor digiti minimi.
pub const ULNAR: Item = Item {
    id: ULNAR_STUDY.id,
    title: "Ulnar motor conduction with F waves",
    protocol: "Abductor digiti minimi, belly-tendon; supramaximal 0.2 ms stimuli at the wrist (8 cm), below and above \
               the elbow; 32 stimuli at the wrist for F waves of 40 uV and more. Amplitude baseline to negative peak, latency at onset.",
    source: "Buschbacher 1999 Am J Phys Med Rehabil 78:S9 (set-up); Nobrega et al. 2004 Clin Neurophysiol (F waves)",
    parameters: F_32,
    measures: measures!(FOREARM, ELBOW; F),
    run: |subject, side, parameters| run(&ULNAR_STUDY, subject, side, parameters),
};

/// Ulnar motor conduction to the first dorsal interosseous.
pub const ULNAR_FIRST_DORSAL_INTEROSSEOUS: Item = Item {
    id: ULNAR_FDI_STUDY.id,
    title: "Ulnar motor conduction to the first dorsal interosseous",
    protocol: "First dorsal interosseous, belly-tendon; supramaximal 0.2 ms stimuli at the wrist, below and above the elbow. Amplitude \
               baseline to negative peak, latency at onset.",
    source: "Buschbacher 1999 Am J Phys Med Rehabil 78:S9 (sites of stimulation); muscle as usual for the deep branch",
    parameters: PARAMETERS,
    measures: measures!(FOREARM, ELBOW),
    run: |subject, side, parameters| run(&ULNAR_FDI_STUDY, subject, side, parameters),
};

/// Radial motor conduction to extensor digitorum.
pub const RADIAL: Item = Item {
    id: RADIAL_STUDY.id,
    title: "Radial motor conduction",
    protocol: "Extensor digitorum, belly-tendon; supramaximal 0.2 ms stimuli at the elbow (9 cm) and the spiral groove. Amplitude \
               baseline to negative peak, latency at onset.",
    source: "sites of stimulation of Yeo et al. 2017 Ann Rehabil Med 41(2) (they record from extensor indicis)",
    parameters: PARAMETERS,
    measures: measures!(UPPER_ARM),
    run: |subject, side, parameters| run(&RADIAL_STUDY, subject, side, parameters),
};

/// Fibular motor conduction to extensor digitorum brevis.
pub const FIBULAR: Item = Item {
    id: FIBULAR_STUDY.id,
    title: "Fibular motor conduction with F waves",
    protocol: "Extensor digitorum brevis, belly-tendon; supramaximal 0.2 ms stimuli at the ankle (8 cm), below the fibular head and in \
               the popliteal fossa; 20 stimuli at the ankle for F waves of 40 uV and more. Amplitude baseline to negative peak, latency at onset.",
    source: "Buschbacher 1999 Am J Phys Med Rehabil 78:S26 (set-up)",
    parameters: F_20,
    measures: measures!(LEG, KNEE; F),
    run: |subject, side, parameters| run(&FIBULAR_STUDY, subject, side, parameters),
};

/// Tibial motor conduction to abductor hallucis.
pub const TIBIAL: Item = Item {
    id: TIBIAL_STUDY.id,
    title: "Tibial motor conduction with F waves",
    protocol: "Abductor hallucis, belly-tendon; supramaximal 0.2 ms stimuli at the ankle (8 cm) and in the popliteal fossa; 32 stimuli at \
               the ankle for F waves of 40 uV and more. Amplitude baseline to negative peak, latency at onset.",
    source: "Buschbacher 1999 Am J Phys Med Rehabil 78:S21 (set-up); Nobrega et al. 2004 Clin Neurophysiol (F waves)",
    parameters: F_32,
    measures: measures!(LEG; F),
    run: |subject, side, parameters| run(&TIBIAL_STUDY, subject, side, parameters),
};

/// Facial motor conduction to frontalis.
pub const FACIAL: Item = Item {
    id: FACIAL_STUDY.id,
    title: "Facial motor conduction",
    protocol: "Frontalis, surface pair; supramaximal 0.2 ms stimuli below the ear. Amplitude baseline to negative peak, latency at onset.",
    source: "usual facial nerve study (Kimura, Electrodiagnosis in Diseases of Nerve and Muscle: from memory)",
    parameters: PARAMETERS,
    measures: &[DISTAL_LATENCY, AMPLITUDE, AREA, DURATION],
    run: |subject, side, parameters| run(&FACIAL_STUDY, subject, side, parameters),
};
