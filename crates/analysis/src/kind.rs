//! What a recording is: told from its channels, their units and what happens in it.

use serde::Serialize;
use tonus_signal::measures::spectrum::welch;
use tonus_signal::{Annotation, Channel, Recording};

use crate::AnalysisError;

/// A kind of recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Needle EMG of one muscle.
    Needle,
    /// Surface EMG, bipolar, one or more muscles.
    Surface,
    /// High-density surface EMG.
    Grid,
    /// CMAP scan.
    CmapScan,
    /// Responses to stimuli: motor or sensory conduction, F waves, repetitive stimulation.
    Evoked,
    /// Motor evoked potentials, to magnetic stimuli.
    Mep,
    /// Acceleration of a limb.
    Tremor,
    /// Angle of a leg that was let go.
    Pendulum,
    /// Centre of pressure in quiet stance.
    Sway,
    /// Taps of a finger.
    Tapping,
    /// Strides.
    Gait,
}

impl Kind {
    /// All, in the order they are listed.
    pub const ALL: [Self; 11] = [
        Self::Needle,
        Self::Surface,
        Self::Grid,
        Self::CmapScan,
        Self::Evoked,
        Self::Mep,
        Self::Tremor,
        Self::Pendulum,
        Self::Sway,
        Self::Tapping,
        Self::Gait,
    ];

