//! Figures as a table in Markdown, ready for the README.

use std::{
    io::{self, Write as _},
    time::Duration,
};

use crate::{Fault, measure::Figures};

/// A heading.
pub(crate) fn title(words: &str) -> Result<(), Fault> {
    Ok(writeln!(io::stdout(), "\n### {words}\n")?)
}

/// The first line: what is measured, the yardstick, ours.
pub(crate) fn head([what, yardstick, ours]: &[&str; 3]) -> Result<(), Fault> {
    writeln!(io::stdout(), "| {what} | {yardstick} | {ours} | ratio |\n|---|---:|---:|---:|")?;
    Ok(())
}

/// One comparison; the ratio is ours over the yardstick.
pub(crate) fn row(what: &str, yardstick: &Figures, ours: &Figures) -> Result<(), Fault> {
    let ratio = ours.per_second / yardstick.per_second;
    writeln!(io::stdout(), "| {what} | {} | {} | {ratio:.2} |", cell(yardstick), cell(ours))?;
    Ok(())
}

fn cell(figures: &Figures) -> String {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    let rate = format!("{:.0}/s, {:.2} ms", figures.per_second, milliseconds(figures.median));
    match figures.p99 {
        Some(p99) => format!("{rate}, p99 {:.2} ms", milliseconds(p99)),
        None => rate,
    }
}

/// The first line of a table of any width.
pub(crate) fn columns(names: &[&str]) -> Result<(), Fault> {
    let rule = "---:|".repeat(names.len());
    Ok(writeln!(io::stdout(), "| {} |\n|{rule}", names.join(" | "))?)
}

/// Any other line of it.
pub(crate) fn line(cells: &[String]) -> Result<(), Fault> {
    Ok(writeln!(io::stdout(), "| {} |", cells.join(" | "))?)
}
