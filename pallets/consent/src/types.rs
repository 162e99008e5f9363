//! What this pallet stores and answers.

use alloc::vec::Vec;
use axonic_primitives::{
    consent::{
        Action, Basis, DataRef, Denial, Label, PurposeOfUse, ResourceType, Scope, MAX_CLASSES,
        MAX_CODES, MAX_DATA,
    },
    data,
    membership::Role,
    patients::Acting,
    sent, shown, AccountId, BreakGlassId, Codes, ConsentId, Moment, OrgId, PatientId, Period,
    RequestId,
};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_core::H256;

pub use axonic_primitives::consent::MAX_LIVE_CONSENTS;

/// A consent has at most this many provisions: the published examples need 11, and each is read
/// whenever the patient's consents are asked.
pub const MAX_PROVISIONS: u32 = 16;
/// A provision names at most this many actors.
pub const MAX_ACTORS: u32 = 8;
/// At most this many proposals and unanswered requests each wait for a patient, so that nobody can
/// bury one under questions.
pub const MAX_PENDING: u32 = 64;
/// A patient has withdrawn everything from at most this many grantees, because a decision about an
/// organisation looks through them for its practitioners.
pub const MAX_WITHDRAWALS: u32 = 64;
/// A page of an answer has at most this many entries.
pub const MAX_PAGE: u32 = 64;

data! {
    /// Whether something is allowed (FHIR `consent-provision-type`).
    #[derive(Copy)]
    pub enum ProvisionType {
        /// Allowed.
        #[codec(index = 0)]
        Permit,
        /// Not allowed.
        #[codec(index = 1)]
        Deny,
    }

    /// Whom a provision is about (FHIR R5 `Consent.provision.actor`, in the role of recipient).
    pub enum Grantee {
        /// A member organisation and everybody who acts for it.
        #[codec(index = 0)]
        Organisation(OrgId),
        /// One member of staff, wherever employed.
        #[codec(index = 1)]
        Practitioner(AccountId),
        /// Every organisation admitted with this role.
        #[codec(index = 2)]
        RoleClass(Role),
        /// Anybody.
        #[codec(index = 3)]
        Any,
    }

    /// An exception to the consent's decision, or to the provision it is nested in
    /// (FHIR R5 `Consent.provision`). What it does not carry matches anything.
    #[derive(Default)]
    pub struct Provision {
        /// The index of the provision this one is an exception to. Absent: to the consent's
        /// decision.
        pub parent: Option<u8>,
        /// Recipients.
        pub actors: BoundedVec<Grantee, ConstU32<MAX_ACTORS>>,
        /// What is done with the data.
        pub actions: Codes<Action>,
        /// Why.
        pub purposes: Codes<PurposeOfUse>,
        /// Security labels of the data.
        pub labels: Codes<Label>,
        /// FHIR resource types of the data.
        pub classes: BoundedVec<ResourceType, ConstU32<MAX_CLASSES>>,
        /// Salted commitments to codes of the data.
        pub codes: BoundedVec<H256, ConstU32<MAX_CODES>>,
        /// Particular data.
        pub data: BoundedVec<DataRef, ConstU32<MAX_DATA>>,
        /// When the provision holds.
        pub period: Option<Period>,
        /// When the data came about.
        pub data_period: Option<Period>,
    }

    /// What a patient agrees to, well formed.
    pub struct Terms {
        /// What kind of agreement this is.
        pub scope: Scope,
        /// What holds where no provision says otherwise.
        pub decision: ProvisionType,
        /// When the consent holds.
        pub period: Period,
        /// The exceptions.
        pub provisions: BoundedVec<Provision, ConstU32<MAX_PROVISIONS>>,
        /// Commitment to the policy the consent refers to. Zero: none.
        pub policy_hash: H256,
        /// Commitment to the signed form or recording. Zero: none.
        pub evidence_hash: H256,
    }
}

