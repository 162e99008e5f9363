//! The decision: reads what the patient said, judges each consent by the rules, and combines.

use crate::{
    rules,
    types::{
        Consent, Decision, Explanation, Finding, Grantee, Obligation, ProvisionType, Step,
    },
    BreakGlasses, Config, Defaults, Error, LiveConsents, OpenBreakGlasses, Pallet, Withdrawals,
};
use alloc::vec::Vec;
use axonic_primitives::{
    consent::{AccessQuery, Basis, Denial, Scope},
    credentials::{CredentialDenial, Credentials, Privilege},
    membership::{Member, Membership},
    patients::Patients,
    BreakGlassId, Clock, ConsentId, Moment, PatientId, Period, Refusal,
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
    holds_in_emergency: bool,
}

/// What has been heard so far from the patient's consents.
#[derive(Default)]
struct Hearing {
    permit: Option<Permit>,
    refused: Option<Refused>,
    obligations: Vec<Obligation>,
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
            Some(member) => match Self::emergency_credential(query, &member, now) {
                Err(denial) => Decision::deny(denial),
                Ok(()) => Self::decide(&mut explanation, query, &member),
            },
        };
        Ok(explanation)
    }

    /// The organisation that would receive the data, if it is a member in good standing and the
    /// practitioner, if one is named, acts for it.
    fn recipient(query: &AccessQuery) -> Option<Member> {
        let recipient = &query.recipient;
        if let Some(practitioner) = &recipient.practitioner {
            T::Membership::actor(practitioner).ok().filter(|actor| actor.org == recipient.org)?;
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
        let practitioner =
            query.recipient.practitioner.as_ref().ok_or(Denial::NotCredentialed)?;
        T::Credentials::has(practitioner, Privilege::EmergencyAccess, member.jurisdiction, now)
            .map(drop)
            .map_err(|denial| match denial {
                CredentialDenial::NotCredentialed => Denial::NotCredentialed,
                CredentialDenial::PrivilegeMissing => Denial::EmergencyPrivilegeMissing,
            })
    }

    fn decide(explanation: &mut Explanation, query: &AccessQuery, member: &Member) -> Decision {
        let now = explanation.at;
        let hearing = Self::hear(&explanation.patient, query, member, now);
        explanation.steps = hearing.steps;
        let forbidden = hearing.refused.as_ref().is_some_and(|refused| refused.holds_in_emergency);
        let permitted = hearing.permit.is_some() && hearing.refused.is_none();
        if query.purpose.is_emergency() && !forbidden && !permitted {
            explanation.break_glass = Self::open_break_glass_of(&explanation.patient, query, now);
            if let Some(id) = explanation.break_glass {
                let basis = Basis::BreakGlass(id);
                return Decision::Permit { basis, obligations: Vec::new() };
            }
        }
        // Deny overrides: one consent against it outweighs any number for it.
        if let Some(refused) = hearing.refused {
            return Decision::Deny {
                reason: Denial::ConsentDenies(refused.consent),
                provision: refused.provision,
                unless: hearing.obligations,
            };
        }
        if let Some(permit) = hearing.permit {
            let basis = Basis::Consent { consent: permit.consent, version: permit.version };
            return Decision::Permit { basis, obligations: hearing.obligations };
        }
        let scope = Scope::of(query.purpose);
        explanation.default = Defaults::<T>::get((scope, query.purpose, member.jurisdiction));
        match explanation.default {
            Some(ProvisionType::Permit) => {
                Decision::Permit { basis: Basis::Default(scope), obligations: Vec::new() }
            },
            Some(ProvisionType::Deny) => Decision::deny(Denial::DefaultDenies(scope)),
            None => Decision::NoConsent,
        }
    }

    /// Hears every consent the patient holds, under whichever id it was granted.
    fn hear(
        patient: &PatientId,
        query: &AccessQuery,
        member: &Member,
        now: Moment,
    ) -> Hearing {
        let mut hearing = Hearing::default();
        let mut offers = Vec::new();
        for identity in T::Patients::identities(patient) {
            let mut withdrawn_before = None;
            for (id, consent) in LiveConsents::<T>::iter_prefix(identity) {
                let verdict = rules::judge(id, &consent.terms, query, member.roles, now);
                let mut finding = verdict.finding;
                if let Finding::Decides { decision: ProvisionType::Permit, .. } = finding {
                    let before = withdrawn_before
                        .get_or_insert_with(|| Self::withdrawn_before(&identity, query));
                    if consent.sequence < *before {
                        finding = Finding::WithdrawnFromRecipient;
                    }
                }
                if let Finding::Decides { decision, .. } = finding {
                    hearing.note(id, &consent, &finding, query);
                    offers.push((decision, verdict.obligations));
                }
                hearing.steps.push(Step { consent: id, version: consent.version, finding });
            }
        }
        // Obligations of a permit count while nothing denies; hints of a denial once one does.
        let answer = match hearing.refused {
            Some(_) => ProvisionType::Deny,
            None => ProvisionType::Permit,
        };
        let relevant = offers.into_iter().filter(|(decision, _)| *decision == answer);
        hearing.obligations = relevant.flat_map(|(_, obligations)| obligations).collect();
        hearing
    }

    /// The sequence before which permits no longer reach the recipient.
    fn withdrawn_before(identity: &PatientId, query: &AccessQuery) -> u64 {
        let recipient = &query.recipient;
        let from_org = Withdrawals::<T>::get(identity, Grantee::Organisation(recipient.org));
        let from_person = recipient.practitioner.clone().map_or(0, |practitioner| {
            Withdrawals::<T>::get(identity, Grantee::Practitioner(practitioner))
        });
        from_org.max(from_person)
    }

    /// The recipient's emergency access to the patient, if one is open.
    fn open_break_glass_of(
        patient: &PatientId,
        query: &AccessQuery,
        now: Moment,
    ) -> Option<BreakGlassId> {
        let practitioner = query.recipient.practitioner.as_ref()?;
        let id = OpenBreakGlasses::<T>::get(patient, practitioner)?;
        let break_glass = BreakGlasses::<T>::get(id)?;
        let open = break_glass.is_open(now) && break_glass.org == query.recipient.org;
        open.then_some(id)
    }
}

impl Hearing {
    fn note(&mut self, id: ConsentId, consent: &Consent, finding: &Finding, query: &AccessQuery) {
        let Finding::Decides { decision, provision, .. } = finding else { return };
        match decision {
            ProvisionType::Permit => {
                // The receipt names the latest permit.
                let granted = (consent.created_at, consent.sequence);
                if self.permit.as_ref().is_none_or(|permit| permit.granted < granted) {
                    let version = consent.version;
                    self.permit = Some(Permit { consent: id, version, granted });
                }
            },
            ProvisionType::Deny => {
                // An emergency is stopped by any one consent that names it, so that one is kept.
                let holds_in_emergency = rules::forbids_emergency(finding, query.purpose);
                let stronger = |refused: &Refused| {
                    holds_in_emergency && !refused.holds_in_emergency
                };
                if self.refused.as_ref().is_none_or(stronger) {
                    self.refused =
                        Some(Refused { consent: id, provision: *provision, holds_in_emergency });
                }
            },
        }
    }
}

impl Decision {
    /// A denial that no consent is behind.
    const fn deny(reason: Denial) -> Self {
        Self::Deny { reason, provision: None, unless: Vec::new() }
    }

    /// Whether a permit asks something of the custodian.
    pub fn is_conditional(&self) -> bool {
        match self {
            Self::Permit { obligations, .. } => !obligations.is_empty(),
            Self::Deny { .. } | Self::NoConsent => false,
        }
    }
}
