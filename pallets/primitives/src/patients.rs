//! Who a patient is and who may act for one.

use crate::{closed_codes, stored, AccountId, OrgId, PatientId};
use alloc::{vec, vec::Vec};
use sp_runtime::DispatchError;

closed_codes! {
    /// What a representative may do for a patient. The patient may do all of it.
    Power, "representative powers" {
        /// Grant, narrow and withdraw consents.
        Consent = 0, "Consent";
        /// See who may read and who has read.
        Access = 1, "Access";
        /// Answer requests and contest disclosures.
        Correspond = 2, "Correspond";
        /// Manage keys, recovery and representatives.
        Identity = 3, "Identity";
    }
}

stored! {
    /// In which capacity an account acts for a patient.
    #[derive(Copy, serde::Serialize, serde::Deserialize)]
    pub enum Acting {
        /// By a key of the patient's own.
        #[codec(index = 0)]
        SelfActing,
        /// As a representative with the power asked for.
        #[codec(index = 1)]
        Representative,
    }
}

/// How a patient stands now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The id the patient is known by now, after merges.
    pub canonical: PatientId,
    /// Whether that patient is neither suspended, deceased nor erased.
    pub active: bool,
}

/// What other pallets ask about patients. Answered by `pallet-patient-identity`.
///
/// Exists because merges, key changes and representations must mean the same everywhere.
pub trait Patients {
    /// How the patient stands, after merges. `None` if there is no such patient.
    fn standing(patient: &PatientId) -> Option<Standing>;

    /// In which capacity `account` may use `power` for the patient, after merges, or the first
    /// reason why it may not. Says nothing of whether the patient is active.
    fn may_act(
        account: &AccountId,
        patient: &PatientId,
        power: Power,
    ) -> Result<Acting, DispatchError>;

    /// The organisation that looks after the patient's registration.
    fn managing_org(patient: &PatientId) -> Option<OrgId>;

    /// The id a patient is known by now, after merges. `None` if there is no such patient.
    fn resolve(patient: &PatientId) -> Option<PatientId> {
        Self::standing(patient).map(|standing| standing.canonical)
    }

    /// Whether the patient, after merges, is neither suspended, deceased nor erased.
    fn is_active(patient: &PatientId) -> bool {
        Self::standing(patient).is_some_and(|standing| standing.active)
    }

    /// Every id the same person is or was known by: the canonical id, then those merged into it.
    /// Boundedly many. What was said under an older id still counts.
    fn identities(canonical: &PatientId) -> Vec<PatientId> {
        vec![*canonical]
    }

    /// Makes an active patient with one key for a benchmark.
    #[cfg(feature = "runtime-benchmarks")]
    fn register_for_benchmark(patient: PatientId, key: &AccountId, org: OrgId);
}
