//! The same question to Redis: a key of places per material, searched by distance; what Redis cannot filter is filtered
//! here, and asked again for twice as many until twenty are left.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::net::UnixStream,
};

use ::matching::ranking::{Contender, Duty, Job, eligible};

use crate::Fault;

/// How many commands are sent before their answers are read.
const PIPELINE: usize = 1_000;

/// A connection as thin as it gets, and the collectors by their numbers for what Redis cannot know.
pub(crate) struct Redis<'a> {
    stream: BufReader<UnixStream>,
    crowd: &'a [Contender],
}

impl<'a> Redis<'a> {
    /// Fills an empty Redis behind a socket.
    pub(crate) fn of(socket: &str, crowd: &'a [Contender]) -> Result<Self, Fault> {
        let path = socket.strip_prefix("redis+unix://").ok_or("no Unix socket")?;
        let mut it = Self { stream: BufReader::new(UnixStream::connect(path)?), crowd };
        it.ask("FLUSHALL\r\n")?;
        let mut commands = Vec::new();
        for (contender, number) in
            crowd.iter().zip(0_u32..).filter(|(who, _)| who.duty == Duty::Working)
        {
            let place = contender.whereabouts();
            for line in &contender.prices {
                let key = line.material.0;
                commands.push(format!("GEOADD {key} {} {} {number}\r\n", place.lon(), place.lat()));
            }
        }
        for batch in commands.chunks(PIPELINE) {
            it.stream.get_mut().write_all(batch.concat().as_bytes())?;
            for _ in batch {
                it.read()?;
            }
        }
        Ok(it)
    }

    /// The twenty nearest who may take the job.
    pub(crate) fn nearest(&mut self, job: &Job, most: usize) -> Result<Vec<u32>, Fault> {
        let key = job.items.first().ok_or("a job without items")?.material.0;
        let place = job.place;
        let mut count = most * 4;
        loop {
            let found = self.ask(&format!(
                "GEOSEARCH {key} FROMLONLAT {} {} BYRADIUS 25 km ASC COUNT {count}\r\n",
                place.lon(),
                place.lat()
            ))?;
            let fits = |number: &u32| {
                let contender = usize::try_from(*number).ok().and_then(|at| self.crowd.get(at));
                contender.is_some_and(|contender| eligible(contender, job).is_ok())
            };
            let left: Vec<u32> = found.iter().copied().filter(fits).take(most).collect();
            if left.len() == most || found.len() < count {
                return Ok(left);
            }
            count *= 2;
        }
    }

    fn ask(&mut self, command: &str) -> Result<Vec<u32>, Fault> {
        self.stream.get_mut().write_all(command.as_bytes())?;
        self.read()
    }

    /// One answer: a list of numbers, a number or a word.
    fn read(&mut self) -> Result<Vec<u32>, Fault> {
        let head = self.line()?;
        match head.split_at_checked(1) {
            Some(("*", count)) => (0..count.parse::<u32>()?).map(|_| self.bulk()).collect(),
            Some(("-", words)) => Err(words.into()),
            _ => Ok(Vec::new()),
        }
    }

    fn bulk(&mut self) -> Result<u32, Fault> {
        let length: usize = self.line()?.trim_start_matches('$').parse()?;
        let mut text = vec![0; length + 2];
        self.stream.read_exact(&mut text)?;
        Ok(String::from_utf8(text)?.trim_end().parse()?)
    }

    fn line(&mut self) -> Result<String, Fault> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}
