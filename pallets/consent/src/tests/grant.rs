//! Granting, signed by oneself or off chain, and superseding.

use crate::{mock::*, pallet::Error, types::*, Event, Pallet, MAX_STATEMENT_LIFETIME};
use axonic_primitives::{
    patients::{Acting, Standing},
    testing::Doubles,
    AccountId, ConsentId, Moment, PatientId, Signature,
};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use sp_core::{sr25519, Pair, H256};
use ProvisionType::{Deny, Permit};

fn grant(signer: AccountId, draft: Draft) -> frame_support::dispatch::DispatchResult {
    Consents::grant(RuntimeOrigin::signed(signer), PATIENT, Box::new(draft))
}

#[test]
fn grant_takes_effect_in_its_block() {
    build_and_execute(|| {
        assert!(!permits(&query(HOSPITAL)));
        assert_ok!(grant(PATIENT_KEY, draft(Permit)));
        assert!(permits(&query(HOSPITAL)));
        let Event::Granted { patient, consent } = last_event() else {
            panic!("not granted")
        };
        assert_eq!(patient, PATIENT);
        let info = Pallet::<Test>::consent_info(PATIENT, consent).unwrap();
        assert!(info.in_force);
        assert_eq!(info.consent.version, 1);
    });
}

#[test]
fn grant_says_in_which_capacity_when_a_representative_signs() {
    build_and_execute(|| {
        assert_ok!(grant(GUARDIAN, draft(Permit)));
        let info = Pallet::<Test>::consents_of(PATIENT, None, 1).pop().unwrap();
        let author = Author::Grantor {
            account: GUARDIAN,
            acting: Acting::Representative,
        };
        assert_eq!(info.consent.author, author);
    });
}

#[test]
fn grant_is_refused_when_the_signer_may_not() {
    build_and_execute(|| {
        let refused = |who| grant(who, draft(Permit));
        assert_noop!(refused(STRANGER), Error::<Test>::NotGrantor);
        assert_noop!(refused(DOCTOR), Error::<Test>::NotGrantor);
        assert_noop!(refused(OTHER_PATIENT_KEY), Error::<Test>::NotGrantor);
        assert_noop!(refused(CARER), Error::<Test>::PowerMissing);
    });
}

#[test]
fn grant_is_refused_when_the_patient_is_unknown_or_not_active() {
    build_and_execute(|| {
        let unknown = Consents::grant(
            RuntimeOrigin::signed(PATIENT_KEY),
            UNKNOWN_PATIENT,
            Box::new(draft(Permit)),
        );
        assert_noop!(unknown, Error::<Test>::NotFound);
        Doubles::set_standing(
            PATIENT,
            Standing {
                canonical: PATIENT,
                active: false,
            },
        );
        assert_noop!(
            grant(PATIENT_KEY, draft(Permit)),
            Error::<Test>::PatientNotActive
        );
    });
}

#[test]
fn grant_passes_on_every_fault_of_the_draft() {
    build_and_execute(|| {
        let over = axonic_primitives::Period {
            start: None,
            end: Some(START),
        };
        let backwards = axonic_primitives::Period::between(START + 9, START + 8);
        let unknown =
            axonic_primitives::Codes::<axonic_primitives::consent::Label>::from_bits(1 << 31);
        let any = || about([Grantee::Any]);
        let child = |parent| ProvisionDraft {
            parent: Some(parent),
            ..any()
        };
        let with = |provisions| draft_with(Permit, provisions);
        let cases = [
            (
                Draft {
                    period: over,
                    ..draft(Permit)
                },
                Error::<Test>::PeriodInPast,
            ),
            (
                Draft {
                    period: backwards,
                    ..draft(Permit)
                },
                Error::InvalidPeriod,
            ),
            (with(vec![Default::default()]), Error::NoProvisionTarget),
            (
                with(vec![any(), child(0), child(1)]),
                Error::ProvisionTooDeep,
            ),
            (with(vec![child(3)]), Error::BadParentIndex),
            (with(vec![any(); 17]), Error::MaxProvisionsExceeded),
            (
                with(vec![about(vec![Grantee::Any; 9])]),
                Error::MaxActorsExceeded,
            ),
            (
                with(vec![ProvisionDraft {
                    codes: vec![H256::zero(); 17],
                    ..any()
                }]),
                Error::MaxTargetsExceeded,
            ),
            (
                with(vec![ProvisionDraft {
                    actions: axonic_primitives::Codes::from_bits(1 << 30),
                    ..any()
                }]),
                Error::UnknownAction,
            ),
            (
                with(vec![ProvisionDraft {
                    purposes: axonic_primitives::Codes::from_bits(1 << 30),
                    ..any()
                }]),
                Error::UnknownPurpose,
            ),
            (
                with(vec![ProvisionDraft {
                    labels: unknown,
                    ..any()
                }]),
                Error::UnknownLabel,
            ),
            (
                with(vec![about([Grantee::Organisation(STRANGER_ORG)])]),
                Error::UnknownActor,
            ),
        ];
        for (draft, error) in cases {
            assert_noop!(grant(PATIENT_KEY, draft), error);
        }
    });
}

