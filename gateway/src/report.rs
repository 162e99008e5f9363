//! Decisions in plain words, the same for `evaluate` and `explain`.

use crate::fhir::{
    listed,
    period::{moment_in_words, period_in_words},
    word,
};
use axonic_primitives::{
    consent::{Basis, DataRef, Denial, PurposeOfUse, MAX_LIVE_CONSENTS},
    Code,
};
use pallet_consent::types::{
    Content, Decision, Duty, Explanation, Finding, Obligation, ProvisionType, Step,
};

/// An answer, one line a thought.
pub fn decision_in_words(decision: &Decision) -> Vec<String> {
    match decision {
        Decision::Permit { basis, obligations } => {
            let unless = if obligations.is_empty() {
                ""
            } else {
                ", with obligations"
            };
            let mut lines = vec![format!("Permit, by {}{unless}.", basis_in_words(basis))];
            lines.extend(obligations.iter().map(obligation_in_words));
            lines
        }
        Decision::Deny {
            reason,
            provision,
            unless,
        } => {
            let by = provision
                .map(|index| format!(" (its provision {index})"))
                .unwrap_or_default();
            let mut lines = vec![format!("Deny: {}{by}.", denial_in_words(reason))];
            if !unless.is_empty() {
                let hint = "A question that names more of the data may be answered otherwise:";
                lines.push(hint.into());
                lines.extend(unless.iter().map(obligation_in_words));
            }
            lines
        }
        Decision::NoConsent => {
            vec!["NoConsent: nothing the patient said applies, and there is no default.".into()]
        }
    }
}

/// The way to an answer to a question about this purpose, one line a step.
pub fn explanation_in_words(explanation: &Explanation, purpose: PurposeOfUse) -> Vec<String> {
    let Explanation {
        patient,
        at,
        steps,
        break_glass,
        default,
        decision,
    } = explanation;
    let mut lines = vec![format!(
        "Patient {patient}, judged at {}.",
        moment_in_words(*at)
    )];
    if steps.is_empty() {
        lines.push("The patient has no consent that could apply.".into());
    }
    lines.extend(steps.iter().map(|step| step_in_words(step, purpose)));
    if let Some(id) = break_glass {
        lines.push(format!("Emergency access {id} is open."));
    }
    if let Some(default) = default {
        let default = word(*default);
        lines.push(format!(
            "No consent decides; the consortium's default is {default}."
        ));
    }
    lines.extend(decision_in_words(decision));
    lines
}

fn step_in_words(step: &Step, purpose: PurposeOfUse) -> String {
    let Step {
        consent,
        version,
        finding,
    } = step;
    let says = match finding {
        Finding::OutsidePeriod => "is not in force: its period has not begun or is over".into(),
        Finding::ScopeDoesNotFit => "has nothing to do with this purpose".into(),
        Finding::WithdrawnFromRecipient => {
            "permits, but the patient has since withdrawn everything from this recipient".into()
        }
        Finding::Decides {
            decision,
            provision: None,
            ..
        } => {
            format!(
                "says {}, its decision where no provision applies",
                word(*decision)
            )
        }
        Finding::Decides {
            decision,
            provision: Some(index),
            names_purpose,
        } => {
            // Whoever forbids one kind of emergency forbids both, so either may be the one named.
            let named = match decision {
                _ if !*names_purpose => "",
                ProvisionType::Deny if purpose.is_emergency() => {
                    ", which names a kind of emergency or is nested in one that does"
                }
                _ => ", which names this purpose or is nested in one that does",
            };
            format!("says {} by its provision {index}{named}", word(*decision))
        }
    };
    format!("Consent {consent} (version {version}) {says}.")
}

fn basis_in_words(basis: &Basis) -> String {
    match basis {
        Basis::Consent { consent, version } => format!("consent {consent} (version {version})"),
        Basis::BreakGlass(id) => format!("the open emergency access {id}"),
        Basis::Default(scope) => format!("the consortium's default for {}", scope.code()),
    }
}

