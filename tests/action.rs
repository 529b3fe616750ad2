//! The action, run as GitHub's runner runs it: action.yml and action/run.sh with programs that say what they
//! were called with, and with the real program.

mod documented;
mod events;
mod history;
mod inputs;
mod outcomes;
mod publishing;
mod real;
mod sources;

use crate::runner::composite::{Job, executable};
use std::fs;
use std::path::{Path, PathBuf};

/// Stands in for the program: writes down how it was called, and does what the variables of the job say.
/// FAKE_CODE is the exit code of the check, which writes a report unless it is 2; FAKE_SAYS what it prints;
/// FAKE_PUBLISHED the exit code of publishing.
const FAKE: &str = r##"
calls=$HOME/calls
mkdir -p "$calls"
{ printf '%s\0' "${GITHUB_TOKEN--}" "$PWD" "$@"; } >"$calls/$(ls "$calls" | wc -l | tr -d ' ')"
case $1 in
    --version) echo "annexa 9.9.9" ;;
    check)
        printf "${FAKE_SAYS-all is well}"
        for word in "$@"; do
            case $word in
                json=*) [ "${FAKE_CODE-0}" = 2 ] || echo '{}' >"${word#json=}" ;;
            esac
        done
        exit "${FAKE_CODE-0}"
        ;;
    publish)
        [ "${FAKE_PUBLISHED-0}" != 0 ] || printf 'conclusion=findings\nerrors=3\nwarnings=2\nnotes=1\nunknown=0\n' >>"$GITHUB_OUTPUT"
        echo "::warning file=soa.yaml,line=3::Look here"
        echo "# A page" >>"$GITHUB_STEP_SUMMARY"
        exit "${FAKE_PUBLISHED-0}"
        ;;
esac
"##;

/// A job with the stand-in as the given program, in a folder with a space.
fn job() -> Job {
    let job = Job::new();
    let program = fake(&job);
    job.input("binary", program.to_str().expect("a name"))
}

/// Puts the stand-in where nothing finds it by itself.
fn fake(job: &Job) -> PathBuf {
    fs::create_dir_all(job.path("some tools")).expect("a folder");
    let program = job.path("some tools/annexa");
    executable(&program, &format!("#!/bin/sh\n{FAKE}"));
    program
}

/// How a program was called.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    /// The token that it got; `-` without one.
    token: String,
    /// Where it ran.
    folder: PathBuf,
    /// Its arguments.
    words: Vec<String>,
}

/// The calls of the stand-in, in their order.
fn calls(job: &Job) -> Vec<Call> {
    (0..).map(|number| job.path("calls").join(number.to_string())).map_while(|path| call(&path)).collect()
}

/// A call that was written down.
fn call(path: &Path) -> Option<Call> {
    let text = fs::read_to_string(path).ok()?;
    let mut words = text.strip_suffix('\0').expect("an end").split('\0').map(str::to_owned);
    let (token, folder) = (words.next().expect("a token"), words.next().expect("a folder"));
    Some(Call { token, folder: folder.into(), words: words.collect() })
}

/// The call whose first argument this is.
fn call_of(job: &Job, name: &str) -> Call {
    let mut found = calls(job).into_iter().filter(|call| call.words[0] == name);
    let call = found.next().unwrap_or_else(|| panic!("`{name}` was not called"));
    assert_eq!(found.next(), None, "`{name}` was called twice");
    call
}
