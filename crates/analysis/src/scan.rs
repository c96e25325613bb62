//! A CMAP scan: its size, its currents, its steps, and the number of motor units behind it.

use tonus_signal::Recording;
use tonus_signal::measures::cmap_scan::CmapScan;
use tonus_signal::measures::median;
use tonus_signal::measures::unit_number::unit_number;

use crate::{Analysis, AnalysisError, Kind, Plot};

/// The measures of the examination's CMAP scan, with its names.
pub(crate) fn analyse(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let scan = CmapScan::from_recording(recording).ok_or_else(|| {
        AnalysisError::lacks(
            Kind::CmapScan,
            "has no channels of stimuli in mA and of as many responses in mV",
            "give a MEM file of the MSCAN protocol, or two channels `stimulus` [mA] and `CMAP` [mV]",
        )
    })?;
    let m = scan.measures();
    let fit = unit_number(&scan);
    let mut analysis = Analysis::new(Kind::CmapScan)
        .with("maximum", median(&scan.top_mv()), "mV")
        .with("s50", m.map(|m| m.s50_ma), "mA")
        .with("range", m.map(|m| m.s95_ma / m.s5_ma), "1")
        .with("d50", m.map(|m| m.d50 as f64), "1")
        .with("largest_step", m.map(|m| m.largest_step_percent), "%")
        .with("stepix", m.and_then(|m| m.stepix), "1")
        .with("units", fit.as_ref().map(|f| f.units.len() as f64), "1")
        .with("unit_size", fit.as_ref().map(|f| f.mean_size_uv()), "uV")
        .with("largest_unit", fit.as_ref().map(|f| f.largest_size_uv()), "uV")
        .with("fit_error", fit.as_ref().map(|f| f.error_percent), "%");
    analysis.plots.push(Plot {
        title: "responses to each stimulus",
        along: ("stimulus", "mA"),
        upward: ("response", "mV"),
        points: scan.stimulus_ma().iter().copied().zip(scan.response_mv().iter().copied()).collect(),
        joined: false,
    });
    if fit.is_none() {
        analysis
            .notes
            .push("no model of motor units fits: the scan has no plateau, or too few stimuli between its ends".into());
    }
    Ok(analysis)
}
