//! High-density surface EMG of a steady contraction, with what made it: every discharge, and where each unit lies.

use tonus_body::Muscle;
use tonus_physiology::field::electrode_grid::{ElectrodeGrid, ElectrodeShape};
use tonus_physiology::field::layered::LayeredConductor;
use tonus_physiology::field::layered::cylinder::CylinderLayers;
use tonus_physiology::field::multichannel::emg;
use tonus_physiology::field::surface_array::SurfaceArray;
use tonus_physiology::muscle::layout::{Fibre, MuscleLayout};
use tonus_physiology::random::Seed;
use tonus_signal::measures::conduction_velocity::propagation;
use tonus_signal::measures::filter::band_pass;
use tonus_signal::measures::median;
use tonus_signal::measures::surface_emg::{median_frequency, rms};
use tonus_signal::recording::Electrode;
use tonus_signal::{Annotation, Measure, Recording, Side, Study};

use super::steady_effort::{Discharges, Held};
use crate::emg::add_noise;
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const ID: &str = "lab.surface_emg.biceps_brachii";

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "effort",
        unit: "1",
        default: 0.5,
        low: 0.01,
        high: 1.0,
        whole: false,
        meaning: "effort, fraction of maximal",
    },
    ParameterInfo {
        name: "seconds",
        unit: "s",
        default: 3.0,
        low: 1.0,
        high: 60.0,
        whole: false,
        meaning: "time recorded",
    },
];

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "rms", unit: "uV", meaning: "amplitude between electrodes 20 mm apart, median of the columns" },
    MeasureInfo {
        name: "median_frequency",
        unit: "Hz",
        meaning: "median of the power between 20 and 450 Hz, same electrodes, median of the columns",
    },
    MeasureInfo {
        name: "conduction_velocity",
        unit: "m/s",
        meaning: "of the muscle fibres, from three neighbouring pairs beyond the innervation zone, median of the columns",
    },
];

/// Biceps brachii (C5-C6, musculocutaneous nerve).
pub const BICEPS_BRACHII: Item = Item {
    id: ID,
    title: "High-density surface EMG, biceps brachii",
    protocol: "8 x 8 electrodes 10 mm apart over the elbow flexors, rows along the fibres from 25 mm proximal of the innervation zone to 45 mm distal, against a \
               far reference, 10-500 Hz; a steady isometric effort. Discharges and the place of each unit are in the annotations.",
    source: "electrodes 20 mm apart clear of zone and tendon as SENIAM recommends (Hermens et al. 2000 J Electromyogr Kinesiol 10:361); arrays as in Merletti et al. 2003 Crit Rev Biomed Eng 31:1 (from memory)",
    parameters: PARAMETERS,
    measures: MEASURES,
    run,
};

/// Sampling, Hz.
const RATE_HZ: f64 = 2048.0;
/// Amplifier band, Hz.
const BAND_HZ: (f64, f64) = (10.0, 500.0);
/// Electrode and amplifier noise of one electrode, uV rms (1-3 in 10-500 Hz: from memory).
const NOISE_UV: f64 = 2.0;
const GRID: ElectrodeGrid = ElectrodeGrid {
    rows: 8,
    columns: 8,
    spacing_mm: 10.0,
    along_mm: 10.0,
    lateral_mm: 0.0,
    shape: ElectrodeShape::Disc { radius_mm: 1.5 },
};
/// Rows of the electrodes 20 mm apart, 15 and 35 mm from the zone; rows of the three pairs for the velocity, 15 to 45 mm.
const BIPOLAR_ROWS: (usize, usize) = (4, 6);
const VELOCITY_ROWS: std::ops::Range<usize> = 4..7;
/// Velocities sought, m/s (healthy 3-5; thin fibres below).
const VELOCITIES_M_S: (f64, f64) = (2.0, 8.0);
/// One fibre in so many is laid out and stands for the others: at the skin a unit's hundreds blur into one another.
const THINNING: usize = 10;
/// Radius of the humerus, mm (assumed: a shaft of 20-22 mm), and of the upper arm (anthropometry, from memory).
const BONE_MM: f64 = 10.0;
const ARM_MM: f64 = 50.0;
/// Thickness of the skin, mm (Farina & Rainoldi 1999); the rest of the muscle's depth is fat.
const SKIN_MM: f64 = 1.0;

fn run(subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let joint = subject.joint(ID, side, "elbow")?;
    let muscle = subject.muscle(ID, side, &joint.flexor)?;
    let seed = subject.noise(ID, side);
    let seconds = parameters.get("seconds");
    let held = Held { subject, item: ID, side, muscle };
    let discharges = held.contract(parameters.get("effort"), seconds, seed.child("effort"))?;

    // The fibres that a needle would meet in the same muscle.
    let units = muscle.pool.units;
    let fibres_seed = subject.muscle_seed(side, &muscle.id).child("fibres").child("muscle");
    let layout = MuscleLayout::new(&muscle.fibres, units, fibres_seed);
    let fibres = layout.one_in(THINNING, &subject.innervated(side, muscle));
    let recording = record(muscle, &layout, &fibres, &discharges, seconds, seed);
    let measures = measures(&recording);
    Ok(Study { item: ID.to_owned(), side, measures, recordings: vec![recording], wall_ms: 0.0 })
}

