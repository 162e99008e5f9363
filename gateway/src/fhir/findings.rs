//! What was found on the way through a document: what each element became, and what was refused.

use serde::Serialize;
use std::fmt;

/// An element the chain cannot keep, and why.
///
/// Shows names of elements that the tables have and codes that FHIR or the chain has for the very
/// element, never what else stands in a document: it might be anything.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Refusal {
    /// Where, as a FHIR path with indices: `Consent.provision[0].purpose[1]`.
    pub path: String,
    /// Why, as a sentence without its full stop.
    pub reason: String,
}

impl Refusal {
    pub(crate) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

/// What happened to an element that was accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It is part of the terms.
    Mapped,
    /// It says what the terms say already, so they are the same without it.
    Redundant,
    /// The terms mean the same without it.
    Administrative,
}

/// What became of one element.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Note {
    /// Where, as a FHIR path with indices.
    pub path: String,
    /// What happened to it.
    pub outcome: Outcome,
    /// What it became, or why it is safe to leave out.
    pub became: String,
}

/// Everything found in one document.
#[derive(Default)]
pub(crate) struct Findings {
    pub notes: Vec<Note>,
    pub refusals: Vec<Refusal>,
}

impl Findings {
    /// Records a refusal. The first reason at a path is the one that is told.
    pub fn refuse(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        let refusal = Refusal::new(path, reason);
        if self
            .refusals
            .iter()
            .all(|earlier| earlier.path != refusal.path)
        {
            self.refusals.push(refusal);
        }
    }

    /// What was found; a refusal is put on record.
    pub fn found<T>(&mut self, found: Result<T, Refusal>) -> Option<T> {
        found
            .map_err(|refusal| self.refuse(refusal.path, refusal.reason))
            .ok()
    }

    pub fn mapped(&mut self, path: impl Into<String>, became: impl Into<String>) {
        self.note(path, Outcome::Mapped, became);
    }

    pub fn redundant(&mut self, path: impl Into<String>, why: impl Into<String>) {
        self.note(path, Outcome::Redundant, why);
    }

    pub fn administrative(&mut self, path: impl Into<String>, why: impl Into<String>) {
        self.note(path, Outcome::Administrative, why);
    }

    fn note(&mut self, path: impl Into<String>, outcome: Outcome, became: impl Into<String>) {
        self.notes.push(Note {
            path: path.into(),
            outcome,
            became: became.into(),
        });
    }
}
