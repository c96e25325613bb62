//! How the reference person's parameters go with age, sex and size.
//!
//! | parameter | goes with |
//! |---|---|
//! | lengths of nerves, fibres, moment arms | height |
//! | muscle force | muscle mass over length: M = median mass at this height x (mass over that)^0.5, times sex and age factors; so torque goes with mass x height |
//! | depth under the skin | sqrt of the body-mass index (assumed: skinfolds of children are about 0.8 of adults') |
//! | moment of inertia, gravity | segment masses and lengths (de Leva 1996) |
//! | joint stiffness and friction; damping | mass x height; mass x height^1.5, so that limbs of all sizes swing alike |
//! | nerve velocity | age; in the leg also adult height |
//! | numbers of units and fibres, their size, contraction times | age |
//!
//! Limb proportions of children are taken as those of adults (their legs are in truth shorter).

use tonus_physiology::math;
use tonus_physiology::nerve::velocity::velocity_m_s;

use crate::anatomy::Growth;
use crate::anatomy::muscle::Region;
use crate::person::{Person, Sex};

/// Factors on the reference person's numbers; 1 in the reference person, to the bit.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    /// Lengths.
    pub length: f64,
    /// Body mass.
    pub mass: f64,
    /// Depth of structures under the skin.
    pub depth: f64,
    /// Conduction velocity of arm and trunk nerves.
    pub nerve_velocity: f64,
    /// Conduction velocity of leg nerves.
    pub leg_nerve_velocity: f64,
    /// Conduction velocity of the corticospinal tract.
    pub central_velocity: f64,
    /// Motor units.
    pub motor_units: f64,
    /// Fibres in a unit.
    pub fibres_per_unit: f64,
    /// Fibre diameter.
    pub fibre_diameter: f64,
    /// Contraction times.
    pub contraction_time: f64,
    /// Large cutaneous fibres.
    pub sensory_fibres: f64,
    muscle: f64,
    sex: SexStrength,
}

#[derive(Clone, Debug, PartialEq)]
struct SexStrength {
    arm: f64,
    leg: f64,
    trunk: f64,
}

impl Scaling {
    /// The factors of a person.
    pub fn new(person: &Person, growth: &Growth) -> Self {
        let (age, reference) = (person.age_years, &growth.reference);
        let size = growth.size(person.sex);
        let length = person.height_m / reference.height_m.get();
        let mass = person.mass_kg / reference.mass_kg.get();

        let usual_kg = |p: f64, h: f64, sex: Sex| growth.size(sex).mass_at_height_kg(p, h);
        let muscle_kg = |age: f64, height_m: f64, mass_kg: f64, sex: Sex| {
            let usual = usual_kg(age, height_m, sex);
            usual * math::pow(mass_kg / usual, growth.rule.mass_exponent.get())
        };
        let reference_kg =
            muscle_kg(reference.age_years.get(), reference.height_m.get(), reference.mass_kg.get(), reference.sex);
        let muscle_kg = muscle_kg(age, person.height_m, person.mass_kg, person.sex);

        let course = &growth.course;
        let adult_height_m = person.height_m / size.height_m(age) * size.adult_height_m();
        let reference_size = growth.size(reference.sex);
        let reference_adult_m = reference.height_m.get() / reference_size.height_m(reference.age_years.get())
            * reference_size.adult_height_m();
        let nerve_velocity = course.nerve_velocity.at(age);
        let slope = growth.rule.leg_velocity_share_per_m.get();
        // Held within what the published heights span: beyond them the line would leave nothing to conduct with.
        let leg = (1.0 + slope * (adult_height_m - reference_adult_m)).clamp(0.8, 1.2);

        let difference = &growth.sex_difference;
        let (from, full) = (difference.from_age_years.get(), difference.full_age_years.get());
        let grown_apart =
            if age >= full { 1.0 } else { ((age - from) / (full - from).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0) };
        // Relative to the sex the tables are stated for.
        let sexed = |women_over_men: f64| match (person.sex, reference.sex) {
            (Sex::Female, Sex::Male) => 1.0 + grown_apart * (women_over_men - 1.0),
            (Sex::Male, Sex::Female) => 1.0 / (1.0 + grown_apart * (women_over_men - 1.0)),
            _ => 1.0,
        };
        Self {
            length,
            mass,
            depth: math::sqrt(mass / (length * length)),
            nerve_velocity,
            leg_nerve_velocity: nerve_velocity * leg,
            central_velocity: course.central_velocity.at(age),
            motor_units: course.motor_units.at(age),
            fibres_per_unit: course.fibres_per_unit.at(age),
            fibre_diameter: course.fibre_diameter.at(age) * sexed(difference.fibre_diameter.get()),
            contraction_time: course.contraction_time.at(age),
            sensory_fibres: course.sensory_fibres.at(age),
            muscle: muscle_kg / reference_kg * course.strength.at(age),
            sex: SexStrength {
                arm: sexed(difference.arm_strength.get()),
                leg: sexed(difference.leg_strength.get()),
                trunk: sexed(difference.trunk_strength.get()),
            },
        }
    }

