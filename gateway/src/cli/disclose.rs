//! `axonic-gateway disclose`: hands documents out, but only once the chain has logged that.
//!
//! Everything that can be checked without the chain's consent is checked first: that the records
//! are the patient's, that the store has what was anchored, that the files can be made. Then the
//! chain asks the patient's consents and logs the disclosure in one step. Only after that is a
//! document written anywhere.

mod output;

use super::{
    account_of, connect, existing_store, import::pretty, needed_directory, Problem, Setup,
};
use crate::{
    chain::{Chain, ChainError},
    directory::Directory,
    fhir::Resource,
    report::decision_in_words,
    store::Store,
};
use axonic_primitives::{
    consent::{Action, DataRef, PurposeOfUse, Recipient},
    AccountId, Code, OrgId, PatientId, RecordId,
};
use clap::Args;
use output::{Logged, Output, Ready, INDEX};
use pallet_audit::{
    types::{Disclosure, DisclosureItem},
    MAX_BATCH,
};
use pallet_health_records::types::Status;
use serde::Serialize;
use std::{io, path::PathBuf, process::ExitCode};
use subxt_signer::sr25519::Keypair;

#[derive(Args)]
pub(super) struct Disclose {
    /// Who signs: a reference of the directory's `staff`.
    #[arg(long, value_name = "REFERENCE")]
    sign_as: String,
    /// Whose records: an id (0x..), or a FHIR reference that the directory lists.
    #[arg(long, value_name = "PATIENT")]
    patient: String,
    /// The organisation that receives them: its number, or a FHIR reference.
    #[arg(long, value_name = "ORGANISATION")]
    recipient: String,
    /// The practitioner who does, if known: an address, or a FHIR reference.
    #[arg(long, value_name = "PRACTITIONER")]
    practitioner: Option<String>,
    /// Why, as in HL7's PurposeOfUse: TREAT, ETREAT, BTG, HPAYMT, HRESCH ...
    #[arg(long, value_name = "CODE", value_parser = code::<PurposeOfUse>)]
    purpose: PurposeOfUse,
    /// What the recipient does with them, as in FHIR's consentaction: access, use or disclose. An
    /// emergency access permits the first two.
    #[arg(
        long,
        value_name = "CODE",
        value_parser = code::<Action>,
        default_value = "disclose"
    )]
    action: Action,
    /// The records. Each is disclosed in its current version; all of them or none.
    #[arg(long = "record", value_name = "ID", required = true, num_args = 1..)]
    records: Vec<RecordId>,
    /// Say that the obligations which the permit comes with are met. Without it, such a permit is
    /// not enough.
    #[arg(long)]
    obligations_met: bool,
    /// Log a refusal, so that the patient sees the attempt.
    #[arg(long)]
    report_refusal: bool,
    /// The folder for the documents, or `-` for the standard output.
    #[arg(long, value_name = "FOLDER")]
    output: PathBuf,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// Everything about a refusal, for `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    error: String,
    /// What stands in the way of which record.
    records: Vec<Obstacle>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Obstacle {
    record: RecordId,
    error: String,
    /// What the patient's consents say, if there are obligations to be met, or why the attempt
    /// could not be reported.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    /// Where the attempt is logged, if it was reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    reported: Option<u64>,
}

