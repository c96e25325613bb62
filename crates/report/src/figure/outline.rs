//! Where everything of the figure lies, px. Half of it is given, as distances from the midline; the other half is its mirror.

use tonus_signal::Side;

use super::reached::{CORD, Part, Region, segments};
use crate::svg::{Anchor, coordinate};

/// A shape to be filled or stroked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A closed path.
    Area(String),
    /// Centre, radii, turn in degrees.
    Ellipse((f64, f64), (f64, f64), f64),
    /// Upper left corner, size.
    Box((f64, f64), (f64, f64)),
    /// An open path.
    Line(String),
}

/// Midline of the body.
const BODY_X: f64 = 160.0;
/// Midline of the enlarged brain and cord.
const INSET_X: f64 = 404.0;
/// Upper end of the enlarged cord, height of one of its segments.
const CORD_Y: f64 = 276.0;
const SEGMENT_PX: f64 = 12.4;

/// Half of the silhouette from the crown to the crotch.
const SILHOUETTE: &[(f64, f64)] = &[
    (0.0, 18.0),
    (14.0, 21.0),
    (23.0, 33.0),
    (25.0, 50.0),
    (22.0, 68.0),
    (14.0, 82.0),
    (13.0, 96.0),
    (26.0, 106.0),
    (48.0, 112.0),
    (60.0, 122.0),
    (67.0, 146.0),
    (73.0, 185.0),
    (79.0, 220.0),
    (88.0, 258.0),
    (95.0, 295.0),
    (101.0, 316.0),
    (100.0, 340.0),
    (92.0, 352.0),
    (85.0, 340.0),
    (83.0, 318.0),
    (80.0, 298.0),
    (69.0, 258.0),
    (61.0, 222.0),
    (54.0, 186.0),
    (49.0, 154.0),
    (46.0, 180.0),
    (43.0, 212.0),
    (47.0, 246.0),
    (54.0, 278.0),
    (57.0, 310.0),
    (56.0, 350.0),
    (51.0, 400.0),
    (46.0, 445.0),
    (48.0, 485.0),
    (43.0, 535.0),
    (36.0, 590.0),
    (38.0, 614.0),
    (44.0, 630.0),
    (32.0, 636.0),
    (20.0, 632.0),
    (19.0, 612.0),
    (18.0, 590.0),
    (15.0, 535.0),
    (11.0, 485.0),
    (14.0, 445.0),
    (9.0, 400.0),
    (4.0, 350.0),
    (0.0, 322.0),
];

/// +1 for the patient's left, which is at the viewer's right.
fn sign(side: Side) -> f64 {
    match side {
        Side::Left => 1.0,
        Side::Right => -1.0,
    }
}

/// The whole silhouette as a smooth closed curve.
pub(crate) fn silhouette() -> String {
    let mut points: Vec<(f64, f64)> = SILHOUETTE.iter().map(|(x, y)| (BODY_X + x, *y)).collect();
    points.extend(SILHOUETTE.iter().rev().filter(|(x, _)| *x > 0.0).map(|(x, y)| (BODY_X - x, *y)));
    smooth(&points, true)
}

/// Catmull-Rom curve through points.
fn smooth(points: &[(f64, f64)], closed: bool) -> String {
    let n = points.len();
    let at = |i: isize| {
        let i = if closed { i.rem_euclid(n as isize) } else { i.clamp(0, n as isize - 1) };
        points[i as usize]
    };
    let mut d = format!("M{} {}", coordinate(points[0].0), coordinate(points[0].1));
    let pieces = if closed { n } else { n - 1 };
    for i in 0..pieces as isize {
        let (p0, p1, p2, p3) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        let c1 = (p1.0 + (p2.0 - p0.0) / 6.0, p1.1 + (p2.1 - p0.1) / 6.0);
        let c2 = (p2.0 - (p3.0 - p1.0) / 6.0, p2.1 - (p3.1 - p1.1) / 6.0);
        d.push('C');
        d.push_str(&[c1.0, c1.1, c2.0, c2.1, p2.0, p2.1].map(coordinate).join(" "));
    }
    if closed {
        d.push('z');
    }
    d
}

/// A smooth curve of distances from a midline.
fn half(middle: f64, side: Side, points: &[(f64, f64)], closed: bool) -> String {
    let points: Vec<_> = points.iter().map(|(x, y)| (middle + sign(side) * x, *y)).collect();
    smooth(&points, closed)
}

/// Centre, radii and turn of a limb's muscles.
fn muscle(region: Region) -> ((f64, f64), (f64, f64), f64) {
    match region {
        Region::Shoulder => ((46.0, 124.0), (13.0, 10.0), 25.0),
        Region::UpperArm => ((63.0, 180.0), (7.5, 34.0), -9.0),
        Region::Forearm => ((78.0, 256.0), (8.0, 32.0), -13.0),
        Region::Hand => ((92.0, 327.0), (6.0, 13.0), -8.0),
        Region::Thigh => ((31.0, 372.0), (18.0, 58.0), 3.0),
        Region::LowerLeg => ((30.0, 506.0), (12.5, 50.0), 1.0),
    }
}

