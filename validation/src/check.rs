//! What a target must be before anything is run for it: complete, ordered, and about things that exist.

use tonus_exam::Item;

use crate::cohort::members;
use crate::experiment::Experiment;
use crate::statistic::Statistic;
use crate::target::{Cohort, FromExperiment, Kind, Measurement, Target};
use crate::unit;

impl Target {
    /// What is wrong with it, with the mend; `before` are the targets above it in the file.
    pub(crate) fn check(&self, before: &[Self]) -> Result<(), String> {
        if self.id.trim().is_empty() {
            return Err("has an empty `id`; give it one of its own".to_owned());
        }
        if before.iter().any(|other| other.id == self.id) {
            return Err("stands twice; give each target its own id".to_owned());
        }
        if self.source.trim().is_empty() {
            return Err("has no `source`; say where the number was published".to_owned());
        }
        self.check_bounds()?;
        match (&self.measurement, &self.experiment) {
            (Some(_), Some(_)) => Err("has both `measurement` and `experiment`; keep one".to_owned()),
            (Some(measurement), None) => self.check_measurement(measurement),
            (None, Some(from)) => self.check_experiment(from),
            (None, None) => Ok(()),
        }
    }

    fn check_bounds(&self) -> Result<(), String> {
        for (name, number) in [("value", self.value), ("sd", self.sd), ("low", self.low), ("high", self.high)] {
            if number.is_some_and(|x| !x.is_finite()) {
                return Err(format!("`{name}` is not a finite number; give the published one or leave it out"));
            }
        }
        if self.sd.is_some_and(|sd| sd < 0.0) {
            return Err("`sd` is negative; give the published one".to_owned());
        }
        if let (Some(low), Some(high)) = (self.low, self.high)
            && low > high
        {
            return Err(format!("`low` {low} is above `high` {high}; exchange them"));
        }
        match self.kind {
            Kind::Range if self.low.is_none() || self.high.is_none() => {
                Err("kind `range` needs `low` and `high`".to_owned())
            }
            Kind::UpperLimit if self.high.is_none() => Err("kind `upper_limit` needs `high`".to_owned()),
            Kind::LowerLimit if self.low.is_none() => Err("kind `lower_limit` needs `low`".to_owned()),
            Kind::UpperLimit if self.low.is_some() => {
                Err("kind `upper_limit` takes no `low`; leave it out, or write kind = \"range\"".to_owned())
            }
            Kind::LowerLimit if self.high.is_some() => {
                Err("kind `lower_limit` takes no `high`; leave it out, or write kind = \"range\"".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn check_experiment(&self, from: &FromExperiment) -> Result<(), String> {
        check_scale(from.scale)?;
        let experiment = Experiment::find(&from.id)?;
        let info = experiment.measures.iter().find(|info| info.name == from.measure).ok_or_else(|| {
            let known: Vec<_> = experiment.measures.iter().map(|info| info.name).collect();
            format!("experiment `{}` has no measure `{}`; it has: {}", from.id, from.measure, known.join(", "))
        })?;
        self.check_unit(&from.measure, info.unit, from.scale)
    }

    fn check_measurement(&self, m: &Measurement) -> Result<(), String> {
        check_scale(m.scale)?;
        let item = Item::find(&m.item).map_err(|e| e.to_string())?;
        let info = item.measures.iter().find(|info| info.name == m.measure).ok_or_else(|| {
            let known: Vec<_> = item.measures.iter().map(|info| info.name).collect();
            format!("item `{}` has no measure `{}`; it has: {}", m.item, m.measure, known.join(", "))
        })?;
        item.check(&m.parameters).map_err(|e| e.to_string())?;
        if let Some(sweep) = &m.sweep {
            if sweep.values.is_empty() {
                return Err("sweep.values is empty; give the parameter's values".to_owned());
            }
            for &value in &sweep.values {
                let mut parameters = m.parameters.clone();
                if parameters.insert(sweep.parameter.clone(), value).is_some() {
                    return Err(format!("`{}` stands in `parameters` and in `sweep`; keep one", sweep.parameter));
                }
                item.check(&parameters).map_err(|e| e.to_string())?;
            }
        }
        if !["left", "right"].contains(&m.side.as_str()) {
            return Err(format!("measurement.side = `{}`: write left or right", m.side));
        }
        if let Some(other) = m.relative_to.as_deref().filter(|other| *other != "healthy") {
            return Err(format!(
                "relative_to = `{other}`: only `healthy`, the same person without lesions, can be measured against"
            ));
        }
        match (m.statistic.needs_threshold(), m.threshold) {
            (true, None) => {
                return Err(format!("statistic `{}` needs a `threshold` in {}", m.statistic.name(), info.unit));
            }
            (true, Some(threshold)) if !threshold.is_finite() => {
                return Err("`threshold` is not a finite number; give one".to_owned());
            }
            (false, Some(_)) => {
                return Err(format!("statistic `{}` takes no `threshold`; leave it out", m.statistic.name()));
            }
            _ => {}
        }
        self.check_unit_of_people(m, info.unit)?;
        check_cohort(&m.patients)
    }

    fn check_unit_of_people(&self, m: &Measurement, unit: &str) -> Result<(), String> {
        if m.statistic.is_percentage() {
            if m.scale != 1.0 {
                return Err(format!("`scale` has no meaning with statistic `{}`; leave it out", m.statistic.name()));
            }
            if !unit::is_percent(&self.unit) {
                return Err(format!(
                    "unit `{}`, but statistic `{}` gives a percentage; write unit = \"percent\"",
                    self.unit,
                    m.statistic.name()
                ));
            }
            return Ok(());
        }
        // Divided by one's own value or by a limit in the same unit, it is a pure number; by mass or height, another unit.
        let pure = m.relative_to.is_some() || m.per.is_some_and(|per| per.is_limit());
        match (pure, m.per) {
            (true, _) if unit::is_pure(&self.unit) => Ok(()),
            (true, _) => Err(format!(
                "unit `{}`, but the measure is divided by another in its own unit; write unit = \"ratio\"",
                self.unit
            )),
            (false, Some(_)) => Ok(()),
            (false, None) => self.check_unit(&m.measure, unit, m.scale),
        }
    }

    fn check_unit(&self, measure: &str, unit: &str, scale: f64) -> Result<(), String> {
        if scale != 1.0 || unit::same(&self.unit, unit) {
            return Ok(());
        }
        Err(format!(
            "unit `{}`, but `{measure}` is in `{unit}`; change the unit, or give a `scale` from one to the other",
            self.unit
        ))
    }
}

fn check_scale(scale: f64) -> Result<(), String> {
    if scale.is_finite() && scale != 0.0 {
        Ok(())
    } else {
        Err(format!("scale = {scale} must be a finite number other than 0"))
    }
}

fn check_cohort(c: &Cohort) -> Result<(), String> {
    if c.n == 0 || c.n > 10_000 {
        return Err(format!("patients.n = {} must lie in 1..10000", c.n));
    }
    let [young, old] = c.age_years;
    if !(0.0..=110.0).contains(&young) || !(0.0..=110.0).contains(&old) || young > old {
        return Err("patients.age_years must be two ages, lower first, in 0..110".to_owned());
    }
    if let Some([mild, severe]) = c.severity
        && (!(0.0..=1.0).contains(&mild) || !(0.0..=1.0).contains(&severe) || mild > severe)
    {
        return Err("patients.severity must be two numbers, lower first, in 0..1".to_owned());
    }
    // The people themselves: a condition, time or side that does not exist is found here.
    members(c, 1).map(|_| ())
}

impl Statistic {
    fn needs_threshold(self) -> bool {
        matches!(self, Self::PercentAbove | Self::PercentBelow)
    }
}

#[cfg(test)]
mod tests {
    use crate::target::Targets;

    const TARGET: &str = r#"
        [[target]]
        id = "t"
        area = "nerve"
        quantity = "ulnar velocity"
        unit = "m/s"
        kind = "range"
        low = 1.0
        high = 2.0
        source = "invented for the test"
        [target.measurement]
        patients = { condition = "healthy", n = 2 }
        item = "lab.motor_conduction.ulnar"
        measure = "velocity_forearm"
    "#;

    fn error(from: &str, to: &str) -> String {
        assert!(TARGET.contains(from), "{from}");
        Targets::from_toml("t.toml", &TARGET.replacen(from, to, 1)).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn a_right_target_is_taken() {
        assert!(Targets::from_toml("t.toml", TARGET).is_ok());
        let percent = TARGET.replace("\"m/s\"", "\"percent\"") + "statistic = \"percent_above\"\nthreshold = 40.0\n";
        assert!(Targets::from_toml("t.toml", &percent).is_ok());
    }

    #[test]
    fn what_is_wrong_is_named_with_file_target_and_mend() {
        for (from, to, wanted) in [
            ("low = 1.0", "low = nan", "`low` is not a finite number"),
            ("low = 1.0", "low = inf", "`low` is not a finite number"),
            ("low = 1.0", "low = 3.0", "`low` 3 is above `high` 2"),
            ("low = 1.0", "", "needs `low` and `high`"),
            ("\"range\"", "\"upper_limit\"", "kind `upper_limit` takes no `low`"),
            ("\"range\"", "\"lower_limit\"", "kind `lower_limit` takes no `high`"),
            ("unit = \"m/s\"", "unit = \"ms\"", "unit `ms`, but `velocity_forearm` is in `m/s`"),
            ("n = 2", "n = 2, side = \"up\"", "patients.side"),
            ("n = 2", "n = 2, at = \"soon\"", "patients.at"),
            ("n = 2", "n = 2, at = \"90y\"", "patients.at"),
            ("\"healthy\"", "\"helthy\"", "did you mean `healthy`"),
            ("measure = ", "scale = inf\nmeasure = ", "scale = inf"),
            ("measure = ", "threshold = 3.0\nmeasure = ", "takes no `threshold`"),
            ("measure = ", "statistic = \"percent_above\"\nmeasure = ", "needs a `threshold` in m/s"),
            ("measure = ", "relative_to = \"als\"\nmeasure = ", "only `healthy`"),
            ("measure = ", "relative_to = \"healthy\"\nmeasure = ", "unit = \"ratio\""),
            ("measure = ", "side = \"both\"\nmeasure = ", "measurement.side"),
            (
                "measure = ",
                "sweep = { parameter = \"f_stimuli\", values = [], take = \"minimum\" }\nmeasure = ",
                "empty",
            ),
            ("measure = ", "sweep = { parameter = \"no\", values = [1], take = \"minimum\" }\nmeasure = ", "`no`"),
        ] {
            let error = error(from, to);
            assert!(error.starts_with("t.toml: target `t`: "), "{error}");
            assert!(error.contains(wanted), "{to}: {error}");
            assert!(!error.contains("--"), "no flag is to blame: {error}");
        }
        for text in ["target = []", "", "# nothing yet\n"] {
            let empty = Targets::from_toml("t.toml", text).map(|_| ()).unwrap_err().to_string();
            assert_eq!(empty, "t.toml: no target in it; declare one as [[target]]");
        }
    }
}
