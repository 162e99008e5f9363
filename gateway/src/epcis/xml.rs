//! EPCIS 1.2 (and 2.0) XML, read into the shape of EPCIS 2.0's JSON, so that the same rules and
//! the same reading hold for both.
//!
//! Extensions and ILMD keep their namespace as `{namespace}name`. The elements `extension` and
//! `baseExtension`, in which EPCIS 1.2 hides what came later, are opened. A document type
//! declaration is refused, so there are no entities but XML's own.

use super::source::{Paths, Source};
use crate::fhir::{Refusal, FILE};
use serde_json::{json, Map, Number, Value};
use std::collections::BTreeMap;
use xml::reader::{EventReader, ParserConfig, XmlEvent};

/// The namespaces of EPCIS documents: 1.2 and 2.0.
const NAMESPACES: [&str; 2] = ["urn:epcglobal:epcis:xsd:1", "urn:epcglobal:epcis:xsd:2"];
/// The namespace of attributes for schemas, which say nothing of the event.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Elements are nested at most this deep.
const MAX_DEPTH: usize = 64;
/// Where the events are.
const EVENTS: &str = "epcisBody/eventList";

/// An element as it was read.
#[derive(Default)]
struct Element {
    namespace: Option<String>,
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

/// An element and where it stands, below wrappers that were opened.
type Found<'a> = (&'a Element, String);

pub(super) fn read(bytes: &[u8]) -> Result<Source, Refusal> {
    let root = tree(bytes)?;
    let known = |namespace: &String| NAMESPACES.contains(&namespace.as_str());
    if root.name != "EPCISDocument" || !root.namespace.as_ref().is_some_and(known) {
        let reason = "must be an `EPCISDocument` of the namespace urn:epcglobal:epcis:xsd:1 or :2";
        return Err(Refusal::new("(root)", reason));
    }
    let version = root.attribute("schemaVersion");
    if !matches!(version, Some("1.2" | "2.0")) {
        let reason = "must be 1.2 or 2.0 (EPCIS 1.2 section 9.5)";
        return Err(Refusal::new("schemaVersion", reason));
    }
    let mut document = Map::new();
    document.insert("@context".into(), json!([]));
    document.insert("type".into(), json!("EPCISDocument"));
    document.insert("schemaVersion".into(), json!("2.0"));
    if let Some(created) = root.attribute("creationDate") {
        document.insert("creationDate".into(), json!(created));
    }
    if let Some(header) = root.child("EPCISHeader") {
        // Extensions of the header: a transaction statement may be among them.
        for (element, _) in header.opened("EPCISHeader") {
            if element.namespace.is_some() && element.name != "StandardBusinessDocumentHeader" {
                add(&mut document, element.clark(), element.extension());
            }
        }
    }
    let mut paths = Paths::default();
    if let Some(body) = root.child("EPCISBody") {
        let list = body.child("EventList");
        let events = list.map(|list| events(list, &mut paths));
        let body = events.map_or(json!({}), |events| json!({"eventList": events}));
        document.insert("epcisBody".into(), body);
    }
    Ok(Source {
        value: Value::Object(document),
        paths,
    })
}