impl Disclose {
    pub(super) async fn run(self, setup: &Setup) -> Result<ExitCode, Problem> {
        let directory = needed_directory(setup, "a disclosure")?;
        let who = Who(&directory);
        let patient = who.patient(&self.patient)?;
        let recipient = Recipient {
            org: who.organisation(&self.recipient)?,
            practitioner: match &self.practitioner {
                Some(text) => Some(who.practitioner(text)?),
                None => None,
            },
        };
        let mut records = self.records.clone();
        records.sort_unstable();
        records.dedup();
        if records.len() != self.records.len() {
            return Err(Problem::Typed("a record is named twice".into()));
        }
        if records.len() > MAX_BATCH as usize {
            return Err(Problem::Typed(format!(
                "at most {MAX_BATCH} records are disclosed at a time"
            )));
        }
        let key = directory.staff_key(&self.sign_as)?;
        let output = Output::prepare(&self.output, &self.records)?;
        let store = existing_store(setup)?;
        let chain = connect(setup).await?;

        let custodian = chain.organisation_of(&account_of(&key)).await?;
        let known_as = chain.resolve(patient).await?;
        let gathering = Gathering {
            chain: &chain,
            store: &store,
            directory: &directory,
            custodian,
            known_as: known_as.ok_or_else(|| {
                Problem::Typed(format!("{patient}: the chain knows no such patient"))
            })?,
        };
        let mut ready = Vec::new();
        for record in &self.records {
            ready.push(self.gather(&gathering, *record, &recipient).await?);
        }

        let items: Vec<_> = ready.iter().map(|one| one.item.clone()).collect();
        match chain.disclose(&key, &items).await {
            Ok(entries) => {
                let logged = ready
                    .iter()
                    .zip(entries)
                    .map(|(one, (patient, entry))| Logged {
                        record: one.record,
                        version: one.version,
                        patient,
                        sequence: entry.sequence,
                    });
                self.hand_out(&output, &ready, &logged.collect::<Vec<_>>())?;
                Ok(ExitCode::SUCCESS)
            }
            Err(error @ ChainError::Refused { .. }) => {
                self.tell(&chain, &key, custodian, &ready, &error).await?;
                Ok(ExitCode::FAILURE)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What is to be disclosed of a record, or why it cannot be.
    async fn gather(
        &self,
        from: &Gathering<'_>,
        record: RecordId,
        recipient: &Recipient,
    ) -> Result<Ready, Problem> {
        let typed = |told: &str| Problem::Typed(format!("{record}: {told}"));
        let info = from.chain.record(record).await?;
        let found = info
            .ok_or_else(|| typed("the chain has no such record"))?
            .record;
        if from.chain.resolve(found.patient).await? != Some(from.known_as) {
            return Err(typed("is another patient's record"));
        }
        if found.custodian != from.custodian {
            return Err(typed("another organisation keeps this record; ask it"));
        }
        let content = found
            .content
            .ok_or_else(|| typed("was shredded; nothing is left of it"))?;
        if found.status == Status::EnteredInError {
            return Err(typed("was entered in error, and is not to be relied on"));
        }
        let commitment = content.latest.commitment;
        let kept = from.store.document(&commitment)?;
        let kept = kept.ok_or_else(|| typed("the store does not have its current version"))?;
        // What has no reference of its own cannot be named in a consent either.
        let reference = Resource::parse(&kept.canonical)
            .ok()
            .and_then(|resource| resource.reference());
        let data = reference.map(|reference| from.directory.record_id(&reference));
        Ok(Ready {
            record,
            version: content.version,
            commitment,
            kept,
            item: DisclosureItem {
                patient: found.patient,
                disclosure: Disclosure {
                    recipient: recipient.clone(),
                    action: self.action,
                    purpose: self.purpose,
                    classes: vec![content.class],
                    labels: content.labels,
                    codes: Vec::new(),
                    data: data.map(DataRef::Instance).into_iter().collect(),
                    data_period: None,
                    content: commitment,
                },
                obligations_met: self.obligations_met,
            },
        })
    }

    /// Writes the documents, which the chain has logged as disclosed.
    fn hand_out(&self, output: &Output, ready: &[Ready], logged: &[Logged]) -> Result<(), Problem> {
        let unwritten = |error: io::Error| {
            Problem::Typed(format!(
                "the chain has logged the disclosure, but the documents cannot be written: \
                 {error}. They are in the store: mend that and disclose them again, which logs it \
                 again"
            ))
        };
        output.write(ready, logged).map_err(unwritten)?;
        if *output == Output::Standard {
            return Ok(());
        }
        if self.json {
            println!("{}", pretty(&logged));
            return Ok(());
        }
        for one in logged {
            let Logged {
                record,
                version,
                patient,
                sequence,
            } = one;
            println!(
                "record {record}, version {version}: disclosed, entry {sequence} in the log of \
                 patient {patient}"
            );
        }
        let folder = self.output.display();
        println!("documents and {INDEX} are in {folder}");
        Ok(())
    }

    /// Says why the chain refused, record by record, and logs that if asked to.
    async fn tell(
        &self,
        chain: &Chain,
        key: &Keypair,
        custodian: OrgId,
        ready: &[Ready],
        error: &ChainError,
    ) -> Result<(), Problem> {
        let account = account_of(key);
        let mut records = Vec::new();
        for one in ready {
            let item = &one.item;
            let Err(obstacle) = chain.explain_disclose(&account, item).await else {
                continue;
            };
            let (mut words, mut reported) = (Vec::new(), None);
            if obstacle.is("Audit.ObligationUnmet") {
                let question = item.disclosure.clone().question(custodian);
                if let Ok(query) = question {
                    let decision = chain.evaluate(item.patient, &query, None).await?;
                    words = decision_in_words(&decision);
                }
            } else if self.report_refusal {
                let reporting = chain.report_refusal(key, item.patient, &item.disclosure);
                match reporting.await {
                    Ok((_, entry)) => reported = Some(entry.sequence),
                    Err(error) => words.push(format!("not reported: {error}")),
                }
            }
            records.push(Obstacle {
                record: one.record,
                error: obstacle.to_string(),
                words,
                reported,
            });
        }
        if self.json {
            let error = error.to_string();
            println!("{}", pretty(&Refused { error, records }));
            return Ok(());
        }
        eprintln!("nothing was disclosed: {error}");
        for Obstacle {
            record,
            error,
            words,
            reported,
        } in records
        {
            eprintln!("  record {record}: {error}");
            for line in words {
                eprintln!("    {line}");
            }
            if let Some(sequence) = reported {
                eprintln!("    reported as entry {sequence} of the patient's log");
            }
        }
        Ok(())
    }
}

/// What it takes to find a record and its document.
struct Gathering<'a> {
    chain: &'a Chain,
    store: &'a Store,
    directory: &'a Directory,
    /// Whose staff signs.
    custodian: OrgId,
    /// The patient, after merges.
    known_as: PatientId,
}

/// Reads a code of a closed code system.
fn code<C: Code>(text: &str) -> Result<C, String> {
    C::from_code(text).ok_or_else(|| {
        let known: Vec<_> = C::ALL.iter().map(|code| code.code()).collect();
        format!("known: {}", known.join(", "))
    })
}

/// Finds ids for what was typed: ids as they are, references in the directory.
struct Who<'a>(&'a Directory);

impl Who<'_> {
    fn patient(&self, text: &str) -> Result<PatientId, Problem> {
        let known = text.parse().ok().or_else(|| self.0.patient(text));
        known.ok_or_else(|| unlisted(text, "patient"))
    }

