//! A healthy body: the reference person's tables scaled to a person.

use tonus_physiology::brain::basal_ganglia::BasalGangliaParameters;
use tonus_physiology::brain::cerebellum::CerebellumParameters;
use tonus_physiology::brain::corticospinal::{CorticospinalParameters, tract_length_m};
use tonus_physiology::brain::oscillator::OscillatorParameters;
use tonus_physiology::cord::circuit::DESCENDING_SIZE_POWER;
use tonus_physiology::cord::gains::SegmentalGains;
use tonus_physiology::cord::pool::PoolParameters;
use tonus_physiology::joint::hinge::HingeParameters;
use tonus_physiology::joint::thixotropy::ThixotropyParameters;
use tonus_physiology::junction::JunctionParameters;
use tonus_physiology::math;
use tonus_physiology::muscle::contraction::ContractionParameters;
use tonus_physiology::muscle::fibre::FibreParameters;
use tonus_physiology::muscle::short_range::ShortRangeParameters;
use tonus_physiology::muscle::unit::{TWO_POLES, UnitParameters};
use tonus_physiology::nerve::motor_axon::{MotorAxonParameters, THRESHOLD_LOG_SD};
use tonus_physiology::nerve::path::TERMINAL_LENGTH_M;
use tonus_physiology::nerve::segment::NerveSegment;
use tonus_physiology::nerve::sensory_axon::SensoryAxonParameters;

use crate::anatomy::muscle::{Fibres, Region};
use crate::anatomy::quantity::Segment;
use crate::anatomy::{Anatomy, JointAnatomy, MuscleAnatomy, SegmentEntry, SensoryNerveEntry};
use crate::body::{ArmSize, Body, Half, JointBody, Muscle, SensoryNerve};
use crate::person::Person;
use crate::scaling::{Scaling, diameter_scale};

/// Gravity, m/s2.
const GRAVITY_M_S2: f64 = 9.81;
/// Thinnest muscle fibre, um (newborn: 10-15; assumed as the limit).
const THINNEST_FIBRE_UM: f64 = 10.0;

impl Body {
    /// The healthy body of a person: both halves alike.
    ///
    /// ```
    /// use tonus_body::{Anatomy, Body, Person, Sex};
    /// let anatomy = Anatomy::builtin()?;
    /// let body = Body::healthy(&Person::new(35.0, Sex::Male, Some(1.75), Some(75.0))?, &anatomy);
    /// let units = body.right.muscle("first_dorsal_interosseous").map(|m| m.pool.units);
    /// assert_eq!(units, Some(120));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn healthy(person: &Person, anatomy: &Anatomy) -> Self {
        let scaling = Scaling::new(person, anatomy.growth());
        let right = Half {
            basal_ganglia: BasalGangliaParameters::default(),
            cerebellum: CerebellumParameters::default(),
            arm_oscillator: OscillatorParameters::default(),
            leg_oscillator: OscillatorParameters::default(),
            muscles: anatomy.muscles().iter().map(|m| muscle(m, person, &scaling)).collect(),
            sensory_nerves: anatomy.sensory_nerves().iter().map(|n| sensory_nerve(n, &scaling)).collect(),
            joints: anatomy.joints().iter().map(|j| joint(j, person, &scaling)).collect(),
            arm: arm(anatomy, person),
        };
        Self { person: person.clone(), left: right.clone(), right }
    }
}

