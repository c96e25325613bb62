//! The subject of an examination: a body, the seed of its individuality, and what has been built from them so far.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use tonus_body::{Body, Half, JointBody, Muscle, SensoryNerve};
use tonus_physiology::brain::basal_ganglia;
use tonus_physiology::brain::basal_ganglia::BasalGangliaReadOut;
use tonus_physiology::brain::oscillator::OscillatorParameters;
use tonus_physiology::cord::circuit::AfferentCounts;
use tonus_physiology::cord::pool::survivors;
use tonus_physiology::field::surface::CompoundModel;
use tonus_physiology::joint::hinge::HingeParameters;
use tonus_physiology::limb::{LimbGroup, LimbModel, LimbParameters};
use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use crate::ExamError;

/// Cache of things built once a subject, shared by the items that need them. Building is a pure function of the
/// key, so which thread builds first cannot change a bit.
type Cache<T> = Mutex<HashMap<(Side, String), Arc<OnceLock<Arc<T>>>>>;

/// Somebody to be examined.
pub struct Subject<'a> {
    body: &'a Body,
    seed: Seed,
    axons: Cache<MotorAxons>,
    compounds: Cache<CompoundModel>,
    limbs: Cache<LimbModel>,
    basal_ganglia: Cache<BasalGangliaReadOut>,
}

impl<'a> Subject<'a> {
    /// A subject; `seed` fixes both the individual (which axon is how thick) and the noise of every recording.
    pub fn new(body: &'a Body, seed: u64) -> Self {
        Self {
            body,
            seed: Seed::new(seed),
            axons: Cache::default(),
            compounds: Cache::default(),
            limbs: Cache::default(),
            basal_ganglia: Cache::default(),
        }
    }

    /// The body examined.
    pub fn body(&self) -> &Body {
        self.body
    }

    pub(crate) fn half(&self, side: Side) -> &Half {
        self.body.half(side)
    }

    /// Seed of an item's own noise on one side.
    pub(crate) fn noise(&self, item: &str, side: Side) -> Seed {
        self.seed.child("recording").child(item).child(side.name())
    }

    /// Seed of what makes a structure of this person individual.
    pub(crate) fn anatomy_seed(&self, side: Side, structure: &str) -> Seed {
        self.seed.child("anatomy").child(side.name()).child(structure)
    }

    /// The joint a muscle moves, with the muscle's place in it.
    fn place(&self, side: Side, muscle: &str) -> Option<(&JointBody, usize)> {
        self.half(side).joints.iter().find_map(|joint| {
            let group = [&joint.flexor, &joint.extensor].iter().position(|id| *id == muscle)?;
            Some((joint, group))
        })
    }

    /// Seed of a muscle's axons and fibres: the one its limb uses, so that bedside and laboratory meet the same axons.
    pub(crate) fn muscle_seed(&self, side: Side, muscle: &str) -> Seed {
        match self.place(side, muscle) {
            Some((joint, group)) => self.anatomy_seed(side, &joint.id).child(["flexor", "extensor"][group]),
            None => self.anatomy_seed(side, muscle),
        }
    }

    /// Seed of which motor neurons of a muscle die first.
    fn neuron_seed(&self, side: Side, muscle: &str) -> Seed {
        match self.place(side, muscle) {
            Some((joint, group)) => self.anatomy_seed(side, &joint.id).child("pool").index(group),
            None => self.anatomy_seed(side, muscle).child("pool"),
        }
    }

    pub(crate) fn muscle(&self, item: &str, side: Side, id: &str) -> Result<&Muscle, ExamError> {
        self.half(side).muscle(id).ok_or_else(|| missing(item, "muscle", id))
    }

    pub(crate) fn sensory_nerve(&self, item: &str, side: Side, id: &str) -> Result<&SensoryNerve, ExamError> {
        self.half(side).sensory_nerve(id).ok_or_else(|| missing(item, "sensory nerve", id))
    }