    /// As on the command line and in the JSON: `needle`, `cmap_scan` ...
    pub fn name(self) -> &'static str {
        match self {
            Self::Needle => "needle",
            Self::Surface => "surface",
            Self::Grid => "grid",
            Self::CmapScan => "cmap_scan",
            Self::Evoked => "evoked",
            Self::Mep => "mep",
            Self::Tremor => "tremor",
            Self::Pendulum => "pendulum",
            Self::Sway => "sway",
            Self::Tapping => "tapping",
            Self::Gait => "gait",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// All names, with commas.
    pub(crate) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

/// Channels of one rate and length that make a grid.
const GRID: usize = 16;
/// Share of the power above 400 Hz from which EMG was picked up in the muscle: fat and skin take it away (surface spectra end at 400-500 Hz:
/// De Luca 2010 J Biomech 43:1573).
const NEEDLE_SHARE: f64 = 0.1;
const NEEDLE_HZ: f64 = 400.0;
/// Least rate of a signal of nerve or muscle, Hz: below it a voltage is a size, one a stimulus or an epoch.
const SLOWEST_HZ: f64 = 100.0;
/// Least rate at which that can be told, Hz.
const TELLING_HZ: f64 = 2_000.0;

/// Whether a channel is a voltage.
pub(crate) fn is_voltage(channel: &Channel) -> bool {
    volts(&channel.unit).is_some()
}

/// Microvolts in a unit of voltage.
fn volts(unit: &str) -> Option<f64> {
    match unit.trim() {
        "uV" | "µV" | "μV" | "uv" | "microV" => Some(1.0),
        "mV" | "mv" => Some(1e3),
        "V" | "v" => Some(1e6),
        _ => None,
    }
}

/// The samples of a voltage in uV.
pub(crate) fn microvolts(channel: &Channel) -> Option<Vec<f64>> {
    let factor = volts(&channel.unit)?;
    Some(channel.samples.iter().map(|x| factor * x).collect())
}

/// Whether a channel is what lies under a foot: `left-foot`, `Right foot switch`.
pub(crate) fn is_foot(channel: &Channel) -> bool {
    let label = channel.label.to_lowercase();
    label.contains("foot") && (label.contains("left") || label.contains("right"))
}

/// What a recording is.
pub(crate) fn told(recording: &Recording) -> Result<Kind, AnalysisError> {
    let labelled = |text: &str| recording.series.iter().any(|s| s.label.starts_with(text));
    let unit = |text: &str| {
        recording.channels.iter().any(|c| c.unit == text) || recording.series.iter().any(|s| s.unit == text)
    };
    let electric: Vec<&Channel> =
        recording.channels.iter().filter(|c| is_voltage(c) && c.rate_hz >= SLOWEST_HZ).collect();
    let stimulated = recording.annotations.iter().any(Annotation::begins_sweep);
    if tonus_signal::measures::cmap_scan::CmapScan::from_recording(recording).is_some() {
        return Ok(Kind::CmapScan);
    }
    if labelled("stride") || recording.channels.iter().any(is_foot) {
        return Ok(Kind::Gait);
    }
    if labelled("touch") {
        return Ok(Kind::Tapping);
    }
    let says = |label: &str, words: &[&str]| {
        let text = format!("{} {label}", recording.title).to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    if recording.channels.iter().any(|c| c.unit == "deg" && says(&c.label, &["knee", "leg", "pendulum"])) {
        return Ok(Kind::Pendulum);
    }
    if let Some(first) = electric.first() {
        let alike = electric.iter().all(|c| c.rate_hz == first.rate_hz && c.samples.len() == first.samples.len());
        return Ok(match electric.len() {
            _ if stimulated && names_mep(recording, first) => Kind::Mep,
            _ if stimulated => Kind::Evoked,
            n if n >= GRID && alike => Kind::Grid,
            1 if says(&first.label, &["needle", "concentric", "monopolar"]) => Kind::Needle,
            1 if first.rate_hz > TELLING_HZ && high_share(first).is_some_and(|s| s > NEEDLE_SHARE) => Kind::Needle,
            _ => Kind::Surface,
        });
    }
    if unit("m/s2") || unit("m/s^2") || unit("m/s²") {
        return Ok(Kind::Tremor);
    }
    let lengths = ["mm", "cm", "m"];
    if recording.channels.len() >= 2 && recording.channels.iter().all(|c| lengths.contains(&c.unit.as_str())) {
        return Ok(Kind::Sway);
    }
    if recording.channels.len() == 1 && unit("deg") {
        return Ok(Kind::Pendulum);
    }
    let channels = recording.channels.iter().map(|c| (&c.label, &c.unit));
    let names: Vec<String> = channels
        .chain(recording.series.iter().map(|s| (&s.label, &s.unit)))
        .take(4)
        .map(|(label, unit)| format!("{label} [{unit}]"))
        .collect();
    let uneven = recording.series.iter().any(|s| volts(&s.unit).is_some());
    let names =
        if uneven { vec![format!("{} at uneven times (interpolate the gaps first)", names.join(", "))] } else { names };
    Err(AnalysisError::Untold { content: if names.is_empty() { "no signals".into() } else { names.join(", ") } })
}

/// Whether title or label say that the stimuli were magnetic, or the responses motor evoked potentials.
fn names_mep(recording: &Recording, channel: &Channel) -> bool {
    let text = format!("{} {}", recording.title, channel.label).to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    words.iter().any(|w| ["mep", "meps", "tms", "magnetic"].contains(w)) || text.contains("motor evoked potential")
}

/// Share of the power above 20 Hz that lies above 400 Hz.
fn high_share(channel: &Channel) -> Option<f64> {
    let half = 0.5 * channel.rate_hz;
    welch(&channel.samples, channel.rate_hz, 0.5)?.share((NEEDLE_HZ, half), (20.0, half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::from_name("eeg"), None);
    }

    #[test]
    fn kinds_are_told_by_units_and_events() {
        let of = |unit: &str, n: usize| {
            (0..n).fold(Recording::titled("x"), |r, k| {
                let samples = (0..8_000).map(|i| libm::sin(0.02 * f64::from(i) * (k + 1) as f64)).collect();
                r.with_channel(&format!("c{k}"), unit, 4_000.0, samples)
            })
        };
        assert_eq!(told(&of("uV", 32)), Ok(Kind::Grid));
        assert_eq!(told(&of("mV", 1)), Ok(Kind::Surface));
        assert_eq!(told(&of("mV", 1).with_mark(0.1, "stimulus")), Ok(Kind::Evoked));
        let cortical = Recording { title: "TMS, right FDI".into(), ..of("mV", 1).with_mark(0.1, "stimulus") };
        assert_eq!(told(&cortical), Ok(Kind::Mep));
        let nerve = Recording { title: "electromagnetic shield, ulnar".into(), ..cortical };
        assert_eq!(told(&nerve), Ok(Kind::Evoked));
        let cloud = Recording::titled("Cloud").with_channel("turns", "1/s", 2.0, vec![400.0; 9]);
        assert!(told(&cloud.with_channel("amplitude", "uV", 2.0, vec![500.0; 9])).is_err());
        assert_eq!(told(&of("m/s2", 3)), Ok(Kind::Tremor));
        assert_eq!(told(&of("mm", 2)), Ok(Kind::Sway));
        assert_eq!(told(&of("deg", 1)), Ok(Kind::Pendulum));
        let mut sharp = of("mV", 1);
        sharp.channels[0].samples = (0..8_000).map(|i| if i % 50 == 0 { 1.0 } else { 0.0 }).collect();
        assert_eq!(told(&sharp), Ok(Kind::Needle));
        let error = told(&of("furlong", 1)).expect_err("no kind").to_string();
        assert!(error.contains("c0 [furlong]") && error.contains("--as"), "{error}");
        assert!(told(&Recording::titled("")).expect_err("nothing").to_string().contains("no signals"));
    }
}
