//! The shipped policies: every one is well formed, its examples hold, and it runs on every example
//! repository. With tests/acceptance.rs the only tests that load them.

use annexa::document::Kinds;
use annexa::engine::check::{check_policy, environment};
use annexa::engine::deep;
use annexa::engine::testing::{Ask, Bench, Scope, collect, test};
use annexa::facts::MemorySnapshot;
use annexa::policy::{self, Policy};
use annexa::source::SourceFile;
use std::sync::Arc;

fn policies() -> Vec<Arc<Policy>> {
    let files = annexa::embedded::POLICIES.iter().filter(|(path, _)| policy::is_policy_file(path));
    files
        .map(|(path, text)| {
            let file = Arc::new(SourceFile::new(format!("policies/{path}"), text.as_bytes().to_vec()));
            match policy::read(&file, "shipped") {
                Ok((policy, problems)) => {
                    assert!(problems.is_empty(), "{}", shown(&file, &problems));
                    Arc::new(policy)
                }
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
    let names = environment(&kinds);
    let wrong: Vec<String> = deep(|| {
        policies()
            .iter()
            .map(|p| shown(p.tree.file(), &check_policy(p, &kinds, &names)))
            .filter(|lines| !lines.is_empty())
            .collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_lost_with_the_examples() {
    let keys = |policy: &Policy| -> Vec<String> {
        let entries = policy.tree.entries(policy.root()).iter();
        entries.map(|e| policy.tree.text(&e.key).to_owned()).collect()
    };
    for (whole, bundled) in policies().iter().zip(policy::bundled()) {
        let with_examples = [keys(bundled), vec!["examples".to_owned()]].concat();
        assert_eq!(keys(whole), with_examples, "{}: `examples` is the last key", whole.id());
    }
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

/// The shipped policies with their cases.
fn bench() -> Bench {
    let files = annexa::embedded::POLICIES.iter().map(|(path, text)| (format!("policies/{path}"), *text));
    let scope = Scope::folders(["policies".to_owned()]);
    let bench = deep(|| collect(&MemorySnapshot::new(files), Arc::new(Kinds::bundled()), &scope));
    bench.unwrap_or_else(|faulty| panic!("{faulty:?}"))
}

/// What `annexa test --shipped` says, on the same bench.
#[test]
fn every_case_holds_and_none_is_missing() {
    let bench = bench();
    let tested = deep(|| test(&bench, Ask::default()));
    assert_eq!(tested.policies.len(), policies().len());
    let differences = tested.failing().flat_map(|case| &case.differences).map(|d| {
        let place = format!("{}:{}", d.place.file.path(), d.place.place().line);
        format!("{place}: {:?}\n  expected {:?}\n  got {:?}", d.kind, d.expected, d.got)
    });
    let gaps =
        tested.gaps().map(|gap| format!("{}:{}: {}", gap.place.file.path(), gap.place.place().line, gap.message));
    let wrong: Vec<String> = differences.chain(gaps).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_cases_notice_changes_of_the_policies() {
    let bench = bench();
    let tested = deep(|| test(&bench, Ask { mutate: true, ..Ask::default() }));
    let tried: usize = tested.policies.iter().filter_map(|p| p.changes).sum();
    assert!(tried > 200, "only {tried} changes were tried");
    let missed: Vec<String> = tested.gaps().map(|gap| gap.message.clone()).collect();
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

fn pull_request() -> annexa::facts::PullRequest {
    annexa::facts::PullRequest {
        number: 7,
        title: "Answer in fewer words".to_owned(),
        author: "orla-byrne".to_owned(),
        draft: false,
        labels: Vec::new(),
        base_branch: "main".to_owned(),
        reviews: annexa::facts::Reviews::Known(Vec::new()),
    }
}

/// The example repositories, built with their history and checked on their day.
fn example_reports() -> Vec<(&'static str, annexa::finding::Report)> {
    use annexa::engine::{Base, Choice, Input, Sources, run, set_up};
    use annexa::io::git::{self, commit_tree::CommitTree};
    use annexa::io::{materialise, worktree::WorkingTree};
    materialise::examples()
        .into_iter()
        .map(|name| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let built =
                materialise::materialise(&materialise::example(name), folder.path()).expect("the example can be built");
            let tree = WorkingTree::open(folder.path(), &[]).expect("it is a repository");
            let text = std::fs::read(folder.path().join("annexa.yaml")).ok();
            let config = text.map(|bytes| Arc::new(SourceFile::new("annexa.yaml", bytes)));
            let sources = Sources { snapshot: &tree, config: config.as_ref(), shipped: policy::bundled() };
            let setup = set_up(sources).unwrap_or_else(|faulty| panic!("{name}: {faulty:?}"));
            // What the last commit changed, as a pull request would have brought it.
            let before = built.commits[built.commits.len() - 2].clone();
            let before = CommitTree::open(folder.path(), &before).and_then(|tree| tree.below(""));
            let snapshot = Arc::new(before.unwrap_or_else(|why| panic!("{name}: {why}")));
            let input = Input {
                base: Some(Ok(Base { snapshot, commit: "before".to_owned() })),
                past: git::past(folder.path(), None),
                snapshot: Arc::new(tree),
                setup,
                today: built.today,
                shared: None,
                // Of these a pull request of a person is looked at that nobody reviewed.
                pull_request: ["support-agent-gaps", "statement-gaps"].contains(&name).then(|| Ok(pull_request())),
                choice: Choice::default(),
                below: None,
            };
            (name, deep(|| run(input)))
        })
        .collect()
}

/// One snapshot a policy: everything that it says about every example that is no pass.
#[test]
fn every_policy_on_every_example_repository() {
    let reports = example_reports();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/policies");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _bound = settings.bind_to_scope();
    for policy in policies() {
        let mut text = String::new();
        for (example, report) in &reports {
            let own = report.judgements.iter().filter(|j| report.rule(j).id == policy.id());
            let mut counts = [0; 2];
            for judgement in own {
                use annexa::finding::Outcome::{NotApplicable, Pass};
                match judgement.outcome {
                    Pass => counts[0] += 1,
                    NotApplicable => counts[1] += 1,
                    outcome => {
                        let places: Vec<String> =
                            judgement.places.iter().map(|s| format!("{}:{}", s.file.path(), s.place().line)).collect();
                        text += &format!(
                            "{example}: {} at {}\n    {}\n",
                            outcome.name(),
                            places.join(", "),
                            judgement.message
                        );
                    }
                }
            }
            text += &format!("{example}: {} hold, {} not applicable\n", counts[0], counts[1]);
        }
        insta::assert_snapshot!(policy.id(), text);
    }
}

#[test]
fn the_examples_in_order_are_silent_and_every_policy_has_its_gap() {
    use annexa::finding::Outcome;
    let mut found: Vec<String> = Vec::new();
    for (name, report) in example_reports() {
        let open: Vec<(&str, &str)> = report
            .judgements
            .iter()
            .filter(|j| matches!(j.outcome, Outcome::Fail | Outcome::Unknown) && !j.folded)
            .map(|j| (report.rule(j).id.as_str(), j.message.as_str()))
            .collect();
        if name.ends_with("-gaps") {
            found.extend(open.iter().map(|(id, _)| (*id).to_owned()));
        } else {
            assert_eq!(open, Vec::<(&str, &str)>::new(), "{name}");
        }
    }
    let policies = policies();
    let quiet: Vec<&str> = policies.iter().map(|p| p.id()).filter(|id| found.iter().all(|f| f != id)).collect();
    assert_eq!(quiet, Vec::<&str>::new(), "policies without a planted gap");
}

/// The page of the examples tells of each gap, by which policy and in which file, and of nothing else.
#[test]
fn each_gap_is_told_with_its_policy() {
    use annexa::finding::Outcome;
    let page = std::fs::read_to_string("examples/README.md").expect("the page of the examples");
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| ") && line.matches(" | `").count() == 2).collect();
    let told: std::collections::BTreeSet<String> =
        rows.iter().filter_map(|row| Some(row.split(" | `").nth(1)?.split('`').next()?.to_owned())).collect();
    let mut found = std::collections::BTreeSet::new();
    for (name, report) in example_reports() {
        if name.ends_with("-gaps") {
            let open =
                report.judgements.iter().filter(|j| matches!(j.outcome, Outcome::Fail | Outcome::Unknown) && !j.folded);
            found.extend(open.map(|j| report.rule(j).id.clone()));
        }
    }
    assert_eq!(told, found);
}
