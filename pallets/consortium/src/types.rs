//! What the pallet stores, and what it tells readers.

use crate::rules::{self, Enrolment, OrgStatus, Standing};
use alloc::string::String;
use axonic_primitives::{
    data,
    membership::{Duty, Jurisdiction, Role},
    shown, stored, AccountId, Codes, Moment, OrgId, SiteId,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::str::FromStr;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;

stored! {
    /// A member of the consortium, as stored.
    pub struct Organisation {
        /// What it was admitted to do. Never empty.
        pub roles: Codes<Role>,
        /// What the council last decided about it.
        pub status: OrgStatus,
        /// Where it is established.
        pub jurisdiction: Jurisdiction,
        /// The account that opens its sites, enrols its staff and rotates its key. The last one, if
        /// it was expelled.
        pub admin: AccountId,
        /// Raised to revoke all staff at once, and whatever others tied to the epoch.
        pub epoch: u32,
        /// When it was admitted.
        pub admitted_at: Moment,
        /// The first instant at which it is no longer a member, unless renewed.
        pub valid_until: Moment,
        /// The hash of the charter or contract it signed.
        pub charter_hash: H256,
        /// How many are enrolled under the present epoch, expired ones included.
        pub staff_count: u32,
        /// How many of its sites are open.
        pub site_count: u32,
        /// How many enrolments in it are stored, revoked ones included.
        pub stored_staff: u32,
        /// How many sites it ever opened, closed ones included.
        pub sites_opened: u32,
    }
}

impl Organisation {
    /// How it stands at `now`.
    pub fn standing(&self, now: Moment) -> Standing {
        rules::standing(self.status, self.valid_until, now)
    }

    /// What readers are told at `now`.
    pub fn describe(self, id: OrgId, now: Moment) -> OrganisationInfo {
        OrganisationInfo {
            id,
            standing: self.standing(now),
            roles: self.roles,
            status: self.status,
            jurisdiction: self.jurisdiction,
            admin: self.admin,
            epoch: self.epoch,
            admitted_at: self.admitted_at,
            valid_until: self.valid_until,
            charter_hash: self.charter_hash,
            staff_count: self.staff_count,
            site_count: self.site_count,
            stored_staff: self.stored_staff,
            sites_opened: self.sites_opened,
        }
    }
}

stored! {
    /// What premises are for.
    #[derive(Copy, Serialize, Deserialize)]
    pub enum SiteKind {
        /// Inpatient care.
        #[codec(index = 0)]
        Hospital,
        /// Outpatient care.
        #[codec(index = 1)]
        Clinic,
        /// Dispensing to the public or to wards.
        #[codec(index = 2)]
        PharmacyPremises,
        /// Examination of specimens.
        #[codec(index = 3)]
        Laboratory,
        /// Storage.
        #[codec(index = 4)]
        Warehouse,
        /// Production or packing.
        #[codec(index = 5)]
        ManufacturingPlant,
        /// Storage and onward dispatch.
        #[codec(index = 6)]
        DistributionCentre,
        /// Administration.
        #[codec(index = 7)]
        Office,
        /// Research and trials.
        #[codec(index = 8)]
        ResearchSite,
    }

    /// Whether premises are in use.
    #[derive(Copy, Serialize, Deserialize)]
    pub enum SiteStatus {
        /// In use.
        #[codec(index = 0)]
        Open,
        /// No longer in use, for ever.
        #[codec(index = 1)]
        Closed,
        /// Closed, and its GLN was released: another site may have it.
        #[codec(index = 2)]
        Released,
    }

    /// Premises of an organisation, as stored.
    pub struct Site {
        /// Whose they are.
        pub org: OrgId,
        /// Their GS1 location number.
        pub gln: Gln,
        /// What they are for.
        pub kind: SiteKind,
        /// Whether they are in use.
        pub status: SiteStatus,
    }
}

impl Site {
    /// What readers are told.
    pub fn describe(self, id: SiteId) -> SiteInfo {
        SiteInfo {
            id,
            org: self.org,
            gln: self.gln,
            kind: self.kind,
            status: self.status,
        }
    }
}

stored! {
    /// An enrolment, as stored under the account it is for.
    pub struct StaffMember {
        /// The organisation the account acts for.
        pub org: OrgId,
        /// What it may do there. Never empty.
        pub duties: Codes<Duty>,
        /// The premises it is tied to, if any.
        pub site: Option<SiteId>,
        /// The first instant at which it no longer acts.
        pub valid_until: Moment,
        /// The organisation's epoch when it was enrolled.
        pub org_epoch: u32,
    }
}

impl StaffMember {
    /// What readers are told at `now`, given the organisation it names.
    pub fn describe(
        self,
        account: AccountId,
        organisation: &Organisation,
        now: Moment,
    ) -> StaffInfo {
        StaffInfo {
            account,
            state: rules::enrolment(&self, organisation.epoch, now),
            standing: organisation.standing(now),
            org: self.org,
            duties: self.duties,
            site: self.site,
            valid_until: self.valid_until,
        }
    }
}

data! {
    /// With which public key others wrap document keys for an organisation.
    pub struct AgreementKey {
        /// 1 for an organisation's first key, and one more for each after it.
        pub version: u32,
        /// The key.
        pub key: X25519PublicKey,
    }
}

stored! {
    /// A public key for X25519: a u-coordinate of 32 bytes, little-endian (RFC 7748, section 5).
    ///
    /// As JSON it is 64 hexadecimal digits after `0x`.
    #[derive(Copy, Serialize, Deserialize)]
    #[serde(from = "H256", into = "H256")]
    pub struct X25519PublicKey(pub [u8; 32]);
}

impl From<H256> for X25519PublicKey {
    fn from(bytes: H256) -> Self {
        Self(bytes.0)
    }
}

impl From<X25519PublicKey> for H256 {
    fn from(key: X25519PublicKey) -> Self {
        Self(key.0)
    }
}

/// A GS1 Global Location Number: 13 ASCII digits, the last of them a check digit (GS1 General
/// Specifications, section 7.9).
///
/// Decoding accepts any bytes, so that a call can refuse a wrong number with an error of its own:
/// ask [`Gln::is_valid`] before storing one. As JSON it is text, and wrong text is refused.
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
pub struct Gln(pub [u8; 13]);

impl Gln {
    /// Whether all 13 are digits and the check digit is right.
    pub fn is_valid(&self) -> bool {
        core::str::from_utf8(&self.0).is_ok_and(|text| axonic_gs1::Gln::parse(text).is_ok())
    }

    /// The number whose first 12 digits are `reference`.
    #[cfg(any(test, feature = "runtime-benchmarks"))]
    pub(crate) fn numbered(reference: u64) -> Self {
        let gln = axonic_gs1::Gln::with_check_digit(reference);
        Self(
            gln.expect("a reference has 12 digits at most; qed")
                .digits(),
        )
    }
}

impl core::fmt::Display for Gln {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(core::str::from_utf8(&self.0).unwrap_or("not a GLN"))
    }
}

