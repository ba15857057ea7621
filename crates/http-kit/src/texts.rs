use std::collections::BTreeSet;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use primitives::Language;

use crate::ErrorCode;

/// The texts of this crate: common codes, and the fields of `primitives`.
pub const TEXTS: TextSource = TextSource {
    name: "http-kit",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};

const LANGUAGES: [Language; 2] = [Language::Indonesian, Language::English];

/// The texts of one crate, in Fluent, in both languages.
#[derive(Debug, Clone, Copy)]
pub struct TextSource {
    /// Whose texts these are.
    pub name: &'static str,
    /// `texts/id.ftl`.
    pub indonesian: &'static str,
    /// `texts/en.ftl`.
    pub english: &'static str,
}

/// A file that Fluent cannot read.
#[derive(Debug, thiserror::Error)]
#[error("the {language} texts of {name} cannot be read: {mistakes}")]
pub struct TextError {
    name: &'static str,
    language: &'static str,
    mistakes: String,
}

impl TextSource {
    /// Every message and attribute (`wrong_state`, `wrong_state.detail`) of one language.
    pub fn keys(&self, language: Language) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let mut message = "";
        for line in self.text(language).lines() {
            let Some((key, _)) = line.split_once(" =") else { continue };
            if let Some(attribute) = key.trim_start().strip_prefix('.') {
                keys.insert(format!("{message}.{attribute}"));
            } else if key.starts_with(|first: char| first.is_ascii_alphabetic()) {
                message = key;
                keys.insert(message.to_owned());
            }
        }
        keys
    }

    /// The codes that lack a title or a detail in one of the languages.
    pub fn untold(&self, codes: &[ErrorCode]) -> Vec<String> {
        let mut missing = Vec::new();
        for language in LANGUAGES {
            let keys = self.keys(language);
            let wanted =
                codes.iter().flat_map(|it| [it.code.into(), format!("{}.detail", it.code)]);
            let lacking = wanted.filter(|key: &String| !keys.contains(key));
            missing.extend(lacking.map(|key| format!("{}: {key}", language.tag())));
        }
        missing
    }

    fn text(&self, language: Language) -> &'static str {
        match language {
            Language::Indonesian => self.indonesian,
            Language::English => self.english,
        }
    }

    fn field_codes(&self) -> impl Iterator<Item = &'static str> {
        let lines = self.indonesian.lines();
        lines.filter_map(|line| Some(line.strip_prefix("field-")?.split_once(" =")?.0))
    }
}

/// Everything we say to people, in both languages.
pub struct Texts {
    indonesian: FluentBundle<FluentResource>,
    english: FluentBundle<FluentResource>,
    field_codes: BTreeSet<&'static str>,
}

impl Texts {
    /// Reads our own texts and those of the slices; of two messages with one key the first counts.
    pub fn load(sources: &[TextSource]) -> Result<Self, TextError> {
        let all: Vec<TextSource> = [TEXTS].iter().chain(sources).copied().collect();
        Ok(Self {
            indonesian: bundle(&all, Language::Indonesian)?,
            english: bundle(&all, Language::English)?,
            field_codes: all.iter().flat_map(TextSource::field_codes).collect(),
        })
    }

    /// The text for a key (`wrong_state`, `wrong_state.detail`) with its variables filled in.
    pub fn line(&self, language: Language, key: &str, facts: &[(&str, &str)]) -> Option<String> {
        let bundle = match language {
            Language::Indonesian => &self.indonesian,
            Language::English => &self.english,
        };
        let (id, attribute) = key.split_once('.').map_or((key, None), |it| (it.0, Some(it.1)));
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let facts: FluentArgs<'_> = facts.iter().copied().collect();
        let mut mistakes = Vec::new();
        Some(bundle.format_pattern(pattern, Some(&facts), &mut mistakes).into_owned())
    }

    /// The text for a key, or the key itself when nobody wrote one.
    pub(crate) fn line_or_key(&self, language: Language, key: &str) -> String {
        self.line(language, key, &[]).unwrap_or_else(|| key.to_owned())
    }

    /// The word itself when it is one that some crate has a `field-…` text for.
    pub(crate) fn field_code(&self, word: &str) -> Option<&'static str> {
        self.field_codes.get(word).copied()
    }
}

fn bundle(
    sources: &[TextSource],
    language: Language,
) -> Result<FluentBundle<FluentResource>, TextError> {
    let tag = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The marks would stand inside JSON and short messages, where nobody renders them.
    bundle.set_use_isolating(false);
    for source in sources {
        let text = source.text(language).to_owned();
        let resource = FluentResource::try_new(text).map_err(|(_partial, errors)| {
            let mistakes: Vec<String> = errors.iter().map(ToString::to_string).collect();
            let (name, language) = (source.name, language.tag());
            TextError { name, language, mistakes: mistakes.join("; ") }
        })?;
        let _first_one_counts = bundle.add_resource(resource);
    }
    Ok(bundle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CODES;

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(TEXTS.keys(Language::Indonesian), TEXTS.keys(Language::English));
        assert_eq!(TEXTS.untold(CODES), Vec::<String>::new());
        assert!(TEXTS.keys(Language::English).len() > 2 * CODES.len());
    }

    #[test]
    fn a_forgotten_text_is_found() {
        let source = TextSource { name: "x", indonesian: "", english: "wrong_state = Wrong" };
        let untold = source.untold(&[crate::WRONG_STATE]);
        assert_eq!(untold, ["id: wrong_state", "id: wrong_state.detail", "en: wrong_state.detail"]);
    }

    #[test]
    fn variables_are_filled_in_without_marks() {
        let code = "sms = Kode { $code } untuk Anda";
        let source = TextSource { name: "x", indonesian: code, english: "sms = Code { $code }" };
        let texts = Texts::load(&[source]).unwrap();
        let line = texts.line(Language::Indonesian, "sms", &[("code", "123456")]);
        assert_eq!(line.as_deref(), Some("Kode 123456 untuk Anda"));
        assert_eq!(texts.line(Language::English, "nothing", &[]), None);
    }

    #[test]
    fn a_broken_file_is_named() {
        let source = TextSource { name: "broken", indonesian: "= nothing", english: "" };
        assert!(Texts::load(&[source]).err().unwrap().to_string().contains("broken"));
    }

    #[test]
    fn field_words_are_known_by_their_texts() {
        let texts = Texts::load(&[]).unwrap();
        assert_eq!(texts.field_code("phone_malformed"), Some("phone_malformed"));
        assert_eq!(texts.field_code("invalid type: string"), None);
    }
}
