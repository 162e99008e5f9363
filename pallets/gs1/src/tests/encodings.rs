//! What lives in state never changes its bytes without a migration.

use super::*;
use codec::{Decode, DecodeAll, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::{meta_type, TypeDef, TypeInfo};
use serde_json::{from_str, from_value, json, to_value};

#[test]
fn the_encoding_of_a_key_is_frozen() {
    let gtin = Gtin::parse("09506000134352").unwrap();
    let expected = [0xd0, 0xe0, 0xc2, 0x49, 0xa5, 0x08, 0, 0];
    assert_eq!(gtin.as_u64().to_le_bytes(), expected);
    assert_eq!(gtin.encode(), expected);
    let gln = Gln::parse("0614141123452").unwrap();
    assert_eq!(gln.encode(), 614_141_123_452u64.encode());
    let sscc = Sscc::parse("106141412345678908").unwrap();
    assert_eq!(sscc.encode(), 106_141_412_345_678_908u64.encode());
    for length in [
        Gtin::max_encoded_len(),
        Gln::max_encoded_len(),
        Sscc::max_encoded_len(),
    ] {
        assert_eq!(length, 8);
    }
}

#[test]
fn the_encoding_of_a_text_is_frozen() {
    let expected = [&[6 << 2][..], b"LOT-7x"].concat();
    assert_eq!(Serial::parse("LOT-7x").unwrap().encode(), expected);
    assert_eq!(LotNumber::parse("LOT-7x").unwrap().encode(), expected);
    assert_eq!(GlnExtension::parse("LOT-7x").unwrap().encode(), expected);
    assert_eq!(b"LOT-7x".to_vec().encode(), expected);
    let longest = Serial::new(&[b'x'; 20]).unwrap();
    assert_eq!(longest.encode().len(), Serial::max_encoded_len());
    assert_eq!(LotNumber::max_encoded_len(), 21);
}

#[test]
fn the_encoding_of_a_date_is_frozen() {
    let date = Date::new(2027, 3, 31).unwrap();
    assert_eq!(date.encode(), [0xeb, 0x07, 3, 31]);
    assert_eq!(Date::max_encoded_len(), 4);
    // Whoever decodes one that there is not refuses it in words of their own.
    let decoded = Date::decode_all(&mut &[0xeb, 0x07, 2, 31][..]).unwrap();
    assert!(!decoded.is_valid());
}

#[test]
fn bytes_do_not_decode_when_they_would_break_a_rule() {
    let gtin = 9_506_000_134_353u64.encode();
    assert!(Gtin::decode(&mut &gtin[..]).is_err());
    assert!(Gln::decode(&mut &10u64.pow(13).encode()[..]).is_err());
    assert!(Sscc::decode(&mut &u64::MAX.encode()[..]).is_err());
    for text in [&b""[..], b"A B", b"\x1d", &[b'1'; 21], &[b'1'; 70]] {
        let bytes = text.encode();
        assert!(Serial::decode(&mut &bytes[..]).is_err(), "{text:?}");
        assert!(LotNumber::decode(&mut &bytes[..]).is_err());
        assert!(GlnExtension::decode(&mut &bytes[..]).is_err());
    }
    // Cut short, and a length that is not written as shortly as it can be.
    assert!(Serial::decode(&mut &[5 << 2, b'A'][..]).is_err());
    assert!(Serial::decode(&mut &[0x05, 0x00, b'A'][..]).is_err());
}

#[test]
fn calls_can_decode_them_with_memory_tracking() {
    fn tracked<T: DecodeWithMemTracking>() {}
    tracked::<(Gtin, Gln, Sscc, Date)>();
    tracked::<(Serial, LotNumber, GlnExtension)>();
}

#[test]
fn the_metadata_shows_a_number_and_bytes() {
    fn inner<T: TypeInfo>() -> scale_info::MetaType {
        let TypeDef::Composite(composite) = T::type_info().type_def else {
            panic!("a composite");
        };
        composite.fields[0].ty
    }
    assert_eq!(inner::<Gtin>(), meta_type::<u64>());
    assert_eq!(inner::<Gln>(), meta_type::<u64>());
    assert_eq!(inner::<Sscc>(), meta_type::<u64>());
    assert_eq!(inner::<Serial>(), meta_type::<Vec<u8>>());
    assert_eq!(inner::<LotNumber>(), meta_type::<Vec<u8>>());
    assert_eq!(inner::<GlnExtension>(), meta_type::<Vec<u8>>());
}

#[test]
fn json_is_text() {
    let scan = Scan::parse("(01)09506000134352(17)270300(10)LOT-7(21)1234AB").unwrap();
    let expected = json!({
        "gtin": "09506000134352",
        "serial": "1234AB",
        "lot": "LOT-7",
        "expiry": "270300",
        "sscc": null,
        "gln": null,
        "extension": null,
    });
    assert_eq!(to_value(scan).unwrap(), expected);
    assert_eq!(from_str::<Scan>(&expected.to_string()).unwrap(), scan);
    let date = Date::new(2027, 3, 31).unwrap();
    assert_eq!(to_value(date).unwrap(), json!("2027-03-31"));
}

#[test]
fn json_does_not_read_when_it_would_break_a_rule() {
    for text in [r#""09506000134353""#, "9506000134352", r#""""#, "null"] {
        assert!(from_str::<Gtin>(text).is_err(), "{text}");
    }
    assert!(from_str::<Serial>(r#""A B""#).is_err());
    assert!(from_str::<Date>(r#""2027-02-29""#).is_err());
    let message = from_str::<Gln>(r#""0614141123453""#)
        .unwrap_err()
        .to_string();
    assert!(message.contains("would be 2"), "{message}");
}

proptest! {
    #[test]
    fn everything_decodes_from_what_it_encodes(
        gtin in gtin(),
        gln in gln(),
        sscc in sscc(),
        serial in serial(),
        lot in lot(),
        date in date(),
    ) {
        let all = (gtin, gln, sscc, serial, lot, date);
        let bytes = all.encode();
        prop_assert_eq!(bytes.len(), all.encoded_size());
        prop_assert_eq!(DecodeAll::decode_all(&mut &bytes[..]), Ok(all));
        let read: (Gtin, Gln, Sscc, Serial, LotNumber, Date) =
            from_value(to_value(all).unwrap()).unwrap();
        prop_assert_eq!(read, all);
    }
}