fn muscle(anatomy: &MuscleAnatomy, person: &Person, s: &Scaling) -> Muscle {
    let MuscleAnatomy { entry, nerve } = anatomy;
    let mut segments = nerve.path.segments(s.length);
    let branch = &entry.branch;
    segments.push(NerveSegment::healthy(&branch.name, branch.length_m.get() * s.length, branch.temperature_c.get()));
    let nerve_length_m = segments.iter().map(|segment| segment.length_m).sum();
    let axon_scale = diameter_scale(nerve.fibres.mean_um.get(), s.velocity(entry.region));
    // Nowhere does a table give a muscle without segments: the mean is that of at least one.
    let below_c8 = entry.segments.iter().map(Segment::below_c8).sum::<f64>() / entry.segments.len().max(1) as f64;
    let (mechanics, twitch, afferents) = (&entry.mechanics, &entry.twitch, &entry.afferents);
    Muscle {
        id: entry.id().to_owned(),
        segments: names(&entry.segments),
        proximality: entry.command.proximality.get(),
        nerve_length_m,
        reticulospinal_share: entry.command.reticulospinal_share.get(),
        corticospinal: CorticospinalParameters {
            velocity_m_s: entry.command.corticospinal_velocity_m_s.get() * s.central_velocity,
            tract_length_m: tract_length_m(person.height_m, below_c8),
            ..CorticospinalParameters::default()
        },
        gains: SegmentalGains::default(),
        pool: PoolParameters {
            units: count(entry.pool.motor_units.get(), s.motor_units),
            slow_share: entry.pool.slow_share.get(),
            fatigue_resistant_share: entry.pool.fatigue_resistant_share.get(),
            descending_size_power: entry.pool.descending_size_power.map_or(DESCENDING_SIZE_POWER, |power| power.get()),
            survival: 1.0,
        },
        axons: MotorAxonParameters {
            spectrum: nerve.fibres.spectrum(axon_scale),
            segments,
            terminal_length_m: branch.terminal_length_m.map_or(TERMINAL_LENGTH_M, |m| m.get()) * s.length,
            threshold_log_sd: nerve.fibres.threshold_log_sd.map_or(THRESHOLD_LOG_SD, |sd| sd.get()),
            survival: 1.0,
            ectopic_rate_hz: 0.0,
            kv1: 1.0,
            persistent_current: 0.0,
        },
        junction: JunctionParameters::default(),
        units: UnitParameters {
            twitch_range: twitch.force_range.get(),
            contraction_time_ms: twitch.contraction_time_ms.get() * s.contraction_time,
            contraction_time_range: twitch.contraction_time_range.get(),
            poles: twitch.poles.map_or(TWO_POLES, |poles| poles.get()),
        },
        fibres: fibres(&entry.fibres, s),
        contraction: ContractionParameters {
            max_force_n: mechanics.max_force_n.get() * s.force(entry.region),
            optimal_length_m: mechanics.optimal_length_m.get() * s.length,
            moment_arm_m: mechanics.moment_arm_m.get() * s.length,
            pennation_rad: mechanics.pennation_rad.get(),
            optimal_angle_rad: mechanics.optimal_angle_rad.get(),
            base_tone: mechanics.base_tone.get(),
            tendon_slack_l0: mechanics
                .tendon_slack_length_m
                .map_or(0.0, |slack| slack.get() / mechanics.optimal_length_m.get()),
            short_range: ShortRangeParameters {
                breaking_l0: mechanics.bond_breaking_l0.map_or(0.0, |movement| movement.get()),
                ..ShortRangeParameters::default()
            },
        },
        ia_afferents: afferents.ia.get(),
        ii_afferents: afferents.ii.get(),
        ib_afferents: afferents.ib.get(),
        afferent_length_m: nerve_length_m,
    }
}

fn fibres(entry: &Fibres, s: &Scaling) -> FibreParameters {
    let diameter_um = (entry.diameter_um.get() * s.fibre_diameter).max(THINNEST_FIBRE_UM);
    // Thin fibres lie closer together.
    let thinness = entry.diameter_um.get() / diameter_um;
    FibreParameters {
        per_unit: entry.per_unit.get() * s.fibres_per_unit,
        unit_size_range: entry.unit_size_range.get(),
        diameter_um,
        healthy_diameter_um: diameter_um,
        diameter_cv: entry.diameter_cv.get(),
        length_mm: entry.length_mm.get() * s.length,
        endplate_sd_mm: entry.endplate_sd_mm.get() * s.length,
        unit_density_per_mm2: entry.unit_density_per_mm2.get() * thinness * thinness,
        max_innervation_ratio: entry.max_innervation_ratio.get(),
        depth_mm: entry.depth_mm.get() * s.depth,
        belly_mm: entry.belly_mm.map(|belly| belly.get() * s.length),
        breadth_mm: entry.breadth_mm.map(|breadth| breadth.get() * s.length),
        survival: 1.0,
        excitable: 1.0,
        segmentally_denervated: 0.0,
        specific_tension: 1.0,
        reinnervation: 0.0,
        fibrillation: 0.0,
        ephaptic: 0.0,
        chloride_conductance: 1.0,
    }
}

