//! The decision: reads what the patient said, judges each consent by the rules, and combines.

use crate::{
    rules,
    types::{
        Consent, Content, Decision, Duty, Explanation, Finding, Grantee, Obligation, ProvisionType,
        Step,
    },
    BreakGlasses, Config, Defaults, Error, Ledgers, LiveConsents, OpenBreakGlasses, Pallet,
    Withdrawals,
};
use alloc::vec::Vec;
use axonic_primitives::{
    consent::{AccessQuery, Action, Basis, Denial, PurposeOfUse, Scope, MAX_LIVE_CONSENTS},
    credentials::{Credentials, Privilege},
    membership::{Member, Membership},
    patients::Patients,
    AccountId, BreakGlassId, Clock, ConsentId, Moment, PatientId, Period, Refusal,
};
use sp_runtime::DispatchError;

/// A permit found on the way: which consent gave it, in which version and place in the order.
struct Permit {
    consent: ConsentId,
    version: u32,
    granted: (Moment, u64),
}

/// A denial found on the way.
struct Refused {
    consent: ConsentId,
    provision: Option<u8>,
    names_purpose: bool,
}

/// The patient holds more consents than one hearing reads.
pub(crate) struct TooManyConsents;

impl From<TooManyConsents> for Denial {
    fn from(_: TooManyConsents) -> Self {
        Self::TooManyConsents
    }
}

impl<T> From<TooManyConsents> for Error<T> {
    fn from(_: TooManyConsents) -> Self {
        Self::TooManyConsents
    }
}

/// What has been heard so far from the patient's consents.
#[derive(Default)]
pub(crate) struct Hearing {
    permit: Option<Permit>,
    refused: Option<Refused>,
    obligations: Vec<Obligation>,
    /// What consents that name an emergency want left out even then.
    emergency_redactions: Vec<Obligation>,
    /// Something was withdrawn from the recipient, so the patient did not say nothing.
    withdrawn: bool,
    steps: Vec<Step>,
}

impl<T: Config> Pallet<T> {
    /// The answer to a query and the way to it. `at` without a value is the chain's clock.
    pub fn explanation(
        patient: PatientId,
        query: &AccessQuery,
        at: Option<Moment>,
    ) -> Result<Explanation, Refusal> {
        Self::examine(patient, query, at).map_err(|error| DispatchError::from(error).into())
    }

    /// The same, with the error that a call would give.
    pub(crate) fn examine(
        patient: PatientId,
        query: &AccessQuery,
        at: Option<Moment>,
    ) -> Result<Explanation, Error<T>> {
        if !query.labels.is_known() {
            return Err(Error::UnknownLabel);
        }
        if !query.data_period.as_ref().is_none_or(Period::is_valid) {
            return Err(Error::InvalidPeriod);
        }
        let standing = T::Patients::standing(&patient).ok_or(Error::NotFound)?;
        let now = at.unwrap_or_else(T::Clock::now);
        let mut explanation = Explanation {
            patient: standing.canonical,
            at: now,
            steps: Vec::new(),
            break_glass: None,
            default: None,
            decision: Decision::NoConsent,
        };
        let recipient = Self::recipient(query);
        explanation.decision = match recipient {
            _ if !standing.active => Decision::deny(Denial::PatientNotActive),
            None => Decision::deny(Denial::RecipientNotActive),
            Some(member) => Self::emergency_credential(query, &member, now)
                .and_then(|()| Self::decide(&mut explanation, query, &member))
                .unwrap_or_else(Decision::deny),
        };
        Ok(explanation)
    }

    /// How many times a consent was judged: once each, and for an emergency once for either kind.
    pub(crate) fn judged(explanation: &Explanation, query: &AccessQuery) -> u32 {
        let times = if query.purpose.is_emergency() { 2 } else { 1 };
        u32::try_from(explanation.steps.len())
            .unwrap_or(u32::MAX)
            .saturating_mul(times)
    }

    /// The organisation that would receive the data, if it is a member in good standing and the
    /// practitioner, if one is named, acts for it.
    fn recipient(query: &AccessQuery) -> Option<Member> {
        let recipient = &query.recipient;
        if let Some(practitioner) = &recipient.practitioner {
            T::Membership::actor(practitioner)
                .ok()
                .filter(|actor| actor.org == recipient.org)?;
        }
        T::Membership::member(recipient.org).filter(|member| member.active)
    }

