use std::io::Write;

use primitives::{ChallengeId, PhoneNumber};

use crate::Code;

/// Who brings a one-time code to a phone.
///
/// Called after the challenge is committed, never inside a transaction. It must not wait for the network: a sender
/// that needs one queues the message.
pub trait CodeSender: Send + Sync + 'static {
    /// Sends the code on its way.
    fn send(&self, challenge: ChallengeId, phone: &PhoneNumber, code: &Code);
}

/// Writes one line per code to standard output, for places without an SMS provider.
#[derive(Debug, Clone, Copy)]
pub struct ConsoleSender;

impl CodeSender for ConsoleSender {
    fn send(&self, challenge: ChallengeId, phone: &PhoneNumber, code: &Code) {
        let line = console_line(challenge, phone, code);
        let mut output = std::io::stdout().lock();
        if let Err(closed) = writeln!(output, "{line}").and_then(|()| output.flush()) {
            tracing::error!(error = %closed, "standard output is closed: the code was not shown");
        }
    }
}

fn console_line(challenge: ChallengeId, phone: &PhoneNumber, code: &Code) -> String {
    format!("otp challenge={challenge} phone={} code={}", phone.as_str(), code.as_str())
}

#[cfg(test)]
mod tests {
    use primitives::Timestamp;

    use super::*;

    #[test]
    fn the_line_is_what_scripts_look_for() {
        let challenge = ChallengeId::from_parts(Timestamp::from_micros(1_000_000), [0; 10]);
        let phone = PhoneNumber::parse("081234567890").unwrap();
        let line = console_line(challenge, &phone, &Code::parse("012345").unwrap());
        assert_eq!(line, format!("otp challenge={challenge} phone=+6281234567890 code=012345"));
    }
}
