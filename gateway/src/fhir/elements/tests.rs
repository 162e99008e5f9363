//! Documents made from the rows of [`COMMITTED`]: with everything, and with each thing wrong.

use super::{committed::CHOICES, *};
use serde_json::json;

/// Each kind of resource in each version.
fn each() -> [(Version, &'static str); 4] {
    let (r4, r5) = (Version::R4, Version::R5);
    let (event, result) = ("AuditEvent", "VerificationResult");
    [(r4, event), (r5, event), (r4, result), (r5, result)]
}

/// Where a document is refused.
fn refused(version: Version, kind: &str, document: &Value) -> Vec<String> {
    let mut findings = Findings::default();
    check_shape(version, kind, document, &mut findings);
    let refusals = findings.refusals.into_iter();
    refusals.map(|refusal| refusal.path).collect()
}

/// A value as an element is made of.
fn right(version: Version, made: Made, depth: usize) -> Value {
    match made {
        Made::OfText => json!("text"),
        Made::OfTime => json!("2015-02-07T13:28:17+02:00"),
        Made::OfTruth => json!(false),
        Made::OfNumber => json!(1.5),
        Made::OfBase64 => json!("SGVs\nbG8="),
        OfParts(owner) => parts(version, owner, depth),
        Made::OfObject | OfAnything => json!({"anything": [1]}),
    }
}

/// Values as no element is made of.
fn wrong(made: Made) -> Vec<Value> {
    match made {
        Made::OfText => vec![json!(1), json!(""), json!(null)],
        Made::OfTime => vec![json!("soon"), json!("2015-02-07T13:28:17"), json!(2015)],
        Made::OfTruth => vec![json!("true"), json!(0)],
        Made::OfNumber => vec![json!("1")],
        Made::OfBase64 => vec![json!("SGVsbG8"), json!("S?Vs"), json!("===="), json!("")],
        OfParts(_) | Made::OfObject => vec![json!("text"), json!(true)],
        OfAnything => Vec::new(),
    }
}

/// Whether an element is one of several of which one at most is there.
fn choice(owner: &str, name: &str) -> Option<&'static str> {
    let mut choices = CHOICES.iter().filter(|(of, ..)| *of == owner);
    choices.find_map(|(_, choice, _)| {
        let kind = name.strip_prefix(*choice)?;
        kind.starts_with(char::is_uppercase).then_some(*choice)
    })
}

/// An object with every element that has a row, but one of each choice; as deep as it is told, and
/// with what has to be there below.
fn parts(version: Version, owner: &str, depth: usize) -> Value {
    let mut members = Map::new();
    for row in COMMITTED {
        let Some((_, name)) = row.path.rsplit_once('.') else {
            panic!("{} has no owner", row.path);
        };
        let occurs = row.occurs(version);
        let is_there = row.is_of(owner, name) && occurs != Never && row.fate != Refused;
        let chosen = |choice: &str| {
            let mut names = members.keys();
            names.any(|name: &String| self::choice(owner, name) == Some(choice))
        };
        let is_second = choice(owner, name).is_some_and(chosen);
        if !is_there || is_second || (depth == 0 && !occurs.is_needed()) {
            continue;
        }
        let value = right(version, row.made, depth.saturating_sub(1));
        let value = if occurs.is_list() {
            json!([value, value])
        } else {
            value
        };
        members.insert(name.into(), value);
    }
    Value::Object(members)
}

fn complete(version: Version, kind: &str) -> Value {
    parts(version, kind, 5)
}

/// The rows of a kind of resource that a version has and that are not refused.
fn rows_of(version: Version, kind: &str) -> impl Iterator<Item = &'static Row> {
    let prefix = format!("{kind}.");
    COMMITTED.iter().filter(move |row| {
        row.path.starts_with(&prefix) && row.occurs(version) != Never && row.fate != Refused
    })
}

/// The object whose element has this path, and where that is, following the first of each list.
fn owner_of<'v>(document: &'v mut Value, path: &str) -> (&'v mut Map<String, Value>, String) {
    let (owner, _) = path.rsplit_once('.').expect("an owner");
    let mut names = owner.split('.');
    let mut place = names.next().expect("a kind").to_owned();
    let mut value = document;
    for name in names {
        value = &mut value[name];
        place = format!("{place}.{name}");
        if value.is_array() {
            value = &mut value[0];
            place.push_str("[0]");
        }
    }
    (value.as_object_mut().expect("an object"), place)
}

