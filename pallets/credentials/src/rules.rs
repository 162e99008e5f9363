//! The rules of credentials, pure: how one moves through its states, how it stands at an instant,
//! and what it is worth to a question. No storage, no clock, no origin.

use crate::types::{
    Accreditation, Credential, CredentialKind, Distrust, Issuer, Reason, Renewal, Status,
    Suspension, Terms,
};
use axonic_primitives::{
    credentials::{CredentialDenial, Privilege},
    membership::Jurisdiction,
    Codes, Moment, OrgId,
};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;

/// Why a rule says no. Each has the name of the pallet error that callers see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Objection {
    /// The issuer was never accredited for the kind, or no longer is.
    NotAccredited,
    /// The issuer is accredited for the kind, but not there.
    JurisdictionMismatch,
    /// The issuer is not believed.
    IssuerDistrusted,
    /// A period ends before it starts or is over, or a renewal does not prolong.
    InvalidPeriod,
    /// The kind does not carry a privilege.
    PrivilegeNotGrantable,
    /// The credential is suspended or expired.
    NotActive,
    /// The credential is not suspended.
    NotSuspended,
    /// The credential was revoked or surrendered, which is final.
    RevokedIsFinal,
    /// Renewed as often as is kept.
    MaxRenewalsExceeded,
    /// Suspended as often as is kept.
    MaxSuspensionsExceeded,
    /// Nothing from that instant on is believed already.
    AlreadyDistrusted,
    /// Distrusted as often as is kept.
    MaxDistrustsExceeded,
}

/// What can be done about a credential.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// The issuer keeps it from being good for a while.
    Suspend {
        /// First instant after the suspension. Absent: until it is lifted.
        until: Option<Moment>,
        /// Why.
        reason: Reason,
    },
    /// The issuer lifts a suspension.
    Reinstate,
    /// The issuer goes on vouching for it.
    Renew,
    /// The issuer takes it away.
    Revoke {
        /// Why.
        reason: Reason,
    },
    /// The holder gives it up.
    Surrender,
}

impl Status {
    /// The status after `action` at `now`, or why the action makes no sense then.
    ///
    /// What was surrendered may still be revoked, since nobody gets out of discipline by giving
    /// up; it ended when it was surrendered.
    pub fn next(self, action: Action, now: Moment) -> Result<Self, Objection> {
        let from = now;
        match (self.at(now), action) {
            (Self::Surrendered { from }, Action::Revoke { reason }) => {
                Ok(Self::Revoked { from, reason })
            }
            (Self::Revoked { .. } | Self::Surrendered { .. }, _) => Err(Objection::RevokedIsFinal),
            (_, Action::Revoke { reason }) => Ok(Self::Revoked { from, reason }),
            (_, Action::Surrender) => Ok(Self::Surrendered { from }),
            (Self::Active, Action::Suspend { until, .. }) if until.is_some_and(|u| u <= now) => {
                Err(Objection::InvalidPeriod)
            }
            (Self::Active, Action::Suspend { until, reason }) => Ok(Self::Suspended {
                from,
                until,
                reason,
            }),
            (Self::Active, Action::Renew) => Ok(Self::Active),
            (Self::Active, Action::Reinstate) => Err(Objection::NotSuspended),
            (Self::Suspended { .. }, Action::Reinstate) => Ok(Self::Active),
            (Self::Suspended { .. }, Action::Suspend { .. } | Action::Renew) => {
                Err(Objection::NotActive)
            }
        }
    }

    /// What the status amounts to at `now`: a suspension that was given an end ends by itself.
    fn at(self, now: Moment) -> Self {
        match self {
            Self::Suspended { until, .. } if until.is_some_and(|until| until <= now) => {
                Self::Active
            }
            other => other,
        }
    }

    /// What remains of a suspension that ends at `now` at the latest, if it lasted at all.
    fn suspension_before(self, now: Moment) -> Option<Suspension> {
        let Self::Suspended { from, until, .. } = self else {
            return None;
        };
        let until = until.map_or(now, |until| until.min(now));
        (from < until).then_some(Suspension { from, until })
    }
}

impl Suspension {
    /// Whether `at` is inside.
    pub fn contains(&self, at: Moment) -> bool {
        self.from <= at && at < self.until
    }
}

