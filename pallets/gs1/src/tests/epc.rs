use super::*;

/// URN, digits of its company prefix, Digital Link: examples of the standards and of GS1 US's
/// guideline for medicines.
const KNOWN: &[(&str, u8, &str)] = &[
    (
        "urn:epc:id:sgtin:0614141.812345.6789",
        7,
        "https://id.gs1.org/01/80614141123458/21/6789",
    ),
    (
        "urn:epc:id:sgtin:0614141.812345.32a%2Fb",
        7,
        "https://id.gs1.org/01/80614141123458/21/32a%2Fb",
    ),
    (
        "urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F()",
        7,
        "https://id.gs1.org/01/80614141123458/21/6789%2F%26%25%22%21%3F%28%29",
    ),
    (
        "urn:epc:id:sgtin:030001.0012345.22",
        6,
        "https://id.gs1.org/01/00300010123455/21/22",
    ),
    (
        "urn:epc:id:sgtin:030001.1012345.121",
        6,
        "https://id.gs1.org/01/10300010123452/21/121",
    ),
    (
        "urn:epc:id:sgtin:415056789012.0.987654",
        12,
        "https://id.gs1.org/01/04150567890128/21/987654",
    ),
    (
        "urn:epc:id:sgtin:0614141.812345.a.b",
        7,
        "https://id.gs1.org/01/80614141123458/21/a.b",
    ),
    (
        "urn:epc:class:lgtin:4012345.012345.998877",
        7,
        "https://id.gs1.org/01/04012345123456/10/998877",
    ),
    (
        "urn:epc:id:sscc:0614141.1234567890",
        7,
        "https://id.gs1.org/00/106141412345678908",
    ),
    (
        "urn:epc:id:sscc:0614141.0123456789",
        7,
        "https://id.gs1.org/00/006141411234567890",
    ),
    (
        "urn:epc:id:sscc:030001.41234567890",
        6,
        "https://id.gs1.org/00/403000112345678901",
    ),
    (
        "urn:epc:id:sgln:0614141.12345.0",
        7,
        "https://id.gs1.org/414/0614141123452",
    ),
    (
        "urn:epc:id:sgln:0614141.12345.400",
        7,
        "https://id.gs1.org/414/0614141123452/254/400",
    ),
    (
        "urn:epc:id:sgln:123456789012..0",
        12,
        "https://id.gs1.org/414/1234567890128",
    ),
    (
        "urn:epc:id:sgln:030001.111111.0",
        6,
        "https://id.gs1.org/414/0300011111116",
    ),
];

#[test]
fn known_epcs_are_the_same_in_both_notations() {
    for (urn, company_prefix_digits, link) in KNOWN {
        let epc = Epc::parse(urn).unwrap();
        assert_eq!(Epc::parse(link), Ok(epc), "{urn}");
        assert_eq!(&epc.to_digital_link(), link);
        assert_eq!(epc.to_urn(*company_prefix_digits).as_deref(), Ok(*urn));
    }
}

#[test]
fn an_extension_of_a_single_zero_says_that_there_is_none() {
    let gln = Gln::parse("0614141123452").unwrap();
    let none = Epc::Sgln {
        gln,
        extension: None,
    };
    let zero = Epc::Sgln {
        gln,
        extension: Some(GlnExtension::parse("0").unwrap()),
    };
    assert_eq!(zero.to_digital_link(), none.to_digital_link());
    assert_eq!(zero.to_urn(7), none.to_urn(7));
    let link = "https://id.gs1.org/414/0614141123452/254/0";
    assert_eq!(Epc::parse(link), Ok(none));
}

#[test]
fn digital_links_of_any_host_are_epcs() {
    let canonical = Epc::parse("https://id.gs1.org/01/04012345123456/21/1").unwrap();
    let other = "http://example.com/p/01/04012345123456/21/%31#top";
    assert_eq!(Epc::parse(other), Ok(canonical));
}

#[test]
fn a_digital_link_is_refused_when_it_says_more_or_less_than_an_epc() {
    for link in [
        "https://id.gs1.org/01/04012345123456",
        "https://id.gs1.org/01/04012345123456/10/A/21/1",
        "https://id.gs1.org/01/04012345123456/22/V/21/1",
        "https://id.gs1.org/01/04012345123456/21/1?17=270331",
        "https://id.gs1.org/414/0614141123452/7040/1ABC",
    ] {
        assert_eq!(Epc::parse(link), Err(Error::NotAnEpc), "{link}");
    }
}

