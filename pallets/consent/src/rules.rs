//! The rules of consent, pure: what well-formed terms are, how a consent moves through its states,
//! and what one consent has to say to a query. No storage, no clock, no origin.

use crate::types::{
    Content, Draft, Duty, Finding, Grantee, Obligation, Provision, ProvisionDraft, ProvisionType,
    Status, Terms,
};
use alloc::vec::Vec;
use axonic_primitives::{
    consent::{AccessQuery, DataRef, PurposeOfUse},
    membership::Role,
    Codes, ConsentId, Moment, Period,
};

/// What can happen to a consent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// The patient accepts a proposal.
    Accept,
    /// The patient declines a proposal.
    Reject,
    /// The patient takes it back.
    Withdraw,
    /// A later consent takes its place.
    Supersede,
    /// It should never have been recorded.
    MarkEnteredInError,
}

/// Why an event cannot happen to a consent in this state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IllegalMove {
    /// Only a proposal can be answered.
    NotProposed,
    /// Only an active consent can be ended.
    NotActive,
    /// Nothing happens to a consent that was entered in error.
    EnteredInErrorIsFinal,
}

impl Status {
    /// The state after `event`.
    pub const fn next(self, event: Event) -> Result<Self, IllegalMove> {
        match (self, event) {
            (Self::EnteredInError, _) => Err(IllegalMove::EnteredInErrorIsFinal),
            (_, Event::MarkEnteredInError) => Ok(Self::EnteredInError),
            (Self::Proposed, Event::Accept) => Ok(Self::Active),
            (Self::Proposed, Event::Reject) => Ok(Self::Rejected),
            (_, Event::Accept | Event::Reject) => Err(IllegalMove::NotProposed),
            (Self::Active, Event::Withdraw) => Ok(Self::Withdrawn),
            (Self::Active, Event::Supersede) => Ok(Self::Superseded),
            (_, Event::Withdraw | Event::Supersede) => Err(IllegalMove::NotActive),
        }
    }
}

/// What is wrong with a draft.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A period ends before it starts.
    InvalidPeriod,
    /// The consent's period is already over.
    PeriodInPast,
    /// A provision narrows nothing, so it would turn the whole consent around.
    NoProvisionTarget,
    /// A provision is nested in one that is itself nested.
    ProvisionTooDeep,
    /// A provision's parent does not come before it.
    BadParentIndex,
    /// More than [`crate::types::MAX_PROVISIONS`] provisions.
    MaxProvisionsExceeded,
    /// More than [`crate::types::MAX_ACTORS`] actors.
    MaxActorsExceeded,
    /// More classes, codes or data than a provision may name.
    MaxTargetsExceeded,
    /// An action the chain does not know.
    UnknownAction,
    /// A purpose of use the chain does not know.
    UnknownPurpose,
    /// A security label the chain does not know.
    UnknownLabel,
}

impl Draft {
    /// The terms, if the draft is well formed and not over by `now`.
    pub fn check(self, now: Moment) -> Result<Terms, Fault> {
        if !self.period.is_valid() {
            return Err(Fault::InvalidPeriod);
        }
        if self.period.is_over(now) {
            return Err(Fault::PeriodInPast);
        }
        let parents: Vec<_> = self.provisions.iter().map(|provision| provision.parent).collect();
        check_nesting(&parents)?;
        let provisions: Result<Vec<_>, _> =
            self.provisions.into_iter().map(ProvisionDraft::check).collect();
        Ok(Terms {
            scope: self.scope,
            decision: self.decision,
            period: self.period,
            provisions: provisions?.try_into().map_err(|_| Fault::MaxProvisionsExceeded)?,
            policy_hash: self.policy_hash,
            evidence_hash: self.evidence_hash,
        })
    }
}

/// Every parent comes before its children and is not itself a child.
fn check_nesting(parents: &[Option<u8>]) -> Result<(), Fault> {
    for (index, parent) in parents.iter().enumerate() {
        let Some(parent) = parent.map(usize::from) else { continue };
        let grandparent = parents.get(..index).and_then(|earlier| earlier.get(parent));
        match grandparent {
            None => return Err(Fault::BadParentIndex),
            Some(Some(_)) => return Err(Fault::ProvisionTooDeep),
            Some(None) => {},
        }
    }
    Ok(())
}

impl ProvisionDraft {
    fn check(self) -> Result<Provision, Fault> {
        if self.narrows_nothing() {
            return Err(Fault::NoProvisionTarget);
        }
        if ![self.period, self.data_period].iter().flatten().all(Period::is_valid) {
            return Err(Fault::InvalidPeriod);
        }
        if !self.actions.is_known() {
            return Err(Fault::UnknownAction);
        }
        if !self.purposes.is_known() {
            return Err(Fault::UnknownPurpose);
        }
        if !self.labels.is_known() {
            return Err(Fault::UnknownLabel);
        }
        Ok(Provision {
            parent: self.parent,
            actors: self.actors.try_into().map_err(|_| Fault::MaxActorsExceeded)?,
            actions: self.actions,
            purposes: self.purposes,
            labels: self.labels,
            classes: self.classes.try_into().map_err(|_| Fault::MaxTargetsExceeded)?,
            codes: self.codes.try_into().map_err(|_| Fault::MaxTargetsExceeded)?,
            data: self.data.try_into().map_err(|_| Fault::MaxTargetsExceeded)?,
            period: self.period,
            data_period: self.data_period,
        })
    }

