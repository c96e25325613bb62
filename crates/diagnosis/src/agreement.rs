//! A published patient's recorded findings beside the model's.

use serde::{Deserialize, Serialize};

use crate::{Finding, FindingState, Ontology};

/// What the model shows of a recorded finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModelState {
    /// The model shows it, or something more specific.
    #[serde(rename = "present")]
    Present,
    /// The model was examined for it and does not show it.
    #[serde(rename = "absent")]
    Absent,
    /// No item of the examination looks for it.
    #[serde(rename = "not examined")]
    NotExamined,
}

/// One recorded finding with the model's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// HPO id as recorded.
    pub hpo: String,
    /// Label as recorded.
    pub label: String,
    /// Present or absent in the patient.
    pub state: FindingState,
    /// In the model.
    pub model: ModelState,
}

impl Compared {
    /// True if patient and model agree, `None` if it was not examined.
    pub fn agrees(&self) -> Option<bool> {
        match (self.state, self.model) {
            (_, ModelState::NotExamined) => None,
            (FindingState::Present, model) => Some(model == ModelState::Present),
            (FindingState::Absent, model) => Some(model == ModelState::Absent),
        }
    }
}

/// Sets recorded findings beside the model's.
///
/// A recorded term is present in the model if a present finding of the model is that term or a kind of it, and
/// absent if the model was examined for it or a kind of it and did not show it. A recorded term more specific than
/// anything examined (hypotonia of the trunk, where only limbs were tested) counts as not examined.
pub fn compare(
    recorded: impl IntoIterator<Item = (String, String, FindingState)>,
    findings: &[Finding],
    ontology: &Ontology,
) -> Vec<Compared> {
    recorded
        .into_iter()
        .map(|(hpo, label, state)| {
            let shows = findings.iter().any(|f| f.state == FindingState::Present && ontology.is_a(&f.hpo, &hpo));
            let looked = findings.iter().any(|f| f.state == FindingState::Absent && ontology.is_a(&f.hpo, &hpo));
            let model = match (shows, looked) {
                (true, _) => ModelState::Present,
                (false, true) if !is_too_general(&hpo, ontology) => ModelState::Absent,
                _ => ModelState::NotExamined,
            };
            Compared { hpo, label, state, model }
        })
        .collect()
}

/// A term so general that not showing one kind of it says nothing about it.
fn is_too_general(hpo: &str, ontology: &Ontology) -> bool {
    // Whatever contains both weakness and raised tone (abnormal muscle physiology and above).
    ontology.is_a("HP:0001324", hpo) && ontology.is_a("HP:0001276", hpo)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(hpo: &str, state: FindingState) -> Finding {
        Finding { hpo: hpo.to_owned(), label: String::new(), state, place: String::new(), because: Vec::new() }
    }

    #[test]
    fn general_terms_are_met_by_specific_findings_but_not_the_reverse() {
        let ontology = Ontology::builtin().unwrap();
        let model = [finding("HP:0002522", FindingState::Present), finding("HP:0001257", FindingState::Absent)];
        let recorded = ["HP:0001284", "HP:0012046", "HP:0001257", "HP:0000508"]
            .map(|h| (h.to_owned(), String::new(), FindingState::Present));
        let states: Vec<_> = compare(recorded, &model, &ontology).iter().map(|c| c.model).collect();
        use ModelState::{Absent, NotExamined, Present};
        assert_eq!(states, [Present, NotExamined, Absent, NotExamined]);
    }
}