impl Credential {
    /// Does `action` at `now` and remembers the suspension it ends. Changes nothing if it may not.
    ///
    /// A suspension needs room to be remembered when it is over, so that nothing that ends it can
    /// fail for want of room.
    pub fn apply(&mut self, action: Action, now: Moment) -> Result<(), Objection> {
        let status = self.status.next(action, now)?;
        let mut suspensions = self.suspensions.clone();
        if let Some(over) = self.status.suspension_before(now) {
            suspensions
                .try_push(over)
                .map_err(|_| Objection::MaxSuspensionsExceeded)?;
        }
        if matches!(action, Action::Suspend { .. }) && suspensions.is_full() {
            return Err(Objection::MaxSuspensionsExceeded);
        }
        self.status = status;
        self.suspensions = suspensions;
        Ok(())
    }

    /// Prolongs the credential to `valid_until` by a new document. Changes nothing if it may not.
    pub fn renew(
        &mut self,
        valid_until: Moment,
        commitment: H256,
        distrusts: &[Distrust],
        now: Moment,
    ) -> Result<(), Objection> {
        if valid_until <= self.expires_at(distrusts) {
            return Err(Objection::InvalidPeriod);
        }
        let mut renewals = self.renewals.clone();
        renewals
            .try_push(Renewal {
                at: now,
                valid_until,
                commitment,
            })
            .map_err(|_| Objection::MaxRenewalsExceeded)?;
        self.apply(Action::Renew, now)?;
        self.renewals = renewals;
        Ok(())
    }

    /// The last renewal that is believed.
    fn renewal(&self, distrusts: &[Distrust]) -> Option<&Renewal> {
        self.renewals
            .iter()
            .rev()
            .find(|renewal| !is_distrusted(distrusts, renewal.at))
    }

    /// First instant at which it is no longer good: by the last renewal that is believed, or as
    /// issued.
    pub fn expires_at(&self, distrusts: &[Distrust]) -> Moment {
        self.renewal(distrusts)
            .map_or(self.terms.valid_until, |renewal| renewal.valid_until)
    }

    /// Commitment to the document that counts: of the last renewal that is believed, or as issued.
    pub fn commitment(&self, distrusts: &[Distrust]) -> H256 {
        self.renewal(distrusts)
            .map_or(self.terms.commitment, |renewal| renewal.commitment)
    }

    /// Whether it was suspended at `at`, as far as is known now.
    pub fn is_suspended(&self, at: Moment) -> bool {
        let still = match self.status {
            Status::Suspended { from, until, .. } => {
                from <= at && until.is_none_or(|until| at < until)
            }
            Status::Active | Status::Revoked { .. } | Status::Surrendered { .. } => false,
        };
        still || self.suspensions.iter().any(|past| past.contains(at))
    }

    /// Whether both are the same licence: one holder has one live one at a time.
    pub fn is_for(&self, issuer: OrgId, terms: &Terms) -> bool {
        let same = self.terms.kind == terms.kind && self.terms.jurisdiction == terms.jurisdiction;
        same && self.issuer == issuer
    }
}

impl Distrust {
    /// Whether nothing is believed that was issued at `at`.
    pub fn covers(&self, at: Moment) -> bool {
        self.since <= at && self.until.is_none_or(|until| at <= until)
    }
}

/// Whether nothing is believed that the issuer issued at `at`.
pub fn is_distrusted(distrusts: &[Distrust], at: Moment) -> bool {
    distrusts.iter().any(|distrust| distrust.covers(at))
}

impl Issuer {
    /// The distrust that goes on, if one does.
    fn ongoing(&mut self) -> Option<&mut Distrust> {
        self.distrusts
            .last_mut()
            .filter(|distrust| distrust.until.is_none())
    }

    /// Distrusts from `since` on. A distrust that goes on only ever reaches further back.
    pub fn distrust_from(&mut self, since: Moment) -> Result<(), Objection> {
        match self.ongoing() {
            Some(distrust) if distrust.since <= since => Err(Objection::AlreadyDistrusted),
            Some(distrust) => {
                distrust.since = since;
                Ok(())
            }
            None => self
                .distrusts
                .try_push(Distrust { since, until: None })
                .map_err(|_| Objection::MaxDistrustsExceeded),
        }
    }

    /// Ends the distrust that goes on, if one does, and says whether it did.
    ///
    /// Refuses to if another one could not be kept, so that distrusting never lacks room.
    pub fn trust_again(&mut self, now: Moment) -> Result<bool, Objection> {
        let full = self.distrusts.is_full();
        match self.ongoing() {
            None => Ok(false),
            Some(_) if full => Err(Objection::MaxDistrustsExceeded),
            Some(distrust) => {
                distrust.until = Some(now);
                Ok(true)
            }
        }
    }
}

