//! What works, and what does not, in safe mode and under a pause.

use crate::chain::{account_of, decide, on_development, send, NOW};
use axonic_primitives::{consent::Scope, ConsentId, CredentialId, OrgId, Period};
use axonic_runtime::{
    configs::safety::{SafeModeOnFailedMigration, GOVERNING_PALLETS, NEVER_FORBIDDEN, WRAPPERS},
    genesis_config_presets::DEVELOPMENT_PATIENT,
    Consent, Runtime, RuntimeCall, RuntimeOrigin, SafeMode, TxPause, UNIT,
};
use frame_support::{
    assert_noop, assert_ok,
    migrations::{FailedMigrationHandler, FailedMigrationHandling},
    traits::GetCallMetadata,
};
use pallet_consent::types::{Draft, EmergencyReason, ProvisionType};
use pallet_credentials::types::Reason;
use pallet_tx_pause::RuntimeCallNameOf;
use sp_core::H256;
use sp_runtime::{DispatchError, MultiAddress};

fn transfer() -> RuntimeCall {
    let dest = MultiAddress::Id(account_of("Auditor"));
    pallet_balances::Call::<Runtime>::transfer_keep_alive { dest, value: UNIT }.into()
}

fn grant() -> RuntimeCall {
    let draft = Box::new(Draft {
        scope: Scope::PatientPrivacy,
        decision: ProvisionType::Permit,
        period: Period::ALWAYS,
        provisions: Vec::new(),
        policy_hash: H256::zero(),
        evidence_hash: H256::zero(),
    });
    pallet_consent::Call::<Runtime>::grant {
        patient: DEVELOPMENT_PATIENT,
        draft,
    }
    .into()
}

fn withdraw(consent: ConsentId) -> RuntimeCall {
    pallet_consent::Call::<Runtime>::withdraw {
        patient: DEVELOPMENT_PATIENT,
        consent,
    }
    .into()
}

fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
    pallet_utility::Call::<Runtime>::batch_all { calls }.into()
}

/// Grants two consents and says which.
fn granted_twice() -> [ConsentId; 2] {
    assert_ok!(send("Patient", grant()));
    assert_ok!(send("Patient", grant()));
    let consents = Consent::consents_of(DEVELOPMENT_PATIENT, None, 2);
    [consents[0].id, consents[1].id]
}

fn filtered() -> DispatchError {
    frame_system::Error::<Runtime>::CallFiltered.into()
}

fn name(pallet: &str, call: &str) -> RuntimeCallNameOf<Runtime> {
    let bounded = |name: &str| {
        name.as_bytes()
            .to_vec()
            .try_into()
            .expect("names are short")
    };
    (bounded(pallet), bounded(call))
}

#[test]
fn safe_mode_stops_everything_but_what_must_go_on() {
    on_development(|| {
        let [first, second] = granted_twice();
        decide(pallet_safe_mode::Call::<Runtime>::force_enter {});
        assert!(SafeMode::is_entered());

        assert_eq!(send("Patient", transfer()), Err(filtered()));
        assert_eq!(send("Patient", grant()), Err(filtered()));

        // A patient takes a consent back, in one call or wrapped in others.
        assert_ok!(send("Patient", withdraw(first)));
        assert_ok!(send("Patient", batch(vec![withdraw(second)])));
        // A wrapper carries nothing past the filter.
        assert_eq!(send("Patient", batch(vec![transfer()])), Err(filtered()));
        // An emergency gets as far as the question of the credential.
        let open = pallet_consent::Call::<Runtime>::open_break_glass {
            patient: DEVELOPMENT_PATIENT,
            reason: EmergencyReason::LifeThreatening,
            justification_hash: H256::repeat_byte(1),
        };
        let uncredentialed = pallet_consent::Error::<Runtime>::NotCredentialed;
        assert_eq!(send("Clinician", open), Err(uncredentialed.into()));

        decide(pallet_safe_mode::Call::<Runtime>::force_exit {});
        assert_ok!(send("Patient", transfer()));
    });
}

#[test]
fn safe_mode_does_not_protect_who_does_harm() {
    on_development(|| {
        decide(pallet_safe_mode::Call::<Runtime>::force_enter {});

        let account = account_of("Clinician");
        let dismiss = pallet_consortium::Call::<Runtime>::dismiss_staff { account };
        assert_ok!(send("HospitalAdmin", dismiss));
        let dismiss_all = pallet_consortium::Call::<Runtime>::dismiss_all_staff {};
        assert_ok!(send("HospitalAdmin", dismiss_all));

        // These get as far as the question of which credential.
        let credential = CredentialId::default();
        let unknown = pallet_credentials::Error::<Runtime>::NotFound;
        let suspend = pallet_credentials::Call::<Runtime>::suspend {
            credential,
            until: None,
            reason: Some(Reason::UnderInvestigation),
        };
        assert_eq!(send("Auditor", suspend), Err(unknown.into()));
        let reason = Some(Reason::Fraud);
        let revoke = pallet_credentials::Call::<Runtime>::revoke { credential, reason };
        let unknown = pallet_credentials::Error::<Runtime>::NotFound;
        assert_eq!(send("Auditor", revoke), Err(unknown.into()));
        let (issuer, since) = (OrgId(5), NOW);
        decide(pallet_credentials::Call::<Runtime>::distrust_issuer_from { issuer, since });
    });
}

#[test]
fn nobody_enters_safe_mode_for_money() {
    on_development(|| {
        let enter = pallet_safe_mode::Call::<Runtime>::enter {};
        let disabled = pallet_safe_mode::Error::<Runtime>::NotConfigured;
        assert_eq!(send("Patient", enter), Err(disabled.into()));
    });
}

#[test]
fn a_pause_stops_one_call_and_no_other() {
    on_development(|| {
        let [first, _] = granted_twice();
        decide(pallet_tx_pause::Call::<Runtime>::pause {
            full_name: name("Consent", "grant"),
        });

        assert_eq!(send("Patient", grant()), Err(filtered()));
        assert_ok!(send("Patient", withdraw(first)));
        assert_ok!(send("Patient", transfer()));
    });
}

#[test]
fn what_must_go_on_cannot_be_paused() {
    on_development(|| {
        let governing = GOVERNING_PALLETS.iter().flat_map(|pallet| {
            RuntimeCall::get_call_names(pallet)
                .iter()
                .map(move |call| (*pallet, *call))
        });
        for (pallet, call) in governing.chain(NEVER_FORBIDDEN.iter().copied()) {
            assert_noop!(
                TxPause::pause(RuntimeOrigin::root(), name(pallet, call)),
                pallet_tx_pause::Error::<Runtime>::Unpausable
            );
        }
    });
}

#[test]
fn what_must_go_on_is_named_as_in_the_runtime() {
    let pallets = RuntimeCall::get_module_names();
    for pallet in GOVERNING_PALLETS {
        assert!(pallets.contains(pallet), "there is no {pallet}");
    }
    for (pallet, call) in NEVER_FORBIDDEN.iter().chain(WRAPPERS) {
        assert!(pallets.contains(pallet), "there is no {pallet}");
        assert!(
            RuntimeCall::get_call_names(pallet).contains(call),
            "no {pallet}.{call}"
        );
    }
}

#[test]
fn a_failed_migration_leaves_the_chain_in_safe_mode_and_running() {
    on_development(|| {
        for _ in 0..2 {
            let handling = SafeModeOnFailedMigration::failed(None);
            assert_eq!(handling, FailedMigrationHandling::ForceUnstuck);
            assert!(SafeMode::is_entered());
        }
        decide(pallet_safe_mode::Call::<Runtime>::force_exit {});
    });
}
