//! The CBV event hash: 32 bytes by which an event is known, however it was written (CBV 2.0
//! section 8.9).
//!
//! The event is written as one text, the pre-hash, in which nothing depends on the notation: fields
//! in a fixed order, lists sorted, times in UTC, GS1 keys as canonical GS1 Digital Link URIs, words
//! of CBV as web addresses, namespaces in braces. The hash is SHA-256 of that text. See
//! `gateway/epcis/README.md` for what was compared with published examples.

use super::{
    canonical::canonical,
    event::{Action, Event, Extension, Location, Part, Quantity, Sensor, Typed},
    vocabulary::{modern, Vocabulary, BIZ_STEP, DISPOSITION, PARTY, TRANSACTION},
};
use axonic_primitives::Moment;
use sha2::{Digest, Sha256};
use sp_core::H256;
use std::fmt::Write;

/// The fields of `sensorMetadata`, in their order.
const METADATA: [&str; 8] = [
    "time",
    "startTime",
    "endTime",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
];
/// The fields of `sensorReport`, in their order.
const REPORT: [&str; 23] = [
    "type",
    "exception",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "time",
    "microorganism",
    "chemicalSubstance",
    "value",
    "component",
    "stringValue",
    "booleanValue",
    "hexBinaryValue",
    "uriValue",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
    "uom",
    "coordinateReferenceSystem",
];
/// Where GS1's own words for what sensors measure are.
const VOCABULARY: &str = "https://ref.gs1.org/voc/";
/// Where CBV's words for the parts of a measurement are.
const COMPONENT: &str = "https://ref.gs1.org/cbv/Comp-";

/// The hash of an event.
pub fn event_hash(event: &Event) -> H256 {
    H256(Sha256::digest(pre_hash(event).as_bytes()).into())
}

/// The text that is hashed. `eventID`, `recordTime`, `errorDeclaration` and `certificationInfo` are
/// not in it.
pub fn pre_hash(event: &Event) -> String {
    let mut text = format!("eventType={}", event.kind.name());
    field(&mut text, "eventTime", &instant(event.time));
    field(&mut text, "eventTimeZoneOffset", &event.offset);
    list(&mut text, "epcList", epcs(&event.epcs));
    optional(&mut text, "parentID", event.parent.as_deref().map(value));
    list(&mut text, "inputEPCList", epcs(&event.inputs));
    list(&mut text, "childEPCs", epcs(&event.children));
    list(&mut text, "quantityList", quantities(&event.quantities));
    let children = quantities(&event.child_quantities);
    list(&mut text, "childQuantityList", children);
    let inputs = quantities(&event.input_quantities);
    list(&mut text, "inputQuantityList", inputs);
    list(&mut text, "outputEPCList", epcs(&event.outputs));
    let outputs = quantities(&event.output_quantities);
    list(&mut text, "outputQuantityList", outputs);
    let action = event.action.map(|action| Action::name(action).to_owned());
    optional(&mut text, "action", action);
    let transformation = event.transformation.as_deref().map(value);
    optional(&mut text, "transformationID", transformation);
    let word = |vocabulary: &Vocabulary, word: &Option<String>| {
        word.as_deref().map(|word| vocabulary.expanded(word))
    };
    optional(&mut text, "bizStep", word(&BIZ_STEP, &event.biz_step));
    optional(
        &mut text,
        "disposition",
        word(&DISPOSITION, &event.disposition),
    );
    let states = |name: &str, words: &[String]| {
        let words = words.iter();
        let mut words: Vec<_> = words
            .map(|word| format!("{name}={}", DISPOSITION.expanded(word)))
            .collect();
        words.sort_unstable();
        words
    };
    let persistent = [states("set", &event.set), states("unset", &event.unset)];
    let persistent = persistent.concat().concat();
    if !persistent.is_empty() {
        text.push_str("persistentDisposition");
        text.push_str(&persistent);
    }
    location(&mut text, "readPoint", event.read_point.as_ref());
    location(&mut text, "bizLocation", event.biz_location.as_ref());
    let transactions = typed(&event.transactions, "bizTransaction", &TRANSACTION);
    list(&mut text, "bizTransactionList", transactions);
    let sources = typed(&event.sources, "source", &PARTY);
    list(&mut text, "sourceList", sources);
    let destinations = typed(&event.destinations, "destination", &PARTY);
    list(&mut text, "destinationList", destinations);
    let mut sensors: Vec<_> = event.sensors.iter().map(sensor).collect();
    sensors.sort_unstable();
    text.push_str(&sensors.concat());
    list(&mut text, "ilmd", extensions(&event.ilmd));
    extensions_of_fields(&mut text, event);
    text.push_str(&extensions(&event.extensions).concat());
    text
}

