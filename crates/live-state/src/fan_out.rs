use tokio::sync::broadcast;

/// How far a receiver may fall behind before it loses messages.
const BACKLOG: usize = 1_024;

/// What subscribers can listen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Where collectors are.
    Positions,
    /// The event log has grown.
    Events,
    /// An account, session or grant has changed: forget what was cached of it.
    Identities,
}

impl Channel {
    pub(crate) const ALL: [Self; 3] = [Self::Positions, Self::Events, Self::Identities];

    /// The channel's name in Redis.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Positions => "jumpa_madu:positions",
            Self::Events => "jumpa_madu:events",
            Self::Identities => "jumpa_madu:identities",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// One broadcast per channel, for the subscribers of this process.
pub(crate) struct FanOut {
    positions: broadcast::Sender<Vec<u8>>,
    events: broadcast::Sender<Vec<u8>>,
    identities: broadcast::Sender<Vec<u8>>,
}

impl Default for FanOut {
    fn default() -> Self {
        Self {
            positions: broadcast::Sender::new(BACKLOG),
            events: broadcast::Sender::new(BACKLOG),
            identities: broadcast::Sender::new(BACKLOG),
        }
    }
}

impl FanOut {
    pub(crate) fn deliver(&self, channel: Channel, message: Vec<u8>) {
        // Nobody listening is fine.
        let _listeners = self.sender(channel).send(message);
    }

    pub(crate) fn subscribe(&self, channel: Channel) -> broadcast::Receiver<Vec<u8>> {
        self.sender(channel).subscribe()
    }

    const fn sender(&self, channel: Channel) -> &broadcast::Sender<Vec<u8>> {
        match channel {
            Channel::Positions => &self.positions,
            Channel::Events => &self.events,
            Channel::Identities => &self.identities,
        }
    }
}
