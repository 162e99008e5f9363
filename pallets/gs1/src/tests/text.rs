use super::*;
use crate::text::is_set_82;

#[test]
fn set_82_is_what_the_general_specifications_list() {
    let listed: Vec<u8> = (0..=255).filter(|byte| is_set_82(*byte)).collect();
    assert_eq!(listed, SET_82);
    assert_eq!(listed.len(), 82);
}

#[test]
fn a_text_is_refused_when_it_is_empty_or_too_long() {
    assert_eq!(Serial::new(b""), Err(Error::Empty));
    assert_eq!(Serial::new(&[b'1'; 21]), Err(Error::TooLong { max: 20 }));
    assert!(Serial::new(&[b'1'; 20]).is_ok());
}

#[test]
fn a_text_is_refused_when_a_character_is_not_of_set_82() {
    for (text, at) in [
        ("AB C", 2),
        ("A#", 1),
        ("\u{1d}A", 0),
        ("A\0", 1),
        ("Aé", 1),
    ] {
        assert_eq!(LotNumber::parse(text), Err(Error::IllegalCharacter { at }));
    }
}

#[test]
fn large_and_small_letters_differ() {
    assert_ne!(LotNumber::parse("ab"), LotNumber::parse("AB"));
}

proptest! {
    #[test]
    fn a_text_reads_back_from_what_it_writes(characters in characters()) {
        let serial = Serial::new(&characters).unwrap();
        prop_assert_eq!(serial.as_bytes(), &characters[..]);
        prop_assert_eq!(serial.to_string().parse(), Ok(serial));
    }

    /// Though they are stored in the same room whatever their length.
    #[test]
    fn texts_are_ordered_like_their_characters(a in serial(), b in serial()) {
        prop_assert_eq!(a.cmp(&b), a.as_str().cmp(b.as_str()));
        prop_assert_eq!(a == b, a.as_str() == b.as_str());
    }
}
