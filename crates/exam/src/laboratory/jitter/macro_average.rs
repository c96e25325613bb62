//! What the cannula of a macro electrode records at a position of its single-fibre electrode.

use tonus_physiology::field::add_wave;
use tonus_physiology::field::long_needle::{MACRO, SurfacePlacement, unit_potential};
use tonus_signal::Recording;
use tonus_signal::measures::filter::band_pass;
use tonus_signal::recording::TRIGGER;

use super::position::{Position, SLIGHT_HZ};
use crate::laboratory::needle::add_white_noise;

/// Sampling, Hz, and the amplifier's band, Hz.
const RATE_HZ: f64 = 20_000.0;
const BAND_HZ: (f64, f64) = (8.0, 8_000.0);
/// Length of the average, ms; the trigger is in its middle.
const SWEEP_MS: f64 = 70.0;
/// What does not belong to the unit, before it is averaged: other units of a slight effort, amplifier, uV rms (assumed).
const BACKGROUND_UV: f64 = 20.0;
/// How far beyond a unit's territory its fibres are sought: sprouts reach out of it, mm.
const BEYOND_TERRITORY_MM: f64 = 1.0;

impl Position<'_> {
    /// The cannula's signal averaged over so many discharges of the unit that triggers.
    pub(in crate::laboratory) fn macro_average(&self, title: &str, discharges: usize) -> Recording {
        let needle = &self.needle;
        let territory = &needle.layout.territories()[self.unit];
        let reach_mm = territory.radius_mm + BEYOND_TERRITORY_MM;
        let fibres = needle.layout.fibres_near(needle.alive, territory.x_mm, territory.y_mm, reach_mm, |_| 1);
        // The port of the single-fibre electrode is in the wall of the cannula.
        let placement = SurfacePlacement {
            x_mm: self.site_mm.0 - MACRO.radius_mm.0,
            y_mm: self.site_mm.1,
            along_mm: self.along_mm,
        };
        let wave = unit_potential(&fibres, self.unit, needle.muscle.fibres.length_mm, &MACRO, placement, RATE_HZ);
        let mut average = vec![0.0; (1e-3 * SWEEP_MS * RATE_HZ) as usize];
        let transmitted = needle.junctions.transmission(SLIGHT_HZ);
        add_wave(&mut average, RATE_HZ, 1e-3 * (0.5 * SWEEP_MS - self.sought_ms), &wave, transmitted);
        let noise_uv = BACKGROUND_UV / (discharges.max(1) as f64).sqrt();
        add_white_noise(&mut average, noise_uv, self.seed.child("macro"));
        let shown = band_pass(&average, RATE_HZ, BAND_HZ.0, BAND_HZ.1);
        Recording::titled(title).with_mark(0.5e-3 * SWEEP_MS, TRIGGER).with_channel("macro", "uV", RATE_HZ, shown)
    }
}
