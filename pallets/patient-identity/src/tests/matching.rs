use super::*;
use crate::{
    MatchTokens, PossibleDuplicate, TokenHolders, TokensOf, MAX_TOKENS, MAX_TOKEN_HOLDERS,
};
use axonic_primitives::{
    membership::{Duty, Role},
    testing::Doubles,
    Codes, OrgId,
};
use sp_core::H256;

const TOKEN: H256 = hash(0x70);

fn add(org: OrgId, patient: PatientId, token: H256) -> DispatchResult {
    PatientIdentity::add_match_token(staff(org), patient, token)
}

fn duplicates(org: OrgId) -> Vec<PossibleDuplicate> {
    PatientIdentity::possible_duplicates(org, None, 100).duplicates
}

#[test]
fn add_match_token_indexes_the_patient() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        assert_ok!(add(HOSPITAL, PATIENT, TOKEN));
        assert_eq!(MatchTokens::<Test>::get(HOSPITAL, TOKEN), Some(PATIENT));
        assert_told(Event::MatchTokenAdded {
            patient: PATIENT,
            org: HOSPITAL,
        });
        assert!(duplicates(HOSPITAL).is_empty());
    });
}

#[test]
fn add_match_token_is_refused_when_the_organisation_uses_it_already() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        register(HOSPITAL, NEIGHBOUR);
        assert_ok!(add(HOSPITAL, PATIENT, TOKEN));
        assert_noop!(add(HOSPITAL, NEIGHBOUR, TOKEN), Refused::TokenInUse);
        assert_noop!(add(HOSPITAL, PATIENT, TOKEN), Refused::TokenInUse);
    });
}

#[test]
fn add_match_token_tells_both_organisations_when_another_has_it() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        register(CLINIC, DUPLICATE);
        assert_ok!(add(HOSPITAL, PATIENT, TOKEN));
        assert_ok!(add(CLINIC, DUPLICATE, TOKEN));
        assert_told(Event::PossibleDuplicate {
            patient: DUPLICATE,
            org: CLINIC,
            other_patient: PATIENT,
            other_org: HOSPITAL,
        });
        let seen = |patient, other_org, other_patient| {
            vec![PossibleDuplicate {
                token: TOKEN,
                patient,
                other_org,
                other_patient,
            }]
        };
        assert_eq!(duplicates(HOSPITAL), seen(PATIENT, CLINIC, DUPLICATE));
        assert_eq!(duplicates(CLINIC), seen(DUPLICATE, HOSPITAL, PATIENT));
        assert!(duplicates(PAYER).is_empty());
    });
}

#[test]
fn possible_duplicates_end_when_merged_or_purged() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        register(CLINIC, DUPLICATE);
        assert_ok!(add(HOSPITAL, PATIENT, TOKEN));
        assert_ok!(add(CLINIC, DUPLICATE, TOKEN));
        let kind = crate::LinkKind::SeeAlso;
        assert_ok!(PatientIdentity::link(
            staff(HOSPITAL),
            PATIENT,
            DUPLICATE,
            kind
        ));
        assert_ok!(PatientIdentity::merge(
            staff(CLINIC),
            DUPLICATE,
            PATIENT,
            None,
            None
        ));
        assert!(duplicates(HOSPITAL).is_empty() && duplicates(CLINIC).is_empty());
        assert_ok!(PatientIdentity::unmerge(staff(CLINIC), DUPLICATE, None));
        assert_eq!(duplicates(HOSPITAL).len(), 1);
        assert_ok!(PatientIdentity::purge_match_token(
            staff(CLINIC),
            DUPLICATE,
            TOKEN
        ));
        assert!(duplicates(HOSPITAL).is_empty());
    });
}

#[test]
fn possible_duplicates_come_in_pages_that_miss_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        for n in 0..10 {
            register(HOSPITAL, id(100 + n));
            register(CLINIC, id(120 + n));
            assert_ok!(add(HOSPITAL, id(100 + n), hash(n)));
            assert_ok!(add(CLINIC, id(120 + n), hash(n)));
        }
        let mut found = Vec::new();
        let mut from = None;
        loop {
            let page = PatientIdentity::possible_duplicates(HOSPITAL, from, 3);
            assert!(page.duplicates.len() <= 3);
            found.extend(page.duplicates.iter().map(|duplicate| duplicate.token));
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        found.sort();
        assert_eq!(found, (0..10).map(hash).collect::<Vec<_>>());
    });
}

#[test]
fn add_match_token_is_refused_when_not_managed_not_active_or_frozen() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_noop!(add(CLINIC, PATIENT, TOKEN), Refused::NotManagingOrg);
            assert_ok!(PatientIdentity::freeze_links(by(account(PHONE)), PATIENT));
            assert_noop!(add(HOSPITAL, PATIENT, TOKEN), Refused::LinksFrozen);
            assert_ok!(PatientIdentity::thaw_links(by(account(PHONE)), PATIENT));
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_noop!(add(HOSPITAL, PATIENT, TOKEN), Refused::NotActive);
        });
}

#[test]
fn add_match_token_is_refused_when_the_patient_has_as_many_as_fit() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        for n in 0..MAX_TOKENS as u8 {
            assert_ok!(add(HOSPITAL, PATIENT, hash(n)));
        }
        assert_noop!(add(HOSPITAL, PATIENT, TOKEN), Refused::MaxTokensExceeded);
    });
}

#[test]
fn add_match_token_is_refused_when_as_many_organisations_as_fit_have_it() {
    ExtBuilder::default().build_and_execute(|| {
        for n in 0..=MAX_TOKEN_HOLDERS {
            let (org, patient) = (OrgId(100 + n), id(100 + n as u8));
            let registrar = account(100 + n as u8);
            Doubles::admit(org, Role::Provider);
            Doubles::enrol(registrar.clone(), org, Codes::<Duty>::all());
            let registered =
                PatientIdentity::register(by(registrar.clone()), patient, H256::zero());
            assert_ok!(registered);
            let add = || PatientIdentity::add_match_token(by(registrar.clone()), patient, TOKEN);
            if n < MAX_TOKEN_HOLDERS {
                assert_ok!(add());
            } else {
                assert_noop!(add(), Refused::MaxTokenHoldersExceeded);
            }
        }
    });
}

#[test]
fn purge_match_token_leaves_no_trace() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        register(HOSPITAL, NEIGHBOUR);
        assert_ok!(add(HOSPITAL, PATIENT, TOKEN));
        let purge = |org, patient| PatientIdentity::purge_match_token(staff(org), patient, TOKEN);
        assert_noop!(purge(CLINIC, PATIENT), Refused::NotManagingOrg);
        assert_noop!(purge(HOSPITAL, NEIGHBOUR), Refused::TokenNotFound);
        assert_ok!(purge(HOSPITAL, PATIENT));
        assert_noop!(purge(HOSPITAL, PATIENT), Refused::TokenNotFound);
        assert!(!MatchTokens::<Test>::contains_key(HOSPITAL, TOKEN));
        assert!(!TokenHolders::<Test>::contains_key(TOKEN));
        assert!(!TokensOf::<Test>::contains_key(PATIENT));
        assert_ok!(add(HOSPITAL, NEIGHBOUR, TOKEN));
    });
}
