//! Checking a document by the schema in `gateway/epcis/epcis.schema.json`, which is our own: the
//! part of EPCIS 2.0 that decides whether a document can be read, with a sentence for each rule.
//!
//! What the schema's validator finds is told in the schema's own sentences, by where in the schema
//! it is. Each event is checked by the definition that its `type` names, so that nothing is said of
//! other kinds of events.

use super::event::Kind;
use crate::fhir::{Refusal, FILE};
use boon::{Compiler, ErrorKind, SchemaIndex, Schemas, ValidationError};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// What the validator calls the schema. Nothing is looked up there.
const NAME: &str = "https://axonic.invalid/epcis.schema.json";
/// What kinds of events there are.
pub(super) const TYPES: &str = "one of ObjectEvent, AggregationEvent, TransactionEvent and \
                                TransformationEvent (EPCIS 2.0 section 7.4); no others are about \
                                medicine packs";
/// The schema, for people and programs.
const SCHEMA: &str = include_str!("../../epcis/epcis.schema.json");
/// The definition that stands for events of any kind.
const ANY: &str = "anyEvent";
/// How references begin.
const DEFINITIONS: &str = "#/$defs/";

static RULES: LazyLock<Rules> = LazyLock::new(Rules::read);

/// The document without its events, and each kind of event.
struct Rules {
    document: Rule,
    events: Vec<(Kind, Rule)>,
}

/// A part of the schema in which nothing refers elsewhere, and what checks by it.
struct Rule {
    schema: Value,
    compiled: Schemas,
    index: SchemaIndex,
}

impl Rules {
    fn read() -> Self {
        let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON; qed");
        let definitions = schema.get("$defs").unwrap_or(&Value::Null);
        let event = |kind: Kind| {
            let definition = definitions.get(kind.name()).unwrap_or(&Value::Null);
            (kind, Rule::new(definition, definitions))
        };
        Self {
            document: Rule::new(&schema, definitions),
            events: Kind::ALL.into_iter().map(event).collect(),
        }
    }
}

impl Rule {
    fn new(schema: &Value, definitions: &Value) -> Self {
        let schema = written_out(schema, definitions);
        let mut compiled = Schemas::new();
        let index = compile(schema.clone(), &mut compiled)
            .expect("the schema is one, as a test shows; qed");
        Self {
            schema,
            compiled,
            index,
        }
    }

    /// Adds all that is wrong with what stands at `place`.
    fn check(&self, value: &Value, place: &str, found: &mut Vec<Refusal>) {
        if let Err(error) = self.compiled.validate(value, self.index) {
            self.tell_all(&error, value, place, found);
        }
    }

    /// Tells the errors in which an error consists, or else itself.
    fn tell_all(
        &self,
        error: &ValidationError,
        value: &Value,
        place: &str,
        found: &mut Vec<Refusal>,
    ) {
        for cause in &error.causes {
            self.tell_all(cause, value, place, found);
        }
        if !error.causes.is_empty() {
            return;
        }
        let around = error
            .schema_url
            .split_once('#')
            .map_or("", |(_, rule)| rule);
        let within = error.instance_location.to_string();
        match &error.kind {
            ErrorKind::Required { .. } => {
                self.tell(value, place, [around, "required"], &within, found);
            }
            ErrorKind::AdditionalProperties { .. } => {
                self.tell(
                    value,
                    place,
                    [around, "additionalProperties"],
                    &within,
                    found,
                );
            }
            // What is wrong is that the object has it.
            ErrorKind::FalseSchema => {
                let (rule, object) = (around.rsplit_once('/'), within.rsplit_once('/'));
                let (rule, object) = (rule.unwrap_or(("", around)), object.unwrap_or_default());
                self.tell(value, place, [rule.0, rule.1], object.0, found);
            }
            _ => self.tell(value, place, [around, ""], &within, found),
        }
    }

    /// Says what is wrong at `within` by the keyword of the rule `around` it, both JSON pointers.
    fn tell(
        &self,
        value: &Value,
        place: &str,
        [around, keyword]: [&str; 2],
        within: &str,
        found: &mut Vec<Refusal>,
    ) {
        let node = self.schema.pointer(around).unwrap_or(&Value::Null);
        let at = unescaped(&joined(place, within));
        let empty = Map::new();
        let members = value.pointer(within).and_then(Value::as_object);
        let members = members.unwrap_or(&empty);
        let mut add = |refusal: Refusal| {
            if !found.contains(&refusal) {
                found.push(refusal);
            }
        };
        match keyword {
            "required" => {
                let needed = node.get("required").and_then(Value::as_array);
                let needed = needed.into_iter().flatten().filter_map(Value::as_str);
                for name in needed.filter(|name| !members.contains_key(*name)) {
                    let rule = property(node, name).and_then(description);
                    let rule = rule.unwrap_or("EPCIS requires it");
                    add(Refusal::new(
                        joined(&at, name),
                        format!("is missing: {rule}"),
                    ));
                }
            }
            "additionalProperties" | "unevaluatedProperties" => {
                let is_extension = |name: &str| name.contains([':', '{']) || name.starts_with('@');
                let odd = members.keys().filter(|name| !is_extension(name));
                for name in odd.filter(|name| property(node, name).is_none()) {
                    let reason = "EPCIS has no such element here, and an extension has a prefix \
                                  that the @context declares (EPCIS 2.0 section 7.1)";
                    add(Refusal::new(joined(&at, name), reason));
                }
            }
            _ => {
                let nearest = self.nearest_description(around);
                let at = if at.is_empty() { FILE.into() } else { at };
                add(Refusal::new(
                    at,
                    nearest.unwrap_or("is not as EPCIS has it"),
                ));
            }
        }
    }

