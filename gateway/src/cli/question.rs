//! `axonic-gateway evaluate` and `explain`: what a patient permits, and why.

use super::{
    directory,
    json::pretty,
    lookup::{code, Lookup},
    Problem,
};
use crate::{
    chain::Chain,
    fhir::period,
    report::{decision_in_words, explanation_in_words},
};
use axonic_primitives::{
    consent::{
        AccessQuery, Action, Label, PurposeOfUse, Recipient, ResourceType, MAX_CLASSES, MAX_CODES,
        MAX_DATA,
    },
    Moment, PatientId, Period,
};
use clap::Args;
use pallet_consent::types::{Decision, Explanation};
use serde::Serialize;
use std::{path::Path, process::ExitCode};

#[derive(Args)]
pub(super) struct Question {
    /// Whose data: an id (0x..), or a FHIR reference that the directory lists.
    #[arg(long, value_name = "PATIENT")]
    patient: String,
    /// The organisation that would receive the data: its number, or a FHIR reference.
    #[arg(long, value_name = "ORGANISATION")]
    recipient: String,
    /// The practitioner who would, if known: an address, or a FHIR reference.
    #[arg(long, value_name = "PRACTITIONER")]
    practitioner: Option<String>,
    /// What would be done with the data, as in FHIR's consentaction: access, use, disclose ...
    #[arg(long, value_name = "CODE", value_parser = code::<Action>)]
    action: Action,
    /// Why, as in HL7's PurposeOfUse: TREAT, ETREAT, BTG, HPAYMT, HRESCH ...
    #[arg(long, value_name = "CODE", value_parser = code::<PurposeOfUse>)]
    purpose: PurposeOfUse,
    /// A FHIR resource type of the data. May be repeated.
    #[arg(long = "class", value_name = "TYPE", value_parser = code::<ResourceType>)]
    classes: Vec<ResourceType>,
    /// A security label of the data: N, R, PSY, HIV ... May be repeated.
    #[arg(long = "label", value_name = "CODE", value_parser = code::<Label>)]
    labels: Vec<Label>,
    /// A code of the data, `system|code`, or its commitment (0x..). May be repeated.
    #[arg(long = "code", value_name = "CODE")]
    codes: Vec<String>,
    /// Particular data: `instance:`, `related:`, `dependents:` or `authored-by:` with a FHIR
    /// reference or its commitment (0x..), or `held-by:` with an organisation. May be repeated.
    #[arg(long = "data", value_name = "KIND:REFERENCE")]
    data: Vec<String>,
    /// When the data came about, `start/end` as FHIR dates, both included, either empty.
    #[arg(long, value_name = "PERIOD", value_parser = period::interval)]
    data_period: Option<Period>,
    /// The instant to judge at, 2026-01-31T12:00:00Z. Without it, the chain's clock.
    #[arg(long, value_name = "INSTANT", value_parser = period::instant)]
    at: Option<Moment>,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// Everything, for `evaluate --json`.
#[derive(Serialize)]
struct Evaluated {
    patient: PatientId,
    query: AccessQuery,
    at: Option<Moment>,
    decision: Decision,
    words: Vec<String>,
}

/// Everything, for `explain --json`.
#[derive(Serialize)]
struct Explained {
    patient: PatientId,
    query: AccessQuery,
    at: Option<Moment>,
    explanation: Explanation,
    words: Vec<String>,
}

impl Question {
    pub(super) async fn evaluate(
        self,
        node: &str,
        path: Option<&Path>,
    ) -> Result<ExitCode, Problem> {
        let directory = directory(path)?;
        let (patient, query) = self.resolve(&Lookup(directory.as_ref()))?;
        let decision = Chain::connect(node)
            .await?
            .evaluate(patient, &query, self.at)
            .await?;
        let words = decision_in_words(&decision);
        if self.json {
            let at = self.at;
            println!(
                "{}",
                pretty(&Evaluated {
                    patient,
                    query,
                    at,
                    decision,
                    words
                })
            );
        } else {
            println!("{}", words.join("\n"));
        }
        Ok(ExitCode::SUCCESS)
    }

