//! Members that are there from the first block.

use crate::{Config, Gln, Pallet, SiteKind, X25519PublicKey};
use alloc::vec::Vec;
use axonic_primitives::{
    membership::{Duty, Jurisdiction, Role},
    AccountId, Codes, Moment,
};
use core::fmt::Debug;
use serde::{Deserialize, Serialize};
use sp_core::H256;
use sp_runtime::DispatchError;

/// An organisation that is a member from the first block. Numbers are given in the order of the
/// list, to organisations and to sites, from 0 on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisOrganisation {
    /// What it may do.
    pub roles: Codes<Role>,
    /// Where it is established.
    pub jurisdiction: Jurisdiction,
    /// The account that acts in its own affairs.
    pub admin: AccountId,
    /// The first instant at which it is no longer a member, UTC milliseconds.
    pub valid_until: Moment,
    /// The hash of the charter or contract it signed.
    pub charter_hash: H256,
    /// The key with which others wrap document keys for it.
    #[serde(default)]
    pub agreement_key: Option<X25519PublicKey>,
    /// Its premises.
    #[serde(default)]
    pub sites: Vec<GenesisSite>,
    /// Who acts for it.
    #[serde(default)]
    pub staff: Vec<GenesisStaff>,
}

/// Premises that are open from the first block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisSite {
    /// Their GS1 location number.
    pub gln: Gln,
    /// What they are for.
    pub kind: SiteKind,
}

/// An account that is enrolled from the first block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisStaff {
    /// The account.
    pub account: AccountId,
    /// What it may do.
    pub duties: Codes<Duty>,
    /// The premises it is tied to, as a position in the organisation's `sites`, from 0 on.
    #[serde(default)]
    pub site: Option<u32>,
    /// The first instant at which it no longer acts, UTC milliseconds.
    pub valid_until: Moment,
}

/// Writes the members of the first block, by the same rules as the calls.
///
/// # Panics
///
/// If a call would refuse any of it.
pub(crate) fn build<T: Config>(organisations: &[GenesisOrganisation]) {
    for (position, given) in organisations.iter().enumerate() {
        let org = Pallet::<T>::do_admit(
            given.roles,
            given.jurisdiction,
            given.admin.clone(),
            given.valid_until,
            given.charter_hash,
        )
        .unwrap_or_else(|error| refuse(position, given, error));

        if let Some(key) = given.agreement_key {
            Pallet::<T>::do_rotate_agreement_key(org, key)
                .unwrap_or_else(|error| refuse(position, key, error));
        }

        let open = |site: &GenesisSite| {
            Pallet::<T>::do_open_site(org, site.gln, site.kind)
                .unwrap_or_else(|error| refuse(position, site, error))
        };
        let sites: Vec<_> = given.sites.iter().map(open).collect();

        for staff in &given.staff {
            let site = staff.site.map(|number| {
                let site = usize::try_from(number)
                    .ok()
                    .and_then(|number| sites.get(number));
                *site.unwrap_or_else(|| {
                    refuse(
                        position,
                        staff,
                        DispatchError::Other("no site at this position"),
                    )
                })
            });
            Pallet::<T>::do_enrol_staff(
                org,
                staff.account.clone(),
                staff.duties,
                site,
                staff.valid_until,
            )
            .unwrap_or_else(|error| refuse(position, staff, error));
        }
    }
}

/// Stops with the name of the error that a call would give. A chain must not start from members
/// other than those it was given.
fn refuse(organisation: usize, given: impl Debug, error: DispatchError) -> ! {
    let reason: &'static str = error.into();
    panic!("consortium genesis, organisation {organisation}: {reason}: {given:?}");
}