    /// For an emergency, whether the practitioner has the credential; for anything else, yes.
    pub(crate) fn emergency_credential(
        query: &AccessQuery,
        member: &Member,
        now: Moment,
    ) -> Result<(), Denial> {
        if !query.purpose.is_emergency() {
            return Ok(());
        }
        let practitioner = query
            .recipient
            .practitioner
            .as_ref()
            .ok_or(Denial::NotCredentialed)?;
        T::Credentials::has(
            practitioner,
            Privilege::EmergencyAccess,
            member.jurisdiction,
            now,
        )
        .map(drop)
        .map_err(Denial::from)
    }

    /// The decision, or the denial that no consent is behind.
    fn decide(
        explanation: &mut Explanation,
        query: &AccessQuery,
        member: &Member,
    ) -> Result<Decision, Denial> {
        let now = explanation.at;
        let patient = explanation.patient;
        let hearing = Self::hear(&patient, query, member, now)?;
        let forbids_emergency = hearing.forbids_emergency(query);
        explanation.steps = hearing.steps;
        let permitted =
            hearing.permit.is_some() && hearing.refused.is_none() && hearing.obligations.is_empty();
        if query.purpose.is_emergency() && !permitted && !forbids_emergency {
            explanation.break_glass = Self::open_break_glass_of(&patient, query, now);
            if let Some(id) = explanation.break_glass {
                return Ok(Decision::Permit {
                    basis: Basis::BreakGlass(id),
                    obligations: hearing.emergency_redactions,
                });
            }
        }
        // Deny overrides: one consent against it outweighs any number for it.
        if let Some(refused) = hearing.refused {
            return Ok(Decision::Deny {
                reason: Denial::ConsentDenies(refused.consent),
                provision: refused.provision,
                unless: hearing.obligations,
            });
        }
        if let Some(permit) = hearing.permit {
            let basis = Basis::Consent {
                consent: permit.consent,
                version: permit.version,
            };
            return Ok(Decision::Permit {
                basis,
                obligations: hearing.obligations,
            });
        }
        let scope = Scope::of(query.purpose);
        explanation.default = Self::default_about(&patient, query, member);
        Ok(match explanation.default {
            Some(ProvisionType::Permit) if !hearing.withdrawn => Decision::Permit {
                basis: Basis::Default(scope),
                obligations: hearing.obligations,
            },
            Some(ProvisionType::Deny) => Decision::deny(Denial::DefaultDenies(scope)),
            Some(ProvisionType::Permit) | None => Decision::NoConsent,
        })
    }

    /// What holds where the patient said nothing: the law of the recipient's country and that of
    /// the organisation that looks after the patient, of which a denial weighs more.
    fn default_about(
        patient: &PatientId,
        query: &AccessQuery,
        member: &Member,
    ) -> Option<ProvisionType> {
        let scope = Scope::of(query.purpose);
        let of = |jurisdiction| Defaults::<T>::get((scope, query.purpose, jurisdiction));
        let home = T::Patients::managing_org(patient).and_then(T::Membership::member);
        let defaults = [
            of(member.jurisdiction),
            home.and_then(|home| of(home.jurisdiction)),
        ];
        let denied = defaults.contains(&Some(ProvisionType::Deny));
        if denied {
            Some(ProvisionType::Deny)
        } else {
            defaults[0]
        }
    }

    /// Hears every consent the patient holds, under whichever id it was granted; about an emergency,
    /// what each says of either kind.
    pub(crate) fn hear(
        patient: &PatientId,
        query: &AccessQuery,
        member: &Member,
        now: Moment,
    ) -> Result<Hearing, TooManyConsents> {
        let identities = T::Patients::identities(patient);
        let held = identities.iter().fold(0u32, |held, identity| {
            held.saturating_add(Ledgers::<T>::get(identity).live)
        });
        if held > MAX_LIVE_CONSENTS {
            return Err(TooManyConsents);
        }
        let mut hearing = Self::hear_about(&identities, query, member, now);
        if let Some(purpose) = query.purpose.other_emergency() {
            let other = AccessQuery {
                purpose,
                ..query.clone()
            };
            hearing.heed(Self::hear_about(&identities, &other, member, now), purpose);
        }
        Ok(hearing)
    }

