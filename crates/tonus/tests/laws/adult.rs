//! Healthy adults, injured by lesions alone and examined. Each study is run once and shared by the laws.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use tonus_body::{Anatomy, Body, Person, Sex};
use tonus_exam::{Item, Subject};
use tonus_pathology::{Lesion, Mechanism, Pattern, Place, Site, TimeSpan, apply};
use tonus_signal::{Side, Study};

/// An item, shortened here and there by its parameters: the laws hold for short examinations too.
pub type Protocol = (&'static str, &'static [(&'static str, f64)]);

pub const MOTOR: Protocol = ("lab.motor_conduction.ulnar", &[]);
pub const SENSORY_ULNAR: Protocol = ("lab.sensory_conduction.ulnar", &[]);
pub const SENSORY_SURAL: Protocol = ("lab.sensory_conduction.sural", &[]);
pub const REPETITIVE_ULNAR: Protocol = ("lab.repetitive_stimulation.ulnar", &[]);
pub const REPETITIVE_ACCESSORY: Protocol = ("lab.repetitive_stimulation.accessory", &[]);
pub const JITTER: Protocol = ("lab.jitter.concentric.extensor_digitorum", &[]);
pub const NEEDLE_HAND: Protocol = ("lab.needle.first_dorsal_interosseous", &[("sites", 4.0)]);
/// Enough sites for the mean of their potentials.
pub const NEEDLE_MANY: Protocol = ("lab.needle.first_dorsal_interosseous", &[("sites", 10.0), ("rest_s", 1.0)]);
pub const CLOUD: Protocol = ("lab.interference.first_dorsal_interosseous", &[]);
pub const KNEE_JERK: Protocol = ("bedside.reflex.knee", &[("interval_s", 1.0)]);
pub const BICEPS_JERK: Protocol = ("bedside.reflex.biceps", &[("interval_s", 1.0)]);
pub const PENDULUM: Protocol = ("bedside.tone.knee_pendulum", &[("duration_s", 8.0)]);
pub const STRETCH: Protocol = ("bedside.tone.elbow_stretch", &[("slow_deg_s", 60.0)]);
pub const FINGER: Protocol = ("bedside.strength.finger_abduction", &[]);
pub const ELBOW: Protocol = ("bedside.strength.elbow_flexion", &[]);
pub const KNEE: Protocol = ("bedside.strength.knee_extension", &[]);
pub const REST_TREMOR: Protocol = ("bedside.tremor.rest", &[]);
pub const REACH: Protocol = ("bedside.coordination.reach", &[]);

static HEALTHY: LazyLock<Body> = LazyLock::new(|| {
    let person = Person::new(40.0, Sex::Male, Some(1.75), Some(75.0)).expect("an adult");
    Body::healthy(&person, &Anatomy::builtin().expect("the tables"))
});

/// A table whose entries are made once, by whoever asks first.
type Shared<T> = LazyLock<Mutex<HashMap<String, Arc<OnceLock<T>>>>>;

static SUBJECTS: Shared<Subject<'static>> = LazyLock::new(Mutex::default);
static STUDIES: Shared<Study> = LazyLock::new(Mutex::default);

fn entry<T>(table: &Shared<T>, key: &str) -> Arc<OnceLock<T>> {
    Arc::clone(table.lock().unwrap_or_else(PoisonError::into_inner).entry(key.to_owned()).or_default())
}

/// An adult: who (the seed) and what is injured.
#[derive(Clone, Debug)]
pub struct Adult {
    seed: u64,
    lesions: Vec<Lesion>,
}

/// A healthy man of 40; the seed makes him one person and not another.
pub fn healthy(seed: u64) -> Adult {
    Adult { seed, lesions: Vec::new() }
}

/// The three adults that most laws are asked of.
pub fn adults() -> [Adult; 3] {
    [1, 2, 3].map(healthy)
}

/// A long-established lesion of both sides.
pub fn lesion(site: Site, mechanism: Mechanism, severity: f64) -> Lesion {
    Lesion::new(site, mechanism, severity)
}

/// A lesion of some days.
pub fn aged(lesion: Lesion, days: f64) -> Lesion {
    lesion.aged(TimeSpan::from_days(days))
}

/// Everywhere on both sides, by a pattern.
pub fn pattern(pattern: Pattern) -> Place {
    Place { patterns: vec![pattern], ..Place::default() }
}

impl Adult {
    /// The same person with these lesions.
    pub fn with(&self, lesions: impl IntoIterator<Item = Lesion>) -> Self {
        Self { seed: self.seed, lesions: lesions.into_iter().collect() }
    }

    /// The body, with its lesions.
    pub fn body(&self) -> Body {
        let mut body = HEALTHY.clone();
        let left_out = apply(&self.lesions, &mut body);
        assert!(left_out.is_empty(), "{left_out:?}");
        body
    }

    /// The study of the right side.
    pub fn study(&self, (item, overrides): Protocol) -> Study {
        let study = entry(&STUDIES, &format!("{self:?} {item} {overrides:?}"));
        let study = study.get_or_init(|| {
            let subject = entry(&SUBJECTS, &format!("{self:?}"));
            // A body for the life of the process: some tens of kilobytes.
            let subject = subject.get_or_init(|| Subject::new(Box::leak(Box::new(self.body())), self.seed));
            let overrides = overrides.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
            Item::find(item).and_then(|item| item.run(subject, Side::Right, &overrides)).expect(item)
        });
        study.clone()
    }

    /// One measure of it, if there was something to measure.
    pub fn measure(&self, protocol: Protocol, name: &str) -> Option<f64> {
        let study = self.study(protocol);
        let value = study.measure(name).expect(name).value.number();
        // Seen with `--nocapture`, or where a law fails.
        let lesions: Vec<_> = self.lesions.iter().map(|l| format!("{} {}", l.mechanism.name(), l.severity)).collect();
        println!("adult {} [{}] {} {name} = {value:.4?}", self.seed, lesions.join(", "), protocol.0);
        value
    }

    /// One measure that must be there.
    pub fn number(&self, protocol: Protocol, name: &str) -> f64 {
        self.measure(protocol, name).unwrap_or_else(|| panic!("{} {name} is absent: {self:?}", protocol.0))
    }
}

/// Mean of a measure over several people.
pub fn mean(people: &[Adult], protocol: Protocol, name: &str) -> f64 {
    people.iter().map(|p| p.number(protocol, name)).sum::<f64>() / people.len() as f64
}

/// Whether two studies are the same to the bit, wall-clock time aside.
pub fn same_bits(a: &Study, b: &Study) -> bool {
    let values = |s: &Study| -> Vec<(String, Option<u64>)> {
        s.measures.iter().map(|m| (m.name.clone(), m.value.number().map(f64::to_bits))).collect()
    };
    let samples = |s: &Study| -> Vec<u64> {
        s.recordings.iter().flat_map(|r| &r.channels).flat_map(|c| c.samples.iter().map(|x| x.to_bits())).collect()
    };
    (&a.item, a.side) == (&b.item, b.side) && values(a) == values(b) && samples(a) == samples(b)
}
