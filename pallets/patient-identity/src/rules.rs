//! The rules, as pure functions: life cycle, what a key or an appointment is good for, and
//! the stages of a recovery.

use crate::types::{
    Key, KeyPurpose, Patient, RecoveryRequest, RecoveryStage, Representative, RepresentativeState,
    Status,
};
use axonic_primitives::{patients::Power, AccountId, Codes, Moment, PatientId};
use codec::Encode;
use sp_core::H256;

/// What happens to a patient.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// The person takes the registration over with a key.
    Claim,
    /// It is put out of use.
    Suspend {
        /// When.
        at: Moment,
    },
    /// A suspension, or a death reported in error, is undone.
    Resume {
        /// Whether somebody holds a key.
        claimed: bool,
    },
    /// It becomes known by another id.
    Merge {
        /// The other id.
        into: PatientId,
    },
    /// The merge is undone.
    Unmerge {
        /// Whether somebody holds a key.
        claimed: bool,
    },
    /// The person is reported dead.
    ReportDeceased {
        /// When it is reported.
        at: Moment,
    },
    /// Everything but the id goes.
    Erase,
}

/// Why a rule says no. Each is an error of the pallet, by the same name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Obstacle {
    /// Somebody already holds a key.
    AlreadyClaimed,
    /// The patient is not in a state that allows it.
    NotActive,
    /// The patient is not merged.
    NotMerged,
    /// The patient is neither suspended nor reported dead.
    NotSuspended,
    /// The patient was erased.
    IdRetired,
    /// There is no recovery to speak of.
    NoRecovery,
    /// Another recovery waits.
    RecoveryPending,
    /// The recovery was vetoed.
    RecoveryVetoed,
    /// It is too early.
    DelayNotElapsed,
}

impl Status {
    /// The state after `action`, or why there is none.
    ///
    /// `claimed` decides where a patient comes back to: one that nobody claimed is `Registered`
    /// again, because `Active` promises a key.
    pub fn next(self, action: Action) -> Result<Self, Obstacle> {
        use Action::*;
        use Status::*;
        let standing = |claimed| if claimed { Active } else { Registered };
        match (self, action) {
            (Erased, _) => Err(Obstacle::IdRetired),
            (_, Erase) => Ok(Erased),

            (Registered, Claim) => Ok(Active),
            (Active | Suspended { .. }, Claim) => Err(Obstacle::AlreadyClaimed),

            (Active, Suspend { at }) => Ok(Suspended { since: at }),
            (Suspended { .. } | Deceased { .. }, Resume { claimed }) => Ok(standing(claimed)),
            (_, Resume { .. }) => Err(Obstacle::NotSuspended),

            (Registered | Active, Merge { into }) => Ok(Merged { into }),
            (Merged { .. }, Unmerge { claimed }) => Ok(standing(claimed)),
            (_, Unmerge { .. }) => Err(Obstacle::NotMerged),

            (Registered | Active | Suspended { .. }, ReportDeceased { at }) => {
                Ok(Deceased { reported_at: at })
            }

            (_, Claim | Suspend { .. } | Merge { .. } | ReportDeceased { .. }) => {
                Err(Obstacle::NotActive)
            }
        }
    }

    /// Whether the patient can be dealt with as usual under this very id.
    pub const fn is_in_good_standing(&self) -> bool {
        matches!(self, Self::Registered | Self::Active)
    }

    /// Whether the patient is known by another id.
    pub const fn is_merged(&self) -> bool {
        matches!(self, Self::Merged { .. })
    }

    /// From when on a key of the patient's own undoes the state, which otherwise only the managing
    /// organisation does.
    ///
    /// Whoever signs is alive, so a reported death yields at once. A suspension yields after the
    /// delay: long enough to look into a theft, too short to lock somebody out.
    pub const fn resumable_by_patient_from(&self, delay: Moment) -> Option<Moment> {
        match self {
            Self::Suspended { since } => Some(since.saturating_add(delay)),
            Self::Deceased { reported_at } => Some(*reported_at),
            _ => None,
        }
    }
}

impl Patient {
    /// Whether somebody holds a key to it.
    pub fn is_claimed(&self) -> bool {
        self.key_count > 0
    }

