//! The master secret, from which every key is derived: made at the first start, kept outside the database.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use accounts::Secrets;
use primitives::Ambient;
use sha2::{Digest as _, Sha256};

use crate::settings::{Environment, Settings};

/// Why there is no usable secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    /// The file cannot be read or written.
    #[error("the secret file {path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Not 32 bytes in hexadecimal.
    #[error("the secret file {0} does not hold 64 hexadecimal digits")]
    Malformed(String),
    /// The demo's secret is known to everybody.
    #[error("production refuses the demo's secret")]
    Demo,
}

/// Reads the secret; makes one when there is none yet.
pub(crate) fn obtain(settings: &Settings, ambient: &Ambient) -> Result<Secrets, SecretError> {
    let path = settings.secret_path();
    if !path.exists() {
        write(&path, &ambient.bytes())?;
    }
    let master = read(&path)?;
    if settings.environment == Environment::Production && master == demo(DEMO_SEED) {
        return Err(SecretError::Demo);
    }
    Ok(Secrets::derive(&master))
}

/// The seed of the demo that newcomers run.
pub(crate) const DEMO_SEED: u64 = 20;

/// The demo's secret: made from its seed, so that the same seed makes the same database.
pub(crate) fn demo(seed: u64) -> [u8; 32] {
    Sha256::digest(format!("jumpa-madu demo secret {seed}")).into()
}

/// Writes a secret for the owner's eyes only; never over another.
pub(crate) fn write(path: &Path, master: &[u8; 32]) -> Result<(), SecretError> {
    let failed = |source| SecretError::File { path: path.display().to_string(), source };
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(failed)?;
    }
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match file {
        Ok(mut file) => {
            let text = data_encoding::HEXLOWER.encode(master);
            writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(failed)
        }
        // Another process was faster; its secret counts.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

fn read(path: &Path) -> Result<[u8; 32], SecretError> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|source| SecretError::File { path: name.clone(), source })?;
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes());
    let bytes = bytes.ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.ok_or(SecretError::Malformed(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_written_once_and_for_the_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deeper/secret.key");
        write(&path, &[1; 32]).unwrap();
        write(&path, &[2; 32]).unwrap();
        assert_eq!(read(&path).unwrap(), [1; 32]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn half_a_secret_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret.key");
        fs::write(&path, "abcd").unwrap();
        assert!(matches!(read(&path), Err(SecretError::Malformed(_))));
    }
}
