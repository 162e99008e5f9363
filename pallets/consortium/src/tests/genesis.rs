//! Members from the first block.

use super::*;
use crate::{GenesisConfig, GenesisOrganisation, GenesisSite, GenesisStaff};

fn payer() -> GenesisOrganisation {
    GenesisOrganisation {
        roles: Role::Payer.into(),
        jurisdiction: HOME,
        admin: PAYER_ADMIN,
        valid_until: NEXT_YEAR,
        charter_hash: CHARTER,
        agreement_key: None,
        sites: vec![],
        staff: vec![],
    }
}

#[test]
fn genesis_reads_members_with_sites_staff_and_keys_from_json() {
    let json = serde_json::json!({
        "organisations": [{
            "roles": ["Payer", "Sponsor"],
            "jurisdiction": "DE",
            "admin": PAYER_ADMIN,
            "validUntil": NEXT_YEAR,
            "charterHash": CHARTER,
            "agreementKey": H256::repeat_byte(10),
            "sites": [{ "gln": "5412345000013", "kind": "Office" }],
            "staff": [{
                "account": STRANGER,
                "duties": ["ClaimsOfficer"],
                "site": 0,
                "validUntil": NEXT_MONTH,
            }],
        }],
    });
    let config: GenesisConfig<Test> = serde_json::from_value(json).unwrap();
    ExtBuilder::with(config.organisations).build_and_execute(|| {
        let payer = Consortium::organisation(OrgId(0)).unwrap();
        assert_eq!(payer.roles, Codes::from([Role::Payer, Role::Sponsor]));
        assert_eq!((payer.staff_count, payer.site_count), (1, 1));
        let actor = <Consortium as Membership>::actor(&STRANGER).unwrap();
        assert_eq!((actor.org, actor.site), (OrgId(0), Some(SiteId(0))));
        assert_eq!(Consortium::agreement_key(OrgId(0)).unwrap().version, 1);
    });
}

#[test]
fn genesis_may_leave_out_sites_staff_and_key_but_not_misspell_a_field() {
    let minimal = serde_json::json!({
        "roles": ["Payer"],
        "jurisdiction": "US",
        "admin": PAYER_ADMIN,
        "validUntil": NEXT_YEAR,
        "charterHash": CHARTER,
    });
    let read = serde_json::from_value::<GenesisOrganisation>(minimal.clone());
    assert_eq!(read.unwrap(), payer());

    let mut misspelt = minimal;
    misspelt["validuntil"] = serde_json::json!(NEXT_YEAR);
    let error = serde_json::from_value::<GenesisOrganisation>(misspelt)
        .unwrap_err()
        .to_string();
    assert!(error.contains("unknown field `validuntil`"), "{error}");
}

#[test]
fn genesis_refuses_a_wrong_location_number_while_reading() {
    let site = serde_json::json!({ "gln": "5412345000014", "kind": "Office" });
    let error = serde_json::from_value::<GenesisSite>(site)
        .unwrap_err()
        .to_string();
    assert!(error.contains("check digit"), "{error}");
}

#[test]
#[should_panic(expected = "consortium genesis, organisation 1: AlreadyMember")]
fn genesis_panics_when_two_members_have_one_administrator() {
    ExtBuilder::with(vec![payer(), payer()]).build();
}

#[test]
#[should_panic(expected = "consortium genesis, organisation 0: RolesEmpty")]
fn genesis_panics_when_a_member_has_no_role() {
    ExtBuilder::with(vec![GenesisOrganisation {
        roles: Codes::empty(),
        ..payer()
    }])
    .build();
}

#[test]
#[should_panic(expected = "consortium genesis, organisation 0: InvalidAgreementKey")]
fn genesis_panics_when_a_key_is_of_low_order() {
    let agreement_key = Some(X25519PublicKey([0; 32]));
    ExtBuilder::with(vec![GenesisOrganisation {
        agreement_key,
        ..payer()
    }])
    .build();
}

#[test]
#[should_panic(expected = "consortium genesis, organisation 0: GlnInUse")]
fn genesis_panics_when_two_sites_have_one_location_number() {
    let site = GenesisSite {
        gln: Gln::numbered(1),
        kind: SiteKind::Office,
    };
    let sites = vec![site.clone(), site];
    ExtBuilder::with(vec![GenesisOrganisation { sites, ..payer() }]).build();
}

#[test]
#[should_panic(expected = "consortium genesis, organisation 0: no site at this position")]
fn genesis_panics_when_staff_is_tied_to_a_site_that_is_not_there() {
    let staff = vec![GenesisStaff {
        account: STRANGER,
        duties: Duty::ClaimsOfficer.into(),
        site: Some(0),
        valid_until: NEXT_YEAR,
    }];
    ExtBuilder::with(vec![GenesisOrganisation { staff, ..payer() }]).build();
}

#[test]
#[should_panic(expected = "consortium genesis, organisation 0: InvalidPeriod")]
fn genesis_panics_when_an_enrolment_has_run_out_already() {
    let staff = vec![GenesisStaff {
        account: STRANGER,
        duties: Duty::ClaimsOfficer.into(),
        site: None,
        valid_until: TODAY,
    }];
    ExtBuilder::with(vec![GenesisOrganisation { staff, ..payer() }]).build();
}
