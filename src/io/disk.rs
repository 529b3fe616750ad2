//! Reading and writing single files.

use crate::facts::ReadError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Why a file was not written. Nothing is left behind half written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// It is there already and must not be replaced.
    #[error("`{0}` exists already and is not replaced, so that nothing is lost; move it away, or ask to overwrite it")]
    Exists(String),
    /// The path names a folder.
    #[error("`{0}` is a folder, so no file can be written there; add a file name")]
    Folder(String),
    /// The system refused.
    #[error("`{path}` cannot be written ({why}), so its content is lost; check the folder and its permissions")]
    Failed {
        /// The path as given.
        path: String,
        /// The reason of the system.
        why: String,
    },
}

/// Writes a file as a whole or not at all: into a temporary file beside it, which then takes its
/// name. Folders that are missing are made; a link is followed, so that its target is replaced.
/// Something that is no regular file, such as `/dev/stdout`, is written to as it is.
///
/// # Errors
/// When it exists and `overwrite` is false, when it is a folder, or when the system refuses.
pub fn write(path: &Path, bytes: &[u8], overwrite: bool) -> Result<(), WriteError> {
    let shown = crate::source::plain(&path.to_string_lossy());
    let failed = |error: io::Error| WriteError::Failed { path: shown.clone(), why: reason(&error) };
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(WriteError::Folder(shown)),
        Ok(_) if !overwrite => Err(WriteError::Exists(shown)),
        Ok(there) if there.is_file() && !is_stream(path) => {
            let target = path.canonicalize().map_err(failed)?;
            replace(&target, bytes, Some(there.permissions())).map_err(failed)
        }
        Ok(_) => OpenOptions::new().append(true).open(path).and_then(|mut file| file.write_all(bytes)).map_err(failed),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if path.file_name().is_none() || path.to_string_lossy().ends_with('/') {
                return Err(WriteError::Folder(shown));
            }
            if path.is_symlink() {
                return Err(WriteError::Failed { path: shown, why: "it is a link to nothing".to_owned() });
            }
            let folder = path.parent().unwrap_or(Path::new(""));
            if !folder.as_os_str().is_empty() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            replace(path, bytes, None).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}

/// Whether the path names an open stream: standard output that is redirected into a file looks like
/// a regular file, and replacing that would lose what else is written to it.
fn is_stream(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

fn replace(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.{}.tmp", unique()));
    let written = OpenOptions::new().write(true).create_new(true).open(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.sync_all()?;
        fs::rename(&temporary, path)
    });
    if written.is_err() {
        // The first error is the one to report; a temporary file that cannot be removed changes nothing.
        fs::remove_file(&temporary).ok();
    }
    written
}

/// Adds to the end of a file that others write to as well, and makes it where it is not there.
///
/// # Errors
/// When the system refuses, or the file would be larger than `limit` bytes: then nothing is added.
pub fn append(path: &Path, bytes: &[u8], limit: usize) -> Result<(), WriteError> {
    let shown = crate::source::plain(&path.to_string_lossy());
    let failed = |why: String| WriteError::Failed { path: shown.clone(), why };
    let there = fs::metadata(path).map(|about| about.len()).unwrap_or(0);
    if there.saturating_add(bytes.len() as u64) > limit as u64 {
        return Err(failed(format!(
            "with {there} bytes in it already it would be larger than the {limit} that are shown"
        )));
    }
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(|error| failed(reason(&error)))
}

/// Whether `path` leads to a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Makes a new empty folder for temporary files and keeps it: whoever asked is told where it is.
///
/// # Errors
/// When the folder cannot be made.
pub fn temporary_folder(name: &str) -> Result<PathBuf, WriteError> {
    let path = std::env::temp_dir().join(format!("{name}-{}", unique()));
    let shown = crate::source::plain(&path.to_string_lossy());
    // `create_dir` fails where something of this name is there, so nobody else's folder is taken.
    fs::create_dir(&path)
        .and_then(|()| path.canonicalize())
        .map_err(|error| WriteError::Failed { path: shown, why: reason(&error) })
}

