//! What became of the files of an import, and how it is told.

use crate::fhir::{
    audit_event::{AccessLog, AuditEvent},
    period::moment_in_words,
    verification_result::{self, SourceCheck},
    Mapped, Note, Outcome, Refusal, Signatory, Version,
};
use axonic_primitives::{ConsentId, CredentialId, Moment, OrgId, PatientId};
use pallet_consent::types::Draft;
use pallet_credentials::types::PrimarySource;
use serde::Serialize;
use sp_core::H256;
use std::path::Path;
use zeroize::Zeroizing;

/// What became of one file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub file: String,
    pub status: Status,
    #[serde(flatten)]
    pub import: Option<Imported>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// How far a file came.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Status {
    /// The chain cannot keep it.
    Refused,
    /// It could be sent, and was not.
    Mapped,
    /// A consent: it is on the chain, finalised.
    Granted,
    /// An audit event: its batch is on the chain, finalised.
    Anchored,
    /// A verification result: its outcome is on the chain, finalised.
    Recorded,
    /// It was not carried out. It is not in the store, unless that failed.
    Failed,
    /// It was sent, and nobody knows. If it was kept, it is in the store.
    Unknown,
}

impl Status {
    /// Whether it came as far as it was to come.
    pub fn is_done(self, dry_run: bool) -> bool {
        match self {
            Self::Refused | Self::Failed | Self::Unknown => false,
            Self::Mapped => dry_run,
            Self::Granted | Self::Anchored | Self::Recorded => !dry_run,
        }
    }
}

/// A file that was mapped.
#[derive(Serialize)]
#[serde(tag = "resourceType")]
pub(super) enum Imported {
    Consent(Consent),
    AuditEvent(Event),
    VerificationResult(Check),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Consent {
    fhir_version: Version,
    pub patient: PatientId,
    signed_by: &'static str,
    pub terms: Draft,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence_salt: Option<H256>,
    mapping: Vec<Note>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentId>,
    #[serde(skip)]
    pub signatory: Signatory,
    /// The evidence salt, which is shown only if it is needed and nowhere else.
    #[serde(skip)]
    salt: H256,
    /// The commitment under which it is kept, if there is a store.
    #[serde(skip)]
    kept: Option<H256>,
    #[serde(skip)]
    canonical: Zeroizing<Vec<u8>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    fhir_version: Version,
    recorded: Moment,
    mapping: Vec<Note>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commitment: Option<H256>,
    /// Its place in the batch, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf: Option<u32>,
    #[serde(skip)]
    canonical: Zeroizing<Vec<u8>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Check {
    pub credential: CredentialId,
    pub outcome: PrimarySource,
    mapping: Vec<Note>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<H256>,
    #[serde(skip)]
    canonical: Zeroizing<Vec<u8>>,
}

/// The batch that all audit events together become.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Log {
    pub leaves: u32,
    pub first_at: Moment,
    pub last_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<H256>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrgId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u32>,
}

/// Everything, for `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report<'a> {
    pub dry_run: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_log: Option<&'a Log>,
    pub files: &'a [Entry],
}

impl Consent {
    pub fn new(mapped: Mapped, salt: H256, canonical: Vec<u8>) -> Self {
        let Mapped {
            version,
            patient,
            signatory,
            terms,
            notes,
        } = mapped;
        Self {
            fhir_version: version,
            patient,
            signed_by: match signatory {
                Signatory::Patient(_) => "patient",
                Signatory::Representative(_) => "representative",
            },
            terms,
            evidence_salt: None,
            mapping: notes,
            consent: None,
            signatory,
            salt,
            kept: None,
            canonical: Zeroizing::new(canonical),
        }
    }
}

impl Event {
    pub fn new(event: AuditEvent) -> Self {
        let AuditEvent {
            version,
            recorded,
            canonical,
            notes,
        } = event;
        Self {
            fhir_version: version,
            recorded,
            mapping: notes,
            commitment: None,
            leaf: None,
            canonical: Zeroizing::new(canonical),
        }
    }
}

impl Check {
    pub fn new(check: SourceCheck) -> Self {
        let SourceCheck {
            credential,
            outcome,
            canonical,
            notes,
        } = check;
        Self {
            credential,
            outcome,
            mapping: notes,
            commitment: None,
            canonical: Zeroizing::new(canonical),
        }
    }
}