sent! {
    /// A [`Provision`] as somebody sends it: not yet checked, so that going past a bound has an
    /// error of its own. Encodes alike.
    #[derive(Default)]
    #[serde(deny_unknown_fields, default)]
    pub struct ProvisionDraft {
        /// The index of the provision this one is an exception to. Absent: to the consent's
        /// decision.
        pub parent: Option<u8>,
        /// Recipients, [`MAX_ACTORS`] at most.
        pub actors: Vec<Grantee>,
        /// What is done with the data.
        pub actions: Codes<Action>,
        /// Why.
        pub purposes: Codes<PurposeOfUse>,
        /// Security labels of the data.
        pub labels: Codes<Label>,
        /// FHIR resource types of the data, [`MAX_CLASSES`] at most.
        pub classes: Vec<ResourceType>,
        /// Salted commitments to codes of the data, [`MAX_CODES`] at most.
        pub codes: Vec<H256>,
        /// Particular data, [`MAX_DATA`] at most.
        pub data: Vec<DataRef>,
        /// When the provision holds.
        pub period: Option<Period>,
        /// When the data came about.
        pub data_period: Option<Period>,
    }

    /// [`Terms`] as somebody sends them: not yet checked. Encodes alike.
    #[serde(deny_unknown_fields)]
    pub struct Draft {
        /// What kind of agreement this is.
        pub scope: Scope,
        /// What holds where no provision says otherwise.
        pub decision: ProvisionType,
        /// When the consent holds.
        #[serde(default)]
        pub period: Period,
        /// The exceptions, [`MAX_PROVISIONS`] at most.
        #[serde(default)]
        pub provisions: Vec<ProvisionDraft>,
        /// Commitment to the policy the consent refers to. Zero: none.
        #[serde(default)]
        pub policy_hash: H256,
        /// Commitment to the signed form or recording. Zero: none.
        #[serde(default)]
        pub evidence_hash: H256,
    }
}

