//! Withdrawal: at once, whoever is in the way, and once and for all.

use crate::{mock::*, pallet::Error, types::*, Event, Pallet};
use axonic_primitives::{
    consent::PurposeOfUse, membership::Role, patients::Standing, testing::Doubles, AccountId,
    ConsentId,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;
use ProvisionType::{Deny, Permit};

fn withdraw(who: AccountId, id: ConsentId) -> frame_support::dispatch::DispatchResult {
    Consents::withdraw(RuntimeOrigin::signed(who), PATIENT, id)
}

fn withdraw_all(grantee: Grantee) -> frame_support::dispatch::DispatchResult {
    Consents::withdraw_all_from(RuntimeOrigin::signed(PATIENT_KEY), PATIENT, grantee)
}

#[test]
fn withdraw_takes_effect_in_its_block() {
    build_and_execute(|| {
        let id = granted(draft(Permit));
        assert!(permits(&query(HOSPITAL)));
        assert_ok!(withdraw(PATIENT_KEY, id));
        assert_eq!(
            last_event(),
            Event::Withdrawn {
                patient: PATIENT,
                consent: id
            }
        );
        assert_eq!(answer(&query(HOSPITAL)), Decision::NoConsent);
    });
}

#[test]
fn withdraw_works_when_the_patient_is_suspended_and_every_member_too() {
    build_and_execute(|| {
        let id = granted(draft(Permit));
        Doubles::set_standing(
            PATIENT,
            Standing {
                canonical: PATIENT,
                active: false,
            },
        );
        for org in [HOSPITAL, CLINIC, PAYER] {
            Doubles::set_active(org, false);
        }
        assert_ok!(withdraw(PATIENT_KEY, id));
    });
}

#[test]
fn withdraw_is_refused_when_not_by_the_patient_or_not_active() {
    build_and_execute(|| {
        let id = granted(draft(Permit));
        assert_noop!(withdraw(NURSE, id), Error::<Test>::NotGrantor);
        assert_noop!(withdraw(CARER, id), Error::<Test>::PowerMissing);
        let unknown = ConsentId(H256::zero());
        assert_noop!(withdraw(PATIENT_KEY, unknown), Error::<Test>::NotFound);
        assert_ok!(withdraw(GUARDIAN, id));
        assert_noop!(withdraw(PATIENT_KEY, id), Error::<Test>::NotActive);
    });
}

#[test]
fn withdraw_all_from_an_organisation_voids_every_permit_and_no_denial() {
    build_and_execute(|| {
        granted(draft(Permit));
        granted(draft_with(
            Deny,
            vec![about([Grantee::Organisation(HOSPITAL)])],
        ));
        assert_ok!(withdraw_all(Grantee::Organisation(CLINIC)));
        assert!(
            permits(&query(HOSPITAL)),
            "nothing was withdrawn from anybody else"
        );
        let Decision::Deny { .. } = answer(&query(CLINIC)) else {
            panic!("the denial stays")
        };
        assert_ok!(withdraw_all(Grantee::Organisation(HOSPITAL)));
        let Decision::Deny { .. } = answer(&query(HOSPITAL)) else {
            panic!("denied like others")
        };
        let explanation = Pallet::<Test>::examine(PATIENT, &query(CLINIC), None).unwrap();
        let voided = |step: &&Step| step.finding == Finding::WithdrawnFromRecipient;
        assert_eq!(explanation.steps.iter().filter(voided).count(), 1);
    });
}

#[test]
fn withdraw_all_from_a_practitioner_leaves_the_organisation_alone() {
    build_and_execute(|| {
        granted(draft(Permit));
        assert_ok!(withdraw_all(Grantee::Practitioner(NURSE)));
        let by = |who| query_by(HOSPITAL, who, PurposeOfUse::Treat);
        assert!(!permits(&by(NURSE)));
        assert!(permits(&by(DOCTOR)));
    });
}

#[test]
fn withdraw_all_from_a_practitioner_binds_the_organisation_that_does_not_name_one() {
    build_and_execute(|| {
        granted(draft(Permit));
        assert_ok!(withdraw_all(Grantee::Practitioner(NURSE)));
        let Decision::Permit { obligations, .. } = answer(&query(HOSPITAL)) else {
            panic!("the organisation is permitted")
        };
        assert_eq!(obligations[0].content.practitioners, [NURSE]);
    });
}

#[test]
fn withdraw_all_from_is_not_made_up_for_by_a_default() {
    build_and_execute(|| {
        use axonic_primitives::{consent::Scope, testing::HOME};
        let origin = RuntimeOrigin::root();
        let (scope, purpose) = (Scope::Treatment, PurposeOfUse::Treat);
        assert_ok!(Consents::set_default(
            origin,
            scope,
            purpose,
            HOME,
            Some(Permit)
        ));
        granted(draft(Permit));
        assert_ok!(withdraw_all(Grantee::Organisation(HOSPITAL)));
        assert!(!permits(&query(HOSPITAL)));
    });
}

#[test]
fn withdraw_all_from_is_refused_from_more_than_64() {
    build_and_execute(|| {
        let practitioner = |n: u8| Grantee::Practitioner(AccountId::new([n; 32]));
        for n in 0..MAX_WITHDRAWALS as u8 {
            assert_ok!(withdraw_all(practitioner(n)));
        }
        assert_noop!(
            withdraw_all(practitioner(200)),
            Error::<Test>::MaxWithdrawalsExceeded
        );
        assert_ok!(withdraw_all(practitioner(0)));
    });
}

#[test]
fn withdraw_all_from_does_not_reach_what_is_granted_afterwards() {
    build_and_execute(|| {
        granted(draft(Permit));
        assert_ok!(withdraw_all(Grantee::Organisation(HOSPITAL)));
        assert!(!permits(&query(HOSPITAL)));
        granted(draft(Permit));
        assert!(permits(&query(HOSPITAL)));
    });
}

#[test]
fn withdraw_all_from_reaches_what_was_granted_under_a_merged_id() {
    build_and_execute(|| {
        granted(draft(Permit));
        let merged = Standing {
            canonical: OTHER_PATIENT,
            active: true,
        };
        Doubles::set_standing(PATIENT, merged);
        let evaluate = || Pallet::<Test>::examine(OTHER_PATIENT, &query(HOSPITAL), None).unwrap();
        assert!(matches!(evaluate().decision, Decision::Permit { .. }));
        assert_ok!(Consents::withdraw_all_from(
            RuntimeOrigin::signed(OTHER_PATIENT_KEY),
            PATIENT,
            Grantee::Organisation(HOSPITAL)
        ));
        assert!(!matches!(evaluate().decision, Decision::Permit { .. }));
    });
}

#[test]
fn withdraw_all_from_is_refused_when_it_names_nobody() {
    build_and_execute(|| {
        for grantee in [
            Grantee::Any,
            Grantee::RoleClass(Role::Payer),
            Grantee::Organisation(STRANGER_ORG),
        ] {
            assert_noop!(withdraw_all(grantee), Error::<Test>::UnknownActor);
        }
        let origin = RuntimeOrigin::signed(STRANGER);
        let grantee = Grantee::Organisation(CLINIC);
        assert_noop!(
            Consents::withdraw_all_from(origin.clone(), PATIENT, grantee.clone()),
            Error::<Test>::NotGrantor
        );
        assert_noop!(
            Consents::withdraw_all_from(origin, UNKNOWN_PATIENT, grantee),
            Error::<Test>::NotFound
        );
    });
}

/// The keys that a piece of work changed or removed.
fn keys_written(work: impl FnOnce()) -> usize {
    let before = stored();
    work();
    let after = stored();
    let changed = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value))
        .count();
    changed
        + before
            .keys()
            .filter(|key| !after.contains_key(*key))
            .count()
}

