//! GS1 keys that are numbers: of a product, of a place, of a logistic unit.

use crate::{as_text::as_text, check_digit, Error};
use codec::{Decode, DecodeWithMemTracking, Encode, Input, MaxEncodedLen};
use scale_info::TypeInfo;

macro_rules! keys {
    ($( $(#[$meta:meta])* $name:ident: $digits:literal digits, read from $lengths:expr; )+) => { $(
        $(#[$meta])*
        ///
        /// A value always has the right check digit. In SCALE it is a `u64`, which does not decode
        /// if its check digit is wrong; as JSON it is text of all its digits.
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, MaxEncodedLen, TypeInfo,
        )]
        pub struct $name(u64);

        impl $name {
            /// How many digits it has.
            pub const DIGITS: u8 = $digits;

            /// The key whose digits, leading zeros left out, write `number`.
            pub fn new(number: u64) -> Result<Self, Error> {
                check_digit::checked(number, $digits).map(Self)
            }

            /// The key whose digits before the check digit write `body`.
            pub fn with_check_digit(body: u64) -> Result<Self, Error> {
                check_digit::completed(body, $digits).map(Self)
            }

            /// Reads its digits.
            pub fn parse(text: &str) -> Result<Self, Error> {
                check_digit::read(text, &$lengths).and_then(Self::new)
            }

            /// Its digits read as a number.
            pub const fn as_u64(&self) -> u64 {
                self.0
            }

            /// All its digits, in ASCII.
            pub fn digits(&self) -> [u8; $digits] {
                let mut digits = [b'0'; $digits];
                let mut rest = self.0;
                for digit in digits.iter_mut().rev() {
                    *digit = b'0' + (rest % 10) as u8;
                    rest /= 10;
                }
                digits
            }
        }

        impl Decode for $name {
            fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
                Self::new(u64::decode(input)?)
                    .map_err(|_| concat!("not a valid ", stringify!($name)).into())
            }

            fn encoded_fixed_size() -> Option<usize> {
                u64::encoded_fixed_size()
            }
        }

        impl DecodeWithMemTracking for $name {}

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!("{:0", $digits, "}"), self.0)
            }
        }

        as_text!($name, Self::parse);
    )+ };
}

keys! {
    /// A Global Trade Item Number: a product in one package size (GS1 General Specifications,
    /// section 2.1).
    ///
    /// GTIN-8, GTIN-12 and GTIN-13 are the same numbers with zeros before them (section 3.3.2),
    /// and are read too.
    Gtin: 14 digits, read from [8, 12, 13, 14];
    /// A Global Location Number: a place or a party (GS1 General Specifications, section 2.4).
    Gln: 13 digits, read from [13];
    /// A Serial Shipping Container Code: a logistic unit (GS1 General Specifications, section
    /// 2.2).
    Sscc: 18 digits, read from [18];
}

impl Gtin {
    /// The first of the 14 digits: 0 for what is sold as it is, 1 to 8 for groupings of it, 9 for
    /// what is of variable measure.
    pub const fn indicator(&self) -> u8 {
        (self.0 / 10u64.pow(13)) as u8
    }
}
