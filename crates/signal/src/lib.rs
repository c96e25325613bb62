//! Recordings, their file formats, and what is measured on them: one type and one analysis for
//! simulated and real signals.
//!
//! ```
//! use tonus_signal::{Recording, measures::turns};
//! let rate_hz = 4_000.0;
//! let sine: Vec<f64> = (0..4_000).map(|i| 500.0 * libm::sin(0.05 * std::f64::consts::PI * f64::from(i))).collect();
//! let recording = Recording::titled("100 Hz, 1 mV peak to peak").with_channel("needle", "uV", rate_hz, sine);
//! let found = turns::turns_amplitude(&recording.channels[0].samples, rate_hz, turns::TURN_UV).unwrap();
//! assert_eq!(found.turns_per_s, 200.0);
//! ```

pub mod format;
pub mod measure;
pub mod measures;
pub mod recording;
pub mod study;

pub use format::{Format, FormatError, read, write};
pub use measure::{Measure, Value};
pub use recording::{Annotation, Channel, Recording, Series};
pub use study::{Side, Study};