#[test]
fn a_urn_is_refused_when_it_breaks_a_rule() {
    for (urn, error) in [
        ("", Error::NotAnEpc),
        ("(01)09506000134352(21)1", Error::NotAnEpc),
        ("urn:epc:id:giai:4012345.ABC345", Error::NotAnEpc),
        ("urn:epc:class:sgtin:4012345.012345.1", Error::NotAnEpc),
        ("urn:epc:idpat:sgtin:4012345.098765.*", Error::NotAnEpc),
        ("urn:epc:id:sgtin:4012345.012345", Error::NotAnEpc),
        ("urn:epc:id:sgtin:40123450123451", Error::NotAnEpc),
        ("urn:epc:id:sgln:4012345.00005", Error::NotAnEpc),
        ("urn:epc:id:sscc:40123453111111111", Error::NotAnEpc),
        ("urn:epc:id:sgtin:4012345.012345.", Error::Empty),
        ("urn:epc:id:sgln:4012345.00005.", Error::Empty),
        (
            "urn:epc:id:sgtin:40123.01234567.1",
            Error::WrongCompanyPrefix,
        ),
        (
            "urn:epc:id:sgtin:4012345123456..1",
            Error::WrongCompanyPrefix,
        ),
        (
            "urn:epc:id:sscc:40123.311111111111",
            Error::WrongCompanyPrefix,
        ),
        (
            "urn:epc:id:sgtin:4012345.01234.1",
            Error::WrongLength { expected: 13 },
        ),
        (
            "urn:epc:id:sscc:0614141.12345678901",
            Error::WrongLength { expected: 17 },
        ),
        (
            "urn:epc:id:sgln:4012345.000005.0",
            Error::WrongLength { expected: 12 },
        ),
        (
            "urn:epc:id:sgtin:401234567890..1",
            Error::WrongLength { expected: 13 },
        ),
        ("urn:epc:id:sgtin:401234x.012345.1", Error::NotDigits),
        ("urn:epc:id:sscc:0614141.123456789x", Error::NotDigits),
        (
            "urn:epc:id:sgtin:4012345.012345.123456789012345678901",
            Error::TooLong { max: 20 },
        ),
        (
            "urn:epc:class:lgtin:4012345.012345.Lot987/",
            Error::IllegalCharacter { at: 6 },
        ),
        (
            "urn:epc:id:sgtin:4012345.012345.A%20",
            Error::IllegalCharacter { at: 1 },
        ),
        (
            "urn:epc:id:sgtin:4012345.012345.A%2",
            Error::BrokenPercentEncoding,
        ),
    ] {
        assert_eq!(Epc::parse(urn), Err(error), "{urn}");
    }
}

#[test]
fn a_urn_is_not_written_when_the_company_prefix_cannot_be_so_long() {
    for (urn, _, _) in KNOWN {
        let epc = Epc::parse(urn).unwrap();
        for digits in [0, 5, 13, u8::MAX] {
            assert_eq!(epc.to_urn(digits), Err(Error::WrongCompanyPrefix));
        }
    }
}

proptest! {
    #[test]
    fn an_epc_reads_back_from_both_notations(epc in epc(), company_prefix_digits in 6u8..=12) {
        prop_assert_eq!(Epc::parse(&epc.to_digital_link()), Ok(epc));
        let urn = epc.to_urn(company_prefix_digits).unwrap();
        prop_assert_eq!(Epc::parse(&urn), Ok(epc));
    }

    /// Another company prefix writes the same thing differently.
    #[test]
    fn what_is_named_does_not_depend_on_the_company_prefix(
        epc in epc(),
        a in 6u8..=12,
        b in 6u8..=12,
    ) {
        let (left, right) = (epc.to_urn(a).unwrap(), epc.to_urn(b).unwrap());
        prop_assert_eq!(left == right, a == b);
        prop_assert_eq!(Epc::parse(&left), Epc::parse(&right));
    }
}
