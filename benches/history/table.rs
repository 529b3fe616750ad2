//! What is printed.

use crate::git::Git;
use crate::measure::Figures;
use std::path::Path;

/// One who answered, and what it took.
pub struct Row {
    pub name: &'static str,
    /// The head of the column that holds the others against this one, where there is such a column.
    pub base: Option<&'static str>,
    pub figures: Figures,
}

/// What was measured, with what, on which history.
pub fn print_head(git: &Git, source: &Path, files: usize) -> Result<(), String> {
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").ok();
    let load = load.and_then(|text| Some(format!(", load {}", text.split(' ').next()?))).unwrap_or_default();
    println!(
        "annexa {}, {}, {} {}, {cpus} CPUs{load}",
        env!("CARGO_PKG_VERSION"),
        git.run(&["version"])?,
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    let count = |options: &[&str]| git.run(&[&["rev-list", "--count"], options, &["HEAD"]].concat());
    let (commits, merges) = (count(&[])?, count(&["--merges"])?);
    let head = git.run(&["rev-parse", "HEAD"])?;
    println!("{}: {commits} commits, {merges} merges, {files} files, head {head}", source.display());
    Ok(())
}

/// The rows of a number of paths. The last columns say how many times as much CPU as a base each takes.
pub fn print(count: usize, rows: &[Row]) {
    let bases: Vec<(&str, Figures)> = rows.iter().filter_map(|row| Some((row.base?, row.figures))).collect();
    let titles: String = bases.iter().map(|(title, _)| format!("{:>12}", format!("/ {title}"))).collect();
    println!("\n{:<26}{:>9}{:>9}{:>9}{titles}", format!("{count} paths"), "CPU s", "wall s", "peak MB");
    for Row { name, figures, .. } in rows {
        let [cpu, peak] = match figures.used {
            Some(used) => [format!("{:.3}", used.cpu), format!("{:.1}", used.peak)],
            None => ["-", "-"].map(str::to_owned),
        };
        let ratios = bases.iter().map(|(_, base)| format!("{:>12.2}", figures.cost() / base.cost().max(1e-4)));
        println!("{name:<26}{cpu:>9}{:>9.3}{peak:>9}{}", figures.wall, ratios.collect::<String>());
    }
}
