//! Reading a document: as JSON, whichever form the file has; by the schema; and then as events.

use super::{
    event::{
        Action, Document, ErrorDeclaration, Event, Extension, Kind, Location, Part, Quantity,
        Sensor, Typed,
    },
    hash,
    names::Prefixes,
    rules, schema,
    source::Source,
};
use crate::fhir::Refusal;
use axonic_primitives::Moment;
use serde_json::Value;

/// The namespace of GS1 US's extensions for DSCSA.
const DSCSA: [&str; 2] = [
    "http://epcis.gs1us.org/hc/ns",
    "https://epcis.gs1us.org/hc/ns",
];
/// The fields of an event that are no extension. What has a namespace always is one.
const FIELDS: &[&str] = &[
    "@context",
    "action",
    "bizLocation",
    "bizStep",
    "bizTransactionList",
    "certificationInfo",
    "childEPCs",
    "childQuantityList",
    "destinationList",
    "disposition",
    "epcList",
    "errorDeclaration",
    "eventID",
    "eventTime",
    "eventTimeZoneOffset",
    "ilmd",
    "inputEPCList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
    "parentID",
    "persistentDisposition",
    "quantityList",
    "readPoint",
    "recordTime",
    "sensorElementList",
    "sourceList",
    "transformationID",
    "type",
];

impl Document {
    /// Reads a file's bytes, EPCIS 2.0 JSON or EPCIS 1.2 or 2.0 XML, at `now`, UTC milliseconds.
    /// Tells all that is wrong with it, each with its path and the rule it breaks.
    pub fn parse(bytes: &[u8], now: Moment) -> Result<Self, Vec<Refusal>> {
        let Source { value, paths } = Source::read(bytes).map_err(|refusal| vec![refusal])?;
        let refusals = schema::check(&value);
        if !refusals.is_empty() {
            let told = refusals.into_iter().map(|refusal| paths.in_file(refusal));
            return Err(told.collect());
        }
        let reader = Reader {
            prefixes: Prefixes::known().with(value.get("@context")),
        };
        let mut refusals = Vec::new();
        let mut events = Vec::new();
        let list = value
            .pointer("/epcisBody/eventList")
            .and_then(Value::as_array);
        for (index, event) in list.into_iter().flatten().enumerate() {
            let reader = Reader {
                prefixes: reader.prefixes.with(event.get("@context")),
            };
            match reader.event(event, format!("epcisBody/eventList/{index}")) {
                Ok(event) => events.push(event),
                Err(refusal) => refusals.push(refusal),
            }
        }
        let document = Self {
            events,
            statement: reader.statement(&value),
            paths,
        };
        refusals.extend(rules::check(&document, now));
        if refusals.is_empty() {
            return Ok(document);
        }
        let told = refusals.into_iter();
        Err(told.map(|refusal| document.in_file(refusal)).collect())
    }
}

/// Whether somebody affirms the DSCSA transaction statement in these extensions.
pub(super) fn statement(extensions: &[Extension]) -> Option<bool> {
    let statement = Extension::find(extensions, &DSCSA, "dscsaTransactionStatement")?;
    let affirmed = Extension::find(&statement.elements, &DSCSA, "affirmTransactionStatement")?;
    Some(affirmed.text == "true" || affirmed.text == "1")
}

/// Reads what the schema has checked. What has the wrong shape all the same reads as absent.
struct Reader {
    prefixes: Prefixes,
}

impl Reader {
    fn event(&self, event: &Value, place: String) -> Result<Event, Refusal> {
        let time = text(event, "eventTime").unwrap_or_default();
        let millis = hash::milliseconds(&time).and_then(|millis| Moment::try_from(millis).ok());
        let Some(time) = millis else {
            let reason = "is no instant since 1970 (EPCIS 2.0 section 7.4.1)";
            return Err(Refusal::new(format!("{place}/eventTime"), reason));
        };
        let kind = text(event, "type");
        let kind = Kind::ALL
            .into_iter()
            .find(|one| kind.as_deref() == Some(one.name()));
        let action = text(event, "action");
        let mut actions = Action::ALL.into_iter();
        Ok(Event {
            kind: kind.ok_or_else(|| Refusal::new(format!("{place}/type"), schema::TYPES))?,
            time,
            offset: text(event, "eventTimeZoneOffset").unwrap_or_default(),
            id: text(event, "eventID"),
            error: event.get("errorDeclaration").map(|error| self.error(error)),
            action: actions.find(|one| action.as_deref() == Some(one.name())),
            epcs: texts(event, "epcList"),
            parent: text(event, "parentID"),
            children: texts(event, "childEPCs"),
            inputs: texts(event, "inputEPCList"),
            outputs: texts(event, "outputEPCList"),
            quantities: quantities(event, "quantityList"),
            child_quantities: quantities(event, "childQuantityList"),
            input_quantities: quantities(event, "inputQuantityList"),
            output_quantities: quantities(event, "outputQuantityList"),
            transformation: text(event, "transformationID"),
            biz_step: self.word(event, "bizStep"),
            disposition: self.word(event, "disposition"),
            set: self.words(event, "/persistentDisposition/set"),
            unset: self.words(event, "/persistentDisposition/unset"),
            read_point: event.get("readPoint").map(|place| self.location(place)),
            biz_location: event.get("bizLocation").map(|place| self.location(place)),
            transactions: self.typed(event, "bizTransactionList", "bizTransaction"),
            sources: self.typed(event, "sourceList", "source"),
            destinations: self.typed(event, "destinationList", "destination"),
            sensors: items(event, "sensorElementList")
                .map(|sensor| self.sensor(sensor))
                .collect(),
            ilmd: event
                .get("ilmd")
                .map(|ilmd| self.extensions(ilmd, &["@context", "type"]))
                .unwrap_or_default(),
            extensions: self.extensions(event, FIELDS),
            place,
        })
    }

