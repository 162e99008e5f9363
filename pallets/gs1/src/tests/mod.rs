//! Everything that is valid, to draw from.

mod check_digit;
mod date;
mod digital_link;
mod element_string;
mod encodings;
mod epc;
mod errors;
mod fuzz;
mod keys;
mod text;

use crate::*;
use proptest::{collection::vec, option, prelude::*, sample::select};

/// GS1's character set 82, as figure 7.11-1 of the General Specifications has it.
const SET_82: &[u8] = b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_\
                        abcdefghijklmnopqrstuvwxyz";

fn gtin() -> impl Strategy<Value = Gtin> {
    (0..10u64.pow(13)).prop_map(|body| Gtin::with_check_digit(body).unwrap())
}

fn gln() -> impl Strategy<Value = Gln> {
    (0..10u64.pow(12)).prop_map(|body| Gln::with_check_digit(body).unwrap())
}

fn sscc() -> impl Strategy<Value = Sscc> {
    (0..10u64.pow(17)).prop_map(|body| Sscc::with_check_digit(body).unwrap())
}

/// 1 to 20 characters, every other time mostly those that some notation has to escape.
fn characters() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(select(SET_82), 1..=20),
        vec(select(&b"()%/?&<>\"+;=0A"[..]), 1..=20),
    ]
}

fn serial() -> impl Strategy<Value = Serial> {
    characters().prop_map(|characters| Serial::new(&characters).unwrap())
}

fn lot() -> impl Strategy<Value = LotNumber> {
    characters().prop_map(|characters| LotNumber::new(&characters).unwrap())
}

fn extension() -> impl Strategy<Value = GlnExtension> {
    characters().prop_map(|characters| GlnExtension::new(&characters).unwrap())
}

fn date() -> impl Strategy<Value = Date> {
    (1970u16..=9999, 1u8..=12, 1u8..=31).prop_filter_map("no such day", |(year, month, day)| {
        Date::new(year, month, day).ok()
    })
}

fn yymmdd() -> impl Strategy<Value = Yymmdd> {
    (0u8..100, 1u8..=12, 0u8..=28).prop_map(|(year, month, day)| {
        Yymmdd::parse(&format!("{year:02}{month:02}{day:02}")).unwrap()
    })
}

/// A scan that says something.
fn scan() -> impl Strategy<Value = Scan> {
    (
        option::of(gtin()),
        option::of(serial()),
        option::of(lot()),
        option::of(yymmdd()),
        option::of(sscc()),
        option::of(gln()),
        option::of(extension()),
    )
        .prop_map(|(gtin, serial, lot, expiry, sscc, gln, extension)| Scan {
            gtin,
            serial,
            lot,
            expiry,
            sscc,
            gln,
            extension,
        })
        .prop_filter("nothing", |scan| *scan != Scan::default())
}

fn epc() -> impl Strategy<Value = Epc> {
    // An extension of a single 0 is written and read like none.
    let place = extension().prop_filter("none", |extension| extension.as_str() != "0");
    prop_oneof![
        (gtin(), serial()).prop_map(|(gtin, serial)| Epc::Sgtin { gtin, serial }),
        (gtin(), lot()).prop_map(|(gtin, lot)| Epc::Lgtin { gtin, lot }),
        sscc().prop_map(Epc::Sscc),
        (gln(), option::of(place)).prop_map(|(gln, extension)| Epc::Sgln { gln, extension }),
    ]
}
