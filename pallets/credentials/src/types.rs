//! What this pallet stores and answers.

use crate::rules::Standing;
use alloc::vec::Vec;
use axonic_primitives::{
    credentials::{CredentialDenial, Privilege},
    data,
    membership::Jurisdiction,
    shown, AccountId, Codes, CredentialId, Moment, OrgId,
};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;

/// A holder's credentials are looked through this many at a time, so that a decision is bounded
/// work. A professional with a licence in each of several countries holds fewer.
pub const MAX_CREDENTIALS: u32 = 16;
/// Of them, at most this many that are live are by one issuer, so that none keeps others from
/// licensing somebody.
pub const MAX_PER_ISSUER: u32 = 4;
/// An issuer is accredited for one kind at most this often, counting countries and repetitions: a
/// body for the whole European Union, twice over.
pub const MAX_ACCREDITATIONS: u32 = 64;
/// An issuer is distrusted at most this often; after the last time it is not accredited again.
pub const MAX_DISTRUSTS: u32 = 16;
/// A credential is renewed at most this often: yearly, for most of a working life.
pub const MAX_RENEWALS: u32 = 32;
/// A credential is suspended at most this often.
pub const MAX_SUSPENSIONS: u32 = 8;
/// A page of an answer has at most this many entries.
pub const MAX_PAGE: u32 = 64;

