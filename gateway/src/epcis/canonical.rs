//! GS1 keys as the event hash has them: constrained canonical GS1 Digital Link URIs (CBV 2.0
//! section 8.9, rules 17 and 18).
//!
//! Unlike [`axonic_gs1`], which reads what the chain keeps and refuses the rest, this takes every
//! key that EPCIS events name things by, and leaves alone what it does not know: a hash refuses
//! nothing.

use axonic_gs1::{check_digit::check_digit, Gtin};
use std::fmt::Write;

const HOST: &str = "https://id.gs1.org";

/// The canonical URI of what `uri` names: an EPC, an EPC class, an EPC pattern, or a GS1 Digital
/// Link on any host. `None` for everything else.
pub(crate) fn canonical(uri: &str) -> Option<String> {
    let path = match uri.strip_prefix("urn:epc:") {
        Some(rest) => from_urn(rest)?,
        None => from_link(uri)?,
    };
    Some(format!("{HOST}/{path}"))
}

/// Reads what follows `urn:epc:`.
fn from_urn(rest: &str) -> Option<String> {
    let (group, rest) = rest.split_once(':')?;
    let (scheme, body) = rest.split_once(':')?;
    let body = match group {
        "id" | "class" => body,
        "idpat" => body.strip_suffix(".*")?,
        _ => return None,
    };
    let (prefix, rest) = body.split_once('.')?;
    if !(6..=12).contains(&prefix.len()) {
        return None;
    }
    let (reference, tail) = match rest.split_once('.') {
        Some((reference, tail)) => (reference, Some(tail)),
        None => (rest, None),
    };
    Some(match (group, scheme, tail) {
        ("id", "sgtin", Some(serial)) => {
            format!("01/{}/21/{}", moved(prefix, reference, 13)?, text(serial)?)
        }
        ("class", "lgtin", Some(lot)) => {
            format!("01/{}/10/{}", moved(prefix, reference, 13)?, text(lot)?)
        }
        ("id", "upui", Some(serial)) => {
            format!("01/{}/235/{}", moved(prefix, reference, 13)?, text(serial)?)
        }
        ("idpat", "sgtin" | "upui", None) => format!("01/{}", moved(prefix, reference, 13)?),
        ("id", "itip", Some(tail)) => {
            let (piece, tail) = tail.split_once('.')?;
            let (total, serial) = tail.split_once('.')?;
            let gtin = moved(prefix, reference, 13)?;
            format!("8006/{gtin}{piece}{total}/21/{}", text(serial)?)
        }
        ("idpat", "itip", Some(tail)) => {
            let (piece, total) = tail.split_once('.')?;
            format!("8006/{}{piece}{total}", moved(prefix, reference, 13)?)
        }
        ("id", "sscc", None) => format!("00/{}", moved(prefix, reference, 17)?),
        ("id", "sgln", Some("0")) => format!("414/{}", plain(prefix, reference, 12)?),
        ("id", "sgln", Some(extension)) => {
            let gln = plain(prefix, reference, 12)?;
            format!("414/{gln}/254/{}", text(extension)?)
        }
        ("id", "pgln", None) => format!("417/{}", plain(prefix, reference, 12)?),
        ("id", "grai", Some(serial)) => {
            format!("8003/0{}{}", plain(prefix, reference, 12)?, text(serial)?)
        }
        ("idpat", "grai", None) => format!("8003/0{}", plain(prefix, reference, 12)?),
        ("id", "giai", _) => format!("8004/{prefix}{}", text(rest)?),
        ("id", "gsrn", None) => format!("8018/{}", plain(prefix, reference, 17)?),
        ("id", "gsrnp", None) => format!("8017/{}", plain(prefix, reference, 17)?),
        ("id", "gdti", Some(serial)) => {
            format!("253/{}{}", plain(prefix, reference, 12)?, text(serial)?)
        }
        ("idpat", "gdti", None) => format!("253/{}", plain(prefix, reference, 12)?),
        ("id", "sgcn", Some(serial)) => {
            format!("255/{}{}", plain(prefix, reference, 12)?, text(serial)?)
        }
        ("idpat", "sgcn", None) => format!("255/{}", plain(prefix, reference, 12)?),
        ("id", "cpi", Some(serial)) => {
            format!("8010/{prefix}{}/8011/{}", text(reference)?, text(serial)?)
        }
        ("idpat", "cpi", None) => format!("8010/{prefix}{}", text(reference)?),
        ("id", "ginc", _) => format!("401/{prefix}{}", text(rest)?),
        ("id", "gsin", None) => format!("402/{}", plain(prefix, reference, 16)?),
        _ => return None,
    })
}

