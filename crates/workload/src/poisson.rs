//! Independent Poisson excitation of each neuron, drawn a millisecond ahead into the steps it falls in.

use tonus_physiology::cord::membrane::STEPS_PER_MS;
use tonus_physiology::random::{Seed, Stream};

pub(crate) struct Poisson {
    next_ms: Vec<f64>,
    stream: Stream,
    interval_ms: f64,
    pub(crate) due: [Vec<usize>; STEPS_PER_MS],
    now_ms: f64,
}

impl Poisson {
    pub(crate) fn new(cells: usize, rate_hz: f64) -> Self {
        let mut stream = Seed::new(3).stream("poisson");
        let interval_ms = 1000.0 / rate_hz;
        let next_ms = (0..cells).map(|_| stream.exponential() * interval_ms).collect();
        Self { next_ms, stream, interval_ms, due: Default::default(), now_ms: 0.0 }
    }

    pub(crate) fn draw_ms(&mut self) {
        self.due.iter_mut().for_each(Vec::clear);
        for (cell, next) in self.next_ms.iter_mut().enumerate() {
            while *next < self.now_ms + 1.0 {
                let step = ((*next - self.now_ms) * STEPS_PER_MS as f64) as usize;
                self.due[step.min(STEPS_PER_MS - 1)].push(cell);
                *next += self.stream.exponential() * self.interval_ms;
            }
        }
        self.now_ms += 1.0;
    }
}
