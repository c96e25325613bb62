//! One fibre at a small bare electrode against a far reference.

use super::{CONDUCTOR, EVER, NeedleFibre, Tables, behind, read, row_pair, weight};

impl NeedleFibre {
    /// Adds the whole potential at a point, uV, to samples `step_ms` apart (the first at time 0): both waves, the spike and what repolarises slowly
    /// after it, and both extinctions.
    pub fn add_bare_tip(&self, tables: &Tables, step_ms: f64, out: &mut [f64]) {
        let r = self.distance_mm();
        let row = row_pair(r, self.gain_uv());
        let tendon = |along: f64| -weight(CONDUCTOR.anisotropy() * r * r, along).1;
        let ends =
            self.gain_uv() * (tendon(self.half_mm - self.electrode_mm) + tendon(self.half_mm + self.electrode_mm));
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
}
