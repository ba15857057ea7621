use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

/// What can go wrong between us and the engine, the same for both engines.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A constraint said no.
    #[error("{kind:?} constraint {constraint} was violated")]
    Violation {
        /// Which sort of constraint.
        kind: ViolationKind,
        /// Its name: `{table}_{columns}_key` for unique ones.
        constraint: String,
    },
    /// A row that must exist does not.
    #[error("no such row")]
    NotFound,
    /// The engine asks for the whole unit of work to be run again (40001, 40P01).
    #[error("the engine asks for another try")]
    Transient(#[source] DieselError),
    /// The writer's queue or the pool is full; come back later.
    #[error("too much waiting work")]
    Busy,
    /// The engine cannot be reached, or the disk is full.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A row that our own code could never have written.
    #[error("impossible row {id} in {table}: {what}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row's key.
        id: String,
        /// What is wrong with it.
        what: String,
    },
    /// The unit of work panicked; it was undone.
    #[error("a unit of work panicked")]
    Panicked,
    /// Anything else the engine said.
    #[error("the database refused: {0}")]
    Other(#[source] DieselError),
}

/// The sorts of constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViolationKind {
    /// UNIQUE or PRIMARY KEY.
    Unique,
    /// FOREIGN KEY.
    ForeignKey,
    /// CHECK, or a trigger that refuses.
    Check,
    /// NOT NULL.
    NotNull,
}

/// The error of a unit of work, which lets the retry policy look inside.
pub trait UnitError: From<DatabaseError> + Send + 'static {
    /// The database's part in it, if any.
    fn database(&self) -> Option<&DatabaseError>;
}

impl UnitError for DatabaseError {
    fn database(&self) -> Option<&DatabaseError> {
        Some(self)
    }
}

impl DatabaseError {
    /// True when this is the violation of the named constraint.
    pub fn violates(&self, name: &str) -> bool {
        matches!(self, Self::Violation { constraint, .. } if constraint == name)
    }

    /// Names a row that cannot be.
    pub fn corrupt(table: &'static str, id: impl ToString, what: impl ToString) -> Self {
        Self::Corrupt { table, id: id.to_string(), what: what.to_string() }
    }

    /// True when the unit of work may succeed if it is simply run again.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Transient(_))
    }
}

impl From<DieselError> for DatabaseError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::NotFound => Self::NotFound,
            // The second is heard when a full disk has let SQLite undo the whole transaction by itself.
            DieselError::BrokenTransactionManager | DieselError::NotInTransaction => {
                Self::Unavailable(error.to_string())
            }
            DieselError::DatabaseError(kind, information) => match classify(kind, &**information) {
                Verdict::Violation(kind, constraint) => Self::Violation { kind, constraint },
                Verdict::Transient => Self::Transient(error),
                Verdict::Busy => Self::Busy,
                Verdict::Unavailable => Self::Unavailable(error.to_string()),
                Verdict::Other => Self::Other(error),
            },
            _ => Self::Other(error),
        }
    }
}

enum Verdict {
    Violation(ViolationKind, String),
    Transient,
    Busy,
    Unavailable,
    Other,
}

fn classify(kind: &DatabaseErrorKind, information: &dyn DatabaseErrorInformation) -> Verdict {
    let message = information.message();
    let named = || {
        let name = information.constraint_name().map(str::to_owned);
        name.unwrap_or_else(|| constraint_from_sqlite(message))
    };
    match kind {
        DatabaseErrorKind::UniqueViolation => Verdict::Violation(ViolationKind::Unique, named()),
        DatabaseErrorKind::ForeignKeyViolation => {
            Verdict::Violation(ViolationKind::ForeignKey, named())
        }
        DatabaseErrorKind::CheckViolation => Verdict::Violation(ViolationKind::Check, named()),
        DatabaseErrorKind::NotNullViolation => Verdict::Violation(ViolationKind::NotNull, named()),
        DatabaseErrorKind::SerializationFailure => Verdict::Transient,
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            Verdict::Unavailable
        }
        _ => classify_message(message),
    }
}

/// What neither diesel nor the drivers put into a kind has to be read from the text.
fn classify_message(message: &str) -> Verdict {
    let says = |needle: &str| message.contains(needle);
    if says("deadlock detected") || says("could not serialize") {
        Verdict::Transient
    } else if says("database is locked") || says("too many clients") {
        Verdict::Busy
    } else if says("disk is full")
        || says("disk I/O error")
        || says("No space left")
        || says("readonly database")
        || says("server closed the connection")
        || says("terminating connection")
        || says("could not connect")
    {
        Verdict::Unavailable
    } else {
        Verdict::Other
    }
}

/// SQLite says `UNIQUE constraint failed: account.phone, account.kind`; our names are `account_phone_kind_key`.
fn constraint_from_sqlite(message: &str) -> String {
    let Some((_, columns)) = message.split_once("constraint failed: ") else {
        return message.to_owned();
    };
    let Some((table, _)) = columns.split_once('.') else {
        return columns.to_owned();
    };
    let names: Vec<&str> =
        columns.split(", ").filter_map(|column| column.split_once('.').map(|it| it.1)).collect();
    format!("{table}_{}_key", names.join("_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_messages_become_our_names() {
        let name = constraint_from_sqlite("UNIQUE constraint failed: account.phone");
        assert_eq!(name, "account_phone_key");
        let name =
            constraint_from_sqlite("UNIQUE constraint failed: posting.account, posting.version");
        assert_eq!(name, "posting_account_version_key");
        assert_eq!(constraint_from_sqlite("CHECK constraint failed: report_state"), "report_state");
    }
}
