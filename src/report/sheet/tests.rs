use super::*;
use crate::report::Options;

/// A table whose cells hold what strangers may write.
fn sheet() -> Sheet {
    let column = |key, share, shown| Column { key, title: key, share, shown };
    Sheet {
        title: "Decisions | of <b>us</b>".to_owned(),
        above: vec!["Said above.".to_owned()],
        columns: vec![column("id", 0, true), column("reason", 1, true), column("hidden", 0, false)],
        rows: vec![
            vec!["A.2.2".to_owned(), "=1+1 | <script>\u{1b}[31m @team".to_owned(), String::new()],
            vec!["A.2.3".to_owned(), "one\ntwo".to_owned(), String::new()],
        ],
        below: vec!["Said below.".to_owned()],
        overview: false,
    }
}

fn written(name: &str, sheet: Sheet) -> String {
    let options = Options { width: 60, ..crate::report::sample::options(&crate::report::sample::empty()) };
    let mut out = Vec::new();
    let format = crate::report::format(SHEET_FORMATS, name).expect("a format");
    (format.write)(&Sheets(vec![sheet]), &options, &mut out).expect("memory");
    String::from_utf8(out).expect("text")
}

#[test]
fn a_terminal_sees_columns_and_nothing_that_acts_on_it() {
    let text = written("text", sheet());
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.contains("A.2.3  one\n") && text.contains("         two\n"), "{text}");
    assert!(text.find("Said above.") < text.find("A.2.2") && text.find("A.2.3") < text.find("Said below."), "{text}");
    assert!(!text.contains("hidden"), "{text}");
}

#[test]
fn a_page_holds_no_markup_of_strangers() {
    let page = written("markdown", sheet());
    assert!(!page.contains("<script>") && !page.contains("<b>") && !page.contains("@team"), "{page}");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 4, "{page}");
    assert!(rows.iter().all(|row| row.replace("\\|", "").matches('|').count() == 3), "{page}");
    assert!(rows[3].contains("one<br>two"), "{page}");
}

#[test]
fn files_hold_every_column_and_no_formula() {
    let csv = written("csv", sheet());
    assert_eq!(csv.lines().next(), Some("id,reason,hidden"));
    assert!(csv.contains("'=1+1 | "), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&written("json", sheet())).expect("JSON");
    assert_eq!(json["tables"][0]["rows"][1]["reason"], "one\ntwo");
    assert_eq!(json["tables"][0]["rows"][0]["hidden"], "");
}

#[test]
fn the_same_table_is_the_same_workbook() {
    let book = || {
        let options = crate::report::sample::options(&crate::report::sample::empty());
        let mut out = Vec::new();
        (crate::report::format(SHEET_FORMATS, "xlsx").expect("a format").write)(
            &Sheets(vec![sheet()]),
            &options,
            &mut out,
        )
        .expect("memory");
        out
    };
    assert!(book().starts_with(b"PK") && book() == book());
}

#[test]
fn a_table_without_rows_has_no_head() {
    let empty = || Sheet { rows: Vec::new(), ..sheet() };
    assert!(!written("text", empty()).contains("reason"));
    assert!(!written("markdown", empty()).contains("---"));
}
