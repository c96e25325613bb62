//! One fibre at a bare electrode against a far reference: a point, or a surface.

use super::{COLUMNS, CONDUCTOR, EVER, NeedleFibre, Tables, behind, read, read_line, row_pair, weight};

impl NeedleFibre {
    /// Adds the whole potential at a point, uV, to samples `step_ms` apart (the first at time 0): both waves, the spike and what repolarises slowly
    /// after it, and both extinctions.
    pub fn add_bare_tip(&self, tables: &Tables, step_ms: f64, out: &mut [f64]) {
        let r = self.distance_mm();
        let row = row_pair(r, self.gain_uv());
        let ends = self.gain_uv() * self.bare_ends(r);
        for source in [&tables.spike, &tables.after] {
            self.for_fronts(source, EVER, step_ms, out, |front| {
                let waves = read(&source.point, row, front - self.electrode_mm)
                    + read(&source.point, row, front + self.electrode_mm);
                let end =
                    if front > self.half_mm { ends * behind(&source.voltages, front - self.half_mm) } else { 0.0 };
                waves * self.under_way(source, front) + end
            });
        }
    }

    /// The same at a surface whose pieces lie at distances (mm) and have shares of its area.
    pub fn add_bare_surface(&self, tables: &Tables, pieces: &[(f64, f64)], step_ms: f64, out: &mut [f64]) {
        let gain = self.gain_uv();
        let nearest_mm = 1e-3 * self.diameter_um;
        let ends = gain * pieces.iter().map(|(r, share)| share * self.bare_ends(r.max(nearest_mm))).sum::<f64>();
        let mut line = vec![0.0f32; COLUMNS];
        for source in [&tables.spike, &tables.after] {
            line.fill(0.0);
            for (r, share) in pieces {
                source.mix(row_pair(r.max(nearest_mm), gain * share), 0, &mut line);
            }
            self.for_fronts(source, EVER, step_ms, out, |front| {
                let waves = read_line(&line, front - self.electrode_mm) + read_line(&line, front + self.electrode_mm);
                let end =
                    if front > self.half_mm { ends * behind(&source.voltages, front - self.half_mm) } else { 0.0 };
                waves * self.under_way(source, front) + end
            });
        }
    }

    /// Potential, at a point this far from the fibre, of the dipoles left at the two tendons, per mV and unit gain.
    fn bare_ends(&self, r_mm: f64) -> f64 {
        let tendon = |along: f64| -weight(CONDUCTOR.anisotropy() * r_mm * r_mm, along).1;
        tendon(self.half_mm - self.electrode_mm) + tendon(self.half_mm + self.electrode_mm)
    }
}