#[test]
fn grant_is_refused_when_the_patient_holds_256_consents() {
    build_and_execute(|| {
        for _ in 0..MAX_LIVE_CONSENTS {
            assert_ok!(grant(PATIENT_KEY, draft(Permit)));
        }
        assert_noop!(
            grant(PATIENT_KEY, draft(Permit)),
            Error::<Test>::MaxConsentsExceeded
        );
        let first = Pallet::<Test>::consents_of(PATIENT, None, 1)
            .pop()
            .unwrap()
            .id;
        let origin = RuntimeOrigin::signed(PATIENT_KEY);
        assert_ok!(Consents::withdraw(origin, PATIENT, first));
        assert_ok!(grant(PATIENT_KEY, draft(Permit)));
    });
}

#[test]
fn grant_again_after_withdrawing_makes_a_new_consent() {
    build_and_execute(|| {
        let first = granted(draft(Permit));
        assert_ok!(Consents::withdraw(
            RuntimeOrigin::signed(PATIENT_KEY),
            PATIENT,
            first
        ));
        let second = granted(draft(Permit));
        assert_ne!(first, second);
        let ended = Pallet::<Test>::consent_info(PATIENT, first).unwrap();
        assert_eq!(ended.consent.status, Status::Withdrawn);
    });
}

#[test]
fn supersede_replaces_in_one_step() {
    build_and_execute(|| {
        let old = granted(draft(Permit));
        let origin = RuntimeOrigin::signed(PATIENT_KEY);
        assert_ok!(Consents::supersede(
            origin,
            PATIENT,
            old,
            Box::new(draft(Deny))
        ));
        assert!(!permits(&query(HOSPITAL)));
        let Event::Superseded { old: was, new, .. } = last_event() else {
            panic!("no event")
        };
        assert_eq!(was, old);
        let info = |id| Pallet::<Test>::consent_info(PATIENT, id).unwrap().consent;
        assert_eq!(info(old).status, Status::Superseded);
        assert_eq!(info(new).supersedes, Some(old));
    });
}

#[test]
fn supersede_is_refused_when_scope_status_or_id_do_not_fit() {
    build_and_execute(|| {
        let supersede = |old: ConsentId, draft| {
            Consents::supersede(
                RuntimeOrigin::signed(PATIENT_KEY),
                PATIENT,
                old,
                Box::new(draft),
            )
        };
        let old = granted(draft(Permit));
        let research = Draft {
            scope: axonic_primitives::consent::Scope::Research,
            ..draft(Permit)
        };
        assert_noop!(supersede(old, research), Error::<Test>::SupersedeMismatch);
        let unknown = ConsentId(H256::repeat_byte(5));
        assert_noop!(supersede(unknown, draft(Permit)), Error::<Test>::NotFound);
        assert_ok!(supersede(old, draft(Deny)));
        assert_noop!(supersede(old, draft(Deny)), Error::<Test>::NotActive);
    });
}

fn bytes_to_sign(patient: PatientId, draft: Draft, expires_at: Moment) -> Vec<u8> {
    Pallet::<Test>::grant_statement(patient, draft, expires_at)
        .expect("a known patient")
        .bytes
}

/// A patient whose key can sign.
struct Signer {
    pair: sr25519::Pair,
    patient: PatientId,
}

impl Signer {
    fn registered() -> Self {
        let pair = sr25519::Pair::from_seed(&[3; 32]);
        let patient = PatientId(H256::repeat_byte(3));
        Doubles::register(patient, pair.public().into());
        Self { pair, patient }
    }

    fn account(&self) -> AccountId {
        self.pair.public().into()
    }

    fn sign(&self, draft: &Draft, expires_at: Moment) -> Signature {
        let bytes = bytes_to_sign(self.patient, draft.clone(), expires_at);
        self.pair.sign(&bytes).into()
    }

