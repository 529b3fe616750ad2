//! What a change alters in what judges: own policies, their settings, waivers, and what is looked at.

use super::comparison::Sides;
use super::setup::Setup;
use crate::config::{Config, PolicySettings, Scope, Waiver};
use crate::finding::{RuleChange, Spot};
use crate::policy::{Policy, Severity};
use crate::value::NodeId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the rules of the change do differently; nothing where one of the two cannot be read.
pub fn between(sides: &Sides) -> Vec<RuleChange> {
    let (Ok(base), Ok(head)) = (&sides.base, &sides.head) else { return Vec::new() };
    let mut changes = policies(base, head);
    changes.extend(settings(base, head));
    changes.extend(waivers(&base.config, &head.config));
    changes.extend(scope(&base.config, &head.config));
    changes
}

fn own(setup: &Setup) -> BTreeMap<&str, &Arc<Policy>> {
    setup.policies.iter().filter(|policy| policy.rule.origin != "shipped").map(|policy| (policy.id(), policy)).collect()
}

fn policies(base: &Setup, head: &Setup) -> Vec<RuleChange> {
    let (before, after) = (own(base), own(head));
    let place = |policy: &Policy| {
        let tree = &policy.tree;
        let id = tree.get(policy.root(), "id").map_or(tree.head(policy.root()), |node| tree.node(node).span);
        Some(Spot::new(tree.file(), id))
    };
    let change = |policy: &Policy, text: &str, weakens, place| RuleChange {
        about: "policy",
        name: policy.id().to_owned(),
        text: text.to_owned(),
        weakens,
        place,
    };
    let mut changes = Vec::new();
    for (id, policy) in &before {
        let Some(now) = after.get(id) else {
            changes.push(change(policy, "is taken away", true, None));
            continue;
        };
        let (was, is) = (policy.rule.severity, now.rule.severity);
        if is > was {
            let text = format!("goes from {} to {}", was.name(), is.name());
            changes.push(change(now, &text, true, place(now)));
        } else if policy.tree.file().text() != now.tree.file().text() {
            changes.push(change(now, "is edited", false, place(now)));
        }
    }
    let new = after.iter().filter(|(id, _)| !before.contains_key(*id));
    changes.extend(new.map(|(_, policy)| change(policy, "is new", false, place(policy))));
    changes
}

fn spot(config: &Config, node: NodeId) -> Option<Spot> {
    let tree = config.tree.as_ref()?;
    Some(Spot::new(tree.file(), tree.head(node)))
}

/// What annexa.yaml says of single policies.
fn settings(base: &Setup, head: &Setup) -> Vec<RuleChange> {
    let mut changes = Vec::new();
    let settings = base.config.policies.iter().chain(&head.config.policies);
    let ids: std::collections::BTreeSet<&str> = settings.map(|settings| settings.id.value.as_str()).collect();
    for id in ids {
        let (was, is) = (base.config.policy(id), head.config.policy(id));
        let place = is.and_then(|settings| spot(&head.config, settings.id.node));
        let mut found = differences(was, is, params(&base.config, was) != params(&head.config, is));
        // A policy counts as much as its settings say, else as much as it says itself.
        if let (Some(was), Some(is)) = (severity(base, id), severity(head, id))
            && was != is
        {
            found.push((format!("goes from {} to {}", was.name(), is.name()), is > was));
        }
        for (text, weakens) in found {
            changes.push(RuleChange { about: "policy", name: id.to_owned(), text, weakens, place: place.clone() });
        }
    }
    changes
}

/// How heavy the findings of a policy are that annexa.yaml says something about.
fn severity(setup: &Setup, id: &str) -> Option<Severity> {
    let own = setup.policies.iter().find(|policy| policy.id() == id).map(|policy| policy.rule.severity);
    setup.config.policy(id).and_then(|settings| settings.severity).or(own)
}

/// Parameters with their text, so that two files can be compared.
fn params(config: &Config, settings: Option<&PolicySettings>) -> Vec<(String, String)> {
    let Some(tree) = &config.tree else { return Vec::new() };
    let params = settings.map(|settings| settings.params.as_slice()).unwrap_or_default();
    let mut texts: Vec<_> = params
        .iter()
        .map(|param| (param.value.clone(), tree.file().slice(tree.node(param.node).span).to_owned()))
        .collect();
    texts.sort();
    texts
}

fn differences(was: Option<&PolicySettings>, is: Option<&PolicySettings>, params: bool) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let off = |settings: Option<&PolicySettings>| settings.and_then(|s| s.off.clone());
    match (off(was), off(is)) {
        (None, Some(_)) => found.push(("is switched off".to_owned(), true)),
        (Some(_), None) => found.push(("is switched on again".to_owned(), false)),
        // An end that cannot be read is past; none at all never comes.
        (Some(was), Some(is)) if is.until > was.until => found.push(("stays off for longer".to_owned(), true)),
        _ => {}
    }
    let from = |settings: Option<&PolicySettings>| settings.and_then(|s| s.enforce_from);
    match (from(was), from(is)) {
        (was, Some(is)) if was.is_none_or(|was| is > was) => found.push(("is enforced later".to_owned(), true)),
        (Some(was), is) if is.is_none_or(|is| is < was) => found.push(("is enforced earlier".to_owned(), false)),
        _ => {}
    }
    if params {
        found.push(("has other parameters".to_owned(), true));
    }
    found
}