    pub(crate) fn joint(&self, item: &str, side: Side, id: &str) -> Result<&JointBody, ExamError> {
        self.half(side).joint(id).ok_or_else(|| missing(item, "joint", id))
    }

    /// Motor axons of a muscle.
    pub(crate) fn axons(&self, side: Side, muscle: &Muscle) -> Arc<MotorAxons> {
        cached(&self.axons, side, &muscle.id, || {
            MotorAxons::new(&muscle.axons, muscle.pool.units, self.muscle_seed(side, &muscle.id))
        })
    }

    /// Which motor units still have both their neuron and their axon.
    pub(crate) fn innervated(&self, side: Side, muscle: &Muscle) -> Vec<bool> {
        let axons = self.axons(side, muscle);
        let neurons = survivors(muscle.pool.units, muscle.pool.survival, self.neuron_seed(side, &muscle.id));
        neurons.iter().enumerate().map(|(unit, alive)| *alive && axons.alive(unit)).collect()
    }

    /// Unit potentials of a muscle at a belly-tendon surface pair, sampled at `rate_hz`.
    pub(crate) fn compound(&self, side: Side, muscle: &Muscle, rate_hz: f64) -> Arc<CompoundModel> {
        cached(&self.compounds, side, &format!("{} {rate_hz}", muscle.id), || {
            CompoundModel::new(
                &muscle.fibres,
                muscle.pool.units,
                &self.innervated(side, muscle),
                &muscle.junction,
                self.muscle_seed(side, &muscle.id).child("fibres"),
                rate_hz,
            )
        })
    }

    /// What the basal ganglia of one side give.
    pub(crate) fn basal_ganglia(&self, side: Side) -> Arc<BasalGangliaReadOut> {
        cached(&self.basal_ganglia, side, "", || basal_ganglia::read_out(&self.half(side).basal_ganglia))
    }

    /// The closed loop of one joint, for the item (or workload) `item`.
    ///
    /// # Errors
    /// The body has no such joint, or lacks one of its muscles.
    pub fn limb(&self, item: &str, side: Side, joint: &str) -> Result<Arc<LimbModel>, ExamError> {
        let joint = self.joint(item, side, joint)?;
        let flexor = self.muscle(item, side, &joint.flexor)?;
        let extensor = self.muscle(item, side, &joint.extensor)?;
        Ok(cached(&self.limbs, side, &joint.id, || {
            let half = self.half(side);
            let ganglia = self.basal_ganglia(side);
            let group = |muscle: &Muscle| self.limb_group(muscle, &ganglia);
            let parameters = LimbParameters {
                hinge: joint.hinge.clone(),
                flexor: group(flexor),
                extensor: group(extensor),
                oscillator: oscillator(half, &joint.id).clone(),
                persistence: half.basal_ganglia.persistence,
                chorea_rate_hz: ganglia.chorea_rate_hz,
                surround_inhibition: half.basal_ganglia.surround_inhibition,
            };
            LimbModel::new(&parameters, self.anatomy_seed(side, &joint.id))
        }))
    }

    /// A muscle held still at its optimal length, for the item `item`: in the loop of its joint, or, where the body has no joint for it, alone.
    ///
    /// # Errors
    /// The body lacks a muscle of the joint.
    pub(crate) fn isometric(&self, item: &str, side: Side, muscle: &Muscle) -> Result<Isometric, ExamError> {
        let optimal_rad = muscle.contraction.optimal_angle_rad;
        if let Some((joint, group)) = self.place(side, &muscle.id) {
            return Ok(Isometric {
                model: self.limb(item, side, &joint.id)?,
                group,
                angle_rad: optimal_rad.clamp(joint.hinge.min_angle_rad, joint.hinge.max_angle_rad),
                reached: None,
            });
        }
        // Its angle is imposed and its torques are not read: any joint will do.
        let hinge = &self.half(side).joints.first().ok_or_else(|| missing(item, "joint", "any"))?.hinge;
        let model = cached(&self.limbs, side, &format!("alone {}", muscle.id), || self.alone(side, muscle, hinge));
        let axons = self.axons(side, muscle);
        let alive = self.innervated(side, muscle);
        let reached = (0..muscle.pool.units).map(|u| alive[u] && axons.total_delay_ms(u).is_some()).collect();
        Ok(Isometric { model, group: 0, angle_rad: optimal_rad, reached: Some(reached) })
    }

