//! The git program in surroundings that say nothing.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs git in a folder and gives what it writes, without the end of the last line.
#[track_caller]
pub fn git<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> String {
    let output = run(folder, arguments, b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// Runs git in a folder with an input.
pub fn run<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>, input: &[u8]) -> Output {
    let mut command = Command::new("git");
    command.current_dir(folder).env_clear().env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    for name in ["PATH", "TMPDIR", "SystemRoot"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    for (name, value) in [("NAME", "Ana Keller"), ("EMAIL", "ana@example.org"), ("DATE", "@1790000000 +0000")] {
        command.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
    }
    command.args(["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"]).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("git is installed");
    child.stdin.take().expect("an input").write_all(input).expect("git reads it");
    child.wait_with_output().expect("git ends")
}

/// The lines of what git writes.
#[track_caller]
pub fn lines<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Vec<String> {
    git(folder, arguments).lines().map(str::to_owned).collect()
}
