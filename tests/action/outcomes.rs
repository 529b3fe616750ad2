//! What comes out: exit codes, outputs, annotations and the page of the job.

use super::{call_of, calls, job};
use crate::runner::composite::{Job, executable};
use std::fs;

#[test]
fn exit_codes_are_those_of_the_check() {
    for (code, conclusion) in [(0, "clear"), (1, "findings"), (3, "incomplete"), (4, "empty")] {
        let done = job().env("FAKE_CODE", code.to_string()).env("FAKE_PUBLISHED", "1").run();
        done.expect(code, conclusion, &["all is well"]);
    }
}

#[test]
fn what_is_published_with_a_report_decides_the_outputs() {
    let job = job().env("FAKE_CODE", "1").input("sarif", "out.sarif");
    let done = job.run();
    done.expect(1, "findings", &[]);
    let of = |name| done.output(name);
    assert_eq!(["errors", "warnings", "notes", "unknown"].map(of), ["3", "2", "1", "0"]);
    assert_eq!(fs::read_to_string(of("report")).expect("the report is there"), "{}\n");
    assert_eq!(of("sarif"), "out.sarif");
    assert_eq!(done.summary.as_deref(), Some("# A page\n"));
    assert_eq!(done.messages("warning"), ["Look here"]);
    assert_eq!(call_of(&job, "publish").words[1], of("report"));
}

#[test]
fn a_set_up_that_is_not_valid_has_outputs_and_publishes_nothing() {
    let job = job().env("FAKE_CODE", "2").input("sarif", "out.sarif");
    fs::write(job.workspace().join("out.sarif"), "of an earlier run").expect("a file");
    let done = job.run();
    done.expect(2, "invalid", &[]);
    assert_eq!(["errors", "report", "sarif"].map(|name| done.output(name)), ["", "", ""]);
    assert_eq!(done.messages("error"), ["annexa gave no report. The log of this step says why."]);
    assert!(calls(&job).iter().all(|call| call.words[0] != "publish"));
}

#[test]
fn a_program_that_breaks_down_is_no_success() {
    for code in ["101", "137", "5"] {
        let job = job().env("FAKE_CODE", code);
        job.run().expect(3, "failed", &[&format!("annexa broke down with exit code {code}, so nothing was judged.")]);
        assert!(calls(&job).iter().all(|call| call.words[0] != "publish"), "half a report was published");
    }
}

#[test]
fn a_program_that_gives_no_report_is_no_success() {
    for (code, expected, conclusion) in [(0, 3, "failed"), (1, 3, "failed"), (4, 3, "failed"), (3, 3, "incomplete")] {
        let job = Job::new();
        executable(&job.workspace().join("annexa"), &format!("#!/bin/sh\n[ \"$1\" = --version ] || exit {code}\n"));
        let done = job.input("binary", "annexa").run();
        done.expect(expected, conclusion, &[]);
        assert_eq!(done.output("report"), "");
        assert_eq!(done.messages("error").len(), 1);
    }
}

#[test]
fn annotations_keep_to_the_limits_of_a_step() {
    let says = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo \"::warning::$i\"; done; printf '::error::%05000d\\n' 1";
    let script = format!(
        "#!/bin/sh\ncase $1 in check) for w in \"$@\"; do case $w in json=*) echo '{{}}' >\"${{w#json=}}\" ;; esac; done ;; publish) {says} ;; esac\n"
    );
    let job = Job::new();
    executable(&job.workspace().join("annexa"), &script);
    let done = job.input("binary", "annexa").run();
    done.expect(0, "clear", &[]);
    assert_eq!((done.messages("warning").len(), done.dropped), (10, 2));
    assert_eq!(done.messages("error")[0].len(), 4_096);
}

#[test]
fn a_page_that_is_too_large_is_refused_as_a_whole() {
    let script = "#!/bin/sh\ncase $1 in check) for w in \"$@\"; do case $w in json=*) echo '{}' >\"${w#json=}\" ;; esac; done ;; publish) head -c 1048577 /dev/zero >>\"$GITHUB_STEP_SUMMARY\" ;; esac\n";
    let job = Job::new();
    executable(&job.workspace().join("annexa"), script);
    let done = job.input("binary", "annexa").run();
    assert_eq!((done.summary.as_deref(), done.messages("error")), (None, vec!["the summary is too large"]));
}

#[test]
fn what_cannot_be_posted_changes_no_verdict() {
    for (code, conclusion) in [(0, "clear"), (1, "findings")] {
        let done = job().env("FAKE_CODE", code.to_string()).env("FAKE_PUBLISHED", "3").run();
        done.expect(code, conclusion, &[]);
        assert_eq!(done.messages("warning").len(), 2, "{done:#?}");
    }
}

#[test]
fn what_cannot_be_posted_fails_the_job_where_that_is_asked_for() {
    for (code, expected, conclusion) in [(0, 3, "clear"), (1, 3, "findings"), (3, 3, "incomplete")] {
        let job = job().env("FAKE_CODE", code.to_string()).env("FAKE_PUBLISHED", "3").input("strict-publish", "true");
        let done = job.run();
        done.expect(expected, conclusion, &[]);
        assert_eq!(done.messages("error").len(), 1, "{done:#?}");
        assert!(call_of(&job, "publish").words.contains(&"--strict-publish".to_owned()));
    }
}

#[test]
fn nothing_that_the_check_prints_is_a_command() {
    let says = "::error::1\\n  ::add-mask::x\\nend ##[error]2\\n::stop-commands::x\\n::x::\\nno line break: ##[group]";
    let done = job().env("FAKE_SAYS", says).run();
    done.expect(0, "findings", &["::add-mask::x", "##[group]"]);
    let found: Vec<_> = done.orders.iter().map(|order| (order.name.as_str(), order.data.as_str())).collect();
    assert_eq!(found, [("warning", "Look here")]);
}

#[test]
fn the_token_goes_to_publishing_alone() {
    let job = job().env("GITHUB_TOKEN", "of the job").env("GH_TOKEN", "of the job");
    job.run().expect(0, "findings", &[]);
    let tokens: Vec<_> = calls(&job).into_iter().map(|call| (call.words[0].clone(), call.token)).collect();
    let expected = [("--version", "-"), ("check", "-"), ("publish", "ghs_secretOfTheJob")];
    assert_eq!(tokens, expected.map(|(name, token)| (name.to_owned(), token.to_owned())));
    assert!(calls(&job).iter().all(|call| !call.words.concat().contains("ghs_")));
}

#[test]
fn the_token_goes_to_the_check_where_it_may_ask() {
    let job = job().input("online", "true").input("token", "of an app");
    job.run().expect(0, "findings", &[]);
    assert_eq!(call_of(&job, "check").token, "of an app");
    assert!(call_of(&job, "check").words.contains(&"--online".to_owned()));
}

#[test]
fn two_uses_in_one_job_do_not_share_a_report() {
    let job = job();
    let reports = [job.run(), job.run()].map(|done| done.output("report").to_owned());
    assert_ne!(reports[0], reports[1]);
}