/// Extensions of standard fields come after all of these, below the names of their fields.
fn extensions_of_fields(text: &mut String, event: &Event) {
    for (name, location) in [
        ("readPoint", &event.read_point),
        ("bizLocation", &event.biz_location),
    ] {
        let found = location.as_ref().map(|one| extensions(&one.extensions));
        list(text, name, found.unwrap_or_default());
    }
    let mut sensors = Vec::new();
    for sensor in &event.sensors {
        let mut below = String::new();
        let metadata = extensions(&sensor.metadata.extensions);
        list(&mut below, "sensorMetadata", metadata);
        let reports = sensor.reports.iter();
        let reports = reports.filter(|report| !report.extensions.is_empty());
        let mut reports: Vec<_> = reports
            .map(|report| format!("sensorReport{}", extensions(&report.extensions).concat()))
            .collect();
        reports.sort_unstable();
        below.push_str(&reports.concat());
        below.push_str(&extensions(&sensor.extensions).concat());
        if !below.is_empty() {
            sensors.push(format!("sensorElement{below}"));
        }
    }
    sensors.sort_unstable();
    text.push_str(&sensors.concat());
}

fn field(text: &mut String, name: &str, value: &str) {
    let value = value.trim();
    if !value.is_empty() {
        write!(text, "{name}={value}").expect("a text takes any text; qed");
    }
}

fn optional(text: &mut String, name: &str, value: Option<String>) {
    if let Some(value) = value {
        field(text, name, &value);
    }
}

/// A name, and what is below it in the order of its characters.
fn list(text: &mut String, name: &str, mut items: Vec<String>) {
    if !items.is_empty() {
        items.sort_unstable();
        text.push_str(name);
        text.push_str(&items.concat());
    }
}

fn epcs(epcs: &[String]) -> Vec<String> {
    epcs.iter()
        .map(|epc| format!("epc={}", value(epc)))
        .collect()
}

fn quantities(quantities: &[Quantity]) -> Vec<String> {
    let one = |quantity: &Quantity| {
        let mut text = format!("quantityElementepcClass={}", value(&quantity.class));
        optional(&mut text, "quantity", quantity.quantity.clone());
        optional(&mut text, "uom", quantity.unit.clone());
        text
    };
    quantities.iter().map(one).collect()
}

fn location(text: &mut String, name: &str, location: Option<&Location>) {
    if let Some(id) = location.and_then(|location| location.id.as_deref()) {
        text.push_str(name);
        field(text, "id", &value(id));
    }
}

fn typed(items: &[Typed], name: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let one = |item: &Typed| {
        let mut text = String::new();
        let kind = item.kind.as_deref().map(|kind| vocabulary.expanded(kind));
        optional(&mut text, "type", kind);
        field(&mut text, name, &value(&item.value));
        text
    };
    items.iter().map(one).collect()
}

fn sensor(sensor: &Sensor) -> String {
    let mut text = String::from("sensorElement");
    let metadata = part(&sensor.metadata, &METADATA);
    if !metadata.is_empty() {
        text.push_str("sensorMetadata");
        text.push_str(&metadata);
    }
    let reports = sensor.reports.iter();
    let mut reports: Vec<_> = reports
        .map(|report| format!("sensorReport{}", part(report, &REPORT)))
        .collect();
    reports.sort_unstable();
    text.push_str(&reports.concat());
    text
}

fn part(part: &Part, order: &[&str]) -> String {
    let mut text = String::new();
    for name in order {
        let found = part.fields.iter().find(|(field, _)| field == name);
        if let Some((_, written)) = found {
            field(&mut text, name, &measured(name, written));
        }
    }
    text
}

