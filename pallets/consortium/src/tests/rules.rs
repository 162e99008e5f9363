//! The pure rules.

use super::*;
use crate::{
    rules::{enrolment, is_sound_x25519_key, qualify, standing, Objection, OrgAction},
    StaffMember,
};
use proptest::prelude::*;

#[test]
fn the_state_machine_is_this_table() {
    use OrgAction::*;
    use OrgStatus::*;
    for (from, action, to) in [
        (Active, Amend, Ok(Active)),
        (Active, Suspend, Ok(Suspended)),
        (Active, Reinstate, Err(Objection::NotSuspended)),
        (Active, Expel, Ok(Expelled)),
        (Suspended, Amend, Ok(Suspended)),
        (Suspended, Suspend, Err(Objection::NotActive)),
        (Suspended, Reinstate, Ok(Active)),
        (Suspended, Expel, Ok(Expelled)),
        (Expelled, Amend, Err(Objection::ExpelledIsFinal)),
        (Expelled, Suspend, Err(Objection::ExpelledIsFinal)),
        (Expelled, Reinstate, Err(Objection::ExpelledIsFinal)),
        (Expelled, Expel, Err(Objection::ExpelledIsFinal)),
    ] {
        assert_eq!(from.next(action), to, "{from:?} {action:?}");
    }
}

#[test]
fn what_the_council_decided_goes_before_what_ran_out() {
    for (status, before, after) in [
        (OrgStatus::Active, Standing::Active, Standing::Expired),
        (
            OrgStatus::Suspended,
            Standing::Suspended,
            Standing::Suspended,
        ),
        (OrgStatus::Expelled, Standing::Expelled, Standing::Expelled),
    ] {
        assert_eq!(standing(status, 10, 9), before);
        assert_eq!(standing(status, 10, 10), after);
    }
}

#[test]
fn an_enrolment_ends_at_its_end_and_with_its_epoch() {
    let staff = StaffMember {
        org: HOSPITAL,
        duties: Duty::Auditor.into(),
        site: None,
        valid_until: 10,
        org_epoch: 1,
    };
    assert_eq!(enrolment(&staff, 1, 9), Enrolment::Active);
    assert_eq!(enrolment(&staff, 1, 10), Enrolment::Expired);
    assert_eq!(enrolment(&staff, 2, 9), Enrolment::Revoked);
    assert_eq!(enrolment(&staff, 2, 10), Enrolment::Revoked);
}

#[test]
fn published_gs1_numbers_hold() {
    // The first is GS1's worked example; the last is in the range it keeps for demonstrations.
    for text in ["6291041500213", "5412345000013", "9521101000009"] {
        let gln: Gln = text.parse().unwrap();
        assert_eq!(gln.to_string(), text);
    }
}

#[test]
fn a_gln_is_text_of_13_digits_and_nothing_else() {
    for text in [
        "",
        "541234500001",
        "54123450000130",
        "541234500001x",
        "５412345000013",
    ] {
        assert!(text.parse::<Gln>().is_err(), "{text}");
    }
}

#[test]
fn keys_of_low_order_are_unsound_whatever_the_top_bit() {
    // The base point of RFC 7748, section 6.1, and the points that libsodium refuses.
    let mut nine = [0; 32];
    nine[0] = 9;
    assert!(is_sound_x25519_key(&nine));

    for low in [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let mut key = low.parse::<H256>().unwrap().0;
        assert!(!is_sound_x25519_key(&key), "{low}");
        key[31] |= 0x80;
        assert!(!is_sound_x25519_key(&key), "{low} with the top bit");
    }
}

proptest! {
    /// Twelve digits have one check digit.
    #[test]
    fn a_reference_has_one_check_digit(reference in 0u64..1_000_000_000_000) {
        let right = Gln::numbered(reference);
        let holding = (b'0'..=b'9').filter(|check| {
            let mut digits = right.0;
            digits[12] = *check;
            Gln(digits).is_valid()
        });
        prop_assert_eq!(holding.collect::<Vec<_>>(), vec![right.0[12]]);
        prop_assert_eq!(right.to_string()[..12].to_owned(), format!("{reference:012}"));
    }

    /// One wrong digit never goes unnoticed.
    #[test]
    fn one_wrong_digit_is_noticed(
        reference in 0u64..1_000_000_000_000,
        position in 0usize..13,
        change in 1u8..10,
    ) {
        let mut digits = Gln::numbered(reference).0;
        digits[position] = b'0' + (digits[position] - b'0' + change) % 10;
        prop_assert!(!Gln(digits).is_valid());
    }

    /// Two neighbours swapped go unnoticed only if they are equal or differ by five.
    #[test]
    fn swapped_neighbours_are_noticed(reference in 0u64..1_000_000_000_000, at in 0usize..12) {
        let mut digits = Gln::numbered(reference).0;
        let unnoticed = digits[at].abs_diff(digits[at + 1]) % 5 == 0;
        digits.swap(at, at + 1);
        prop_assert_eq!(Gln(digits).is_valid(), unnoticed);
    }

    /// Bytes that are no digits never pass, whatever they would add up to.
    #[test]
    fn bytes_that_are_no_digits_never_pass(
        reference in 0u64..1_000_000_000_000,
        at in 0usize..13,
        byte in any::<u8>(),
    ) {
        prop_assume!(!byte.is_ascii_digit());
        let mut digits = Gln::numbered(reference).0;
        digits[at] = byte;
        prop_assert!(!Gln(digits).is_valid());
    }

    /// Wanting nothing passes everybody; wanting something passes who has some of it.
    #[test]
    fn qualifying_takes_one_of_each(
        roles in any::<u32>(),
        duties in any::<u32>(),
        wanted_roles in prop_oneof![Just(0), any::<u32>()],
        wanted_duties in prop_oneof![Just(0), any::<u32>()],
    ) {
        let outcome = qualify(
            Codes::from_bits(roles),
            Codes::from_bits(duties),
            Codes::from_bits(wanted_roles),
            Codes::from_bits(wanted_duties),
        );
        let role = wanted_roles == 0 || roles & wanted_roles != 0;
        let duty = wanted_duties == 0 || duties & wanted_duties != 0;
        let expected = match (role, duty) {
            (false, _) => Err(Objection::RoleMissing),
            (true, false) => Err(Objection::DutyMissing),
            (true, true) => Ok(()),
        };
        prop_assert_eq!(outcome, expected);
    }

    /// Other keys are sound.
    #[test]
    fn keys_are_sound_unless_listed(bytes in any::<[u8; 32]>()) {
        let mut key = bytes;
        // No listed point has this byte in the middle.
        key[16] = 0x42;
        prop_assert!(is_sound_x25519_key(&key));
    }
}
