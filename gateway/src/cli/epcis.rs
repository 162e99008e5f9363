//! `axonic-gateway epcis`: maps a whole EPCIS document first, and sends only if nothing in it is
//! refused.

mod sending;

use super::{
    account_of, connect, json::pretty, needed_directory, now, read_at_most, Problem, Setup,
};
use crate::{
    epcis::{
        event_id,
        hash::{event_hash, pre_hash},
        mapping::{map, Terms, Trouble},
        plan::Plan,
        serials::{Books, SerialBook},
        Document, MAX_BYTES,
    },
    fhir::Refusal,
};
use axonic_gs1::{Gtin, LotNumber};
use clap::Args;
use sending::Sender;
use serde::Serialize;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Args)]
pub(super) struct Epcis {
    /// A file with EPCIS 2.0 JSON, or EPCIS 1.2 or 2.0 XML.
    #[arg(value_name = "DOCUMENT")]
    document: PathBuf,
    /// Who signs: a reference of the directory's `staff`.
    #[arg(long, value_name = "REFERENCE", required_unless_present = "hashes")]
    sign_as: Option<String>,
    /// The serials, one a line in the order of the packs, of a lot that is behind their root. May
    /// be repeated.
    #[arg(long, value_name = "GTIN/LOT=FILE", value_parser = lot_file)]
    serials: Vec<LotFile>,
    /// Make the DSCSA transaction statement for goods that change hands, also where the document
    /// does not.
    #[arg(long)]
    statement: bool,
    /// Show what would be sent, and send nothing. The chain is asked all the same.
    #[arg(long, conflicts_with = "hashes")]
    dry_run: bool,
    /// Only check the document, and show the event hash of each event and the text that is hashed.
    /// Needs neither a directory nor a node.
    #[arg(long)]
    hashes: bool,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// Which lot's serials are in which file.
#[derive(Clone)]
struct LotFile {
    gtin: Gtin,
    lot: LotNumber,
    file: PathBuf,
}

/// Reads `GTIN/LOT=FILE`. A lot number may have slashes and equals signs in it, a file name no
/// equals sign.
fn lot_file(text: &str) -> Result<LotFile, String> {
    let usage = "serials are given as GTIN/LOT=FILE";
    let (gtin, rest) = text.split_once('/').ok_or(usage)?;
    let (lot, file) = rest.rsplit_once('=').ok_or(usage)?;
    Ok(LotFile {
        gtin: Gtin::parse(gtin).map_err(|error| format!("{gtin}: {error}"))?,
        lot: LotNumber::parse(lot).map_err(|error| format!("{lot}: {error}"))?,
        file: file.into(),
    })
}

/// What became of a document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    file: String,
    dry_run: bool,
    refusals: &'a [Refusal],
    events: &'a [Entry],
}

/// What became of an event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    status: Status,
    #[serde(flatten)]
    plan: Plan,
    /// How many of its calls were carried out.
    done: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// How far an event came.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Status {
    /// It could be sent, and was not.
    Mapped,
    /// There is nothing to do.
    Nothing,
    /// All its calls were carried out, finalised.
    Captured,
    /// A call was not carried out; those after it were not sent.
    Failed,
    /// A call was sent, and nobody knows; those after it were not sent.
    Unknown,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Mapped => "mapped, not sent",
            Self::Nothing => "nothing to do",
            Self::Captured => "captured",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl Entry {
    fn new(plan: Plan) -> Self {
        let status = match plan.steps.is_empty() {
            true => Status::Nothing,
            false => Status::Mapped,
        };
        Self {
            status,
            plan,
            done: 0,
            error: None,
        }
    }

    /// Forgets the salt, unless the event is on the chain: it has a use only there.
    fn keep_secret(&mut self) {
        if !matches!(self.status, Status::Captured | Status::Nothing) {
            self.plan.salt = None;
        }
    }

    /// What became of the event, which names no packs.
    fn in_brief(&self) -> Vec<String> {
        let Plan {
            path,
            kind,
            biz_step,
            event_id,
            ..
        } = &self.plan;
        let step = biz_step.as_deref().unwrap_or("no step of CBV's");
        let (kind, status) = (kind.name(), self.status.word());
        let mut lines = vec![format!("{path}: {status}: {kind}, {step}, {event_id}")];
        if self.done > 0 && self.status != Status::Captured {
            let (done, calls) = (self.done, self.plan.steps.len());
            lines.push(format!("  {done} of {calls} calls were carried out"));
        }
        lines.extend(self.error.iter().map(|error| format!("  {error}")));
        lines
    }

    /// The same, with its calls, a line each.
    fn in_words(&self) -> Vec<String> {
        let mut lines = self.in_brief();
        let steps = self.plan.steps.iter().enumerate();
        lines.extend(steps.map(|(index, step)| {
            let done = if index < self.done { "done: " } else { "" };
            format!("  {done}{step}")
        }));
        lines.extend(self.plan.notes.iter().map(|note| format!("  {note}")));
        lines
    }
}