/// A part of a name that no other process and no earlier call has used.
fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}-{:x}", since.as_nanos(), std::process::id(), CALLS.fetch_add(1, Ordering::Relaxed))
}

/// Reads a file below `root`, which is absolute and has no link in it. Links are followed within
/// the root only, `.git` is never read, and what is no regular file is never opened: a named pipe
/// would hang the run.
///
/// # Errors
/// When it is missing, larger than `limit` bytes, leads out of the root, or may not be read.
pub fn read_below(root: &Path, path: &str, limit: usize) -> Result<Vec<u8>, ReadError> {
    let relative = Path::new(path);
    if !relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(ReadError::LeadsOut);
    }
    let real = root.join(relative).canonicalize().map_err(|error| read_error(&error))?;
    if !is_inside(root, &real) {
        return Err(ReadError::LeadsOut);
    }
    read_regular(&real, limit)
}

/// Whether `real`, a path without links, is below `root` and not part of a git folder.
pub(super) fn is_inside(root: &Path, real: &Path) -> bool {
    real.strip_prefix(root)
        .is_ok_and(|below| below.components().all(|part| !part.as_os_str().to_str().is_some_and(is_git_folder)))
}

/// Whether a file name is the one of git's own folder, on systems that ignore case too.
pub(super) fn is_git_folder(name: &str) -> bool {
    name.eq_ignore_ascii_case(".git")
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// When it is missing, no regular file, larger, or may not be read.
pub fn read_regular(path: &Path, limit: usize) -> Result<Vec<u8>, ReadError> {
    let about = fs::metadata(path).map_err(|error| read_error(&error))?;
    if about.is_dir() {
        return Err(ReadError::Denied("it is a folder".to_owned()));
    }
    if !about.is_file() {
        return Err(ReadError::Denied("it is not a regular file".to_owned()));
    }
    if about.len() > limit as u64 {
        return Err(ReadError::TooLarge(about.len()));
    }
    let file = File::open(path).map_err(|error| read_error(&error))?;
    let mut bytes = Vec::with_capacity(about.len() as usize + 1);
    // The file may have grown since its size was asked for, and some systems say 0 for all.
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| read_error(&error))?;
    if bytes.len() > limit { Err(ReadError::TooLarge(bytes.len() as u64)) } else { Ok(bytes) }
}

fn read_error(error: &io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::Missing,
        _ => ReadError::Denied(reason(error)),
    }
}

/// The reason of the system in plain words, without its error number.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

