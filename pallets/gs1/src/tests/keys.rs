use super::*;

#[test]
fn a_gtin_reads_in_each_of_its_lengths() {
    for (text, digits) in [
        ("95060002", "00000095060002"),
        ("614141000036", "00614141000036"),
        ("9506000134352", "09506000134352"),
        ("09506000134352", "09506000134352"),
        ("80614141123458", "80614141123458"),
    ] {
        let gtin = Gtin::parse(text).unwrap();
        assert_eq!(gtin.to_string(), digits);
        assert_eq!(gtin.digits(), digits.as_bytes());
        assert_eq!(gtin.as_u64(), digits.parse::<u64>().unwrap());
    }
}

#[test]
fn the_indicator_is_the_first_of_fourteen_digits() {
    assert_eq!(Gtin::parse("80614141123458").unwrap().indicator(), 8);
    assert_eq!(Gtin::parse("9506000134352").unwrap().indicator(), 0);
}

#[test]
fn a_key_is_refused_when_its_length_is_wrong() {
    for text in ["9506000134", "950600013435200", "095060001343520"] {
        assert_eq!(Gtin::parse(text), Err(Error::WrongLength { expected: 14 }));
    }
    for text in ["614141123452", "00614141123452"] {
        assert_eq!(Gln::parse(text), Err(Error::WrongLength { expected: 13 }));
    }
    for text in ["06141411234567890", "0106141412345678908"] {
        assert_eq!(Sscc::parse(text), Err(Error::WrongLength { expected: 18 }));
    }
}

#[test]
fn a_key_is_refused_when_it_is_not_of_digits() {
    for text in [
        "0950600013435x",
        "0950600 134352",
        "-9506000134352",
        "0950600013435٢",
    ] {
        assert_eq!(Gtin::parse(text), Err(Error::NotDigits), "{text}");
    }
    assert_eq!(Gln::parse(""), Err(Error::Empty));
}

#[test]
fn a_number_is_refused_when_it_has_too_many_digits() {
    assert_eq!(Gtin::new(10u64.pow(14)), Err(Error::TooLong { max: 14 }));
    assert_eq!(Gln::new(u64::MAX), Err(Error::TooLong { max: 13 }));
    assert_eq!(Sscc::new(10u64.pow(18)), Err(Error::TooLong { max: 18 }));
    assert_eq!(
        Sscc::with_check_digit(10u64.pow(17)),
        Err(Error::TooLong { max: 17 })
    );
}

#[test]
fn messages_show_what_a_key_is_and_all_its_digits() {
    let gtin = Gtin::parse("95060002").unwrap();
    assert_eq!(format!("{gtin:?}"), "Gtin(00000095060002)");
}

proptest! {
    #[test]
    fn a_key_reads_back_from_all_that_it_writes(gtin in gtin(), gln in gln(), sscc in sscc()) {
        prop_assert_eq!(Gtin::new(gtin.as_u64()), Ok(gtin));
        prop_assert_eq!(Gtin::parse(&gtin.to_string()), Ok(gtin));
        prop_assert_eq!(Gln::new(gln.as_u64()), Ok(gln));
        prop_assert_eq!(gln.to_string().parse(), Ok(gln));
        prop_assert_eq!(Sscc::new(sscc.as_u64()), Ok(sscc));
        prop_assert_eq!(String::from_utf8(sscc.digits().to_vec()).unwrap().parse(), Ok(sscc));
    }

    /// Keys are in the order of their digits.
    #[test]
    fn keys_are_ordered_like_their_digits(a in gtin(), b in gtin()) {
        prop_assert_eq!(a.cmp(&b), a.digits().cmp(&b.digits()));
    }
}