/// A key whose digits are those of the prefix and the reference, and its check digit.
fn plain(prefix: &str, reference: &str, digits: usize) -> Option<String> {
    completed(format!("{prefix}{reference}"), digits)
}

/// A key whose first digit EPC URIs move behind the prefix, and its check digit.
fn moved(prefix: &str, reference: &str, digits: usize) -> Option<String> {
    let (first, rest) = reference.split_at_checked(1)?;
    completed(format!("{first}{prefix}{rest}"), digits)
}

/// Appends the check digit (GS1 General Specifications, section 7.9.1).
fn completed(mut body: String, digits: usize) -> Option<String> {
    if body.len() != digits || !body.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let weighted = body.bytes().rev().enumerate().map(|(place, byte)| {
        let weight = if place % 2 == 0 { 3 } else { 1 };
        u32::from(byte - b'0') * weight
    });
    let check = (10 - weighted.sum::<u32>() % 10) % 10;
    write!(body, "{check}").ok()?;
    Some(body)
}

/// The key that a web address seems to name as a GS1 Digital Link, by its application identifier,
/// whether or not there is such a key.
pub(crate) fn key_in_link(uri: &str) -> Option<(&'static str, &str)> {
    let segments = segments(uri)?;
    segments.windows(2).find_map(|pair| match pair {
        [name, value] if begins_with_four_digits(value) => Some((key(name)?, *value)),
        _ => None,
    })
}

/// What is between the slashes behind the host of a web address.
fn segments(uri: &str) -> Option<Vec<&str>> {
    let rest = uri
        .strip_prefix("https://")
        .or_else(|| uri.strip_prefix("http://"))?;
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (_, path) = rest.get(..end)?.split_once('/')?;
    Some(path.trim_end_matches('/').split('/').collect())
}

/// Reads a web address as a GS1 Digital Link, and answers with the path of the canonical one.
fn from_link(uri: &str) -> Option<String> {
    let segments = segments(uri)?;
    let at = segments.windows(2).position(|pair| match pair {
        [name, value] => key(name).is_some_and(|name| is_key(name, value)),
        _ => false,
    })?;
    let mut pairs = segments.get(at..)?.chunks_exact(2);
    let (name, value) = match pairs.next()? {
        [name, value] => (key(name)?, text(value)?),
        _ => return None,
    };
    let mut qualifiers = Vec::new();
    for pair in pairs.by_ref() {
        if let [name, value] = pair {
            qualifiers.push((qualifier(name), text(value)?));
        }
    }
    if !pairs.remainder().is_empty() {
        return None;
    }
    // Only the qualifier that tells most apart, if there is one that counts.
    let kept: &[&str] = match name {
        "01" => &["21", "235", "10"],
        "8006" => &["21", "10"],
        "414" => &["254"],
        "8010" => &["8011"],
        _ => &[],
    };
    let value = match name {
        "01" => format!("{value:0>14}"),
        _ => value,
    };
    let finest = kept.iter().find_map(|wanted| {
        let mut found = qualifiers.iter();
        found.find(|(qualifier, _)| qualifier == wanted)
    });
    Some(match finest {
        Some((qualifier, text)) => format!("{name}/{value}/{qualifier}/{text}"),
        None => format!("{name}/{value}"),
    })
}

/// Whether a key has this form: its digits, the last of them the check digit, and what may follow.
fn is_key(name: &str, value: &str) -> bool {
    let (digits, more) = match name {
        "00" | "8017" | "8018" => (18, false),
        "01" => return Gtin::parse(value).is_ok(),
        "402" => (17, false),
        "414" | "417" => (13, false),
        "253" | "255" => (13, true),
        "8003" | "8006" => (14, true),
        // Those that begin with a company's prefix, and have no check digit.
        _ => return begins_with_four_digits(value),
    };
    let Some((number, rest)) = value.split_at_checked(digits) else {
        return false;
    };
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let checked = |number: u64| number % 10 == u64::from(check_digit(number / 10));
    is_number && (more || rest.is_empty()) && number.parse::<u64>().is_ok_and(checked)
}

fn begins_with_four_digits(value: &str) -> bool {
    value.len() >= 4 && value.bytes().take(4).all(|byte| byte.is_ascii_digit())
}

/// The application identifier of a key, also by the name that the first versions of GS1 Digital
/// Link had for it.
fn key(name: &str) -> Option<&'static str> {
    Some(match name {
        "00" | "sscc" => "00",
        "01" | "gtin" => "01",
        "253" | "gdti" => "253",
        "255" | "gcn" => "255",
        "401" | "ginc" => "401",
        "402" | "gsin" => "402",
        "414" | "gln" => "414",
        "417" | "party" => "417",
        "8003" | "grai" => "8003",
        "8004" | "giai" => "8004",
        "8006" | "itip" => "8006",
        "8010" | "cpid" => "8010",
        "8017" | "gsrnp" => "8017",
        "8018" | "gsrn" => "8018",
        _ => return None,
    })
}