data! {
    /// Where a consent stands (FHIR `consent-state-codes`). Expiry is not a status: it is derived.
    #[derive(Copy)]
    pub enum Status {
        /// Put to the patient, who has not answered (`draft`).
        #[codec(index = 0)]
        Proposed,
        /// Agreed to (`active`).
        #[codec(index = 1)]
        Active,
        /// Declined by the patient (`not-done`).
        #[codec(index = 2)]
        Rejected,
        /// Taken back by the patient (`inactive`).
        #[codec(index = 3)]
        Withdrawn,
        /// Replaced by a later consent (`inactive`).
        #[codec(index = 4)]
        Superseded,
        /// Should never have been recorded (`entered-in-error`).
        #[codec(index = 5)]
        EnteredInError,
    }

    /// That somebody checked the consent with the patient (FHIR `Consent.verification`).
    #[derive(Copy)]
    pub struct Verification {
        /// The organisation whose staff checked.
        pub by: OrgId,
        /// When, UTC milliseconds.
        pub at: Moment,
    }

    /// A consent and its history.
    pub struct Consent {
        /// Who proposed or granted it.
        pub author: Author,
        /// What it says.
        pub terms: Terms,
        /// Where it stands.
        pub status: Status,
        /// Counts what happened to it, from 1; a receipt names the version it rests on.
        pub version: u32,
        /// Its place in the order of the patient's grants; a proposal gets one when it is accepted.
        pub sequence: u64,
        /// The last check with the patient.
        pub verification: Option<Verification>,
        /// The consent it replaced.
        pub supersedes: Option<ConsentId>,
        /// When it was recorded, UTC milliseconds.
        pub created_at: Moment,
        /// When it stopped being active, UTC milliseconds.
        pub ended_at: Option<Moment>,
    }

    /// Who put a consent on the chain.
    pub enum Author {
        /// The patient or a representative (FHIR `Consent.grantor`).
        #[codec(index = 0)]
        Grantor {
            /// The key that signed.
            account: AccountId,
            /// In which capacity.
            acting: Acting,
        },
        /// A member, as a proposal the patient has not accepted.
        #[codec(index = 1)]
        Proposer {
            /// The organisation.
            org: OrgId,
            /// Its member of staff.
            account: AccountId,
        },
    }

    /// A member's question to a patient.
    pub struct AccessRequest {
        /// Whose data.
        pub patient: PatientId,
        /// Who asks.
        pub org: OrgId,
        /// The member of staff who asked.
        pub account: AccountId,
        /// What for.
        pub ask: Ask,
        /// When, UTC milliseconds.
        pub asked_at: Moment,
        /// The patient's answer.
        pub answer: Option<Answer>,
    }

    /// What a member asks for.
    #[serde(deny_unknown_fields)]
    pub struct Ask {
        /// What would be done with the data.
        pub actions: Codes<Action>,
        /// Why.
        pub purposes: Codes<PurposeOfUse>,
        /// Of which FHIR resource types. Empty: any.
        #[serde(default)]
        pub classes: BoundedVec<ResourceType, ConstU32<MAX_CLASSES>>,
        /// When access would be needed.
        #[serde(default)]
        pub period: Period,
    }

    /// A patient's answer to a request.
    #[derive(Copy)]
    pub enum Answer {
        /// The patient granted this consent.
        #[codec(index = 0)]
        Granted(ConsentId),
        /// The patient declined.
        #[codec(index = 1)]
        Declined,
    }

    /// Why somebody broke the glass. A coarse category: the story stays with the organisation.
    #[derive(Copy)]
    pub enum EmergencyReason {
        /// The patient's life is in danger.
        #[codec(index = 0)]
        LifeThreatening,
        /// The patient cannot speak.
        #[codec(index = 1)]
        PatientIncapacitated,
        /// Somebody else is in danger.
        #[codec(index = 2)]
        DangerToOthers,
        /// Many people are hurt at once.
        #[codec(index = 3)]
        Disaster,
    }

    /// What a review of an emergency access found.
    #[derive(Copy)]
    pub enum ReviewOutcome {
        /// It was warranted.
        #[codec(index = 0)]
        Justified,
        /// It was not.
        #[codec(index = 1)]
        Unjustified,
        /// It was handed on to a regulator or court.
        #[codec(index = 2)]
        Escalated,
    }

    /// An emergency access.
    pub struct BreakGlass {
        /// Whose data.
        pub patient: PatientId,
        /// Who opened it.
        pub practitioner: AccountId,
        /// For which organisation.
        pub org: OrgId,
        /// The coarse reason.
        pub reason: EmergencyReason,
        /// Commitment to the justification, which stays with the organisation.
        pub justification_hash: H256,
        /// When it was opened, UTC milliseconds.
        pub opened_at: Moment,
        /// The first instant at which it no longer permits, UTC milliseconds.
        pub expires_at: Moment,
        /// By when it has to be reviewed, UTC milliseconds.
        pub review_due: Moment,
        /// What the review found.
        pub outcome: Option<ReviewOutcome>,
    }
}

/// What is counted per patient.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Ledger {
    /// Consents in force or expired, not withdrawn.
    pub live: u32,
    /// Proposals that wait for an answer.
    pub proposed: u32,
    /// Requests that wait for an answer.
    pub requested: u32,
    /// The sequence of the next grant, which is also what a withdrawal from a grantee is set to.
    pub next_sequence: u64,
    /// Makes ids unique.
    pub next_id: u64,
    /// The nonce the patient's next signed statement must carry.
    pub statements: u64,
}

