//! Calls by the staff of the doubles.

use super::Doubles;
use crate::{
    membership::{Actor, Duty, EnsureStaff, Membership},
    AccountId, Codes,
};
use frame_support::traits::OriginTrait;
use sp_runtime::DispatchError;

/// How an account is refused that is nobody's staff.
pub const NOT_STAFF: DispatchError = DispatchError::Other("double: not staff");
/// How staff is refused that has none of the duties.
pub const DUTY_MISSING: DispatchError = DispatchError::Other("double: duty missing");

/// Any duty at all, for [`StaffWith`].
pub const ANY_DUTY: u32 = u32::MAX;

/// Any of these duties, for [`StaffWith`].
pub const fn any_of(duties: &[Duty]) -> u32 {
    let mut bits = 0;
    let mut i = 0;
    while i < duties.len() {
        bits |= 1 << duties[i] as u32;
        i += 1;
    }
    bits
}

/// Staff of the doubles, of any organisation, with any of these duties: the bits of a set of
/// [`Codes`], see [`any_of`].
pub struct StaffWith<const DUTIES: u32>;

impl<O, const DUTIES: u32> EnsureStaff<O> for StaffWith<DUTIES>
where
    O: OriginTrait<AccountId = AccountId>,
{
    fn ensure_staff(origin: O) -> Result<Actor, DispatchError> {
        let account = origin.into_signer().ok_or(DispatchError::BadOrigin)?;
        let actor = Doubles::actor(&account)?;
        if actor.duties.intersects(Codes::from_bits(DUTIES)) {
            Ok(actor)
        } else {
            Err(DUTY_MISSING)
        }
    }
}
