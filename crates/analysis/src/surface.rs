//! Surface EMG from pairs of electrodes: its size and spectrum, channel by channel.

use tonus_signal::measures::filter::high_pass;
use tonus_signal::measures::surface_emg::{median_frequency, rms};
use tonus_signal::{Channel, Recording};

use crate::kind::{is_voltage, microvolts};
use crate::{Analysis, AnalysisError, Kind};

/// Below this the electrodes move, Hz (De Luca 2010 J Biomech 43:1573).
pub(crate) const MOVEMENT_HZ: f64 = 20.0;

/// Size and median frequency of each channel; of the first without a number.
pub(crate) fn analyse(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let channels: Vec<&Channel> = recording.channels.iter().filter(|c| is_voltage(c)).collect();
    if channels.is_empty() {
        return Err(AnalysisError::lacks(
            Kind::Surface,
            "has no channel in uV, mV or V",
            "name the unit of the signals",
        ));
    }
    let mut analysis = Analysis::new(Kind::Surface);
    for (k, channel) in channels.iter().enumerate() {
        let uv = high_pass(&microvolts(channel).unwrap_or_default(), channel.rate_hz, MOVEMENT_HZ);
        let name = |measure: &str| if k == 0 { measure.to_owned() } else { format!("{measure}.{}", k + 1) };
        analysis = analysis.with(&name("rms"), rms(&uv), "uV").with(
            &name("median_frequency"),
            median_frequency(&uv, channel.rate_hz),
            "Hz",
        );
    }
    if channels.len() > 1 {
        let labels: Vec<String> = channels.iter().enumerate().map(|(k, c)| format!("{} {}", k + 1, c.label)).collect();
        analysis.notes.push(format!("channels: {}", labels.join(", ")));
    }
    Ok(analysis)
}
