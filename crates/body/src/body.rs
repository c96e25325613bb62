//! A body: every physiological parameter that an examination needs and a lesion can move.

use serde::{Deserialize, Serialize};
use tonus_physiology::brain::basal_ganglia::BasalGangliaParameters;
use tonus_physiology::brain::cerebellum::CerebellumParameters;
use tonus_physiology::brain::corticospinal::CorticospinalParameters;
use tonus_physiology::brain::oscillator::OscillatorParameters;
use tonus_physiology::cord::gains::SegmentalGains;
use tonus_physiology::cord::pool::PoolParameters;
use tonus_physiology::joint::hinge::HingeParameters;
use tonus_physiology::junction::JunctionParameters;
use tonus_physiology::math;
use tonus_physiology::muscle::contraction::ContractionParameters;
use tonus_physiology::muscle::fibre::FibreParameters;
use tonus_physiology::muscle::unit::UnitParameters;
use tonus_physiology::nerve::motor_axon::MotorAxonParameters;
use tonus_physiology::nerve::sensory_axon::SensoryAxonParameters;
use tonus_signal::Side;

use crate::Person;

/// One muscle (or muscle group acting as one) on one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Muscle {
    /// Id of its table entry (`first_dorsal_interosseous`, `quadriceps`).
    pub id: String,
    /// Spinal segments or cranial nucleus, rostral first (`C8`, `T1`).
    pub segments: Vec<String>,
    /// How proximal: 0 distal (hand, foot) .. 1 proximal (girdle, trunk).
    pub proximality: f64,
    /// Path length cord to muscle, m (what length-dependent disease acts on).
    pub nerve_length_m: f64,
    /// Share of maximal drive carried by other tracts than the corticospinal (reticulospinal), 0..1.
    pub reticulospinal_share: f64,
    /// Command that reaches it.
    pub corticospinal: CorticospinalParameters,
    /// Its circuit's settings.
    pub gains: SegmentalGains,
    /// Its motor neurons.
    pub pool: PoolParameters,
    /// Its motor axons.
    pub axons: MotorAxonParameters,
    /// Its junctions.
    pub junction: JunctionParameters,
    /// Its motor units.
    pub units: UnitParameters,
    /// Its fibres.
    pub fibres: FibreParameters,
    /// Its mechanics.
    pub contraction: ContractionParameters,
    /// Group Ia afferents in health.
    pub ia_afferents: usize,
    /// Group II afferents in health.
    pub ii_afferents: usize,
    /// Group Ib afferents in health.
    pub ib_afferents: usize,
    /// Path of the afferents, spindles to cord, m: that of the motor axons, beside which they run.
    pub afferent_length_m: f64,
}

impl Muscle {
    /// Largest isometric torque about its joint, at optimal length, N m.
    pub fn max_torque_n_m(&self) -> f64 {
        let c = &self.contraction;
        c.max_force_n * c.moment_arm_m * math::cos(c.pennation_rad)
    }
}

/// One cutaneous nerve on one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SensoryNerve {
    /// Id of its table entry (`sural`, `ulnar_digit_5`).
    pub id: String,
    /// Dorsal-root segments.
    pub segments: Vec<String>,
    /// Path length from the cord to the recording site, m.
    pub nerve_length_m: f64,
    /// Its axons.
    pub axons: SensoryAxonParameters,
}

/// The two muscle groups across a joint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Bends the joint (knee flexors, elbow flexors, ankle dorsiflexors).
    Flexor,
    /// Straightens it.
    Extensor,
}

/// A hinge joint on one side with the muscles that move it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JointBody {
    /// Id (`knee`, `elbow`, `ankle`, `index`).
    pub id: String,
    /// Passive mechanics.
    pub hinge: HingeParameters,
    /// Id of the flexor muscle.
    pub flexor: String,
    /// Id of the extensor muscle.
    pub extensor: String,
}

/// Size of an arm for reaching movements: two rigid segments, hand fixed to the forearm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmSize {
    /// Shoulder to elbow, m.
    pub upper_arm_m: f64,
    /// Elbow to the grip (centre of mass of the hand), m.
    pub forearm_m: f64,
    /// Mass of the upper arm, kg.
    pub upper_arm_kg: f64,
    /// Mass of forearm and hand, kg.
    pub forearm_kg: f64,
    /// Centre of mass of the upper arm from the shoulder, m.
    pub upper_arm_centre_m: f64,
    /// Centre of mass of forearm and hand from the elbow, m.
    pub forearm_centre_m: f64,
    /// Moment of inertia of the upper arm about its centre of mass, kg m2.
    pub upper_arm_inertia_kg_m2: f64,
    /// Moment of inertia of forearm and hand about their centre of mass, kg m2.
    pub forearm_inertia_kg_m2: f64,
}