impl core::fmt::Debug for Gln {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl FromStr for Gln {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        <[u8; 13]>::try_from(text.as_bytes())
            .ok()
            .map(Self)
            .filter(Self::is_valid)
            .ok_or("a GLN is 13 digits, the last of which is the GS1 check digit")
    }
}

impl Serialize for Gln {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Gln {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

shown! {
    /// An organisation as readers see it.
    pub struct OrganisationInfo {
        /// Its number.
        pub id: OrgId,
        /// How it stands now.
        pub standing: Standing,
        /// What it was admitted to do.
        pub roles: Codes<Role>,
        /// What the council last decided about it.
        pub status: OrgStatus,
        /// Where it is established.
        pub jurisdiction: Jurisdiction,
        /// The account that acts in its own affairs; the last one, if it was expelled.
        pub admin: AccountId,
        /// Its revocation epoch.
        pub epoch: u32,
        /// When it was admitted, UTC milliseconds.
        pub admitted_at: Moment,
        /// The first instant at which it is no longer a member, UTC milliseconds.
        pub valid_until: Moment,
        /// The hash of the charter or contract it signed.
        pub charter_hash: H256,
        /// How many are enrolled under the present epoch, expired ones included.
        pub staff_count: u32,
        /// How many of its sites are open.
        pub site_count: u32,
        /// How many enrolments in it are stored, revoked ones included.
        pub stored_staff: u32,
        /// How many sites it ever opened, closed ones included.
        pub sites_opened: u32,
    }

    /// Premises as readers see them.
    pub struct SiteInfo {
        /// Their number.
        pub id: SiteId,
        /// Whose they are.
        pub org: OrgId,
        /// Their GS1 location number; the one they had, if it was released.
        pub gln: Gln,
        /// What they are for.
        pub kind: SiteKind,
        /// Whether they are in use.
        pub status: SiteStatus,
    }

    /// An enrolment as readers see it.
    pub struct StaffInfo {
        /// The account.
        pub account: AccountId,
        /// How the enrolment stands now.
        pub state: Enrolment,
        /// How the organisation stands now.
        pub standing: Standing,
        /// The organisation the account acts for.
        pub org: OrgId,
        /// What it may do there.
        pub duties: Codes<Duty>,
        /// The premises it is tied to, if any. Once they are closed it acts for nobody.
        pub site: Option<SiteId>,
        /// The first instant at which it no longer acts, UTC milliseconds.
        pub valid_until: Moment,
    }
}