/// Reads the elements of a file.
fn tree(bytes: &[u8]) -> Result<Element, Refusal> {
    let malformed = |told: String| Refusal::new(FILE, format!("is not well-formed XML: {told}"));
    let config = ParserConfig::new()
        .cdata_to_characters(true)
        .whitespace_to_characters(true);
    let mut reader = EventReader::new_with_config(bytes, config);
    // What is open, from the outermost, below an element that will hold the root.
    let mut open = vec![Element::default()];
    loop {
        let event = reader
            .next()
            .map_err(|error| malformed(error.to_string()))?;
        match event {
            XmlEvent::StartElement {
                name, attributes, ..
            } => {
                if reader.doctype().is_some() {
                    let reason = "has a document type declaration; remove it";
                    return Err(Refusal::new(FILE, reason));
                }
                if open.len() > MAX_DEPTH {
                    let reason = format!("nests elements more than {MAX_DEPTH} deep");
                    return Err(Refusal::new(FILE, reason));
                }
                let says_something = |attribute: &xml::attribute::OwnedAttribute| {
                    attribute.name.namespace.as_deref() != Some(SCHEMA_INSTANCE)
                };
                let named = |attribute: xml::attribute::OwnedAttribute| {
                    let name = attribute.name;
                    let name = clark(name.namespace.as_deref(), &name.local_name);
                    (name, attribute.value)
                };
                let attributes = attributes.into_iter().filter(says_something);
                open.push(Element {
                    namespace: name.namespace,
                    name: name.local_name,
                    attributes: attributes.map(named).collect(),
                    ..Element::default()
                });
            }
            XmlEvent::EndElement { .. } => {
                let (Some(closed), Some(around)) = (open.pop(), open.last_mut()) else {
                    return Err(malformed("an element ends that did not begin".into()));
                };
                around.children.push(closed);
            }
            XmlEvent::Characters(text) => {
                if let Some(current) = open.last_mut() {
                    current.text.push_str(&text);
                }
            }
            XmlEvent::EndDocument => break,
            _ => {}
        }
    }
    let mut roots = open.pop().unwrap_or_default().children.into_iter();
    match (roots.next(), roots.next()) {
        (Some(root), None) if open.is_empty() => Ok(root),
        _ => Err(malformed("there must be one root element".into())),
    }
}

/// The name of an element or attribute with its namespace in braces.
fn clark(namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(namespace) => format!("{{{namespace}}}{name}"),
        None => name.into(),
    }
}

/// Adds a member. What comes again makes it a list.
fn add(members: &mut Map<String, Value>, name: String, value: Value) {
    match members.get_mut(&name) {
        None => {
            members.insert(name, value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(earlier) => {
            let first = earlier.take();
            *earlier = json!([first, value]);
        }
    }
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(attribute, _)| attribute == name);
        found.map(|(_, value)| value.as_str())
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(name))
    }

    /// Whether this is an element of EPCIS itself with this name: those have no namespace.
    fn is(&self, name: &str) -> bool {
        self.namespace.is_none() && self.name == name
    }

    fn key(&self) -> (Option<&str>, &str) {
        (self.namespace.as_deref(), &self.name)
    }

    fn clark(&self) -> String {
        clark(self.namespace.as_deref(), &self.name)
    }

    fn trimmed(&self) -> Value {
        json!(self.text.trim())
    }

    /// The children with their paths, those of wrappers instead of the wrappers.
    fn opened(&self, path: &str) -> Vec<Found<'_>> {
        let mut totals = BTreeMap::new();
        for child in &self.children {
            *totals.entry(child.key()).or_insert(0) += 1;
        }
        let mut seen = BTreeMap::new();
        let mut found = Vec::new();
        for child in &self.children {
            let place = seen.entry(child.key()).or_insert(0);
            *place += 1;
            // An event is numbered even if there is no other.
            let alone = totals.get(&child.key()) == Some(&1) && !child.name.ends_with("Event");
            let place = if alone {
                String::new()
            } else {
                format!("[{place}]")
            };
            let path = format!("{path}/{}{place}", child.name);
            if child.is("extension") || child.is("baseExtension") {
                found.extend(child.opened(&path));
            } else {
                found.push((child, path));
            }
        }
        found
    }

    /// What an extension says: text, or members by their names with namespaces.
    fn extension(&self) -> Value {
        if self.children.is_empty() && self.attributes.is_empty() {
            return self.trimmed();
        }
        let mut members = Map::new();
        for (name, value) in &self.attributes {
            add(&mut members, name.clone(), json!(value));
        }
        for child in &self.children {
            add(&mut members, child.clark(), child.extension());
        }
        if !self.text.trim().is_empty() {
            members.insert("#text".into(), self.trimmed());
        }
        Value::Object(members)
    }

    /// A number, or the text that should be one, which the schema refuses.
    fn number(&self) -> Value {
        let number = super::hash::number(self.text.trim());
        let number = number.and_then(|text| serde_json::from_str::<Number>(&text).ok());
        number.map_or_else(|| self.trimmed(), Value::Number)
    }
}

