//! What PostgreSQL itself can do: three inserts of a report's size in one transaction, by its own bench.

use std::{fmt::Write as _, fs, process::Command, time::Duration};

use crate::{Bench, Fault, measure::Figures};

const TABLES: [&str; 3] = ["bare_report", "bare_event", "bare_answer"];

/// Transactions per second with as many clients.
pub(crate) fn three_inserts(bench: &Bench, clients: u32) -> Result<Figures, Fault> {
    let room = tempfile::tempdir()?;
    let (tables, inserts) = (room.path().join("tables.sql"), room.path().join("inserts.sql"));
    fs::write(&tables, making_tables()?)?;
    fs::write(&inserts, inserting()?)?;
    run(bench, &["--transactions=1", &format!("--file={}", tables.display())])?;
    let (file, count) = (format!("--file={}", inserts.display()), format!("--client={clients}"));
    let seconds = format!("--time={}", bench.seconds);
    let words = run(bench, &[&file, &count, &seconds, "--protocol=prepared"])?;
    Ok(Figures {
        per_second: number_after(&words, "tps = ")?,
        median: Duration::from_secs_f64(number_after(&words, "latency average = ")? / 1_000.0),
        p99: None,
    })
}

fn making_tables() -> Result<String, std::fmt::Error> {
    let mut script = String::new();
    for table in TABLES {
        let columns = "id UUID PRIMARY KEY, at BIGINT NOT NULL, body TEXT NOT NULL";
        writeln!(script, "CREATE TABLE IF NOT EXISTS {table} ({columns});")?;
    }
    Ok(script)
}

fn inserting() -> Result<String, std::fmt::Error> {
    let mut script = "BEGIN;\n".to_owned();
    for table in TABLES {
        writeln!(script, "INSERT INTO {table} VALUES (gen_random_uuid(), 1, repeat('x', 500));")?;
    }
    script.push_str("END;\n");
    Ok(script)
}

fn run(bench: &Bench, arguments: &[&str]) -> Result<String, Fault> {
    let mut command = Command::new(&bench.pgbench);
    command.arg("--no-vacuum").args(arguments).arg(&bench.postgres);
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn number_after(words: &str, label: &str) -> Result<f64, Fault> {
    let rest = words.split_once(label).ok_or_else(|| format!("no {label:?} in {words}"))?.1;
    Ok(rest.split_whitespace().next().unwrap_or_default().parse()?)
}
