//! Names of objects.

use std::fmt;
use std::hash::{Hash, Hasher};

/// The SHA-1 name of an object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(pub [u8; Id::BYTES]);

/// An id is a hash already, and nobody makes many that begin with the same eight bytes.
impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        state.write_u64(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
    }
}

impl Id {
    /// Bytes of an id.
    pub const BYTES: usize = 20;

    /// Reads 40 hexadecimal digits.
    pub fn parse(hex: &[u8]) -> Option<Id> {
        if hex.len() != 2 * Id::BYTES {
            return None;
        }
        let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
        let mut bytes = [0; Id::BYTES];
        for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Id(bytes))
    }

    /// The first seven digits, as people write it.
    pub fn short(self) -> String {
        let mut hex = self.to_string();
        hex.truncate(7);
        hex
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let hex = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(Id::parse(hex.as_bytes()).map(|id| id.to_string()).as_deref(), Some(hex));
        assert_eq!(Id::parse(&hex.as_bytes()[1..]), None);
        assert_eq!(Id::parse(b"g123456789abcdef0123456789abcdef01234567"), None);
    }
}
