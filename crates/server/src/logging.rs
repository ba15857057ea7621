//! Log lines go to standard error; standard output belongs to answers and one-time codes.

use std::error::Error;

use tracing_subscriber::{EnvFilter, fmt};

use crate::{
    house::HouseError,
    settings::{LogFormat, Settings},
};

/// Starts logging; once per process.
pub(crate) fn start(settings: &Settings) -> Result<(), HouseError> {
    let filter = EnvFilter::try_new(&settings.log_filter)?;
    let lines = fmt().with_writer(std::io::stderr).with_env_filter(filter);
    match settings.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    }
}

/// Tells the person at the terminal what went wrong, with every cause.
#[expect(clippy::print_stderr, reason = "the terminal is where this is read")]
pub(crate) fn complain(error: &(dyn Error + 'static)) {
    eprintln!("jumpa-madu: {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        eprintln!("  because: {source}");
        cause = source.source();
    }
}
