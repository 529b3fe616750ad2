//! What the surroundings say: environment variables and terminals, read once and in one place.

use std::io::IsTerminal;

/// What a run takes from its surroundings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `NO_COLOR` is set and not empty (see no-color.org): no colour unless the command line asks for it.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set and not `0`: colour even where the output is no terminal.
    pub force_color: bool,
    /// `TERM=dumb`: a terminal that can neither colour nor move its cursor.
    pub dumb: bool,
    /// `CI` is set and neither `0` nor `false`: nobody is watching, so no progress is shown.
    pub ci: bool,
    /// `COLUMNS`: the width of the terminal in characters, where it is known and at least 20.
    pub columns: Option<usize>,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub stderr_is_terminal: bool,
}

impl Environment {
    /// Reads the surroundings of this process.
    pub fn read() -> Self {
        let mut environment = Environment::of(variable);
        environment.stdout_is_terminal = std::io::stdout().is_terminal();
        environment.stderr_is_terminal = std::io::stderr().is_terminal();
        environment
    }

    fn of(get: impl Fn(&str) -> Option<String>) -> Self {
        Environment {
            no_color: get("NO_COLOR").is_some(),
            force_color: get("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb: get("TERM").is_some_and(|value| value == "dumb"),
            ci: get("CI").is_some_and(|value| value != "0" && !value.eq_ignore_ascii_case("false")),
            columns: get("COLUMNS").and_then(|value| value.parse().ok()).filter(|columns| *columns >= 20),
            stdout_is_terminal: false,
            stderr_is_terminal: false,
        }
    }

    /// Whether standard output gets colour when the command line leaves it open.
    pub fn colors_stdout(&self) -> bool {
        self.colors(self.stdout_is_terminal)
    }

    /// Whether standard error gets colour when the command line leaves it open.
    pub fn colors_stderr(&self) -> bool {
        self.colors(self.stderr_is_terminal)
    }

    /// Whether progress may be drawn on standard error.
    pub fn shows_progress(&self) -> bool {
        self.stderr_is_terminal && !self.dumb && !self.ci
    }

    fn colors(&self, terminal: bool) -> bool {
        !self.no_color && (self.force_color || (terminal && !self.dumb))
    }
}

/// The value of an environment variable; `None` when it is unset, empty or no UTF-8.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Environment {
        let value = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Environment::of(value)
    }

    #[test]
    fn colour_follows_the_common_variables() {
        // variables, terminal -> colour
        type Row = (&'static [(&'static str, &'static str)], bool, bool);
        let table: [Row; 7] = [
            (&[], true, true),
            (&[], false, false),
            (&[("NO_COLOR", "1")], true, false),
            (&[("CLICOLOR_FORCE", "1")], false, true),
            (&[("CLICOLOR_FORCE", "0")], false, false),
            (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true, false),
            (&[("TERM", "dumb")], true, false),
        ];
        for (variables, terminal, expected) in table {
            let environment = Environment { stdout_is_terminal: terminal, ..with(variables) };
            assert_eq!(environment.colors_stdout(), expected, "{variables:?}, terminal: {terminal}");
        }
    }

    #[test]
    fn progress_is_for_a_person_who_watches() {
        for (variables, expected) in [(&[][..], true), (&[("CI", "true")], false), (&[("CI", "false")], true)] {
            let environment = Environment { stderr_is_terminal: true, ..with(variables) };
            assert_eq!(environment.shows_progress(), expected, "{variables:?}");
        }
    }

    #[test]
    fn a_width_that_makes_no_sense_is_no_width() {
        for (columns, expected) in [("100", Some(100)), ("5", None), ("wide", None), ("-3", None)] {
            assert_eq!(with(&[("COLUMNS", columns)]).columns, expected, "{columns}");
        }
    }
}