fn denial_in_words(denial: &Denial) -> String {
    match denial {
        Denial::PatientNotFound => "the chain knows no such patient".into(),
        Denial::PatientNotActive => "the patient is suspended, deceased or erased".into(),
        Denial::RecipientNotActive => {
            "the recipient is no member in good standing, or the practitioner does not act for it"
                .into()
        }
        Denial::ConsentDenies(consent) => format!("consent {consent} says so"),
        Denial::DefaultDenies(scope) => {
            let scope = scope.code();
            format!("no consent applies, and the consortium's default for {scope} is deny")
        }
        Denial::NoConsent => "no consent applies, and there is no default".into(),
        Denial::NotCredentialed => {
            "an emergency needs a practitioner with a live credential".into()
        }
        Denial::EmergencyPrivilegeMissing => {
            "the practitioner's credential does not carry the emergency privilege".into()
        }
        Denial::MalformedQuery => {
            "the question has a label the chain does not know, or a period that ends before it \
             starts"
                .into()
        }
        Denial::NoGate => "the chain has no consent gate".into(),
        Denial::CredentialNotYetValid => "the practitioner's credential is not valid yet".into(),
        Denial::CredentialExpired => "the practitioner's credential has expired".into(),
        Denial::CredentialSuspended => "the practitioner's credential is suspended".into(),
        Denial::CredentialRevoked => "the practitioner's credential was revoked".into(),
        Denial::IssuerDistrusted => {
            "whoever issued the practitioner's credential is not believed".into()
        }
        Denial::JurisdictionMismatch => {
            "the practitioner's credential is for another jurisdiction".into()
        }
        Denial::CredentialBackDated => {
            "the practitioner's credential was put on record only after that instant".into()
        }
        Denial::TooManyConsents => format!(
            "the patient holds more than {MAX_LIVE_CONSENTS} consents under all ids together, and \
             has to withdraw some"
        ),
    }
}

fn obligation_in_words(obligation: &Obligation) -> String {
    let Obligation {
        consent,
        provision,
        duty,
        content,
    } = obligation;
    let duty = match duty {
        Duty::Redact => "leave out",
        Duty::Only => "keep to",
    };
    let content = content_in_words(content);
    let by = provision
        .map(|index| format!(", provision {index}"))
        .unwrap_or_default();
    format!("  - {duty} {content} (consent {consent}{by})")
}

fn content_in_words(content: &Content) -> String {
    let Content {
        labels,
        classes,
        codes,
        data,
        data_period,
        practitioners,
    } = content;
    let mut parts = Vec::new();
    let mut part = |what: &str, items: Vec<String>| {
        if !items.is_empty() {
            parts.push(format!("{what} {}", items.join(" or ")));
        }
    };
    if !labels.is_empty() {
        part("data labelled", vec![listed(*labels)]);
    }
    part(
        "data of class",
        classes.iter().map(|class| class.code().into()).collect(),
    );
    part(
        "data coded",
        codes.iter().map(|code| format!("{code:#x}")).collect(),
    );
    part("data", data.iter().map(data_in_words).collect());
    part(
        "data from",
        data_period.iter().map(period_in_words).collect(),
    );
    part(
        "what would reach",
        practitioners.iter().map(ToString::to_string).collect(),
    );
    if parts.is_empty() {
        "everything".into()
    } else {
        parts.join(", ")
    }
}