    /// The sentence of the innermost rule that has one.
    fn nearest_description(&self, rule: &str) -> Option<&str> {
        let mut rule = rule;
        loop {
            let found = self.schema.pointer(rule).and_then(description);
            if found.is_some() || rule.is_empty() {
                return found;
            }
            rule = rule.rsplit_once('/').map_or("", |(around, _)| around);
        }
    }
}

fn compile(schema: Value, into: &mut Schemas) -> Result<SchemaIndex, boon::CompileError> {
    let mut compiler = Compiler::new();
    compiler.add_resource(NAME, schema)?;
    compiler.compile(NAME, into)
}

/// All that is wrong with a document by the schema.
pub(super) fn check(document: &Value) -> Vec<Refusal> {
    let mut found = Vec::new();
    RULES.document.check(document, "", &mut found);
    let events = document.pointer("/epcisBody/eventList");
    let events = events.and_then(Value::as_array).into_iter().flatten();
    for (index, event) in events.enumerate() {
        let place = format!("epcisBody/eventList/{index}");
        let kind = event.get("type").and_then(Value::as_str);
        let mut rules = RULES.events.iter();
        match rules.find(|(known, _)| kind == Some(known.name())) {
            Some((_, rule)) => rule.check(event, &place, &mut found),
            None => found.push(Refusal::new(format!("{place}/type"), TYPES)),
        }
    }
    found
}

/// A schema with what it refers to in the place of each reference. Events of any kind may be
/// anything: they are checked one by one.
fn written_out(schema: &Value, definitions: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            if let Some(name) = reference.and_then(|text| text.strip_prefix(DEFINITIONS)) {
                return match definitions.get(name) {
                    Some(definition) if name != ANY => written_out(definition, definitions),
                    _ => Value::Bool(true),
                };
            }
            let members = members.iter().filter(|(name, _)| *name != "$defs");
            let written =
                members.map(|(name, member)| (name.clone(), written_out(member, definitions)));
            Value::Object(written.collect())
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| written_out(item, definitions));
            Value::Array(items.collect())
        }
        other => other.clone(),
    }
}

/// The rule for a member, in the schema itself or in one that it builds on.
fn property<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    let own = schema.get("properties").and_then(|all| all.get(name));
    own.or_else(|| {
        let others = schema.get("allOf").and_then(Value::as_array);
        let mut others = others.into_iter().flatten();
        others.find_map(|other| property(other, name))
    })
}

fn description(rule: &Value) -> Option<&str> {
    rule.get("description").and_then(Value::as_str)
}

fn joined(place: &str, within: &str) -> String {
    match (place, within.trim_start_matches('/')) {
        ("", within) => within.into(),
        (place, "") => place.into(),
        (place, within) => format!("{place}/{within}"),
    }
}

/// A JSON pointer as people read it.
fn unescaped(pointer: &str) -> String {
    pointer.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_schema_is_one_and_has_every_kind_of_event() {
        assert_eq!(RULES.events.len(), Kind::ALL.len());
        for (kind, rule) in &RULES.events {
            assert!(rule.schema.get("properties").is_some(), "{}", kind.name());
        }
        let whole: Value = serde_json::from_str(SCHEMA).unwrap();
        assert!(compile(whole, &mut Schemas::new()).is_ok());
    }

    #[test]
    fn an_event_is_told_what_is_missing_and_what_is_odd() {
        let event = json!({"type": "ObjectEvent", "eventTime": "2026-01-31T12:00:00Z",
            "action": "CREATE", "colour": "red", "own:field": 1});
        let document = json!({"@context": [], "type": "EPCISDocument", "schemaVersion": "2.0",
            "creationDate": "2026-01-31T12:00:00Z", "epcisBody": {"eventList": [event]}});
        let told: Vec<_> = check(&document).iter().map(ToString::to_string).collect();
        let action =
            "epcisBody/eventList/0/action: one of ADD, OBSERVE, DELETE (EPCIS 2.0 section \
                      7.3.2)";
        assert!(told.iter().any(|line| line == action), "{told:?}");
        let begins = |begin: &str| told.iter().any(|line| line.starts_with(begin));
        let missing = "epcisBody/eventList/0/eventTimeZoneOffset: is missing: ";
        assert!(begins(missing), "{told:?}");
        assert!(
            begins("epcisBody/eventList/0/colour: EPCIS has no such"),
            "{told:?}"
        );
        assert_eq!(told.len(), 3, "{told:?}");
    }

    #[test]
    fn what_is_no_document_is_told_so() {
        let told: Vec<_> = check(&json!([])).iter().map(ToString::to_string).collect();
        let expected = "(file): a JSON object, an EPCIS 2.0 document (EPCIS 2.0 section 9)";
        assert_eq!(told, [expected]);
        let told = check(&json!({"type": "Bundle"}));
        assert!(told.iter().any(|one| one.path == "type"), "{told:?}");
        assert!(told.iter().any(|one| one.path == "epcisBody"), "{told:?}");
    }
}