/// A complete document with another value for one element, and where that is.
fn with(version: Version, kind: &str, row: &Row, value: Value) -> (Value, String) {
    let mut document = complete(version, kind);
    let (of, name) = row.path.rsplit_once('.').expect("an owner");
    let (owner, place) = owner_of(&mut document, row.path);
    if let Some(choice) = choice(of, name) {
        owner.retain(|member, _| self::choice(of, member) != Some(choice));
    }
    owner.insert(name.into(), value);
    (document, format!("{place}.{name}"))
}

#[test]
fn what_has_every_element_fits() {
    for (version, kind) in each() {
        let none: [&str; 0] = [];
        assert_eq!(refused(version, kind, &complete(version, kind)), none);
        for row in rows_of(version, kind) {
            let value = right(version, row.made, 3);
            let is_list = row.occurs(version).is_list();
            let value = if is_list { json!([value]) } else { value };
            let (document, _) = with(version, kind, row, value);
            assert_eq!(refused(version, kind, &document), none, "{}", row.path);
        }
    }
}

#[test]
fn what_has_the_wrong_type_is_refused_where_it_is() {
    for (version, kind) in each() {
        for row in rows_of(version, kind) {
            let is_list = row.occurs(version).is_list();
            for value in wrong(row.made) {
                let listed = if is_list { json!([value]) } else { value };
                let (document, mut place) = with(version, kind, row, listed);
                if is_list {
                    place.push_str("[0]");
                }
                assert_eq!(refused(version, kind, &document), [place], "{version}");
            }
            let value = right(version, row.made, 1);
            let swapped = if is_list { value } else { json!([value]) };
            let (document, place) = with(version, kind, row, swapped);
            assert_eq!(refused(version, kind, &document), [place], "{version}");
        }
    }
}

#[test]
fn what_is_required_is_refused_where_it_is_missing() {
    let mut required = Vec::new();
    for (version, kind) in each() {
        for row in rows_of(version, kind).filter(|row| row.occurs(version).is_needed()) {
            let mut document = complete(version, kind);
            let (owner, place) = owner_of(&mut document, row.path);
            let (_, name) = row.path.rsplit_once('.').expect("an owner");
            owner.remove(name);
            let place = format!("{place}.{name}");
            assert_eq!(refused(version, kind, &document), [place], "{version}");
            required.push((version, row.path));
        }
    }
    for expected in [
        (Version::R4, "AuditEvent.type"),
        (Version::R4, "AuditEvent.agent.requestor"),
        (Version::R5, "AuditEvent.code"),
        (Version::R5, "AuditEvent.agent.who"),
        (Version::R5, "AuditEvent.recorded"),
        (Version::R4, "VerificationResult.status"),
    ] {
        assert!(required.contains(&expected), "{expected:?}");
    }
}

#[test]
fn what_has_no_row_is_refused_wherever_it_is() {
    for (version, kind) in each() {
        let mut document = complete(version, kind);
        document["mood"] = json!("bad");
        assert_eq!(refused(version, kind, &document), [kind], "{version}");

        for row in rows_of(version, kind).filter(|row| matches!(row.made, OfParts(_))) {
            let mut odd = right(version, row.made, 3);
            odd["mood"] = json!("bad");
            let is_list = row.occurs(version).is_list();
            let (odd, index) = if is_list {
                (json!([odd]), "[0]")
            } else {
                (odd, "")
            };
            let (document, place) = with(version, kind, row, odd);
            let expected = format!("{place}{index}");
            assert_eq!(refused(version, kind, &document), [expected], "{version}");
        }
    }
}

#[test]
fn one_of_a_choice_is_there_and_no_more() {
    let mut document = complete(Version::R5, "AuditEvent");
    document["occurredDateTime"] = json!("2015");
    document["agent"][1]["networkString"] = json!("here");
    document["entity"][0]["detail"][0] = json!({"type": {"text": "nothing"}});
    let expected = [
        "AuditEvent.agent[1].network[x]",
        "AuditEvent.entity[0].detail[0].value[x]",
        "AuditEvent.occurred[x]",
    ];
    let mut told = refused(Version::R5, "AuditEvent", &document);
    told.sort();
    assert_eq!(told, expected);
}

#[test]
fn base_64_is_told_from_other_texts() {
    for text in ["SGVsbG8=", "SGVs bG8h\n", "SA==", "+/+/"] {
        assert!(is_base64(text), "{text}");
    }
    for text in ["", "=", "S===", "SGVsbG8", "SGVs=G8h", "SGV_", "SGVé"] {
        assert!(!is_base64(text), "{text}");
    }
}
