//! Roots, plexus and nerves: axons, myelin, nodes.
//!
//! The site says which fibres: motor (`nerve_motor`, `ventral_root`), sensory (`nerve_sensory`, ganglion), both (`plexus`,
//! `peripheral_nerve`). A dorsal root lies on the cord side of the ganglion: Ia input is lost, the sensory potential is kept.

use tonus_physiology::math;
use tonus_physiology::nerve::segment::NerveSegment;

use super::descending;
use super::motor_neuron::Denervation;
use super::stump::{Stump, usual_cut};
use super::{Injury, Shown};
use crate::Site;
use crate::place::{Pattern, Place};
use crate::site::Localiser;

/// Ectopic impulses per axon at severity 1, 1/s (assumed: tens of fasciculations a minute in a muscle of some hundred units).
const ECTOPIC_RATE_HZ: f64 = 0.01;
/// SD of ln velocity between fibres in patchy demyelination, per severity (fitted to a double-cable axon with 0.01-0.3 of its myelin).
const PATCHY_SCATTER: f64 = 0.7;
/// Largest slowing: below it no axon transmits and block is the mechanism.
const MOST_SLOWING: f64 = 0.9;

struct Fibres {
    motor: bool,
    cutaneous: bool,
    spindle: bool,
}

fn fibres(site: Site) -> Fibres {
    let (motor, cutaneous, spindle) = match site {
        Site::VentralRoot | Site::NerveMotor => (true, false, false),
        Site::DorsalRoot => (false, false, true),
        Site::NerveSensory | Site::DorsalRootGanglion => (false, true, true),
        _ => (true, true, true),
    };
    Fibres { motor, cutaneous, spindle }
}

pub(super) fn axon_loss(injury: &mut Injury<'_>) -> Shown {
    if injury.lesion.site.localiser() != Localiser::PeripheralNerve {
        injury.reached = 1;
        return Err(
            "loss of axons within the central nervous system is descending_drive_loss or not in the body".to_owned()
        );
    }
    let site = injury.lesion.site;
    let fibres = fibres(site);
    let denervation = Denervation::of(injury.lesion);
    let stump = Stump::of(injury.lesion);
    let place = injury.lesion.place.clone();
    let cut = |segments: &[NerveSegment], inwards: bool| {
        if !place.stretches.is_empty() {
            return weights(&place, segments, inwards);
        }
        let at = usual_cut(site, segments.len());
        let at = if inwards { segments.len().saturating_sub(at + 1) } else { at };
        (0..segments.len()).map(|i| f64::from(u8::from(i == at))).collect()
    };
    injury.muscles(|muscle, s| {
        if fibres.motor {
            let axons = &mut muscle.axons;
            let cut = cut(&axons.segments, false);
            stump.motor(s, &mut axons.survival, &mut axons.segments, &cut);
            denervation.follow(muscle);
        }
        if fibres.spindle {
            muscle.gains.ia *= 1.0 - s;
        }
    });
    if fibres.cutaneous {
        injury.sensory_nerves(|nerve, s| {
            let axons = &mut nerve.axons;
            let cut = cut(&axons.segments, true);
            stump.sensory(s, &mut axons.survival, &mut axons.segments, &cut);
        });
    }
    Ok(())
}

pub(super) fn demyelination(injury: &mut Injury<'_>) -> Shown {
    let fibres = fibres(injury.lesion.site);
    let place = injury.lesion.place.clone();
    injury.muscles(|muscle, s| {
        if fibres.motor {
            let weights = weights(&place, &muscle.axons.segments, false);
            slow(&mut muscle.axons.segments, &weights, s, place.has(Pattern::Patchy));
        }
        if fibres.spindle {
            muscle.gains.ia *= 1.0 - s;
        }
    });
    if fibres.cutaneous {
        injury.sensory_nerves(|nerve, s| {
            let weights = weights(&place, &nerve.axons.segments, true);
            slow(&mut nerve.axons.segments, &weights, s, place.has(Pattern::Patchy));
        });
    }
    Ok(())
}