impl Epcis {
    pub(super) async fn run(self, setup: &Setup) -> Result<ExitCode, Problem> {
        let parsed = read_at_most(&self.document, MAX_BYTES)
            .map_err(|refusal| vec![refusal])
            .and_then(|bytes| Document::parse(&bytes, now()));
        let document = match parsed {
            Ok(document) => document,
            Err(refusals) => return Ok(self.refused(&refusals)),
        };
        if self.hashes {
            self.show_hashes(&document);
            return Ok(ExitCode::SUCCESS);
        }
        let books = self.books()?;
        let directory = needed_directory(setup, "a capture")?;
        let signer = self.sign_as.as_deref().unwrap_or_default();
        let key = directory.staff_key(signer)?;
        let chain = connect(setup).await?;
        let org = chain.organisation_of(&account_of(&key)).await?;
        let salt = |event: &str| directory.record_id(event);
        let terms = Terms {
            org,
            now: chain.clock().await?,
            books: &books,
            statement: self.statement,
            salt: &salt,
        };
        let plans = match map(&document, &chain, &terms).await {
            Ok(plans) => plans,
            Err(Trouble::Refused(refusal)) => return Ok(self.refused(&[refusal])),
            Err(Trouble::Chain(error)) => return Err(error.into()),
        };
        let mut entries: Vec<_> = plans.into_iter().map(Entry::new).collect();
        if !self.dry_run {
            let mut sender = Sender::new(&chain, &key, org);
            sender.send(&mut entries).await;
        }
        entries.iter_mut().for_each(Entry::keep_secret);
        self.show(&entries, &[]);
        let is_done = |entry: &Entry| match entry.status {
            Status::Captured | Status::Nothing => true,
            Status::Mapped => self.dry_run,
            Status::Failed | Status::Unknown => false,
        };
        Ok(if entries.iter().all(is_done) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    /// The books of serials that are named.
    fn books(&self) -> Result<Books, Problem> {
        let mut books = Books::default();
        for LotFile { gtin, lot, file } in &self.serials {
            let book = book(*gtin, file)?;
            if !books.insert(*gtin, *lot, book) {
                let told = format!("--serials: lot {gtin}/{lot} is given twice");
                return Err(Problem::Typed(told));
            }
        }
        Ok(books)
    }

    fn refused(&self, refusals: &[Refusal]) -> ExitCode {
        self.show(&[], refusals);
        ExitCode::FAILURE
    }

    fn show(&self, entries: &[Entry], refusals: &[Refusal]) {
        let file = self.document.display().to_string();
        if self.json {
            println!(
                "{}",
                pretty(&Report {
                    file,
                    dry_run: self.dry_run,
                    refusals,
                    events: entries
                })
            );
            return;
        }
        if !refusals.is_empty() {
            eprintln!("{file}: refused, nothing was sent");
            for refusal in refusals {
                eprintln!("  {refusal}");
            }
        }
        for entry in entries {
            let amiss = matches!(entry.status, Status::Failed | Status::Unknown)
                || (entry.status == Status::Mapped && !self.dry_run);
            // Errors are kept by whoever runs this, and serials are not for them.
            if amiss {
                entry.in_brief().iter().for_each(|line| eprintln!("{line}"));
                continue;
            }
            entry.in_words().iter().for_each(|line| println!("{line}"));
            if let Some(salt) = entry.plan.salt {
                println!("  salt of what was committed to: {salt:#x}");
            }
        }
    }

    fn show_hashes(&self, document: &Document) {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Hashed {
            #[serde(rename = "eventID")]
            event_id: String,
            pre_hash: String,
        }
        let hashed = document.events.iter().map(|event| Hashed {
            event_id: event_id(&event_hash(event)),
            pre_hash: pre_hash(event),
        });
        let hashed: Vec<_> = hashed.collect();
        if self.json {
            println!("{}", pretty(&hashed));
            return;
        }
        for Hashed { event_id, pre_hash } in hashed {
            println!("{event_id}\n  {pre_hash}");
        }
    }
}

/// The book of serials in a file.
pub(super) fn book(gtin: Gtin, file: &Path) -> Result<SerialBook, Problem> {
    let typed = |told: String| Problem::Typed(format!("{}: {told}", file.display()));
    let text =
        fs::read_to_string(file).map_err(|error| typed(format!("cannot be read: {error}")))?;
    SerialBook::read(gtin, &text).map_err(|fault| typed(fault.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epcis::{plan::Step, Kind};
    use axonic_primitives::SiteId;
    use pallet_drug_provenance::types::{Occurrence, PackClaim, Text};
    use sp_core::H256;

    fn failed(status: Status) -> Entry {
        let occurrence = Occurrence {
            site: SiteId(1),
            time: 0,
            hash: H256::zero(),
        };
        Entry {
            status,
            plan: Plan {
                path: "epcisBody/eventList/3".into(),
                kind: Kind::Object,
                biz_step: Some("dispensing".into()),
                event_id: event_id(&H256::zero()),
                occurrence: Some(occurrence),
                salt: Some(H256::repeat_byte(9)),
                steps: vec![Step::Dispense {
                    pack: PackClaim {
                        gtin: 9_506_000_134_352,
                        serial: Text(b"SECRET1".to_vec().try_into().unwrap()),
                        lot: Text::default(),
                        expiry: None,
                    },
                    proof: None,
                    partial: false,
                }],
                notes: vec![],
            },
            done: 0,
            error: Some("refused by the chain".into()),
        }
    }

    #[test]
    fn what_failed_is_told_without_serials_and_salts() {
        let mut entry = failed(Status::Failed);
        let told = entry.in_brief().join("\n");
        assert!(told.contains("eventList/3: failed") && told.contains("sha-256"));
        assert!(told.ends_with("refused by the chain") && !told.contains("SECRET1"));
        assert!(entry.in_words().join("\n").contains("SECRET1"));
        entry.keep_secret();
        assert_eq!(entry.plan.salt, None);
        let mut captured = failed(Status::Captured);
        captured.keep_secret();
        assert!(captured.plan.salt.is_some());
    }

    #[test]
    fn serials_are_given_by_lot() {
        let given = lot_file("09506000134352/A/1=b=packs.txt").ok().unwrap();
        assert_eq!(given.gtin.to_string(), "09506000134352");
        assert_eq!(given.lot.as_str(), "A/1=b");
        assert_eq!(given.file, Path::new("packs.txt"));
        for text in [
            "",
            "packs.txt",
            "09506000134352=packs.txt",
            "09506000134353/A=f",
        ] {
            assert!(lot_file(text).is_err(), "{text}");
        }
    }
}
