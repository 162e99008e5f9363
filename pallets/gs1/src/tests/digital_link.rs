use super::*;
use crate::digital_link;

const GTIN: &str = "09506000134352";

fn gtin_of(text: &str) -> Option<Gtin> {
    Some(Gtin::parse(text).unwrap())
}

#[test]
fn canonical_uris_are_written() {
    let gtin = Gtin::parse(GTIN).unwrap();
    let gln = Gln::parse("0614141123452").unwrap();
    let sscc = Sscc::parse("106141412345678908").unwrap();
    for (written, uri) in [
        (
            digital_link::pack(gtin, &Serial::parse("32a/b").unwrap()),
            "https://id.gs1.org/01/09506000134352/21/32a%2Fb",
        ),
        (
            digital_link::lot(gtin, &LotNumber::parse("LOT-7_x.y").unwrap()),
            "https://id.gs1.org/01/09506000134352/10/LOT-7_x.y",
        ),
        (
            digital_link::container(sscc),
            "https://id.gs1.org/00/106141412345678908",
        ),
        (
            digital_link::location(gln),
            "https://id.gs1.org/414/0614141123452",
        ),
        (
            digital_link::sublocation(gln, &GlnExtension::parse("A+1").unwrap()),
            "https://id.gs1.org/414/0614141123452/254/A%2B1",
        ),
    ] {
        assert_eq!(written, uri);
    }
}

#[test]
fn everything_but_unreserved_characters_is_encoded() {
    let gtin = Gtin::parse(GTIN).unwrap();
    let stem = digital_link::pack(gtin, &Serial::parse("X").unwrap());
    let stem = stem.strip_suffix('X').unwrap();
    let encoded: String = SET_82
        .iter()
        .map(|character| {
            let uri = digital_link::pack(gtin, &Serial::new(&[*character]).unwrap());
            uri.strip_prefix(stem).unwrap().to_owned()
        })
        .filter(|written| written.len() > 1)
        .collect();
    assert_eq!(
        encoded,
        "%21%22%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F"
    );
}

#[test]
fn any_host_path_query_and_fragment_read() {
    let pack = Scan {
        gtin: gtin_of(GTIN),
        serial: Some(Serial::parse("12/3").unwrap()),
        lot: Some(LotNumber::parse("AB").unwrap()),
        expiry: Some(Yymmdd::parse("270331").unwrap()),
        ..Default::default()
    };
    for uri in [
        "https://id.gs1.org/01/09506000134352/10/AB/21/12%2F3?17=270331",
        "HTTPS://EXAMPLE.COM/01/09506000134352/22/V2/10/AB/21/12%2f3?17=270331",
        "http://[2001:db8::1]:8080/01/09506000134352/10/%41B/21/12%2F3?17=270331#leaflet",
        "https://example.com/some/path/01/09506000134352/10/AB/21/12%2F3?linkType=all&17=270331",
        "https://example.com/01/x/00/01/09506000134352/10/AB/21/12%2F3?a;17=27033%31;3103=000195&",
        "https://example.com/01/9506000134352/10/AB/21/12%2F3?17=270331&17=270331&10=AB",
    ] {
        assert_eq!(DigitalLink::parse(uri), Ok(pack), "{uri}");
        assert_eq!(Scan::parse(uri), Ok(pack));
        assert_eq!(Scan::parse(&format!("]Q1{uri}")), Ok(pack));
        assert_eq!(Scan::parse(&format!("]d1{uri}")), Ok(pack));
    }
}

#[test]
fn each_key_reads_with_its_qualifiers() {
    let unit = "https://example.com/00/106141412345678908?02=00614141123452&37=25&10=ABC123";
    let unit = DigitalLink::parse(unit).unwrap();
    assert_eq!(unit.sscc, Some(Sscc::parse("106141412345678908").unwrap()));
    assert_eq!(unit.lot, Some(LotNumber::parse("ABC123").unwrap()));
    assert_eq!(unit.gtin, None);

    let place = DigitalLink::parse("https://example.com/414/0614141123452/254/W2").unwrap();
    assert_eq!(place.gln, Some(Gln::parse("0614141123452").unwrap()));
    assert_eq!(place.extension, Some(GlnExtension::parse("W2").unwrap()));

    let product =
        DigitalLink::parse("https://example.com/01/09506000134352/235/5vBZIF%21").unwrap();
    assert_eq!(product.gtin, gtin_of(GTIN));
    assert_eq!(product.serial, None);
}

