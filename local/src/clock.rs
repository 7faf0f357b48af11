//! The laptop's clock: the wall clock plus an offset that may only grow.
//!
//! Domain time (due dates, notes, orders) follows it; staff tokens, signatures, presigned links
//! and expiry follow the wall, as their counterparts outside the process do.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Why the clock could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// Time does not run backward: what has been sent would be due again.
    #[error("the clock stands at {now} and can't be moved back to {asked}")]
    Backward {
        /// What the clock shows.
        now: Timestamp,
        /// What was asked for.
        asked: Timestamp,
    },
    /// The offset could not be kept.
    #[error("the clock's offset can't be written: {0}")]
    Write(#[from] std::io::Error),
}

/// A clock that can be moved forward. Clones are the same clock.
#[derive(Clone)]
pub struct LaptopClock {
    /// Microseconds ahead of the wall.
    ahead: Arc<AtomicI64>,
    /// Where the offset is kept between runs.
    file: Option<PathBuf>,
    /// The instant that stands for the wall's, where time does not pass by itself.
    still: Option<Timestamp>,
}

impl LaptopClock {
    /// A clock that shows `start` now (the wall's instant if `None`), kept nowhere.
    pub fn starting_at(start: Option<Timestamp>) -> Self {
        let ahead = start.map_or(0, |start| start.as_microsecond() - Timestamp::now().as_microsecond());
        Self { ahead: Arc::new(AtomicI64::new(ahead)), file: None, still: None }
    }

    /// A clock that shows `start` until it is moved, kept nowhere.
    pub fn still_at(start: Timestamp) -> Self {
        Self { ahead: Arc::default(), file: None, still: Some(start) }
    }

    /// The clock whose offset is kept in `file`; on the wall's time if there is none.
    ///
    /// # Errors
    /// When the file is there but can't be read as a number of microseconds.
    pub fn kept_in(file: PathBuf) -> std::io::Result<Self> {
        let ahead = match std::fs::read_to_string(&file) {
            Ok(text) => text.trim().parse().map_err(std::io::Error::other)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(Self { ahead: Arc::new(AtomicI64::new(ahead)), file: Some(file), still: None })
    }

    /// The present instant of the domain.
    pub fn now(&self) -> Timestamp {
        let wall = self.wall();
        let ahead = SignedDuration::from_micros(self.ahead.load(Ordering::Relaxed));
        wall.checked_add(ahead).unwrap_or(wall)
    }

    /// Moves the clock to `instant`, from where it goes on.
    ///
    /// # Errors
    /// [`ClockError::Backward`] if it has already passed; [`ClockError::Write`] if the offset
    /// can't be kept, and then the clock has not moved.
    pub fn move_to(&self, instant: Timestamp) -> Result<(), ClockError> {
        let now = self.now();
        if instant < now {
            return Err(ClockError::Backward { now, asked: instant });
        }
        let ahead = instant.as_microsecond() - self.wall().as_microsecond();
        if let Some(file) = &self.file {
            crate::data_folder::replace(file, ahead.to_string().as_bytes())?;
        }
        self.ahead.store(ahead, Ordering::Relaxed);
        Ok(())
    }

    fn wall(&self) -> Timestamp {
        self.still.unwrap_or_else(Timestamp::now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_forward_only_and_goes_on_from_there() {
        let start: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let clock = LaptopClock::starting_at(Some(start));
        let later = "2027-05-12T07:00:00Z".parse().unwrap();
        clock.clone().move_to(later).unwrap();
        assert!(clock.now() >= later);
        assert!(matches!(clock.move_to(start), Err(ClockError::Backward { .. })));
        assert!(clock.now() >= later);
    }

    #[test]
    fn it_stands_still_until_it_is_moved() {
        let start: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let clock = LaptopClock::still_at(start);
        assert_eq!(clock.now(), start);
        let later = "2027-05-12T07:00:00Z".parse().unwrap();
        clock.clone().move_to(later).unwrap();
        assert_eq!(clock.now(), later);
        assert!(clock.move_to(start).is_err());
    }

    #[test]
    fn the_offset_outlives_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock");
        let later = Timestamp::now().checked_add(SignedDuration::from_hours(900)).unwrap();
        LaptopClock::kept_in(file.clone()).unwrap().move_to(later).unwrap();
        assert!(LaptopClock::kept_in(file.clone()).unwrap().now() >= later);
        std::fs::write(&file, "soon").unwrap();
        assert!(LaptopClock::kept_in(file).is_err());
    }
}