fn stored() -> std::collections::BTreeMap<Vec<u8>, Vec<u8>> {
    let prefix = sp_io::hashing::twox_128(b"Consents");
    let mut key = prefix.to_vec();
    let mut stored = std::collections::BTreeMap::new();
    while let Some(next) = sp_io::storage::next_key(&key).filter(|k| k.starts_with(&prefix)) {
        let value = sp_io::storage::get(&next)
            .expect("the key was just found")
            .to_vec();
        stored.insert(next.clone(), value);
        key = next;
    }
    stored
}

#[test]
fn withdraw_all_from_writes_as_much_for_ten_thousand_grants_as_for_one() {
    build_and_execute(|| {
        granted(draft(Permit));
        let for_one = keys_written(|| {
            assert_ok!(withdraw_all(Grantee::Organisation(CLINIC)));
        });
        // A patient holds 256 at a time; the others have come and gone.
        for _ in 0..10_000 {
            let oldest = Pallet::<Test>::consents_of(PATIENT, None, 1)
                .pop()
                .unwrap()
                .id;
            granted(draft(Permit));
            if crate::Ledgers::<Test>::get(PATIENT).live == MAX_LIVE_CONSENTS {
                assert_ok!(withdraw(PATIENT_KEY, oldest));
            }
        }
        assert!(permits(&query(HOSPITAL)));
        let for_many = keys_written(|| {
            assert_ok!(withdraw_all(Grantee::Organisation(HOSPITAL)));
        });
        assert!(!permits(&query(HOSPITAL)));
        assert_eq!((for_one, for_many), (1, 1));
    });
}
