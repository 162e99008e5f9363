//! The rules of membership: the state machine, what is derived from the clock, and what given data
//! must look like. Pure functions; the calls and the reads both use them.

use crate::types::StaffMember;
use axonic_primitives::{
    membership::{Duty, Role},
    stored, Code, Codes, Moment,
};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Why a rule says no. Each has the name of the pallet error that callers see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Objection {
    /// The organisation is suspended or expelled.
    NotActive,
    /// The organisation is not suspended.
    NotSuspended,
    /// The organisation was expelled, which is final.
    ExpelledIsFinal,
    /// The organisation's membership ran out.
    MembershipExpired,
    /// The enrolment belongs to an epoch that has passed.
    EpochStale,
    /// The enrolment ran out.
    StaffExpired,
    /// The organisation has none of the roles.
    RoleMissing,
    /// The enrolment has none of the duties.
    DutyMissing,
}

stored! {
    /// What the council last decided about an organisation.
    #[derive(Copy, Serialize, Deserialize)]
    pub enum OrgStatus {
        /// Admitted, and nothing held against it.
        #[codec(index = 0)]
        Active,
        /// Nobody acts for it until it is reinstated.
        #[codec(index = 1)]
        Suspended,
        /// No longer a member, for ever.
        #[codec(index = 2)]
        Expelled,
    }
}

/// What the council may do with an organisation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrgAction {
    /// Change what is on file: its end, its roles, its administrator.
    Amend,
    /// Keep everybody from acting for it.
    Suspend,
    /// Let its staff act again.
    Reinstate,
    /// End its membership for ever.
    Expel,
}

impl OrgStatus {
    /// The status after `action`, or why the action makes no sense now.
    pub fn next(self, action: OrgAction) -> Result<Self, Objection> {
        match (self, action) {
            (Self::Expelled, _) => Err(Objection::ExpelledIsFinal),
            (_, OrgAction::Expel) => Ok(Self::Expelled),
            (_, OrgAction::Amend) => Ok(self),
            (Self::Active, OrgAction::Suspend) => Ok(Self::Suspended),
            (Self::Active, OrgAction::Reinstate) => Err(Objection::NotSuspended),
            (Self::Suspended, OrgAction::Suspend) => Err(Objection::NotActive),
            (Self::Suspended, OrgAction::Reinstate) => Ok(Self::Active),
        }
    }
}

/// How an organisation stands at an instant: its status and its end taken together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum Standing {
    /// Its staff may act.
    #[codec(index = 0)]
    Active,
    /// The council suspended it.
    #[codec(index = 1)]
    Suspended,
    /// Its membership ran out and may be renewed.
    #[codec(index = 2)]
    Expired,
    /// The council expelled it.
    #[codec(index = 3)]
    Expelled,
}

/// How an organisation stands at `now`. What the council decided goes before what ran out.
pub fn standing(status: OrgStatus, valid_until: Moment, now: Moment) -> Standing {
    match status {
        OrgStatus::Expelled => Standing::Expelled,
        OrgStatus::Suspended => Standing::Suspended,
        OrgStatus::Active if now < valid_until => Standing::Active,
        OrgStatus::Active => Standing::Expired,
    }
}

impl Standing {
    /// Whether its staff may act.
    pub fn is_active(self) -> bool {
        self == Self::Active
    }

    /// Passes an active organisation and says why another may not act.
    pub fn require_active(self) -> Result<(), Objection> {
        match self {
            Self::Active => Ok(()),
            Self::Expired => Err(Objection::MembershipExpired),
            Self::Suspended | Self::Expelled => Err(Objection::NotActive),
        }
    }
}

/// How an enrolment stands at an instant, whatever the organisation's standing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum Enrolment {
    /// In force.
    #[codec(index = 0)]
    Active,
    /// It ran out. The account is free to be enrolled again, by anybody.
    #[codec(index = 1)]
    Expired,
    /// Its epoch has passed. The account is free to be enrolled again, by anybody.
    #[codec(index = 2)]
    Revoked,
}

/// How the enrolment stands at `now` in an organisation that is in `epoch`.
pub fn enrolment(staff: &StaffMember, epoch: u32, now: Moment) -> Enrolment {
    if staff.org_epoch != epoch {
        Enrolment::Revoked
    } else if now < staff.valid_until {
        Enrolment::Active
    } else {
        Enrolment::Expired
    }
}

impl Enrolment {
    /// Passes an enrolment in force and says why another does not count.
    pub fn require_active(self) -> Result<(), Objection> {
        match self {
            Self::Active => Ok(()),
            Self::Expired => Err(Objection::StaffExpired),
            Self::Revoked => Err(Objection::EpochStale),
        }
    }
}

/// Whether an organisation with `roles` and its staff with `duties` have at least one of each that
/// is wanted. Wanting none means that any will do.
pub fn qualify(
    roles: Codes<Role>,
    duties: Codes<Duty>,
    wanted_roles: Codes<Role>,
    wanted_duties: Codes<Duty>,
) -> Result<(), Objection> {
    if !has_one_of(roles, wanted_roles) {
        Err(Objection::RoleMissing)
    } else if !has_one_of(duties, wanted_duties) {
        Err(Objection::DutyMissing)
    } else {
        Ok(())
    }
}

fn has_one_of<C: Code>(held: Codes<C>, wanted: Codes<C>) -> bool {
    wanted.is_empty() || held.intersects(wanted)
}

/// The points of Curve25519 and its twist whose order divides 8, as X25519 reads them: with any of
/// them for a key, the shared secret is zero whatever the other key is (RFC 7748, section 6.1).
///
/// From Bernstein's list (<https://cr.yp.to/ecdh.html#validate>), without the five that only matter
/// to software which does not ignore the top bit.
const LOW_ORDER_POINTS: [[u8; 32]; 7] = [
    // 0 and 1
    [0; 32],
    sp_core::hex2array!("0100000000000000000000000000000000000000000000000000000000000000"),
    // The two of order 8
    sp_core::hex2array!("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    sp_core::hex2array!("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    // p - 1, p and p + 1, where p is 2^255 - 19
    sp_core::hex2array!("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    sp_core::hex2array!("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    sp_core::hex2array!("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
];

/// Whether an X25519 public key gives a shared secret that depends on it: it is no point of low
/// order. The top bit is no part of a key (RFC 7748, section 5).
pub fn is_sound_x25519_key(key: &[u8; 32]) -> bool {
    let mut masked = *key;
    let [.., last] = &mut masked;
    *last &= 0x7f;
    !LOW_ORDER_POINTS.contains(&masked)
}
