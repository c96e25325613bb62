//! scratch
mod adult;
use adult::*;
use tonus_pathology::{Lesion, Mechanism as M, Pattern, Place, Site as S, TimeSpan};

fn show(name: &str, a: &Adult, items: &[(&str, &[(&str, f64)])]) {
    for (item, over) in items {
        let s = a.study(item, over);
        let m: Vec<String> = s.measures.iter().map(|m| format!("{}={}", m.name, m.value.number().map_or("-".into(), |x| format!("{x:.3}")))).collect();
        println!("{name:18} {item} [{:.0} ms] {}", s.wall_ms, m.join(" "));
    }
}
const MC: (&str, &[(&str, f64)]) = ("lab.motor_conduction.ulnar", &[]);
const SU: (&str, &[(&str, f64)]) = ("lab.sensory_conduction.ulnar", &[]);
const SS: (&str, &[(&str, f64)]) = ("lab.sensory_conduction.sural", &[]);
const RU: (&str, &[(&str, f64)]) = ("lab.repetitive_stimulation.ulnar", &[]);
const RA: (&str, &[(&str, f64)]) = ("lab.repetitive_stimulation.accessory", &[]);
const NF: (&str, &[(&str, f64)]) = ("lab.needle.first_dorsal_interosseous", &[("sites", 4.0)]);
const NT: (&str, &[(&str, f64)]) = ("lab.needle.tibialis_anterior", &[("sites", 4.0)]);
const PE: (&str, &[(&str, f64)]) = ("bedside.tone.knee_pendulum", &[]);
const ES: (&str, &[(&str, f64)]) = ("bedside.tone.elbow_stretch", &[]);
const ES2: (&str, &[(&str, f64)]) = ("bedside.tone.elbow_stretch", &[("slow_deg_s", 60.0), ("fast_deg_s", 120.0)]);
const RK: (&str, &[(&str, f64)]) = ("bedside.reflex.knee", &[]);
const RB: (&str, &[(&str, f64)]) = ("bedside.reflex.biceps", &[]);
const SF: (&str, &[(&str, f64)]) = ("bedside.strength.finger_abduction", &[]);
const SE: (&str, &[(&str, f64)]) = ("bedside.strength.elbow_flexion", &[]);
const SK: (&str, &[(&str, f64)]) = ("bedside.strength.knee_extension", &[]);
const TR: (&str, &[(&str, f64)]) = ("bedside.tremor.rest", &[]);
const RE: (&str, &[(&str, f64)]) = ("bedside.coordination.reach", &[]);