/// A relative path with `/` between its parts; `None` when it is not UTF-8.
pub fn slashed(relative: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::testing::Folder;

    fn listed(folder: &Folder) -> Vec<String> {
        let names = fs::read_dir(folder.path("")).expect("a folder");
        let mut names: Vec<_> = names.map(|e| e.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_written_with_its_folders_and_replaced_only_when_asked() {
        let folder = Folder::new();
        let path = folder.path("out/deep/report.json");
        write(&path, b"one", false).expect("a new file");
        assert_eq!(
            write(&path, b"two", false).map_err(|e| matches!(e, WriteError::Exists(_))),
            Err(true),
            "an existing file is kept"
        );
        assert_eq!(fs::read(&path).expect("the file"), b"one");
        write(&path, b"two", true).expect("asked for");
        assert_eq!(fs::read(&path).expect("the file"), b"two");
        assert_eq!(listed(&folder), ["out"]);
        assert_eq!(fs::read_dir(folder.path("out/deep")).expect("a folder").count(), 1, "no temporary file is left");
    }

    #[test]
    fn what_cannot_be_written_is_said_and_leaves_nothing() {
        let folder = Folder::new();
        folder.write("file", "kept");
        folder.write("folder/", "");
        assert_eq!(write(&folder.path("folder"), b"", true).map_err(|e| matches!(e, WriteError::Folder(_))), Err(true));
        assert_eq!(
            write(&folder.path("file/below"), b"", true).map_err(|e| matches!(e, WriteError::Failed { .. })),
            Err(true)
        );
        assert_eq!(listed(&folder), ["file", "folder"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = Folder::new();
        folder.write("real", "old");
        fs::set_permissions(folder.path("real"), fs::Permissions::from_mode(0o640)).expect("own file");
        symlink("real", folder.path("link")).expect("a link");
        write(&folder.path("link"), b"new", true).expect("writable");
        assert!(folder.path("link").is_symlink());
        assert_eq!(fs::read(folder.path("real")).expect("the file"), b"new");
        assert_eq!(fs::metadata(folder.path("real")).expect("the file").permissions().mode() & 0o777, 0o640);
        symlink("nothing", folder.path("dangling")).expect("a link");
        assert!(matches!(write(&folder.path("dangling"), b"", true), Err(WriteError::Failed { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        write(Path::new("/dev/null"), b"gone", true).expect("writable");
        assert!(!fs::metadata("/dev/null").expect("still there").is_file());
    }

    #[test]
    fn reading_keeps_to_the_root_and_to_the_limit() {
        let folder = Folder::new();
        folder.write("a/four", "1234");
        folder.write(".git/config", "secret");
        let root = folder.real("");
        let table = [
            ("a/four", 4, Ok(b"1234".to_vec())),
            ("./a/four", 4, Ok(b"1234".to_vec())),
            ("a/four", 3, Err(ReadError::TooLarge(4))),
            ("a/five", 9, Err(ReadError::Missing)),
            ("a/four/below", 9, Err(ReadError::Missing)),
            ("a", 9, Err(ReadError::Denied("it is a folder".to_owned()))),
            (".git/config", 9, Err(ReadError::LeadsOut)),
            ("a/../../x", 9, Err(ReadError::LeadsOut)),
            ("/etc/hostname", 9, Err(ReadError::LeadsOut)),
        ];
        for (path, limit, expected) in table {
            assert_eq!(read_below(&root, path, limit), expected, "{path}");
        }
        assert!(matches!(read_below(&root, "nul\0byte", 9), Err(ReadError::Denied(_))));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_within_the_root_and_devices_are_never_opened() {
        use std::os::unix::{fs::symlink, net::UnixListener};
        let (folder, outside) = (Folder::new(), Folder::new());
        folder.write("real", "here");
        outside.write("secret", "there");
        for (target, link) in [
            (PathBuf::from("real"), "inside"),
            (outside.path("secret"), "outside"),
            (PathBuf::from("loop"), "loop"),
            (PathBuf::from("nothing"), "broken"),
            (PathBuf::from("/dev/zero"), "zero"),
            (outside.path(""), "elsewhere"),
        ] {
            symlink(target, folder.path(link)).expect("a link");
        }
        let _socket = UnixListener::bind(folder.path("socket")).expect("a socket");
        let root = folder.real("");
        let table = [
            ("inside", Ok(b"here".to_vec())),
            ("outside", Err(ReadError::LeadsOut)),
            ("elsewhere/secret", Err(ReadError::LeadsOut)),
            ("zero", Err(ReadError::LeadsOut)),
            ("broken", Err(ReadError::Missing)),
            ("socket", Err(ReadError::Denied("it is not a regular file".to_owned()))),
        ];
        for (path, expected) in table {
            assert_eq!(read_below(&root, path, 100), expected, "{path}");
        }
        assert!(matches!(read_below(&root, "loop", 100), Err(ReadError::Denied(_))), "a link loop ends");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_without_read_permission_is_denied() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new();
        folder.write("closed", "x");
        fs::set_permissions(folder.path("closed"), fs::Permissions::from_mode(0o000)).expect("own file");
        let expected = match File::open(folder.path("closed")) {
            // The superuser reads everything.
            Ok(_) => Ok(b"x".to_vec()),
            Err(_) => Err(ReadError::Denied("permission denied".to_owned())),
        };
        assert_eq!(read_below(&folder.real(""), "closed", 9), expected);
    }

    #[test]
    fn temporary_folders_are_new_each_time() {
        let (one, two) = (temporary_folder("annexa-test"), temporary_folder("annexa-test"));
        let (one, two) = (one.expect("a folder"), two.expect("a folder"));
        assert_ne!(one, two);
        for folder in [one, two] {
            fs::remove_dir(folder).expect("an empty folder");
        }
    }
}
