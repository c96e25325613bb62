//! Tables of numbers without a header whose layout is known, told by their columns.
//!
//! | layout | columns | gives |
//! |---|---|---|
//! | phone accelerometer (cloudUPDRS, PDkit) | time ns, x, y, z (m/s2), accuracy 0-3 | series `x`, `y`, `z` |
//! | phone tapping (the same) | time ms, ms since the last touch event, 0 down or 1 up, x, y, pressure, size, target x, target y | series `touch` (1 at down, 0 at up), `x`, `y`, `target x`, `target y` |
//! | strides (PhysioNet gaitndd, `.ts`) | elapsed s; left and right stride, swing (s, %), stance (s, %); double support (s, %) | twelve series, at the end of each stride |

use std::path::Path;

use super::{FormatError, Place};
use crate::{Recording, Series};

/// Title of a recording of a phone's accelerometer.
pub(super) const PHONE_ACCELERATION: &str = "phone acceleration";
/// Title of a recording of taps on a phone's screen.
pub(super) const PHONE_TAPPING: &str = "phone tapping";
/// Title of a recording of strides.
pub(super) const STRIDES: &str = "strides";

const STRIDE_COLUMNS: [(&str, &str); 12] = [
    ("stride, left", "s"),
    ("stride, right", "s"),
    ("swing, left", "s"),
    ("swing, right", "s"),
    ("swing, left", "%"),
    ("swing, right", "%"),
    ("stance, left", "s"),
    ("stance, right", "s"),
    ("stance, left", "%"),
    ("stance, right", "%"),
    ("double support", "s"),
    ("double support", "%"),
];

/// The recording of rows (line in the file, cells); `None` if their layout is none of those known.
pub(super) fn recording(rows: &[(u64, Vec<f64>)], path: &Path) -> Result<Option<Recording>, FormatError> {
    let Some((_, first)) = rows.first() else { return Ok(None) };
    let width = first.len();
    if let Some((line, row)) = rows.iter().find(|(_, row)| row.len() != width) {
        let problem = format!("{} columns, the first row has {width}", row.len());
        return Err(FormatError::malformed(path, Place::Line(*line), problem, "give every row the same columns"));
    }
    let all = |column: usize, test: fn(f64) -> bool| rows.iter().all(|(_, row)| test(row[column]));
    let whole: fn(f64) -> bool = |x| x.fract() == 0.0;
    match width {
        // Nanoseconds: steps of a millisecond to a second.
        5 if all(0, whole) && all(4, |x| [0.0, 1.0, 2.0, 3.0].contains(&x)) && (1e6..=1e9).contains(&step(rows)) => {
            let columns = [("x", "m/s2", 1), ("y", "m/s2", 2), ("z", "m/s2", 3)];
            series(PHONE_ACCELERATION, rows, 1e-9, true, &columns, path).map(Some)
        }
        9 if all(0, whole) && all(2, |x| x == 0.0 || x == 1.0) => {
            let columns =
                [("touch", "1", 2), ("x", "px", 3), ("y", "px", 4), ("target x", "px", 7), ("target y", "px", 8)];
            let mut taps = series(PHONE_TAPPING, rows, 1e-3, true, &columns, path)?;
            taps.series[0].values.iter_mut().for_each(|x| *x = 1.0 - *x);
            Ok(Some(taps))
        }
        // Swing and stance make up the stride, in nearly all rows: the records hold strides that were cut by a turn.
        13 if 10 * rows.iter().filter(|(_, r)| (r[5] + r[9] - 100.0).abs() < 0.1).count() > 9 * rows.len() => {
            let columns: Vec<(&str, &str, usize)> =
                STRIDE_COLUMNS.iter().enumerate().map(|(k, (label, unit))| (*label, *unit, k + 1)).collect();
            series(STRIDES, rows, 1.0, false, &columns, path).map(Some)
        }
        _ => Ok(None),
    }
}

/// Median step of the first column.
fn step(rows: &[(u64, Vec<f64>)]) -> f64 {
    let steps: Vec<f64> = rows.windows(2).map(|w| w[1].1[0] - w[0].1[0]).collect();
    crate::measures::median(&steps).unwrap_or(0.0)
}

fn series(
    title: &str,
    rows: &[(u64, Vec<f64>)],
    unit_s: f64,
    from_first: bool,
    columns: &[(&str, &str, usize)],
    path: &Path,
) -> Result<Recording, FormatError> {
    let start = if from_first { rows[0].1[0] } else { 0.0 };
    if let Some(w) = rows.windows(2).find(|w| w[1].1[0] < w[0].1[0]) {
        let problem = format!("the time {} comes after {}", w[1].1[0], w[0].1[0]);
        return Err(FormatError::malformed(path, Place::Line(w[1].0), problem, "sort the rows by time"));
    }
    let times_s: Vec<f64> = rows.iter().map(|(_, row)| (row[0] - start) * unit_s).collect();
    let mut recording = Recording::titled(title);
    recording.series = columns
        .iter()
        .map(|(label, unit, column)| Series {
            label: (*label).to_owned(),
            unit: (*unit).to_owned(),
            times_s: times_s.clone(),
            values: rows.iter().map(|(_, row)| row[*column]).collect(),
        })
        .collect();
    Ok(recording)
}
