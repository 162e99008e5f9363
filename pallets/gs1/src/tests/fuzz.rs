//! No input makes a parser panic, and none gets past the rules.

use super::*;
use codec::{Decode, Encode};

/// Everything that reads text reads `text`. What it takes must be what it would write.
fn read_everything(text: &str) {
    if let Ok(gtin) = Gtin::parse(text) {
        assert!(gtin.to_string().ends_with(text));
    }
    if let Ok(gln) = Gln::parse(text) {
        assert_eq!(gln.to_string(), text);
    }
    if let Ok(sscc) = Sscc::parse(text) {
        assert_eq!(sscc.to_string(), text);
    }
    if let Ok(serial) = Serial::parse(text) {
        assert_eq!(serial.as_str(), text);
    }
    if let Ok(date) = Date::parse(text) {
        assert_eq!(date.to_string(), text);
    }
    if let Ok(digits) = Yymmdd::parse(text) {
        assert_eq!(digits.to_string(), text);
    }
    if let Ok(epc) = Epc::parse(text) {
        assert_eq!(Epc::parse(&epc.to_digital_link()), Ok(epc));
        for digits in 6..=12 {
            assert_eq!(Epc::parse(&epc.to_urn(digits).unwrap()), Ok(epc));
        }
    }
    for scan in [
        Scan::parse(text),
        ElementString::parse(text),
        DigitalLink::parse(text),
    ]
    .into_iter()
    .flatten()
    .filter(|scan| *scan != Scan::default())
    {
        assert_eq!(Scan::parse(&ElementString::scanned(&scan)), Ok(scan));
        assert_eq!(Scan::parse(&ElementString::bracketed(&scan)), Ok(scan));
    }
}

/// Everything that decodes decodes `bytes`. What it takes must be the bytes it would write.
fn decode_everything(bytes: &[u8]) {
    fn decode<T: Decode + Encode>(bytes: &[u8]) {
        let mut rest = bytes;
        if let Ok(value) = T::decode(&mut rest) {
            assert_eq!(value.encode(), bytes[..bytes.len() - rest.len()]);
        }
    }
    decode::<Gtin>(bytes);
    decode::<Gln>(bytes);
    decode::<Sscc>(bytes);
    decode::<Serial>(bytes);
    decode::<LotNumber>(bytes);
    decode::<GlnExtension>(bytes);
    decode::<Date>(bytes);
    let _ = ElementString::parse(bytes);
}

/// Something that reads, in every notation.
fn valid() -> impl Strategy<Value = String> {
    let link = (gtin(), lot(), yymmdd()).prop_map(|(gtin, lot, expiry)| {
        let lot = crate::digital_link::lot(gtin, &lot);
        format!("{lot}/21/1%2F2?17={expiry}&linkType=all#top")
    });
    prop_oneof![
        scan().prop_map(|scan| ElementString::scanned(&scan)),
        scan().prop_map(|scan| format!("]d2{}", ElementString::scanned(&scan))),
        scan().prop_map(|scan| ElementString::bracketed(&scan)),
        epc().prop_map(Epc::to_digital_link),
        (epc(), 6u8..=12).prop_map(|(epc, digits)| epc.to_urn(digits).unwrap()),
        link,
        date().prop_map(|date| date.to_string()),
        sscc().prop_map(|sscc| sscc.to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>()) {
        read_everything(&text);
    }

    /// Characters that mean something somewhere come together more often here.
    #[test]
    fn no_text_of_meaningful_characters_makes_a_parser_panic(
        text in "(https?://|urn:epc:(id|class):|sgtin:|sgln:|01|21|\
                 [\\]d2()%/.?&=\u{1d}0-9A-F\\\\é]){0,40}",
    ) {
        read_everything(&text);
    }

    #[test]
    fn no_change_of_something_valid_makes_a_parser_panic(
        text in valid(),
        at in any::<prop::sample::Index>(),
        removed in 0usize..4,
        inserted in "[0-9A-Z()%/.:?&=\u{1d}\\\\é#-]{0,4}",
    ) {
        let mut characters: Vec<char> = text.chars().collect();
        let start = at.index(characters.len() + 1);
        let end = characters.len().min(start + removed);
        drop(characters.splice(start..end, inserted.chars()));
        read_everything(&characters.into_iter().collect::<String>());
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in vec(any::<u8>(), 0..40)) {
        decode_everything(&bytes);
    }

    #[test]
    fn no_change_of_an_encoding_makes_a_decoder_panic(
        gtin in gtin(),
        serial in serial(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        for mut bytes in [gtin.encode(), serial.encode()] {
            let at = at.index(bytes.len());
            bytes[at] = byte;
            decode_everything(&bytes);
        }
    }
}