    fn submit(
        &self,
        draft: Draft,
        nonce: u64,
        expires_at: Moment,
        signature: Signature,
    ) -> frame_support::dispatch::DispatchResult {
        let (origin, signer) = (RuntimeOrigin::signed(STRANGER), self.account());
        let draft = Box::new(draft);
        Consents::grant_signed(
            origin,
            self.patient,
            signer,
            draft,
            nonce,
            expires_at,
            signature,
        )
    }
}

#[test]
fn grant_signed_is_the_patients_whoever_brings_it() {
    build_and_execute(|| {
        let signer = Signer::registered();
        let signature = signer.sign(&draft(Permit), START + HOUR);
        assert_ok!(signer.submit(draft(Permit), 0, START + HOUR, signature));
        let info = Pallet::<Test>::consents_of(signer.patient, None, 1)
            .pop()
            .unwrap();
        let author = Author::Grantor {
            account: signer.account(),
            acting: Acting::SelfActing,
        };
        assert_eq!(info.consent.author, author);
    });
}

#[test]
fn grant_signed_is_refused_when_replayed_late_altered_or_by_another() {
    build_and_execute(|| {
        let signer = Signer::registered();
        let expires_at = START + HOUR;
        let signature = signer.sign(&draft(Permit), expires_at);
        let submit =
            |draft, nonce, expires_at| signer.submit(draft, nonce, expires_at, signature.clone());
        assert_noop!(
            submit(draft(Deny), 0, expires_at),
            Error::<Test>::InvalidSignature
        );
        assert_noop!(
            submit(draft(Permit), 0, expires_at + 1),
            Error::<Test>::InvalidSignature
        );
        assert_noop!(
            submit(draft(Permit), 1, expires_at),
            Error::<Test>::NonceMismatch
        );
        assert_noop!(
            submit(draft(Permit), 0, START),
            Error::<Test>::SignatureExpired
        );
        let too_far = START + MAX_STATEMENT_LIFETIME + 1;
        assert_noop!(
            submit(draft(Permit), 0, too_far),
            Error::<Test>::SignatureExpired
        );

        assert_ok!(submit(draft(Permit), 0, expires_at));
        assert_noop!(
            submit(draft(Permit), 0, expires_at),
            Error::<Test>::NonceMismatch
        );
        assert_noop!(
            submit(draft(Permit), 1, expires_at),
            Error::<Test>::InvalidSignature
        );

        let bytes = bytes_to_sign(PATIENT, draft(Permit), expires_at);
        let forged = Consents::grant_signed(
            RuntimeOrigin::signed(STRANGER),
            PATIENT,
            signer.account(),
            Box::new(draft(Permit)),
            0,
            expires_at,
            signer.pair.sign(&bytes).into(),
        );
        assert_noop!(forged, Error::<Test>::NotGrantor);
    });
}

#[test]
fn grant_signed_uses_its_nonce_up_when_the_grant_itself_fails() {
    build_and_execute(|| {
        let signer = Signer::registered();
        let bad = draft_with(Permit, vec![Default::default()]);
        let signature = signer.sign(&bad, START + HOUR);
        assert_ok!(signer.submit(bad.clone(), 0, START + HOUR, signature.clone()));
        let failed = Event::SignedGrantFailed {
            patient: signer.patient,
            nonce: 0,
            error: Error::<Test>::NoProvisionTarget.into(),
        };
        assert_eq!(last_event(), failed);
        assert!(Pallet::<Test>::consents_of(signer.patient, None, 1).is_empty());
        let again = signer.submit(bad, 0, START + HOUR, signature);
        assert_noop!(again, Error::<Test>::NonceMismatch);
    });
}

#[test]
fn a_statement_for_another_patient_or_chain_is_not_the_same_bytes() {
    build_and_execute(|| {
        let ours = bytes_to_sign(PATIENT, draft(Permit), START + 1);
        let theirs = bytes_to_sign(OTHER_PATIENT, draft(Permit), START + 1);
        assert_ne!(ours, theirs);
        frame_system::BlockHash::<Test>::insert(0, H256::repeat_byte(0xee));
        let elsewhere = bytes_to_sign(PATIENT, draft(Permit), START + 1);
        assert_ne!(ours, elsewhere);
        assert_eq!(ours.len(), elsewhere.len());
        let unknown = Pallet::<Test>::grant_statement(UNKNOWN_PATIENT, draft(Permit), START + 1);
        assert_eq!(unknown.unwrap_err().0, "NotFound");
        assert_eq!(&ours[..32], &crate::GRANT_PURPOSE.encode()[..]);
    });
}