/// Course of the nerves to a limb's part.
fn nerve(region: Region) -> &'static [(f64, f64)] {
    match region {
        Region::Shoulder => &[(30.0, 117.0), (38.0, 119.0), (46.0, 125.0)],
        Region::UpperArm => &[(44.0, 137.0), (52.0, 152.0), (60.0, 190.0), (68.0, 222.0)],
        Region::Forearm => &[(68.0, 222.0), (74.0, 246.0), (84.0, 292.0)],
        Region::Hand => &[(84.0, 292.0), (89.0, 312.0), (93.0, 334.0)],
        Region::Thigh => &[(26.0, 306.0), (31.0, 340.0), (32.0, 400.0), (30.0, 446.0)],
        Region::LowerLeg => &[(30.0, 446.0), (32.0, 490.0), (29.0, 550.0), (27.0, 596.0), (33.0, 622.0)],
    }
}

/// Endplates of a limb's part.
fn junction(region: Region) -> (f64, f64) {
    match region {
        Region::Shoulder => (49.0, 127.0),
        Region::UpperArm => (64.0, 184.0),
        Region::Forearm => (81.0, 262.0),
        Region::Hand => (94.0, 328.0),
        Region::Thigh => (37.0, 380.0),
        Region::LowerLeg => (34.0, 508.0),
    }
}

/// Half width of the cord at a segment: wider where the limbs are served.
fn cord_half_px(at: usize) -> f64 {
    match segments().nth(at - CORD).map_or("", |(_, name)| name) {
        "C5" | "C6" | "C7" | "C8" | "T1" | "L2" | "L3" | "L4" | "L5" | "S1" => 27.0,
        "S4" | "S5" => 18.0,
        _ => 23.0,
    }
}

fn cord_y(at: usize) -> f64 {
    CORD_Y + (at.saturating_sub(CORD)) as f64 * SEGMENT_PX
}

/// A box from one distance of the midline to another.
fn beside(middle: f64, side: Side, from: f64, to: f64, y: f64, height: f64) -> Shape {
    let x = if side == Side::Left { middle + from } else { middle - to };
    Shape::Box((x, y), (to - from, height))
}

