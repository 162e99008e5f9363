#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod application_identifier;
mod as_text;
pub mod check_digit;
mod date;
pub mod digital_link;
mod element_string;
mod epc;
mod error;
mod keys;
mod percent;
mod scan;
#[cfg(test)]
mod tests;
mod text;

pub use date::{Date, Yymmdd};
pub use digital_link::DigitalLink;
pub use element_string::ElementString;
pub use epc::Epc;
pub use error::Error;
pub use keys::{Gln, Gtin, Sscc};
pub use scan::Scan;
pub use text::{GlnExtension, LotNumber, Serial};