#[test]
fn a_uri_is_refused_when_it_is_no_digital_link() {
    for (uri, error) in [
        ("", Error::NotADigitalLink),
        ("ftp://id.gs1.org/01/09506000134352", Error::NotADigitalLink),
        ("https://id.gs1.org", Error::NotADigitalLink),
        ("https:///01/09506000134352", Error::NotADigitalLink),
        ("https://a@b/01/09506000134352", Error::NotADigitalLink),
        ("https://id.gs1.org/", Error::KeyMissing),
        ("https://id.gs1.org/09506000134352", Error::KeyMissing),
        ("https://id.gs1.org/gtin/09506000134352", Error::KeyMissing),
        ("https://id.gs1.org/01/09506000134352/", Error::KeyMissing),
        ("https://id.gs1.org/8004/95060001343ABC", Error::KeyMissing),
        ("https://id.gs1.org/10/AB/21/1", Error::KeyMissing),
        ("https://id.gs1.org/01/", Error::Empty),
        ("https://id.gs1.org/01/09506000134352/10/", Error::Empty),
        ("https://id.gs1.org/01/09506000134352?17=", Error::Empty),
        ("https://id.gs1.org/01/09506000134352?17", Error::Empty),
        (
            "https://id.gs1.org/01/09506000134353",
            Error::WrongCheckDigit { expected: 2 },
        ),
        (
            "https://id.gs1.org/01/950600013435",
            Error::WrongCheckDigit { expected: 9 },
        ),
        (
            "https://id.gs1.org/00/06141412345678908",
            Error::WrongLength { expected: 18 },
        ),
        (
            "https://id.gs1.org/01/09506000134352?05=1",
            Error::UnknownApplicationIdentifier,
        ),
        (
            "https://id.gs1.org/01/09506000134352?017=1",
            Error::UnknownApplicationIdentifier,
        ),
        (
            "https://id.gs1.org/01/09506000134352/10/AB?10=CD",
            Error::Contradiction,
        ),
    ] {
        assert_eq!(DigitalLink::parse(uri), Err(error), "{uri}");
    }
}

#[test]
fn an_identifier_is_refused_when_it_is_out_of_place() {
    for uri in [
        "https://id.gs1.org/01/09506000134352/21/1/10/AB",
        "https://id.gs1.org/01/09506000134352/10/AB/22/V2",
        "https://id.gs1.org/01/09506000134352/21/1/21/1",
        "https://id.gs1.org/01/09506000134352/235/A/21/1",
        "https://id.gs1.org/01/09506000134352/254/W2",
        "https://id.gs1.org/00/106141412345678908/10/AB",
        "https://id.gs1.org/414/0614141123452/21/1",
        "https://id.gs1.org/414/0614141123452/254/W2/7040/1ABC",
        "https://id.gs1.org/01/09506000134352?21=1",
        "https://id.gs1.org/01/09506000134352?00=106141412345678908",
        "https://id.gs1.org/01/09506000134352?01=09506000134352",
    ] {
        assert_eq!(DigitalLink::parse(uri), Err(Error::Misplaced), "{uri}");
    }
}

#[test]
fn a_value_is_refused_when_its_encoding_is_broken() {
    for value in ["A%", "A%4", "A%4G", "A%%41"] {
        let uri = format!("https://id.gs1.org/01/{GTIN}/21/{value}");
        assert_eq!(DigitalLink::parse(&uri), Err(Error::BrokenPercentEncoding));
    }
    for (value, at) in [("A%20B", 1), ("%C3%A9", 0), ("%FF", 0), ("A%00", 1)] {
        let uri = format!("https://id.gs1.org/01/{GTIN}/21/{value}");
        assert_eq!(
            DigitalLink::parse(&uri),
            Err(Error::IllegalCharacter { at }),
            "{value}"
        );
    }
    for character in ["\"", "<", ">", " ", "\\", "é", "\u{1d}"] {
        let uri = format!("https://id.gs1.org/01/{GTIN}/21/{character}");
        assert_eq!(
            DigitalLink::parse(&uri),
            Err(Error::IllegalCharacter { at: 40 }),
        );
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        gtin in gtin(),
        serial in serial(),
        lot in lot(),
        sscc in sscc(),
        gln in gln(),
        extension in extension(),
    ) {
        let nothing = Scan::default();
        for (uri, scan) in [
            (
                digital_link::pack(gtin, &serial),
                Scan { gtin: Some(gtin), serial: Some(serial), ..nothing },
            ),
            (
                digital_link::lot(gtin, &lot),
                Scan { gtin: Some(gtin), lot: Some(lot), ..nothing },
            ),
            (digital_link::container(sscc), Scan { sscc: Some(sscc), ..nothing }),
            (digital_link::location(gln), Scan { gln: Some(gln), ..nothing }),
            (
                digital_link::sublocation(gln, &extension),
                Scan { gln: Some(gln), extension: Some(extension), ..nothing },
            ),
        ] {
            prop_assert_eq!(DigitalLink::parse(&uri), Ok(scan));
            prop_assert_eq!(Scan::parse(&uri), Ok(scan));
        }
    }
}
