//! Healthy adults, injured by lesions alone and examined; each study is run once and shared by the laws.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use tonus_body::{Anatomy, Body, Person, Sex};
use tonus_exam::{Item, Subject};
use tonus_pathology::{BodySide, Lesion, Mechanism, Place, Segments, Site, apply};
use tonus_signal::{Side, Study};

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

/// The healthy body that every adult here has before any lesion.
pub fn healthy_body() -> &'static Body {
    &HEALTHY
}

/// An adult: who (the seed) and what is injured.
#[derive(Clone, Debug)]
pub struct Adult {
    seed: u64,
    lesions: Vec<Lesion>,
}

/// A healthy adult.
pub fn healthy(seed: u64) -> Adult {
    Adult { seed, lesions: Vec::new() }
}

/// A lesion of both sides.
pub fn lesion(site: Site, mechanism: Mechanism, severity: f64) -> Lesion {
    Lesion::new(site, mechanism, severity)
}

/// Both sides, within some segments.
pub fn within(segments: &str) -> Place {
    Place { side: BodySide::Both, segments: Segments::parse(segments).expect("segments"), ..Place::default() }
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

    /// The study of the right side's `item`, its parameters changed by `overrides`.
    pub fn study(&self, item: &str, overrides: &[(&str, f64)]) -> Study {
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
}