    /// From when on the managing organisation may suspend the patient (again).
    ///
    /// Whatever undid the last suspension holds for the delay. Otherwise suspending again and again
    /// would start the delay anew each time, and the patient would never lift it itself.
    pub fn suspendable_from(&self, delay: Moment) -> Moment {
        self.resumed_at.map_or(0, |at| at.saturating_add(delay))
    }

    /// From when on the managing organisation may erase the patient by itself; never, as long as
    /// somebody may hold a key who could speak up.
    ///
    /// A reported death counts only after the delay, so that a false report does not erase a
    /// living person.
    pub const fn erasable_by_manager_from(&self, delay: Moment) -> Option<Moment> {
        match self.status {
            _ if self.key_count == 0 => Some(0),
            Status::Deceased { reported_at } => Some(reported_at.saturating_add(delay)),
            _ => None,
        }
    }
}

/// The purposes that give a power; one of them is enough.
pub fn purposes_for(power: Power) -> Codes<KeyPurpose> {
    match power {
        Power::Consent => KeyPurpose::Consent.into(),
        Power::Identity => KeyPurpose::Authentication.into(),
        Power::Access | Power::Correspond => {
            [KeyPurpose::Authentication, KeyPurpose::Consent].into()
        }
    }
}

/// Whether a set of codes names something, and nothing unknown.
pub fn is_proper<C: axonic_primitives::Code>(codes: Codes<C>) -> bool {
    !codes.is_empty() && codes.is_known()
}

impl Key {
    /// Whether the key is good at that instant.
    pub fn is_live(&self, at: Moment) -> bool {
        self.expires_at.is_none_or(|end| at < end)
    }

    /// Whether the key gives the power, as long as it is live.
    pub fn gives(&self, power: Power) -> bool {
        self.purposes.intersects(purposes_for(power))
    }

    /// Whether the patient can count on this key to speak for it, whatever the date.
    pub fn is_mainstay(&self) -> bool {
        self.purposes.contains(KeyPurpose::Authentication) && self.expires_at.is_none()
    }
}

impl Representative {
    /// How the appointment stands, given the patient's guardian epoch.
    pub fn state(&self, epoch: u32, at: Moment) -> RepresentativeState {
        if self.epoch != epoch {
            RepresentativeState::Revoked
        } else if self.until.is_some_and(|until| until <= at) {
            RepresentativeState::Expired
        } else if at < self.from {
            RepresentativeState::Pending
        } else {
            RepresentativeState::Live
        }
    }

    /// Whether the appointment is over for good.
    pub fn is_over(&self, epoch: u32, at: Moment) -> bool {
        matches!(
            self.state(epoch, at),
            RepresentativeState::Expired | RepresentativeState::Revoked
        )
    }
}

/// What happens to a recovery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RecoveryAction {
    /// A provider asks for it.
    Request(RecoveryRequest),
    /// A key of the patient says no.
    Veto,
    /// The patient commits to another key.
    Recommit,
}

impl RecoveryStage {
    /// The stage after `action`, or why there is none.
    pub fn next(self, action: RecoveryAction) -> Result<Self, Obstacle> {
        use RecoveryAction::*;
        match (self, action) {
            (Self::Idle, Request(request)) => Ok(Self::Requested(request)),
            (Self::Idle, Veto) => Err(Obstacle::NoRecovery),
            (Self::Requested(_), Veto) => Ok(Self::Vetoed),
            (Self::Requested(_), Request(_) | Recommit) => Err(Obstacle::RecoveryPending),
            (Self::Vetoed, Request(_) | Veto) => Err(Obstacle::RecoveryVetoed),
            (Self::Idle | Self::Vetoed, Recommit) => Ok(Self::Idle),
        }
    }

    /// The request that may be carried out at that instant, or why there is none.
    pub fn mature(&self, at: Moment) -> Result<&RecoveryRequest, Obstacle> {
        match self {
            Self::Idle => Err(Obstacle::NoRecovery),
            Self::Vetoed => Err(Obstacle::RecoveryVetoed),
            Self::Requested(request) if at < request.matures_at => Err(Obstacle::DelayNotElapsed),
            Self::Requested(request) => Ok(request),
        }
    }
}

/// Commitment to a key that the patient keeps off chain: `blake2_256(salt32 ‖ account32)`.
pub fn recovery_commitment(salt: &H256, account: &AccountId) -> H256 {
    (salt, account)
        .using_encoded(sp_io::hashing::blake2_256)
        .into()
}