fn events(list: &Element, paths: &mut Paths) -> Vec<Value> {
    let mut events = Vec::new();
    for (element, path) in list.opened("EPCISBody/EventList") {
        let place = format!("{EVENTS}/{}", events.len());
        let mut event = Map::new();
        event.insert("type".into(), json!(element.name));
        for (field, path) in element.opened(&path) {
            let name = if field.namespace.is_some() {
                field.clark()
            } else {
                field.name.clone()
            };
            let place = format!("{place}/{name}");
            let value = member(field, &place, &path, paths);
            paths.note(place, path);
            add(&mut event, name, value);
        }
        paths.note(place, path);
        events.push(Value::Object(event));
    }
    events
}

/// A field of an event.
fn member(field: &Element, place: &str, path: &str, paths: &mut Paths) -> Value {
    if field.namespace.is_some() {
        return field.extension();
    }
    let mut list = |read: fn(&Element) -> Value| {
        let items = field.opened(path).into_iter().enumerate();
        let items = items.map(|(index, (item, path))| {
            paths.note(format!("{place}/{index}"), path);
            read(item)
        });
        Value::Array(items.collect())
    };
    match field.name.as_str() {
        "epcList" | "childEPCs" | "inputEPCList" | "outputEPCList" => list(Element::trimmed),
        "quantityList" | "childQuantityList" | "inputQuantityList" | "outputQuantityList" => {
            list(quantity)
        }
        "bizTransactionList" => list(|item| typed(item, "bizTransaction")),
        "sourceList" => list(|item| typed(item, "source")),
        "destinationList" => list(|item| typed(item, "destination")),
        "sensorElementList" => list(sensor),
        "persistentDisposition" => {
            let mut members = Map::new();
            for (word, _) in field.opened(path) {
                let words = members
                    .entry(word.name.clone())
                    .or_insert_with(|| json!([]));
                if let Value::Array(words) = words {
                    words.push(word.trimmed());
                }
            }
            Value::Object(members)
        }
        "errorDeclaration" => error_declaration(field, path),
        "readPoint" | "bizLocation" | "ilmd" => {
            let mut members = Map::new();
            for (child, _) in field.opened(path) {
                add(&mut members, child.clark(), child.extension());
            }
            Value::Object(members)
        }
        _ => field.extension(),
    }
}

fn quantity(element: &Element) -> Value {
    let mut members = Map::new();
    for child in &element.children {
        let value = if child.is("quantity") {
            child.number()
        } else {
            child.trimmed()
        };
        add(&mut members, child.clark(), value);
    }
    Value::Object(members)
}

/// What has a type, which is an attribute in XML.
fn typed(element: &Element, name: &str) -> Value {
    let mut members = Map::new();
    members.insert(name.into(), element.trimmed());
    if let Some(kind) = element.attribute("type") {
        members.insert("type".into(), json!(kind));
    }
    Value::Object(members)
}

fn error_declaration(element: &Element, path: &str) -> Value {
    let mut members = Map::new();
    for (child, _) in element.opened(path) {
        let value = if child.is("correctiveEventIDs") {
            child.children.iter().map(Element::trimmed).collect()
        } else {
            child.extension()
        };
        add(&mut members, child.clark(), value);
    }
    Value::Object(members)
}

fn sensor(element: &Element) -> Value {
    let mut members = Map::new();
    let mut reports = Vec::new();
    for child in &element.children {
        if child.is("sensorReport") {
            reports.push(attributes_and_extensions(child));
        } else if child.is("sensorMetadata") {
            members.insert(child.name.clone(), attributes_and_extensions(child));
        } else {
            add(&mut members, child.clark(), child.extension());
        }
    }
    members.insert("sensorReport".into(), Value::Array(reports));
    Value::Object(members)
}

fn attributes_and_extensions(element: &Element) -> Value {
    match element.extension() {
        Value::Object(members) => Value::Object(members),
        _ => json!({}),
    }
}
