use database::DatabaseError;
use primitives::Invalid;

use crate::{INVALID_FIELDS, Problem, UNAVAILABLE, UNEXPECTED};

/// A stable word for one way to be refused, and the status it travels with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorCode {
    /// The word; it never changes and is the key of the text.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
}

/// An error that knows how to be told to the person who asked.
pub trait Failure: std::error::Error + Send + Sync + 'static {
    /// Which refusal this is.
    fn code(&self) -> ErrorCode;

    /// The members of the body or query that were at fault.
    fn fields(&self) -> Vec<FieldProblem> {
        Vec::new()
    }

    /// When it is worth trying again.
    fn retry_after_seconds(&self) -> Option<u64> {
        None
    }

    /// One more member of the problem, such as `("state", "closed")`.
    fn member(&self) -> Option<(&'static str, String)> {
        None
    }
}

impl Failure for DatabaseError {
    fn code(&self) -> ErrorCode {
        database_code(self)
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        (self.code() == UNAVAILABLE).then_some(1)
    }
}

/// How the database's own troubles are told: come back later, or plainly "unexpected".
pub fn database_code(error: &DatabaseError) -> ErrorCode {
    match error {
        DatabaseError::Busy | DatabaseError::Unavailable(_) | DatabaseError::Transient(_) => {
            UNAVAILABLE
        }
        _ => UNEXPECTED,
    }
}

/// One member that was at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// A JSON pointer such as `/items/0/material`, or `?limit` for the query.
    pub pointer: String,
    /// The stable word; its text is `field-<code>`.
    pub code: &'static str,
}

/// Collects everything that is wrong with a body, so that a person hears it all at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldProblem>);

impl Fields {
    /// Notes that the member at `pointer` cannot be accepted.
    pub fn refuse(&mut self, pointer: impl Into<String>, code: &'static str) {
        self.0.push(FieldProblem { pointer: pointer.into(), code });
    }

    /// Keeps a parsed value, or notes why there is none.
    pub fn check<T>(
        &mut self,
        pointer: impl Into<String>,
        parsed: Result<T, Invalid>,
    ) -> Option<T> {
        parsed.map_err(|Invalid(code)| self.refuse(pointer, code)).ok()
    }

    /// True while nothing has been refused.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What has been refused so far, for a failure of the slice's own.
    pub fn into_problems(self) -> Vec<FieldProblem> {
        self.0
    }

    /// Ends in 422 `invalid_fields` when anything was refused.
    pub fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::new(INVALID_FIELDS).with_fields(self.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_collected_and_then_refused_together() {
        let mut fields = Fields::default();
        assert_eq!(fields.check("/a", Ok(1)), Some(1));
        assert!(fields.is_empty());
        assert_eq!(fields.check::<i64>("/b", Err(Invalid("phone_malformed"))), None);
        fields.refuse("/items", "items_empty");
        let problem = fields.finish().unwrap_err();
        assert_eq!(problem.code(), INVALID_FIELDS);
        let pointers: Vec<&str> = problem.fields().iter().map(|it| it.pointer.as_str()).collect();
        assert_eq!(pointers, ["/b", "/items"]);
    }

    #[test]
    fn a_full_queue_is_worth_another_try_and_a_bug_is_not() {
        assert_eq!(database_code(&DatabaseError::Busy), UNAVAILABLE);
        assert_eq!(DatabaseError::Busy.retry_after_seconds(), Some(1));
        assert_eq!(database_code(&DatabaseError::NotFound), UNEXPECTED);
        assert_eq!(DatabaseError::NotFound.retry_after_seconds(), None);
    }
}
