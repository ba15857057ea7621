use std::{
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/forgetful_disk.c");

/// A disk that forgets at a power cut whatever was written to it and not synced.
pub(crate) struct Disk {
    room: TempDir,
}

impl Disk {
    /// Compiles the library that stands between a program and the system.
    pub(crate) fn new() -> Self {
        let disk = Self { room: tempfile::tempdir().expect("a temporary directory") };
        let compiler = Command::new("cc")
            .args(["-O2", "-shared", "-fPIC", SOURCE, "-o"])
            .arg(disk.library())
            .status();
        assert!(compiler.expect("a C compiler").success());
        disk
    }

    /// Whatever this program writes, it writes to this disk.
    pub(crate) fn put_under(&self, program: &mut Command) {
        program.env("LD_PRELOAD", self.library()).env("FORGETFUL_DISK_PLATTER", self.platter());
    }

    /// For programs that run as somebody else.
    pub(crate) fn give_to(&self, user: u32, group: u32) {
        chown(self.room.path(), Some(user), Some(group)).expect("a disk can be given away");
    }

    /// Leaves in a directory only what was synced; directories are names, and names stay.
    pub(crate) fn cut_power(&self, directory: &Path) {
        let mut kept = self.platter().into_os_string();
        kept.push(directory);
        let forgotten =
            Command::new("find").arg(directory).args(["-type", "f", "-delete"]).status();
        assert!(forgotten.expect("find runs").success());
        let copied = Command::new("cp")
            .args(["--archive", "--no-target-directory"])
            .arg(kept)
            .arg(directory)
            .status();
        assert!(copied.expect("cp runs").success());
    }

    fn library(&self) -> PathBuf {
        self.room.path().join("forgetful_disk.so")
    }

    fn platter(&self) -> PathBuf {
        self.room.path().join("platter")
    }
}