/// What is drawn of a structure on one side.
pub(crate) fn shapes(part: Part, side: Side) -> Vec<Shape> {
    let s = sign(side);
    let on_body = |(x, y): (f64, f64)| (BODY_X + s * x, y);
    let on_inset = |(x, y): (f64, f64)| (INSET_X + s * x, y);
    let body_line = |points: &[(f64, f64)]| Shape::Line(half(BODY_X, side, points, false));
    match part {
        Part::Hemisphere => vec![Shape::Area(half(
            INSET_X,
            side,
            &[
                (2.0, 55.0),
                (14.0, 51.0),
                (32.0, 54.0),
                (54.0, 66.0),
                (69.0, 91.0),
                (70.0, 120.0),
                (52.0, 141.0),
                (28.0, 144.0),
                (12.0, 132.0),
                (2.0, 126.0),
            ],
            true,
        ))],
        Part::Cortex => vec![Shape::Area(half(
            INSET_X,
            side,
            &[
                (2.0, 42.0),
                (14.0, 38.0),
                (34.0, 40.0),
                (62.0, 55.0),
                (80.0, 88.0),
                (79.0, 106.0),
                (71.0, 105.0),
                (69.0, 90.0),
                (54.0, 65.0),
                (32.0, 53.0),
                (14.0, 50.0),
                (2.0, 53.0),
            ],
            true,
        ))],
        Part::Striatum => vec![Shape::Ellipse(on_inset((39.0, 102.0)), (9.0, 19.0), -14.0 * s)],
        Part::Thalamus => vec![Shape::Ellipse(on_inset((13.0, 110.0)), (8.5, 11.0), 10.0 * s)],
        Part::Brainstem => vec![Shape::Area(half(
            INSET_X,
            side,
            &[
                (1.0, 134.0),
                (13.0, 136.0),
                (16.0, 148.0),
                (21.0, 160.0),
                (20.0, 176.0),
                (12.0, 188.0),
                (10.0, 210.0),
                (1.0, 214.0),
            ],
            true,
        ))],
        Part::Nigra => vec![Shape::Ellipse(on_inset((8.5, 145.0)), (6.0, 2.6), -24.0 * s)],
        Part::CranialNuclei => vec![
            Shape::Ellipse(on_inset((14.5, 168.0)), (2.6, 4.0), 0.0),
            Shape::Ellipse(on_inset((8.5, 196.0)), (2.2, 5.0), 0.0),
        ],
        Part::Cerebellum => vec![Shape::Area(half(
            INSET_X,
            side,
            &[(31.0, 160.0), (48.0, 156.0), (68.0, 166.0), (72.0, 182.0), (56.0, 196.0), (34.0, 196.0), (26.0, 180.0)],
            true,
        ))],
        Part::Vermis => vec![Shape::Area(half(
            INSET_X,
            side,
            &[(24.0, 162.0), (29.0, 166.0), (24.0, 180.0), (31.0, 197.0), (20.0, 202.0), (15.0, 194.0), (22.0, 182.0)],
            true,
        ))],
        Part::Tract => vec![Shape::Line(format!(
            "M{}C{}S{}S{}S{}",
            pair(on_inset((34.0, 50.0))),
            [on_inset((30.0, 74.0)), on_inset((29.0, 92.0)), on_inset((25.0, 112.0))].map(pair).join(" "),
            [on_inset((6.0, 142.0)), on_inset((6.0, 164.0))].map(pair).join(" "),
            [on_inset((5.0, 204.0)), on_inset((4.0, 212.0))].map(pair).join(" "),
            [on_inset((-7.0, 236.0)), on_inset((-8.0, 254.0))].map(pair).join(" "),
        ))],
        Part::Face => vec![Shape::Area(half(
            BODY_X,
            side,
            &[(2.0, 46.0), (15.0, 48.0), (17.0, 60.0), (10.0, 76.0), (2.0, 79.0)],
            true,
        ))],
        Part::CordTract(at) => {
            let w = cord_half_px(at);
            vec![
                beside(INSET_X, side, 12.0, w, cord_y(at), SEGMENT_PX),
                beside(BODY_X, side, 2.6, 5.2, body_cord_y(at), body_cord_px(at)),
            ]
        }
        Part::Horn(at) => {
            vec![
                beside(INSET_X, side, 1.0, 12.0, cord_y(at), SEGMENT_PX),
                beside(BODY_X, side, 0.4, 2.6, body_cord_y(at), body_cord_px(at)),
            ]
        }
        Part::VentralRoot(at) => vec![beside(INSET_X, side, cord_half_px(at) + 1.5, 44.0, cord_y(at) + 7.4, 3.2)],
        Part::DorsalRoot(at) => vec![beside(INSET_X, side, cord_half_px(at) + 1.5, 38.0, cord_y(at) + 2.2, 3.2)],
        Part::Ganglion(at) => vec![Shape::Ellipse(on_inset((41.0, cord_y(at) + 3.8)), (3.4, 2.6), 0.0)],
        Part::Plexus(true) => [100.0, 106.0, 112.0, 118.0, 124.0]
            .iter()
            .map(|y| body_line(&[(5.0, *y), (18.0, 0.6 * y + 46.0), (30.0, 117.0 + 0.3 * (y - 112.0)), (44.0, 137.0)]))
            .collect(),
        Part::Plexus(false) => [226.0, 231.0, 236.0, 241.0]
            .iter()
            .map(|y| body_line(&[(5.0, *y), (9.0, y + 24.0), (18.0, 280.0 + 0.6 * (y - 233.0)), (26.0, 306.0)]))
            .collect(),
        Part::Nerve(region) => vec![body_line(nerve(region))],
        Part::Junction(region) => vec![Shape::Ellipse(on_body(junction(region)), (4.0, 4.0), 0.0)],
        Part::Muscle(region) => {
            let (at, radii, turn) = muscle(region);
            vec![Shape::Ellipse(on_body(at), radii, turn * s)]
        }
        Part::Chest => vec![Shape::Area(half(
            BODY_X,
            side,
            &[(9.0, 138.0), (26.0, 140.0), (36.0, 160.0), (38.0, 192.0), (34.0, 212.0), (22.0, 203.0), (9.0, 200.0)],
            true,
        ))],
        Part::Phrenic => vec![body_line(&[(5.0, 104.0), (14.0, 122.0), (16.0, 165.0), (20.0, 200.0)])],
    }
}

fn pair((x, y): (f64, f64)) -> String {
    format!("{} {}", coordinate(x), coordinate(y))
}

/// The cord within the body ends at the first lumbar vertebra.
fn body_cord_px(at: usize) -> f64 {
    match at - CORD {
        0..8 => 4.0,
        8..20 => 7.0,
        _ => 2.4,
    }
}

fn body_cord_y(at: usize) -> f64 {
    88.0 + (CORD..at).map(body_cord_px).sum::<f64>()
}