impl Log {
    /// The batch of the audit events among these files, if there are any, which are numbered as its
    /// leaves. Refuses more than a batch holds.
    pub fn of(entries: &mut [Entry]) -> Result<Option<Self>, Refusal> {
        let mut events: Vec<_> = entries.iter_mut().filter_map(Entry::event_mut).collect();
        if events.is_empty() {
            return Ok(None);
        }
        let recorded: Vec<_> = events.iter().map(|event| event.recorded).collect();
        let AccessLog {
            order,
            first_at,
            last_at,
        } = AccessLog::of(&recorded)?;
        let mut leaves = 0;
        for place in order {
            if let Some(event) = events.get_mut(place) {
                event.leaf = Some(leaves);
                leaves += 1;
            }
        }
        Ok(Some(Self {
            leaves,
            first_at,
            last_at,
            root: None,
            organisation: None,
            sequence: None,
        }))
    }

    /// In a sentence.
    pub fn in_words(&self) -> String {
        let Self {
            leaves,
            first_at,
            last_at,
            ..
        } = self;
        let (first, last) = (moment_in_words(*first_at), moment_in_words(*last_at));
        let became = match (self.organisation, self.sequence) {
            (Some(org), Some(sequence)) => {
                format!("anchored as number {sequence} of organisation {}", org.0)
            }
            _ => "not anchored".into(),
        };
        format!("access log: {leaves} events recorded from {first} to {last}, {became}")
    }
}

impl Entry {
    pub fn new(file: &Path, imported: Result<Imported, Vec<Refusal>>) -> Self {
        let (status, import, refusals) = match imported {
            Ok(import) => (Status::Mapped, Some(import), Vec::new()),
            Err(refusals) => (Status::Refused, None, refusals),
        };
        Self {
            file: file.display().to_string(),
            status,
            import,
            refusals,
            error: None,
        }
    }

    pub fn fail(&mut self, error: String) {
        self.status = Status::Failed;
        self.error = Some(error);
    }

    /// Whether it goes to the chain in the name of an organisation.
    pub fn is_of_the_office(&self) -> bool {
        matches!(
            self.import,
            Some(Imported::AuditEvent(_) | Imported::VerificationResult(_))
        )
    }

    /// The document to keep, with the salt that it was committed to with, if it was.
    pub fn document(&self) -> Option<(&[u8], Option<H256>)> {
        Some(match self.import.as_ref()? {
            Imported::Consent(consent) => (&consent.canonical[..], Some(consent.salt)),
            Imported::AuditEvent(event) => (&event.canonical[..], None),
            Imported::VerificationResult(check) => (&check.canonical[..], None),
        })
    }

    /// Where the commitment of such a document is put.
    pub fn commitment_mut(&mut self) -> Option<&mut Option<H256>> {
        match self.import.as_mut()? {
            Imported::Consent(consent) => Some(&mut consent.kept),
            Imported::AuditEvent(event) => Some(&mut event.commitment),
            Imported::VerificationResult(check) => Some(&mut check.commitment),
        }
    }

    /// Has a consent that is, or may be, on the chain show its salt, unless the store has it.
    pub fn reveal_salt(&mut self) {
        if let Some(Imported::Consent(consent)) = &mut self.import {
            consent.evidence_salt = consent.kept.is_none().then_some(consent.salt);
        }
    }

    /// The salt that somebody has to keep.
    pub fn salt_in_words(&self) -> Option<String> {
        let salt = match self.import.as_ref()? {
            Imported::Consent(consent) => consent.evidence_salt?,
            _ => return None,
        };
        let file = &self.file;
        Some(format!(
            "{file}: evidence salt {salt:#x}; keep it with the document, to prove or erase the link"
        ))
    }

    fn granted(&self) -> Option<ConsentId> {
        match self.import.as_ref()? {
            Imported::Consent(consent) => consent.consent,
            _ => None,
        }
    }

    /// The place in the batch and the commitment of an audit event that is kept.
    pub fn leaf(&self) -> Option<(u32, H256)> {
        match self.import.as_ref()? {
            Imported::AuditEvent(event) => event.leaf.zip(event.commitment),
            _ => None,
        }
    }

    fn event_mut(&mut self) -> Option<&mut Event> {
        match self.import.as_mut()? {
            Imported::AuditEvent(event) => Some(event),
            _ => None,
        }
    }