fn data_in_words(data: &DataRef) -> String {
    match data {
        DataRef::Instance(id) => format!("that is {id:#x}"),
        DataRef::Related(id) => format!("related to {id:#x}"),
        DataRef::Dependents(id) => format!("dependent on {id:#x}"),
        DataRef::AuthoredBy(id) => format!("authored by {id:#x}"),
        DataRef::HeldBy(org) => format!("held by organisation {}", org.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axonic_primitives::{
        consent::{Label, ResourceType, Scope},
        ConsentId, PatientId,
    };
    use sp_core::H256;

    const CONSENT: ConsentId = ConsentId(H256::repeat_byte(1));

    /// A denial by the default, which these findings led to.
    fn explanation(findings: impl IntoIterator<Item = Finding>) -> Explanation {
        let step = |finding| Step {
            consent: CONSENT,
            version: 1,
            finding,
        };
        Explanation {
            patient: PatientId(H256::repeat_byte(2)),
            at: 0,
            steps: findings.into_iter().map(step).collect(),
            break_glass: None,
            default: Some(ProvisionType::Deny),
            decision: Decision::Deny {
                reason: Denial::DefaultDenies(Scope::Treatment),
                provision: None,
                unless: Vec::new(),
            },
        }
    }

    #[test]
    fn a_permit_names_its_basis_and_what_it_is_limited_to() {
        let content = Content {
            labels: [Label::Psychiatry, Label::Hiv].into(),
            classes: vec![ResourceType::Observation],
            ..Default::default()
        };
        let obligation = Obligation {
            consent: CONSENT,
            provision: Some(2),
            duty: Duty::Redact,
            content,
        };
        let basis = Basis::Consent {
            consent: CONSENT,
            version: 3,
        };
        let lines = decision_in_words(&Decision::Permit {
            basis,
            obligations: vec![obligation],
        });
        assert_eq!(
            lines[0],
            format!("Permit, by consent {CONSENT} (version 3), with obligations.")
        );
        let expected = format!(
            "  - leave out data labelled HIV, PSY, data of class Observation (consent {CONSENT}, \
             provision 2)"
        );
        assert_eq!(lines[1], expected);
    }

    #[test]
    fn a_denial_names_its_reason_and_the_provision() {
        let deny = Decision::Deny {
            reason: Denial::ConsentDenies(CONSENT),
            provision: Some(0),
            unless: Vec::new(),
        };
        let expected = format!("Deny: consent {CONSENT} says so (its provision 0).");
        assert_eq!(decision_in_words(&deny), [expected]);
        let overfull = Decision::Deny {
            reason: Denial::TooManyConsents,
            provision: None,
            unless: Vec::new(),
        };
        assert!(decision_in_words(&overfull)[0].contains("more than 256 consents"));
        assert!(decision_in_words(&Decision::NoConsent)[0].starts_with("NoConsent:"));
    }

    #[test]
    fn an_explanation_tells_every_step() {
        let decides = |provision| Finding::Decides {
            decision: ProvisionType::Permit,
            provision,
            names_purpose: true,
        };
        let findings = [
            Finding::OutsidePeriod,
            Finding::ScopeDoesNotFit,
            Finding::WithdrawnFromRecipient,
            decides(None),
            decides(Some(4)),
        ];
        let lines = explanation_in_words(&explanation(findings), PurposeOfUse::Treat);
        let says = |line: usize, what: &str| assert!(lines[line].contains(what), "{lines:?}");
        says(0, "1970-01-01T00:00:00Z");
        says(1, "its period has not begun or is over");
        says(2, "nothing to do with this purpose");
        says(3, "withdrawn everything from this recipient");
        says(4, "says permit, its decision where no provision applies");
        says(
            5,
            "says permit by its provision 4, which names this purpose",
        );
        says(6, "the consortium's default is deny");
        says(
            7,
            "Deny: no consent applies, and the consortium's default for treatment is deny.",
        );
    }

    #[test]
    fn an_explanation_says_which_purpose_a_provision_names() {
        use ProvisionType::{Deny, Permit};
        use PurposeOfUse::{BreakGlass, EmergencyTreat, Treat};
        let decides = |decision, names_purpose| Finding::Decides {
            decision,
            provision: Some(4),
            names_purpose,
        };
        let says = |finding, purpose| {
            let lines = explanation_in_words(&explanation([finding]), purpose);
            lines[1].clone()
        };
        for purpose in [Treat, BreakGlass, EmergencyTreat] {
            let silent = says(decides(Deny, false), purpose);
            assert!(
                silent.ends_with("says deny by its provision 4."),
                "{silent}"
            );
            let named = says(decides(Permit, true), purpose);
            assert!(named.contains("which names this purpose"), "{named}");
        }
        let named = says(decides(Deny, true), Treat);
        assert!(named.contains("which names this purpose"), "{named}");
        // A provision about one kind of emergency answers for both.
        for purpose in [BreakGlass, EmergencyTreat] {
            let named = says(decides(Deny, true), purpose);
            assert!(named.contains("which names a kind of emergency"), "{named}");
        }
    }
}
