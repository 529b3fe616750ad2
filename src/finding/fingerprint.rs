//! The stable name of a finding.

use super::Subject;
use sha2::{Digest, Sha256};

/// Changes when the way fingerprints are made changes.
const SCHEME: &str = "1";

/// What tells a finding from others across runs: 16 hexadecimal digits when it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Reads what [`Display`](std::fmt::Display) writes: 16 small hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        u64::from_str_radix(text, 16).ok().filter(|_| digits).map(Fingerprint)
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The fingerprint of a finding: rule, kind, subject, validation and item, never a line, a message
/// or the path of a file that has an id. Moving or renaming a file keeps it.
pub fn fingerprint(rule: &str, subject: &Subject, validation: Option<&str>, item: Option<&str>) -> Fingerprint {
    let mut hash = Sha256::new();
    for part in [SCHEME, rule, &subject.kind, &subject.id, validation.unwrap_or(""), item.unwrap_or("")] {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Fingerprint(u64::from_be_bytes(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(id: &str, path: &str) -> Subject {
        Subject { kind: "model-card".into(), id: id.into(), path: path.into() }
    }

    #[test]
    fn a_renamed_file_keeps_its_fingerprint_and_another_item_has_its_own() {
        let here = fingerprint("p", &subject("m", "a.md"), Some("v"), None);
        assert_eq!(here, fingerprint("p", &subject("m", "b.md"), Some("v"), None));
        assert_ne!(here, fingerprint("p", &subject("m", "a.md"), Some("v"), Some("i")));
        assert_ne!(here, fingerprint("p", &subject("n", "a.md"), Some("v"), None));
        assert_eq!(here.to_string().len(), 16);
    }

    #[test]
    fn what_is_written_reads_back_and_nothing_else_does() {
        let table =
            [("00ab34cd56ef7890", true), ("+0ab34cd56ef7890", false), ("00AB34CD56EF7890", false), ("0ab", false)];
        for (text, fits) in table {
            assert_eq!(Fingerprint::parse(text).map(|f| f.to_string()), fits.then(|| text.to_owned()), "{text}");
        }
    }
}