    /// Where its document is kept, once it is.
    pub fn kept_in_words(&self) -> Option<String> {
        let (commitment, leaf) = match self.import.as_ref()? {
            Imported::Consent(consent) => (consent.kept?, None),
            Imported::AuditEvent(event) => (event.commitment?, event.leaf),
            Imported::VerificationResult(check) => (check.commitment?, None),
        };
        let leaf = leaf
            .map(|leaf| format!(", leaf {leaf} of the access log"))
            .unwrap_or_default();
        let file = &self.file;
        Some(format!(
            "{file}: kept in the store under {commitment:#x}{leaf}"
        ))
    }

    pub fn in_words(&self, dry_run: bool) -> Vec<String> {
        let mut lines = vec![format!("{}: {}", self.file, self.outcome_in_words(dry_run))];
        lines.extend(self.refusals.iter().map(|refusal| format!("  {refusal}")));
        let mapping = match &self.import {
            None => return lines,
            Some(Imported::Consent(consent)) => {
                let Consent {
                    fhir_version,
                    patient,
                    signed_by,
                    ..
                } = consent;
                lines.push(format!(
                    "  {fhir_version}, patient {patient}, signed by the {signed_by}"
                ));
                &consent.mapping
            }
            Some(Imported::AuditEvent(event)) => {
                let recorded = moment_in_words(event.recorded);
                lines.push(format!("  {}, recorded {recorded}", event.fhir_version));
                &event.mapping
            }
            Some(Imported::VerificationResult(check)) => {
                let outcome = verification_result::word(check.outcome);
                lines.push(format!("  credential {}: {outcome}", check.credential));
                &check.mapping
            }
        };
        for (heading, outcome) in [
            ("mapped", Outcome::Mapped),
            ("says nothing new", Outcome::Redundant),
            ("left out", Outcome::Administrative),
        ] {
            let notes = mapping.iter().filter(|note| note.outcome == outcome);
            let notes: Vec<_> = notes
                .map(|note| format!("    {}: {}", note.path, note.became))
                .collect();
            if !notes.is_empty() {
                lines.push(format!("  {heading}"));
                lines.extend(notes);
            }
        }
        lines
    }

