use super::*;

fn medicine() -> Scan {
    Scan {
        gtin: Some(Gtin::parse("09506000134352").unwrap()),
        serial: Some(Serial::parse("1234AB").unwrap()),
        lot: Some(LotNumber::parse("LOT-7").unwrap()),
        expiry: Some(Yymmdd::parse("270331").unwrap()),
        ..Default::default()
    }
}

#[test]
fn a_pack_reads_in_every_form_and_order() {
    for text in [
        "(01)09506000134352(17)270331(10)LOT-7(21)1234AB",
        "(21)1234AB(01)09506000134352(10)LOT-7(17)270331",
        "01095060001343521727033110LOT-7\u{1d}211234AB",
        "]d201095060001343521727033110LOT-7\u{1d}211234AB",
        "]C1211234AB\u{1d}10LOT-7\u{1d}17270331\u{1d}0109506000134352",
        "]Q3\u{1d}010950600013435210LOT-7\u{1d}211234AB\u{1d}17270331\u{1d}",
        "]e001095060001343521727033110LOT-7\u{1d}211234AB",
        "]J101095060001343521727033110LOT-7\u{1d}211234AB",
    ] {
        assert_eq!(ElementString::parse(text), Ok(medicine()), "{text}");
        assert_eq!(ElementString::parse(text.as_bytes()), Ok(medicine()));
        assert_eq!(Scan::parse(text), Ok(medicine()));
    }
}

#[test]
fn other_identifiers_are_skipped() {
    for others in [
        "(11)250101",
        "(02)09506000134352(37)12",
        "(240)ADD",
        "(253)9506000134352DOC",
        "(3103)001250",
        "(3922)1999",
        "(412)9506000134352",
        "(422)056",
        "(4300)ACME+Ltd",
        "(710)12345678",
        "(717)X",
        "(7003)2703311200",
        "(7230)EM1",
        "(8008)270331",
        "(8010)95060#1/A",
        "(8200)HTTPS://X/?Y",
        "(90)A(99)B",
    ] {
        let text = format!("{others}(01)09506000134352(17)270331{others}(10)LOT-7(21)1234AB");
        assert_eq!(ElementString::parse(&text), Ok(medicine()), "{others}");
    }
    // Not given out yet, but their lengths are.
    let scanned = "041234567890123456140000000109506000134352180000001900000017270331211234AB";
    assert_eq!(
        ElementString::parse(scanned),
        Ok(Scan {
            lot: None,
            ..medicine()
        })
    );
    let scanned = "710PZN\u{1d}01095060001343529912\u{1d}10LOT-7\u{1d}211234AB\u{1d}17270331";
    assert_eq!(ElementString::parse(scanned), Ok(medicine()));
}

#[test]
fn logistic_units_and_places_read() {
    let unit = ElementString::parse("(00)106141412345678908").unwrap();
    assert_eq!(unit.sscc, Some(Sscc::parse("106141412345678908").unwrap()));
    let place = ElementString::parse("4140614141123452254W2").unwrap();
    assert_eq!(place.gln, Some(Gln::parse("0614141123452").unwrap()));
    assert_eq!(place.extension, Some(GlnExtension::parse("W2").unwrap()));
}

#[test]
fn an_opening_bracket_in_a_value_has_a_backslash_before_it() {
    let scan = ElementString::parse("(10)A\\(21)B(21)C").unwrap();
    assert_eq!(scan.lot, Some(LotNumber::parse("A(21)B").unwrap()));
    assert_eq!(scan.serial, Some(Serial::parse("C").unwrap()));
    assert_eq!(ElementString::bracketed(&scan), "(10)A\\(21)B(21)C");
    // Elsewhere a backslash is a character that set 82 has not.
    let lone = ElementString::parse("(10)A\\B");
    assert_eq!(lone, Err(Error::IllegalCharacter { at: 1 }));
}

#[test]
fn one_form_of_each_kind_is_written() {
    assert_eq!(
        ElementString::scanned(&medicine()),
        "01095060001343521727033110LOT-7\u{1d}211234AB"
    );
    assert_eq!(
        ElementString::bracketed(&medicine()),
        "(01)09506000134352(17)270331(10)LOT-7(21)1234AB"
    );
    assert_eq!(ElementString::scanned(&Scan::default()), "");
}

