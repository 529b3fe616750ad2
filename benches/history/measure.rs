//! What processes use, as the system counts it when they have ended.
//!
//! The system adds up the children of a process, so that each measurement needs a process of its own to
//! be their parent: this program, called once more. It is small, since a child's peak begins with the
//! memory that its parent has when it starts it.

use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Commands that are run one after the other and measured as one.
#[derive(Serialize, Deserialize)]
struct Job {
    commands: Vec<Vec<String>>,
    figures: PathBuf,
}

/// What the commands of a job used.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Figures {
    /// From the start of each command to its end, in seconds, added up.
    pub wall: f64,
    /// What the system counted; nothing where it is not asked (on other systems than Unix).
    pub used: Option<Used>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Used {
    /// User and system time in seconds, added up.
    pub cpu: f64,
    /// Peak memory of the largest process in MiB, pages of files included.
    pub peak: f64,
}

impl Figures {
    /// What `share` times as many commands of the same kind would use.
    pub fn scaled(self, share: f64) -> Figures {
        Figures { wall: self.wall * share, used: self.used.map(|used| Used { cpu: used.cpu * share, ..used }) }
    }

    /// What runs and rows are compared by: CPU, which does not depend on what else runs, or else wall time.
    pub fn cost(&self) -> f64 {
        self.used.map_or(self.wall, |used| used.cpu)
    }
}

/// Runs the commands `runs` times and gives the run with the least CPU, and what they wrote.
pub fn best(commands: &[Vec<String>], runs: usize, work: &Path) -> Result<(Figures, Vec<u8>), String> {
    let failed = |error: std::io::Error| format!("a measurement failed: {error}");
    let (job, output, figures) = (work.join("job"), work.join("output"), work.join("figures"));
    let described = Job { commands: commands.to_vec(), figures: figures.clone() };
    fs::write(&job, serde_json::to_vec(&described).map_err(|error| failed(error.into()))?).map_err(failed)?;
    let mut best: Option<Figures> = None;
    for _ in 0..runs.max(1) {
        let status = Command::new(std::env::current_exe().map_err(failed)?)
            .arg("--measured")
            .arg(&job)
            .stdout(File::create(&output).map_err(failed)?)
            .status()
            .map_err(failed)?;
        if !status.success() {
            return Err(format!("`{}` and what follows it cannot be measured", commands[0].join(" ")));
        }
        let read = fs::read(&figures).map_err(failed)?;
        let run: Figures = serde_json::from_slice(&read).map_err(|error| failed(error.into()))?;
        best = best.filter(|best| best.cost() <= run.cost()).or(Some(run));
    }
    Ok((best.expect("there is one run at least"), fs::read(&output).map_err(failed)?))
}

/// Runs the commands of a job, with their output on this process's own, and writes what they used.
pub fn relay(job: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", job.display());
    let read = fs::read(job).map_err(failed)?;
    let job: Job = serde_json::from_slice(&read).map_err(|error| format!("the job cannot be read: {error}"))?;
    let mut wall = 0.0;
    for command in &job.commands {
        let mut process = super::git::quiet(&command[0]);
        process.args(&command[1..]).stdin(Stdio::null());
        let began = Instant::now();
        let status = process.status().map_err(|error| format!("`{}` does not start: {error}", command[0]))?;
        wall += began.elapsed().as_secs_f64();
        if !status.success() {
            return Err(format!("`{}` ends with {status}", command.join(" ")));
        }
    }
    let figures = Figures { wall, used: children()? };
    let text = serde_json::to_vec(&figures).map_err(|error| format!("the figures cannot be written: {error}"))?;
    fs::write(&job.figures, text).map_err(|error| format!("{}: {error}", job.figures.display()))
}

/// What all children that have ended used.
#[cfg(unix)]
fn children() -> Result<Option<Used>, String> {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| format!("the system does not count: {error}"))?;
    let seconds =
        [usage.user_time(), usage.system_time()].map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6);
    // macOS counts bytes, others KiB.
    let unit = if cfg!(target_os = "macos") { 1024.0 * 1024.0 } else { 1024.0 };
    Ok(Some(Used { cpu: seconds.iter().sum(), peak: usage.max_rss() as f64 / unit }))
}

#[cfg(not(unix))]
fn children() -> Result<Option<Used>, String> {
    Ok(None)
}
