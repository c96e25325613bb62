//! Sites: the structures that can be injured, each within one structure that localisation names.

use tonus_body::{Muscle, SensoryNerve};

use crate::PathologyError;
use crate::nearest::{did_you_mean, fold};
use crate::region::is_of_breathing;
use crate::segments::are_of_head;

/// The structures localisation tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Localiser {
    /// Motor cortex and corticospinal or corticobulbar tract.
    UpperMotorNeuron,
    /// Striatum, substantia nigra and their circuits.
    BasalGanglia,
    /// Cerebellum and its peduncles.
    Cerebellum,
    /// Brain as a whole, its white matter, ventricles and membranes.
    DiffuseBrain,
    /// Brainstem with the nuclei of the cranial nerves.
    Brainstem,
    /// Tracts and interneurons of the cord.
    SpinalCord,
    /// Lower motor neurons of limbs and trunk.
    AnteriorHorn,
    /// Roots, plexus and nerves.
    PeripheralNerve,
    /// Neuromuscular junction.
    NeuromuscularJunction,
    /// Muscle.
    Muscle,
    /// No structure.
    None,
}

impl Localiser {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::UpperMotorNeuron => "upper_motor_neuron",
            Self::BasalGanglia => "basal_ganglia",
            Self::Cerebellum => "cerebellum",
            Self::DiffuseBrain => "diffuse_brain",
            Self::Brainstem => "brainstem",
            Self::SpinalCord => "spinal_cord",
            Self::AnteriorHorn => "anterior_horn",
            Self::PeripheralNerve => "peripheral_nerve",
            Self::NeuromuscularJunction => "neuromuscular_junction",
            Self::Muscle => "muscle",
            Self::None => "none",
        }
    }

    /// The structure of that name.
    pub fn find(name: &str) -> Option<Self> {
        [
            Self::UpperMotorNeuron,
            Self::BasalGanglia,
            Self::Cerebellum,
            Self::DiffuseBrain,
            Self::Brainstem,
            Self::SpinalCord,
            Self::AnteriorHorn,
            Self::PeripheralNerve,
            Self::NeuromuscularJunction,
            Self::Muscle,
            Self::None,
        ]
        .into_iter()
        .find(|l| l.name() == name)
    }
}

macro_rules! sites {
    ($($variant:ident $name:literal $localiser:ident $doc:literal;)*) => {
        /// A structure that can be injured.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Site {
            $(#[doc = $doc] $variant,)*
        }

        impl Site {
            /// Every site.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in files and outputs.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it is.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $doc,)* }
            }

            /// The structure that localisation names.
            pub fn localiser(self) -> Localiser {
                match self { $(Self::$variant => Localiser::$localiser,)* }
            }
        }
    };
}

sites! {
    MotorCortex "motor_cortex" UpperMotorNeuron "Primary and premotor cortex.";
    CorticospinalTract "corticospinal_tract" UpperMotorNeuron "Corticospinal tract from capsule to cord.";
    CorticobulbarTract "corticobulbar_tract" UpperMotorNeuron "Fibres to the motor nuclei of the head.";
    WhiteMatterFrontal "white_matter_frontal" DiffuseBrain "Frontal white matter.";
    BrainDiffuse "brain_diffuse" DiffuseBrain "Brain as a whole.";
    Ventricles "ventricles" DiffuseBrain "Ventricles and the fibres round them.";
    Meninges "meninges" DiffuseBrain "Membranes of brain and cord.";
    Striatum "striatum" BasalGanglia "Caudate and putamen.";
    SubstantiaNigra "substantia_nigra" BasalGanglia "Dopamine neurons of the midbrain.";
    TremorOscillator "tremor_oscillator" BasalGanglia "Thalamo-cerebellar loop that generates tremor.";
    CerebellarHemisphere "cerebellar_hemisphere" Cerebellum "Cerebellar hemisphere with its dentate nucleus.";
    CerebellarVermis "cerebellar_vermis" Cerebellum "Cerebellar vermis: trunk, gait, gaze.";
    CerebellarPeduncle "cerebellar_peduncle" Cerebellum "Cerebellar peduncles.";
    PosteriorFossa "posterior_fossa" Cerebellum "Space round cerebellum and brainstem.";
    BrainstemOcular "brainstem_ocular" Brainstem "Gaze centres and medial longitudinal fasciculus.";
    BrainstemPostural "brainstem_postural" Brainstem "Postural centres.";
    BrainstemVestibular "brainstem_vestibular" Brainstem "Vestibular nuclei.";
    BrainstemReticular "brainstem_reticular" Brainstem "Reticular formation.";
    BrainstemPons "brainstem_pons" Brainstem "Pons with the descending tracts.";
    BrainstemInterneurons "brainstem_interneurons" Brainstem "Inhibitory interneurons of the brainstem.";
    CranialNuclei "cranial_nuclei" Brainstem "Lower motor neurons of the head.";
    SpinalCord "spinal_cord" SpinalCord "All descending tracts of the cord at and below a level.";
    DorsalColumns "dorsal_columns" SpinalCord "Ascending large fibres of the cord.";
    SpinothalamicTract "spinothalamic_tract" SpinalCord "Ascending pain and temperature fibres.";
    SpinocerebellarTract "spinocerebellar_tract" SpinalCord "Ascending fibres to the cerebellum.";
    SpinalInterneurons "spinal_interneurons" SpinalCord "Interneurons of the segmental circuits.";
    AnteriorHorn "anterior_horn" AnteriorHorn "Lower motor neurons of limbs and trunk.";
    VentralRoot "ventral_root" PeripheralNerve "Motor roots.";
    DorsalRoot "dorsal_root" PeripheralNerve "Sensory roots, on the cord side of the ganglion.";
    DorsalRootGanglion "dorsal_root_ganglion" PeripheralNerve "Sensory neurons.";
    Plexus "plexus" PeripheralNerve "Brachial or lumbosacral plexus: motor and sensory fibres.";
    PeripheralNerve "peripheral_nerve" PeripheralNerve "Motor and sensory fibres of the nerves.";
    NerveMotor "nerve_motor" PeripheralNerve "Motor fibres of the nerves.";
    NerveSensory "nerve_sensory" PeripheralNerve "Large sensory fibres of the nerves, spindle afferents with them.";
    CranialNerves "cranial_nerves" PeripheralNerve "Nerves of the head.";
    PhrenicNerve "phrenic_nerve" PeripheralNerve "Nerve of the diaphragm.";
    Autonomic "autonomic" PeripheralNerve "Autonomic fibres.";
    Junction "junction" NeuromuscularJunction "Neuromuscular junctions.";
    Muscle "muscle" Muscle "Limb and trunk muscle.";
    RespiratoryMuscle "respiratory_muscle" Muscle "Diaphragm and intercostal muscles.";
    CranialMuscle "cranial_muscle" Muscle "Muscles of face, jaw and throat.";
    ExtraocularMuscle "extraocular_muscle" Muscle "Muscles of the eye.";
    Effort "effort" None "Effort itself: no structure.";
}

