//! Everything a report says, gathered in one place.

use serde::Serialize;
use tonus_body::Person;
use tonus_diagnosis::{Compared, Finding, JudgedStudy};
use tonus_signal::Study;

/// One lesion as the report shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LesionLine {
    /// Structure (`anterior_horn`).
    pub site: String,
    /// What changed (`neuron_loss`).
    pub mechanism: String,
    /// Severity now, 0..1.
    pub severity: f64,
    /// Where, in words.
    #[serde(rename = "where")]
    pub place: String,
    /// Body sides it affects: `left`, `right` or `both`.
    pub side: String,
    /// What the severity means.
    pub meaning: String,
    /// Where the numbers come from.
    pub source: String,
}

/// Who was examined, and how the model of them came about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PatientLine {
    /// Name or id.
    pub name: String,
    /// The person.
    pub person: Person,
    /// The condition's label, if one was used.
    pub condition: Option<String>,
    /// How the condition was come by (`named`, `disease OMIM:... matches`, `most likely by its findings: ...`).
    pub chosen_by: String,
    /// Time since onset in words, if it was given or assumed.
    pub time: Option<String>,
    /// Lesions as they stand now.
    pub lesions: Vec<LesionLine>,
    /// What the model leaves out (mechanisms it has no parameter for).
    pub left_out: Vec<String>,
}

/// An examination with its verdicts and findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// Version of Tonus.
    pub tonus: String,
    /// Seed.
    pub seed: u64,
    /// The patient.
    pub patient: PatientLine,
    /// Studies of the patient, with recordings.
    pub studies: Vec<Study>,
    /// The same studies of the healthy model of the same person.
    pub healthy: Vec<Study>,
    /// The patient's measures with norms and verdicts, in the order of `studies`.
    pub judged: Vec<JudgedStudy>,
    /// Findings, present and absent.
    pub findings: Vec<Finding>,
    /// A published patient's recorded findings beside the model's.
    pub recorded: Vec<Compared>,
    /// Titles of items by id, for people.
    pub titles: Vec<(String, String)>,
}

impl Examination {
    /// Title of an item for people; its id if it has none.
    pub fn title<'a>(&'a self, item: &'a str) -> &'a str {
        self.titles.iter().find(|(id, _)| id == item).map_or(item, |(_, title)| title)
    }

    /// The healthy study that belongs to a study.
    pub fn healthy_of(&self, study: &Study) -> Option<&Study> {
        self.healthy.iter().find(|h| h.item == study.item && h.side == study.side)
    }
}
