//! A file as JSON, whichever of the two forms of EPCIS it is in, and where everything in it stands.

use super::{xml, MAX_BYTES};
use crate::fhir::{well_formed, Refusal, FILE};
use serde_json::Value;
use std::collections::BTreeMap;

/// A document before anybody knows what it says.
pub(super) struct Source {
    /// The document, in the shape of EPCIS 2.0's JSON.
    pub value: Value,
    pub paths: Paths,
}

/// Where the things of the JSON stand in the file.
///
/// Places are written without a slash before them: `epcisBody/eventList/0/action`. What is not
/// listed stands in the file as it does in the JSON.
#[derive(Default)]
pub(super) struct Paths(BTreeMap<String, String>);

impl Source {
    /// Reads a file: XML if it begins with an angle bracket, JSON otherwise.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_BYTES {
            let reason = format!("is larger than {MAX_BYTES} bytes; give its events in parts");
            return Err(Refusal::new(FILE, reason));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(&b'<') {
            xml::read(bytes)
        } else {
            Ok(Self {
                value: well_formed(bytes)?,
                paths: Paths::default(),
            })
        }
    }
}

impl Paths {
    /// Notes that what is at `place` of the JSON stands at `path` of the file.
    pub fn note(&mut self, place: String, path: String) {
        self.0.insert(place, path);
    }

    /// Where what is at `place` stands in the file.
    pub fn of(&self, place: &str) -> String {
        let mut known = place;
        loop {
            if let Some(path) = self.0.get(known) {
                let rest = place.strip_prefix(known).unwrap_or_default();
                return format!("{path}{rest}");
            }
            match known.rsplit_once('/') {
                Some((around, _)) => known = around,
                None => return place.into(),
            }
        }
    }

    /// The same refusal, with the path of the file.
    pub fn in_file(&self, refusal: Refusal) -> Refusal {
        Refusal::new(self.of(&refusal.path), refusal.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_what_is_not_listed_goes_on_from_what_is_around_it() {
        let mut paths = Paths::default();
        paths.note(
            "epcisBody/eventList/0".into(),
            "EventList/ObjectEvent[1]".into(),
        );
        let told = paths.of("epcisBody/eventList/0/action");
        assert_eq!(told, "EventList/ObjectEvent[1]/action");
        assert_eq!(paths.of("epcisBody/eventList/1"), "epcisBody/eventList/1");
        assert_eq!(paths.of("epcisBody/eventList/01"), "epcisBody/eventList/01");
        assert_eq!(paths.of(FILE), FILE);
    }
}
