//! What the pallet stores, what it is told, and what it shows.

use alloc::vec::Vec;
pub use axonic_primitives::statement::StatementToSign;
use axonic_primitives::{
    closed_codes, data, patients::Power, sent, shown, statement::Statement, stored, AccountId,
    Codes, Moment, OrgId, PatientId, Signature,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;

/// Keys of one patient: a few devices, a spare and an offline one. Recovery and erasure touch all.
pub const MAX_KEYS: u32 = 8;
/// Appointments of one patient, ended ones included until the next appointment drops them.
/// Deciding whether an account may act reads all of them.
pub const MAX_REPRESENTATIVES: u32 = 8;
/// Patients that one agent stands for. Erasing a patient who is an agent touches all of them.
pub const MAX_REPRESENTED: u32 = 32;
/// Match tokens of one patient: one a matching rule (name and birth date, phonetic name, ...).
pub const MAX_TOKENS: u32 = 16;
/// Organisations that hold one match token. Adding a token reads the patient of each.
pub const MAX_TOKEN_HOLDERS: u32 = 16;
/// Links that start or end at one patient. Erasure touches the other end of each.
pub const MAX_LINKS: u32 = 16;
/// Offers of sponsorship that wait for one patient's decision.
pub const MAX_SPONSOR_OFFERS: u32 = 4;
/// Merges between an id and the patient it is known by. Every question about a patient follows
/// them, so each level is one more read.
pub const MAX_MERGE_DEPTH: u32 = 4;
/// Ids that one person is known by, merged ones included. Whoever asks what a patient said looks
/// under each.
pub const MAX_IDENTITIES: u32 = 8;
/// How far ahead a statement made off chain may expire, milliseconds: one day. Long enough for a
/// form filled in at the desk, short enough that a forgotten signature is worth nothing.
pub const MAX_STATEMENT_LIFE: Moment = 24 * 60 * 60 * 1000;
/// Match tokens that one call of `possible_duplicates` examines at most.
pub const MAX_PAGE: u32 = 256;

closed_codes! {
    /// What a key is for (W3C DID Core 1.0, section 5.3, "verification relationships", and
    /// recovery).
    KeyPurpose, "key purposes" {
        /// Speaks for the patient's identity: keys, recovery, representatives, links, sponsor.
        Authentication = 0, "Authentication";
        /// Grants, narrows and withdraws consents.
        Consent = 1, "Consent";
        /// Others encrypt to it off chain. It gives no power on chain.
        KeyAgreement = 2, "KeyAgreement";
        /// May become the patient's only key through a recovery, without opening a commitment.
        Recovery = 3, "Recovery";
    }
}

stored! {
    /// A key of a patient.
    #[derive(Copy)]
    pub struct Key {
        /// What it is for.
        pub purposes: Codes<KeyPurpose>,
        /// When it was added, UTC milliseconds.
        pub added_at: Moment,
        /// The first instant at which it is no longer good, UTC milliseconds.
        pub expires_at: Option<Moment>,
    }

    /// How sure an organisation is that the person is who they claim to be (NIST SP 800-63A-4,
    /// identity assurance levels).
    #[derive(Copy, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum AssuranceLevel {
        /// Some identity evidence was validated (IAL1).
        #[codec(index = 1)]
        #[serde(rename = "IAL1")]
        Ial1,
        /// Stronger evidence, and the person was verified against it (IAL2).
        #[codec(index = 2)]
        #[serde(rename = "IAL2")]
        Ial2,
        /// In person or supervised, with a biometric taken (IAL3). The biometric is never on chain.
        #[codec(index = 3)]
        #[serde(rename = "IAL3")]
        Ial3,
    }
}

