use super::*;
use serde_json::{json, Value};

fn r4() -> Value {
    json!({
        "resourceType": "AuditEvent",
        "id": "1",
        "type": {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110106"},
        "action": "R",
        "recorded": "2016-01-01T00:00:01+00:00",
        "agent": [{"name": "Donald Duck", "requestor": true, "network": {"address": "127.0.0.1"}}],
        "source": {"observer": {"display": "Watcher"}},
        "entity": [{"what": {"reference": "Patient/example/_history/1"}, "name": "Donald"}],
    })
}

fn r5() -> Value {
    json!({
        "resourceType": "AuditEvent",
        "id": "1",
        "code": {"coding": [{"code": "Disclosure"}]},
        "recorded": "2016-01-01T00:00:01.250Z",
        "agent": [{"who": {"display": "Donald Duck"}, "networkString": "127.0.0.1"}],
        "source": {"observer": {"display": "Watcher"}},
    })
}

/// The event with its members replaced by those of `change`; null takes one away.
fn with(mut event: Value, change: Value) -> Value {
    let members = event.as_object_mut().unwrap();
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
    event
}

fn try_read(event: &Value, version: Option<Version>) -> Result<AuditEvent, Vec<Refusal>> {
    let resource = Resource::parse(event.to_string().as_bytes()).map_err(|told| vec![told])?;
    read(&resource, version)
}

fn event(event: &Value) -> AuditEvent {
    try_read(event, None).unwrap_or_else(|told| panic!("{told:?}"))
}

/// Asserts that an event is refused there and nowhere else, for a reason that says `what`.
#[track_caller]
fn assert_refused(event: &Value, path: &str, what: &str) {
    let refusals = try_read(event, None).err().expect("to be refused");
    let [refusal] = &refusals[..] else {
        panic!("more than one refusal: {refusals:?}")
    };
    assert_eq!(refusal.path, path, "{refusal}");
    assert!(refusal.reason.contains(what), "{refusal}");
}

#[test]
fn an_event_of_either_version_is_its_instant_and_its_canonical_form() {
    for (given, version, recorded) in [
        (r4(), Version::R4, 1_451_606_401_000),
        (r5(), Version::R5, 1_451_606_401_250),
    ] {
        let event = event(&given);
        assert_eq!((event.version, event.recorded), (version, recorded));
        let resource = Resource::parse(given.to_string().as_bytes()).unwrap();
        assert_eq!(event.canonical, resource.canonical().unwrap());
        let note = |path: &str| event.notes.iter().find(|note| note.path == path).unwrap();
        assert!(note("AuditEvent.recorded")
            .became
            .starts_with("2016-01-01T00:00:01"));
        assert_eq!(
            note("AuditEvent.agent").outcome,
            crate::fhir::Outcome::Administrative
        );
    }
}

#[test]
fn the_version_is_told_by_elements_unless_it_is_given() {
    let neither = with(r4(), json!({"type": null}));
    assert_refused(
        &neither,
        "AuditEvent",
        "nothing that only R4 or only R5 has",
    );
    let both = with(r4(), json!({"code": {"text": "x"}}));
    assert_refused(&both, "AuditEvent", "--fhir-version");
    let given = try_read(&r5(), Some(Version::R4))
        .err()
        .expect("to be refused");
    let mut paths: Vec<_> = given.iter().map(|refusal| &refusal.path[..]).collect();
    paths.sort_unstable();
    let expected = [
        "AuditEvent.agent[0].networkString",
        "AuditEvent.agent[0].requestor",
        "AuditEvent.code",
        "AuditEvent.type",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn an_event_without_a_usable_instant_is_refused_there() {
    let refused = |recorded: Value, what: &str| {
        let event = with(r4(), json!({"recorded": recorded}));
        assert_refused(&event, "AuditEvent.recorded", what);
    };
    refused(json!(null), "is missing, and R4 requires it");
    refused(json!(1_451_606_401), "must be a text");
    refused(json!(""), "must be a text");
    refused(json!(["2016-01-01T00:00:01Z"]), "must not be a list");
    for text in [
        "2016",
        "2016-01-01",
        "2016-01-01T00:00:01",
        "2016-01-01T00:00Z",
        "yesterday",
    ] {
        refused(json!(text), "is no FHIR instant");
    }
    refused(json!("1969-12-31T23:59:59Z"), "is before 1970");
    let qualified = with(
        r5(),
        json!({"_recorded": {"extension": [{"url": "urn:x"}]}}),
    );
    assert_refused(&qualified, "AuditEvent._recorded", "plain value");
}

#[test]
fn an_event_from_the_future_is_refused() {
    let event = event(&r4());
    assert_eq!(event.check(event.recorded), Ok(()));
    let told = event.check(event.recorded - 1).unwrap_err();
    assert_eq!(told.to_string(), "AuditEvent.recorded: is in the future");
}

#[test]
fn extensions_are_left_out_unless_they_modify() {
    let extension = json!([{"url": "urn:x", "valueIdentifier": {"value": "6580"}}]);
    event(&with(r5(), json!({"extension": extension})));
    event(&with(r5(), json!({"_language": {"extension": extension}})));
    let mut deep = r5();
    deep["agent"][0]["extension"] = extension.clone();
    deep["source"]["observer"]["_display"] = json!({"extension": extension});
    event(&deep);

    let modifier = with(r5(), json!({"modifierExtension": extension}));
    assert_refused(
        &modifier,
        "AuditEvent.modifierExtension",
        "changes the meaning",
    );
    let mut deep = r5();
    deep["agent"][0]["modifierExtension"] = extension.clone();
    let path = "AuditEvent.agent[0].modifierExtension";
    assert_refused(&deep, path, "changes the meaning");
    let contained = json!([{"resourceType": "Device", "modifierExtension": extension}]);
    let path = "AuditEvent.contained[0].modifierExtension";
    assert_refused(
        &with(r5(), json!({"contained": contained})),
        path,
        "changes the meaning",
    );
    let unknown = with(r5(), json!({"_mood": {"extension": extension}}));
    assert_refused(&unknown, "AuditEvent.(?)", "plain value");
    let no_plain_value = with(r5(), json!({"_agent": {"extension": extension}}));
    assert_refused(&no_plain_value, "AuditEvent._agent", "plain value");
}

#[test]
fn what_may_change_or_does_not_fit_is_refused() {
    let rules = with(r4(), json!({"implicitRules": "urn:x"}));
    assert_refused(&rules, "AuditEvent.implicitRules", "agreed upon elsewhere");
    let unknown = with(r4(), json!({"mood": "bad"}));
    assert_refused(&unknown, "AuditEvent", "an unknown element, none of R4");
    let named = with(r5(), json!({"text": {"a name": 1}}));
    assert_refused(&named, "AuditEvent.text.(?)", "not how an element");
    let mut reference = r5();
    reference["agent"][0]["who"]["identifier"] = json!({"value": 95});
    let path = "AuditEvent.agent[0].who.identifier.value";
    assert_refused(&reference, path, "must be a text");
    let other = json!({"resourceType": "Provenance"});
    assert_refused(&other, "Provenance.resourceType", "must be `AuditEvent`");
}

#[test]
fn nothing_told_shows_what_an_event_says() {
    let notes = serde_json::to_string(&event(&r4()).notes).unwrap();
    let odd = with(
        r4(),
        json!({"recorded": "Donald", "action": ["Donald"], "Donald D": 1}),
    );
    let refusals = try_read(&odd, None).err().expect("to be refused");
    assert_eq!(refusals.len(), 3);
    let told = serde_json::to_string(&refusals).unwrap() + &notes;
    for secret in ["Donald", "127.0.0.1", "Watcher", "110106"] {
        assert!(!told.contains(secret), "{told}");
    }
}

#[test]
fn a_number_that_would_not_be_kept_is_refused() {
    let mut event = r5();
    let quantity =
        |value: Value| json!([{"type": {"text": "x"}, "valueQuantity": {"value": value}}]);
    event["entity"] = json!([{"detail": quantity(json!(9_007_199_254_740_993u64))}]);
    let path = "AuditEvent.entity[0].detail[0].valueQuantity.value";
    assert_refused(&event, path, "more digits than a double keeps");
    event["entity"] = json!([{"detail": quantity(json!(6.3))}]);
    assert!(try_read(&event, None).is_ok());
}

#[test]
fn a_batch_is_in_the_order_of_recording_and_otherwise_as_given() {
    let log = AccessLog::of(&[30, 10, 20, 10, 30]).unwrap();
    assert_eq!(log.order, [1, 3, 2, 0, 4]);
    assert_eq!((log.first_at, log.last_at), (10, 30));
    let one = AccessLog::of(&[7]).unwrap();
    assert_eq!((one.order, one.first_at, one.last_at), (vec![0], 7, 7));
}

#[test]
fn a_batch_has_one_event_and_not_too_many() {
    let told = AccessLog::of(&[]).unwrap_err();
    assert_eq!(told.to_string(), "(files): hold no audit event");
    let most = vec![5; MAX_LEAVES as usize];
    assert_eq!(AccessLog::of(&most).unwrap().order.len(), most.len());
    let told = AccessLog::of(&[&most[..], &[5]].concat()).unwrap_err();
    assert!(told.reason.contains("1048577 audit events"), "{told}");
    assert!(told.reason.contains("1048576 at most"), "{told}");
}