    fn organisation(&self, text: &str) -> Result<OrgId, Problem> {
        let known = text.parse().ok().map(OrgId);
        known
            .or_else(|| self.0.organisation(text))
            .ok_or_else(|| unlisted(text, "organisation"))
    }

    fn practitioner(&self, text: &str) -> Result<AccountId, Problem> {
        let known = text.parse().ok().or_else(|| self.0.practitioner(text));
        known.ok_or_else(|| unlisted(text, "practitioner"))
    }
}

fn unlisted(text: &str, what: &str) -> Problem {
    Problem::Typed(format!(
        "{text}: the directory lists no {what} by this reference"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use sp_core::H256;
    use std::path::Path;

    #[test]
    fn ids_and_references_are_found_and_others_named() {
        let directory = json!({
            "salt": H256::repeat_byte(9),
            "patients": {"Patient/1": {"id": H256::repeat_byte(1)}},
            "organizations": {"Organization/1": 7},
            "practitioners": {
                "Practitioner/1": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            },
        });
        let directory = Directory::parse(Path::new("d"), directory.to_string().as_bytes());
        let directory = directory.unwrap();
        let who = Who(&directory);
        let patient = Some(PatientId(H256::repeat_byte(1)));
        assert_eq!(who.patient("Patient/1").ok(), patient);
        let id = format!("{:#x}", H256::repeat_byte(1));
        assert_eq!(who.patient(&id).ok(), patient);
        assert_eq!(who.organisation("Organization/1").ok(), Some(OrgId(7)));
        assert_eq!(who.organisation("7").ok(), Some(OrgId(7)));
        let practitioner = who.practitioner("Practitioner/1").ok();
        assert!(practitioner.is_some());
        let address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        assert_eq!(who.practitioner(address).ok(), practitioner);
        let told = who.patient("Patient/2").err().unwrap().to_string();
        assert!(told.contains("lists no patient"), "{told}");
        assert!(who.organisation("Organization/2").is_err());
        assert!(who.practitioner("Practitioner/2").is_err());
    }
}
