//! How the parts of the human motor system work: dynamics only.
//!
//! Each part has *parameters* (what it is: plain data, serialisable, healthy by default, the only thing
//! a lesion may change), a *model* built once from them, and a *state* that runs.
//! Nothing here knows a patient, a disease, an examination or a file.
//!
//! | room | what is in it |
//! |---|---|
//! | [`brain`] | corticospinal tract, basal ganglia, cerebellum, oscillators |
//! | [`cord`] | motor neuron pools, synapses, interneurons, segmental circuit, descending drive |
//! | [`receptor`] | muscle spindle, tendon organ, afferent encoders |
//! | [`nerve`] | motor and sensory axon populations |
//! | [`junction`] | the neuromuscular junction, in quanta |
//! | [`muscle`] | motor units, fibres and their layout, contraction |
//! | [`field`] | potentials at needle, surface and nerve electrodes |
//! | [`joint`] | passive joints and the two-joint arm |
//! | [`limb`] | a joint with its two muscle groups and their cord: the closed loop |

pub mod brain;
pub mod cord;
pub mod field;
pub mod joint;
pub mod junction;
pub mod limb;
pub mod math;
pub mod muscle;
pub mod nerve;
pub mod random;
pub mod receptor;