data! {
    /// Where a patient is in its life cycle. Moves only through [`Status::next`].
    #[derive(Copy)]
    #[serde(rename_all_fields = "camelCase")]
    pub enum Status {
        /// Made by an organisation; nobody holds a key to it yet.
        #[codec(index = 0)]
        Registered,
        /// Claimed: the patient holds a key.
        #[codec(index = 1)]
        Active,
        /// Out of use until somebody has looked into it, for example after a suspected theft.
        #[codec(index = 2)]
        Suspended {
            /// When it was suspended, UTC milliseconds.
            since: Moment,
        },
        /// Known by another id.
        #[codec(index = 3)]
        Merged {
            /// The id one level up, which may be merged in turn.
            into: PatientId,
        },
        /// Reported dead.
        #[codec(index = 4)]
        Deceased {
            /// When it was reported, UTC milliseconds. Never the date of death.
            reported_at: Moment,
        },
        /// Gone but for the id. Never stored with a patient: see `ErasedPatients`.
        #[codec(index = 5)]
        Erased,
    }

    /// Who is how sure of the person, since when.
    #[derive(Copy)]
    pub struct Assurance {
        /// How sure.
        pub level: AssuranceLevel,
        /// Who proofed the identity.
        pub by: OrgId,
        /// When it was attested, UTC milliseconds.
        pub at: Moment,
    }

    /// A legal hold: nothing of the patient may be erased.
    #[derive(Copy)]
    pub struct Hold {
        /// Commitment to the order or notice it rests on: `blake2_256(salt32 ‖ document)`.
        pub basis_hash: H256,
        /// When it was placed, UTC milliseconds.
        pub placed_at: Moment,
    }

    /// A patient, keyed by an id that says nothing about the person.
    pub struct Patient {
        /// Where it is in its life cycle.
        pub status: Status,
        /// The organisation that registered it and looks after the registration.
        pub managing_org: OrgId,
        /// Who pays for its transactions, once both have agreed. Gives no power over the patient.
        pub sponsor: Option<OrgId>,
        /// `blake2_256(salt32 ‖ RFC 8785 JSON of the FHIR Patient)`; salt and document stay with
        /// the managing organisation.
        pub commitment: H256,
        /// Starts at 1 and rises by one with each new commitment.
        pub commitment_version: u32,
        /// How sure the managing organisation is of the person.
        pub assurance: Option<Assurance>,
        /// How many keys it has. It is claimed if it has any.
        pub key_count: u32,
        /// Appointments made under an earlier epoch are revoked.
        pub guardian_epoch: u32,
        /// The number of statements accepted from the patient so far: the next one carries it.
        pub statement_nonce: u64,
        /// Whether new links, merges and match tokens are refused.
        pub links_frozen: bool,
        /// The legal hold on it, if any.
        pub legal_hold: Option<Hold>,
        /// When a suspension or a reported death was last undone, UTC milliseconds.
        pub resumed_at: Option<Moment>,
        /// When it was registered, UTC milliseconds.
        pub created_at: Moment,
    }

    /// Who represents a patient.
    pub enum Agent {
        /// One account, for example a lawyer's or an institution's.
        #[codec(index = 0)]
        Account(AccountId),
        /// Another patient, through whichever live key of its own has the purpose the power needs.
        #[codec(index = 1)]
        Patient(PatientId),
    }

    /// On what ground somebody represents a patient.
    #[derive(Copy)]
    pub enum RepresentativeKind {
        /// Parental responsibility for a minor. Ends on the date given at appointment.
        #[codec(index = 0)]
        Parent,
        /// Guardianship.
        #[codec(index = 1)]
        Guardian,
        /// A power of attorney that the patient gave.
        #[codec(index = 2)]
        PowerOfAttorney,
        /// An order of a court.
        #[codec(index = 3)]
        Court,
    }
}

stored! {
    /// An appointment: who may do what for a patient, on what ground, from when until when.
    pub struct Representative {
        /// Who represents.
        pub agent: Agent,
        /// On what ground.
        pub kind: RepresentativeKind,
        /// What the agent may do.
        pub powers: Codes<Power>,
        /// The first instant at which it may, UTC milliseconds.
        pub from: Moment,
        /// The first instant at which it no longer may, UTC milliseconds.
        pub until: Option<Moment>,
        /// Commitment to the evidence: `blake2_256(salt32 ‖ document)`.
        pub evidence_hash: H256,
        /// The patient's guardian epoch at the appointment.
        pub epoch: u32,
    }
}