data! {
    /// What a credential is.
    #[derive(Copy)]
    pub enum CredentialKind {
        /// A physician's licence.
        #[codec(index = 0)]
        MedicalLicence,
        /// A nurse's licence.
        #[codec(index = 1)]
        NursingLicence,
        /// A pharmacist's licence.
        #[codec(index = 2)]
        PharmacistLicence,
        /// A prescriber's registration for controlled substances (in the United States that of the
        /// Drug Enforcement Administration, 21 CFR part 1301).
        #[codec(index = 3)]
        ControlledSubstanceRegistration,
        /// A certificate by the board of a specialty.
        #[codec(index = 4)]
        SpecialtyBoard,
        /// A permission to open records in emergencies, for those whose licence does not say so.
        #[codec(index = 5)]
        EmergencyAccess,
        /// An appointment as investigator of clinical trials (ICH E6).
        #[codec(index = 6)]
        TrialInvestigator,
        /// A licence to trade in medicines.
        #[codec(index = 7)]
        WholesaleLicence,
        /// A dentist's licence.
        #[codec(index = 8)]
        DentalLicence,
        /// The licence of a nurse practitioner, midwife or physician associate, who prescribes
        /// without being a physician.
        #[codec(index = 9)]
        AdvancedPracticeLicence,
    }

    /// How far the source of a credential was checked (FHIR R5 `VerificationResult.status`).
    #[derive(Copy)]
    pub enum PrimarySource {
        /// Somebody vouches for it (`attested`).
        #[codec(index = 0)]
        Attested,
        /// It was found good at its source (`validated`).
        #[codec(index = 1)]
        Validated,
        /// A check is under way (`in-process`).
        #[codec(index = 2)]
        InProcess,
        /// It was not found good at its source (`val-fail` and `reval-fail`).
        #[codec(index = 3)]
        Failed,
    }

    /// Why a credential was suspended or revoked, as coarse as public registers have it.
    #[derive(Copy)]
    pub enum Reason {
        /// A disciplinary decision.
        #[codec(index = 0)]
        Disciplinary,
        /// It was obtained by deceit.
        #[codec(index = 1)]
        Fraud,
        /// It should not have been issued.
        #[codec(index = 2)]
        IssuedInError,
        /// A condition is no longer met: education, insurance, fees.
        #[codec(index = 3)]
        RequirementsNotMet,
        /// Something is being looked into.
        #[codec(index = 4)]
        UnderInvestigation,
        /// Another credential takes its place.
        #[codec(index = 5)]
        Superseded,
        /// The holder died.
        #[codec(index = 6)]
        Deceased,
    }

    /// What was last decided about a credential. Expiry, and the end of a suspension that was
    /// given one, are not decided but derived.
    #[derive(Copy)]
    pub enum Status {
        /// Nothing is held against it.
        #[codec(index = 0)]
        Active,
        /// Not good for a while.
        #[codec(index = 1)]
        Suspended {
            /// First instant of the suspension, UTC milliseconds.
            from: Moment,
            /// First instant after it, UTC milliseconds. Absent: until it is lifted.
            until: Option<Moment>,
            /// Why.
            reason: Reason,
        },
        /// Taken away, which is final.
        #[codec(index = 2)]
        Revoked {
            /// First instant at which it is no longer good, UTC milliseconds.
            from: Moment,
            /// Why.
            reason: Reason,
        },
        /// Given up by its holder. It is never good again, but its issuer may still revoke it.
        #[codec(index = 3)]
        Surrendered {
            /// First instant at which it is no longer good, UTC milliseconds.
            from: Moment,
        },
    }

    /// A suspension that is over.
    #[derive(Copy)]
    pub struct Suspension {
        /// Its first instant, UTC milliseconds.
        pub from: Moment,
        /// The first instant after it, UTC milliseconds.
        pub until: Moment,
    }

    /// That an issuer went on vouching for a credential.
    #[derive(Copy)]
    pub struct Renewal {
        /// When, UTC milliseconds.
        pub at: Moment,
        /// First instant at which the credential is no longer good, UTC milliseconds.
        pub valid_until: Moment,
        /// Commitment to the renewed document. Zero: none.
        pub commitment: H256,
    }

    /// The last time somebody looked at the source of a credential.
    #[derive(Copy)]
    pub struct PrimarySourceCheck {
        /// What came out.
        pub outcome: PrimarySource,
        /// Commitment to the evidence, which stays with the organisation. Zero: none.
        pub commitment: H256,
        /// The organisation that looked.
        pub by: OrgId,
        /// When, UTC milliseconds.
        pub at: Moment,
    }

    /// A stretch of time in which an organisation may issue one kind of credential for a
    /// jurisdiction.
    #[derive(Copy)]
    pub struct Accreditation {
        /// The jurisdiction.
        pub jurisdiction: Jurisdiction,
        /// When the council accredited it, UTC milliseconds.
        pub from: Moment,
        /// When the council withdrew it or accredited anew, UTC milliseconds. What was issued in
        /// that very block before counts.
        pub until: Option<Moment>,
        /// How often the issuer had been distrusted by then: once more, and it may not issue by
        /// this.
        pub distrusts: u32,
    }

    /// A stretch of time in which nothing that an organisation issued is believed. Both ends are
    /// inside.
    #[derive(Copy)]
    pub struct Distrust {
        /// The first instant, UTC milliseconds. May lie long before the council knew.
        pub since: Moment,
        /// When the council accredited the organisation anew, UTC milliseconds. Absent: it has not.
        pub until: Option<Moment>,
    }

    /// What an issuer says a credential is.
    #[derive(Copy)]
    #[serde(deny_unknown_fields)]
    pub struct Terms {
        /// What it is.
        pub kind: CredentialKind,
        /// What it allows its holder to do. May be nothing, for what only says who somebody is.
        pub privileges: Codes<Privilege>,
        /// Where.
        pub jurisdiction: Jurisdiction,
        /// First instant at which it is good, UTC milliseconds. The paper may be older than its
        /// record here.
        pub valid_from: Moment,
        /// First instant at which it is no longer good, UTC milliseconds, unless it is renewed.
        pub valid_until: Moment,
        /// Commitment to the W3C verifiable credential or the paper. Zero: none.
        pub commitment: H256,
    }
}

impl CredentialKind {
    /// Every kind, in the order of their indexes.
    pub const ALL: [Self; 10] = [
        Self::MedicalLicence,
        Self::NursingLicence,
        Self::PharmacistLicence,
        Self::ControlledSubstanceRegistration,
        Self::SpecialtyBoard,
        Self::EmergencyAccess,
        Self::TrialInvestigator,
        Self::WholesaleLicence,
        Self::DentalLicence,
        Self::AdvancedPracticeLicence,
    ];
}

/// Every time an issuer was distrusted, in the order of the decisions. Only the last may go on.
pub type Distrusts = BoundedVec<Distrust, ConstU32<MAX_DISTRUSTS>>;

/// The accreditations of one issuer for one kind, in the order they were given.
pub type AccreditationList = BoundedVec<Accreditation, ConstU32<MAX_ACCREDITATIONS>>;

