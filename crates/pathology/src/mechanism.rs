//! Mechanisms: what a lesion changes, what its severity means, which parameters it moves.

use crate::PathologyError;
use crate::nearest::{did_you_mean, fold};
use crate::site::Localiser;

/// One line of the table of mechanisms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MechanismInfo {
    /// Name in files.
    pub name: &'static str,
    /// What severity 0..1 means.
    pub severity: &'static str,
    /// Parameters of the body that move, and how (s = severity at that muscle or nerve).
    pub moves: &'static str,
    /// Where the rule is from.
    pub source: &'static str,
    /// Structures it can act at.
    pub acts_at: &'static [Localiser],
    /// Whether the body has the parameter; if not, `apply` says so.
    pub examined: bool,
}

macro_rules! mechanisms {
    (
        examined { $($variant:ident $name:literal [$($at:ident)*] $severity:literal, $moves:literal, $source:literal;)* }
        listed { $($later:ident $later_name:literal [$($later_at:ident)*] $later_severity:literal, $later_moves:literal, $later_source:literal;)* }
    ) => {
        /// What a lesion changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Mechanism {
            $(#[doc = $severity] $variant,)*
            $(#[doc = $later_severity] $later,)*
        }

        impl Mechanism {
            /// Every mechanism, those with a parameter in the body first.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)* $(Self::$later,)*];

            /// Its line of the table.
            pub fn info(self) -> MechanismInfo {
                match self {
                    $(Self::$variant => MechanismInfo {
                        name: $name, severity: $severity, moves: $moves, source: $source,
                        acts_at: &[$(Localiser::$at),*], examined: true,
                    },)*
                    $(Self::$later => MechanismInfo {
                        name: $later_name, severity: $later_severity, moves: $later_moves, source: $later_source,
                        acts_at: &[$(Localiser::$later_at),*], examined: false,
                    },)*
                }
            }
        }
    };
}

mechanisms! {
    examined {
        NeuronLoss "neuron_loss" [AnteriorHorn Brainstem SpinalCord]
            "fraction of motor neurons of the named pools or nuclei lost",
            "pool.survival x (1-s); fibres.reinnervation (from day 7, time constant 45 d), fibres.fibrillation (from day 10, 7 d) and fibres.ephaptic (from day 180, 365 d) follow the age of the loss",
            "textbook; sprouting starts at 4-10 d and is functional at 4-12 weeks (general knowledge, not read in a source)";
        SproutingLimit "sprouting_limit" [AnteriorHorn PeripheralNerve Muscle NeuromuscularJunction]
            "fraction by which collateral reinnervation falls short",
            "fibres.max_innervation_ratio x (1-s), not below 1",
            "definition";
        AxonLoss "axon_loss" [PeripheralNerve SpinalCord UpperMotorNeuron]
            "fraction of axons of the named fibres lost; with pattern length_dependent the fraction at the end of the longest (0.6 x height), less in shorter ones by a logistic in length",
            "motor: axons.survival x (1-s), fibres.reinnervation and fibrillation as in neuron_loss; sensory: axons.survival x (1-s) of the nerve (not for dorsal roots) and gains.ia x (1-s) of the muscles; not dying back: of a loss younger than 5 (sensory 8) days a block at the cut in place of survival",
            "textbook; logistic: assumed, scale 0.088 x height (0.15 m in 1.70 m)";
        Demyelination "demyelination" [PeripheralNerve]
            "fractional fall in conduction velocity",
            "velocity_factor x (1-s w) of each stretch: uniform w = 1; patchy w = 1 at root and terminal, 0.5 between, velocity_scatter up to 0.7 s; sensory site: gains.ia x (1-s), the volley disperses",
            "double-cable axon (McIntyre, Richardson & Grill 2002) with internodes of f = 0.01-0.3 myelin gives SD of ln velocity about 0.35 at s = 0.5; Ia rule assumed";
        ConductionBlock "conduction_block" [PeripheralNerve SpinalCord UpperMotorNeuron Brainstem]
            "fraction of fibres that do not conduct past the place",
            "block of the named stretch = 1-(1-block)(1-s); roots: first stretch; plexus: second; nerve without a place: shared over the path so that s fail in all; sensory site: gains.ia x (1-s); descending tract: corticospinal.drive as in a fresh descending_drive_loss",
            "definition";
        NodalFailure "nodal_failure" [PeripheralNerve]
            "fraction of motor nodes reversibly inexcitable",
            "block of the last stretch = 1-(1-block)(1-s), no slowing",
            "reversible conduction failure of axonal Guillain-Barre syndrome (Kuwabara 1998)";
        IaAfferentFailure "ia_afferent_failure" [PeripheralNerve SpinalCord]
            "fraction of Ia input lost with the sensory potential kept",
            "gains.ia x (1-s)",
            "definition";
        MotorAxonHyperexcitability "motor_axon_hyperexcitability" [PeripheralNerve AnteriorHorn]
            "0 normal, 1 spontaneous discharge in every unit",
            "axons.ectopic_rate_hz + 0.01 s; axons.persistent_current = 1-(1-p)(1-s) (cramp)",
            "assumed: tens of fasciculations a minute in a muscle of some hundred units at s = 0.5";
        AxonPotassiumChannelLoss "axon_potassium_channel_loss" [PeripheralNerve]
            "fraction of the Kv1 channels of motor axons lost (neuromyotonia)",
            "axons.kv1 x (1-s); axons.ectopic_rate_hz + 0.01 s",
            "antibodies against voltage-gated potassium channels in acquired neuromyotonia (Shillito et al. 1995 Ann Neurol, from memory); rate assumed as motor_axon_hyperexcitability";
        QuantalReleaseLoss "quantal_release_loss" [NeuromuscularJunction PeripheralNerve]
            "fractional fall of quantal content",
            "junction.release (store and release probability each) x sqrt(1-s)",
            "quantal content = store x probability";
        CalciumChannelLoss "calcium_channel_loss" [NeuromuscularJunction]
            "fraction of the nerve terminal's calcium channels lost",
            "junction.calcium_channels x (1-s)",
            "Lambert-Eaton antibodies bind and cross-link the terminal's channels (Fukunaga, Engel, Osame & Lambert 1982; general knowledge, not re-read)";
        ReceptorLoss "receptor_loss" [NeuromuscularJunction]
            "fraction of functional acetylcholine receptor lost",
            "junction.quantal_amplitude x (1-s)",
            "Elmqvist, Hofmann, Kugelberg & Quastel 1964";
        EndplateSimplification "endplate_simplification" [NeuromuscularJunction]
            "fraction of folds and sodium channels lost",
            "junction.threshold / (1-0.6 s)",
            "assumed size; direction Slater (safety factor of the folded endplate)";
        FibreLoss "fibre_loss" [Muscle]
            "fraction of muscle fibres lost, replaced by fat and connective tissue",
            "fibres.survival x (1-s)",
            "definition";
        FibreSizeVariability "fibre_size_variability" [Muscle]
            "added coefficient of variation of fibre diameter (splitting, regeneration)",
            "fibres.diameter_cv = sqrt(cv^2 + s^2)",
            "independent spreads add in quadrature";
        FibreAtrophy "fibre_atrophy" [Muscle]
            "fractional fall of fibre diameter",
            "fibres.diameter_um x (1-s), at most 0.9 lost",
            "definition";
        FibreHypertrophy "fibre_hypertrophy" [Muscle]
            "fractional rise of fibre diameter",
            "fibres.diameter_um x (1+s)",
            "definition";
        FibreForceLoss "fibre_force_loss" [Muscle]
            "fractional fall of specific force, membrane normal",
            "fibres.specific_tension x (1-s)",
            "definition";
        FibreFragility "fibre_fragility" [Muscle]
            "fraction of fibres torn per week of use",
            "fibres.segmentally_denervated = 1-(1-d)(1-0.2 s); fibres.fibrillation 1",
            "assumed: a tear cuts a part of the fibre from its endplate for about a week or two, in one of five";
        Inflammation "inflammation" [Muscle DiffuseBrain]
            "activity 0..1",
            "muscle: fibres.segmentally_denervated = 1-(1-d)(1-0.2 s); fibres.fibrillation 1",
            "assumed, as in fibre_fragility";
        FibreMembraneHyperexcitability "fibre_membrane_hyperexcitability" [Muscle]
            "fractional loss of chloride conductance (myotonia)",
            "fibres.chloride_conductance x (1-s): runs of the fibre by itself after the needle or use",
            "Adrian & Bryant 1974; Cannon 1993 (from memory)";
        FibreMembraneInexcitability "fibre_membrane_inexcitability" [Muscle]
            "fraction of fibres not excited by their endplate",
            "fibres.excitable x (1-s)",
            "definition";
        Contracture "contracture" [Muscle]
            "rise of passive stiffness and lost range",
            "joint stiffness x (1+9 s), range x (1-0.6 s): lost at the end that stretches the short muscle",
            "assumed size; direction O'Dwyer, Ada & Neilson 1996";
        DescendingDriveLoss "descending_drive_loss" [UpperMotorNeuron SpinalCord Brainstem DiffuseBrain]
            "fraction of corticospinal output lost (cord: of all descending tracts)",
            "corticospinal.drive x D^2, D = (1-s)(1-r) + r(1 + 0.2 s p(60 d)), at most 1, from the brain (r = reticulospinal share; no growth in hand and forearm), x (1-s) from the cord; segmental gains, bias and base tone with the time since: see descending::CHRONIC",
            "pyramidal pattern: Zaaimi 2012, Baker 2011; time course: see descending::CHRONIC";
        DescendingDriveAcuteLoss "descending_drive_acute_loss" [UpperMotorNeuron SpinalCord Brainstem]
            "fraction of tonic descending facilitation withdrawn (shock); severity itself halves with time",
            "gains.bias_mv - 9.5 s (mV); persistent_inward_current x (1-0.9 s); gamma static and dynamic x (1-0.8 s); presynaptic_inhibition x (1-0.2 s); group_ii x (1-0.5 s); contraction.base_tone x (1-0.9 s)",
            "Leis 1996 (F waves low); Bennett 1999, Li & Bennett 2003; Ditunno, Little, Tessler & Burns 2004";
        DescendingConductionSlowing "descending_conduction_slowing" [UpperMotorNeuron SpinalCord Brainstem DiffuseBrain]
            "fractional fall of central conduction velocity",
            "corticospinal.velocity_m_s x (1-s)",
            "definition";
        DriveIntermittency "drive_intermittency" [BasalGanglia DiffuseBrain UpperMotorNeuron None]
            "fraction of time that voluntary drive lapses",
            "basal_ganglia.persistence x (1-s)",
            "motor impersistence (milkmaid grip)";
        VoluntaryActivationLoss "voluntary_activation_loss" [None UpperMotorNeuron DiffuseBrain]
            "fraction of voluntary drive not delivered under attention",
            "corticospinal.drive x (1-s); reflexes and automatic paths untouched",
            "definition";
        ArousalLoss "arousal_loss" [DiffuseBrain Brainstem]
            "fraction of all voluntary drive missing; 1 is coma",
            "corticospinal.drive x (1-s)",
            "definition";
        TonicDriveLoss "tonic_drive_loss" [DiffuseBrain Brainstem Cerebellum SpinalCord UpperMotorNeuron]
            "fraction of tonic supraspinal drive to alpha and gamma motor neurons missing",
            "gamma static and dynamic x (1-s); contraction.base_tone x (1-s); gains.bias_mv - s (mV); persistent_inward_current x (1-0.3 s)",
            "Gilman 1969 (spindle discharge without tonic drive); alpha sizes assumed";
        InhibitionLoss "inhibition_loss" [SpinalCord Brainstem]
            "fraction of inhibitory interneuron release lost",
            "gains.renshaw x (1-s); gains.reciprocal x (1-s)",
            "definition";
        ReciprocalInhibitionLoss "reciprocal_inhibition_loss" [SpinalCord BasalGanglia UpperMotorNeuron]
            "fraction of Ia reciprocal inhibition lost",
            "gains.reciprocal x (1-s)",
            "definition";
        DopamineLoss "dopamine_loss" [BasalGanglia]
            "fraction of striatal dopamine lost",
            "basal_ganglia.dopamine x (1-s)",
            "definition";
        StriatalLoss "striatal_loss" [BasalGanglia]
            "fraction of striatal projection neurons of the named pathway lost",
            "basal_ganglia.indirect or direct (or both) x (1-s)",
            "Albin, Young & Penney 1989";
        SurroundInhibitionLoss "surround_inhibition_loss" [BasalGanglia]
            "fraction of antagonist and neighbour suppression lost",
            "basal_ganglia.surround_inhibition x (1-s)",
            "Hallett (surround inhibition in dystonia)";
        CentralOscillation "central_oscillation" [BasalGanglia Cerebellum Brainstem]
            "amplitude 0..1 of a central oscillator at `frequency_hz` (4.9 if not given), released at rest or in action (`released_by`)",
            "arm_oscillator and leg_oscillator: amplitude 1-(1-a)(1-s), frequency, gating",
            "Raethjen 2000 (rest tremor 4-6 Hz)";
        PurkinjeLoss "purkinje_loss" [Cerebellum]
            "fraction of cerebellar cortical output lost",
            "hemisphere: cerebellum.purkinje x (1-s) and, all muscles of the side, gamma and base_tone x (1-k s), bias_mv - s (mV), k = 0.5 + 0.2 exp(-t/20 d); vermis: the same fusimotor drop in the legs only",
            "Bhanpuri, Okamura & Bastian 2014; Gilman 1969; sizes assumed";
        DentateLoss "dentate_loss" [Cerebellum]
            "fraction of dentate output lost",
            "cerebellum.output x (1-s), fusimotor drop as in purkinje_loss",
            "as purkinje_loss";
        CerebellarOutputLoss "cerebellar_output_loss" [Cerebellum Brainstem]
            "fraction of superior-peduncle output lost",
            "cerebellum.output x (1-s), fusimotor drop as in purkinje_loss",
            "as purkinje_loss";
    }
    listed {
        Spread "spread" [AnteriorHorn]
            "hazard that loss starts in a neighbouring region", "onset of the next region's lesion", "Ravits & La Spada 2009";
        TemperatureSensitivity "temperature_sensitivity" [UpperMotorNeuron SpinalCord DiffuseBrain Brainstem PeripheralNerve]
            "share of remaining central fibres within reach of the block threshold", "central block with warming", "-";
        EnergyFailure "energy_failure" [Muscle]
            "fatigue-rate multiplier 1+9s", "rate of fatigue and recovery", "-";
        MaturationDelay "maturation_delay" [DiffuseBrain]
            "fractional delay of skill age", "age of skills", "-";
        ReticulospinalRelease "reticulospinal_release" [Brainstem DiffuseBrain UpperMotorNeuron]
            "extensor drive 0..1 freed from cortex", "decorticate or decerebrate posture", "-";
        CorticalHyperexcitability "cortical_hyperexcitability" [UpperMotorNeuron DiffuseBrain Brainstem]
            "rate of synchronous cortical bursts 0..1", "myoclonus, focal seizure", "-";
        PosturalGainLoss "postural_gain_loss" [Brainstem BasalGanglia]
            "fraction of postural responses lost", "feedback gain of stance", "-";
        GaitProgramLoss "gait_program_loss" [DiffuseBrain]
            "fraction of frontal drive to stepping lost", "step amplitude, initiation", "-";
        MicturitionDriveLoss "micturition_drive_loss" [DiffuseBrain]
            "fraction of frontal bladder inhibition lost", "sphincter", "-";
        CerebellarInputLoss "cerebellar_input_loss" [Cerebellum Brainstem SpinalCord]
            "fraction of inferior- or middle-peduncle input lost", "delay and noise of the state estimate", "-";
        SupranuclearGazeLoss "supranuclear_gaze_loss" [Brainstem]
            "fraction of saccade velocity and range lost", "saccade gain", "-";
        SaccadeInitiationLoss "saccade_initiation_loss" [Brainstem DiffuseBrain UpperMotorNeuron]
            "fraction of saccades that fail to start", "saccade initiation", "-";
        InternuclearLoss "internuclear_loss" [Brainstem]
            "fraction of fibres of the medial longitudinal fasciculus blocked", "velocity of adduction", "-";
        VestibularAsymmetry "vestibular_asymmetry" [Brainstem]
            "tonic vestibular imbalance 0..1", "tilt of stance, nystagmus", "-";
        MassEffect "mass_effect" [DiffuseBrain UpperMotorNeuron Cerebellum Brainstem SpinalCord]
            "volume effect 0..1", "other lesions of the neighbourhood", "-";
        RaisedPressure "raised_pressure" [DiffuseBrain Cerebellum]
            "intracranial pressure effect 0..1", "arousal, periventricular fibres", "-";
        DropAttack "drop_attack" [DiffuseBrain Brainstem]
            "rate of brief loss of tone 0..1", "tone", "-";
    }
}

impl Mechanism {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The mechanism of that name.
    ///
    /// # Errors
    /// An unknown name, with the nearest valid one.
    pub fn find(name: &str) -> Result<Self, PathologyError> {
        let wanted = fold(name);
        Self::ALL.iter().copied().find(|m| m.name() == wanted).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|m| m.name()).collect();
            PathologyError::new(
                "mechanism",
                format!("no mechanism `{name}`"),
                did_you_mean(name, names.iter().copied(), &format!("mechanisms: {}", names.join(", "))),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for &m in Mechanism::ALL {
            assert_eq!(Mechanism::find(m.name()), Ok(m));
        }
        let error = Mechanism::find("neurone_loss").map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| e.contains("did you mean `neuron_loss`?")));
    }

    #[test]
    fn the_table_says_everything() {
        for info in Mechanism::ALL.iter().map(|m| m.info()) {
            assert!(!info.severity.is_empty() && !info.moves.is_empty() && !info.acts_at.is_empty(), "{}", info.name);
            assert!(!info.examined || info.source.len() > 5, "{}", info.name);
        }
    }
}
