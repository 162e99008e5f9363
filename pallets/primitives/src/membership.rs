//! Who belongs to the consortium: organisations, their roles, and the staff who act for them.

use crate::{closed_codes, AccountId, Codes, OrgId, SiteId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::DispatchError;

closed_codes! {
    /// What an organisation does in the consortium. One may do several things.
    Role, "organisation roles" {
        /// Hospital, clinic or practice.
        Provider = 0, "Provider";
        /// Insurer or public payer.
        Payer = 1, "Payer";
        /// Makes medicines.
        Manufacturer = 2, "Manufacturer";
        /// Packs medicines again.
        Repackager = 3, "Repackager";
        /// Distributes medicines.
        Wholesaler = 4, "Wholesaler";
        /// Carries medicines for others.
        LogisticsProvider = 5, "LogisticsProvider";
        /// Dispenses medicines.
        Pharmacy = 6, "Pharmacy";
        /// Examines specimens.
        Laboratory = 7, "Laboratory";
        /// Oversees members.
        Regulator = 8, "Regulator";
        /// Issues licences to practitioners.
        LicensingBoard = 9, "LicensingBoard";
        /// Sponsors clinical trials.
        Sponsor = 10, "Sponsor";
        /// Does research.
        ResearchInstitute = 11, "ResearchInstitute";
        /// Makes medical devices.
        DeviceMaker = 12, "DeviceMaker";
        /// Speaks for patients.
        PatientAdvocate = 13, "PatientAdvocate";
    }
}

closed_codes! {
    /// What a member of staff may do for the organisation.
    Duty, "staff duties" {
        /// Registers patients.
        Registrar = 0, "Registrar";
        /// Treats patients.
        Clinician = 1, "Clinician";
        /// Dispenses medicines.
        Pharmacist = 2, "Pharmacist";
        /// Moves medicines through the supply chain.
        SupplyOperator = 3, "SupplyOperator";
        /// Submits and adjudicates claims.
        ClaimsOfficer = 4, "ClaimsOfficer";
        /// Keeps records.
        RecordsOfficer = 5, "RecordsOfficer";
        /// Reviews emergency accesses and answers patients.
        PrivacyOfficer = 6, "PrivacyOfficer";
        /// Looks after data sets.
        DataSteward = 7, "DataSteward";
        /// Looks after devices.
        DeviceManager = 8, "DeviceManager";
        /// Runs clinical trials.
        TrialOfficer = 9, "TrialOfficer";
        /// Reads without changing.
        Auditor = 10, "Auditor";
    }
}

/// A country, ISO 3166-1 alpha-2, upper case.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Jurisdiction(pub [u8; 2]);

impl Jurisdiction {
    /// Whether the letters are two upper-case ASCII letters. Which pairs are assigned changes with
    /// the world and is the council's to know.
    pub fn is_well_formed(&self) -> bool {
        self.0.iter().all(u8::is_ascii_uppercase)
    }
}

impl core::fmt::Debug for Jurisdiction {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(core::str::from_utf8(&self.0).unwrap_or("??"))
    }
}

impl Serialize for Jurisdiction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self:?}"))
    }
}

impl<'de> Deserialize<'de> for Jurisdiction {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = alloc::string::String::deserialize(deserializer)?;
        <[u8; 2]>::try_from(text.as_bytes())
            .ok()
            .map(Jurisdiction)
            .filter(Jurisdiction::is_well_formed)
            .ok_or_else(|| {
                serde::de::Error::custom("a jurisdiction is two upper-case letters (ISO 3166-1)")
            })
    }
}

/// Someone who acts for an organisation, now.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct Actor {
    /// The staff account that acts.
    pub account: AccountId,
    /// The organisation it acts for.
    pub org: OrgId,
    /// The premises it is tied to, if any.
    pub site: Option<SiteId>,
    /// What it may do there.
    pub duties: Codes<Duty>,
}

/// How an organisation stands now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// What it was admitted to do.
    pub roles: Codes<Role>,
    /// Where it is established.
    pub jurisdiction: Jurisdiction,
    /// Whether it is neither suspended, expired nor expelled.
    pub active: bool,
    /// Its revocation epoch: what was issued to it under an earlier one is void.
    pub epoch: u32,
}

/// What other pallets ask about the members. Answered by `pallet-consortium`.
///
/// Exists because every pallet must know for whom an account acts, and only one may decide it.
pub trait Membership {
    /// Who acts when `account` signs. Refuses with the reason: not staff, the organisation is
    /// suspended, expired or expelled, the enrolment ran out or was revoked.
    fn actor(account: &AccountId) -> Result<Actor, DispatchError>;

    /// How the organisation stands. `None` if there is no such organisation.
    ///
    /// Organisations are numbered without gaps and never removed: if one exists, so does every
    /// one with a smaller number.
    fn member(org: OrgId) -> Option<Member>;

    /// Whether the site is open and belongs to the organisation.
    fn site(org: OrgId, site: SiteId) -> bool;

    /// Whether the organisation, active or not, was admitted with this role.
    fn has_role(org: OrgId, role: Role) -> bool {
        Self::member(org).is_some_and(|member| member.roles.contains(role))
    }

    /// Whether the organisation was admitted and is neither suspended, expired nor expelled.
    fn is_active(org: OrgId) -> bool {
        Self::member(org).is_some_and(|member| member.active)
    }

    /// The organisation's revocation epoch. `None` if there is no such organisation.
    fn epoch(org: OrgId) -> Option<u32> {
        Self::member(org).map(|member| member.epoch)
    }

    /// Makes an organisation with staff for a benchmark: every role, every duty, never expiring.
    #[cfg(feature = "runtime-benchmarks")]
    fn enrol_for_benchmark(staff: &AccountId) -> OrgId;
}

/// An `EnsureOrigin` for staff that keeps the reason of a refusal.
///
/// `frame_support::traits::EnsureOrigin` can only answer `BadOrigin`; people need to know whether
/// the duty is missing, the enrolment has expired or the organisation was suspended.
pub trait EnsureStaff<Origin> {
    /// The actor behind `origin`, or the first reason why it may not.
    fn ensure_staff(origin: Origin) -> Result<Actor, DispatchError>;
}