    /// Hears every consent about this purpose alone.
    fn hear_about(
        identities: &[PatientId],
        query: &AccessQuery,
        member: &Member,
        now: Moment,
    ) -> Hearing {
        let mut hearing = Hearing::default();
        let mut offers = Vec::new();
        for identity in identities {
            let mut withdrawals = None;
            for (id, consent) in LiveConsents::<T>::iter_prefix(identity) {
                let verdict = rules::judge(id, &consent.terms, query, member.roles, now);
                let mut finding = verdict.finding;
                let mut obligations = verdict.obligations;
                hearing.keep_for_emergency(&obligations, &consent);
                if let Finding::Decides {
                    decision: ProvisionType::Permit,
                    ..
                } = finding
                {
                    let from: &Withdrawn =
                        withdrawals.get_or_insert_with(|| Self::withdrawn(identity, query));
                    if consent.sequence < from.before {
                        finding = Finding::WithdrawnFromRecipient;
                        obligations.retain(|obligation| obligation.duty == Duty::Redact);
                    } else {
                        obligations.extend(from.others(id, &consent));
                    }
                }
                if let Some(decision) = hearing.note(id, &consent, &finding) {
                    offers.push((decision, obligations));
                }
                hearing.steps.push(Step {
                    consent: id,
                    version: consent.version,
                    finding,
                });
            }
        }
        // Obligations of a permit count while nothing denies; hints of a denial once one does.
        let answer = match hearing.refused {
            Some(_) => ProvisionType::Deny,
            None => ProvisionType::Permit,
        };
        let relevant = offers
            .into_iter()
            .filter(|(decision, _)| *decision == answer);
        hearing.obligations = relevant.flat_map(|(_, obligations)| obligations).collect();
        hearing
    }

    /// What was withdrawn from the recipient, or from practitioners who may be behind it.
    fn withdrawn(identity: &PatientId, query: &AccessQuery) -> Withdrawn {
        let recipient = &query.recipient;
        let from_org = Withdrawals::<T>::get(identity, Grantee::Organisation(recipient.org));
        match recipient.practitioner.clone() {
            Some(practitioner) => {
                let from_person =
                    Withdrawals::<T>::get(identity, Grantee::Practitioner(practitioner));
                Withdrawn {
                    before: from_org.max(from_person),
                    practitioners: Vec::new(),
                }
            }
            None => {
                let people = Withdrawals::<T>::iter_prefix(identity);
                let people = people.filter_map(|(grantee, before)| match grantee {
                    Grantee::Practitioner(account) => Some((account, before)),
                    _ => None,
                });
                Withdrawn {
                    before: from_org,
                    practitioners: people.collect(),
                }
            }
        }
    }

    /// The recipient's emergency access to the patient, if one is open.
    pub(crate) fn open_break_glass_of(
        patient: &PatientId,
        query: &AccessQuery,
        now: Moment,
    ) -> Option<BreakGlassId> {
        let practitioner = query.recipient.practitioner.as_ref()?;
        // It is for seeing and using what is there, not for changing or passing it on.
        if !matches!(query.action, Action::Access | Action::Use) {
            return None;
        }
        let is_open = |id: &BreakGlassId| {
            BreakGlasses::<T>::get(id).is_some_and(|break_glass| {
                break_glass.is_open(now) && break_glass.org == query.recipient.org
            })
        };
        T::Patients::identities(patient)
            .into_iter()
            .filter_map(|identity| OpenBreakGlasses::<T>::get(identity, practitioner))
            .find(is_open)
    }
}

/// What a patient withdrew from a recipient.
struct Withdrawn {
    /// Permits granted before this sequence are void.
    before: u64,
    /// Practitioners from whom everything before a sequence was withdrawn, if the recipient is an
    /// organisation that one of them may act for.
    practitioners: Vec<(AccountId, u64)>,
}

impl Withdrawn {
    /// That the permit does not reach the practitioners from whom it was withdrawn.
    fn others(&self, id: ConsentId, consent: &Consent) -> Option<Obligation> {
        let voided = self
            .practitioners
            .iter()
            .filter(|(_, before)| consent.sequence < *before);
        let practitioners: Vec<_> = voided.map(|(account, _)| account.clone()).collect();
        (!practitioners.is_empty()).then(|| Obligation {
            consent: id,
            provision: None,
            duty: Duty::Redact,
            content: Content {
                practitioners,
                ..Default::default()
            },
        })
    }
}