fn qualifier(name: &str) -> &str {
    match name {
        "cpv" => "22",
        "lot" => "10",
        "ser" => "21",
        other => other,
    }
}

/// A text with exactly those characters percent-encoded that need it in a path. `None` if a percent
/// sign in it stands for nothing.
fn text(written: &str) -> Option<String> {
    let mut encoded = String::with_capacity(written.len());
    let mut bytes = written.bytes();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        };
        if byte.is_ascii_graphic() && !b"!\"#%&()*+,/:<>?".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").ok()?;
        }
    }
    Some(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_epc_has_its_digital_link() {
        for (epc, link) in [
            ("id:sgtin:4012345.012345.12", "01/04012345123456/21/12"),
            ("id:sgtin:4012345.012345.a.b", "01/04012345123456/21/a.b"),
            (
                "class:lgtin:4012345.012345.998877",
                "01/04012345123456/10/998877",
            ),
            ("idpat:sgtin:4012345.098765.*", "01/04012345987652"),
            ("id:sscc:4012345.0000000333", "00/040123450000003338"),
            ("id:sgln:4012345.00011.987", "414/4012345000115/254/987"),
            ("id:sgln:4012345.00011.0", "414/4012345000115"),
            ("id:sgln:401234500001..0", "414/4012345000016"),
            ("id:pgln:4012345.00000", "417/4012345000009"),
            ("id:grai:4012345.66666.87", "8003/0401234566666387"),
            ("id:giai:4012345.AAbb", "8004/4012345AAbb"),
            ("id:gsrn:4012345.9876540000", "8018/401234598765400000"),
            ("id:gsrnp:4012345.0000098765", "8017/401234500000987658"),
            ("id:gdti:4012345.55555.98", "253/401234555555498"),
            ("id:cpi:4012345.ABC.123", "8010/4012345ABC/8011/123"),
            ("id:sgcn:4012345.99999.44", "255/401234599999044"),
            ("id:ginc:4012345.333", "401/4012345333"),
            ("id:gsin:4012345.999987654", "402/40123459999876541"),
            (
                "id:itip:4012345.012345.01.02.999",
                "8006/040123451234560102/21/999",
            ),
            ("id:upui:4012345.012345.AB12", "01/04012345123456/235/AB12"),
            (
                "idpat:itip:4012345.012345.01.02.*",
                "8006/040123451234560102",
            ),
            ("idpat:grai:4012345.66666.*", "8003/04012345666663"),
        ] {
            let expected = format!("{HOST}/{link}");
            assert_eq!(
                canonical(&format!("urn:epc:{epc}")),
                Some(expected),
                "{epc}"
            );
        }
    }

    #[test]
    fn a_digital_link_loses_its_host_its_query_and_what_is_coarser() {
        let pack = format!("{HOST}/01/09506000134352/21/A%2F1");
        for written in [
            "http://example.com/some/where/01/09506000134352/21/A%2f1",
            "https://id.gs1.org/01/09506000134352/22/2A/10/LOT/21/A%2F1?17=291231#top",
            "https://example.com/gtin/9506000134352/ser/A%2F1/",
            "urn:epc:id:sgtin:9506000.013435.A%2F1",
        ] {
            assert_eq!(canonical(written), Some(pack.clone()), "{written}");
        }
        let lot = canonical("https://example.com/01/09506000134352/10/LOT");
        assert_eq!(lot, Some(format!("{HOST}/01/09506000134352/10/LOT")));
    }

    #[test]
    fn everything_else_is_left_alone() {
        for other in [
            "",
            "geo:50.9,6.9",
            "urn:epcglobal:cbv:bt:4012345000009:ASN1099",
            "http://transaction.example.com/po/12345678",
            "https://example.com/01",
            "urn:epc:id:sgtin:4012345.1.12",
            "urn:epc:id:sgtin:4012345.01234x.12",
            "urn:epc:id:adi:2S194..12345",
            "https://id.gs1.org/01/09506000134352/21/%zz",
            "https://id.gs1.org/01/09506000134352/21/%+1",
            "https://id.gs1.org/01/09506000134353/21/A1",
            "https://id.gs1.org/00/09506000000000001",
            "https://id.gs1.org/414/9506000000023",
            "https://news.example.com/party/2026/03/02/summer",
        ] {
            assert_eq!(canonical(other), None, "{other}");
        }
    }
}