impl Accreditation {
    /// Whether something issued for the jurisdiction at `at` was issued by this.
    pub fn covers(&self, jurisdiction: Jurisdiction, at: Moment) -> bool {
        let then = self.from <= at && self.until.is_none_or(|until| at <= until);
        then && self.jurisdiction == jurisdiction
    }

    /// Whether an issuer that has been distrusted `distrusts` times may issue by this.
    pub fn is_in_force(&self, distrusts: usize) -> bool {
        self.distrusts as usize == distrusts && self.until.is_none()
    }
}

/// Whether one of the accreditations for a kind lets an issuer that was distrusted so issue for the
/// jurisdiction.
pub fn accredited(
    accreditations: &[Accreditation],
    jurisdiction: Jurisdiction,
    distrusts: &[Distrust],
) -> Result<(), Objection> {
    let mut elsewhere = false;
    for accreditation in accreditations {
        if accreditation.is_in_force(distrusts.len()) {
            if accreditation.jurisdiction == jurisdiction {
                return Ok(());
            }
            elsewhere = true;
        }
    }
    Err(if elsewhere {
        Objection::JurisdictionMismatch
    } else {
        Objection::NotAccredited
    })
}

/// The privilege that somebody needs besides, by any credential, for this one to be worth anything:
/// a registration for controlled substances adds to a licence to prescribe and does not outlive it.
pub const fn prerequisite(privilege: Privilege) -> Option<Privilege> {
    match privilege {
        Privilege::PrescribeScheduleII
        | Privilege::PrescribeScheduleIII
        | Privilege::PrescribeScheduleIV
        | Privilege::PrescribeScheduleV => Some(Privilege::Prescribe),
        Privilege::Prescribe
        | Privilege::Dispense
        | Privilege::EmergencyAccess
        | Privilege::Review
        | Privilege::Investigate => None,
    }
}

/// The privileges that a kind of credential may carry. Which of them it does is the issuer's to
/// say, because it differs from country to country.
pub fn grantable(kind: CredentialKind) -> Codes<Privilege> {
    use Privilege::*;
    match kind {
        // Physicians dispense where there is no pharmacy. Controlled substances need a registration
        // of their own, and investigators an appointment.
        CredentialKind::MedicalLicence => [Prescribe, Dispense, EmergencyAccess, Review].into(),
        // Who prescribes has an advanced licence.
        CredentialKind::NursingLicence => [EmergencyAccess, Review].into(),
        // Pharmacists prescribe in several countries; no emergency waits for them to read a record.
        CredentialKind::PharmacistLicence => [Prescribe, Dispense, Review].into(),
        // Adds schedules to what a licence says, and nothing else.
        CredentialKind::ControlledSubstanceRegistration => [
            PrescribeScheduleII,
            PrescribeScheduleIII,
            PrescribeScheduleIV,
            PrescribeScheduleV,
        ]
        .into(),
        // Says that somebody is an expert, who may judge others, not that he may practise.
        CredentialKind::SpecialtyBoard => Review.into(),
        CredentialKind::EmergencyAccess => EmergencyAccess.into(),
        CredentialKind::TrialInvestigator => Investigate.into(),
        // Trading is a site's business and no practitioner's privilege.
        CredentialKind::WholesaleLicence => Codes::empty(),
        CredentialKind::DentalLicence => [Prescribe, Review].into(),
        CredentialKind::AdvancedPracticeLicence => [Prescribe, EmergencyAccess, Review].into(),
    }
}

impl Terms {
    /// Whether something like this can be issued at `now`.
    pub fn check(&self, now: Moment) -> Result<(), Objection> {
        if self.valid_from >= self.valid_until || self.valid_until <= now {
            return Err(Objection::InvalidPeriod);
        }
        // Unknown privileges are not grantable either.
        if !grantable(self.kind).contains_all(self.privileges) {
            return Err(Objection::PrivilegeNotGrantable);
        }
        Ok(())
    }
}

/// How a credential stands at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// Good.
    #[codec(index = 0)]
    Good,
    /// Void: its issuer is not believed in what it issued then.
    #[codec(index = 1)]
    IssuerDistrusted,
    /// Taken away by its issuer.
    #[codec(index = 2)]
    Revoked,
    /// Given up by its holder.
    #[codec(index = 3)]
    Surrendered,
    /// Run out.
    #[codec(index = 4)]
    Expired,
    /// Suspended.
    #[codec(index = 5)]
    Suspended,
    /// Not valid yet.
    #[codec(index = 6)]
    NotYetValid,
    /// Within its validity, but not on record yet.
    #[codec(index = 7)]
    BackDated,
}

