//! URLs as text. Nothing is ever opened.

use super::{record, text_argument};
use crate::engine::cel::Value;
use fluent_uri::Uri;

/// A URL: what has a scheme, a host and, if one is written, a port that there can be.
fn parse(text: &str) -> Option<Uri<&str>> {
    let uri = Uri::parse(text).ok()?;
    uri.authority().filter(|authority| !authority.host().is_empty() && authority.port_to_u16().is_ok())?;
    Some(uri)
}

pub(super) fn is_url(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Bool(parse(text_argument(&args[0])?).is_some()))
}

pub(super) fn url(args: &[Value]) -> Result<Value, String> {
    let text = |text: &str| Value::Text(text.to_owned());
    let parts = parse(text_argument(&args[0])?).and_then(|uri| {
        let authority = uri.authority()?;
        Some(Box::new(record([
            ("scheme", Value::Text(uri.scheme().as_str().to_ascii_lowercase())),
            ("host", Value::Text(authority.host().to_ascii_lowercase())),
            ("port", Value::Int(i64::from(authority.port_to_u16().ok()?.unwrap_or(0)))),
            ("path", text(uri.path().as_str())),
            ("query", text(uri.query().map_or("", |query| query.as_str()))),
            ("fragment", text(uri.fragment().map_or("", |fragment| fragment.as_str()))),
        ])))
    });
    Ok(Value::Optional(parts))
}

pub(super) fn pinned_commit(args: &[Value]) -> Result<Value, String> {
    let found = parse(text_argument(&args[0])?).and_then(|uri| {
        let segments = uri.path().as_str().split('/').map(|segment| segment.rsplit('@').next().unwrap_or(segment));
        let query = uri.query().map_or("", |query| query.as_str());
        let values = query.split('&').filter_map(|pair| Some(pair.split_once('=')?.1));
        segments.chain(values).find(|part| is_object_id(part)).map(str::to_ascii_lowercase)
    });
    Ok(Value::Optional(found.map(|id| Box::new(Value::Text(id)))))
}

/// A full object id of git, SHA-1 or SHA-256. A short one may become ambiguous.
fn is_object_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_url_has_parts() {
        for (text, expected) in [
            ("https://example.org:65535/", true),
            ("https://example.org:/", true),
            ("https://example.org:99999/", false),
            ("https:///a", false),
            ("mailto:jane@example.org", false),
        ] {
            let args = [Value::Text(text.to_owned())];
            assert!(matches!(is_url(&args), Ok(Value::Bool(is)) if is == expected), "{text}");
            assert_eq!(matches!(url(&args), Ok(Value::Optional(Some(_)))), expected, "{text}");
        }
    }

    #[test]
    fn only_a_full_object_id_pins() {
        let id = "0123456789abcdef0123456789ABCDEF01234567";
        for (url, pinned) in [
            (format!("https://example.org/r/tree/{id}"), true),
            (format!("git+https://example.org/r@{id}"), true),
            (format!("https://example.org/r?rev={id}&x=1"), true),
            (format!("https://example.org/r#{id}"), false),
            (format!("https://example.org/r/{}", &id[..12]), false),
            (format!("https://example.org/r/x{id}"), false),
            (format!("r/tree/{id}"), false),
        ] {
            let found = pinned_commit(&[Value::Text(url.clone())]).expect("text was given");
            assert_eq!(matches!(found, Value::Optional(Some(_))), pinned, "{url}");
        }
    }
}