data! {
    /// A provider's request to replace all keys of a patient by one.
    pub struct RecoveryRequest {
        /// The account that becomes the patient's only key.
        pub account: AccountId,
        /// The organisation that saw the person.
        pub provider: OrgId,
        /// When it was requested, UTC milliseconds.
        pub requested_at: Moment,
        /// The first instant at which it can be finalised, UTC milliseconds.
        pub matures_at: Moment,
    }

    /// How far a recovery has come. Moves only through [`RecoveryStage::next`].
    pub enum RecoveryStage {
        /// Nothing was requested.
        #[codec(index = 0)]
        Idle,
        /// A provider requested it; any live key of the patient may veto it.
        #[codec(index = 1)]
        Requested(RecoveryRequest),
        /// It was vetoed. Only a new recovery commitment lets another request through.
        #[codec(index = 2)]
        Vetoed,
    }
}

stored! {
    /// How a patient gets back in after losing every key.
    pub struct Recovery {
        /// `blake2_256(salt32 ‖ account32)` of a key that the patient keeps off chain.
        pub commitment: Option<H256>,
        /// How far it has come.
        pub stage: RecoveryStage,
    }

    /// What a link says (FHIR R5 `link-type`, without its inverse `replaces`).
    #[derive(Copy, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum LinkKind {
        /// `to` is used instead of `from`. Comes from a merge and is never stored as a link.
        #[codec(index = 0)]
        ReplacedBy,
        /// `from` is in use, but `to` is the main source of information.
        #[codec(index = 1)]
        Refer,
        /// Both are in use and may concern the same person.
        #[codec(index = 2)]
        #[serde(rename = "seealso")]
        SeeAlso,
    }
}

data! {
    /// A link between two patients (FHIR R5 `Patient.link`), kept with both.
    #[derive(Copy)]
    pub struct Link {
        /// Where it starts.
        pub from: PatientId,
        /// Where it ends.
        pub to: PatientId,
        /// What it says.
        pub kind: LinkKind,
    }
}

sent! {
    /// What the holder of a key agrees to by signing.
    ///
    /// Each kind has a purpose tag and an index of its own, so no signature is good for two kinds.
    #[serde(rename_all_fields = "camelCase")]
    pub enum Agreement {
        /// To be registered with this key by one organisation.
        #[codec(index = 0)]
        Register {
            /// The organisation that will manage the patient.
            org: OrgId,
            /// What the key is for.
            purposes: Codes<KeyPurpose>,
            /// Commitment to the registration that the person saw.
            commitment: H256,
        },
        /// To take over a registration that an organisation made earlier.
        #[codec(index = 1)]
        Claim {
            /// What the key is for.
            purposes: Codes<KeyPurpose>,
            /// The registration's present commitment.
            commitment: H256,
        },
        /// To become one more key of the patient.
        #[codec(index = 2)]
        AddKey {
            /// What the key is for.
            purposes: Codes<KeyPurpose>,
            /// When the key expires, UTC milliseconds.
            key_expires_at: Option<Moment>,
        },
        /// To replace a key, with its purposes and its expiry.
        #[codec(index = 3)]
        RotateKey {
            /// The key that goes.
            replaces: AccountId,
        },
        /// To become the patient's only key through a recovery.
        #[codec(index = 4)]
        Recover {
            /// The provider that saw the person and asks for it.
            org: OrgId,
        },
        /// That the patient is known by another id from now on.
        #[codec(index = 5)]
        Merge {
            /// The other id.
            into: PatientId,
        },
        /// That another patient is known as this one from now on, and what was said under its id
        /// counts as said by this one.
        #[codec(index = 6)]
        AcceptMerge {
            /// The other patient.
            from: PatientId,
        },
        /// That the patient is known by its own id again.
        #[codec(index = 7)]
        Unmerge,
    }
}

/// What is signed, without tag, chain, patient, nonce and expiry.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct StatementBody {
    /// The account whose key signs.
    pub account: AccountId,
    /// What its holder agrees to.
    pub agreement: Agreement,
}

/// The statement that the pallet verifies.
pub type KeyStatement = Statement<StatementBody>;

