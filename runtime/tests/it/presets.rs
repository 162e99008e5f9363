//! Each network's genesis.

use crate::chain::{account_of, genesis_of, on};
use axonic_primitives::{
    membership::{Duty, Membership, Role},
    patients::Patients,
    AccountId, Codes, OrgId, SiteId,
};
use axonic_runtime::{
    configs::fees::EXISTENTIAL_DEPOSIT,
    genesis_config_presets::{
        preset_names, role_accounts, CONSORTIUM, DEVELOPMENT, DEVELOPMENT_PATIENT, ENDOWMENT,
        LOCAL_TESTNET, PARA_ID, ROLE_ACCOUNTS,
    },
    AuraId, Balances, Block, CollatorSelection, Consortium, ParachainInfo, PatientIdentity,
    Runtime,
};
use pallet_collective::{Instance1, Instance2, Members};
use sp_core::crypto::Ss58Codec;
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_keyring::Sr25519Keyring;
use std::str::FromStr;

#[test]
fn every_preset_builds() {
    assert_eq!(preset_names(), [DEVELOPMENT, LOCAL_TESTNET, CONSORTIUM]);
    for preset in preset_names() {
        on(&preset, || {
            assert_eq!(
                u32::from(ParachainInfo::parachain_id()),
                PARA_ID,
                "{preset}"
            );
            assert!(
                !Members::<Runtime, Instance1>::get().is_empty(),
                "{preset}: nobody governs"
            );
            assert!(
                !Members::<Runtime, Instance2>::get().is_empty(),
                "{preset}: nobody can pause"
            );
            let collators = CollatorSelection::assemble_collators();
            let authorities = pallet_aura::Authorities::<Runtime>::get();
            assert!(!collators.is_empty(), "{preset}: nobody makes blocks");
            assert_eq!(
                collators.len(),
                authorities.len(),
                "{preset}: a collator has no key"
            );
        });
    }
}

#[test]
fn an_unknown_preset_is_none() {
    let preset = Some("mainnet".to_string());
    assert_eq!(
        <Runtime as GenesisBuilder<Block>>::get_preset(&preset),
        None
    );
}

#[test]
fn role_accounts_are_what_their_names_derive() {
    assert_eq!(ROLE_ACCOUNTS.len(), role_accounts().len());
    for ((role, key), (name, account)) in ROLE_ACCOUNTS.iter().zip(role_accounts()) {
        assert_eq!(*role, name);
        assert_eq!(account, account_of(role), "//{role}");
        assert_eq!(AccountId::from_str(key), Ok(account), "//{role}");
    }
}

#[test]
fn development_endows_every_role() {
    on(DEVELOPMENT, || {
        for (role, account) in role_accounts() {
            assert_eq!(Balances::free_balance(account), ENDOWMENT, "//{role}");
        }
    });
}

#[test]
fn development_has_its_members_with_sites_and_staff() {
    let roles = [
        Role::Provider,
        Role::Payer,
        Role::Manufacturer,
        Role::Wholesaler,
        Role::Pharmacy,
        Role::Regulator,
        Role::Provider,
    ];
    let staff = [
        ("Registrar", 0, Duty::Registrar),
        ("Clinician", 0, Duty::Clinician),
        ("RecordsOfficer", 0, Duty::RecordsOfficer),
        ("PrivacyOfficer", 0, Duty::PrivacyOfficer),
        ("ClaimsOfficer", 1, Duty::ClaimsOfficer),
        ("MakerAdmin", 2, Duty::SupplyOperator),
        ("WholesalerAdmin", 3, Duty::SupplyOperator),
        ("Pharmacist", 4, Duty::Pharmacist),
        ("Auditor", 5, Duty::Auditor),
        ("Auditor", 5, Duty::SupplyOperator),
        ("Dave", 6, Duty::Clinician),
    ];
    for preset in [DEVELOPMENT, LOCAL_TESTNET] {
        on(preset, || {
            for (number, role) in (0..).zip(roles) {
                let org = OrgId(number);
                assert!(
                    Consortium::is_active(org) && Consortium::has_role(org, role),
                    "{org:?}"
                );
                // Sites are numbered as they are opened, and each has one.
                assert!(
                    <Consortium as Membership>::site(org, SiteId(number)),
                    "{org:?}"
                );
            }
            for (name, number, duty) in staff {
                let actor = Consortium::actor(&account_of(name)).expect(name);
                assert_eq!(actor.org, OrgId(number), "//{name}");
                assert!(actor.duties.contains_all(Codes::from(duty)), "//{name}");
            }
        });
    }
}

#[test]
fn development_has_a_patient_with_a_key() {
    on(DEVELOPMENT, || {
        assert!(PatientIdentity::is_active(&DEVELOPMENT_PATIENT));
        assert_eq!(
            PatientIdentity::patient_of(account_of("Patient")),
            Some(DEVELOPMENT_PATIENT)
        );
        assert_eq!(
            PatientIdentity::managing_org(&DEVELOPMENT_PATIENT),
            Some(OrgId(0))
        );
    });
}

#[test]
fn local_testnet_is_collated_by_alice_and_bob() {
    on(LOCAL_TESTNET, || {
        let authorities = pallet_aura::Authorities::<Runtime>::get().into_inner();
        let expected: [AuraId; 2] =
            [Sr25519Keyring::Alice, Sr25519Keyring::Bob].map(|key| key.public().into());
        assert_eq!(authorities.len(), expected.len());
        assert!(expected.iter().all(|key| authorities.contains(key)));
    });
}

#[test]
fn consortium_has_no_account_that_anybody_knows_the_key_of() {
    let genesis = genesis_of(CONSORTIUM).to_string();
    let known = role_accounts().into_iter().map(|(_, account)| account);
    let keyring = Sr25519Keyring::iter().map(|key| key.to_account_id());
    for account in known.chain(keyring) {
        assert!(
            !genesis.contains(&account.to_ss58check()),
            "{account} is in the genesis"
        );
    }
    on(CONSORTIUM, || {
        assert_eq!(
            Balances::total_issuance(),
            EXISTENTIAL_DEPOSIT,
            "the collators' pot and no more"
        );
        assert!(Consortium::organisations(OrgId(0), 1).is_empty());
    });
}