/// Where the number of a lesion of this structure stands.
pub(crate) fn number_at(part: Part, side: Side) -> (f64, f64, Anchor) {
    let s = sign(side);
    let outwards = if side == Side::Left { Anchor::Start } else { Anchor::End };
    let inset = |x: f64, y: f64| (INSET_X + s * x, y, outwards);
    let body = |x: f64, y: f64| (BODY_X + s * x, y, outwards);
    match part {
        Part::Hemisphere => inset(50.0, 82.0),
        Part::Cortex => inset(76.0, 62.0),
        Part::Tract => inset(26.0, 42.0),
        Part::Striatum => inset(49.0, 118.0),
        Part::Thalamus => (INSET_X + s * 13.0, 98.0, Anchor::Middle),
        Part::Nigra => inset(18.0, 142.0),
        Part::Brainstem => inset(22.0, 158.0),
        Part::CranialNuclei => inset(13.0, 210.0),
        Part::Cerebellum => inset(74.0, 172.0),
        Part::Vermis => inset(24.0, 212.0),
        Part::Face => body(27.0, 66.0),
        Part::CordTract(at) | Part::Horn(at) => inset(49.0, cord_y(at) + 9.0),
        Part::VentralRoot(at) | Part::DorsalRoot(at) | Part::Ganglion(at) => inset(49.0, cord_y(at) + 12.0),
        Part::Plexus(true) => body(30.0, 102.0),
        Part::Plexus(false) => body(58.0, 296.0),
        Part::Nerve(region) | Part::Junction(region) | Part::Muscle(region) => match region {
            Region::Shoulder => body(64.0, 118.0),
            Region::UpperArm => body(78.0, 184.0),
            Region::Forearm => body(96.0, 256.0),
            Region::Hand => body(105.0, 334.0),
            Region::Thigh => body(60.0, 376.0),
            Region::LowerLeg => body(52.0, 508.0),
        },
        Part::Chest => body(12.0, 170.0),
        Part::Phrenic => body(20.0, 158.0),
    }
}

/// Lines from the body to what is enlarged.
pub(crate) fn leaders() -> [((f64, f64), (f64, f64)); 4] {
    [
        ((188.0, 38.0), (312.0, 46.0)),
        ((186.0, 62.0), (312.0, 200.0)),
        ((168.0, 90.0), (344.0, 278.0)),
        ((168.0, 228.0), (344.0, 644.0)),
    ]
}

/// Names of what is enlarged.
pub(crate) fn names() -> Vec<((f64, f64), Anchor, &'static str)> {
    let mut names = vec![
        ((INSET_X, 22.0), Anchor::Middle, "brain, seen from the front"),
        ((INSET_X - 92.0, 40.0), Anchor::Middle, "R"),
        ((INSET_X + 88.0, 40.0), Anchor::Middle, "L"),
        ((INSET_X + 14.0, 232.0), Anchor::Start, "decussation"),
        ((INSET_X - 18.0, 246.0), Anchor::End, "corticospinal tract"),
        ((INSET_X, 270.0), Anchor::Middle, "cord"),
        ((INSET_X + 36.0, 270.0), Anchor::Start, "roots"),
    ];
    for (at, name) in segments() {
        if matches!(name, "C1" | "C5" | "T1" | "T6" | "T12" | "L2" | "S1" | "S5") {
            names.push(((INSET_X + 92.0, cord_y(at) + 10.0), Anchor::End, name));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figure_is_symmetric() {
        for part in [
            Part::Hemisphere,
            Part::Nerve(Region::Hand),
            Part::Muscle(Region::Thigh),
            Part::Horn(CORD + 4),
            Part::Ganglion(CORD),
        ] {
            let (left, right) = (shapes(part, Side::Left), shapes(part, Side::Right));
            assert_eq!(left.len(), right.len());
            for (l, r) in left.iter().zip(&right) {
                match (l, r) {
                    (Shape::Ellipse(a, ra, ta), Shape::Ellipse(b, rb, tb)) => {
                        let middle = 0.5 * (a.0 + b.0);
                        assert!(middle == BODY_X || middle == INSET_X);
                        assert_eq!((a.1, ra, *ta), (b.1, rb, -*tb));
                    }
                    (Shape::Box(a, sa), Shape::Box(b, sb)) => {
                        let middle = 0.5 * (a.0 + b.0 + sa.0);
                        assert!((middle - BODY_X).abs() < 1e-9 || (middle - INSET_X).abs() < 1e-9);
                        assert_eq!((a.1, sa), (b.1, sb));
                    }
                    (Shape::Area(a), Shape::Area(b)) | (Shape::Line(a), Shape::Line(b)) => {
                        assert_eq!(a.matches('C').count(), b.matches('C').count());
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    }

    #[test]
    fn the_left_of_the_patient_is_right_of_the_midline() {
        assert!(number_at(Part::Striatum, Side::Left).0 > INSET_X);
        assert!(number_at(Part::Muscle(Region::Hand), Side::Right).0 < BODY_X);
    }
}
