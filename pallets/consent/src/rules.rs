//! The rules of consent, pure: what well-formed terms are, how a consent moves through its states,
//! and what one consent has to say to a query. No storage, no clock, no origin.

use crate::types::{
    Content, Draft, Duty, Finding, Grantee, Obligation, Provision, ProvisionDraft, ProvisionType,
    Status, Terms,
};
use alloc::vec::Vec;
use axonic_primitives::{
    consent::{AccessQuery, DataRef, Label, PurposeOfUse},
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
        let parents: Vec<_> = self
            .provisions
            .iter()
            .map(|provision| provision.parent)
            .collect();
        check_nesting(&parents)?;
        let provisions: Result<Vec<_>, _> = self
            .provisions
            .into_iter()
            .map(ProvisionDraft::check)
            .collect();
        Ok(Terms {
            scope: self.scope,
            decision: self.decision,
            period: self.period,
            provisions: provisions?
                .try_into()
                .map_err(|_| Fault::MaxProvisionsExceeded)?,
            policy_hash: self.policy_hash,
            evidence_hash: self.evidence_hash,
        })
    }
}

/// Every parent comes before its children and is not itself a child.
fn check_nesting(parents: &[Option<u8>]) -> Result<(), Fault> {
    for (index, parent) in parents.iter().enumerate() {
        let Some(parent) = parent.map(usize::from) else {
            continue;
        };
        let grandparent = parents.get(..index).and_then(|earlier| earlier.get(parent));
        match grandparent {
            None => return Err(Fault::BadParentIndex),
            Some(Some(_)) => return Err(Fault::ProvisionTooDeep),
            Some(None) => {}
        }
    }
    Ok(())
}

