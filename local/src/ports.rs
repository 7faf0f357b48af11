//! The ports of the embedded services: chosen freely once, then the same at each start, so that a
//! link to a file that was given out before still opens.

use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::path::PathBuf;

/// The ports of an earlier run. What can't be read is as if there had been none.
pub(crate) struct Ports {
    file: Option<PathBuf>,
    earlier: BTreeMap<String, u16>,
}

impl Ports {
    /// The ports kept in `file`, if they are kept at all.
    pub(crate) fn kept_in(file: Option<PathBuf>) -> Self {
        let text = file.as_ref().and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
        Self { file, earlier: serde_json::from_slice(&text).unwrap_or_default() }
    }

    /// The port that `service` had; 0 if it had none.
    pub(crate) fn of(&self, service: &str) -> u16 {
        self.earlier.get(service).copied().unwrap_or(0)
    }

    /// Keeps the ports of these services and their addresses.
    pub(crate) fn keep(&self, endpoints: &[(&'static str, String)]) -> io::Result<()> {
        let port = |address: &str| address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        let now: BTreeMap<String, u16> =
            endpoints.iter().filter_map(|(service, address)| Some(((*service).to_owned(), port(address)?))).collect();
        match &self.file {
            Some(file) if now != self.earlier => {
                crate::data_folder::replace(file, &serde_json::to_vec(&now).map_err(io::Error::from)?)
            }
            _ => Ok(()),
        }
    }
}

/// Listens on loopback at `preferred`, or at a free port where that is 0 or taken.
pub(crate) fn listen(preferred: u16) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(("127.0.0.1", preferred)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_the_same_next_time_unless_it_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let file = Some(folder.path().join("ports.json"));
        let first = listen(Ports::kept_in(file.clone()).of("S3")).unwrap();
        let port = first.local_addr().unwrap().port();
        Ports::kept_in(file.clone()).keep(&[("S3", format!("http://127.0.0.1:{port}"))]).unwrap();
        assert_eq!(Ports::kept_in(file.clone()).of("S3"), port);
        assert_ne!(listen(port).unwrap().local_addr().unwrap().port(), port, "it is taken");
        std::fs::write(folder.path().join("ports.json"), "{").unwrap();
        assert_eq!(Ports::kept_in(file).of("S3"), 0);
    }
}
