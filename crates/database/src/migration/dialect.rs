//! The few places where the two engines' schema languages differ.

use crate::Engine;

/// Replaces every `{{…}}` token; an error names the token that nobody knows.
pub(super) fn render(text: &str, engine: Engine) -> Result<String, String> {
    let mut rendered = String::with_capacity(text.len());
    let mut rest = text;
    // Outside of blocks everything is kept.
    let mut keep = true;
    while let Some((before, after)) = rest.split_once("{{") {
        let (token, after) = after.split_once("}}").ok_or("a token without an end")?;
        push_if(&mut rendered, before, keep);
        match token {
            "sqlite" => keep = engine == Engine::Sqlite,
            "postgres" => keep = engine == Engine::Postgres,
            "end" => keep = true,
            _ => push_if(&mut rendered, word(token, engine)?, keep),
        }
        rest = after;
    }
    push_if(&mut rendered, rest, keep);
    Ok(rendered)
}

fn push_if(rendered: &mut String, text: &str, keep: bool) {
    if keep {
        rendered.push_str(text);
    }
}

fn word(token: &str, engine: Engine) -> Result<&'static str, String> {
    let (sqlite, postgres) = match token {
        // Ids sort by bytes on both engines, whatever the database's locale.
        "id" => ("TEXT", "TEXT COLLATE \"C\""),
        "text" => ("TEXT", "TEXT"),
        "int" => ("INTEGER", "BIGINT"),
        "bool" => ("INTEGER", "BOOLEAN"),
        "double" => ("REAL", "DOUBLE PRECISION"),
        "true" => ("1", "TRUE"),
        "false" => ("0", "FALSE"),
        "serial" => {
            ("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
        }
        // Typed columns that refuse other types.
        "table_end" => ("STRICT", ""),
        unknown => return Err(format!("unknown token {unknown}")),
    };
    Ok(if engine == Engine::Sqlite { sqlite } else { postgres })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_blocks_follow_the_engine() {
        let text = "a {{int}}{{sqlite}} S {{bool}}{{end}}{{postgres}} P{{end}} z";
        assert_eq!(render(text, Engine::Sqlite).unwrap(), "a INTEGER S INTEGER z");
        assert_eq!(render(text, Engine::Postgres).unwrap(), "a BIGINT P z");
    }

    #[test]
    fn unknown_and_open_tokens_are_named() {
        assert_eq!(render("{{jsonb}}", Engine::Sqlite), Err("unknown token jsonb".to_owned()));
        assert!(render("{{int", Engine::Sqlite).is_err());
    }
}
