//! What lives in state never changes its bytes without a migration.

use crate::{mock::*, rules::Standing, types::*};
use axonic_primitives::{credentials::Privilege, CredentialId};
use codec::Encode;
use frame_support::BoundedVec;
use sp_core::H256;

fn bounded<V, const N: u32>(list: Vec<V>) -> BoundedVec<V, frame_support::traits::ConstU32<N>> {
    BoundedVec::truncate_from(list)
}

fn some_terms() -> Terms {
    Terms {
        kind: CredentialKind::PharmacistLicence,
        privileges: [Privilege::Dispense, Privilege::Review].into(),
        jurisdiction: HOME,
        valid_from: 1,
        valid_until: 2,
        commitment: H256::repeat_byte(3),
    }
}

/// Kind, two privileges, country, start, end, commitment.
fn bytes_of_some_terms() -> Vec<u8> {
    [
        &[2u8][..],
        &[0xa0, 0, 0, 0],
        b"US",
        &[1, 0, 0, 0, 0, 0, 0, 0],
        &[2, 0, 0, 0, 0, 0, 0, 0],
        &[3; 32],
    ]
    .concat()
}

#[test]
fn the_indexes_of_enums_are_frozen() {
    for (index, kind) in (0u8..).zip(CredentialKind::ALL) {
        assert_eq!(kind.encode(), [index], "{kind:?}");
    }
    let sources = [
        PrimarySource::Attested,
        PrimarySource::Validated,
        PrimarySource::InProcess,
        PrimarySource::Failed,
    ];
    assert_eq!(sources.encode(), [0, 1, 2, 3]);
    let reasons = [
        Reason::Disciplinary,
        Reason::Fraud,
        Reason::IssuedInError,
        Reason::RequirementsNotMet,
        Reason::UnderInvestigation,
        Reason::Superseded,
        Reason::Deceased,
    ];
    assert_eq!(reasons.encode(), [0, 1, 2, 3, 4, 5, 6]);
    let standings = [
        Standing::Good,
        Standing::IssuerDistrusted,
        Standing::Revoked,
        Standing::Surrendered,
        Standing::Expired,
        Standing::Suspended,
        Standing::NotYetValid,
        Standing::BackDated,
    ];
    assert_eq!(standings.encode(), [0, 1, 2, 3, 4, 5, 6, 7]);
    let credential = CredentialId(H256::repeat_byte(1));
    assert_eq!(Answer::Licensed { credential }.encode()[0], 0);
}

#[test]
fn the_encoding_of_a_credential_is_frozen() {
    let credential = Credential {
        holder: [1; 32].into(),
        issuer: axonic_primitives::OrgId(2),
        issued_at: 4,
        terms: some_terms(),
        status: Status::Suspended {
            from: 5,
            until: Some(6),
            reason: Reason::Fraud,
        },
        suspensions: bounded(vec![Suspension { from: 7, until: 8 }]),
        renewals: bounded(vec![Renewal {
            at: 9,
            valid_until: 10,
            commitment: H256::repeat_byte(14),
        }]),
        primary_source: PrimarySourceCheck {
            outcome: PrimarySource::Failed,
            commitment: H256::repeat_byte(11),
            by: axonic_primitives::OrgId(12),
            at: 13,
        },
    };
    let expected = [
        &[1u8; 32][..],
        &[2, 0, 0, 0],
        &[4, 0, 0, 0, 0, 0, 0, 0],
        &bytes_of_some_terms()[..],
        &[1, 5, 0, 0, 0, 0, 0, 0, 0],
        &[1, 6, 0, 0, 0, 0, 0, 0, 0],
        &[1],
        &[4, 7, 0, 0, 0, 0, 0, 0, 0],
        &[8, 0, 0, 0, 0, 0, 0, 0],
        &[4, 9, 0, 0, 0, 0, 0, 0, 0],
        &[10, 0, 0, 0, 0, 0, 0, 0],
        &[14; 32],
        &[3],
        &[11; 32],
        &[12, 0, 0, 0],
        &[13, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    assert_eq!(credential.encode(), expected);
}

#[test]
fn the_encoding_of_a_status_is_frozen() {
    assert_eq!(Status::Active.encode(), [0]);
    let revoked = Status::Revoked {
        from: 1,
        reason: Reason::Deceased,
    };
    assert_eq!(revoked.encode(), [2, 1, 0, 0, 0, 0, 0, 0, 0, 6]);
    let surrendered = Status::Surrendered { from: 1 };
    assert_eq!(surrendered.encode(), [3, 1, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn the_encoding_of_an_issuer_and_its_accreditations_is_frozen() {
    let issuer = Issuer {
        issued: 1,
        distrusts: bounded(vec![Distrust {
            since: 2,
            until: None,
        }]),
    };
    let expected = [
        &[1u8, 0, 0, 0, 0, 0, 0, 0][..],
        &[4, 2, 0, 0, 0, 0, 0, 0, 0],
        &[0],
    ]
    .concat();
    assert_eq!(issuer.encode(), expected);
    let accreditation = Accreditation {
        jurisdiction: HOME,
        from: 1,
        until: Some(2),
        distrusts: 4,
    };
    let expected = [
        &b"US"[..],
        &[1, 0, 0, 0, 0, 0, 0, 0],
        &[1, 2, 0, 0, 0, 0, 0, 0, 0],
        &[4, 0, 0, 0],
    ]
    .concat();
    assert_eq!(accreditation.encode(), expected);
}