/// Ids of credentials, in the order they were issued.
pub type Held = BoundedVec<CredentialId, ConstU32<MAX_CREDENTIALS>>;

/// What is kept of an organisation as an issuer.
#[derive(Clone, PartialEq, Eq, Default, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Issuer {
    /// How many credentials it has issued, which makes their ids unique.
    pub issued: u64,
    /// When it is not believed.
    pub distrusts: Distrusts,
}

/// What an issuer says of an account, and what became of it.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// The professional's account.
    pub holder: AccountId,
    /// The organisation that issued it.
    pub issuer: OrgId,
    /// When it was put on record, UTC milliseconds.
    pub issued_at: Moment,
    /// What it is, as issued.
    pub terms: Terms,
    /// What was last decided about it.
    pub status: Status,
    /// The suspensions that are over, in their order.
    pub suspensions: BoundedVec<Suspension, ConstU32<MAX_SUSPENSIONS>>,
    /// The renewals, in their order.
    pub renewals: BoundedVec<Renewal, ConstU32<MAX_RENEWALS>>,
    /// The last check at its source.
    pub primary_source: PrimarySourceCheck,
}

shown! {
    /// A credential as readers see it.
    pub struct CredentialInfo {
        /// Its id.
        pub id: CredentialId,
        /// What is stored.
        pub credential: Credential,
        /// The instant that was asked about, UTC milliseconds.
        pub at: Moment,
        /// How it stands at that instant.
        pub standing: Standing,
        /// First instant at which it is no longer good unless renewed, UTC milliseconds: as issued,
        /// or by the last renewal that is believed.
        pub expires_at: Moment,
        /// Commitment to the document that counts: as issued, or of the last renewal that is
        /// believed.
        pub commitment: H256,
    }

    /// Whether somebody is licensed.
    #[derive(Copy)]
    pub enum Answer {
        /// By this credential.
        #[codec(index = 0)]
        Licensed {
            /// The first good one.
            credential: CredentialId,
        },
        /// Not.
        #[codec(index = 1)]
        Denied {
            /// What the credential lacks that came closest.
            reason: CredentialDenial,
        },
    }

    /// What one credential contributes to an answer.
    #[derive(Copy)]
    pub struct Step {
        /// The credential.
        pub credential: CredentialId,
        /// What it is.
        pub kind: CredentialKind,
        /// What the last check at its source found. Decides nothing.
        pub primary_source: PrimarySource,
        /// What it lacks. Absent: it is good.
        pub denial: Option<CredentialDenial>,
    }

    /// What somebody needs besides the privilege asked about.
    #[derive(Copy)]
    pub struct Prerequisite {
        /// The privilege that is needed too, in the same jurisdiction at the same instant.
        pub privilege: Privilege,
        /// Whether the holder has it, by whichever credential.
        pub answer: Answer,
    }

    /// An answer and the way to it.
    pub struct Explanation {
        /// The instant that was asked about, UTC milliseconds.
        pub at: Moment,
        /// Whether the holder is licensed. Who lacks both the privilege and what it needs besides
        /// is told what the privilege itself lacks.
        pub answer: Answer,
        /// Each credential that was looked at, in the order they were issued, and what it
        /// contributes to the privilege itself.
        pub steps: Vec<Step>,
        /// What the privilege needs besides. Absent: nothing.
        pub prerequisite: Option<Prerequisite>,
    }

    /// An accreditation as readers see it.
    #[derive(Copy)]
    pub struct AccreditationInfo {
        /// What may be issued.
        pub kind: CredentialKind,
        /// Where, and when.
        pub accreditation: Accreditation,
        /// Whether it counts now: it is neither withdrawn nor from before a distrust.
        pub in_force: bool,
    }

    /// An organisation as an issuer.
    pub struct IssuerInfo {
        /// The organisation.
        pub issuer: OrgId,
        /// How many credentials it has issued.
        pub issued: u64,
        /// When it is not believed, in the order of the decisions.
        pub distrusts: Vec<Distrust>,
        /// What it may issue and what it might once, by kind and in the order of the decisions.
        pub accreditations: Vec<AccreditationInfo>,
    }
}
