//! What is wrong with an id that is no control or no clause, and what is probably meant.

use super::clauses::{CLAUSES, Clause};
use super::controls::{CONTROLS, Control, GROUPS, control, group};
use super::normalise::{clause_id, normalise};

/// Why an id is no control, or no clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdProblem {
    /// It is a group of controls, or a clause with parts: name these instead.
    Group {
        /// The ids below it.
        controls: Vec<&'static str>,
    },
    /// It is the objective of a group.
    Objective {
        /// The group.
        group: &'static str,
    },
    /// It is a number of Annex B, the guidance on the control of the same number.
    AnnexB {
        /// The control.
        control: &'static str,
    },
    /// It is a clause where a control is asked for.
    Clause {
        /// The clause.
        clause: &'static str,
    },
    /// It is a control where a clause is asked for.
    Control {
        /// The control.
        control: &'static str,
    },
    /// It lies in the range of another numbering, such as ISO/IEC 27001: the whole list may be one.
    OtherScheme,
    /// Nothing has this id.
    Unknown {
        /// Ids that are written alike, the most likely first; at most three.
        near: Vec<&'static str>,
    },
}

impl IdProblem {
    /// What is wrong with `id`, in one sentence without a full stop.
    pub fn message(&self, id: &str) -> String {
        match self {
            IdProblem::Group { .. } => format!("`{id}` is a group, not a control"),
            IdProblem::Objective { group } => format!("`{id}` is the objective of {group}, not a control"),
            IdProblem::AnnexB { control } => format!("`{id}` is the guidance in Annex B on {control}, not a control"),
            IdProblem::Clause { .. } => format!("`{id}` is a clause, not a control"),
            IdProblem::Control { .. } => format!("`{id}` is a control, not a clause"),
            IdProblem::OtherScheme => {
                format!("`{id}` is not in Annex A of ISO/IEC 42001:2023; it looks like another numbering")
            }
            IdProblem::Unknown { .. } => format!("ISO/IEC 42001:2023 has no `{id}`"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            IdProblem::Group { controls } => format!("name what is meant: {}", controls.join(", ")),
            IdProblem::Objective { group: id } => {
                let controls: Vec<_> = group(id).into_iter().flat_map(|g| g.controls()).map(|c| c.id).collect();
                format!("name what is meant: {}", controls.join(", "))
            }
            IdProblem::AnnexB { control } => format!("write `{control}`"),
            IdProblem::Clause { .. } => "write it under `clauses`".into(),
            IdProblem::Control { .. } => "write it under `controls`".into(),
            IdProblem::OtherScheme => {
                "ISO/IEC 27001 and some public lists number other controls like this; compare titles, not only numbers"
                    .into()
            }
            IdProblem::Unknown { near } if near.is_empty() => {
                "controls run from A.2.2 to A.10.4, clauses from 4.1 to 10.2".into()
            }
            IdProblem::Unknown { near } => {
                let near: Vec<_> = near.iter().map(|id| format!("`{id}`")).collect();
                format!("did you mean {}?", near.join(" or "))
            }
        }
    }
}

/// Whether `id` is meant as the organisation's own control: letters other than A and B in front, as in
/// `X-1`. A Statement of Applicability may list such controls besides the 38.
pub fn is_own_control(id: &str) -> bool {
    let id = id.trim();
    let letters = id.find(|c: char| !c.is_alphabetic()).unwrap_or(id.len());
    let prefix = &id[..letters];
    let number = id[letters..].trim_start_matches(['-', '.', ' ', '_']);
    !prefix.is_empty()
        && !matches!(prefix, "A" | "a" | "B" | "b")
        && !prefix.eq_ignore_ascii_case("iso")
        && !prefix.eq_ignore_ascii_case("clause")
        && number.starts_with(|c: char| c.is_ascii_digit())
}

/// The control of this id, in any usual spelling.
///
/// # Errors
/// When there is none; says what the id is instead, or what is probably meant.
pub fn check_control(id: &str) -> Result<&'static Control, IdProblem> {
    if let Some(control) = control(id) {
        return Ok(control);
    }
    if let Some(group) = group(id) {
        return Err(IdProblem::Group { controls: group.controls().map(|control| control.id).collect() });
    }
    let Some(normal) = normalise(id) else {
        return Err(match clause_id(id).and_then(|number| find_clause(&number)) {
            Some(clause) => IdProblem::Clause { clause: clause.id },
            None => IdProblem::Unknown { near: near_controls(id.trim()) },
        });
    };
    if let Some(number) = normal.strip_prefix('B') {
        return Err(match control(&format!("A{number}")) {
            Some(control) => IdProblem::AnnexB { control: control.id },
            None => IdProblem::Unknown { near: near_controls(&format!("A{number}")) },
        });
    }
    if let Some(group) = GROUPS.iter().find(|group| group.objective == Some(&*normal)) {
        return Err(IdProblem::Objective { group: group.id });
    }
    if is_other_scheme(&normal) {
        return Err(IdProblem::OtherScheme);
    }
    Err(IdProblem::Unknown { near: near_controls(&normal) })
}

