/// The languages our texts exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Indonesian, when nothing else is asked for.
    #[default]
    Indonesian,
    /// English.
    English,
}

impl Language {
    /// The two-letter tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Indonesian => "id",
            Self::English => "en",
        }
    }

    /// Reads a two-letter tag; anything else is no language of ours.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag {
            "id" => Some(Self::Indonesian),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}
