//! The folder where everything is kept between runs: claimed by one process, stamped with the
//! version of its layout, and emptied only of what was made here.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use fs4::FileExt;

/// The layout that this build reads and writes. Raise it when an older folder can't be read.
pub const LAYOUT_VERSION: &str = "3";

const VERSION_FILE: &str = "version";
const LOCK_FILE: &str = "lock";
const HOLD_TRIES: u32 = 20;
const HOLD_PAUSE: Duration = Duration::from_millis(25);
const ROOT_KEY_BYTES: usize = 32;

/// What stands in a folder of ours, and therefore what `--fresh` may drop.
const OURS: [&str; 13] = [
    "table.sqlite",
    "table.sqlite-wal",
    "table.sqlite-shm",
    "bucket",
    "mailbox.jsonl",
    "mail-events",
    "clock",
    "stream-checkpoints.json",
    "dead-letters.jsonl",
    "root-key",
    "ports.json",
    VERSION_FILE,
    LOCK_FILE,
];

/// Why a folder was refused. Each is one line for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    /// Another process works in it.
    #[error("the data folder {0} is in use by another process: stop it, or choose another with --data")]
    Held(PathBuf),
    /// It was made by a build with another layout.
    #[error(
        "the data folder {folder} has layout version {found}, this build needs {LAYOUT_VERSION}: start with --fresh to drop its data"
    )]
    OtherVersion {
        /// The folder.
        folder: PathBuf,
        /// What its stamp says.
        found: String,
    },
    /// It holds things that were not made here.
    #[error("{0} is not empty and no data folder of Clientele: choose another with --data")]
    Foreign(PathBuf),
    /// The file system refused.
    #[error("the data folder {folder} can't be used: {source}")]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
}

/// A folder held by this process, until dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Claims `path`, making it if need be; `fresh` first drops what an earlier run left there.
    ///
    /// # Errors
    /// One of [`DataFolderError`]; nothing has been changed then.
    pub fn claim(path: &Path, fresh: bool) -> Result<Self, DataFolderError> {
        let io = |source| DataFolderError::Io { folder: path.to_owned(), source };
        make_private(path).map_err(io)?;
        let stamp = read_stamp(path).map_err(io)?;
        if stamp.is_none() && !is_unused(path).map_err(io)? {
            return Err(DataFolderError::Foreign(path.to_owned()));
        }
        let lock = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path.join(LOCK_FILE))
            .map_err(io)?;
        if !hold(&lock).map_err(io)? {
            return Err(DataFolderError::Held(path.to_owned()));
        }
        if fresh {
            drop_data(path).map_err(io)?;
        } else if let Some(found) = stamp.filter(|found| found != LAYOUT_VERSION) {
            return Err(DataFolderError::OtherVersion { folder: path.to_owned(), found });
        }
        replace(&path.join(VERSION_FILE), LAYOUT_VERSION.as_bytes()).map_err(io)?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// The path of `name` in it.
    pub fn join(&self, name: &str) -> PathBuf {
        debug_assert!(OURS.contains(&name), "{name} is not listed among what --fresh drops");
        self.path.join(name)
    }

    /// The root key of this laptop, made on the first run and readable by its owner only.
    ///
    /// # Errors
    /// When the file can't be read or made, or is too short to be a key.
    pub fn root_key(&self) -> Result<Vec<u8>, DataFolderError> {
        let path = self.join("root-key");
        let io = |source| DataFolderError::Io { folder: self.path.clone(), source };
        match fs::read(&path) {
            Ok(key) if key.len() >= ROOT_KEY_BYTES => Ok(key),
            Ok(_) => Err(io(io::Error::other("root-key is too short"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = new_root_key();
                replace(&path, &key).map_err(io)?;
                Ok(key.to_vec())
            }
            Err(error) => Err(io(error)),
        }
    }
}

/// A new random root key.
pub fn new_root_key() -> [u8; ROOT_KEY_BYTES] {
    let mut key = [0; ROOT_KEY_BYTES];
    getrandom::fill(&mut key).expect("the operating system has randomness");
    key
}

/// Replaces `file` by `content` in one step, readable by its owner only: a process that is killed
/// leaves the old content or the new.
pub fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(content)?;
    new.persist(file)?;
    Ok(())
}

/// Makes the folder, for its owner only: it will hold personal data. One that is there stays as
/// it is.
fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn read_stamp(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path.join(VERSION_FILE)) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Locks the folder; `false` if another process keeps it. Whoever is just ending, or is a process
/// between its fork and its program, which has the lock too, lets go within moments.
fn hold(lock: &File) -> io::Result<bool> {
    for _ in 0..HOLD_TRIES {
        match FileExt::try_lock(lock) {
            Ok(()) => return Ok(true),
            Err(fs4::TryLockError::WouldBlock) => std::thread::sleep(HOLD_PAUSE),
            Err(fs4::TryLockError::Error(source)) => return Err(source),
        }
    }
    Ok(false)
}

/// Whether nothing is in the folder but the lock of a run that ended before its stamp.
fn is_unused(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        if entry?.file_name() != LOCK_FILE {
            return Ok(false);
        }
    }
    Ok(true)
}

fn drop_data(path: &Path) -> io::Result<()> {
    // The lock is held and the stamp is written anew; both stay.
    for name in OURS.into_iter().filter(|name| ![LOCK_FILE, VERSION_FILE].contains(name)) {
        let entry = path.join(name);
        let removed = if entry.is_dir() { fs::remove_dir_all(&entry) } else { fs::remove_file(&entry) };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let held = DataFolder::claim(folder.path(), false).unwrap();
        let refusal = DataFolder::claim(folder.path(), true).unwrap_err();
        assert!(matches!(refusal, DataFolderError::Held(_)), "{refusal}");
        assert!(!refusal.to_string().contains('\n'));
        drop(held);
        DataFolder::claim(folder.path(), false).unwrap();
    }

    #[test]
    fn another_version_is_refused_until_fresh() {
        let folder = tempfile::tempdir().unwrap();
        let key = DataFolder::claim(folder.path(), false).unwrap().root_key().unwrap();
        assert_eq!(DataFolder::claim(folder.path(), false).unwrap().root_key().unwrap(), key);
        fs::write(folder.path().join(VERSION_FILE), "0").unwrap();
        let refusal = DataFolder::claim(folder.path(), false).unwrap_err();
        assert!(refusal.to_string().contains("--fresh"), "{refusal}");
        let fresh = DataFolder::claim(folder.path(), true).unwrap();
        assert_ne!(fresh.root_key().unwrap(), key);
    }

    #[test]
    fn what_was_not_made_here_is_never_touched() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
        for fresh in [false, true] {
            let refusal = DataFolder::claim(folder.path(), fresh).unwrap_err();
            assert!(matches!(refusal, DataFolderError::Foreign(_)));
        }
        let ours = tempfile::tempdir().unwrap();
        drop(DataFolder::claim(ours.path(), false).unwrap());
        fs::write(ours.path().join("notes.txt"), "mine").unwrap();
        fs::create_dir(ours.path().join("bucket")).unwrap();
        drop(DataFolder::claim(ours.path(), true).unwrap());
        assert!(ours.path().join("notes.txt").exists());
        assert!(!ours.path().join("bucket").exists());
    }

    #[cfg(unix)]
    #[test]
    fn the_root_key_is_readable_by_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder::claim(folder.path(), false).unwrap();
        data.root_key().unwrap();
        let mode = fs::metadata(data.join("root-key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