/// Everything on one side of the body. Brain structures are listed with the side of the body they serve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Half {
    /// Basal ganglia serving this side.
    pub basal_ganglia: BasalGangliaParameters,
    /// Cerebellar half serving this side.
    pub cerebellum: CerebellumParameters,
    /// Tremor oscillator of the arm.
    pub arm_oscillator: OscillatorParameters,
    /// Tremor oscillator of the leg.
    pub leg_oscillator: OscillatorParameters,
    /// Muscles, by id.
    pub muscles: Vec<Muscle>,
    /// Sensory nerves, by id.
    pub sensory_nerves: Vec<SensoryNerve>,
    /// Joints, by id.
    pub joints: Vec<JointBody>,
    /// Size of the arm.
    pub arm: ArmSize,
}

/// A whole body, ready to be examined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Whose it is.
    pub person: Person,
    /// Left half.
    pub left: Half,
    /// Right half.
    pub right: Half,
}

impl Body {
    /// One half.
    pub fn half(&self, side: Side) -> &Half {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }

    /// One half, to change.
    pub fn half_mut(&mut self, side: Side) -> &mut Half {
        match side {
            Side::Left => &mut self.left,
            Side::Right => &mut self.right,
        }
    }

    /// Both halves, right first.
    pub fn halves(&self) -> impl Iterator<Item = (Side, &Half)> {
        [(Side::Right, &self.right), (Side::Left, &self.left)].into_iter()
    }

    /// Both halves, right first, to change.
    pub fn halves_mut(&mut self) -> impl Iterator<Item = (Side, &mut Half)> {
        [(Side::Right, &mut self.right), (Side::Left, &mut self.left)].into_iter()
    }

    /// Every muscle of both halves.
    pub fn muscles(&self) -> impl Iterator<Item = (Side, &Muscle)> {
        self.halves().flat_map(|(side, half)| half.muscles.iter().map(move |m| (side, m)))
    }

    /// Every muscle of both halves, to change.
    pub fn muscles_mut(&mut self) -> impl Iterator<Item = (Side, &mut Muscle)> {
        self.halves_mut().flat_map(|(side, half)| half.muscles.iter_mut().map(move |m| (side, m)))
    }

    /// Every sensory nerve of both halves.
    pub fn sensory_nerves(&self) -> impl Iterator<Item = (Side, &SensoryNerve)> {
        self.halves().flat_map(|(side, half)| half.sensory_nerves.iter().map(move |n| (side, n)))
    }

    /// Every sensory nerve of both halves, to change.
    pub fn sensory_nerves_mut(&mut self) -> impl Iterator<Item = (Side, &mut SensoryNerve)> {
        self.halves_mut().flat_map(|(side, half)| half.sensory_nerves.iter_mut().map(move |n| (side, n)))
    }

    /// Every joint of both halves.
    pub fn joints(&self) -> impl Iterator<Item = (Side, &JointBody)> {
        self.halves().flat_map(|(side, half)| half.joints.iter().map(move |j| (side, j)))
    }
}

impl Half {
    /// The muscle of that id.
    pub fn muscle(&self, id: &str) -> Option<&Muscle> {
        self.muscles.iter().find(|m| m.id == id)
    }

    /// The muscle of that id, to change.
    pub fn muscle_mut(&mut self, id: &str) -> Option<&mut Muscle> {
        self.muscles.iter_mut().find(|m| m.id == id)
    }

    /// The muscles with motor neurons in a segment or nucleus (`C8`, `XII`), to change.
    pub fn muscles_of_segment_mut<'h>(&'h mut self, segment: &'h str) -> impl Iterator<Item = &'h mut Muscle> {
        self.muscles.iter_mut().filter(move |m| m.segments.iter().any(|s| s == segment))
    }

    /// The sensory nerve of that id.
    pub fn sensory_nerve(&self, id: &str) -> Option<&SensoryNerve> {
        self.sensory_nerves.iter().find(|n| n.id == id)
    }

    /// The sensory nerve of that id, to change.
    pub fn sensory_nerve_mut(&mut self, id: &str) -> Option<&mut SensoryNerve> {
        self.sensory_nerves.iter_mut().find(|n| n.id == id)
    }

    /// The joint of that id.
    pub fn joint(&self, id: &str) -> Option<&JointBody> {
        self.joints.iter().find(|j| j.id == id)
    }

    /// The joint of that id, to change.
    pub fn joint_mut(&mut self, id: &str) -> Option<&mut JointBody> {
        self.joints.iter_mut().find(|j| j.id == id)
    }
}
