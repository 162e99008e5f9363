//! The rules by themselves: which classes, which labels, which moves, and the words readers see.

use crate::{rules::*, types::*};
use axonic_primitives::{
    consent::{Label, ResourceType},
    Code, Codes,
};
use proptest::prelude::*;

#[test]
fn what_is_about_a_patient_is_what_the_compartments_say() {
    let members = ResourceType::ALL
        .iter()
        .filter(|class| is_about_a_patient(**class))
        .count();
    // 73 in the compartment of R5, and 4 that only the one of R4 has.
    assert_eq!(members, 73 + 4);
    for infrastructure in ["Bundle", "Binary", "CodeSystem", "ValueSet", "Organization"] {
        let class = ResourceType::from_code(infrastructure).unwrap();
        assert!(!is_about_a_patient(class), "{infrastructure}");
    }
    for clinical in ["Observation", "Composition", "Media", "GenomicStudy"] {
        let class = ResourceType::from_code(clinical).unwrap();
        assert!(is_about_a_patient(class), "{clinical}");
    }
}

#[test]
fn a_version_moves_as_the_table_says() {
    use IllegalMove::{AlreadyShredded, NotCurrent};
    use Status::{Current, EnteredInError, Shredded, Superseded};
    let table = [
        (Current, [Ok(Superseded), Ok(EnteredInError), Ok(Shredded)]),
        (Superseded, [Err(NotCurrent), Err(NotCurrent), Ok(Shredded)]),
        (
            EnteredInError,
            [Err(NotCurrent), Err(NotCurrent), Ok(Shredded)],
        ),
        (Shredded, [Err(AlreadyShredded); 3]),
    ];
    let actions = [Action::Supersede, Action::MarkInError, Action::Shred];
    for (status, outcomes) in table {
        for (action, outcome) in actions.into_iter().zip(outcomes) {
            assert_eq!(status.next(action), outcome, "{status:?} {action:?}");
        }
    }
}

#[test]
fn json_names_are_the_codes() {
    for basis in LegalBasis::ALL {
        let json = serde_json::to_string(basis).unwrap();
        assert_eq!(json, format!("\"{}\"", basis.code()));
    }
    let statuses = [
        (Status::Current, "\"current\""),
        (Status::EnteredInError, "\"entered-in-error\""),
    ];
    for (status, json) in statuses {
        assert_eq!(serde_json::to_string(&status).unwrap(), json);
    }
}

#[test]
fn json_of_drafts_and_answers_reads_as_people_write_it() {
    let commitment = format!("0x{}", "07".repeat(32));
    let text = format!(r#"{{"class":"Observation","labels":["N"],"commitment":"{commitment}"}}"#);
    let draft: RecordDraft = serde_json::from_str(&text).unwrap();
    assert_eq!(draft.class, ResourceType::Observation);
    assert_eq!(draft.labels, Label::Normal.into());
    assert_eq!(draft.retain_until, None);
    let misspelt = text.replace("labels", "label");
    assert!(serde_json::from_str::<RecordDraft>(&misspelt).is_err());
    let matches = Verification::Matches {
        status: Status::Current,
        anchored_at: 5,
    };
    assert_eq!(
        serde_json::to_string(&matches).unwrap(),
        r#"{"matches":{"status":"current","anchoredAt":5}}"#
    );
    let obstacle = ShredObstacle::Held {
        bases: LegalBasis::Litigation.into(),
    };
    assert_eq!(
        serde_json::to_string(&obstacle).unwrap(),
        r#"{"held":{"bases":["litigation"]}}"#
    );
}

proptest! {
    #[test]
    fn labels_are_allowed_when_known_and_graded_at_most_once(bits in any::<u32>()) {
        let labels = Codes::<Label>::from_bits(bits);
        let known = bits & !Codes::<Label>::all().bits() == 0;
        let grades = Label::CONFIDENTIALITY
            .into_iter()
            .filter(|grade| labels.contains(*grade))
            .count();
        prop_assert_eq!(check_labels(labels).is_ok(), known && grades <= 1);
    }

    #[test]
    fn retentions_are_allowed_within_their_bounds(now in any::<u64>(), ahead in any::<u64>()) {
        let ahead = ahead % (2 * MAX_RETENTION);
        let now = now / 2;
        let allowed = ahead > 0 && ahead <= MAX_RETENTION;
        prop_assert_eq!(check_retention(now + ahead, now).is_ok(), allowed);
        prop_assert!(check_retention(now.saturating_sub(ahead), now).is_err());
    }
}