    /// The transaction statement of the document or of its header.
    fn statement(&self, document: &Value) -> Option<bool> {
        let header = document.get("epcisHeader");
        [Some(document), header]
            .into_iter()
            .flatten()
            .find_map(|place| {
                let Value::Object(members) = place else {
                    return None;
                };
                let extensions = members.iter().filter(|(name, _)| name.contains([':', '{']));
                let mut found = Vec::new();
                for (name, value) in extensions {
                    self.extend(&mut found, name, value);
                }
                statement(&found)
            })
    }

    fn error(&self, error: &Value) -> ErrorDeclaration {
        ErrorDeclaration {
            reason: self.word(error, "reason"),
            corrective: texts(error, "correctiveEventIDs"),
        }
    }

    fn word(&self, value: &Value, name: &str) -> Option<String> {
        text(value, name).map(|word| self.prefixes.expanded(&word))
    }

    fn words(&self, value: &Value, pointer: &str) -> Vec<String> {
        let words = value.pointer(pointer).and_then(Value::as_array);
        let words = words.into_iter().flatten().filter_map(Value::as_str);
        words.map(|word| self.prefixes.expanded(word)).collect()
    }

    fn location(&self, location: &Value) -> Location {
        Location {
            id: text(location, "id"),
            extensions: self.extensions(location, &["id"]),
        }
    }

    fn typed(&self, event: &Value, list: &str, name: &str) -> Vec<Typed> {
        let one = |item: &Value| Typed {
            kind: self.word(item, "type"),
            value: text(item, name).unwrap_or_default(),
        };
        items(event, list).map(one).collect()
    }

    fn sensor(&self, sensor: &Value) -> Sensor {
        let metadata = sensor.get("sensorMetadata");
        Sensor {
            metadata: metadata.map(|part| self.part(part)).unwrap_or_default(),
            reports: items(sensor, "sensorReport")
                .map(|report| self.part(report))
                .collect(),
            extensions: self.extensions(sensor, &["sensorMetadata", "sensorReport"]),
        }
    }

    fn part(&self, part: &Value) -> Part {
        let members = part.as_object();
        let standard = members.into_iter().flatten().filter_map(|(name, value)| {
            let standard = !name.contains([':', '{']);
            let written = || scalar(value).map(|text| self.prefixes.expanded(&text));
            standard
                .then(written)
                .flatten()
                .map(|text| (name.clone(), text))
        });
        let fields: Vec<_> = standard.collect();
        let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
        Part {
            extensions: self.extensions(part, &names),
            fields,
        }
    }

    /// Everything in `value` but the members that are named.
    fn extensions(&self, value: &Value, but: &[&str]) -> Vec<Extension> {
        let mut found = Vec::new();
        for (name, value) in value.as_object().into_iter().flatten() {
            if !but.contains(&name.as_str()) {
                self.extend(&mut found, name, value);
            }
        }
        found
    }

    /// Adds what a member says: each item of a list by itself.
    fn extend(&self, found: &mut Vec<Extension>, member: &str, value: &Value) {
        // Remarks for people are not part of what an event says.
        if matches!(member, "rdfs:comment" | "comment") {
            return;
        }
        let (namespace, name) = self.prefixes.name(member);
        let one = |text: String, elements: Vec<Extension>| Extension {
            namespace: namespace.clone(),
            name: name.clone(),
            text,
            elements,
        };
        match value {
            Value::Array(items) => {
                for item in items {
                    self.extend(found, member, item);
                }
            }
            Value::Object(members) => {
                let said = members.get("#text").and_then(scalar).unwrap_or_default();
                found.push(one(said, self.extensions(value, &["#text", "@context"])));
            }
            other => found.push(one(scalar(other).unwrap_or_default(), Vec::new())),
        }
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.trim().to_owned())
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    let texts = items(value, name).filter_map(Value::as_str);
    texts.map(|text| text.trim().to_owned()).collect()
}

fn items<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let list = value.get(name).and_then(Value::as_array);
    list.into_iter().flatten()
}

fn quantities(event: &Value, list: &str) -> Vec<Quantity> {
    let one = |item: &Value| Quantity {
        class: text(item, "epcClass").unwrap_or_default(),
        quantity: item.get("quantity").and_then(scalar),
        unit: text(item, "uom"),
    };
    items(event, list).map(one).collect()
}

/// A text, a number in its one form, or true or false.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(written) => {
            let written = written.to_string();
            Some(hash::number(&written).unwrap_or(written))
        }
        Value::Bool(is) => Some(is.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