    fn narrows_nothing(&self) -> bool {
        self.actors.is_empty()
            && self.actions.is_empty()
            && self.purposes.is_empty()
            && self.labels.is_empty()
            && self.classes.is_empty()
            && self.codes.is_empty()
            && self.data.is_empty()
            && self.period.is_none()
            && self.data_period.is_none()
    }
}

impl From<Provision> for ProvisionDraft {
    fn from(provision: Provision) -> Self {
        Self {
            parent: provision.parent,
            actors: provision.actors.into_inner(),
            actions: provision.actions,
            purposes: provision.purposes,
            labels: provision.labels,
            classes: provision.classes.into_inner(),
            codes: provision.codes.into_inner(),
            data: provision.data.into_inner(),
            period: provision.period,
            data_period: provision.data_period,
        }
    }
}

impl From<Terms> for Draft {
    fn from(terms: Terms) -> Self {
        Self {
            scope: terms.scope,
            decision: terms.decision,
            period: terms.period,
            provisions: terms.provisions.into_iter().map(Into::into).collect(),
            policy_hash: terms.policy_hash,
            evidence_hash: terms.evidence_hash,
        }
    }
}

/// How well something that a provision carries fits the query. Ordered from worst to best, so that
/// the fit of several attributes is the worst of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fit {
    /// It does not.
    No,
    /// The query does not say; whether it fits depends on the data.
    Unnamed,
    /// Part of what the query names fits.
    Partly,
    /// All of what the query names fits.
    Fully,
}

/// The fit of a list: nothing carried fits anything.
fn fit_list<T: PartialEq>(carried: &[T], named: &[T]) -> Fit {
    if carried.is_empty() {
        return Fit::Fully;
    }
    if named.is_empty() {
        return Fit::Unnamed;
    }
    match named.iter().filter(|item| carried.contains(item)).count() {
        0 => Fit::No,
        all if all == named.len() => Fit::Fully,
        _ => Fit::Partly,
    }
}

impl Provision {
    /// How well the provision fits a query by a recipient whose organisation has `roles`.
    pub fn fit(&self, query: &AccessQuery, roles: Codes<Role>, now: Moment) -> Fit {
        let fits = [
            self.fit_period(now),
            self.fit_action_and_purpose(query),
            self.fit_actors(query, roles),
            self.fit_labels(query),
            fit_list(&self.classes, &query.classes),
            fit_list(&self.codes, &query.codes),
            self.fit_data(query),
            self.fit_data_period(query),
        ];
        fits.into_iter().min().unwrap_or(Fit::Fully)
    }

    fn fit_period(&self, now: Moment) -> Fit {
        if self.period.is_none_or(|period| period.contains(now)) {
            Fit::Fully
        } else {
            Fit::No
        }
    }

    fn fit_action_and_purpose(&self, query: &AccessQuery) -> Fit {
        let action = self.actions.is_empty() || self.actions.contains(query.action);
        let purpose = self.purposes.is_empty() || self.purposes.contains(query.purpose);
        if action && purpose {
            Fit::Fully
        } else {
            Fit::No
        }
    }

    /// A provision about one practitioner leaves a query that names only an organisation open: it
    /// might be that practitioner who reads.
    fn fit_actors(&self, query: &AccessQuery, roles: Codes<Role>) -> Fit {
        let fit_one = |grantee: &Grantee| match grantee {
            Grantee::Any => Fit::Fully,
            Grantee::Organisation(org) if *org == query.recipient.org => Fit::Fully,
            Grantee::RoleClass(role) if roles.contains(*role) => Fit::Fully,
            Grantee::Practitioner(account) => match &query.recipient.practitioner {
                Some(practitioner) if practitioner == account => Fit::Fully,
                Some(_) => Fit::No,
                None => Fit::Unnamed,
            },
            _ => Fit::No,
        };
        if self.actors.is_empty() {
            Fit::Fully
        } else {
            self.actors.iter().map(fit_one).max().unwrap_or(Fit::No)
        }
    }

    fn fit_labels(&self, query: &AccessQuery) -> Fit {
        if self.labels.is_empty() {
            Fit::Fully
        } else if query.labels.is_empty() {
            Fit::Unnamed
        } else if self.labels.contains_all(query.labels) {
            Fit::Fully
        } else if self.labels.intersects(query.labels) {
            Fit::Partly
        } else {
            Fit::No
        }
    }

    /// Each side of the data (which record, whose authorship, whose custody) is judged by itself.
    fn fit_data(&self, query: &AccessQuery) -> Fit {
        let fit_side = |side: &DataRef| {
            let carried: Vec<_> = self.data.iter().filter(|data| data.is_alike(side)).collect();
            let named: Vec<_> = query.data.iter().filter(|data| data.is_alike(side)).collect();
            fit_list(&carried, &named)
        };
        self.data.iter().map(fit_side).min().unwrap_or(Fit::Fully)
    }