    pub(super) async fn explain(
        self,
        node: &str,
        path: Option<&Path>,
    ) -> Result<ExitCode, Problem> {
        let directory = directory(path)?;
        let (patient, query) = self.resolve(&Lookup(directory.as_ref()))?;
        let explanation = Chain::connect(node)
            .await?
            .explain(patient, &query, self.at)
            .await?;
        let words = explanation_in_words(&explanation, query.purpose);
        if self.json {
            let at = self.at;
            println!(
                "{}",
                pretty(&Explained {
                    patient,
                    query,
                    at,
                    explanation,
                    words
                })
            );
        } else {
            println!("{}", words.join("\n"));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The question as the chain takes it.
    fn resolve(&self, lookup: &Lookup) -> Result<(PatientId, AccessQuery), Problem> {
        let practitioner = match &self.practitioner {
            Some(text) => Some(lookup.practitioner(text)?),
            None => None,
        };
        let codes: Vec<_> = self
            .codes
            .iter()
            .map(|text| lookup.code(text))
            .collect::<Result<_, _>>()?;
        let data: Vec<_> = self
            .data
            .iter()
            .map(|text| lookup.data(text))
            .collect::<Result<_, _>>()?;
        let too_many = |what: &str, most: u32| {
            Problem::Typed(format!(
                "a question names at most {most} {what}; ask several"
            ))
        };
        let query = AccessQuery {
            recipient: Recipient {
                org: lookup.organisation(&self.recipient)?,
                practitioner,
            },
            action: self.action,
            purpose: self.purpose,
            classes: self
                .classes
                .clone()
                .try_into()
                .map_err(|_| too_many("classes", MAX_CLASSES))?,
            labels: self.labels.iter().copied().collect(),
            codes: codes.try_into().map_err(|_| too_many("codes", MAX_CODES))?,
            data: data
                .try_into()
                .map_err(|_| too_many("pieces of data", MAX_DATA))?,
            data_period: self.data_period,
        };
        Ok((lookup.patient(&self.patient)?, query))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cli::{Cli, Command},
        directory::Directory,
    };
    use axonic_primitives::{consent::DataRef, Codes, OrgId};
    use clap::Parser;
    use serde_json::json;
    use sp_core::H256;

    fn known() -> Directory {
        let directory = json!({
            "salt": H256::repeat_byte(9),
            "patients": {"Patient/one": {"id": H256::repeat_byte(1)}},
            "organizations": {"Organization/clinic": 7},
            "practitioners": {
                "Practitioner/nurse": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            },
        });
        Directory::parse(Path::new("d"), directory.to_string().as_bytes()).unwrap()
    }

    fn ask(directory: Option<&Directory>, line: &str) -> Result<(PatientId, AccessQuery), Problem> {
        let line = format!("axonic-gateway evaluate --action access --purpose TREAT {line}");
        match Cli::try_parse_from(line.split(' ')).unwrap().command {
            Command::Evaluate(question) => question.resolve(&Lookup(directory)),
            _ => unreachable!("the line says evaluate"),
        }
    }

    #[test]
    fn references_and_ids_ask_the_same() {
        let directory = known();
        let (task, code) = (
            directory.record_id("Task/3"),
            directory.code_id("http://l", "1-2"),
        );
        let by_reference = ask(
            Some(&directory),
            "--patient Patient/one --recipient Organization/clinic --practitioner \
             Practitioner/nurse --code http://l|1-2 --data related:Task/3 --data \
             held-by:Organization/clinic --class Observation --label PSY --label N \
             --data-period 2015/",
        );
        let by_id = ask(
            Some(&directory),
            &format!(
                "--patient {:#x} --recipient 7 --practitioner \
                 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --code {code:#x} --data \
                 related:{task:#x} --data held-by:7 --class Observation --label N --label PSY \
                 --data-period 2015-01-01/",
                H256::repeat_byte(1)
            ),
        );
        let (patient, query) = by_reference.unwrap();
        assert_eq!((patient, query.clone()), by_id.unwrap());
        assert_eq!(patient, PatientId(H256::repeat_byte(1)));
        assert_eq!(
            query.data.to_vec(),
            [DataRef::Related(task), DataRef::HeldBy(OrgId(7))]
        );
        assert_eq!(query.codes.to_vec(), [code]);
        assert_eq!(
            query.labels,
            Codes::from([Label::Normal, Label::Psychiatry])
        );
    }

    #[test]
    fn ids_need_no_directory_and_references_say_that_they_do() {
        let id = format!("--patient {:#x} --recipient 7", H256::repeat_byte(1));
        assert!(ask(None, &id).is_ok());
        let told = ask(None, "--patient Patient/one --recipient 7").unwrap_err();
        assert!(told.to_string().contains("takes a directory"), "{told}");
    }

    #[test]
    fn what_cannot_be_found_or_read_is_named() {
        let told = |line: &str| {
            let line = format!("--patient Patient/one --recipient 7 {line}");
            ask(Some(&known()), &line).unwrap_err().to_string()
        };
        assert!(told("--practitioner Practitioner/x").contains("lists no practitioner"));
        assert!(told("--code 1-2").contains("system|code"));
        assert!(told("--data Task/3").contains("data is written as"));
        assert!(told("--data held-by:1 ".repeat(9).trim_end()).contains("at most 8"));
    }
}
