//! Independent Poisson excitation of each neuron, drawn a millisecond ahead into the steps it falls in.
//!
//! Together the cells receive a Poisson number of events in a millisecond, and given the number each event falls into any step of any
//! cell alike: the same process as one of its own for each cell, at half a random word an event.

use tonus_physiology::cord::membrane::STEPS_PER_MS;
use tonus_physiology::random::{Seed, Stream};

pub(crate) struct Poisson {
    cells: usize,
    stream: Stream,
    /// Probability of at most 0, 1, 2 ... events in a millisecond.
    at_most: Vec<f64>,
    pub(crate) due: [Vec<usize>; STEPS_PER_MS],
}

impl Poisson {
    pub(crate) fn new(cells: usize, rate_hz: f64) -> Self {
        let mean = 1e-3 * rate_hz * cells as f64;
        // Terms up to twelve standard deviations over the mean; by logarithms, for exp(-mean) may be nil.
        let terms = (mean + 12.0 * mean.sqrt() + 12.0) as usize;
        let (mut log_term, mut sum) = (-mean, 0.0);
        let at_most = (0..terms)
            .map(|k| {
                if k > 0 {
                    log_term += (mean / k as f64).ln();
                }
                sum += log_term.exp();
                sum
            })
            .collect();
        Self { cells, stream: Seed::new(3).stream("poisson"), at_most, due: Default::default() }
    }

    pub(crate) fn draw_ms(&mut self) {
        self.due.iter_mut().for_each(Vec::clear);
        let uniform = self.stream.uniform();
        let events = self.at_most.partition_point(|&p| p < uniform);
        let places = (self.cells * STEPS_PER_MS) as u64;
        let mut word = 0;
        for event in 0..events {
            word = if event % 2 == 0 { self.stream.bits() } else { word >> 32 };
            let place = (((word & 0xffff_ffff) * places) >> 32) as usize;
            self.due[place % STEPS_PER_MS].push(place / STEPS_PER_MS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_poisson_in_number_and_even_over_cells_and_steps() {
        let (cells, ms) = (50, 20_000);
        let mut poisson = Poisson::new(cells, 600.0);
        let (mut of_cell, mut of_step, mut counts) = (vec![0.0_f64; cells], [0.0_f64; STEPS_PER_MS], vec![]);
        for _ in 0..ms {
            poisson.draw_ms();
            for (step, due) in poisson.due.iter().enumerate() {
                due.iter().for_each(|&cell| of_cell[cell] += 1.0);
                of_step[step] += due.len() as f64;
            }
            counts.push(poisson.due.iter().map(Vec::len).sum::<usize>() as f64);
        }
        let mean = counts.iter().sum::<f64>() / f64::from(ms);
        let variance = counts.iter().map(|n| (n - mean) * (n - mean)).sum::<f64>() / f64::from(ms);
        assert!((mean / 30.0 - 1.0).abs() < 0.01 && (variance / 30.0 - 1.0).abs() < 0.05, "{mean} {variance}");
        // 12,000 events a cell and 30,000 a step: four standard deviations.
        assert!(of_cell.iter().all(|n| (n / 12_000.0 - 1.0).abs() < 0.037));
        assert!(of_step.iter().all(|n| (n / 30_000.0 - 1.0).abs() < 0.024));
    }
}
