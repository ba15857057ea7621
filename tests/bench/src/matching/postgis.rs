//! The same question in PostGIS: nearest neighbours by a GiST index, with the same filters.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use ::matching::ranking::{Contender, Duty, Job};
use primitives::Coordinates;

use super::stopwatch::Laps;
use crate::Fault;

const TABLES: &str = "
    CREATE EXTENSION IF NOT EXISTS postgis;
    CREATE UNLOGGED TABLE collector (
        id INTEGER, place geography(Point), base geography(Point), radius_meters INTEGER,
        free_grams BIGINT, free_milliliters BIGINT, materials BIGINT);
    CREATE UNLOGGED TABLE question (
        id INTEGER PRIMARY KEY, place geography(Point), grams BIGINT, milliliters BIGINT, materials BIGINT);
    ";
const INDEX: &str =
    "CREATE INDEX ON collector USING gist (place); VACUUM ANALYZE collector, question;";
const QUESTION: &str = "
    SELECT found.id FROM question, LATERAL (
        SELECT collector.id FROM collector
        WHERE collector.materials & question.materials = question.materials
            AND free_grams >= question.grams AND free_milliliters >= question.milliliters
            AND ST_DWithin(base, question.place, radius_meters, false)
        ORDER BY collector.place <-> question.place LIMIT 20) found
    WHERE question.id = ";

/// A PostgreSQL with the same world in it.
pub(crate) struct PostGis {
    address: String,
    pgbench: PathBuf,
    room: tempfile::TempDir,
}

impl PostGis {
    /// Fills it.
    pub(crate) fn of(
        address: &str,
        pgbench: &std::path::Path,
        crowd: &[Contender],
        jobs: &[Job],
    ) -> Result<Self, Fault> {
        let room = tempfile::tempdir()?;
        let it = Self { address: address.to_owned(), pgbench: pgbench.to_owned(), room };
        let mut script = TABLES.to_owned();
        script.push_str("COPY collector FROM STDIN;\n");
        let working = crowd.iter().zip(0..).filter(|(who, _)| who.duty == Duty::Working);
        for (contender, number) in working {
            writeln!(script, "{number}\t{}", row_of(contender))?;
        }
        script.push_str("\\.\nCOPY question FROM STDIN;\n");
        for (job, number) in jobs.iter().zip(0..) {
            let materials = job.items.iter().fold(0_u64, |all, item| all | 1 << item.material.0);
            let (place, load) = (point(job.place), job.load);
            writeln!(
                script,
                "{number}\t{place}\t{}\t{}\t{materials}",
                load.grams, load.milliliters
            )?;
        }
        script.push_str("\\.\n");
        script.push_str(INDEX);
        it.psql(&script)?;
        Ok(it)
    }

    /// Whom it finds for one question, nearest first.
    pub(crate) fn answer(&self, question: usize) -> Result<Vec<u32>, Fault> {
        let words = self.psql(&format!("{QUESTION}{question};"))?;
        words.lines().map(|line| Ok(line.trim().parse()?)).collect()
    }

    /// Asks any of the questions, again and again, and says how long each took. One connection, prepared statements.
    pub(crate) fn laps(&self, questions: usize, transactions: u32) -> Result<Laps, Fault> {
        let (script, log) = (self.room.path().join("ask.sql"), self.room.path().join("laps"));
        let last = questions.saturating_sub(1);
        std::fs::write(&script, format!("\\set i random(0, {last})\n{QUESTION}:i;\n"))?;
        let mut command = Command::new(&self.pgbench);
        command.args(["--no-vacuum", "--client=1", "--protocol=prepared", "--log"]);
        command.arg(format!("--log-prefix={}", log.display()));
        command.arg(format!("--transactions={transactions}"));
        let output = command.arg("--file").arg(&script).arg(&self.address).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let mut laps = Laps::default();
        for entry in std::fs::read_dir(self.room.path())? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("laps.")) {
                for line in std::fs::read_to_string(&path)?.lines() {
                    let micros = line.split_whitespace().nth(2).ok_or("no time in the log")?;
                    laps.note(Duration::from_micros(micros.parse()?));
                }
                std::fs::remove_file(path)?;
            }
        }
        Ok(laps)
    }

    fn psql(&self, script: &str) -> Result<String, Fault> {
        let mut command = Command::new(self.pgbench.with_file_name("psql"));
        command.args(["--quiet", "--no-align", "--tuples-only", "--no-psqlrc"]);
        command.args(["--set=ON_ERROR_STOP=1", "--file=-", &self.address]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn()?;
        process.stdin.take().ok_or("no standard input")?.write_all(script.as_bytes())?;
        let output = process.wait_with_output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

fn row_of(contender: &Contender) -> String {
    let materials = contender.prices.iter().fold(0_u64, |all, line| all | 1 << line.material.0);
    let (place, base, free) = (contender.whereabouts(), contender.base, contender.free());
    format!(
        "{}\t{}\t{}\t{}\t{}\t{materials}",
        point(place),
        point(base),
        contender.radius_meters,
        free.grams,
        free.milliliters
    )
}

fn point(place: Coordinates) -> String {
    format!("SRID=4326;POINT({} {})", place.lon(), place.lat())
}
