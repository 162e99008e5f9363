//! What the pallet says it did.

use frame_support::pallet_macros::pallet_section;

/// A part of the pallet's declaration, which stands in the crate's root.
#[pallet_section]
mod events {
    /// What happened. Ids and closed codes only.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    #[allow(missing_docs, reason = "fields carry the names of the README's words")]
    pub enum Event<T: Config> {
        /// An organisation registered a patient.
        Registered { patient: PatientId, org: OrgId },
        /// A person took a registration over. The key follows in `KeyAdded`.
        Claimed { patient: PatientId },
        /// A patient has one more key.
        KeyAdded {
            patient: PatientId,
            account: AccountId,
            purposes: Codes<KeyPurpose>,
            expires_at: Option<Moment>,
        },
        /// A patient has one key less.
        KeyRemoved {
            patient: PatientId,
            account: AccountId,
        },
        /// A key took the place of another, with its purposes and expiry.
        KeyRotated {
            patient: PatientId,
            old: AccountId,
            new: AccountId,
        },
        /// The registration changed off chain.
        CommitmentUpdated { patient: PatientId, version: u32 },
        /// An organisation said how sure it is of the person.
        AssuranceAttested {
            patient: PatientId,
            level: AssuranceLevel,
            by: OrgId,
        },
        /// A patient committed to a recovery key.
        RecoveryCommitmentSet { patient: PatientId },
        /// A provider asked to replace all keys of a patient. Its live keys may veto until then.
        RecoveryRequested {
            patient: PatientId,
            account: AccountId,
            provider: OrgId,
            matures_at: Moment,
        },
        /// A key of the patient stopped a recovery.
        RecoveryVetoed { patient: PatientId, by: AccountId },
        /// The account is now the patient's only key, with every purpose.
        RecoveryFinalized {
            patient: PatientId,
            account: AccountId,
        },
        /// A patient has a representative.
        RepresentativeAppointed {
            patient: PatientId,
            agent: Agent,
            kind: RepresentativeKind,
            powers: Codes<Power>,
            from: Moment,
            until: Option<Moment>,
        },
        /// An appointment was revoked.
        RepresentativeRevoked { patient: PatientId, agent: Agent },
        /// All appointments made under earlier epochs were revoked.
        RepresentativesRevoked { patient: PatientId, epoch: u32 },
        /// A representative gave an appointment up.
        RepresentativeRenounced { patient: PatientId, agent: Agent },
        /// An organisation indexed a patient for record linkage.
        MatchTokenAdded { patient: PatientId, org: OrgId },
        /// An organisation took a patient out of its index for record linkage.
        MatchTokenPurged { patient: PatientId, org: OrgId },
        /// Patients of two organisations share a match token. Both organisations look into it.
        PossibleDuplicate {
            patient: PatientId,
            org: OrgId,
            other_patient: PatientId,
            other_org: OrgId,
        },
        /// New links, merges and match tokens are refused from now on.
        LinksFrozen { patient: PatientId },
        /// New links, merges and match tokens are possible again.
        LinksThawed { patient: PatientId },
        /// Two patients were linked.
        Linked {
            from: PatientId,
            to: PatientId,
            kind: LinkKind,
        },
        /// A link is no more.
        Unlinked { from: PatientId, to: PatientId },
        /// `from` is known as `into` from now on.
        Merged { from: PatientId, into: PatientId },
        /// A merge was undone.
        Unmerged { patient: PatientId, from: PatientId },
        /// A patient was put out of use.
        Suspended { patient: PatientId },
        /// A suspension, or a death reported in error, was undone.
        Resumed { patient: PatientId },
        /// A patient was reported dead.
        DeceasedReported { patient: PatientId },
        /// A legal hold was placed.
        HoldPlaced { patient: PatientId, org: OrgId },
        /// The legal hold was lifted.
        HoldLifted { patient: PatientId, org: OrgId },
        /// An organisation offers to pay for a patient.
        SponsorshipOffered { patient: PatientId, org: OrgId },
        /// An organisation took its offer back.
        SponsorshipOfferWithdrawn { patient: PatientId, org: OrgId },
        /// The patient chose who pays from now on, or nobody. All offers are void.
        SponsorChanged {
            patient: PatientId,
            sponsor: Option<OrgId>,
        },
        /// The sponsor no longer pays.
        SponsorshipEnded { patient: PatientId, org: OrgId },
        /// Nothing but the id is left.
        Erased { patient: PatientId },
    }
}
