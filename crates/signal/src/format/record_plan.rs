//! How channels are cut into records of one duration: EDF's data records and WFDB's frames.

use crate::Recording;

/// Records of a recording.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RecordPlan {
    /// Duration of a record, s; exactly what [`Self::duration_text`] says.
    pub duration_s: f64,
    /// The same in at most eight characters.
    pub duration_text: String,
    /// Number of records.
    pub records: usize,
    /// Samples of each channel in a record.
    pub per_record: Vec<usize>,
}

/// Durations tried when the channels' lengths allow none that fits them exactly, s.
const ROUND_DURATIONS_S: [f64; 26] = [
    1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.04, 0.025, 0.02, 0.01, 0.005, 0.004, 0.002, 0.001, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0,
    8.0, 9.0, 10.0, 20.0, 30.0, 60.0,
];

/// The most samples of all channels in a record. EDF advises records of at most 61,440 bytes.
const SAMPLES: usize = 30_720;

/// The most samples that a record may hold if lengths allow no shorter one (readers refuse beyond 10 MB).
const MOST_SAMPLES: usize = 3_000_000;

impl RecordPlan {
    /// The plan for a recording. All samples of all channels end with the last record if that is possible
    /// (the records last as near to 1 s as their size allows); else the last record is to be padded.
    /// `None` if no duration gives every channel whole samples per record.
    pub(super) fn of(recording: &Recording) -> Option<Self> {
        Self::exact(recording).or_else(|| Self::padded(recording))
    }

    fn exact(recording: &Recording) -> Option<Self> {
        let lengths: Vec<usize> = recording.channels.iter().map(|c| c.samples.len()).collect();
        let total: usize = lengths.iter().sum();
        let common = lengths.iter().copied().reduce(greatest_common_divisor).filter(|&g| g > 0)?;
        let mut best: Option<(f64, Self)> = None;
        let mut consider = |records: usize| {
            let seconds = lengths[0] as f64 / recording.channels[0].rate_hz / records as f64;
            let samples = total / records;
            if samples > MOST_SAMPLES {
                return;
            }
            let Some((duration_s, duration_text)) = printable(seconds) else { return };
            let per_record: Vec<usize> = lengths.iter().map(|n| n / records).collect();
            if !fits(recording, &per_record, duration_s) {
                return;
            }
            // Too large records are worst; then durations over which other programs, dividing, get a rate that is
            // off by a rounding error; otherwise near to 1 s (by ratio) is best.
            let excess = (samples as f64 / SAMPLES as f64).max(1.0);
            let inexact = recording.channels.iter().zip(&per_record).any(|(c, &n)| n as f64 / duration_s != c.rate_hz);
            let badness = 1e6 * libm::log(excess) + 1e3 * f64::from(u8::from(inexact)) + libm::log(duration_s).abs();
            if best.as_ref().is_none_or(|b| badness < b.0) {
                best = Some((badness, Self { duration_s, duration_text, records, per_record }));
            }
        };
        let mut d = 1;
        while d * d <= common {
            if common % d == 0 {
                consider(d);
                consider(common / d);
            }
            d += 1;
        }
        best.map(|b| b.1).filter(|p| p.duration_s >= 0.001 || p.records == 1)
    }

    fn padded(recording: &Recording) -> Option<Self> {
        let longest = recording.duration_s();
        let plans = ROUND_DURATIONS_S.iter().filter_map(|&seconds| {
            let (duration_s, duration_text) = printable(seconds)?;
            let per_record: Vec<usize> =
                recording.channels.iter().map(|c| (c.rate_hz * duration_s).round() as usize).collect();
            let fits = per_record.iter().all(|&n| n > 0) && fits(recording, &per_record, duration_s);
            let records = recording
                .channels
                .iter()
                .zip(&per_record)
                .map(|(c, n)| c.samples.len().div_ceil((*n).max(1)))
                .max()?
                .max(1);
            (fits && longest > 0.0).then_some(Self { duration_s, duration_text, records, per_record })
        });
        let size = |p: &Self| p.per_record.iter().sum::<usize>();
        let plans: Vec<Self> = plans.filter(|p| size(p) <= MOST_SAMPLES).collect();
        plans.iter().find(|p| size(p) <= SAMPLES).or_else(|| plans.iter().min_by_key(|p| size(p))).cloned()
    }
}

/// Whether these samples per record and duration give back each channel's rate.
fn fits(recording: &Recording, per_record: &[usize], duration_s: f64) -> bool {
    recording.channels.iter().zip(per_record).all(|(c, &n)| (rate_hz(n, duration_s) / c.rate_hz - 1.0).abs() < 1e-12)
}

/// Rate of a channel, Hz; rounded to nine decimals where that is only the division's rounding error.
pub(super) fn rate_hz(per_record: usize, duration_s: f64) -> f64 {
    let rate = per_record as f64 / duration_s;
    let tidy = (rate * 1e9).round() / 1e9;
    if (tidy / rate - 1.0).abs() < 1e-14 { tidy } else { rate }
}

/// A duration in at most eight characters that mean exactly it (to 1e-13).
fn printable(seconds: f64) -> Option<(f64, String)> {
    for decimals in 0..=6 {
        let text = format!("{seconds:.decimals$}");
        let value: f64 = text.parse().ok()?;
        if text.len() <= 8 && value > 0.0 && (value / seconds - 1.0).abs() < 1e-13 {
            return Some((value, text));
        }
    }
    None
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(channels: &[(f64, usize)]) -> Recording {
        channels.iter().fold(Recording::titled("t"), |r, &(rate, n)| r.with_channel("c", "mV", rate, vec![0.0; n]))
    }

    #[test]
    fn whole_seconds_where_possible() {
        let plan = RecordPlan::of(&recording(&[(1_000.0, 10_000), (50.0, 500)])).unwrap();
        assert_eq!((plan.duration_text.as_str(), plan.records, plan.per_record), ("1", 10, vec![1_000, 50]));
    }

    #[test]
    fn large_records_are_cut() {
        let plan = RecordPlan::of(&recording(&[(50_000.0, 500_000), (50_000.0, 500_000)])).unwrap();
        assert!(plan.per_record.iter().sum::<usize>() <= SAMPLES && plan.records * plan.per_record[0] == 500_000);
    }

    #[test]
    fn odd_lengths_fit_exactly() {
        let plan = RecordPlan::of(&recording(&[(4_000.0, 50_860)])).unwrap();
        assert_eq!(plan.records * plan.per_record[0], 50_860);
        assert_eq!(plan.per_record[0] as f64 / plan.duration_s, 4_000.0);
        let sweep = RecordPlan::of(&recording(&[(25_000.0, 1_251)])).unwrap();
        assert_eq!(sweep.records * sweep.per_record[0], 1_251);
    }

    #[test]
    fn unequal_lengths_are_padded() {
        let plan = RecordPlan::of(&recording(&[(1_000.0, 1_500), (100.0, 100)])).unwrap();
        assert!(plan.records * plan.per_record[0] >= 1_500 && plan.records * plan.per_record[1] >= 100);
    }

    #[test]
    fn rates_without_a_common_record_have_no_plan() {
        assert_eq!(RecordPlan::of(&recording(&[(1_000.0 * std::f64::consts::PI, 1_000), (100.0, 77)])), None);
        let thirds = RecordPlan::of(&recording(&[(1_000.0 / 3.0, 1_000)])).unwrap();
        assert_eq!((thirds.duration_text.as_str(), thirds.per_record), ("0.75", vec![250]));
    }
}