fn slow(segments: &mut [NerveSegment], weights: &[f64], severity: f64, patchy: bool) {
    for (segment, weight) in segments.iter_mut().zip(weights) {
        let s = (severity * weight).min(MOST_SLOWING);
        if s > 0.0 {
            segment.velocity_factor *= 1.0 - s;
            if patchy {
                let scatter = PATCHY_SCATTER * s;
                segment.velocity_scatter =
                    math::sqrt(segment.velocity_scatter * segment.velocity_scatter + scatter * scatter);
            }
        }
    }
}

pub(super) fn conduction_block(injury: &mut Injury<'_>) -> Shown {
    let site = injury.lesion.site;
    if site.localiser() != Localiser::PeripheralNerve {
        return descending::tract_block(injury);
    }
    let fibres = fibres(site);
    let place = injury.lesion.place.clone();
    let shares = |segments: &[NerveSegment], outwards: bool| {
        let names: Vec<f64> = if !place.stretches.is_empty() {
            weights(&place, segments, !outwards)
        } else {
            // Without a place: roots at the root, plexus just below, nerves shared so that s fail over the whole path.
            let at = match site {
                Site::VentralRoot | Site::DorsalRoot | Site::DorsalRootGanglion => Some(0),
                Site::Plexus => Some(1.min(segments.len().saturating_sub(1))),
                _ => None,
            };
            let mut shares: Vec<f64> =
                (0..segments.len()).map(|i| at.map_or(1.0, |at| f64::from(u8::from(i == at)))).collect();
            if !outwards {
                shares.reverse();
            }
            shares
        };
        (names, place.stretches.is_empty())
    };
    injury.muscles(|muscle, s| {
        if fibres.motor {
            let (weights, one_loss) = shares(&muscle.axons.segments, true);
            block(&mut muscle.axons.segments, &weights, s, one_loss);
        }
        if fibres.spindle {
            muscle.gains.ia *= 1.0 - s;
        }
    });
    if fibres.cutaneous {
        injury.sensory_nerves(|nerve, s| {
            let (weights, one_loss) = shares(&nerve.axons.segments, false);
            block(&mut nerve.axons.segments, &weights, s, one_loss);
        });
    }
    Ok(())
}

/// Blocks stretches: each by severity x weight, or (`one_loss`) so that over all of them `severity` of the fibres fail.
fn block(segments: &mut [NerveSegment], weights: &[f64], severity: f64, one_loss: bool) {
    let total: f64 = weights.iter().sum();
    for (segment, weight) in segments.iter_mut().zip(weights) {
        if *weight > 0.0 {
            let through = if !one_loss {
                1.0 - severity * weight
            } else if severity >= 1.0 {
                0.0
            } else {
                math::exp(weight / total * math::ln(1.0 - severity))
            };
            segment.block = 1.0 - (1.0 - segment.block) * through;
        }
    }
}

pub(super) fn nodal_failure(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| {
        if let Some(last) = muscle.axons.segments.last_mut() {
            last.block = 1.0 - (1.0 - last.block) * (1.0 - s);
        }
    });
    Ok(())
}

pub(super) fn ia_afferent_failure(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.gains.ia *= 1.0 - s);
    Ok(())
}

pub(super) fn hyperexcitability(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| {
        let axons = &mut muscle.axons;
        axons.ectopic_rate_hz += ECTOPIC_RATE_HZ * s;
        axons.persistent_current = 1.0 - (1.0 - axons.persistent_current) * (1.0 - s);
    });
    Ok(())
}

pub(super) fn potassium_channel_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| {
        muscle.axons.kv1 *= 1.0 - s;
        muscle.axons.ectopic_rate_hz += ECTOPIC_RATE_HZ * s;
    });
    Ok(())
}

/// Weights of the stretches in the order the nerve lists them (`inwards`: from the skin to the cord).
fn weights(place: &Place, segments: &[NerveSegment], inwards: bool) -> Vec<f64> {
    let mut names: Vec<&str> = segments.iter().map(|s| s.name.as_str()).collect();
    if inwards {
        names.reverse();
    }
    let mut weights = place.stretch_weights(&names);
    if inwards {
        weights.reverse();
    }
    weights
}
