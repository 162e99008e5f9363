//! Why the pallet refuses.

use frame_support::pallet_macros::pallet_section;

/// A part of the pallet's declaration, which stands in the crate's root.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// Another patient has this id: draw a new one.
        AlreadyExists,
        /// An erased patient had this id, which is never used again: draw a new one.
        IdRetired,
        /// An id is drawn at random and never all zero.
        InvalidId,
        /// The account is already a key of a patient: use another, or remove it there first.
        KeyInUse,
        /// The patient would be left without an authentication key that does not expire: add one
        /// first.
        LastKey,
        /// Remove a key before adding another.
        MaxKeysExceeded,
        /// The patient has no such key.
        KeyNotFound,
        /// The key has expired: use another.
        KeyExpired,
        /// Name at least one purpose, none unknown; a first key needs `Authentication`.
        InvalidPurposes,
        /// The signature is not by this account over this statement: ask `statement` for the bytes.
        InvalidSignature,
        /// The statement has expired: sign a new one.
        SignatureExpired,
        /// The statement expires too far ahead: sign one that expires within a day.
        ExpiryTooFar,
        /// Another statement came in between: sign one with the patient's present nonce.
        NonceMismatch,
        /// There is no such patient.
        NotFound,
        /// Only the organisation that registered the patient may do this.
        NotManagingOrg,
        /// The patient's state does not allow it: look at it, and use the id it was merged into.
        NotActive,
        /// Somebody already holds a key to this patient.
        AlreadyClaimed,
        /// The patient is neither suspended nor reported dead.
        NotSuspended,
        /// A patient cannot be merged into itself.
        SelfMerge,
        /// The target is already merged into this patient: merge the other way round.
        MergeCycle,
        /// Too many merges in a row: merge directly into the patient that is known by its own id.
        MergeTooDeep,
        /// The person would be known by more ids than can be looked through: erase a duplicate that
        /// nobody needs instead.
        MaxIdentitiesExceeded,
        /// The other patient is merged, suspended or dead.
        TargetNotActive,
        /// A claimed patient would be merged into one that nobody holds a key to: merge the other
        /// way round, or let the person claim the other one first.
        TargetUnclaimed,
        /// The merged patient is claimed: its own signed agreement is needed.
        AssentMissing,
        /// The target of the merge is claimed: its own signed agreement is needed too.
        AcceptanceMissing,
        /// Somebody represents this unclaimed patient, or is going to: revoke the appointment, or
        /// let the person claim the patient first.
        Represented,
        /// The target's managing organisation has not confirmed it: it links `into` to `from`
        /// first.
        NotLinked,
        /// The patient is not merged.
        NotMerged,
        /// Other patients were merged into this one: undo those merges first.
        HasMergedPatients,
        /// It is too early: wait until the delay has passed.
        DelayNotElapsed,
        /// A suspension or a reported death was undone not long ago: wait until the delay has
        /// passed since then.
        RecentlyResumed,
        /// The recovery was vetoed: the patient sets a new recovery commitment first.
        RecoveryVetoed,
        /// This organisation may not help with this recovery: ask the managing organisation, or a
        /// provider that does not sponsor the patient.
        ProviderNotApproved,
        /// The patient has not prepared for recovery, or nothing was requested.
        NoRecovery,
        /// A recovery waits for its delay: veto it, or let it be finalised.
        RecoveryPending,
        /// The salt and the account are not what the patient committed to.
        CommitmentMismatch,
        /// The appointment has ended or was revoked: a new one is needed.
        RepresentativeExpired,
        /// The account has no key and no appointment that gives this power.
        PowerMissing,
        /// Name at least one power, none unknown.
        InvalidPowers,
        /// A time is in the past, the end is not after the start, or an end is missing.
        InvalidPeriod,
        /// A patient cannot be appointed its own representative.
        SelfAppointment,
        /// The agent already has an appointment: revoke it first.
        AlreadyAppointed,
        /// There is no such appointment.
        RepresentativeNotFound,
        /// Revoke an appointment before making another.
        MaxRepresentativesExceeded,
        /// The agent has as many appointments as one agent may have.
        MaxRepresentedExceeded,
        /// The patient, or one it is known as after merges, is under a legal hold.
        LegalHold,
        /// The patient is already under a legal hold.
        AlreadyHeld,
        /// The patient is under no legal hold.
        NoHold,
        /// The version is not one more than the present one: look at the patient again.
        VersionMismatch,
        /// The organisation already uses this token: compare the two registrations.
        TokenInUse,
        /// The patient has no such token.
        TokenNotFound,
        /// Purge a token before adding another.
        MaxTokensExceeded,
        /// As many organisations as can be compared hold this token: it is not selective enough.
        MaxTokenHoldersExceeded,
        /// The patient refuses new links, merges and match tokens.
        LinksFrozen,
        /// A patient cannot be linked to itself.
        SelfLink,
        /// `ReplacedBy` is made by merging.
        MergeRequired,
        /// The patients are already linked in this direction.
        AlreadyLinked,
        /// There is no such link.
        LinkNotFound,
        /// One of the patients has as many links as it may have.
        MaxLinksExceeded,
        /// The organisation neither sponsors the patient nor offers to.
        NotSponsor,
        /// The organisation already sponsors the patient or offers to.
        AlreadyOffered,
        /// The organisation has not offered to sponsor the patient.
        NotOffered,
        /// The organisation is not a member in good standing.
        SponsorNotActive,
        /// The patient has as many offers as it may have: it decides first.
        MaxOffersExceeded,
    }
}