impl Hearing {
    /// Whether a consent forbids even an open emergency access, by naming either kind of emergency.
    pub(crate) fn forbids_emergency(&self, query: &AccessQuery) -> bool {
        // Of several denials, the one that is kept names the purpose if any does.
        query.purpose.is_emergency()
            && self
                .refused
                .as_ref()
                .is_some_and(|refused| refused.names_purpose)
    }

    /// Takes in what the same consents say about the other kind of emergency, which is `purpose`:
    /// whoever forbids one kind forbids both, and what is kept from one is kept from both.
    fn heed(&mut self, other: Self, purpose: PurposeOfUse) {
        let names_purpose = |refused: &Refused| refused.names_purpose;
        if other.refused.as_ref().is_some_and(names_purpose)
            && !self.refused.as_ref().is_some_and(names_purpose)
        {
            self.refused = other.refused;
            self.obligations = other.obligations;
            // Both hearings went over the same consents in the same order.
            for (step, also) in self.steps.iter_mut().zip(other.steps) {
                if rules::forbids_emergency(&also.finding, purpose) {
                    step.finding = also.finding;
                }
            }
        }
        add_missing(&mut self.emergency_redactions, &other.emergency_redactions);
        if self.refused.is_none() {
            add_missing(&mut self.obligations, &self.emergency_redactions);
        }
    }

    /// Keeps what a consent wants left out of an emergency, which it says by naming one, in the
    /// provision itself or in the one that it is nested in.
    fn keep_for_emergency(&mut self, obligations: &[Obligation], consent: &Consent) {
        let names_emergency = |obligation: &&Obligation| {
            let index = obligation.provision.map(usize::from);
            index.is_some_and(|index| {
                consent
                    .terms
                    .with_parent(index)
                    .any(|provision| provision.purposes.iter().any(PurposeOfUse::is_emergency))
            })
        };
        let redactions = obligations
            .iter()
            .filter(|obligation| obligation.duty == Duty::Redact);
        self.emergency_redactions
            .extend(redactions.filter(names_emergency).cloned());
    }

    /// Takes in what a consent has to say, and answers for or against, if it says either.
    ///
    /// Where a permit is void because everything was withdrawn from the recipient, what the consent
    /// denies everybody else it denies this recipient too.
    fn note(
        &mut self,
        id: ConsentId,
        consent: &Consent,
        finding: &Finding,
    ) -> Option<ProvisionType> {
        let (decision, provision, names_purpose) = match finding {
            Finding::Decides {
                decision,
                provision,
                names_purpose,
            } => (*decision, *provision, *names_purpose),
            Finding::WithdrawnFromRecipient => {
                self.withdrawn = true;
                if consent.terms.decision == ProvisionType::Permit {
                    // Silent, but what it wants left out of other permits still is.
                    return Some(ProvisionType::Permit);
                }
                (ProvisionType::Deny, None, false)
            }
            Finding::OutsidePeriod | Finding::ScopeDoesNotFit => return None,
        };
        match decision {
            ProvisionType::Permit => {
                // The receipt names the latest permit.
                let granted = (consent.created_at, consent.sequence);
                if self
                    .permit
                    .as_ref()
                    .is_none_or(|permit| permit.granted < granted)
                {
                    let version = consent.version;
                    self.permit = Some(Permit {
                        consent: id,
                        version,
                        granted,
                    });
                }
            }
            ProvisionType::Deny => {
                // Of several, one that names the purpose says most.
                let says_more = |refused: &Refused| names_purpose && !refused.names_purpose;
                if self.refused.as_ref().is_none_or(says_more) {
                    self.refused = Some(Refused {
                        consent: id,
                        provision,
                        names_purpose,
                    });
                }
            }
        }
        Some(decision)
    }
}

/// Adds to `obligations` those of `others` that are not among them.
fn add_missing(obligations: &mut Vec<Obligation>, others: &[Obligation]) {
    for other in others {
        if !obligations.contains(other) {
            obligations.push(other.clone());
        }
    }
}

impl Decision {
    /// A denial that no consent is behind.
    const fn deny(reason: Denial) -> Self {
        Self::Deny {
            reason,
            provision: None,
            unless: Vec::new(),
        }
    }

    /// Whether a permit asks something of the custodian.
    pub fn is_conditional(&self) -> bool {
        match self {
            Self::Permit { obligations, .. } => !obligations.is_empty(),
            Self::Deny { .. } | Self::NoConsent => false,
        }
    }
}