    /// Maximal muscle force of a part of the body.
    pub fn force(&self, region: Region) -> f64 {
        self.muscle
            * match region {
                Region::Arm => self.sex.arm,
                Region::Leg => self.sex.leg,
                Region::Trunk | Region::Head => self.sex.trunk,
            }
    }

    /// Conduction velocity of the nerves to a part of the body.
    pub fn velocity(&self, region: Region) -> f64 {
        if region == Region::Leg { self.leg_nerve_velocity } else { self.nerve_velocity }
    }
}

/// The factor on every diameter of a spectrum of this mean (um) that multiplies the velocity of its mean fibre by `velocity`:
/// velocity is not quite proportional to diameter.
pub(crate) fn diameter_scale(mean_um: f64, velocity: f64) -> f64 {
    if velocity == 1.0 {
        return 1.0;
    }
    // The temperature cancels.
    let wanted = velocity * velocity_m_s(mean_um, 37.0);
    let (mut low, mut high) = (0.05, 3.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if velocity_m_s(mean_um * middle, 37.0) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::PersonError;

    #[test]
    fn nothing_changes_in_the_reference_person() -> Result<(), PersonError> {
        let growth = Growth::builtin()?;
        let s = Scaling::new(&Person::new(35.0, Sex::Male, Some(1.75), Some(75.0))?, growth);
        for factor in [
            s.length,
            s.mass,
            s.depth,
            s.nerve_velocity,
            s.leg_nerve_velocity,
            s.central_velocity,
            s.motor_units,
            s.fibres_per_unit,
            s.fibre_diameter,
            s.contraction_time,
            s.sensory_fibres,
            s.force(Region::Arm),
            s.force(Region::Leg),
            s.force(Region::Head),
        ] {
            assert_eq!(factor, 1.0, "{s:?}");
        }
        Ok(())
    }

    #[test]
    fn diameters_are_scaled_so_that_velocity_is() {
        for (mean_um, factor) in [(10.4, 0.5), (8.7, 0.93), (11.3, 1.05), (9.0, 0.74)] {
            let scale = diameter_scale(mean_um, factor);
            let ratio = velocity_m_s(mean_um * scale, 34.0) / velocity_m_s(mean_um, 34.0);
            assert!((ratio - factor).abs() < 1e-9, "{mean_um} {factor}: {ratio}");
        }
    }

    #[test]
    fn women_have_half_the_arm_and_two_thirds_of_the_leg_strength_of_men() -> Result<(), PersonError> {
        // Miller et al. 1993: 52 % and 66 %. Torque goes with force times moment arm, that with length.
        let growth = Growth::builtin()?;
        let torque = |sex, region| -> Result<f64, PersonError> {
            let s = Scaling::new(&Person::new(30.0, sex, None, None)?, growth);
            Ok(s.force(region) * s.length)
        };
        let arm = torque(Sex::Female, Region::Arm)? / torque(Sex::Male, Region::Arm)?;
        let leg = torque(Sex::Female, Region::Leg)? / torque(Sex::Male, Region::Leg)?;
        assert!((arm - 0.53).abs() < 0.03 && (leg - 0.66).abs() < 0.03, "{arm} {leg}");
        // Before puberty they do not differ beyond their size.
        let child = |sex| Ok::<_, PersonError>(Scaling::new(&Person::new(9.0, sex, Some(1.33), Some(28.7))?, growth));
        assert!((child(Sex::Female)?.force(Region::Arm) / child(Sex::Male)?.force(Region::Arm) - 1.0).abs() < 0.03);
        Ok(())
    }
}