fn sensory_nerve(entry: &SensoryNerveEntry, s: &Scaling) -> SensoryNerve {
    let segments = entry.path.segments(s.length);
    let in_leg = entry.segments.iter().any(|level| level.as_str().starts_with(['L', 'S']));
    let velocity = s.velocity(if in_leg { Region::Leg } else { Region::Arm });
    let fibres = &entry.fibres;
    SensoryNerve {
        id: entry.id().to_owned(),
        segments: names(&entry.segments),
        nerve_length_m: segments.iter().map(|segment| segment.length_m).sum(),
        axons: SensoryAxonParameters {
            fibres: count(fibres.count.get(), s.sensory_fibres),
            spectrum: fibres.spectrum(diameter_scale(fibres.mean_um.get(), velocity)),
            segments,
            depth_mm: fibres.depth_mm.get() * s.depth,
            survival: 1.0,
        },
    }
}

fn joint(anatomy: &JointAnatomy, person: &Person, s: &Scaling) -> JointBody {
    let (mut inertia_kg_m2, mut gravity_n_m) = (0.0, 0.0);
    for (entry, centre_m) in &anatomy.parts {
        let segment = RigidSegment::new(entry, person);
        let centre_m = centre_m.map_or(segment.centre_m, |m| m * s.length);
        inertia_kg_m2 += segment.mass_kg * centre_m * centre_m + segment.inertia_kg_m2;
        gravity_n_m += segment.mass_kg * GRAVITY_M_S2 * centre_m;
    }
    let (entry, passive) = (&anatomy.entry, &anatomy.entry.passive);
    let torque = s.mass * s.length;
    JointBody {
        id: entry.id().to_owned(),
        hinge: HingeParameters {
            inertia_kg_m2,
            gravity_n_m: if entry.moves.gravity { gravity_n_m } else { 0.0 },
            hanging_angle_rad: passive.hanging_angle_rad.get(),
            stiffness_n_m_rad: passive.stiffness_n_m_rad.get() * torque,
            rest_angle_rad: passive.rest_angle_rad.get(),
            damping_n_m_s_rad: passive.damping_n_m_s_rad.get() * torque * math::sqrt(s.length),
            friction_n_m: passive.friction_n_m.get() * torque,
            min_angle_rad: passive.min_angle_rad.get(),
            max_angle_rad: passive.max_angle_rad.get(),
            thixotropy: ThixotropyParameters::default(),
        },
        flexor: entry.flexor().to_owned(),
        extensor: entry.extensor().to_owned(),
    }
}

fn arm(anatomy: &Anatomy, person: &Person) -> ArmSize {
    let reach = anatomy.reach();
    let [upper, fore, hand] =
        [&reach.upper_arm, &reach.forearm, &reach.hand].map(|entry| RigidSegment::new(entry, person));
    let forearm_kg = fore.mass_kg + hand.mass_kg;
    let hand_m = fore.length_m + hand.centre_m;
    let forearm_centre_m = (fore.mass_kg * fore.centre_m + hand.mass_kg * hand_m) / forearm_kg;
    let about_centre = |segment: &RigidSegment, at_m: f64| {
        let off_m = at_m - forearm_centre_m;
        segment.inertia_kg_m2 + segment.mass_kg * off_m * off_m
    };
    ArmSize {
        upper_arm_m: upper.length_m,
        forearm_m: hand_m,
        upper_arm_kg: upper.mass_kg,
        forearm_kg,
        upper_arm_centre_m: upper.centre_m,
        forearm_centre_m,
        upper_arm_inertia_kg_m2: upper.inertia_kg_m2,
        forearm_inertia_kg_m2: about_centre(&fore, fore.centre_m) + about_centre(&hand, hand_m),
    }
}

/// A limb segment of a person.
struct RigidSegment {
    length_m: f64,
    mass_kg: f64,
    centre_m: f64,
    /// About its centre of mass.
    inertia_kg_m2: f64,
}

impl RigidSegment {
    fn new(entry: &SegmentEntry, person: &Person) -> Self {
        let sex = person.sex;
        let length_m = entry.length_m.of(sex) * person.height_m / entry.reference_height_m.of(sex);
        let mass_kg = 0.01 * entry.mass_percent.of(sex) * person.mass_kg;
        let gyration_m = 0.01 * entry.gyration_percent.of(sex) * length_m;
        Self {
            length_m,
            mass_kg,
            centre_m: 0.01 * entry.centre_of_mass_percent.of(sex) * length_m,
            inertia_kg_m2: mass_kg * gyration_m * gyration_m,
        }
    }
}

fn names(segments: &[Segment]) -> Vec<String> {
    segments.iter().map(|s| s.as_str().to_owned()).collect()
}

/// A number of things times a factor, at least one.
fn count(number: usize, factor: f64) -> usize {
    ((number as f64 * factor).round() as usize).max(1)
}

#[cfg(test)]
mod tests;