    fn fit_data_period(&self, query: &AccessQuery) -> Fit {
        match (self.data_period, query.data_period) {
            (None, _) => Fit::Fully,
            (Some(_), None) => Fit::Unnamed,
            (Some(carried), Some(named)) if carried.covers(&named) => Fit::Fully,
            (Some(carried), Some(named)) if carried.intersects(&named) => Fit::Partly,
            _ => Fit::No,
        }
    }

    /// The side of the provision that a query may leave open.
    fn content(&self, query: &AccessQuery) -> Content {
        let practitioners = self.actors.iter().filter_map(|grantee| match grantee {
            Grantee::Practitioner(account) if query.recipient.practitioner.is_none() => {
                Some(account.clone())
            },
            _ => None,
        });
        Content {
            labels: self.labels,
            classes: self.classes.to_vec(),
            codes: self.codes.to_vec(),
            data: self.data.to_vec(),
            data_period: self.data_period,
            practitioners: practitioners.collect(),
        }
    }
}

/// What one consent says to a query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// For, against, or nothing.
    pub finding: Finding,
    /// What the query was too unspecific for, and what a permit is limited to.
    pub obligations: Vec<Obligation>,
}

impl Verdict {
    fn silent(finding: Finding) -> Self {
        Self { finding, obligations: Vec::new() }
    }
}

/// One provision in the tree, with its fit.
struct Node<'a> {
    index: u8,
    provision: &'a Provision,
    fit: Fit,
}

/// What `terms` say to `query` at `now`.
///
/// The consent's decision holds unless a provision matches; each level of provisions is an
/// exception to the one above (FHIR R5), so the deepest provision that matches decides. A provision
/// that fits but for something the query does not name does not decide: it becomes an obligation.
pub fn judge(
    consent: ConsentId,
    terms: &Terms,
    query: &AccessQuery,
    roles: Codes<Role>,
    now: Moment,
) -> Verdict {
    if !terms.period.contains(now) {
        return Verdict::silent(Finding::OutsidePeriod);
    }
    if !terms.scope.fits(query.purpose) {
        return Verdict::silent(Finding::ScopeDoesNotFit);
    }
    let nodes: Vec<_> = (0u8..)
        .zip(terms.provisions.iter())
        .map(|(index, provision)| Node { index, provision, fit: provision.fit(query, roles, now) })
        .filter(|node| node.fit > Fit::No)
        .collect();
    let branches = || nodes.iter().filter(|node| node.provision.parent.is_none());
    let children = |branch: &Node<'_>| {
        let parent = Some(branch.index);
        nodes.iter().filter(move |node| node.provision.parent == parent)
    };
    let matches = |node: &&Node<'_>| node.fit >= Fit::Partly;

    let nested = branches().filter(matches).flat_map(children).find(matches);
    let direct = branches().find(matches);
    let (decision, deciding) = match (nested, direct) {
        (Some(node), _) => (terms.decision, Some(node)),
        (None, Some(node)) => (!terms.decision, Some(node)),
        (None, None) => (terms.decision, None),
    };

    let mut obligations = Vec::new();
    let mut oblige = |node: &Node<'_>, effect: ProvisionType, content: Content| {
        let duty = if effect == ProvisionType::Deny { Duty::Redact } else { Duty::Only };
        obligations.push(Obligation { consent, provision: node.index, duty, content });
    };
    if let Some(node) = deciding {
        // A permit for part of what was asked for is a permit for that part only.
        if decision == ProvisionType::Permit && node.fit == Fit::Partly {
            oblige(node, decision, node.provision.content(query));
        }
    }
    // What was left open can still go deeper than what decided: under a nested match nothing does,
    // under a direct match only nested provisions, and otherwise every branch.
    if nested.is_none() {
        for branch in branches() {
            if direct.is_none() {
                oblige(branch, !terms.decision, branch.provision.content(query));
            }
            for child in children(branch) {
                // Of a child that fits as far as it goes, it is the branch that was left open.
                let open = if child.fit == Fit::Unnamed { child } else { branch };
                oblige(child, terms.decision, open.provision.content(query));
            }
        }
    }

    let names_purpose = deciding.is_some_and(|node| {
        let parent = node.provision.parent.and_then(|i| terms.provisions.get(usize::from(i)));
        core::iter::once(node.provision)
            .chain(parent)
            .any(|provision| provision.purposes.contains(query.purpose))
    });
    let provision = deciding.map(|node| node.index);
    Verdict { finding: Finding::Decides { decision, provision, names_purpose }, obligations }
}

/// Whether a consent's denial holds against an open emergency access: only one that names the
/// emergency does, because breaking the glass is for when everything else was denied.
pub const fn forbids_emergency(finding: &Finding, purpose: PurposeOfUse) -> bool {
    purpose.is_emergency()
        && matches!(
            finding,
            Finding::Decides { decision: ProvisionType::Deny, names_purpose: true, .. }
        )
}
