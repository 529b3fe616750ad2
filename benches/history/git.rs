//! The git program, with nothing of this machine's settings.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command that no variable and no configuration file of the machine changes the behaviour of.
pub fn quiet(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    let nowhere = std::env::temp_dir().join("annexa-bench-no-such-file");
    command.envs([("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C")]).env("GIT_CONFIG_GLOBAL", nowhere);
    command
}

/// A bare repository.
pub struct Git {
    folder: PathBuf,
}

impl Git {
    /// An empty repository.
    pub fn new(folder: &Path) -> Result<Git, String> {
        let git = Git { folder: folder.to_path_buf() };
        finished(quiet("git").args(["init", "--quiet", "--bare"]).arg(folder))?;
        Ok(git)
    }

    /// The one that is there.
    pub fn at(folder: &Path) -> Git {
        Git { folder: folder.to_path_buf() }
    }

    /// A clone that has no objects of its own and no commit-graph.
    pub fn borrowing(source: &Path, folder: &Path) -> Result<Git, String> {
        finished(quiet("git").args(["clone", "--quiet", "--bare", "--shared"]).args([source, folder]))?;
        Ok(Git::at(folder))
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A command that works on this repository.
    pub fn command(&self) -> Command {
        let mut command = quiet("git");
        command.arg("--git-dir").arg(&self.folder);
        command
    }

    /// Runs a command to its end and gives what it writes.
    pub fn run(&self, arguments: &[&str]) -> Result<String, String> {
        finished(self.command().args(arguments))
    }

    /// The files at the head, in order. Names that are no UTF-8 or have a line break are left out.
    pub fn paths(&self) -> Result<Vec<String>, String> {
        let listed = self.command().args(["ls-tree", "-r", "-z", "--name-only", "HEAD"]).output();
        let listed = listed.map_err(|error| format!("git does not start: {error}"))?.stdout;
        let names = listed.split(|&byte| byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
        let usable = |name: &&str| !name.is_empty() && !name.contains(['\n', '\t', '"', '\\']);
        let names: Vec<String> = names.filter(usable).map(str::to_owned).collect();
        if names.is_empty() { Err(format!("{} has no files at its head", self.folder.display())) } else { Ok(names) }
    }
}

fn finished(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("git does not start: {error}"))?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(said(&output.stdout)) } else { Err(said(&output.stderr)) }
}