impl ProvisionDraft {
    fn check(self) -> Result<Provision, Fault> {
        if self.narrows_nothing() {
            return Err(Fault::NoProvisionTarget);
        }
        if ![self.period, self.data_period]
            .iter()
            .flatten()
            .all(Period::is_valid)
        {
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
            actors: self
                .actors
                .try_into()
                .map_err(|_| Fault::MaxActorsExceeded)?,
            actions: self.actions,
            purposes: self.purposes,
            labels: self.labels,
            classes: self
                .classes
                .try_into()
                .map_err(|_| Fault::MaxTargetsExceeded)?,
            codes: self
                .codes
                .try_into()
                .map_err(|_| Fault::MaxTargetsExceeded)?,
            data: self
                .data
                .try_into()
                .map_err(|_| Fault::MaxTargetsExceeded)?,
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

impl Terms {
    /// The provision with this index and the one that it is nested in, as far as there are any.
    pub fn with_parent(&self, index: usize) -> impl Iterator<Item = &Provision> {
        let provision = self.provisions.get(index);
        let parent = provision
            .and_then(|provision| provision.parent)
            .and_then(|parent| self.provisions.get(usize::from(parent)));
        provision.into_iter().chain(parent)
    }
}

impl core::ops::Not for ProvisionType {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Permit => Self::Deny,
            Self::Deny => Self::Permit,
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

    /// Confidentiality and sensitivity are judged each by itself.
    fn fit_labels(&self, query: &AccessQuery) -> Fit {
        let confidentiality = Codes::from(Label::CONFIDENTIALITY);
        let fit_kind = |carried: Codes<Label>, named: Codes<Label>| {
            if carried.is_empty() {
                Fit::Fully
            } else if named.is_empty() {
                Fit::Unnamed
            } else if carried.contains_all(named) {
                Fit::Fully
            } else if carried.intersects(named) {
                Fit::Partly
            } else {
                Fit::No
            }
        };
        let grade = |labels: Codes<Label>| labels.intersection(confidentiality);
        let kind = |labels: Codes<Label>| labels.without(confidentiality);
        fit_kind(grade(self.labels), grade(query.labels))
            .min(fit_kind(kind(self.labels), kind(query.labels)))
    }

    /// Each side of the data (which record, whose authorship, whose custody) is judged by itself.
    fn fit_data(&self, query: &AccessQuery) -> Fit {
        let fit_side = |side: &DataRef| {
            let carried = || self.data.iter().filter(|data| data.is_alike(side));
            let covered = |named: &DataRef| carried().any(|data| data.covers(named));
            let speaks = |named: &&DataRef| named.is_alike(side) || covered(named);
            let named = query.data.iter().filter(speaks).count();
            match query.data.iter().filter(|named| covered(named)).count() {
                _ if named == 0 => Fit::Unnamed,
                0 => Fit::No,
                all if all == named => Fit::Fully,
                _ => Fit::Partly,
            }
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
            }
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
        Self {
            finding,
            obligations: Vec::new(),
        }
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
/// exception to the one above (FHIR R5), so within a branch of provisions the deepest that matches
/// decides. Between branches a denial outweighs a permit. A provision that fits but for something
/// the query does not name does not decide: it becomes an obligation.
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
    let tree = Tree::of(terms, query, roles, now);
    let outcomes: Vec<_> = tree
        .branches
        .iter()
        .filter_map(|branch| branch.outcome(terms))
        .collect();
    let decision = combine(terms.decision, &outcomes);
    let deciding: Vec<_> = outcomes
        .iter()
        .filter(|outcome| outcome.decision == decision)
        .collect();
    let names_purpose = deciding.iter().any(|outcome| {
        terms
            .with_parent(usize::from(outcome.node.index))
            .any(|provision| provision.purposes.contains(query.purpose))
    });
    let provision = deciding.first().map(|outcome| outcome.node.index);
    let mut obligations = Vec::new();
    for (node, effect, of) in tree.left_open(terms.decision, decision, &deciding) {
        let duty = if effect == ProvisionType::Deny {
            Duty::Redact
        } else {
            Duty::Only
        };
        let content = of.content(query);
        obligations.push(Obligation {
            consent,
            provision: Some(node.index),
            duty,
            content,
        });
    }
    Verdict {
        finding: Finding::Decides {
            decision,
            provision,
            names_purpose,
        },
        obligations,
    }
}

/// What the branches decide together: a denial outweighs any number of permits. Two exceptions that
/// each give back only a part of what was asked for do not add up to a whole, so they permit nothing.
fn combine(base: ProvisionType, outcomes: &[Outcome<'_>]) -> ProvisionType {
    let parts = outcomes
        .iter()
        .filter(|outcome| outcome.node.fit == Fit::Partly)
        .count();
    let in_parts = base == ProvisionType::Permit && parts > 1;
    if outcomes.is_empty() {
        base
    } else if in_parts
        || outcomes
            .iter()
            .any(|outcome| outcome.decision == ProvisionType::Deny)
    {
        ProvisionType::Deny
    } else {
        ProvisionType::Permit
    }
}

/// A provision that fits in some way, and its exceptions that do.
struct Branch<'a> {
    top: Node<'a>,
    nested: Vec<Node<'a>>,
}

/// What a branch decides, and by which provision.
struct Outcome<'a> {
    decision: ProvisionType,
    node: &'a Node<'a>,
}

/// Something left open: the provision, what it would turn the answer to, and the provision whose
/// content describes the data in question.
type LeftOpen<'a> = (&'a Node<'a>, ProvisionType, &'a Provision);

impl Node<'_> {
    fn matches(&self) -> bool {
        self.fit >= Fit::Partly
    }
}

impl<'a> Branch<'a> {
    fn outcome(&'a self, terms: &Terms) -> Option<Outcome<'a>> {
        if !self.top.matches() {
            return None;
        }
        // Of several that match, one that fits in full speaks for the whole query.
        let nested = self
            .nested
            .iter()
            .filter(|node| node.matches())
            .max_by_key(|node| node.fit);
        Some(match nested {
            Some(node) => Outcome {
                decision: terms.decision,
                node,
            },
            None => Outcome {
                decision: !terms.decision,
                node: &self.top,
            },
        })
    }

    /// Which content an open exception within this branch is about. Of one that fits in full, it is
    /// the branch's that was left open.
    fn open_content(&self, nested: &Node<'a>) -> &'a Provision {
        if nested.fit == Fit::Fully {
            self.top.provision
        } else {
            nested.provision
        }
    }
}

/// The provisions that fit in some way.
struct Tree<'a> {
    branches: Vec<Branch<'a>>,
}

impl<'a> Tree<'a> {
    fn of(terms: &'a Terms, query: &AccessQuery, roles: Codes<Role>, now: Moment) -> Self {
        let mut branches: Vec<Branch<'a>> = Vec::new();
        for (index, provision) in (0u8..).zip(terms.provisions.iter()) {
            let fit = provision.fit(query, roles, now);
            if fit == Fit::No {
                continue;
            }
            let node = Node {
                index,
                provision,
                fit,
            };
            match provision.parent {
                None => branches.push(Branch {
                    top: node,
                    nested: Vec::new(),
                }),
                Some(parent) => {
                    // Without its parent an exception has nothing to be an exception to.
                    if let Some(branch) = branches.iter_mut().find(|b| b.top.index == parent) {
                        branch.nested.push(node);
                    }
                }
            }
        }
        Self { branches }
    }

