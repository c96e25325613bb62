//! F waves: a raster of supramaximal stimuli at the distal site.

use tonus_physiology::field::surface::CompoundModel;
use tonus_physiology::random::Seed;
use tonus_signal::measures::f_wave::{FWaveCriteria, FWaves, QUIET_MS, f_waves, m_wave_end_ms};
use tonus_signal::recording::STIMULUS;
use tonus_signal::{Measure, Recording};

use super::{BEFORE_MS, MotorStudy, NOISE_MV, SWEEP_MS, Stimulated, read, samples};
use crate::emg::{self, EndplateBank, RATE_HZ};

/// Rest between stimuli, s.
const INTERVAL_S: f64 = 2.0;
/// The M wave has gone when it stays below this, mV: three quarters of the smallest F wave that counts (assumed).
const M_GONE_MV: f64 = 0.03;

/// The nerve at its distal site.
pub(super) struct Distal<'a> {
    pub(super) stimulated: &'a Stimulated<'a>,
    pub(super) compound: &'a CompoundModel,
    /// Stretch at whose cord end the cathode stands.
    pub(super) place: usize,
    /// Amplitude of the M wave there.
    pub(super) cmap_mv: Option<f64>,
    pub(super) seed: Seed,
}

impl Distal<'_> {
    pub(super) fn examine(
        &self,
        study: &MotorStudy,
        endplates: &mut EndplateBank,
        from_s: f64,
        stimuli: usize,
    ) -> (Vec<Measure>, Recording) {
        let raster = self.raster(endplates, from_s, stimuli);
        let from_ms = BEFORE_MS + 1.0;
        let f = self.cmap_mv.and_then(|_| m_wave_end_ms(&raster, RATE_HZ, from_ms, M_GONE_MV)).map(|after_m| {
            let criteria = FWaveCriteria {
                window_ms: (after_m, SWEEP_MS),
                quiet_ms: (after_m - QUIET_MS, after_m),
                ..FWaveCriteria::hand_mv()
            };
            f_waves(&raster, RATE_HZ, &criteria)
        });
        // Without an M wave, or with one that fills the sweep, F waves cannot be looked for.
        let f = f.as_ref();
        let measures = vec![
            Measure::new("f_latency", read(f, |f| f.minimal_latency_ms().map(|ms| ms - BEFORE_MS)), "ms"),
            Measure::new("f_persistence", read(f, FWaves::persistence_percent), "%"),
            Measure::new("f_chronodispersion", read(f, FWaves::chronodispersion_ms), "ms"),
            Measure::new("f_amplitude", read(f, |f| Some(100.0 * f.mean_amplitude()? / self.cmap_mv?)), "%"),
        ];
        // Triggered sweeps, one after another: the rest between them is not recorded.
        let distal = study.sites[0].label;
        let mut recording = Recording::titled(format!(
            "{} F waves, {distal}: sweeps of {SWEEP_MS} ms end to end, {INTERVAL_S} s apart",
            study.nerve
        ));
        for i in 0..raster.len() {
            recording = recording.with_mark((i as f64 * SWEEP_MS + BEFORE_MS) * 1e-3, STIMULUS);
        }
        (measures, recording.with_channel(study.label, "mV", RATE_HZ, raster.concat()))
    }

    /// A sweep for every stimulus.
    fn raster(&self, endplates: &mut EndplateBank, from_s: f64, stimuli: usize) -> Vec<Vec<f64>> {
        let Stimulated { muscle, axons, innervated, .. } = self.stimulated;
        let m_wave = self.stimulated.m_wave_arrivals(self.place);
        // Where the study's single shocks found every junction to transmit, the M wave is made once: it repeats itself.
        let repeated = endplates.all_transmitted().then(|| {
            let mut sweep = vec![0.0; samples(SWEEP_MS)];
            endplates.respond(self.compound, from_s + INTERVAL_S, BEFORE_MS, &m_wave, &mut sweep);
            sweep
        });
        (0..stimuli)
            .map(|stimulus| {
                let seed = self.seed.index(stimulus);
                let mut draw = seed.stream("backfire");
                let mut arrivals = Vec::new();
                for (unit, &alive) in innervated.iter().enumerate() {
                    // Every unit draws, so that a loss elsewhere in the nerve shifts nobody's luck.
                    let fires = axons.backfire(unit, muscle.gains.backfire_excitability(), &mut draw);
                    if alive
                        && fires
                        && let Some(delay) = axons.f_wave_delay_ms(unit, self.place)
                    {
                        arrivals.push((unit, self.stimulated.late(delay)));
                    }
                }
                let mut sweep = repeated.clone().unwrap_or_else(|| vec![0.0; samples(SWEEP_MS)]);
                if repeated.is_none() {
                    arrivals.splice(0..0, m_wave.iter().copied());
                }
                let time_s = from_s + INTERVAL_S * (stimulus + 2) as f64;
                endplates.respond(self.compound, time_s, BEFORE_MS, &arrivals, &mut sweep);
                emg::add_noise(&mut sweep, NOISE_MV, seed);
                sweep
            })
            .collect()
    }
}
