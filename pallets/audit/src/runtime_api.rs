//! What others may read.

use crate::types::{
    AccessLogInfo, ContestInfo, Disclosure, DisclosureInfo, Gap, LogInfo, Permitted,
};
use alloc::vec::Vec;
use axonic_primitives::{merkle::InclusionProof, AccountId, Moment, OrgId, PatientId, Refusal};
use sp_core::H256;

sp_api::decl_runtime_apis! {
    /// Asks who looked at what, on which basis.
    pub trait AuditApi {
        /// The accounting of disclosures (45 CFR 164.528): every kept entry about the patient under
        /// the current and every merged id, that was logged from `from` to before `to`, UTC
        /// milliseconds. Refused attempts are among them and say so.
        ///
        /// Entries come by id, the current one first, and each id's in the order of time.
        /// Continues after the entry `after` (its `patient` and `sequence`); `limit` is at most
        /// 64. Refuses with `NotFound` or `InvalidPeriod`.
        fn accounting_of_disclosures(
            patient: PatientId,
            from: Option<Moment>,
            to: Option<Moment>,
            after: Option<(PatientId, u64)>,
            limit: u32,
        ) -> Result<Vec<DisclosureInfo>, Refusal>;

        /// What the organisation logged as custodian, from the oldest kept entry on. Continues
        /// after the custodian's sequence `after`; `limit` is at most 64. Refuses with `NotFound`.
        fn disclosures_by(
            org: OrgId,
            after: Option<u64>,
            limit: u32,
        ) -> Result<Vec<DisclosureInfo>, Refusal>;

        /// The patient's logs, one for each id under which something was logged, the current one
        /// first. The SCALE bytes of the entries from `first` to before `next` fold with
        /// `blake2_256(head ‖ entry)` from `base` to `head`. Refuses with `NotFound`.
        fn logs_of(patient: PatientId) -> Result<Vec<LogInfo>, Refusal>;

        /// What `disclose`, signed by `discloser`, would store now, or the first error it would
        /// give.
        fn explain_disclose(
            discloser: AccountId,
            patient: PatientId,
            disclosure: Disclosure,
            obligations_met: bool,
        ) -> Result<Permitted, Refusal>;

        /// The contests that the organisation has not answered, in no particular order. Continues
        /// after `after`; `limit` is at most 64. Refuses with `NotFound`.
        fn contests_open(
            org: OrgId,
            after: Option<(PatientId, u64)>,
            limit: u32,
        ) -> Result<Vec<ContestInfo>, Refusal>;

        /// The batch, if the proof shows that the row of the organisation's access log with this
        /// commitment is in it. Refuses with `NotFound`, `LeafOutOfRange` or `BadProof`.
        fn prove_access(
            org: OrgId,
            sequence: u32,
            commitment: H256,
            proof: InclusionProof,
        ) -> Result<AccessLogInfo, Refusal>;

        /// The organisation's batches, from the oldest on. Continues after the batch `after`;
        /// `limit` is at most 64. Refuses with `NotFound`.
        fn access_logs_of(
            org: OrgId,
            after: Option<u32>,
            limit: u32,
        ) -> Result<Vec<AccessLogInfo>, Refusal>;

        /// The stretches longer than a day that none of the organisation's batches covers, from the
        /// oldest on, the last of which may be open. None before the first batch. Continues after
        /// the gap that follows the batch `after`; `limit` is at most 64. Refuses with `NotFound`.
        ///
        /// One answer searches behind 1,024 batches at most. Where fewer gaps come than `limit`, the
        /// search goes on with an `after` raised by 1,024 (from the start: with 1,023), as long as
        /// `access_logs_of` has a batch behind that one.
        fn cadence_gaps(
            org: OrgId,
            after: Option<u32>,
            limit: u32,
        ) -> Result<Vec<Gap>, Refusal>;
    }
}