shown! {
    /// Data that an obligation is about, and practitioners it must not reach: the side of a
    /// provision that a query left open.
    #[derive(Default)]
    pub struct Content {
        /// Security labels.
        pub labels: Codes<Label>,
        /// FHIR resource types.
        pub classes: Vec<ResourceType>,
        /// Commitments to codes.
        pub codes: Vec<H256>,
        /// Particular data.
        pub data: Vec<DataRef>,
        /// When the data came about.
        pub data_period: Option<Period>,
        /// Recipients the provision names while the query named only their organisation.
        pub practitioners: Vec<AccountId>,
    }

    /// What to do about the data an obligation describes.
    #[derive(Copy)]
    pub enum Duty {
        /// Leave it out.
        #[codec(index = 0)]
        Redact,
        /// Give nothing but it; after a `redact` of the same consent: it may stay in.
        #[codec(index = 1)]
        Only,
    }

    /// A provision that the query was too unspecific for.
    pub struct Obligation {
        /// Of which consent.
        pub consent: ConsentId,
        /// The provision's index in it, if it comes from one.
        pub provision: Option<u8>,
        /// What to do.
        pub duty: Duty,
        /// About which data.
        pub content: Content,
    }

    /// The answer to a query.
    pub enum Decision {
        /// Yes, if the obligations are met.
        #[codec(index = 0)]
        Permit {
            /// What it rests on.
            basis: Basis,
            /// What the custodian has to leave out or keep to.
            obligations: Vec<Obligation>,
        },
        /// No.
        #[codec(index = 1)]
        Deny {
            /// Why.
            reason: Denial,
            /// The provision that decided, if a consent denies and it was not its base decision.
            provision: Option<u8>,
            /// A query that named this content might be answered otherwise.
            unless: Vec<Obligation>,
        },
        /// Nothing the patient said applies, and the consortium has no default.
        #[codec(index = 2)]
        NoConsent,
    }

    /// What one consent has to say to a query.
    #[serde(rename_all_fields = "camelCase")]
    pub enum Finding {
        /// Its period has not begun or is over.
        #[codec(index = 0)]
        OutsidePeriod,
        /// Its scope has nothing to do with the purpose.
        #[codec(index = 1)]
        ScopeDoesNotFit,
        /// It permits, but the patient has since withdrawn everything from this recipient.
        #[codec(index = 2)]
        WithdrawnFromRecipient,
        /// It decides.
        #[codec(index = 3)]
        Decides {
            /// For or against.
            decision: ProvisionType,
            /// The deepest provision that matches, or none if the base decision stands.
            provision: Option<u8>,
            /// Whether the provision, or the one it is nested in, names the purpose asked for or,
            /// where that forbids an emergency, the other kind of emergency.
            names_purpose: bool,
        },
    }

    /// A consent that was looked at, and what it had to say.
    pub struct Step {
        /// The consent.
        pub consent: ConsentId,
        /// Its version.
        pub version: u32,
        /// What it says.
        pub finding: Finding,
    }

    /// How an answer came about.
    pub struct Explanation {
        /// The patient, after merges.
        pub patient: PatientId,
        /// The instant that was judged at, UTC milliseconds.
        pub at: Moment,
        /// Every consent that was looked at.
        pub steps: Vec<Step>,
        /// The emergency access that was found open, if the purpose is an emergency.
        pub break_glass: Option<BreakGlassId>,
        /// The consortium's default, if it was needed.
        pub default: Option<ProvisionType>,
        /// The answer.
        pub decision: Decision,
    }

    /// A consent as readers see it.
    pub struct ConsentInfo {
        /// Its id.
        pub id: ConsentId,
        /// Whose it is.
        pub patient: PatientId,
        /// What is stored.
        pub consent: Consent,
        /// Whether it is active and within its period now.
        pub in_force: bool,
    }

    /// A request as readers see it.
    pub struct RequestInfo {
        /// Its id.
        pub id: RequestId,
        /// What is stored.
        pub request: AccessRequest,
    }

    /// An emergency access as readers see it.
    pub struct BreakGlassInfo {
        /// Its id.
        pub id: BreakGlassId,
        /// What is stored.
        pub break_glass: BreakGlass,
        /// Whether it still permits.
        pub open: bool,
        /// Whether its review is overdue.
        pub overdue: bool,
    }
}