/// The array over a muscle whose units discharge.
pub(super) fn record(
    muscle: &Muscle,
    layout: &MuscleLayout,
    fibres: &[Fibre],
    discharges: &Discharges,
    seconds: f64,
    seed: Seed,
) -> Recording {
    let units = muscle.pool.units;
    let array = SurfaceArray {
        conductor: LayeredConductor::Cylinder(CylinderLayers {
            bone_mm: BONE_MM,
            muscle_mm: ARM_MM - muscle.fibres.depth_mm.max(SKIN_MM + 0.1),
            fat_mm: ARM_MM - SKIN_MM,
            skin_mm: ARM_MM,
            conductivities: Default::default(),
        }),
        grid: GRID,
        muscle_radius_mm: layout.radius_mm(),
        fibre_length_mm: muscle.fibres.length_mm,
        rate_hz: RATE_HZ,
    };
    let potentials = array.unit_potentials(fibres, units);
    let mut trains = vec![Vec::new(); units];
    for &(time_s, unit) in discharges {
        trains[unit].push(time_s);
    }
    let all = emg(&potentials, &trains, (seconds * RATE_HZ) as usize);
    let mut recording = Recording::titled("steady effort, monopolar");
    for channel in 0..GRID.electrodes() {
        let mut uv: Vec<f64> = all.iter().skip(channel).step_by(GRID.electrodes()).map(|v| f64::from(*v)).collect();
        add_noise(&mut uv, NOISE_UV, seed.child("noise").index(channel));
        let (row, column) = (channel / GRID.columns, channel % GRID.columns);
        let label = format!("r{} c{}", row + 1, column + 1);
        recording.electrodes.push(Electrode {
            name: label.clone(),
            x_mm: GRID.row_mm(row),
            y_mm: GRID.column_mm(column),
            z_mm: 0.0,
            kind: "disc".to_owned(),
        });
        recording = recording.with_channel(&label, "uV", RATE_HZ, band_pass(&uv, RATE_HZ, BAND_HZ.0, BAND_HZ.1));
    }
    recording.annotations = truth(muscle, layout, fibres, discharges, seconds);
    recording
}

/// Where each unit that discharged lies, and when it did.
fn truth(
    muscle: &Muscle,
    layout: &MuscleLayout,
    fibres: &[Fibre],
    discharges: &Discharges,
    seconds: f64,
) -> Vec<Annotation> {
    let units = muscle.pool.units;
    let mut heard = vec![false; units];
    discharges.iter().for_each(|(_, unit)| heard[*unit] = true);
    let mut endplates = vec![(0.0, 0.0); units];
    for f in fibres {
        if let Some((sum, weight)) = endplates.get_mut(f.unit as usize) {
            *sum += f.weight * f.endplate_mm;
            *weight += f.weight;
        }
    }
    let place = |unit: usize| {
        let t = &layout.territories()[unit];
        let (sum, weight) = endplates[unit];
        let text = format!(
            "unit {unit} lies {:.1} mm across and {:.1} mm below the muscle's top, radius {:.1} mm, innervation zone {:.1} mm",
            t.x_mm,
            layout.radius_mm() + t.y_mm,
            t.radius_mm,
            sum / f64::max(weight, 1.0)
        );
        Annotation { onset_s: 0.0, duration_s: seconds, text }
    };
    let places = (0..units).filter(|unit| heard[*unit]).map(place);
    let spike = |&(onset_s, unit): &(f64, usize)| Annotation { onset_s, duration_s: 0.0, text: format!("unit {unit}") };
    places.chain(discharges.iter().map(spike)).collect()
}

/// What is read off the recorded channels alone, median of the columns.
pub(super) struct Seen {
    pub(super) rms_uv: Option<f64>,
    pub(super) median_frequency_hz: Option<f64>,
    pub(super) velocity_m_s: Option<f64>,
}

fn measures(recording: &Recording) -> Vec<Measure> {
    let seen = seen(recording);
    vec![
        Measure::new("rms", seen.rms_uv, "uV"),
        Measure::new("median_frequency", seen.median_frequency_hz, "Hz"),
        Measure::new("conduction_velocity", seen.velocity_m_s, "m/s"),
    ]
}

/// Reads a recording of [`record`].
pub(super) fn seen(recording: &Recording) -> Seen {
    let between = |row: usize, next: usize, column: usize| -> Vec<f64> {
        let of = |row: usize| recording.channels[row * GRID.columns + column].samples.iter();
        of(row).zip(of(next)).map(|(a, b)| a - b).collect()
    };
    let columns = |measure: &dyn Fn(usize) -> Option<f64>| -> Option<f64> {
        median(&(0..GRID.columns).filter_map(measure).collect::<Vec<_>>())
    };
    let bipolar: Vec<Vec<f64>> =
        (0..GRID.columns).map(|column| between(BIPOLAR_ROWS.0, BIPOLAR_ROWS.1, column)).collect();
    let velocity = |column: usize| {
        let pairs: Vec<Vec<f64>> = VELOCITY_ROWS.map(|row| between(row, row + 1, column)).collect();
        let pairs: Vec<&[f64]> = pairs.iter().map(Vec::as_slice).collect();
        propagation(&pairs, RATE_HZ, GRID.spacing_mm, VELOCITIES_M_S).map(|p| p.velocity_m_s)
    };
    Seen {
        rms_uv: columns(&|c| rms(&bipolar[c])),
        median_frequency_hz: columns(&|c| median_frequency(&bipolar[c], RATE_HZ)),
        velocity_m_s: columns(&velocity),
    }
}
