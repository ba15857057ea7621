use std::{
    fs,
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

    /// Leaves in a directory only what was synced, and the clock, which goes on.
    pub(crate) fn cut_power(&self, directory: &Path) {
        let mut kept = self.platter().into_os_string();
        kept.push(directory);
        let clock = directory.join("clock");
        fs::copy(&clock, Path::new(&kept).join("clock")).expect("the clock goes on");
        fs::remove_dir_all(directory).expect("the directory can be emptied");
        let copied = Command::new("cp").arg("--archive").arg(kept).arg(directory).status();
        assert!(copied.expect("cp runs").success());
    }

    fn library(&self) -> PathBuf {
        self.room.path().join("forgetful_disk.so")
    }

    fn platter(&self) -> PathBuf {
        self.room.path().join("platter")
    }
}
