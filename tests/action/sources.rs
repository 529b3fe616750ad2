//! Where the program comes from: a given one, a release that the checkout of the action lists, or its sources.

use super::{call, calls, fake};
use crate::runner::composite::{Done, Job, executable};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A checkout of the action, version 1.2.3, that lists these releases.
fn checkout(rows: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let action = folder.path().join("the action");
    fs::create_dir_all(action.join("action")).expect("a folder");
    for file in ["action.yml", "action/run.sh"] {
        fs::copy(Path::new(ROOT).join(file), action.join(file)).expect("a copy");
    }
    let cargo = "[package]\nname = \"annexa\"\nversion = \"1.2.3\"\nrust-version = \"1.91\"\n\n[dependencies]\nversion = \"9\"\n";
    fs::write(action.join("Cargo.toml"), cargo).expect("a file");
    fs::write(action.join("action/checksums.txt"), format!("# sha256, version, target, address\n{rows}"))
        .expect("a file");
    (folder, action)
}

/// A job whose downloads give the stand-in, on a system, with the sum that the checkout lists.
fn download(system: &str, machine: &str, target: &str, sum: impl Fn(&str) -> String) -> (Job, Done) {
    let scratch = Job::new();
    let bytes = fs::read(fake(&scratch)).expect("the stand-in");
    let real: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let rows = format!(
        "{} 1.2.2 {target} https://example.org/old\n{} 1.2.3 {target} https://example.org/v1.2.3/annexa-{target}\n",
        "0".repeat(64),
        sum(&real)
    );
    let (_folder, action) = checkout(&rows);
    let job = Job::with_action(&action);
    let program = fake(&job);
    let job = job.tool("uname", &format!("case $1 in -s) echo '{system}' ;; -m) echo '{machine}' ;; esac")).tool(
        "curl",
        &format!(
            "printf '%s\\0' - - \"$@\" >\"$HOME/curl\"\nwhile [ $# -gt 1 ]; do [ \"$1\" = --output ] && cat '{}' >\"$2\"; shift; done",
            program.display()
        ),
    );
    let done = job.run();
    (job, done)
}

#[test]
fn the_input_comes_before_the_variable() {
    let job = Job::new();
    let program = fake(&job);
    let job = job.env("ANNEXA_BIN", program.as_os_str());
    job.run().expect(0, "findings", &["annexa 9.9.9"]);
    assert_eq!(calls(&job).len(), 3);
    job.input("binary", "gone").run().expect(2, "invalid", &["`gone` was given as the program"]);
}

#[test]
fn a_given_program_that_cannot_be_run_is_told() {
    let job = Job::new();
    fs::write(job.workspace().join("text"), "no program").expect("a file");
    executable(&job.workspace().join("broken"), "#!/nowhere/sh\n");
    fs::create_dir(job.workspace().join("folder")).expect("a folder");
    let job = job.input("binary", "text");
    job.run().expect(2, "invalid", &["is no file that can be run. Nothing was checked. Correct the input"]);
    let job = job.input("binary", "folder");
    job.run().expect(2, "invalid", &["is no file that can be run"]);
    // It is not looked for in PATH.
    let job = job.tool("annexa", "exit 0").input("binary", "annexa");
    job.run().expect(2, "invalid", &["is no file that can be run"]);
    let job = job.input("binary", "broken");
    job.run().expect(3, "failed", &["does not run here. Nothing was checked. Give one for this system"]);
}

#[test]
fn a_listed_release_is_downloaded_for_each_system() {
    let table = [
        ("Linux", "x86_64", "x86_64-unknown-linux-musl", "annexa"),
        ("Linux", "aarch64", "aarch64-unknown-linux-musl", "annexa"),
        ("Darwin", "x86_64", "x86_64-apple-darwin", "annexa"),
        ("Darwin", "arm64", "aarch64-apple-darwin", "annexa"),
        ("MINGW64_NT-10.0-26100", "x86_64", "x86_64-pc-windows-msvc", "annexa.exe"),
        ("MSYS_NT-10.0-26100", "x86_64", "x86_64-pc-windows-msvc", "annexa.exe"),
    ];
    for (system, machine, target, name) in table {
        let (job, done) = download(system, machine, target, str::to_owned);
        done.expect(0, "findings", &[&format!("annexa 1.2.3 for {target} comes from its release.")]);
        assert_eq!(calls(&job).len(), 3);
        assert!(job.temp().join("annexa/bin").join(name).is_file());
        let words = call(&job.path("curl")).expect("curl was called").words;
        assert_eq!(words[words.len() - 2..], ["--url", &format!("https://example.org/v1.2.3/annexa-{target}")]);
        for pair in [["--proto", "=https"], ["--proto-redir", "=https"], ["--retry", "5"]] {
            assert!(words.windows(2).any(|words| words == pair), "{pair:?}");
        }
        assert!(words.contains(&"--fail".to_owned()));
    }
}

#[test]
fn a_download_with_another_sum_is_not_run() {
    for sum in
        [|real: &str| format!("{:0>64}", &real[1..]), |real: &str| real[..63].to_owned(), |_: &str| "x".to_owned()]
    {
        let (job, done) = download("Linux", "x86_64", "x86_64-unknown-linux-musl", sum);
        done.expect(3, "failed", &["It was not run and nothing was checked.", "has the sha256"]);
        assert_eq!(calls(&job), []);
        assert!(!job.temp().join("annexa/bin/annexa").exists());
    }
}