#[test]
fn dump() {
    let which = std::env::var("W").unwrap_or_default();
    let seeds: Vec<u64> = std::env::var("SEEDS").unwrap_or("1".into()).split(',').map(|s| s.parse().unwrap()).collect();
    let days = |l: Lesion, d: f64| l.aged(TimeSpan::from_days(d));
    let pat = |p| Place { patterns: vec![p], ..Place::default() };
    for seed in seeds {
        let h = healthy(seed);
        println!("== seed {seed}");
        let on = |x: &str| which.is_empty() || which.contains(x);
        if on("H") { show("healthy", &h, &[MC, SU, SS, RU, RA, NF, NT, PE, ES, ES2, RK, RB, SF, SE, SK, TR, RE]); }
        if on("A") { for s in [0.8, 0.9] {
            show(&format!("horn {s}"), &h.with([lesion(S::AnteriorHorn, M::NeuronLoss, s)]), &[MC, SU, SS, NF, NT, RK, SF]);
        } }
        if on("D") {
            show("demy u.6", &h.with([lesion(S::PeripheralNerve, M::Demyelination, 0.6).at(pat(Pattern::Uniform))]), &[MC, SU, SS]);
            show("demy p.6", &h.with([lesion(S::PeripheralNerve, M::Demyelination, 0.6).at(pat(Pattern::Patchy))]), &[MC, SU, SS]);
            show("demy p.6+b.5", &h.with([lesion(S::PeripheralNerve, M::Demyelination, 0.6).at(pat(Pattern::Patchy)), lesion(S::PeripheralNerve, M::ConductionBlock, 0.5)]), &[MC, SU, SS]);
        }
        if on("X") {
            show("axon .6", &h.with([lesion(S::PeripheralNerve, M::AxonLoss, 0.6)]), &[MC, SU, SS, SF]);
        }
        if on("J") {
            for s in [0.5, 0.6, 0.7, 0.8] { show(&format!("receptor {s}"), &h.with([lesion(S::Junction, M::ReceptorLoss, s)]), &[MC, SU, RU, RA, RK, NF]); }
            for s in [0.5, 0.7, 0.8, 0.9] { show(&format!("release {s}"), &h.with([lesion(S::Junction, M::QuantalReleaseLoss, s)]), &[MC, RU, RA]); }
        }
        if on("M") {
            show("fibre .5+v.5", &h.with([lesion(S::Muscle, M::FibreLoss, 0.5), lesion(S::Muscle, M::FibreSizeVariability, 0.5)]), &[MC, SU, NF, NT, SF, SE]);
            show("fibre .5+v.2", &h.with([lesion(S::Muscle, M::FibreLoss, 0.5), lesion(S::Muscle, M::FibreSizeVariability, 0.2)]), &[NF, NT, SF]);
        }
        if on("C") {
            for s in [0.5, 0.8] { show(&format!("cst6mo {s}"), &h.with([days(lesion(S::CorticospinalTract, M::DescendingDriveLoss, s), 182.6)]), &[PE, ES, RK, RB, NF, SF, SE]); }
            show("acute", &h.with([days(lesion(S::CorticospinalTract, M::DescendingDriveLoss, 0.8), 1.0), days(lesion(S::CorticospinalTract, M::DescendingDriveAcuteLoss, 1.0), 1.0)]), &[PE, ES, RK, RB]);
        }
        if on("P") {
            show("purkinje .7", &h.with([lesion(S::CerebellarHemisphere, M::PurkinjeLoss, 0.7)]), &[PE, RE, SE, SK, SF, MC, RK]);
        }
        if on("B") {
            let mut osc = lesion(S::TremorOscillator, M::CentralOscillation, 0.5);
            osc.released_by = Some(tonus_pathology::ReleasedBy::Rest);
            show("dopamine .75+osc", &h.with([lesion(S::Striatum, M::DopamineLoss, 0.75), osc]), &[ES, ES2, TR, RE, MC, SE]);
            show("dopamine .75", &h.with([lesion(S::Striatum, M::DopamineLoss, 0.75)]), &[ES, ES2, TR, RE]);
        }
        if on("S") {
            for s in [0.2, 0.4, 0.6, 0.8, 1.0] {
                show(&format!("horn {s}"), &h.with([lesion(S::AnteriorHorn, M::NeuronLoss, s)]), &[MC, RK, SF, SE]);
                show(&format!("demy {s}"), &h.with([lesion(S::PeripheralNerve, M::Demyelination, s).at(pat(Pattern::Uniform))]), &[MC, SU]);
                show(&format!("demyp {s}"), &h.with([lesion(S::PeripheralNerve, M::Demyelination, s).at(pat(Pattern::Patchy))]), &[MC, SU]);
                show(&format!("block {s}"), &h.with([lesion(S::PeripheralNerve, M::ConductionBlock, s)]), &[MC]);
                show(&format!("axon {s}"), &h.with([lesion(S::PeripheralNerve, M::AxonLoss, s)]), &[MC, SU, SS, RK, SF]);
                show(&format!("receptor {s}"), &h.with([lesion(S::Junction, M::ReceptorLoss, s)]), &[RU, RA, SF]);
                show(&format!("release {s}"), &h.with([lesion(S::Junction, M::QuantalReleaseLoss, s)]), &[RU, SF]);
                show(&format!("fibre {s}"), &h.with([lesion(S::Muscle, M::FibreLoss, s)]), &[MC, SF, SE]);
                show(&format!("cst {s}"), &h.with([days(lesion(S::CorticospinalTract, M::DescendingDriveLoss, s), 182.6)]), &[RK, RB, SF, SE, ES, PE]);
                show(&format!("shock {s}"), &h.with([lesion(S::CorticospinalTract, M::DescendingDriveAcuteLoss, s)]), &[RK, RB]);
                show(&format!("purk {s}"), &h.with([lesion(S::CerebellarHemisphere, M::PurkinjeLoss, s)]), &[RE, PE]);
                show(&format!("dopa {s}"), &h.with([lesion(S::Striatum, M::DopamineLoss, s)]), &[RE, ES, TR]);
                let mut osc = lesion(S::TremorOscillator, M::CentralOscillation, s);
                osc.released_by = Some(tonus_pathology::ReleasedBy::Rest);
                show(&format!("osc {s}"), &h.with([osc]), &[TR]);
            }
        }
    }
}

#[test]
fn reflex_spikes() {
    use tonus_exam::Subject;
    use tonus_physiology::limb::{Limb, LimbInput};
    use tonus_physiology::random::Seed;
    for seed in [1u64, 2, 3] { for (name, ls) in [("h", vec![]), (".5", vec![lesion(S::AnteriorHorn, M::NeuronLoss, 0.5)]), (".8", vec![lesion(S::AnteriorHorn, M::NeuronLoss, 0.8)]), (".9", vec![lesion(S::AnteriorHorn, M::NeuronLoss, 0.9)])] {
        let body: &'static tonus_body::Body = Box::leak(Box::new(healthy(seed).with(ls).body()));
        let subject = Subject::new(body, seed);
        let model = subject.limb("x", tonus_signal::Side::Right, "knee").unwrap();
        let j = body.right.joint("knee").unwrap();
        let mut limb = Limb::new(&model, Seed::new(seed), j.hinge.hanging_angle_rad);
        let n = body.right.muscle("quadriceps").unwrap().pool.units;
        let mut fired = vec![0; n]; let mut hist = vec![0;60];
        for ms in 0..6600usize {
            let mut input = LimbInput::default();
            if ms >= 600 { let s = ((ms-600) % 2000) as f64; let ph = s/4.0; if ph < 2.0 { input.tap_m[1] = 8e-3*(0.5-0.5*(std::f64::consts::PI*ph).cos()); } }
            let out = limb.step_ms(&model, &input);
            if ms>=600 { let s=(ms-600)%2000; if s<60 { for sp in out.muscle_spikes[1] { fired[sp.unit as usize]+=1; hist[s]+=1; } } }
        }
        let units = fired.iter().filter(|f| **f>0).count(); let total: i32 = fired.iter().sum();
        let reached: usize = 0;
        let mean_rank = fired.iter().enumerate().map(|(u,f)| u as f64* *f as f64).sum::<f64>()/total as f64;
        println!("seed {seed} {name}: n {n} units fired {units} spikes/tap {:.1} mean rank {mean_rank:.0} {reached} hist {:?}", total as f64/3.0, &hist[14..40]);
    } }
}
