//! FHIR `AuditEvent`: a row of a custodian's own access log.
//!
//! The chain keeps nothing of a row but that it is a leaf of a batch, in the order of `recorded`
//! and within the stretch of time that the batch covers. So `recorded` is the only element that
//! decides anything; all others are checked and covered by the commitment to the event as a whole.

use super::{elements, findings::Findings, node::Node, period, Note, Refusal, Resource, Version};
use axonic_primitives::{consent::ResourceType, merkle::MAX_LEAVES, Code, Moment};

/// A row of an access log as it goes into a batch.
///
/// Has no `Debug`, so that what it says cannot end up in a log.
pub struct AuditEvent {
    /// The version it is written in.
    pub version: Version,
    /// When it was recorded, UTC milliseconds.
    pub recorded: Moment,
    /// The RFC 8785 canonical form of the whole event, to be committed to.
    pub canonical: Vec<u8>,
    /// What became of each element of the event itself.
    pub notes: Vec<Note>,
}

impl AuditEvent {
    /// Refuses what is recorded later than `now`, as the chain would.
    pub fn check(&self, now: Moment) -> Result<(), Refusal> {
        if self.recorded > now {
            return Err(Refusal::new("AuditEvent.recorded", "is in the future"));
        }
        Ok(())
    }
}

/// Reads an `AuditEvent`, or says all that stands in the way. Without a `version` it is told by the
/// event's elements.
pub fn read(resource: &Resource, version: Option<Version>) -> Result<AuditEvent, Vec<Refusal>> {
    let kind = ResourceType::AuditEvent.code();
    resource.expect(ResourceType::AuditEvent)?;
    let version = match version {
        Some(version) => version,
        None => elements::version_of(elements::COMMITTED, kind, resource.value())
            .map_err(|refusal| vec![refusal])?,
    };
    let mut findings = Findings::default();
    elements::check_shape(version, kind, resource.value(), &mut findings);

    let event = Node::at(resource.value(), kind);
    let recorded = event.text("recorded").and_then(|text| {
        let path = event.path_of("recorded");
        match period::fhir_instant(text) {
            Ok(moment) => {
                findings.mapped(path, period::moment_in_words(moment));
                Some(moment)
            }
            Err(reason) => {
                findings.refuse(path, reason);
                None
            }
        }
    });
    let canonical = findings.found(resource.canonical());
    match (recorded, canonical) {
        (Some(recorded), Some(canonical)) if findings.refusals.is_empty() => Ok(AuditEvent {
            version,
            recorded,
            canonical,
            notes: findings.notes,
        }),
        _ => Err(findings.refusals),
    }
}

/// A batch of an access log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessLog {
    /// Which event is which leaf: the events' places before they were put in order.
    pub order: Vec<usize>,
    /// When the first event was recorded, UTC milliseconds.
    pub first_at: Moment,
    /// When the last event was recorded, UTC milliseconds.
    pub last_at: Moment,
}

impl AccessLog {
    /// Puts events that were recorded then in order. Those of the same instant stay as they are
    /// given.
    ///
    /// Refuses none, and more than [`MAX_LEAVES`].
    pub fn of(recorded: &[Moment]) -> Result<Self, Refusal> {
        let mut order: Vec<usize> = (0..recorded.len()).collect();
        order.sort_by_key(|place| recorded.get(*place).copied());
        let at = |place: Option<&usize>| recorded.get(*place?).copied();
        match (at(order.first()), at(order.last())) {
            (Some(first_at), Some(last_at)) if order.len() <= MAX_LEAVES as usize => Ok(Self {
                order,
                first_at,
                last_at,
            }),
            (None, _) | (_, None) => Err(Refusal::new(FILES, "hold no audit event")),
            _ => {
                let (count, most) = (order.len(), MAX_LEAVES);
                let reason = format!(
                    "hold {count} audit events; a batch has {most} at most, so give them in parts"
                );
                Err(Refusal::new(FILES, reason))
            }
        }
    }
}

/// Where a refusal points that is about all files together.
const FILES: &str = "(files)";

#[cfg(test)]
mod tests;