/// The value of a sensor's field.
fn measured(name: &str, written: &str) -> String {
    let bare = !written.contains(':');
    match name {
        "time" | "startTime" | "endTime" => milliseconds(written)
            .and_then(|millis| Moment::try_from(millis).ok())
            .map_or_else(|| written.into(), instant),
        "type" | "exception" if bare => format!("{VOCABULARY}{written}"),
        "component" if bare => format!("{COMPONENT}{written}"),
        "value" | "minValue" | "maxValue" | "meanValue" | "sDev" | "percRank" | "percValue" => {
            number(written).unwrap_or_else(|| written.into())
        }
        _ => value(written),
    }
}

fn extensions(all: &[Extension]) -> Vec<String> {
    let mut written: Vec<_> = all.iter().map(extension).collect();
    written.sort_unstable();
    written
}

fn extension(extension: &Extension) -> String {
    let mut text = match &extension.namespace {
        Some(namespace) => format!("{{{namespace}}}{}", extension.name),
        None => extension.name.clone(),
    };
    let said = extension.text.trim();
    if !said.is_empty() {
        let fraction = said.contains('.').then(|| number(said)).flatten();
        let said = fraction.unwrap_or_else(|| value(said));
        write!(text, "={said}").expect("a text takes any text; qed");
    }
    text.push_str(&extensions(&extension.elements).concat());
    text
}

/// A value: GS1 keys as canonical GS1 Digital Link URIs, words of CBV as web addresses.
pub(super) fn value(written: &str) -> String {
    let written = written.trim();
    canonical(written).unwrap_or_else(|| modern(written))
}

/// An instant in UTC with milliseconds.
pub(super) fn instant(moment: Moment) -> String {
    let timestamp = i64::try_from(moment)
        .ok()
        .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
        .unwrap_or(jiff::Timestamp::MAX);
    format!("{timestamp:.3}")
}

/// Milliseconds since 1970 of a time with its offset. Of more digits, the fourth decides whether
/// the third is rounded up.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let nanoseconds = text.parse::<jiff::Timestamp>().ok()?.as_nanosecond();
    i64::try_from((nanoseconds + 500_000).div_euclid(1_000_000)).ok()
}

/// A decimal number without needless zeros, signs or exponents. `None` if the text is no number, or
/// has more digits than anybody counts.
pub(super) fn number(text: &str) -> Option<String> {
    const MOST: i32 = 64;
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, unsigned) = match mantissa.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let count = i32::try_from(digits.len()).ok()?;
    if !(-MOST..=MOST).contains(&point) || count > MOST {
        return None;
    }
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
    // Zeros on the side where digits are missing, so that the point is somewhere inside.
    let digits = [zeros(-point), digits, zeros(point - count)].concat();
    let (whole, fraction) = digits.split_at_checked(usize::try_from(point.max(0)).ok()?)?;
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    Some(match (whole, fraction) {
        ("", "") => "0".into(),
        (whole, "") => format!("{sign}{whole}"),
        ("", fraction) => format!("{sign}0.{fraction}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_way_to_be_written() {
        for (written, expected) in [
            ("1", "1"),
            ("1.0", "1"),
            ("+007.50", "7.5"),
            ("-0.0", "0"),
            ("200.5", "200.5"),
            (".5", "0.5"),
            ("0.3434000", "0.3434"),
            ("1e2", "100"),
            ("1.5E-3", "0.0015"),
            ("-12e0", "-12"),
            ("0e9", "0"),
        ] {
            assert_eq!(number(written).as_deref(), Some(expected), "{written}");
        }
        for other in [
            "",
            "-",
            ".",
            "1,5",
            "1.2.3",
            "0x1",
            "1e999",
            "A123",
            "2025-03-27",
        ] {
            assert_eq!(number(other), None, "{other}");
        }
    }

    #[test]
    fn a_time_is_one_instant_wherever_it_was_told() {
        let told = |text| milliseconds(text).map(|millis| instant(millis as Moment));
        for written in [
            "2020-03-04T11:00:30+01:00",
            "2020-03-04T10:00:30Z",
            "2020-03-04T05:00:30.0-05:00",
        ] {
            let expected = Some("2020-03-04T10:00:30.000Z".into());
            assert_eq!(told(written), expected, "{written}");
        }
        let rounded = Some("2023-02-02T11:04:03.142Z".into());
        assert_eq!(told("2023-02-02T11:04:03.1415Z"), rounded);
        let kept = Some("2023-02-02T11:04:03.141Z".into());
        assert_eq!(told("2023-02-02T11:04:03.1414Z"), kept);
        assert_eq!(told("2023-02-02T11:04:03"), None);
    }
}