/// The clause of this id; `6.1.3(f)` is read as `6.1.3`.
///
/// # Errors
/// When there is none; says what the id is instead, or what is probably meant.
pub fn check_clause(id: &str) -> Result<&'static Clause, IdProblem> {
    if let Some(control) = control(id) {
        return Err(IdProblem::Control { control: control.id });
    }
    let Some(number) = clause_id(id) else {
        return Err(IdProblem::Unknown { near: Vec::new() });
    };
    if let Some(clause) = find_clause(&number) {
        return Ok(clause);
    }
    let below: Vec<_> =
        CLAUSES.iter().map(|clause| clause.id).filter(|id| parts(id).starts_with(&parts(&number))).collect();
    if below.is_empty() {
        let near = near(&number, CLAUSES.iter().map(|clause| clause.id));
        return Err(IdProblem::Unknown { near });
    }
    Err(IdProblem::Group { controls: below })
}

fn find_clause(number: &str) -> Option<&'static Clause> {
    CLAUSES.iter().find(|clause| clause.id == number)
}

/// Ids beyond Annex A that other lists use: ISO/IEC 27001:2022 (A.5.1 to A.8.34), its 2013 edition
/// (A.5.1.1 to A.18.2.3), and products that number the 42001 annex after it (A.5.1.1 to A.11.x).
fn is_other_scheme(id: &str) -> bool {
    match parts(id)[..] {
        [5..=8, number] => number >= 1,
        [11..=18, ..] => true,
        [domain, _, _] => (5..=10).contains(&domain) && domain != 6,
        _ => false,
    }
}

/// The numbers of an id: `A.6.2.4` has 6, 2 and 4.
fn parts(id: &str) -> Vec<u32> {
    id.split('.').filter_map(|part| part.parse().ok()).collect()
}

fn near_controls(text: &str) -> Vec<&'static str> {
    // A wildcard stands for its whole group.
    let stem = text.trim_end_matches(['x', 'X', '*', '.']);
    if stem.len() < text.len()
        && let Some(group) = group(stem)
    {
        return group.controls().map(|control| control.id).take(3).collect();
    }
    if let Some(control) = CONTROLS.iter().find(|control| control.title.eq_ignore_ascii_case(text)) {
        return vec![control.id];
    }
    near(text, CONTROLS.iter().map(|control| control.id))
}

