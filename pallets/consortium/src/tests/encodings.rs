//! What lives in state never changes its bytes without a migration.

use super::*;
use crate::{Site, StaffMember};
use codec::{Encode, MaxEncodedLen};

#[test]
fn the_encoding_of_an_organisation_is_frozen() {
    let organisation = Organisation {
        roles: Codes::from([Role::Provider, Role::LicensingBoard]),
        status: OrgStatus::Suspended,
        jurisdiction: HOME,
        admin: AccountId::new([1; 32]),
        epoch: 2,
        admitted_at: 3,
        valid_until: 4,
        charter_hash: H256::repeat_byte(5),
        staff_count: 6,
        site_count: 7,
        stored_staff: 8,
        sites_opened: 9,
    };
    let expected = [
        &[0x01, 0x02, 0, 0][..],
        &[1],
        b"US",
        &[1; 32],
        &[2, 0, 0, 0],
        &[3, 0, 0, 0, 0, 0, 0, 0],
        &[4, 0, 0, 0, 0, 0, 0, 0],
        &[5; 32],
        &[6, 0, 0, 0],
        &[7, 0, 0, 0],
        &[8, 0, 0, 0],
        &[9, 0, 0, 0],
    ]
    .concat();
    assert_eq!(organisation.encode(), expected);
    assert_eq!(Organisation::max_encoded_len(), expected.len());
}

#[test]
fn the_encoding_of_a_site_is_frozen() {
    let site = Site {
        org: OrgId(1),
        gln: "5412345000013".parse().unwrap(),
        kind: SiteKind::ResearchSite,
        status: SiteStatus::Closed,
    };
    let expected = [&[1, 0, 0, 0][..], b"5412345000013", &[8], &[1]].concat();
    assert_eq!(site.encode(), expected);
    assert_eq!(SiteStatus::Open.encode(), [0u8]);
    assert_eq!(SiteStatus::Released.encode(), [2u8]);
}

#[test]
fn the_encoding_of_an_enrolment_is_frozen() {
    let staff = StaffMember {
        org: OrgId(1),
        duties: Codes::from([Duty::Registrar, Duty::Auditor]),
        site: Some(SiteId(2)),
        valid_until: 3,
        org_epoch: 4,
    };
    let expected = [
        &[1u8, 0, 0, 0][..],
        &[0x01, 0x04, 0, 0],
        &[1, 2, 0, 0, 0],
        &[3, 0, 0, 0, 0, 0, 0, 0],
        &[4, 0, 0, 0],
    ]
    .concat();
    assert_eq!(staff.encode(), expected);
}

#[test]
fn the_encoding_of_an_agreement_key_is_frozen() {
    let key = AgreementKey {
        version: 1,
        key: X25519PublicKey([10; 32]),
    };
    assert_eq!(key.encode(), [&[1, 0, 0, 0][..], &[10u8; 32]].concat());
}
