//! Walks of PhysioNet's gaitndd (Hausdorff et al. 2000): stride time, its variation and double support by group, left foot, as worked out from the same
//! files once before by other means.
//!
//! Looks for `recordings/gaitndd/` in the folder that `TONUS_DATA` names; without it, says so and passes.

use std::path::PathBuf;

use tonus_signal::measures::gait::{settled, strides};
use tonus_signal::measures::mean;
use tonus_signal::read;

#[test]
fn groups_have_their_figures() {
    let Some(folder) = std::env::var_os("TONUS_DATA") else {
        println!("skipped: TONUS_DATA is not set, so recordings/gaitndd was not measured");
        return;
    };
    let folder = PathBuf::from(folder).join("recordings/gaitndd");
    // Means over the odd-numbered subjects: stride s, its CV %, double support %.
    for (group, stride_s, variation, double) in
        [("control", 1.11, 2.4, 29.0), ("als", 1.36, 4.9, 44.0), ("hunt", 1.15, 8.3, 33.0), ("park", 1.13, 4.0, 35.0)]
    {
        let mut found: [Vec<f64>; 3] = Default::default();
        for number in (1..=20).step_by(2) {
            let path = folder.join(format!("{group}{number}.ts"));
            if !path.exists() {
                continue;
            }
            let walk = read(&path).expect("strides");
            let of = |label: &str, unit: &str| {
                walk.series.iter().find(|s| s.label == label && s.unit == unit).expect("a column of strides")
            };
            let left = of("stride, left", "s");
            let s = strides(&left.times_s, &left.values).expect("five minutes of walking");
            let both = of("double support", "%");
            found[0].push(s.mean);
            found[1].push(s.variation_percent);
            // Of the rows whose stride counts, as it was worked out.
            let rows: Vec<f64> = settled(&left.times_s, &left.values).into_iter().map(|i| both.values[i]).collect();
            found[2].push(mean(&rows).expect("both feet"));
        }
        let [s, v, d] = found.map(|x| mean(&x).expect("subjects of the group"));
        println!("{group}: stride {s:.3} s, CV {v:.2} %, double support {d:.1} %");
        assert!((s - stride_s).abs() < 0.006, "{group} {s}");
        assert!((v - variation).abs() < 0.06, "{group} {v}");
        assert!((d - double).abs() < 0.6, "{group} {d}");
    }
}
