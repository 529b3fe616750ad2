//! Files of a run's set-up that are not valid: every error with its place.

use super::excerpt::{self, Mark};
use super::page::Page;
use crate::report::Options;
use crate::source::SourceFile;
use crate::value::Problem;
use std::io;

/// Writes everything that is wrong with `file`.
pub fn faults(file: &SourceFile, problems: &[Problem], options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::new(out, options);
    for problem in problems {
        let (error, link) = (page.styles.error, page.styles.link);
        page.styled(0, "error: ", error, &problem.message, page.styles.heading)?;
        let main = Mark { span: problem.at.span, label: &problem.at.text, style: error, main: true };
        let related = problem.related.iter().map(|l| Mark { span: l.span, label: &l.text, style: link, main: false });
        let marks: Vec<Mark> = std::iter::once(main).chain(related).collect();
        if page.options.plain {
            let place = file.place(problem.at.span);
            page.line(format_args!(
                "at {} line {} column {}",
                super::page::shown(file.path()),
                place.line,
                place.column
            ))?;
        } else {
            let picture = excerpt::draw(&page, file, &marks);
            page.line(picture)?;
        }
        page.paragraph(2, "do    ", page.styles.heading, &problem.help)?;
        page.blank()?;
    }
    Ok(())
}
