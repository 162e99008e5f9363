//! The runtime API. Each method is a view function of the pallet by the same name.

use crate::{
    Agent, Agreement, DuplicatesPage, KeyInfo, PatientInfo, RecoveryInfo, RepresentativeInfo,
    StatementToSign,
};
use alloc::vec::Vec;
use axonic_primitives::{
    patients::{Acting, Power},
    AccountId, Moment, OrgId, PatientId, Refusal,
};
use sp_core::H256;

sp_api::decl_runtime_apis! {
    /// What can be asked about patients.
    pub trait PatientApi {
        /// What is known of a patient. `None` if there never was one by this id.
        fn patient(patient: PatientId) -> Option<PatientInfo>;

        /// The id a patient is known by now, after merges.
        fn resolve(patient: PatientId) -> Option<PatientId>;

        /// The patient an account is a key of, as it is known now, after merges.
        fn patient_of(account: AccountId) -> Option<PatientId>;

        /// The keys of a patient, under this very id.
        fn keys_of(patient: PatientId) -> Vec<KeyInfo>;

        /// The appointments of a patient, under this very id, ended ones included until they are
        /// replaced.
        fn representatives_of(patient: PatientId) -> Vec<RepresentativeInfo>;

        /// The patients an agent has an appointment of.
        fn represented_by(agent: Agent) -> Vec<PatientId>;

        /// How far the recovery of a patient has come. `None` if it has not prepared for one.
        fn recovery_of(patient: PatientId) -> Option<RecoveryInfo>;

        /// In which capacity an account may use a power for a patient, after merges, or the first
        /// reason why it may not.
        fn explain_may_act(
            account: AccountId,
            patient: PatientId,
            power: Power,
        ) -> Result<Acting, Refusal>;

        /// Patients of the organisation that share a match token with another organisation's.
        /// Examines `limit` tokens, at most [`MAX_PAGE`](crate::MAX_PAGE), after the token `from`.
        fn possible_duplicates(org: OrgId, from: Option<H256>, limit: u32) -> DuplicatesPage;

        /// The exact bytes that the key of `account` signs to agree, and the nonce in them.
        fn statement(
            patient: PatientId,
            account: AccountId,
            agreement: Agreement,
            expires_at: Moment,
        ) -> Result<StatementToSign, Refusal>;
    }
}