fn waivers(base: &Config, head: &Config) -> Vec<RuleChange> {
    type Key = (String, Scope);
    let of = |config: &Config| -> BTreeMap<String, (Key, Waiver)> {
        let key = |waiver: &Waiver| (waiver.policy.clone(), waiver.scope.clone());
        let mut found: BTreeMap<String, (Key, Waiver)> = BTreeMap::new();
        for waiver in &config.waivers {
            // Of several of the same the one that ends last is what holds.
            let kept = found.entry(format!("{:?}", key(waiver))).or_insert_with(|| (key(waiver), waiver.clone()));
            if waiver.until > kept.1.until {
                kept.1 = waiver.clone();
            }
        }
        found
    };
    let (before, after) = (of(base), of(head));
    let mut changes = Vec::new();
    let change = |waiver: &Waiver, text: String, weakens, place| RuleChange {
        about: "waiver",
        name: waiver.policy.clone(),
        text,
        weakens,
        place,
    };
    for (key, (_, waiver)) in &after {
        let place = spot(head, waiver.node);
        match before.get(key) {
            None => changes.push(change(waiver, format!("is waived until {}", waiver.until_text), true, place)),
            Some((_, was)) if waiver.until > was.until => {
                let text = format!("is waived until {} instead of {}", waiver.until_text, was.until_text);
                changes.push(change(waiver, text, true, place));
            }
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    changes.extend(gone.map(|(_, (_, waiver))| change(waiver, "is waived no longer".to_owned(), false, None)));
    changes
}

/// What is looked at and as what, and who is who.
fn scope(base: &Config, head: &Config) -> Vec<RuleChange> {
    let mut changes = Vec::new();
    let mut add = |about, name: &str, text: &str, weakens, place| {
        changes.push(RuleChange { about, name: name.to_owned(), text: text.to_owned(), weakens, place });
    };
    let at = |key: &str| {
        let tree = head.tree.as_ref()?;
        let root = *tree.roots().first()?;
        Some(Spot::new(tree.file(), tree.entry(root, key)?.span))
    };
    for pattern in head.exclude.iter().filter(|pattern| !base.exclude.contains(pattern)) {
        add("exclude", pattern, "is not looked at any more", true, at("exclude"));
    }
    for pattern in base.exclude.iter().filter(|pattern| !head.exclude.contains(pattern)) {
        add("exclude", pattern, "is looked at again", false, None);
    }
    let kinds = |config: &Config| -> Vec<(String, Vec<String>)> {
        config.kinds.iter().map(|(kind, globs)| (kind.value.clone(), globs.clone())).collect()
    };
    let (was, is) = (kinds(base), kinds(head));
    for (kind, globs) in &is {
        let had = was.iter().filter(|(other, _)| other == kind).flat_map(|(_, globs)| globs).collect::<Vec<_>>();
        for glob in globs.iter().filter(|glob| !had.contains(glob)) {
            add("kinds", glob, &format!("is read as `{kind}` from here on"), false, at("kinds"));
        }
    }
    for (kind, globs) in &was {
        let kept = is.iter().filter(|(other, _)| other == kind).flat_map(|(_, globs)| globs).collect::<Vec<_>>();
        for glob in globs.iter().filter(|glob| !kept.contains(glob)) {
            add("kinds", glob, &format!("is no path of `{kind}` any more"), true, at("kinds"));
        }
    }
    let values = |of: fn(&Config) -> Option<&crate::config::At<String>>| {
        (of(base).map(|at| at.value.as_str()), of(head).map(|at| at.value.as_str()))
    };
    for (key, (was, is), what) in [
        ("adopted_at", values(|config| config.adopted_at.as_ref()), "what came before it is asked less"),
        ("organization", values(|config| config.organization.as_ref()), "records of the organisation come from there"),
    ] {
        if was != is {
            let text = match (was, is) {
                (Some(was), Some(is)) => format!("goes from {was} to {is}; {what}"),
                (None, Some(is)) => format!("is {is}; {what}"),
                (_, None) => "is taken away".to_owned(),
            };
            add("configuration", key, &text, key == "adopted_at" && is.is_some(), at(key));
        }
    }
    let people = |config: &Config| -> Vec<String> {
        let Some(tree) = &config.tree else { return Vec::new() };
        config.people.iter().map(|person| tree.file().slice(tree.node(person.node).span).to_owned()).collect()
    };
    if people(base) != people(head) {
        add("configuration", "people", "says otherwise who is who", false, at("people"));
    }
    changes
}