/// The names localisation uses, accepted as sites: the site each stands for.
const ALIASES: &[(&str, Site)] = &[
    ("upper_motor_neuron", Site::CorticospinalTract),
    ("basal_ganglia", Site::Striatum),
    ("cerebellum", Site::CerebellarHemisphere),
    ("diffuse_brain", Site::BrainDiffuse),
    ("brainstem", Site::BrainstemPons),
    ("neuromuscular_junction", Site::Junction),
    ("none", Site::Effort),
];

impl Site {
    /// The site of that name, or that a localiser's name stands for (`upper_motor_neuron` is `corticospinal_tract`).
    ///
    /// # Errors
    /// An unknown name, with the nearest valid one.
    pub fn find(name: &str) -> Result<Self, PathologyError> {
        let wanted = fold(name);
        let fine = Self::ALL.iter().copied().find(|site| site.name() == wanted);
        fine.or_else(|| ALIASES.iter().find(|(alias, _)| *alias == wanted).map(|(_, site)| *site)).ok_or_else(|| {
            let names: Vec<_> =
                Self::ALL.iter().map(|site| site.name()).chain(ALIASES.iter().map(|(alias, _)| *alias)).collect();
            PathologyError::new(
                "site",
                format!("no site `{name}`"),
                did_you_mean(name, names.iter().copied(), &format!("sites: {}", names.join(", "))),
            )
        })
    }

    /// Whether the structure lies on the other side of the midline from the limbs it serves
    /// (brain above the decussation); cerebellum, cord and everything below lie on the same side.
    pub fn is_crossed(self) -> bool {
        matches!(
            self,
            Self::MotorCortex
                | Self::CorticospinalTract
                | Self::CorticobulbarTract
                | Self::WhiteMatterFrontal
                | Self::Striatum
                | Self::SubstantiaNigra
                | Self::TremorOscillator
                | Self::BrainstemPons
        )
    }

    /// Whether a muscle is of this site at all: those of head and breathing have sites of their own, others leave it to the lesion's place.
    pub(crate) fn holds(self, muscle: &Muscle) -> bool {
        match self {
            Self::CorticobulbarTract | Self::CranialNuclei | Self::CranialNerves | Self::CranialMuscle => {
                are_of_head(&muscle.segments)
            }
            Self::RespiratoryMuscle => is_of_breathing(&muscle.id),
            Self::PhrenicNerve => muscle.id == "diaphragm",
            _ => true,
        }
    }

    /// Whether it holds a sensory nerve: the cranial nerves those of the head, roots and plexuses those of the limbs, a nerve either.
    pub(crate) fn holds_sensory_nerve(self, nerve: &SensoryNerve) -> bool {
        let of_head = are_of_head(&nerve.segments);
        match self {
            Self::CranialNerves => of_head,
            Self::PhrenicNerve => false,
            Self::PeripheralNerve | Self::NerveSensory | Self::DorsalRootGanglion => true,
            _ => !of_head,
        }
    }

    /// What the body does not have of this site, if lesions of it cannot be examined.
    pub fn missing(self) -> Option<&'static str> {
        match self {
            Self::ExtraocularMuscle | Self::BrainstemOcular => Some("eye movements are not in the body"),
            Self::Autonomic => Some("autonomic fibres are not in the body"),
            Self::DorsalColumns | Self::SpinothalamicTract | Self::SpinocerebellarTract => {
                Some("ascending tracts are not in the body")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_finds_its_site_and_localiser_names_stand_for_one() {
        for &site in Site::ALL {
            assert_eq!(Site::find(site.name()), Ok(site));
            assert_eq!(Localiser::find(site.localiser().name()), Some(site.localiser()));
        }
        for (alias, site) in ALIASES {
            let localiser = Localiser::find(alias);
            assert!(localiser.is_some(), "{alias}");
            assert_eq!(Site::find(alias), Ok(*site));
            assert_eq!(Some(site.localiser()), localiser, "{alias}");
        }
    }

    #[test]
    fn a_misspelt_site_gets_the_nearest() {
        let error = Site::find("anterior_hron").map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| e.contains("did you mean `anterior_horn`?") && !e.contains('\n')));
    }
}