    /// What a query left open and could turn the answer, or part of it, around; and what a permit
    /// is limited to.
    fn left_open(
        &'a self,
        base: ProvisionType,
        decision: ProvisionType,
        deciding: &[&Outcome<'a>],
    ) -> Vec<LeftOpen<'a>> {
        let mut open = limits(base, decision, deciding);
        let turned = decision != base;
        for branch in &self.branches {
            let top = &branch.top;
            if top.matches() {
                // What decides this branch can still be excepted from, unless that has happened.
                let excepted = branch.nested.iter().any(Node::matches);
                let nested = branch.nested.iter().filter(|node| !node.matches());
                let nested = nested.filter(|_| turned && !excepted);
                open.extend(nested.map(|node| (node, base, node.provision)));
            } else {
                // Where the base stands, the branch could turn it and its exceptions keep it. Where
                // the base was turned to a permit, only its exceptions could take that back.
                let top_counts = (!turned).then_some((top, !base, top.provision));
                open.extend(top_counts);
                let nested_counts = !turned || base == ProvisionType::Deny;
                let nested = branch.nested.iter().filter(|_| nested_counts);
                open.extend(nested.map(|node| (node, base, branch.open_content(node))));
            }
        }
        open
    }
}

/// Permits that match only part of what was asked for are permits for that part.
///
/// Exceptions to a denial add up, so one that matches everything lifts the limit; an exception
/// within a denying branch limits whatever else permits.
fn limits<'a>(
    base: ProvisionType,
    decision: ProvisionType,
    deciding: &[&Outcome<'a>],
) -> Vec<LeftOpen<'a>> {
    let lifted = base == ProvisionType::Deny
        && deciding
            .iter()
            .any(|outcome| outcome.node.fit == Fit::Fully);
    let limited = decision == ProvisionType::Permit && !lifted;
    let partly = deciding
        .iter()
        .filter(|outcome| limited && outcome.node.fit == Fit::Partly);
    partly
        .map(|outcome| (outcome.node, ProvisionType::Permit, outcome.node.provision))
        .collect()
}

/// Whether a consent's denial holds against an open emergency access: only one that names the
/// emergency does, because breaking the glass is for when everything else was denied.
pub const fn forbids_emergency(finding: &Finding, purpose: PurposeOfUse) -> bool {
    purpose.is_emergency()
        && matches!(
            finding,
            Finding::Decides {
                decision: ProvisionType::Deny,
                names_purpose: true,
                ..
            }
        )
}

/// Whether the consortium may decide so where patients said nothing: it opens no emergency access
/// that nobody would review.
pub fn may_be_default(purpose: PurposeOfUse, decision: ProvisionType) -> bool {
    !purpose.is_emergency() || decision == ProvisionType::Deny
}
