//! The shipped policies: every one is well formed, its examples hold, and it runs on every example
//! repository. The only tests that load them.

use annexa::document::Kinds;
use annexa::engine::{Names, check, deep, examples, run_example};
use annexa::policy::{self, Policy};
use annexa::source::SourceFile;
use std::sync::Arc;

fn policies() -> Vec<Arc<Policy>> {
    let files = annexa::embedded::POLICIES.iter().filter(|(path, _)| !path.ends_with("pack.yaml"));
    files
        .map(|(path, text)| {
            let file = Arc::new(SourceFile::new(format!("policies/{path}"), text.as_bytes().to_vec()));
            match policy::read(&file, "shipped") {
                Ok(policy) => Arc::new(policy),
                Err((_, problems)) => panic!("{}", shown(&file, &problems)),
            }
        })
        .collect()
}

fn shown(file: &SourceFile, problems: &[annexa::value::Problem]) -> String {
    let line = |p: &annexa::value::Problem| {
        format!("{}:{}: {} {}", file.path(), file.place(p.at.span).line, p.message, p.help)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_policy_is_well_formed() {
    let kinds = Kinds::bundled();
    let names = Names::of(&kinds);
    let wrong: Vec<String> = deep(|| {
        policies()
            .iter()
            .map(|p| shown(p.tree.file(), &check(p, &kinds, &names)))
            .filter(|lines| !lines.is_empty())
            .collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_policy_has_its_words() {
    for policy in policies() {
        let rule = &policy.rule;
        for (name, text) in [
            ("why", &rule.why),
            ("remedy", &rule.remedy),
            ("shows", &rule.shows),
            ("does_not_show", &rule.does_not_show),
        ] {
            assert!(!text.trim().is_empty(), "{} has no {name}", rule.id);
        }
        assert!(!rule.controls.is_empty() || !rule.clauses.is_empty(), "{} maps to nothing", rule.id);
        for validation in &policy.validations {
            assert!(
                validation.message.is_some() || validation.message_expression.is_some(),
                "{} says nothing",
                rule.id
            );
        }
    }
}

#[test]
fn every_example_holds() {
    let mut wrong = Vec::new();
    deep(|| {
        for policy in policies() {
            let all = examples(&policy);
            assert!(all.len() >= 2, "{} has no failing and passing example", policy.id());
            for example in all {
                let lines = run_example(&policy, &example);
                if !lines.is_empty() {
                    let line = policy.tree.file().place(policy.tree.head(example.node)).line;
                    let place = format!("{}:{line}", policy.tree.file().path());
                    wrong.push(format!("{place}: {}\n    {}", example.name, lines.join("\n    ")));
                }
            }
        }
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
