//! Closed sets of codes: one enum a code system, one bit a code.

use alloc::{format, string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use scale_info::TypeInfo;
use serde::{de::Error as _, Deserialize, Deserializer, Serialize, Serializer};

/// One code of a closed code system.
///
/// Implemented by [`closed_codes!`]; the discriminant is the code's bit in [`Codes`] and its SCALE
/// index, so neither may ever change.
pub trait Code: Copy + Eq + core::fmt::Debug + Sized + 'static {
    /// Every code of the system, in the order of their bits.
    const ALL: &'static [Self];

    /// The name of the code system, for messages.
    const SYSTEM: &'static str;

    /// The position of this code's bit.
    fn bit(self) -> u32;

    /// The code as its system publishes it.
    fn code(self) -> &'static str;

    /// The code published as `code`, if the system has it.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.code() == code)
    }
}

/// Declares a closed code system, of which [`Codes`] are sets: an enum with one unit variant a
/// code, with its index and what it is published as, which is also its JSON.
///
/// Derives what [`closed!`](crate::closed) does, and implements [`Code`].
#[macro_export]
macro_rules! closed_codes {
    (
        $(#[$meta:meta])*
        $name:ident, $system:literal {
            $( $(#[$variant_meta:meta])* $variant:ident = $index:literal, $code:literal; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug,
            ::codec::Encode, ::codec::Decode, ::codec::DecodeWithMemTracking,
            ::codec::MaxEncodedLen, ::scale_info::TypeInfo,
            ::serde::Serialize, ::serde::Deserialize,
        )]
        pub enum $name {
            $( $(#[$variant_meta])* #[codec(index = $index)] #[serde(rename = $code)] $variant = $index, )+
        }

        impl $crate::Code for $name {
            const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];
            const SYSTEM: &'static str = $system;

            fn bit(self) -> u32 {
                self as u32
            }

            fn code(self) -> &'static str {
                match self { $( Self::$variant => $code ),+ }
            }
        }
    };
}

/// A set of codes of one system, one bit a code, 32 codes at most.
///
/// On chain it is a `u32`. Decoding accepts any bits, so that a call with an unknown one can be
/// refused with an error of its own: ask [`Codes::is_known`] before storing a set.
/// As JSON it is a list of codes.
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(skip_type_params(C))]
#[codec(mel_bound())]
pub struct Codes<C> {
    bits: u32,
    #[codec(skip)]
    system: PhantomData<C>,
}

impl<C: Code> Codes<C> {
    /// The set with no codes. Where a set narrows something, empty means "any".
    pub const fn empty() -> Self {
        Self::from_bits(0)
    }

    /// A set from its bits, unknown ones included.
    pub const fn from_bits(bits: u32) -> Self {
        const {
            assert!(
                C::ALL.len() <= 32,
                "a system with more than 32 codes has no sets"
            );
        };
        Self {
            bits,
            system: PhantomData,
        }
    }

    /// Every code of the system.
    pub fn all() -> Self {
        C::ALL.iter().copied().collect()
    }

    /// The bits of the set.
    pub const fn bits(self) -> u32 {
        self.bits
    }

    /// Whether the set has no codes.
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Whether every bit stands for a code of the system.
    pub fn is_known(self) -> bool {
        self.bits & !Self::all().bits == 0
    }

    /// Whether `code` is in the set.
    pub fn contains(self, code: C) -> bool {
        self.bits & (1 << code.bit()) != 0
    }

    /// Whether the sets share a code.
    pub const fn intersects(self, other: Self) -> bool {
        self.bits & other.bits != 0
    }

    /// Whether every code of `other` is in this set.
    pub const fn contains_all(self, other: Self) -> bool {
        self.bits & other.bits == other.bits
    }

    /// The codes that both sets have.
    pub const fn intersection(self, other: Self) -> Self {
        Self::from_bits(self.bits & other.bits)
    }

    /// The codes of this set that the other has not.
    pub const fn without(self, other: Self) -> Self {
        Self::from_bits(self.bits & !other.bits)
    }

    /// The codes of either set.
    pub const fn union(self, other: Self) -> Self {
        Self::from_bits(self.bits | other.bits)
    }

    /// The known codes of the set, in the order of their bits.
    pub fn iter(self) -> impl Iterator<Item = C> {
        C::ALL
            .iter()
            .copied()
            .filter(move |code| self.contains(*code))
    }
}

// Written out because a derive would ask the same of `C`, which only marks the system.
impl<C> Clone for Codes<C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C> Copy for Codes<C> {}
impl<C> PartialEq for Codes<C> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}
impl<C> Eq for Codes<C> {}
impl<C: Code> Default for Codes<C> {
    fn default() -> Self {
        Self::empty()
    }
}
impl<C: Code> From<C> for Codes<C> {
    fn from(code: C) -> Self {
        Self::from_bits(1 << code.bit())
    }
}
impl<C: Code> FromIterator<C> for Codes<C> {
    fn from_iter<I: IntoIterator<Item = C>>(codes: I) -> Self {
        codes
            .into_iter()
            .fold(Self::empty(), |set, code| set.union(code.into()))
    }
}
impl<C: Code, const N: usize> From<[C; N]> for Codes<C> {
    fn from(codes: [C; N]) -> Self {
        codes.into_iter().collect()
    }
}
impl<C: Code> core::fmt::Debug for Codes<C> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set().entries(self.iter().map(Code::code)).finish()
    }
}
impl<C: Code> Serialize for Codes<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Code::code))
    }
}
impl<'de, C: Code> Deserialize<'de> for Codes<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<String>::deserialize(deserializer)?
            .iter()
            .map(|code| {
                C::from_code(code).ok_or_else(|| {
                    let known: Vec<_> = C::ALL.iter().map(|c| c.code()).collect();
                    D::Error::custom(format!(
                        "`{code}` is not a code of {}; known codes: {}",
                        C::SYSTEM,
                        known.join(", ")
                    ))
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::membership::Role;

    #[test]
    fn unknown_bits_decode_and_are_told_apart() {
        let bits = Codes::<Role>::all().bits() | 1 << 31;
        let decoded = Codes::<Role>::decode(&mut &bits.encode()[..]).unwrap();
        assert!(!decoded.is_known());
        assert!(Codes::<Role>::all().is_known());
    }

    #[test]
    fn json_is_a_list_of_codes_and_names_an_unknown_one() {
        let set = Codes::from([Role::Provider, Role::Payer]);
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(json, r#"["Provider","Payer"]"#);
        assert_eq!(serde_json::from_str::<Codes<Role>>(&json).unwrap(), set);
        let error = serde_json::from_str::<Codes<Role>>(r#"["Butcher"]"#)
            .unwrap_err()
            .to_string();
        assert!(error.contains("`Butcher` is not a code of"), "{error}");
    }
}
