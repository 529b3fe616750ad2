//! Schemas for editors: what `init` writes begins with a line that language servers for YAML take the
//! schema from, and the schema lies in the repository, so that it fits the version that wrote it.

use crate::document::Kind;
use crate::embedded::SCHEMAS;
use crate::io::disk::{self, WriteError};
use crate::io::root::Root;
use std::path::{Component, Path, PathBuf};

/// The folder of the schemas, from the root.
pub const FOLDER: &str = ".annexa/schemas";

/// The first line of a file, and the schema that it names.
pub struct Reference {
    /// The line, with its end.
    pub line: String,
    /// Where the schema lies and its text; nothing where it is a file of the repository already.
    file: Option<(PathBuf, &'static str)>,
}

impl Reference {
    /// For a file of this name below `root`, written from the folder `root` was found from, that has a
    /// shipped schema. Nothing for a file outside of the root, or in a syntax without comments.
    pub fn shipped(root: &Root, file: &Path, schema: &str) -> Option<Reference> {
        let name = format!("{schema}.schema.json");
        let (_, text) = SCHEMAS.iter().find(|(path, _)| *path == name)?;
        let path = format!("{FOLDER}/{name}");
        let line = line(root, file, &path)?;
        Some(Reference { line, file: Some((root.path.join(path), text)) })
    }

    /// For a document of a kind. The schemas of foreign formats say what policies see, not how the
    /// format is written, so they are none for editors.
    pub fn of_kind(root: &Root, file: &Path, kind: &Kind) -> Option<Reference> {
        if kind.foreign {
            return None;
        }
        match kind.origin.as_str() {
            "built-in" => Reference::shipped(root, file, &kind.id),
            own => Some(Reference { line: line(root, file, own)?, file: None }),
        }
    }

    /// Writes the schema. Those of an older version are renewed: they are annexa's own.
    ///
    /// # Errors
    /// When something else is there, or the system refuses.
    pub fn write(&self) -> Result<(), WriteError> {
        let Some((path, text)) = &self.file else { return Ok(()) };
        let own = match (path.parent(), path.file_name().and_then(|name| name.to_str())) {
            (Some(folder), Some(name)) => disk::read_below(folder, name, 1 << 20)
                .is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains("\"$id\": \"annexa:")),
            _ => false,
        };
        disk::write(path, text.as_bytes(), own)
    }
}

fn line(root: &Root, file: &Path, schema: &str) -> Option<String> {
    let yaml = file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let depth = parts(root, file)?.len().checked_sub(1)?;
    yaml.then(|| format!("# yaml-language-server: $schema={}{schema}\n", "../".repeat(depth)))
}

/// The parts of the path of a file from the root, written from the folder `root` was found from; nothing
/// where it lies outside.
pub fn parts(root: &Root, file: &Path) -> Option<Vec<String>> {
    let below = match file.strip_prefix(&root.path) {
        Ok(below) => below.to_path_buf(),
        Err(_) if file.is_absolute() => return None,
        Err(_) => Path::new(root.narrowed_to.as_deref().unwrap_or("")).join(file),
    };
    let mut parts = Vec::new();
    for part in below.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_str()?.to_owned()),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_leads_from_the_file_to_the_schema() {
        let root = |narrowed: Option<&str>| Root {
            path: PathBuf::from("/r"),
            narrowed_to: narrowed.map(str::to_owned),
            config: None,
        };
        let table = [
            (None, "soa.yaml", Some("")),
            (None, "a/b/soa.yml", Some("../../")),
            (Some("x"), "soa.yaml", Some("../")),
            (Some("x"), "../soa.yaml", Some("")),
            (Some("x"), "../../soa.yaml", None),
            (None, "/r/a/soa.yaml", Some("../")),
            (None, "/elsewhere/soa.yaml", None),
            (None, "card.md", None),
        ];
        for (narrowed, file, expected) in table {
            let made = Reference::shipped(&root(narrowed), Path::new(file), "soa").map(|r| r.line);
            let expected =
                expected.map(|up| format!("# yaml-language-server: $schema={up}.annexa/schemas/soa.schema.json\n"));
            assert_eq!(made, expected, "{file} from {narrowed:?}");
        }
    }
}
