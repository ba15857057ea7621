//! The simulator as a program, for a desk, the demo, and trials by hand.

use std::{
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use clap::{Parser, ValueEnum};
use gateway_simulator::{Chaos, Running, Settings, Whim};

/// Two payment gateways with a book, a clock and whims of their own.
#[derive(Parser)]
#[command(name = "gateway-simulator", version)]
struct Flags {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:9100")]
    listen: String,
    /// One seed is one world.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which whims there are.
    #[arg(long, value_enum, default_value_t = Whims::None)]
    chaos: Whims,
    /// Seconds that a slow answer takes.
    #[arg(long, default_value_t = 30)]
    slow_seconds: u64,
    /// Lets the clock go by itself, instead of by POST /simulator/clock only.
    #[arg(long)]
    live: bool,
    /// Where notifications go, as http://host/v1/gateways; the gateway's name and /notifications are added.
    #[arg(long)]
    notify: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Whims {
    None,
    All,
    Fails,
    Reversed,
    Drops,
    Slow,
    ErrsAfter,
    ErrsBefore,
    Hidden,
    WrongAmount,
}

impl From<Whims> for Chaos {
    fn from(whims: Whims) -> Self {
        match whims {
            Whims::None => Self::Quiet,
            Whims::All => Self::All,
            Whims::Fails => Self::Only(Whim::Fails),
            Whims::Reversed => Self::Only(Whim::Reversed),
            Whims::Drops => Self::Only(Whim::Drops),
            Whims::Slow => Self::Only(Whim::Slow),
            Whims::ErrsAfter => Self::Only(Whim::ErrsAfter),
            Whims::ErrsBefore => Self::Only(Whim::ErrsBefore),
            Whims::Hidden => Self::Only(Whim::Hidden),
            Whims::WrongAmount => Self::Only(Whim::WrongAmount),
        }
    }
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "whoever started it wants to know where it listens")]
#[expect(clippy::disallowed_methods, reason = "by hand, its time begins at the machine's present")]
async fn main() -> ExitCode {
    let _first = rustls::crypto::ring::default_provider().install_default();
    let flags = Flags::parse();
    let settings = Settings {
        listen: flags.listen.clone(),
        seed: flags.seed,
        chaos: flags.chaos.into(),
        slow: Duration::from_secs(flags.slow_seconds),
        ..Settings::default()
    };
    let simulator = match Running::start(settings) {
        Ok(simulator) => simulator,
        Err(error) => {
            println!("cannot listen on {}: {error}", flags.listen);
            return ExitCode::FAILURE;
        }
    };
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    simulator.with_book(|book| book.epoch = since_1970);
    println!("listening {}", simulator.address());
    run(&simulator, &flags).await;
    ExitCode::SUCCESS
}

/// Lets seconds pass and tells what is to be told, until the process is stopped.
async fn run(simulator: &Running, flags: &Flags) {
    let client = reqwest::Client::builder().no_proxy().build().ok();
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            _stopped = tokio::signal::ctrl_c() => return,
            _second = seconds.tick() => {}
        }
        if flags.live {
            simulator.with_book(|book| book.now = book.now.saturating_add(1));
        }
        let (Some(client), Some(base)) = (&client, &flags.notify) else { continue };
        for notification in simulator.take_notifications() {
            let address = format!("{base}/{}/notifications", notification.gateway);
            let request = client.post(address).header(notification.header, notification.value);
            // Nobody there: a notification is only a hint.
            let _unheard = request.body(notification.body).send().await;
        }
    }
}