/// At most three ids that differ by at most two letters: same beginning first, then fewest letters,
/// then nearest last number.
fn near(id: &str, all: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let wanted = parts(id);
    let mut found: Vec<_> = all
        .filter_map(|other| {
            let letters = strsim::damerau_levenshtein(id, other);
            let own = parts(other);
            let shared = own.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
            let last = own.last().zip(wanted.last()).map_or(0, |(a, b)| a.abs_diff(*b));
            (letters <= 2).then_some((std::cmp::Reverse(shared), letters, last, other))
        })
        .collect();
    found.sort();
    found.into_iter().take(3).map(|(.., id)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(near: &[&'static str]) -> IdProblem {
        IdProblem::Unknown { near: near.to_vec() }
    }

    fn group_of(controls: &[&'static str]) -> IdProblem {
        IdProblem::Group { controls: controls.to_vec() }
    }

    #[test]
    fn wrong_control_ids_of_public_lists_get_their_own_answer() {
        let table = [
            ("A.5.1", IdProblem::Objective { group: "A.5" }),
            ("A.4.1", IdProblem::Objective { group: "A.4" }),
            ("A.9.1", IdProblem::Objective { group: "A.9" }),
            ("A.6.2.1", IdProblem::Objective { group: "A.6.2" }),
            ("A.6.1", group_of(&["A.6.1.2", "A.6.1.3"])),
            ("ISO-42001-A.6.1", group_of(&["A.6.1.2", "A.6.1.3"])),
            ("A.7", group_of(&["A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6"])),
            ("A.7.x", unknown(&["A.7.2", "A.7.3", "A.7.4"])),
            ("A.8.x", unknown(&["A.8.2", "A.8.3", "A.8.4"])),
            ("ISO-42001-A.8.6", IdProblem::OtherScheme),
            ("A.5.7", IdProblem::OtherScheme),
            ("A.5.8", IdProblem::OtherScheme),
            ("A.6.8", IdProblem::OtherScheme),
            ("A.7.14", IdProblem::OtherScheme),
            ("A.5.1.1", IdProblem::OtherScheme),
            ("A.9.2.1", IdProblem::OtherScheme),
            ("A.11.1.1", IdProblem::OtherScheme),
            ("A.6.2.9", unknown(&["A.6.2.8", "A.6.2.7", "A.6.2.6"])),
            ("A.6.1.4", unknown(&["A.6.1.3", "A.6.1.2", "A.6.2.4"])),
            ("A.9.5", unknown(&["A.9.4", "A.9.3", "A.9.2"])),
            ("A.10.5", unknown(&["A.10.4", "A.10.3", "A.10.2"])),
            ("A.2.5", unknown(&["A.2.4", "A.2.3", "A.2.2"])),
            ("B.7.2", IdProblem::AnnexB { control: "A.7.2" }),
            ("8.2", IdProblem::Clause { clause: "8.2" }),
            ("6.1.4", IdProblem::Clause { clause: "6.1.4" }),
            ("Data provenance", unknown(&["A.7.5"])),
            ("Art. 52", unknown(&[])),
            ("", unknown(&[])),
        ];
        for (id, expected) in table {
            assert_eq!(check_control(id), Err(expected), "{id}");
        }
    }

    #[test]
    fn wrong_clause_ids_of_public_lists_get_their_own_answer() {
        let table = [
            ("8.5", unknown(&["8.4", "8.3", "8.2"])),
            ("10.10", unknown(&["10.1", "10.2"])),
            ("10.3", unknown(&["10.2", "10.1"])),
            ("5.4", unknown(&["5.3", "5.2", "5.1"])),
            ("6.4", unknown(&["6.3", "6.2"])),
            ("6.1", group_of(&["6.1.1", "6.1.2", "6.1.3", "6.1.4"])),
            ("9.2", group_of(&["9.2.1", "9.2.2"])),
            ("A.5.2", IdProblem::Control { control: "A.5.2" }),
            ("risk", unknown(&[])),
        ];
        for (id, expected) in table {
            let problem = check_clause(id).expect_err(id);
            if let (IdProblem::Unknown { near: found }, IdProblem::Unknown { near: first }) = (&problem, &expected) {
                assert!(found.starts_with(first), "{id}: {found:?}");
            } else {
                assert_eq!(problem, expected, "{id}");
            }
        }
    }

    #[test]
    fn every_id_of_the_tables_is_right() {
        for control in CONTROLS {
            assert_eq!(check_control(control.id), Ok(control));
        }
        for clause in CLAUSES {
            assert_eq!(check_clause(clause.id), Ok(clause));
        }
        assert_eq!(CLAUSES.len(), 32);
        assert_eq!(check_clause("6.1.3(f)").map(|clause| clause.id), Ok("6.1.3"));
    }

    #[test]
    fn messages_say_what_it_is_and_what_to_write() {
        let table = [
            ("A.6.2.1", "`A.6.2.1` is the objective of A.6.2, not a control", "name what is meant: A.6.2.2, A.6.2.3,"),
            ("A.6.1", "`A.6.1` is a group, not a control", "name what is meant: A.6.1.2, A.6.1.3"),
            ("A.9.5", "ISO/IEC 42001:2023 has no `A.9.5`", "did you mean `A.9.4` or `A.9.3` or `A.9.2`?"),
            ("A.8.6", "`A.8.6` is not in Annex A of ISO/IEC 42001:2023", "ISO/IEC 27001"),
        ];
        for (id, message, help) in table {
            let problem = check_control(id).expect_err(id);
            assert!(problem.message(id).starts_with(message), "{}", problem.message(id));
            assert!(problem.help().starts_with(help), "{}", problem.help());
        }
    }

    #[test]
    fn own_controls_have_another_prefix() {
        for (id, expected) in [
            ("X-1", true),
            ("SEC.4", true),
            ("A.99", false),
            ("b.2", false),
            ("6.1", false),
            ("ISO 42001 A.7", false),
            ("none", false),
        ] {
            assert_eq!(is_own_control(id), expected, "{id}");
        }
    }
}
