//! Keys with which others wrap document keys.

use super::*;

fn rotate(key: [u8; 32]) -> Result<(), DispatchError> {
    Consortium::rotate_agreement_key(signed(HOSPITAL_ADMIN), X25519PublicKey(key))
}

#[test]
fn rotate_agreement_key_counts_from_one_when_there_was_none() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(Consortium::agreement_key(HOSPITAL), None);
        for (version, byte) in [(1, 10), (2, 11), (3, 10)] {
            let key = X25519PublicKey([byte; 32]);
            assert_ok!(rotate(key.0));
            assert_eq!(
                Consortium::agreement_key(HOSPITAL),
                Some(AgreementKey { version, key })
            );
            let rotated = Event::AgreementKeyRotated {
                org: HOSPITAL,
                version,
                key,
            };
            assert_eq!(last_event(), rotated);
        }
        assert_eq!(Consortium::agreement_key(PHARMACY), None);
    });
}

#[test]
fn rotate_agreement_key_is_refused_when_the_key_is_of_low_order_or_the_present_one() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(rotate([0; 32]), Error::<Test>::InvalidAgreementKey);
        assert_ok!(rotate([10; 32]));
        assert_noop!(rotate([10; 32]), Error::<Test>::InvalidAgreementKey);
    });
}

#[test]
fn rotate_agreement_key_is_refused_when_the_caller_is_no_administrator() {
    ExtBuilder::default().build_and_execute(|| {
        let key = X25519PublicKey([10; 32]);
        assert_noop!(
            Consortium::rotate_agreement_key(signed(CLINICIAN), key),
            Error::<Test>::NotAdmin
        );
    });
}
