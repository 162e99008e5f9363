//! Who is licensed, as the other pallets ask it: the same decision that readers are shown.

use crate::{types::Answer, Config, Pallet};
use axonic_primitives::{
    credentials::{self, CredentialDenial, Privilege},
    membership::Jurisdiction,
    AccountId, CredentialId, Moment,
};

impl<T: Config> credentials::Credentials for Pallet<T> {
    fn has(
        account: &AccountId,
        privilege: Privilege,
        jurisdiction: Jurisdiction,
        at: Moment,
    ) -> Result<CredentialId, CredentialDenial> {
        let explanation = Self::explanation(account, privilege, jurisdiction, Some(at));
        match explanation.answer {
            Answer::Licensed { credential } => Ok(credential),
            Answer::Denied { reason } => Err(reason),
        }
    }

    /// As many credentials as are looked at, each by another issuer that was distrusted as often as
    /// is kept, and each renewed and suspended as often as is kept. The last but one carries what
    /// the privilege needs besides.
    #[cfg(feature = "runtime-benchmarks")]
    fn license_for_benchmark(holder: &AccountId, privilege: Privilege, jurisdiction: Jurisdiction) {
        use crate::{
            benchmarking::{fill, full_issuer},
            rules,
            types::{CredentialKind, Terms, MAX_CREDENTIALS},
            Credentials, Issuers,
        };
        use axonic_primitives::{Clock, Codes};

        let carrier = |privilege| {
            CredentialKind::ALL
                .into_iter()
                .find(|kind| rules::grantable(*kind).contains(privilege))
                .expect("each privilege is carried by some kind; qed")
        };
        // Issuers of their own, also if somebody else was licensed before.
        let first = 1_000 + Issuers::<T>::iter_keys().count() as u32;
        let last = first + MAX_CREDENTIALS - 1;
        for number in first..=last {
            let mut terms = Terms {
                kind: CredentialKind::WholesaleLicence,
                privileges: Codes::empty(),
                jurisdiction,
                valid_from: T::Clock::now(),
                valid_until: Moment::MAX,
                commitment: Default::default(),
            };
            let carried = match last - number {
                0 => Some(privilege),
                1 => rules::prerequisite(privilege),
                _ => None,
            };
            if let Some(privilege) = carried {
                terms.kind = carrier(privilege);
                terms.privileges = privilege.into();
            }
            let issuer = full_issuer::<T>(number, terms.kind, jurisdiction);
            let Ok(plan) = Self::plan_issue(issuer, holder, &terms) else {
                // The holder was licensed before and holds as many as there may be.
                return;
            };
            let id = Self::carry_out(plan, holder.clone(), terms);
            Credentials::<T>::mutate_extant(id, fill);
        }
    }
}
