//! Qtrac's MEM text: a CMAP scan of the MSCAN protocol, read only.
//!
//! ```text
//! Protocol:   MSCAN-R2
//! S/R sites:  Median Wr-APB
//! Stim. (mA)  Amp. (mV)
//! MS.1        15.5       8.163
//! MS.2        15.5       8.151
//! MScDuration(min) = 4.8
//! ```
//! Latin-1, tabs, CRLF. Gives two channels of one sample a stimulus, `stimulus` (mA) and `CMAP` (mV), at the mean rate of stimuli
//! (2 Hz, the protocol's, where the duration is not stated). The derived variables and the fitted model that the file may hold are
//! not read. Another protocol's MEM file has no `MS.` points and is refused.

use std::path::Path;

use super::{FormatError, Place, whole_file};
use crate::Recording;

/// Rate of stimuli of the protocol, Hz.
const PROTOCOL_HZ: f64 = 2.0;

/// Reads the scan of a MEM file.
pub(super) fn read(path: &Path) -> Result<Recording, FormatError> {
    // Latin-1: each byte is its character.
    let text: String = whole_file::read(path)?.into_iter().map(char::from).collect();
    let (mut stimulus_ma, mut response_mv) = (Vec::new(), Vec::new());
    let (mut sites, mut minutes) = (String::new(), None);
    for (k, line) in text.lines().enumerate() {
        let place = Place::Line(k as u64 + 1);
        if let Some(rest) = line.strip_prefix("MS.") {
            let fields: Vec<&str> = rest.split_whitespace().collect();
            let [number, stimulus, response] = fields[..] else {
                let problem = format!("{} fields where a scan has number, stimulus and response", fields.len());
                return Err(FormatError::malformed(path, place, problem, "export the scan from Qtrac again"));
            };
            let expected = stimulus_ma.len() + 1;
            if number.parse() != Ok(expected) {
                let problem = format!("point MS.{number} where MS.{expected} follows");
                return Err(FormatError::malformed(path, place, problem, "points are missing: export the scan again"));
            }
            for (text, unit, into) in [(stimulus, "mA", &mut stimulus_ma), (response, "mV", &mut response_mv)] {
                match text.parse::<f64>() {
                    Ok(value) if value.is_finite() => into.push(value),
                    _ => {
                        let problem = format!("{text:?} is no number of {unit}");
                        return Err(FormatError::malformed(
                            path,
                            place,
                            problem,
                            "mend the line or leave the file out",
                        ));
                    }
                }
            }
        } else if let Some(value) = line.strip_prefix("S/R sites:") {
            sites = value.trim().to_owned();
        } else if let Some(value) = line.strip_prefix("MScDuration(min)") {
            minutes =
                value.trim_start_matches([' ', '=']).trim().parse::<f64>().ok().filter(|m| (0.01..=1e4).contains(m));
        }
    }
    if stimulus_ma.is_empty() {
        return Err(FormatError::malformed(
            path,
            Place::Whole,
            "no points of a CMAP scan (lines MS.1, MS.2 ...)",
            "give a MEM file of the MSCAN protocol",
        ));
    }
    let rate_hz = minutes.map_or(PROTOCOL_HZ, |m| stimulus_ma.len() as f64 / (60.0 * m));
    let title = if sites.is_empty() { "CMAP scan".to_owned() } else { format!("CMAP scan, {sites}") };
    Ok(Recording::titled(title).with_channel("stimulus", "mA", rate_hz, stimulus_ma).with_channel(
        "CMAP",
        "mV",
        rate_hz,
        response_mv,
    ))
}