/// Rows for the system that the tests run on, with a sum that nothing has.
fn listed_here() -> (tempfile::TempDir, PathBuf) {
    checkout(&format!("{} 1.2.3 x86_64-unknown-linux-musl https://example.org/x\n", "0".repeat(64)))
}

const LINUX: &str = "case $1 in -s) echo Linux ;; -m) echo x86_64 ;; esac";

#[test]
fn a_download_that_fails_is_told_and_nothing_is_built() {
    let (_folder, action) = listed_here();
    let job = Job::with_action(&action).tool("uname", LINUX).tool("cargo", "touch \"$HOME/built\"");
    let gone = "curl is missing, so the release cannot be downloaded. Nothing was checked. Install curl";
    job.run().expect(3, "failed", &[gone]);
    let job = job.tool("curl", "echo 'curl: (6) ::error::gone' >&2; exit 6");
    let done = job.run();
    done.expect(3, "failed", &["The release could not be downloaded from https://example.org/x.", "curl: (6)"]);
    assert_eq!(done.orders.len(), 1, "{:#?}", done.orders);
    assert!(!job.path("built").exists());
}

#[test]
fn a_sum_is_made_with_what_the_system_has() {
    let (_folder, action) = listed_here();
    let curl = "while [ $# -gt 1 ]; do [ \"$1\" = --output ] && echo >\"$2\"; shift; done";
    let mut job = Job::with_action(&action).tool("uname", LINUX).tool("curl", curl);
    for tool in ["sha256sum", "shasum"] {
        job = job.tool(tool, "echo sum").without(tool);
    }
    job.run().expect(3, "failed", &["Neither sha256sum nor shasum is there"]);
    let zeros = format!("[ \"$1 $2\" = '-a 256' ] && echo '{}  -'", "0".repeat(64));
    // The sum fits, and what it is of is an empty script.
    job.tool("shasum", &zeros).run().expect(3, "failed", &["annexa broke down with exit code 0"]);
}

#[test]
fn a_version_or_a_system_without_a_release_is_built() {
    let sum = "0".repeat(64);
    let rows = [
        String::new(),
        format!("{sum} 1.2.2 x86_64-unknown-linux-musl https://example.org/x\n"),
        format!("{sum} 1.2.3 x86_64-apple-darwin https://example.org/x\n"),
        format!("# {sum} 1.2.3 x86_64-unknown-linux-musl https://example.org/x\n"),
        format!("#{sum} 1.2.3 x86_64-unknown-linux-musl https://example.org/x\n"),
    ];
    for row in rows {
        let (_folder, action) = checkout(&row);
        let job = Job::with_action(&action).tool("uname", LINUX);
        let program = fake(&job);
        let build = format!(
            "printf '%s\\0' \"${{INPUT_TOKEN-}}${{GITHUB_TOKEN--}}\" \"$PWD\" \"$@\" >\"$HOME/cargo\"\n\
             mkdir -p \"$6/bin\" && cat '{0}' >\"$6/bin/annexa\" && chmod +x \"$6/bin/annexa\"\necho '::error::gone'",
            program.display()
        );
        let job = job.tool("cargo", &build).env("GITHUB_TOKEN", "of the job");
        let done = job.run();
        done.expect(0, "findings", &["lists no release of 1.2.3 for Linux x86_64, so annexa is built", "some minutes"]);
        assert_eq!(done.messages("error"), <[&str; 0]>::default());
        let call = call(&job.path("cargo")).expect("cargo was called");
        let (action, root) = (action.to_str().expect("a name"), job.temp().join("annexa"));
        assert_eq!(call.words, ["install", "--locked", "--path", action, "--root", root.to_str().expect("a name")]);
        // A rust-toolchain.toml of the workspace must not choose what runs.
        assert_eq!(call.folder, Path::new(action).canonicalize().expect("it is there"));
        assert_eq!(call.token, "-");
    }
}

#[test]
fn without_a_release_and_without_cargo_it_says_what_to_install() {
    let (_folder, action) = checkout("");
    let done = Job::with_action(&action).run();
    done.expect(3, "failed", &["and cargo is missing. Nothing was checked. Install Rust 1.91 or newer, or give"]);
}

#[test]
fn a_build_that_fails_is_told() {
    let (_folder, action) = checkout("");
    let done = Job::with_action(&action).tool("cargo", "echo 'error: no linker'; exit 101").run();
    done.expect(
        3,
        "failed",
        &["error: no linker", "annexa could not be built. Nothing was checked. It needs Rust 1.91"],
    );
}

#[test]
fn the_list_of_releases_of_this_checkout_is_well_formed() {
    let text = fs::read_to_string(Path::new(ROOT).join("action/checksums.txt")).expect("a file");
    for row in text.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<_> = row.split(' ').collect();
        let [sum, version, target, address] = words[..] else { panic!("{row}") };
        assert!(sum.len() == 64 && sum.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{row}");
        let suffix = if target.contains("windows") { ".exe" } else { "" };
        assert!(
            address.starts_with("https://")
                && address.ends_with(&format!("/v{version}/annexa-{version}-{target}{suffix}")),
            "{row}"
        );
    }
}
