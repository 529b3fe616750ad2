//! Trailers: the `Key: value` lines that end a commit message.

/// Lines that git and its hosts write themselves: with one of them, a paragraph may hold other text too.
const OWN: [&str; 2] = ["Signed-off-by: ", "(cherry picked from commit "];

/// The trailers of a message in their order, as `git interpret-trailers --parse` finds them. They are
/// text that anybody can write.
pub fn trailers(message: &str) -> Vec<(String, String)> {
    let message = before_divider(message);
    // Comments are no part of a message; a paragraph that is the title is none of trailers.
    let lines: Vec<&str> = message.lines().map(str::trim_end).collect();
    let end = lines.iter().rposition(|line| !line.is_empty() && !line.starts_with('#')).map_or(0, |at| at + 1);
    let start = lines[..end].iter().rposition(|line| line.is_empty()).map_or(0, |at| at + 1);
    if lines[..start].iter().all(|line| line.is_empty()) {
        return Vec::new();
    }
    let mut found: Vec<(String, String)> = Vec::new();
    let (mut others, mut own, mut continues) = (0, false, false);
    for line in lines[start..end].iter().filter(|line| !line.starts_with('#')) {
        own |= OWN.iter().any(|own| line.starts_with(own));
        if line.starts_with([' ', '\t']) {
            match found.last_mut().filter(|_| continues) {
                Some((_, value)) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                None => others += 1,
            }
            continue;
        }
        continues = true;
        match trailer(line) {
            Some(trailer) => found.push(trailer),
            None if line.starts_with(OWN[1]) => continues = false,
            None => {
                others += 1;
                continues = false;
            }
        }
    }
    // Git takes a paragraph with other text for trailers where a quarter of it is and one line is its own.
    if others == 0 || own && found.len() * 3 >= others { found } else { Vec::new() }
}

/// A patch may follow a message after `---`.
fn before_divider(message: &str) -> &str {
    let mut at = 0;
    for line in message.split_inclusive('\n') {
        if line.strip_prefix("---").is_some_and(|rest| rest.starts_with(char::is_whitespace)) {
            return &message[..at];
        }
        at += line.len();
    }
    message
}

fn trailer(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim_end();
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    is_key.then(|| (key.to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::trailers;

    #[test]
    fn trailers_are_the_last_paragraph() {
        let table: [(&str, &[(&str, &str)]); 8] = [
            (
                "Subject\n\nReviewed-by: A <a@x>\nSigned-off-by: B <b@x>\n",
                &[("Reviewed-by", "A <a@x>"), ("Signed-off-by", "B <b@x>")],
            ),
            ("Subject\n\nText\n\nApproved-by: C\n\n", &[("Approved-by", "C")]),
            ("Fix: this is the title", &[]),
            ("Subject\n\nNote: the second\nparagraph is text.\n", &[]),
            ("Subject\n\nSigned-off-by: B\nwith other text\n", &[("Signed-off-by", "B")]),
            ("Subject\n\nAcked-by: A\n  and others\n", &[("Acked-by", "A and others")]),
            ("Subject\n\nKey: value\n---\n diff\n", &[("Key", "value")]),
            ("", &[]),
        ];
        for (message, expected) in table {
            let found = trailers(message);
            let found: Vec<(&str, &str)> = found.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            assert_eq!(found, expected, "{message:?}");
        }
    }
}
