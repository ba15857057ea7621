//! The committed API document and list of codes: printed, written, or compared.

use std::{collections::BTreeSet, fmt::Write as _, fs, process::ExitCode};

use primitives::Language;

use super::say;
use crate::{
    cli::Openapi,
    document,
    house::{House, HouseError, TEXTS},
};

pub(super) fn run(choices: &Openapi) -> Result<ExitCode, HouseError> {
    let files = [
        ("openapi.json", document::document().to_pretty_json()? + "\n"),
        ("error-codes.md", error_codes()?),
    ];
    if choices.write {
        for (name, text) in &files {
            fs::write(choices.directory.join(name), text)?;
        }
    } else if choices.check {
        for (name, text) in &files {
            let committed = fs::read_to_string(choices.directory.join(name)).unwrap_or_default();
            if &committed != text {
                return Err(format!(
                    "{name} differs from the code; run: cargo run -- openapi --write"
                )
                .into());
            }
        }
        say("the committed API document equals the code");
    } else {
        say(files.first().map_or("", |(_, text)| text.trim_end()));
    }
    Ok(ExitCode::SUCCESS)
}

fn error_codes() -> Result<String, HouseError> {
    let texts = House::texts()?;
    let mut page = String::from(
        "# Error codes\n\nGenerated from the code by `jumpa-madu openapi --write`. The code is stable; the sentences \
         are what people read.\n\n| Status | Code | Indonesian | English |\n|---|---|---|---|\n",
    );
    for entry in document::codes() {
        let told = |language| {
            let key = format!("{}.detail", entry.code);
            texts.line(language, &key, &[]).unwrap_or_default()
        };
        let (indonesian, english) = (told(Language::Indonesian), told(Language::English));
        writeln!(page, "| {} | `{}` | {indonesian} | {english} |", entry.status, entry.code)?;
    }
    let sources = [http_kit::TEXTS].into_iter().chain(TEXTS);
    let fields: BTreeSet<String> =
        sources.flat_map(|source| source.keys(Language::Indonesian)).collect();
    page.push_str("\n## Codes of single fields (in `errors` of a 422)\n\n");
    page.push_str("| Code | Indonesian | English |\n|---|---|---|\n");
    for (key, code) in fields.iter().filter_map(|key| Some((key, key.strip_prefix("field-")?))) {
        let told = |language| texts.line(language, key, &[]).unwrap_or_default();
        let (indonesian, english) = (told(Language::Indonesian), told(Language::English));
        writeln!(page, "| `{code}` | {indonesian} | {english} |")?;
    }
    Ok(page)
}
