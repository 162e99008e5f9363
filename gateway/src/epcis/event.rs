//! EPCIS events as they were read.

use super::{
    source::Paths,
    vocabulary::{BIZ_STEP, DISPOSITION},
};
use crate::fhir::Refusal;
use axonic_primitives::Moment;
use sp_core::H256;

/// The namespace of our own extensions, which say what the chain keeps and EPCIS has no word for.
pub(super) const OWN: &str = "urn:axonic:epcis";

/// A document: what it says, in the order in which it says it.
pub struct Document {
    /// The events.
    pub events: Vec<Event>,
    /// The DSCSA transaction statement of the document's header (GS1 US, Applying GS1 Standards for
    /// DSCSA), if there is one.
    pub statement: Option<bool>,
    pub(super) paths: Paths,
}

impl Document {
    /// The same refusal, with the path of the file instead of that of the JSON it was read as.
    pub(super) fn in_file(&self, refusal: Refusal) -> Refusal {
        self.paths.in_file(refusal)
    }
}

/// What an event is (EPCIS 2.0 section 7.4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Something happened to things.
    Object,
    /// Things went into something else, came out, or were seen in it.
    Aggregation,
    /// Things became part of a business transaction, or ceased to be.
    Transaction,
    /// Things became other things.
    Transformation,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 4] = [
        Self::Object,
        Self::Aggregation,
        Self::Transaction,
        Self::Transformation,
    ];

    /// The name EPCIS gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Object => "ObjectEvent",
            Self::Aggregation => "AggregationEvent",
            Self::Transaction => "TransactionEvent",
            Self::Transformation => "TransformationEvent",
        }
    }
}

/// What an event did to the things or to what they belong to (EPCIS 2.0 section 7.3.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Created, or added to it.
    Add,
    /// Left as it was.
    Observe,
    /// Removed from it, or destroyed.
    Delete,
}

impl Action {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Add, Self::Observe, Self::Delete];

    /// The word EPCIS has for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Observe => "OBSERVE",
            Self::Delete => "DELETE",
        }
    }
}

/// One event. Texts are as they are written, without whitespace around them; words that are written
/// by a prefix are written out.
pub struct Event {
    /// Where it is: `epcisBody/eventList/0`.
    pub place: String,
    /// What it is.
    pub kind: Kind,
    /// When it happened, UTC milliseconds, rounded.
    pub time: Moment,
    /// The offset of the local time from UTC, `+02:00`.
    pub offset: String,
    /// What somebody called it.
    pub id: Option<String>,
    /// That it is wrong.
    pub error: Option<ErrorDeclaration>,
    /// What it did; a transformation has none.
    pub action: Option<Action>,
    /// The things it is about.
    pub epcs: Vec<String>,
    /// What things are in.
    pub parent: Option<String>,
    /// What is in it.
    pub children: Vec<String>,
    /// What things were made of.
    pub inputs: Vec<String>,
    /// What was made of them.
    pub outputs: Vec<String>,
    /// Things that are not told apart.
    pub quantities: Vec<Quantity>,
    /// Such things in something else.
    pub child_quantities: Vec<Quantity>,
    /// Such things that others were made of.
    pub input_quantities: Vec<Quantity>,
    /// Such things that were made of others.
    pub output_quantities: Vec<Quantity>,
    /// What several events of one transformation have in common.
    pub transformation: Option<String>,
    /// What was being done.
    pub biz_step: Option<String>,
    /// What the things are afterwards.
    pub disposition: Option<String>,
    /// What they are from then on, whatever else they become.
    pub set: Vec<String>,
    /// What they no longer are.
    pub unset: Vec<String>,
    /// Where it happened.
    pub read_point: Option<Location>,
    /// Where the things are afterwards.
    pub biz_location: Option<Location>,
    /// The business documents.
    pub transactions: Vec<Typed>,
    /// Whom or where the things come from.
    pub sources: Vec<Typed>,
    /// Whom or where they go to.
    pub destinations: Vec<Typed>,
    /// What sensors said.
    pub sensors: Vec<Sensor>,
    /// Master data of the things (ILMD).
    pub ilmd: Vec<Extension>,
    /// What EPCIS does not define.
    pub extensions: Vec<Extension>,
}

impl Event {
    /// Where the element `name` of this is, or would be.
    pub fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.place)
    }

    /// CBV's word for what was being done. `None` if it has none, or nothing is said.
    pub fn step(&self) -> Option<&str> {
        BIZ_STEP.word(self.biz_step.as_deref()?)
    }

    /// CBV's word for what the things are afterwards.
    pub fn state(&self) -> Option<&str> {
        DISPOSITION.word(self.disposition.as_deref()?)
    }
}

/// So many things, or so much, of one class (EPCIS 2.0 section 7.3.3.3).
pub struct Quantity {
    /// The class.
    pub class: String,
    /// How many or how much, as a decimal number without needless zeros.
    pub quantity: Option<String>,
    /// The unit, a code of UN/CEFACT Recommendation 20; pieces, if there is none.
    pub unit: Option<String>,
}

/// A place, and what EPCIS does not define about it.
pub struct Location {
    /// The place.
    pub id: Option<String>,
    /// What EPCIS does not define.
    pub extensions: Vec<Extension>,
}

/// Something that has a type: a business transaction, a source or a destination.
pub struct Typed {
    /// What it is; for a business transaction nothing may be said.
    pub kind: Option<String>,
    /// Which one.
    pub value: String,
}

/// That an event is wrong (EPCIS 2.0 section 7.4.1.3).
pub struct ErrorDeclaration {
    /// Why.
    pub reason: Option<String>,
    /// The events that are right.
    pub corrective: Vec<String>,
}

/// What sensors said together.
pub struct Sensor {
    /// About all of it.
    pub metadata: Part,
    /// One by one.
    pub reports: Vec<Part>,
    /// What EPCIS does not define.
    pub extensions: Vec<Extension>,
}

/// Fields by their names, and what EPCIS does not define.
#[derive(Default)]
pub struct Part {
    /// The fields.
    pub fields: Vec<(String, String)>,
    /// The rest.
    pub extensions: Vec<Extension>,
}

/// Something that EPCIS does not define: text, or what is in it.
pub struct Extension {
    /// Who defines it.
    pub namespace: Option<String>,
    /// Its name there.
    pub name: String,
    /// What it says, if it is text.
    pub text: String,
    /// What is in it.
    pub elements: Vec<Extension>,
}

impl Extension {
    /// The element with this name, of one of these namespaces.
    pub(super) fn find<'a>(all: &'a [Self], namespaces: &[&str], name: &str) -> Option<&'a Self> {
        all.iter().find(|one| {
            let namespace = one.namespace.as_deref();
            one.name == name && namespace.is_some_and(|known| namespaces.contains(&known))
        })
    }
}

/// An event hash as an `eventID` (RFC 6920, CBV 2.0 section 8.9).
pub(crate) fn event_id(hash: &H256) -> String {
    format!("ni:///sha-256;{}?ver=CBV2.0", hex::encode(hash))
}

/// The event hash that an `eventID` is.
pub(super) fn hash_in(id: &str) -> Option<H256> {
    let rest = id.strip_prefix("ni:///sha-256;")?;
    let (digits, version) = rest.split_once('?')?;
    if !version.starts_with("ver=CBV2") || digits.len() != 64 {
        return None;
    }
    let bytes: [u8; 32] = hex::decode(digits).ok()?.try_into().ok()?;
    Some(H256(bytes))
}