    fn outcome_in_words(&self, dry_run: bool) -> String {
        match self.status {
            Status::Refused => "refused".into(),
            Status::Mapped if dry_run => "mapped".into(),
            Status::Mapped => "mapped; not sent, because another file stands in the way".into(),
            Status::Granted => match self.granted() {
                Some(consent) => format!("granted as consent {consent}"),
                None => "granted".into(),
            },
            Status::Anchored => match self.leaf() {
                Some((leaf, _)) => format!("anchored as leaf {leaf} of the access log"),
                None => "anchored".into(),
            },
            Status::Recorded => "recorded with the credential".into(),
            Status::Failed | Status::Unknown => self.error.clone().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn event(recorded: Moment) -> Entry {
        let event = AuditEvent {
            version: Version::R5,
            recorded,
            canonical: b"{}".to_vec(),
            notes: Vec::new(),
        };
        let import = Imported::AuditEvent(Event::new(event));
        Entry::new(Path::new("a.json"), Ok(import))
    }

    fn check() -> Entry {
        let check = SourceCheck {
            credential: CredentialId(H256::repeat_byte(5)),
            outcome: PrimarySource::InProcess,
            canonical: b"{}".to_vec(),
            notes: Vec::new(),
        };
        let import = Imported::VerificationResult(Check::new(check));
        Entry::new(Path::new("b.json"), Ok(import))
    }

    #[test]
    fn events_are_leaves_in_the_order_of_recording() {
        let mut entries = [event(2000), check(), event(1000)];
        let mut log = Log::of(&mut entries).unwrap().unwrap();
        assert_eq!((log.leaves, log.first_at, log.last_at), (2, 1000, 2000));
        assert!(Log::of(&mut [check()]).unwrap().is_none());
        for (entry, byte) in entries.iter_mut().zip(1..) {
            *entry.commitment_mut().unwrap() = Some(H256::repeat_byte(byte));
        }
        let leaf = |place: u32, byte| Some((place, H256::repeat_byte(byte)));
        let leaves = entries.each_ref().map(Entry::leaf);
        assert_eq!(leaves, [leaf(1, 1), None, leaf(0, 3)]);

        let told = log.in_words();
        assert!(
            told.ends_with("to 1970-01-01T00:00:02Z, not anchored"),
            "{told}"
        );
        log.organisation = Some(OrgId(3));
        log.sequence = Some(7);
        let told = log.in_words();
        assert!(
            told.ends_with("anchored as number 7 of organisation 3"),
            "{told}"
        );
    }

    #[test]
    fn what_is_kept_is_told_with_its_commitment_and_leaf() {
        let mut entries = [event(1000), check()];
        Log::of(&mut entries).unwrap();
        assert!(entries.iter().all(|entry| entry.kept_in_words().is_none()));
        for entry in &mut entries {
            *entry.commitment_mut().unwrap() = Some(H256::repeat_byte(1));
        }
        let commitment = format!("0x{}", "01".repeat(32));
        let [event, check] = entries.each_ref().map(Entry::kept_in_words);
        let expected =
            format!("a.json: kept in the store under {commitment}, leaf 0 of the access log");
        assert_eq!(event, Some(expected));
        let expected = format!("b.json: kept in the store under {commitment}");
        assert_eq!(check, Some(expected));
    }

    #[test]
    fn how_far_a_file_came_is_told_in_words_and_json() {
        let mut entries = [event(1000), check()];
        Log::of(&mut entries).unwrap();
        let [event, check] = &mut entries;
        *event.commitment_mut().unwrap() = Some(H256::repeat_byte(1));
        event.status = Status::Anchored;
        let told = &event.in_words(false)[0];
        assert_eq!(told, "a.json: anchored as leaf 0 of the access log");
        check.status = Status::Recorded;
        let told = check.in_words(false);
        assert_eq!(told[0], "b.json: recorded with the credential");
        assert!(told[1].ends_with(": in process"), "{told:?}");
        let json = serde_json::to_value(&*check).unwrap();
        assert_eq!(json["resourceType"], "VerificationResult");
        assert_eq!(json["status"], "recorded");
        assert_eq!(json["outcome"], "inProcess");

        check.fail("refused by the chain: Credentials.NotFound".into());
        let told = &check.in_words(false)[0];
        assert_eq!(told, "b.json: refused by the chain: Credentials.NotFound");
        let json = serde_json::to_value(&*check).unwrap();
        assert_eq!(json["error"], "refused by the chain: Credentials.NotFound");
        // What is kept does not leave the store by this door.
        assert_eq!(json.get("canonical"), None);
    }

    fn consent() -> Entry {
        let terms = serde_json::json!({"scope": "patient-privacy", "decision": "permit"});
        let mapped = Mapped {
            version: Version::R5,
            patient: PatientId::default(),
            signatory: Signatory::Patient(PatientId::default()),
            terms: serde_json::from_value(terms).unwrap(),
            notes: Vec::new(),
        };
        let consent = Consent::new(mapped, H256::repeat_byte(3), b"{}".to_vec());
        Entry::new(Path::new("c.json"), Ok(Imported::Consent(consent)))
    }

    #[test]
    fn a_salt_is_shown_only_if_it_is_needed_and_nowhere_else() {
        let mut entry = consent();
        let salt = format!("{:#x}", H256::repeat_byte(3));
        let shows = |entry: &Entry| {
            let json = serde_json::to_string(entry).unwrap();
            let aside = entry.in_words(false).join("\n");
            assert!(!aside.contains(&salt), "{aside}");
            assert_eq!(json.contains(&salt), entry.salt_in_words().is_some());
            json.contains(&salt)
        };
        assert!(!shows(&entry));
        entry.fail("refused".into());
        assert!(!shows(&entry));
        entry.reveal_salt();
        assert!(shows(&entry));
        assert!(entry.salt_in_words().unwrap().contains(&salt));

        let mut entry = consent();
        let (content, given) = entry.document().unwrap();
        assert_eq!((content, given), (&b"{}"[..], Some(H256::repeat_byte(3))));
        *entry.commitment_mut().unwrap() = Some(H256::repeat_byte(1));
        entry.reveal_salt();
        assert!(!shows(&entry));
        assert!(entry.kept_in_words().is_some());
    }

    #[test]
    fn a_file_is_done_where_it_was_to_come() {
        for (status, dry, wet) in [
            (Status::Mapped, true, false),
            (Status::Granted, false, true),
            (Status::Anchored, false, true),
            (Status::Recorded, false, true),
            (Status::Refused, false, false),
            (Status::Failed, false, false),
            (Status::Unknown, false, false),
        ] {
            assert_eq!((status.is_done(true), status.is_done(false)), (dry, wet));
        }
    }
}
