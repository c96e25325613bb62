//! Experiments on the segmental reflexes.

mod conditioned_h;
mod epsp;
mod f_turnaround;
mod h_recruitment;
mod h_side_difference;
mod post_activation;
mod recurrent;
mod reinforcement;
mod soleus;
mod stretch;
mod stretch_finger;
mod stretch_soleus;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[
    epsp::EXPERIMENT,
    h_recruitment::EXPERIMENT,
    h_side_difference::EXPERIMENT,
    post_activation::EXPERIMENT,
    conditioned_h::EXPERIMENT,
    recurrent::EXPERIMENT,
    reinforcement::EXPERIMENT,
    stretch_finger::EXPERIMENT,
    stretch_soleus::EXPERIMENT,
    f_turnaround::EXPERIMENT,
];
