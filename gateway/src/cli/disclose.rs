//! `axonic-gateway disclose`: hands documents out, but only once the chain has logged that.
//!
//! Everything that can be checked without the chain's consent is checked first: that the records
//! are the patient's, that the store has what was anchored, that the files can be made. Then the
//! chain asks the patient's consents and logs the disclosure in one step. Only after that is a
//! document written anywhere.

mod output;

use super::{
    account_of, connect, existing_store,
    json::pretty,
    lookup::{code, Lookup},
    needed_directory, Problem, Setup,
};
use crate::{
    chain::{Chain, ChainError},
    report::decision_in_words,
    store::Store,
};
use axonic_primitives::{
    consent::{Action, PurposeOfUse, Recipient},
    OrgId, PatientId, RecordId,
};
use clap::Args;
use output::{Logged, Output, Ready, INDEX};
use pallet_audit::{
    types::{Disclosure, DisclosureItem},
    MAX_BATCH,
};
use pallet_health_records::types::{Content, Status};
use serde::Serialize;
use std::{path::PathBuf, process::ExitCode};
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
        let lookup = Lookup(Some(&directory));
        let patient = lookup.patient(&self.patient)?;
        let recipient = Recipient {
            org: lookup.organisation(&self.recipient)?,
            practitioner: match &self.practitioner {
                Some(text) => Some(lookup.practitioner(text)?),
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
        let mut output = Output::prepare(&self.output, &self.records)?;
        let store = existing_store(setup)?;
        let chain = connect(setup).await?;

        let custodian = chain.organisation_of(&account_of(&key)).await?;
        let known_as = chain.resolve(patient).await?;
        let gathering = Gathering {
            chain: &chain,
            store: &store,
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
                self.hand_out(&mut output, &ready, &logged.collect::<Vec<_>>())?;
                Ok(ExitCode::SUCCESS)
            }
            Err(error @ ChainError::Refused { .. }) => {
                self.tell(&chain, &key, custodian, &ready, &error).await;
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
        Ok(Ready {
            record,
            version: content.version,
            commitment,
            kept,
            item: self.item(found.patient, recipient, &content),
        })
    }

    /// What the chain is asked to log of a record.
    ///
    /// It is not named. A consent may name it by another salt than this gateway's, and would not be
    /// found to be about it; left unnamed, every denial of a particular record is an obligation.
    fn item(&self, patient: PatientId, recipient: &Recipient, content: &Content) -> DisclosureItem {
        DisclosureItem {
            patient,
            disclosure: Disclosure {
                recipient: recipient.clone(),
                action: self.action,
                purpose: self.purpose,
                classes: vec![content.class],
                labels: content.labels,
                codes: Vec::new(),
                data: Vec::new(),
                data_period: None,
                content: content.latest.commitment,
            },
            obligations_met: self.obligations_met,
        }
    }

    /// Writes the documents, which the chain has logged as disclosed. What it logged is shown even
    /// if they cannot be written.
    fn hand_out(
        &self,
        output: &mut Output,
        ready: &[Ready],
        logged: &[Logged],
    ) -> Result<(), Problem> {
        let written = output.write(ready, logged);
        match output {
            Output::Standard if written.is_ok() => {}
            // The standard output is what failed.
            Output::Standard => eprintln!("{}", pretty(&logged)),
            Output::Folder(_) if self.json => println!("{}", pretty(&logged)),
            Output::Folder(_) => Self::show(logged),
        }
        written.map_err(|error| {
            Problem::Typed(format!(
                "the chain has logged the disclosure, but the documents cannot be written: \
                 {error}. They are in the store: mend that and disclose them again, which logs it \
                 again"
            ))
        })?;
        if let (Output::Folder(_), false) = (output, self.json) {
            println!("documents and {INDEX} are in {}", self.output.display());
        }
        Ok(())
    }

    fn show(logged: &[Logged]) {
        for one in logged {
            let Logged {
                record,
                version,
                patient,
                sequence,
            } = one;
            println!(
                "record {record}, version {version}: logged as entry {sequence} in the log of \
                 patient {patient}"
            );
        }
    }

    /// Says why the chain refused, record by record, and logs that if asked to.
    async fn tell(
        &self,
        chain: &Chain,
        key: &Keypair,
        custodian: OrgId,
        ready: &[Ready],
        error: &ChainError,
    ) {
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
                    words = match chain.evaluate(item.patient, &query, None).await {
                        Ok(decision) => decision_in_words(&decision),
                        Err(error) => vec![format!("which obligations is not known: {error}")],
                    };
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
            return;
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
    }
}

/// What it takes to find a record and its document.
struct Gathering<'a> {
    chain: &'a Chain,
    store: &'a Store,
    /// Whose staff signs.
    custodian: OrgId,
    /// The patient, after merges.
    known_as: PatientId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use axonic_primitives::{
        consent::{DataRef, ResourceType},
        AccountId, Codes,
    };
    use clap::Parser;
    use pallet_health_records::types::Version;
    use sp_core::H256;

    #[test]
    fn the_chain_is_not_told_which_record_so_that_a_denial_of_one_is_an_obligation() {
        let record = format!("0x{}", "05".repeat(32));
        let line = format!(
            "axonic-gateway disclose --sign-as a --patient p --recipient 1 --purpose TREAT \
             --record {record} --output -"
        );
        let Command::Disclose(disclose) = Cli::try_parse_from(line.split(' ')).unwrap().command
        else {
            unreachable!("the line says disclose");
        };
        let content = Content {
            class: ResourceType::Observation,
            labels: Codes::empty(),
            retain_until: None,
            holds: Codes::empty(),
            offered_to: None,
            version: 1,
            latest: Version {
                commitment: H256::repeat_byte(2),
                author: AccountId::new([0; 32]),
                anchored_at: 0,
                reason: None,
            },
        };
        let recipient = Recipient {
            org: OrgId(1),
            practitioner: None,
        };
        let item = disclose.item(PatientId::default(), &recipient, &content);
        assert_eq!(item.disclosure.content, H256::repeat_byte(2));
        // A consent may name the record by a salt that this gateway never saw.
        let query = item.disclosure.question(OrgId(2)).unwrap();
        assert_eq!(query.data.to_vec(), [DataRef::HeldBy(OrgId(2))]);
        assert_eq!(query.classes.to_vec(), [ResourceType::Observation]);
    }
}