    /// A muscle without a joint, pulling on one that nothing moves, against its like. All its units are in the pool; which of them the
    /// person still has is for [`Isometric::reaches`] to say, by the draws that every other item of the muscle makes.
    fn alone(&self, side: Side, muscle: &Muscle, hinge: &HingeParameters) -> LimbModel {
        let half = self.half(side);
        let ganglia = self.basal_ganglia(side);
        let mut group = self.limb_group(muscle, &ganglia);
        group.pool.survival = 1.0;
        group.axons.survival = 1.0;
        group.axons.segments.iter_mut().for_each(|s| s.block = 0.0);
        let parameters = LimbParameters {
            hinge: hinge.clone(),
            flexor: group.clone(),
            extensor: group,
            oscillator: half.arm_oscillator.clone(),
            persistence: half.basal_ganglia.persistence,
            chorea_rate_hz: ganglia.chorea_rate_hz,
            surround_inhibition: half.basal_ganglia.surround_inhibition,
        };
        LimbModel::new(&parameters, self.anatomy_seed(side, &muscle.id))
    }

    /// A muscle as a part of a limb.
    pub(crate) fn limb_group(&self, muscle: &Muscle, ganglia: &BasalGangliaReadOut) -> LimbGroup {
        let mut gains = muscle.gains.clone();
        gains.long_latency *= ganglia.long_latency_gain;
        gains.resting_command += ganglia.resting_command;
        LimbGroup {
            pool: muscle.pool.clone(),
            gains,
            axons: muscle.axons.clone(),
            junction: muscle.junction.clone(),
            units: muscle.units.clone(),
            fibres: muscle.fibres.clone(),
            contraction: muscle.contraction.clone(),
            corticospinal: muscle.corticospinal.clone(),
            afferents: AfferentCounts { ia: muscle.ia_afferents, ii: muscle.ii_afferents, ib: muscle.ib_afferents },
            afferent_length_m: muscle.afferent_length_m,
        }
    }
}

/// A muscle held still.
pub(crate) struct Isometric {
    pub(crate) model: Arc<LimbModel>,
    /// Which of the model's two groups it is.
    pub(crate) group: usize,
    pub(crate) angle_rad: f64,
    /// Units whose impulses reach the endplates, where the model does not know.
    reached: Option<Vec<bool>>,
}

impl Isometric {
    /// Whether the impulses of a unit that the model gives reach its endplates.
    pub(crate) fn reaches(&self, unit: usize) -> bool {
        self.reached.as_ref().is_none_or(|reached| reached.get(unit).copied().unwrap_or(false))
    }
}

/// The oscillator that feeds the limb a joint belongs to.
pub(crate) fn oscillator<'h>(half: &'h Half, joint: &str) -> &'h OscillatorParameters {
    match joint {
        "knee" | "ankle" | "hip" => &half.leg_oscillator,
        _ => &half.arm_oscillator,
    }
}

fn missing(item: &str, what: &'static str, id: &str) -> ExamError {
    ExamError::MissingAnatomy { item: item.to_owned(), what, id: id.to_owned() }
}

fn cached<T>(cache: &Cache<T>, side: Side, key: &str, build: impl FnOnce() -> T) -> Arc<T> {
    let cell = {
        // A poisoned lock only means that another item panicked; the map itself is always whole.
        let mut map = cache.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(map.entry((side, key.to_owned())).or_default())
    };
    Arc::clone(cell.get_or_init(|| Arc::new(build())))
}