stored! {
    /// A signature made off chain, and what it was made with.
    pub struct KeyProof {
        /// The patient's statement nonce at signing.
        pub nonce: u64,
        /// The first instant at which the statement is no longer good, UTC milliseconds. At most
        /// [`MAX_STATEMENT_LIFE`] ahead.
        pub expires_at: Moment,
        /// The signature over the SCALE encoding of the statement.
        pub signature: Signature,
    }

    /// The agreement of a claimed patient to a merge, or to undoing one.
    pub struct Assent {
        /// A live authentication key of the patient.
        pub account: AccountId,
        /// Its signature.
        pub proof: KeyProof,
    }
}

/// A patient of a development network's genesis.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisPatient {
    /// Its id.
    pub id: PatientId,
    /// Its only key, with every purpose.
    pub key: AccountId,
    /// The organisation that looks after it.
    pub managing_org: OrgId,
    /// Commitment to its registration.
    pub commitment: H256,
}

shown! {
    /// A patient, as the runtime API shows it.
    pub struct PatientInfo {
        /// The id that was asked for.
        pub patient: PatientId,
        /// The id the patient is known by now, after merges.
        pub canonical: PatientId,
        /// Where the id that was asked for is in its life cycle.
        pub status: Status,
        /// Whether the patient, after merges, is neither suspended, deceased nor erased.
        pub active: bool,
        /// What is stored of the id that was asked for. Absent if it was erased.
        pub record: Option<Patient>,
        /// Every id the person is known by, the canonical one first.
        pub identities: Vec<PatientId>,
        /// Links that start or end there, the one that a merge makes included.
        pub links: Vec<Link>,
        /// Organisations that offer to pay for the patient.
        pub sponsor_offers: Vec<OrgId>,
    }

    /// A key, as the runtime API shows it.
    pub struct KeyInfo {
        /// The account.
        pub account: AccountId,
        /// What it is for.
        pub purposes: Codes<KeyPurpose>,
        /// When it was added, UTC milliseconds.
        pub added_at: Moment,
        /// The first instant at which it is no longer good, UTC milliseconds.
        pub expires_at: Option<Moment>,
        /// Whether it is good now.
        pub live: bool,
    }

    /// How an appointment stands at an instant. Derived, never stored.
    #[derive(Copy, DecodeWithMemTracking)]
    pub enum RepresentativeState {
        /// It has not begun.
        #[codec(index = 0)]
        Pending,
        /// It is good.
        #[codec(index = 1)]
        Live,
        /// Its end has passed.
        #[codec(index = 2)]
        Expired,
        /// All appointments of its time were revoked.
        #[codec(index = 3)]
        Revoked,
    }

    /// An appointment, as the runtime API shows it.
    pub struct RepresentativeInfo {
        /// Who represents.
        pub agent: Agent,
        /// On what ground.
        pub kind: RepresentativeKind,
        /// What the agent may do.
        pub powers: Codes<Power>,
        /// The first instant at which it may, UTC milliseconds.
        pub from: Moment,
        /// The first instant at which it no longer may, UTC milliseconds.
        pub until: Option<Moment>,
        /// Commitment to the evidence.
        pub evidence_hash: H256,
        /// How it stands now.
        pub state: RepresentativeState,
    }

    /// A recovery, as the runtime API shows it.
    pub struct RecoveryInfo {
        /// Commitment to the key that the patient keeps off chain.
        pub commitment: Option<H256>,
        /// How far it has come.
        pub stage: RecoveryStage,
        /// Whether its delay has passed, so that anybody can finalise it.
        pub mature: bool,
    }

    /// Two patients that carry the same match token and are not merged with each other.
    #[derive(Copy)]
    pub struct PossibleDuplicate {
        /// The token they share.
        pub token: H256,
        /// The patient of the organisation that asked.
        pub patient: PatientId,
        /// The other organisation.
        pub other_org: OrgId,
        /// Its patient.
        pub other_patient: PatientId,
    }

    /// A page of possible duplicates.
    #[derive(Default)]
    pub struct DuplicatesPage {
        /// What the tokens of this page share with other organisations; may be empty.
        pub duplicates: Vec<PossibleDuplicate>,
        /// Where to continue. Absent after the last page.
        pub next: Option<H256>,
    }
}
