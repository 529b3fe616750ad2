//! A [`Brief`] of a report in memory.

use super::{At, Brief, Compared, Found, KEPT, RuleAltered, bound};
use crate::finding::{Comparison, Judgement, Outcome, Report, Spot};
use crate::policy::Rule;
use crate::report::{Options, words};
use std::sync::Arc;

impl Brief {
    /// What people are shown of a report.
    pub fn of(report: &Report, options: &Options) -> Brief {
        let rules: Vec<Arc<Rule>> = report.rules.iter().map(|rule| bound::rule(rule.clone())).collect();
        let kept = |outcome| -> Vec<Found> {
            report.with(outcome).take(KEPT).map(|judgement| found(report, &rules, judgement)).collect()
        };
        let weighty = |outcome| {
            let weighs = |j: &&Judgement| j.counts && options.fail_on.reached_by(j.severity);
            report.with(outcome).filter(weighs).count()
        };
        let (findings, unknown) = (kept(Outcome::Fail), kept(Outcome::Unknown));
        let all = report.with(Outcome::Fail).count() + report.with(Outcome::Unknown).count();
        bound::bounded(Brief {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            today: report.today,
            commit: report.commit.clone(),
            root: report.root.clone(),
            verdict: options.verdict,
            fail_on: options.fail_on,
            counts: report.counts(),
            blocking: weighty(Outcome::Fail),
            open: weighty(Outcome::Unknown),
            systems: report.systems,
            documents: report.documents.clone(),
            comparison: report.comparison.as_ref().map(compared),
            left_out: all - findings.len() - unknown.len(),
            findings,
            unknown,
            not_checked: words::not_checked(report),
            next_steps: report.next_steps.clone(),
        })
    }
}

fn compared(comparison: &Comparison) -> Compared {
    let changes = comparison.rule_changes.iter().map(|change| RuleAltered {
        about: change.about,
        name: change.name.clone(),
        text: change.text.clone(),
        weakens: change.weakens,
        place: change.place.as_ref().map(|spot| at(None, spot)),
    });
    Compared {
        base: comparison.base.clone(),
        base_name: comparison.base_name.clone(),
        head: comparison.head.clone(),
        gate: comparison.gate,
        rules: comparison.rules,
        preview: comparison.preview.clone(),
        concerns_us: comparison.concerns_us,
        rule_changes: changes.collect(),
    }
}

fn found(report: &Report, rules: &[Arc<Rule>], judgement: &Judgement) -> Found {
    let places = judgement.places.iter().map(|spot| at(report.comparison.as_ref(), spot));
    Found {
        rule: Arc::clone(&rules[judgement.rule]),
        subject: judgement.subject.clone(),
        item: judgement.item.clone(),
        severity: judgement.severity,
        validation: judgement.validation.clone(),
        message: judgement.message.clone(),
        remedy: judgement.remedy.clone(),
        fingerprint: judgement.fingerprint,
        standing: judgement.standing,
        counts: judgement.counts,
        caused_at: judgement.caused_at.clone(),
        places: places.collect(),
        more_places: 0,
        history: judgement.history.clone(),
    }
}

fn at(comparison: Option<&Comparison>, spot: &Spot) -> At {
    At {
        path: spot.file.path().to_owned(),
        commit: spot.file.commit().map(str::to_owned),
        place: spot.place(),
        label: spot.label.clone(),
        seen: comparison.and_then(|change| change.seen(spot)),
    }
}