impl Standing {
    /// What a credential that stands so lacks.
    pub const fn denial(self) -> Option<CredentialDenial> {
        match self {
            Self::Good => None,
            Self::IssuerDistrusted => Some(CredentialDenial::IssuerDistrusted),
            Self::Revoked | Self::Surrendered => Some(CredentialDenial::Revoked),
            Self::Expired => Some(CredentialDenial::Expired),
            Self::Suspended => Some(CredentialDenial::Suspended),
            Self::NotYetValid => Some(CredentialDenial::NotYetValid),
            Self::BackDated => Some(CredentialDenial::BackDated),
        }
    }

    /// Passes a credential that can be good again and says why another cannot.
    pub const fn require_unended(self) -> Result<(), Objection> {
        match self {
            Self::IssuerDistrusted => Err(Objection::IssuerDistrusted),
            Self::Revoked | Self::Surrendered => Err(Objection::RevokedIsFinal),
            Self::Expired => Err(Objection::NotActive),
            Self::Good | Self::Suspended | Self::NotYetValid | Self::BackDated => Ok(()),
        }
    }

    /// Whether a credential that stands so now is never good again.
    pub fn is_over(self) -> bool {
        self.require_unended().is_err()
    }
}

/// How a credential stands at `at`, as far as is known now: a distrust reaches back to whatever was
/// issued since, a revocation does not reach back before its own instant.
pub fn standing(credential: &Credential, distrusts: &[Distrust], at: Moment) -> Standing {
    match credential.status {
        _ if is_distrusted(distrusts, credential.issued_at) => Standing::IssuerDistrusted,
        Status::Revoked { from, .. } if from <= at => Standing::Revoked,
        Status::Surrendered { from } if from <= at => Standing::Surrendered,
        _ if credential.expires_at(distrusts) <= at => Standing::Expired,
        _ if credential.is_suspended(at) => Standing::Suspended,
        _ if at < credential.terms.valid_from => Standing::NotYetValid,
        _ if at < credential.issued_at => Standing::BackDated,
        _ => Standing::Good,
    }
}

/// The first instant from which on a credential that is over at `now` is never good. What is void
/// never was: its first.
pub fn over_since(credential: &Credential, distrusts: &[Distrust], now: Moment) -> Option<Moment> {
    let standing = standing(credential, distrusts, now);
    let expiry = credential.expires_at(distrusts);
    standing.is_over().then_some(match credential.status {
        _ if standing == Standing::IssuerDistrusted => credential.issued_at,
        Status::Revoked { from, .. } | Status::Surrendered { from } => from.min(expiry),
        Status::Active | Status::Suspended { .. } => expiry,
    })
}

/// Whether the credential gives its holder `privilege` in `jurisdiction` at `at`, or the first
/// thing it lacks.
pub fn judge(
    credential: &Credential,
    distrusts: &[Distrust],
    privilege: Privilege,
    jurisdiction: Jurisdiction,
    at: Moment,
) -> Result<(), CredentialDenial> {
    let denial = standing(credential, distrusts, at).denial();
    if !credential.terms.privileges.contains(privilege) {
        return Err(match denial {
            None => CredentialDenial::PrivilegeMissing,
            Some(_) => CredentialDenial::NotCredentialed,
        });
    }
    if credential.terms.jurisdiction != jurisdiction {
        return Err(CredentialDenial::JurisdictionMismatch);
    }
    denial.map_or(Ok(()), Err)
}

/// The denial of the credential that came closest; of none, that there is none.
pub fn closest(denials: impl Iterator<Item = CredentialDenial>) -> CredentialDenial {
    denials
        .max_by_key(|denial| closeness(*denial))
        .unwrap_or(CredentialDenial::NotCredentialed)
}

/// How close to good a credential is that was denied for this: the later [`judge`] and [`standing`]
/// find it, the closer.
const fn closeness(denial: CredentialDenial) -> u8 {
    match denial {
        CredentialDenial::NotCredentialed => 0,
        CredentialDenial::PrivilegeMissing => 1,
        CredentialDenial::JurisdictionMismatch => 2,
        CredentialDenial::IssuerDistrusted => 3,
        CredentialDenial::Revoked => 4,
        CredentialDenial::Expired => 5,
        CredentialDenial::Suspended => 6,
        CredentialDenial::NotYetValid => 7,
        CredentialDenial::BackDated => 8,
    }
}
