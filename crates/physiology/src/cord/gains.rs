//! Segmental gains: what descending tracts set and their loss moves.

use serde::{Deserialize, Serialize};

/// Settings of the segmental circuit of one muscle on one side.
///
/// Healthy values by [`Default`]. Multipliers are relative to the circuit's own published connectivity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentalGains {
    /// Steady shift of the motor neurons' resting potential, mV; tonic facilitation lost = negative.
    pub bias_mv: f64,
    /// Monoaminergic drive M of the dendritic persistent inward current, 0 (acute spinal) to about 1.2; 0.5 awake rest.
    pub persistent_inward_current: f64,
    /// Ia input, multiplier: what afferent survival and conduction leave, times what its synapses have grown below a lesion.
    pub ia: f64,
    /// Tonic presynaptic inhibition of Ia terminals, fraction of release suppressed; 0.4 at rest.
    pub presynaptic_inhibition: f64,
    /// Post-activation depression: fraction of the Ia terminal's store used per spike.
    pub post_activation_depression: f64,
    /// Reciprocal Ia inhibition, multiplier.
    pub reciprocal: f64,
    /// Ib inhibition, multiplier.
    pub ib: f64,
    /// Recurrent (Renshaw) inhibition, multiplier.
    pub renshaw: f64,
    /// Group II excitation, multiplier.
    pub group_ii: f64,
    /// Static fusimotor drive at rest, impulses/s.
    pub gamma_static_hz: f64,
    /// Dynamic fusimotor drive at rest, impulses/s.
    pub gamma_dynamic_hz: f64,
    /// Gain of the long-latency (transcortical) stretch response, multiplier.
    pub long_latency: f64,
    /// Involuntary steady background command, fraction of maximal voluntary drive; 0 in health.
    pub resting_command: f64,
}

impl Default for SegmentalGains {
    fn default() -> Self {
        Self {
            bias_mv: 0.0,
            persistent_inward_current: 0.5,
            ia: 1.0,
            presynaptic_inhibition: 0.4,
            post_activation_depression: 0.15,
            reciprocal: 1.0,
            ib: 1.0,
            renshaw: 1.0,
            group_ii: 1.0,
            gamma_static_hz: 30.0,
            gamma_dynamic_hz: 30.0,
            long_latency: 1.0,
            resting_command: 0.0,
        }
    }
}

/// Presynaptic inhibition that reinforcement takes away, share of release.
const REINFORCED_PRESYNAPTIC: f64 = 0.1;
/// Fusimotor drive of reinforcement over rest.
const REINFORCED_FUSIMOTOR: f64 = 1.3;

impl SegmentalGains {
    /// The same circuit during reinforcement (Jendrassik's manoeuvre: a strong contraction elsewhere).
    ///
    /// Release from Ia terminals rises and so does fusimotor drive, the latter moving the tendon jerk but not the H reflex. Both
    /// are disputed (Hagbarth et al. 1975 and Burke, McKeon & Skuse 1981 found no change of relaxed spindles; Ribot-Ciscar,
    /// Rossi-Durand & Roll 2000 did; Zehr & Stein 1999: presynaptic). Sizes fitted to: patellar jerk 1.2-3 times as large, H less.
    #[must_use]
    pub fn reinforced(&self) -> Self {
        Self {
            presynaptic_inhibition: (self.presynaptic_inhibition - REINFORCED_PRESYNAPTIC).max(0.0),
            gamma_static_hz: self.gamma_static_hz * REINFORCED_FUSIMOTOR,
            gamma_dynamic_hz: self.gamma_dynamic_hz * REINFORCED_FUSIMOTOR,
            ..self.clone()
        }
    }

    /// How readily the motor neurons backfire on an antidromic volley, relative to health: exactly 1 without bias,
    /// about 3 at +3 mV and 0.16 at -5 mV.
    ///
    /// F waves are scarce in spinal shock and return with tone (Hiersemenzel, Curt & Dietz 2000 Neurology 54:1574); the
    /// factor 3 of chronic upper-motor-neuron lesions is general knowledge, and the exponential is assumed.
    pub fn backfire_excitability(&self) -> f64 {
        if self.bias_mv == 0.0 { 1.0 } else { crate::math::exp(1.1 / 3.0 * self.bias_mv) }
    }
}