#[test]
fn an_identifier_twice_is_refused_when_its_values_differ() {
    for text in [
        "(10)A(10)B",
        "(10)A(21)A(10)B",
        "(11)250101(11)250102",
        "10A\u{1d}10B",
    ] {
        assert_eq!(ElementString::parse(text), Err(Error::Contradiction));
    }
    let same = ElementString::parse("(10)A(21)B(10)A").unwrap();
    assert_eq!(same.lot, Some(LotNumber::parse("A").unwrap()));
}

#[test]
fn a_value_is_refused_when_it_is_missing_or_cut_short() {
    for (text, error) in [
        ("", Error::Empty),
        ("]d2", Error::Empty),
        ("10", Error::Empty),
        ("(10)", Error::Empty),
        ("(10)(21)A", Error::Empty),
        ("10\u{1d}21A", Error::Empty),
        ("(01)9506000134352", Error::WrongLength { expected: 14 }),
        ("0109506000", Error::WrongLength { expected: 14 }),
        ("17270", Error::WrongLength { expected: 6 }),
        ("0109506000\u{1d}10ABC", Error::NotDigits),
        ("(01)09506000134353", Error::WrongCheckDigit { expected: 2 }),
        ("(17)270230", Error::NotACalendarDay),
        ("(10)A B", Error::IllegalCharacter { at: 1 }),
        ("(10)A#", Error::IllegalCharacter { at: 1 }),
        ("(240)A\u{7f}", Error::IllegalCharacter { at: 1 }),
        ("(10)123456789012345678901", Error::TooLong { max: 20 }),
    ] {
        assert_eq!(ElementString::parse(text), Err(error), "{text}");
    }
}

#[test]
fn a_value_is_refused_when_it_runs_into_the_next() {
    // The lot was not ended.
    let text = "0109506000134352101234567890123421123456";
    assert_eq!(ElementString::parse(text), Err(Error::MissingSeparator));
    let long = format!("90{}", "A".repeat(91));
    assert_eq!(ElementString::parse(long), Err(Error::MissingSeparator));
}

#[test]
fn a_text_is_refused_when_no_identifier_begins_where_one_must() {
    for text in [
        "05123",
        "(05)123",
        "(38)1",
        "(83)1",
        "(1)A",
        "(010)A",
        "(10A",
        "10A\u{1d}\u{1d}21B",
        "10A\u{1d}X",
        "3A",
        "71A12",
        "<GS>10A",
        "hello",
        "1",
    ] {
        let refused = Err(Error::UnknownApplicationIdentifier);
        assert_eq!(ElementString::parse(text), refused, "{text}");
    }
    // Spellings of FNC1 that people invent are text.
    let invented = ElementString::parse("10A<GS>21B").unwrap();
    assert_eq!(invented.lot, Some(LotNumber::parse("A<GS>21B").unwrap()));
    assert_eq!(invented.serial, None);
}

#[test]
fn a_text_is_refused_when_its_symbology_is_another() {
    for text in ["]E09506000134352", "]d010A", "]Q110A", "]C010A", "]", "]d"] {
        assert_eq!(ElementString::parse(text), Err(Error::UnknownSymbology));
    }
}

proptest! {
    #[test]
    fn a_scan_reads_back_from_both_forms(scan in scan()) {
        let scanned = ElementString::scanned(&scan);
        prop_assert_eq!(ElementString::parse(&scanned), Ok(scan));
        prop_assert_eq!(Scan::parse(&scanned), Ok(scan));
        for symbology in ["]C1", "]e0", "]d2", "]Q3", "]J1"] {
            prop_assert_eq!(ElementString::parse(format!("{symbology}{scanned}")), Ok(scan));
        }
        let bracketed = ElementString::bracketed(&scan);
        prop_assert_eq!(ElementString::parse(&bracketed), Ok(scan));
        prop_assert_eq!(Scan::parse(&bracketed), Ok(scan));
    }

    /// Whatever can be read means the same when it is written and read again.
    #[test]
    fn what_reads_at_all_is_written_and_reads_the_same(
        text in "(\\(?(00|01|10|11|17|21|240|414|90)\\)?[0-9A-Z]{1,18}\u{1d}?){1,4}",
    ) {
        if let Ok(scan) = ElementString::parse(&text) {
            if scan != Scan::default() {
                prop_assert_eq!(ElementString::parse(ElementString::scanned(&scan)), Ok(scan));
            }
        }
    }
}
