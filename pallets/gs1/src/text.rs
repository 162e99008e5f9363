//! Serials, lot numbers and the like: short texts of GS1's character set 82.

use crate::{as_text::as_text, Error};
use codec::{Compact, Decode, DecodeWithMemTracking, Encode, Input, MaxEncodedLen, Output};
use core::fmt;
use scale_info::{Type, TypeInfo};

/// The longest of the texts here.
const MAX: usize = 20;

/// Whether a byte is a character of GS1's character set 82 (GS1 General Specifications, section
/// 7.11, figure 7.11-1): letters, digits and 20 others, of which none is a space.
pub(crate) const fn is_set_82(byte: u8) -> bool {
    matches!(byte, b'!' | b'"' | b'%'..=b'?' | b'A'..=b'Z' | b'_' | b'a'..=b'z')
}

/// 1 to 20 characters of set 82. What follows them in `bytes` is zero, which is below every one of
/// them, so the derived order is that of the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Text {
    bytes: [u8; MAX],
    len: u8,
}

impl Text {
    fn new(characters: &[u8]) -> Result<Self, Error> {
        if characters.is_empty() {
            return Err(Error::Empty);
        }
        let mut bytes = [0; MAX];
        bytes
            .get_mut(..characters.len())
            .ok_or(Error::TooLong { max: MAX as u8 })?
            .copy_from_slice(characters);
        match characters.iter().position(|byte| !is_set_82(*byte)) {
            Some(at) => Err(Error::IllegalCharacter { at }),
            None => Ok(Self {
                bytes,
                len: characters.len() as u8,
            }),
        }
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.len))
            .expect("a text is no longer than its room; qed")
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).expect("characters of set 82 are ASCII; qed")
    }
}

impl Encode for Text {
    fn size_hint(&self) -> usize {
        self.encoded_size()
    }

    fn encode_to<W: Output + ?Sized>(&self, dest: &mut W) {
        self.as_bytes().encode_to(dest);
    }

    fn encoded_size(&self) -> usize {
        // Lengths below 64 take one byte.
        1 + usize::from(self.len)
    }
}

impl Decode for Text {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let Compact(len) = Compact::<u32>::decode(input)?;
        let mut bytes = [0; MAX];
        let characters = bytes
            .get_mut(..usize::try_from(len).unwrap_or(usize::MAX))
            .ok_or("longer than 20 characters")?;
        input.read(characters)?;
        Self::new(characters).map_err(|_| "not 1 to 20 characters of GS1's set 82".into())
    }
}

impl DecodeWithMemTracking for Text {}

impl MaxEncodedLen for Text {
    fn max_encoded_len() -> usize {
        1 + MAX
    }
}

// To readers of the metadata it is a sequence of bytes.
impl TypeInfo for Text {
    type Identity = [u8];

    fn type_info() -> Type {
        <[u8]>::type_info()
    }
}

macro_rules! texts {
    ($( $(#[$meta:meta])* $name:ident )+) => { $(
        $(#[$meta])*
        ///
        /// 1 to 20 characters of GS1's character set 82 (GS1 General Specifications, section
        /// 7.11); large and small letters differ. In SCALE it is bytes after their compact
        /// length, which do not decode if they are not such characters; as JSON it is text.
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode,
            DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
        )]
        pub struct $name(Text);

        impl $name {
            /// The longest it may be, in characters.
            pub const MAX: usize = MAX;

            /// The text of these characters.
            pub fn new(characters: &[u8]) -> Result<Self, Error> {
                Text::new(characters).map(Self)
            }

            /// Reads its characters.
            pub fn parse(text: &str) -> Result<Self, Error> {
                Self::new(text.as_bytes())
            }

            /// Its characters, in ASCII.
            pub fn as_bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }

            /// Its characters.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        as_text!($name, Self::parse);
    )+ };
}

texts! {
    /// What tells one item of a product from the others, AI 21 (GS1 General Specifications,
    /// section 3.5).
    Serial
    /// What was made together, AI 10 (GS1 General Specifications, section 3.4.1).
    LotNumber
    /// A place within a place, AI 254 (GS1 General Specifications, section 3.5).
    GlnExtension
}
