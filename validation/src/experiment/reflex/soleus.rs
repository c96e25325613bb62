//! The preparation of the reflex experiments: a healthy man with the nerves of his ankle under electrodes.

use tonus_body::{Anatomy, Body, Person, Sex};
use tonus_physiology::limb::stimulated::{Origin, Shock, Stimulated, StimulatedGroup, StimulatedModel, Sweep};
use tonus_physiology::muscle::innervation::unit_sizes;
use tonus_physiology::nerve::mixed_nerve::Pulse;
use tonus_physiology::random::Seed;

use crate::experiment::{ExperimentError, limb_group};

/// Index of the tibialis anterior and of the soleus in the preparation.
pub(super) const TIBIALIS: usize = 0;
pub(super) const SOLEUS: usize = 1;
/// Pulse of H-reflex studies, ms.
pub(super) const PULSE_MS: f64 = 1.0;
/// Rest that leaves no depression, ms.
pub(super) const RESTED_MS: usize = 10_000;
/// Window of a sweep after its last stimulus, ms.
const AFTER_MS: usize = 70;

/// The man examined: 30 years, 1.70 m.
pub(super) fn man(experiment: &'static str) -> Result<Body, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment, problem };
    let anatomy = Anatomy::builtin().map_err(|e| problem(e.to_string()))?;
    let person = Person::new(30.0, Sex::Male, Some(1.70), None).map_err(|e| problem(e.to_string()))?;
    Ok(Body::healthy(&person, &anatomy))
}

/// Soleus (the ankle's extensor) and tibialis anterior of one man, ankle at rest.
pub(super) struct Preparation {
    pub(super) groups: [StimulatedGroup; 2],
    /// Share of the soleus's fibres in each of its units.
    pub(super) share: Vec<f64>,
}

impl Preparation {
    pub(super) fn new(experiment: &'static str) -> Result<Self, ExperimentError> {
        let problem = |problem: &str| ExperimentError { experiment, problem: problem.to_owned() };
        let body = man(experiment)?;
        let half = &body.right;
        let joint = half.joint("ankle").ok_or_else(|| problem("the body has no ankle"))?;
        let group = |id: &str| {
            let muscle = half.muscle(id).ok_or_else(|| problem("the ankle lacks a muscle"))?;
            let site = muscle.axons.segments.iter().position(|s| s.name == "distal");
            let site = site.ok_or_else(|| problem("the nerve has no stretch `distal`"))?;
            Ok(StimulatedGroup { group: limb_group(muscle), site, angle_rad: joint.hinge.rest_angle_rad })
        };
        let groups = [group(&joint.flexor)?, group(&joint.extensor)?];
        let soleus = &groups[SOLEUS].group;
        let sizes = unit_sizes(&soleus.fibres, soleus.pool.units);
        let whole: f64 = sizes.iter().sum();
        Ok(Self { share: sizes.iter().map(|s| s / whole).collect(), groups })
    }

    pub(super) fn model(&self, seed: Seed) -> StimulatedModel {
        StimulatedModel::new(&self.groups, seed)
    }

    /// Reflex and direct response of the soleus, each as share of all its fibres: H and M in units of the largest M.
    pub(super) fn sizes(&self, sweep: &Sweep) -> (f64, f64) {
        let of = |origin: Origin| {
            sweep.arrivals[SOLEUS].iter().filter(|a| a.origin == origin).map(|a| self.share[a.unit]).sum::<f64>()
        };
        (of(Origin::Reflex), of(Origin::Direct))
    }

    /// H after a shock of `current` on the tibial nerve, `conditioning` given before it.
    pub(super) fn h(
        &self,
        model: &StimulatedModel,
        state: &mut Stimulated,
        current: f64,
        conditioning: Option<(Shock, f64)>,
    ) -> f64 {
        let lead_ms = conditioning.map_or(0.0, |c| c.1.max(0.0));
        let mut test = tibial(current);
        test.at_ms = lead_ms.ceil();
        let mut shocks = vec![test];
        if let Some((mut shock, lead)) = conditioning {
            shock.at_ms = test.at_ms - lead;
            shocks.push(shock);
        }
        let duration = test.at_ms as usize + AFTER_MS;
        let sweep = state.sweep(model, &shocks, [0.0; 2], 0, duration);
        self.sizes(&sweep).0
    }

    /// Weakest current whose H on rested terminals is `share` of the largest M, on the rising limb; and that H.
    pub(super) fn current_of(&self, model: &StimulatedModel, seed: Seed, share: f64) -> Option<(f64, f64)> {
        (20..100).map(|i| 0.01 * f64::from(i)).find_map(|current| {
            let h = self.h(model, &mut Stimulated::new(model, seed), current, None);
            (h >= share).then_some((current, h))
        })
    }
}

/// A shock on the tibial nerve.
pub(super) fn tibial(current: f64) -> Shock {
    Shock { group: SOLEUS, at_ms: 0.0, pulse: Pulse { current, duration_ms: PULSE_MS } }
}
