//! What readers are shown.

use crate::{mock::*, rules::Standing, types::*, Holdings, Pallet, Retired};
use axonic_primitives::{CredentialId, Refusal};
use frame_support::assert_ok;

#[test]
fn verify_shows_the_standing_at_any_instant() {
    build_and_execute(|| {
        let id = licensed();
        pass(DAY);
        assert_ok!(revoke(id));
        let standing = |at| Pallet::<Test>::verify(id, at).unwrap().standing;
        assert_eq!(standing(None), Standing::Revoked);
        assert_eq!(standing(Some(START)), Standing::Good);
        assert_eq!(standing(Some(START - 1)), Standing::NotYetValid);
        let info = Pallet::<Test>::verify(id, None).unwrap();
        assert_eq!((info.id, info.at), (id, START + DAY));
        assert_eq!(info.expires_at, START + 10 * YEAR);
        assert_eq!(
            Pallet::<Test>::verify(CredentialId::default(), None),
            Err(Refusal("NotFound".into()))
        );
    });
}

#[test]
fn verify_tells_surrendered_from_revoked() {
    build_and_execute(|| {
        let id = licensed();
        assert_ok!(Registry::surrender(signed(DOCTOR), id));
        let info = Pallet::<Test>::verify(id, None).unwrap();
        assert_eq!(info.standing, Standing::Surrendered);
    });
}

#[test]
fn credentials_of_pages_through_all_once() {
    build_and_execute(|| {
        // Twenty in a row, each by another board, of which four had to make room.
        for n in 0..20u8 {
            let registrar = another_registrar(n);
            let id = issued(registrar.clone(), DOCTOR, medical_licence());
            if n < 10 {
                let reason = Some(Reason::Superseded);
                assert_ok!(Registry::revoke(signed(registrar), id, reason));
            }
        }
        assert_eq!(Retired::<Test>::iter().count(), 4);
        let page = |after, limit| -> Vec<CredentialId> {
            Pallet::<Test>::credentials_of(DOCTOR, after, limit)
                .into_iter()
                .map(|info| info.id)
                .collect()
        };
        let all = page(None, 64);
        assert_eq!(all.len(), 20);
        assert_eq!(all[..16], Holdings::<Test>::get(DOCTOR)[..]);
        for size in [1, 3, 7, 16, 17] {
            let mut seen = Vec::new();
            loop {
                let next = page(seen.last().copied(), size);
                if next.is_empty() {
                    break;
                }
                assert!(next.len() <= size as usize);
                seen.extend(next);
            }
            assert_eq!(seen, all, "in pages of {size}");
        }
        assert!(page(None, 0).is_empty());
        assert!(Pallet::<Test>::credentials_of(NURSE, None, 64).is_empty());
    });
}

#[test]
fn accreditations_of_shows_what_counts_and_what_did() {
    build_and_execute(|| {
        licensed();
        assert_ok!(accredit(BOARD, CredentialKind::DentalLicence, ABROAD));
        pass(DAY);
        assert_ok!(distrust(BOARD, START + DAY));
        pass(DAY);
        assert_ok!(accredit(BOARD, MEDICAL, HOME));
        let info = Pallet::<Test>::accreditations_of(BOARD);
        assert_eq!(info.issued, 1);
        let distrust = Distrust {
            since: START + DAY,
            until: Some(START + 2 * DAY),
        };
        assert_eq!(info.distrusts, [distrust]);
        let shown: Vec<_> = info
            .accreditations
            .iter()
            .map(|shown| (shown.kind, shown.accreditation.from, shown.in_force))
            .collect();
        assert_eq!(
            shown,
            [
                (MEDICAL, START, false),
                (MEDICAL, START + 2 * DAY, true),
                (CredentialKind::DentalLicence, START, false),
            ]
        );
        let nothing = Pallet::<Test>::accreditations_of(HOSPITAL);
        assert!(nothing.accreditations.is_empty() && nothing.distrusts.is_empty());
    });
}
