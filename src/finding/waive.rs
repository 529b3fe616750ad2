//! Waivers on judgements: shown as waived, never hidden; the expired and the unused are findings.

use super::{BUILTIN, Grade, Judgement, Outcome, Spot, Standing, Subject, builtin, fingerprint};
use crate::config::{FILE_NAME, Target, Waiver, covering};
use crate::facts::Day;
use crate::policy::Rule;
use crate::value::{NodeId, Tree};
use std::sync::Arc;

/// Applies `waivers` of the configuration `tree`. `whole` says that every policy and every path took
/// part, so that an unused waiver is really unused.
pub fn waive(
    judgements: &mut Vec<Judgement>,
    rules: &[Rule],
    waivers: &[Waiver],
    tree: &Arc<Tree>,
    today: Day,
    whole: bool,
) {
    let mut used = vec![false; waivers.len()];
    let mut expired = vec![false; waivers.len()];
    for judgement in judgements.iter_mut().filter(|j| matches!(j.outcome, Outcome::Fail | Outcome::Unknown)) {
        let target = Target {
            policy: &rules[judgement.rule].id,
            subject: &judgement.subject.id,
            path: &judgement.subject.path,
            item: judgement.item.as_deref(),
            validation: judgement.validation.as_deref(),
        };
        let found = covering(waivers, target, today);
        for (index, _) in &found {
            used[*index] = true;
        }
        // What could not be judged may need its waiver when it can be; it is not waived itself.
        if judgement.outcome == Outcome::Unknown {
            continue;
        }
        match found.first() {
            Some((_, waiver)) if waiver.in_force(today) => {
                judgement.outcome = Outcome::Waived;
                judgement.message = format!(
                    "{} (waived until {} by {}: {})",
                    judgement.message, waiver.until_text, waiver.approver, waiver.reason
                );
                judgement.places.push(Spot::labelled(tree.file(), place(tree, waiver.node, "policy"), "the waiver"));
            }
            Some((index, _)) => expired[*index] = true,
            None => {}
        }
    }
    for (index, waiver) in waivers.iter().enumerate() {
        // A waiver that is over is a finding whether or not something still needs it.
        let over = !waiver.in_force(today);
        let (validation, message) = if waiver.until.is_none() {
            ("no-date", format!("`{}` is no date like 2026-12-31, so the waiver counts as expired", waiver.until_text))
        } else if over && expired[index] {
            ("expired", format!("the waiver ended on {} and its finding is still there", waiver.until_text))
        } else if over {
            ("expired", format!("the waiver ended on {}", waiver.until_text))
        } else if whole && !used[index] {
            ("unused", format!("no finding of `{}` needs this waiver", waiver.policy))
        } else {
            continue;
        };
        let key = if over { "until" } else { "policy" };
        judgements.push(finding(tree, waiver, validation, message, key));
    }
}

fn place(tree: &Tree, waiver: NodeId, key: &str) -> crate::source::Span {
    tree.get(waiver, key).map_or_else(|| tree.head(waiver), |n| tree.node(n).span)
}

fn finding(tree: &Arc<Tree>, waiver: &Waiver, validation: &str, message: String, key: &str) -> Judgement {
    let path: Arc<str> = FILE_NAME.into();
    let subject = Subject { kind: "configuration".into(), id: Arc::clone(&path), path };
    let rule = builtin("waiver-is-in-force");
    // The scope tells two waivers of one policy apart.
    let item = format!("{} {:?}", waiver.policy, waiver.scope);
    Judgement {
        fingerprint: fingerprint(BUILTIN[rule].id, &subject, Some(validation), Some(&item)),
        rule,
        subject,
        item: Some(waiver.policy.clone()),
        outcome: Outcome::Fail,
        severity: BUILTIN[rule].severity(),
        system: None,
        grade: Grade::default(),
        validation: Some(validation.to_owned()),
        message,
        remedy: None,
        places: vec![Spot::new(tree.file(), place(tree, waiver.node, key))],
        evidence: Vec::new(),
        history: Vec::new(),
        asked: Vec::new(),
        folded: false,
        standing: Standing::New,
        counts: true,
        caused_at: None,
    }
}
