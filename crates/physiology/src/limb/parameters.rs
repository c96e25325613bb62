//! What a limb is: a hinge, two muscle groups, and what commands them.

use serde::{Deserialize, Serialize};

use crate::brain::corticospinal::CorticospinalParameters;
use crate::brain::oscillator::OscillatorParameters;
use crate::cord::circuit::AfferentCounts;
use crate::cord::gains::SegmentalGains;
use crate::cord::pool::PoolParameters;
use crate::joint::hinge::HingeParameters;
use crate::junction::JunctionParameters;
use crate::muscle::contraction::ContractionParameters;
use crate::muscle::fibre::FibreParameters;
use crate::muscle::unit::UnitParameters;
use crate::nerve::motor_axon::MotorAxonParameters;

/// One muscle group with its part of the cord.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimbGroup {
    /// Motor neurons.
    pub pool: PoolParameters,
    /// Settings of the segmental circuit.
    pub gains: SegmentalGains,
    /// Motor axons.
    pub axons: MotorAxonParameters,
    /// Junctions.
    pub junction: JunctionParameters,
    /// Motor units as force generators.
    pub units: UnitParameters,
    /// Fibres.
    pub fibres: FibreParameters,
    /// Mechanics.
    pub contraction: ContractionParameters,
    /// Descending command.
    pub corticospinal: CorticospinalParameters,
    /// Afferent axons in health.
    pub afferents: AfferentCounts,
    /// Length of the afferents, muscle to cord, m.
    pub afferent_length_m: f64,
}

/// One joint with its flexors and extensors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimbParameters {
    /// Passive mechanics.
    pub hinge: HingeParameters,
    /// Group that raises the angle.
    pub flexor: LimbGroup,
    /// Group that lowers the angle.
    pub extensor: LimbGroup,
    /// Central tremor oscillator of the limb.
    pub oscillator: OscillatorParameters,
    /// Fraction of time that a sustained command does not lapse; 1 in health.
    pub persistence: f64,
    /// Rate of involuntary brief movements, 1/s; 0 in health.
    pub chorea_rate_hz: f64,
    /// Suppression of the antagonist during a command, 0..1; 1 in health.
    pub surround_inhibition: f64,
}
