//! `tonus items`: every examination item with its measures, units, norms and sources.

use serde_json::{Value, json};
use tonus_diagnosis::Norms;
use tonus_exam::{Item, items, routine_items};

use super::table::with_header;
use crate::cli::Common;
use crate::error::Error;
use crate::output::{print_json, print_text};

pub(super) fn run(common: &Common, id: Option<&str>) -> Result<(), Error> {
    let norms = Norms::builtin()?;
    let chosen = match id {
        Some(id) => vec![Item::find(id)?],
        None => items(),
    };
    if common.json {
        let list: Vec<Value> = chosen.iter().map(|item| as_json(item, &norms)).collect();
        return print_json(&json!({ "items": list }));
    }
    if let (Some(_), [item]) = (id, chosen.as_slice()) {
        return print_text(&in_full(item, &norms));
    }
    let mut table = with_header(&["item", "what", "measures"]);
    for item in &chosen {
        let measures: Vec<String> = item.measures.iter().map(|m| format!("{} ({})", m.name, m.unit)).collect();
        let id = if is_routine(item) { item.id.to_owned() } else { format!("{} *", item.id) };
        table.add_row([id, item.title.to_owned(), measures.join(", ")]);
    }
    print_text(&format!("{table}\n\n`tonus items ID` shows one in full. * done by `examine` only with `--item`."))
}

/// Whether everybody is given it, or only who is asked for.
fn is_routine(item: &Item) -> bool {
    routine_items().iter().any(|routine| routine.id == item.id)
}

fn norm_source<'n>(norms: &'n Norms, item: &Item, measure: &str) -> Option<&'n str> {
    norms.listing().find(|(i, m, _)| *i == item.id && *m == measure).map(|(_, _, source)| source)
}

fn as_json(item: &Item, norms: &Norms) -> Value {
    let parameters: Vec<Value> = item
        .parameters
        .iter()
        .map(|p| json!({"name": p.name, "unit": p.unit, "default": p.default, "low": p.low, "high": p.high, "whole": p.whole, "meaning": p.meaning}))
        .collect();
    let measures: Vec<Value> = item
        .measures
        .iter()
        .map(|m| json!({"name": m.name, "unit": m.unit, "meaning": m.meaning, "norm_source": norm_source(norms, item, m.name)}))
        .collect();
    json!({"id": item.id, "title": item.title, "protocol": item.protocol, "source": item.source, "routine": is_routine(item), "parameters": parameters, "measures": measures})
}

fn in_full(item: &Item, norms: &Norms) -> String {
    let mut text = format!("{}\n{}\n\n{}\nSource: {}\n", item.id, item.title, item.protocol, item.source);
    if !item.parameters.is_empty() {
        text.push_str("\nParameters (`--set NAME=VALUE` of `tonus record`)\n");
        for p in item.parameters {
            text.push_str(&format!("  {} = {} {} ({}..{}): {}\n", p.name, p.default, p.unit, p.low, p.high, p.meaning));
        }
    }
    text.push_str("\nMeasures\n");
    for m in item.measures {
        let norm = norm_source(norms, item, m.name).unwrap_or("none");
        text.push_str(&format!("  {} ({}): {}\n      norm: {norm}\n", m.name, m.unit, m.meaning));
    }
    text
}
