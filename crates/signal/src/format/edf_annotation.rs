//! EDF+'s time-stamped annotation lists (TALs): `+onset [0x15 duration] 0x14 text 0x14 0x00`.

use std::path::Path;

use super::{FormatError, Place};
use crate::Annotation;

const TEXT: u8 = 0x14;
const DURATION: u8 = 0x15;

/// The annotation bytes of every record, all of one length: the time of the record, then as many annotations
/// as fit, in order. The length is the smallest (to about a tenth) that holds all, and a multiple of `width`.
pub(super) fn lists(annotations: &[Annotation], records: usize, duration_s: f64, width: usize) -> Vec<Vec<u8>> {
    // A duration has at most six decimals, so its multiples do too: readers compare the times exactly.
    let time_s = |r: usize| (r as f64 * duration_s * 1e6).round() / 1e6;
    let times: Vec<Vec<u8>> = (0..records).map(|r| list(time_s(r), 0.0, "")).collect();
    let texts: Vec<Vec<u8>> = annotations.iter().map(|a| list(a.onset_s, a.duration_s, &a.text)).collect();
    let longest_time = times.iter().map(Vec::len).max().unwrap_or(0);
    let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
    let total: usize = texts.iter().map(Vec::len).sum();
    let mut capacity = (longest_time + longest).max(longest_time + total / records.max(1)).next_multiple_of(width);
    loop {
        let mut filled = times.clone();
        let mut next = texts.iter().peekable();
        for record in &mut filled {
            while let Some(text) = next.next_if(|t| record.len() + t.len() <= capacity) {
                record.extend_from_slice(text);
            }
            record.resize(capacity, 0);
        }
        if next.peek().is_none() || records == 0 {
            return filled;
        }
        capacity = (capacity + capacity / 10 + width).next_multiple_of(width);
    }
}

fn list(onset_s: f64, duration_s: f64, text: &str) -> Vec<u8> {
    let sign = if onset_s < 0.0 { "" } else { "+" };
    // Display of f64 is the shortest text that reads back as the same number, without exponent.
    let mut bytes = format!("{sign}{}", if onset_s == 0.0 { 0.0 } else { onset_s }).into_bytes();
    if duration_s > 0.0 {
        bytes.push(DURATION);
        bytes.extend_from_slice(duration_s.to_string().as_bytes());
    }
    bytes.push(TEXT);
    bytes.extend_from_slice(text.as_bytes());
    bytes.extend_from_slice(&[TEXT, 0]);
    bytes
}

/// The time of a record (first list of the record's first annotation channel) and its annotations.
pub(super) fn parse(bytes: &[u8], at: u64, path: &Path) -> Result<(Option<f64>, Vec<Annotation>), FormatError> {
    let mut time_s = None;
    let mut found = Vec::new();
    let mut position = 0;
    for (k, tal) in bytes.split(|&b| b == 0).enumerate() {
        let place = Place::Byte(at + position as u64);
        position += tal.len() + 1;
        if tal.is_empty() {
            continue;
        }
        let bad = |what: &str| {
            FormatError::malformed(
                path,
                place,
                format!("annotation {what}"),
                "the file is damaged here or not EDF+: write it again with the program it comes from",
            )
        };
        let mut parts = tal.split(|&b| b == TEXT);
        let mut stamp = parts.next().unwrap_or_default().split(|&b| b == DURATION);
        let number = |bytes: Option<&[u8]>| {
            bytes.map(|b| std::str::from_utf8(b).ok().and_then(|t| t.parse::<f64>().ok()).filter(|x| x.is_finite()))
        };
        let onset_s = number(stamp.next()).flatten().ok_or_else(|| bad("without a readable onset"))?;
        let duration_s = match number(stamp.next()) {
            None => 0.0,
            Some(Some(d)) if d >= 0.0 => d,
            Some(_) => return Err(bad("with an unreadable duration")),
        };
        for (j, text) in parts.enumerate() {
            let text = std::str::from_utf8(text).map_err(|_| bad("text is not UTF-8"))?;
            if k == 0 && j == 0 && text.is_empty() {
                time_s = Some(onset_s);
            } else if !text.is_empty() {
                found.push(Annotation { onset_s, duration_s, text: text.to_owned() });
            }
        }
    }
    Ok((time_s, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_back() {
        let annotations: Vec<Annotation> = (0..20)
            .map(|k| Annotation {
                onset_s: 0.1 * f64::from(k) - 0.3,
                duration_s: if k % 2 == 0 { 0.0 } else { 0.025 },
                text: format!("Reiz {k} µ"),
            })
            .collect();
        let written = lists(&annotations, 3, 0.7, 2);
        assert!(written.iter().all(|r| r.len() == written[0].len() && r.len() % 2 == 0));
        let mut found = Vec::new();
        for (k, record) in written.iter().enumerate() {
            let (time, some) = parse(record, 0, Path::new("x.edf")).unwrap();
            assert_eq!(time, Some([0.0, 0.7, 1.4][k]));
            found.extend(some);
        }
        assert_eq!(found, annotations);
    }

    #[test]
    fn damage_is_named() {
        let error = parse(b"+0\x14\x14\0+x\x14a\x14\0", 100, Path::new("x.edf")).unwrap_err();
        assert!(error.to_string().contains("x.edf, byte 105: annotation without a readable onset"), "{error}");
    }
}
