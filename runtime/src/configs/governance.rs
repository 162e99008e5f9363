//! Who decides what.
//!
//! The council speaks for the members; the technical committee can stop things in an emergency and
//! no more. The thresholds of every kind of decision are the types at the top of this file.

use super::system::RuntimeBlockWeights;
use crate::{
    weights, AccountId, BlockNumber, Council, OriginCaller, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, TechnicalCommittee, DAYS,
};
use core::cmp::Ordering;
use frame_support::{
    parameter_types,
    traits::{ConstU32, EitherOf, PrivilegeCmp},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_collective::{
    EnsureProportionAtLeast, EnsureProportionMoreThan, Instance1 as CouncilInstance,
    Instance2 as TechnicalInstance, PrimeDefaultVote, RawOrigin,
};
use sp_runtime::Perbill;

/// More than half of the council: admissions, collators, defaults, schedules.
pub type CouncilMajority =
    EitherOf<EnsureRoot<AccountId>, EnsureProportionMoreThan<AccountId, CouncilInstance, 1, 2>>;

/// Two thirds of the council: who sits on it.
pub type CouncilSuperMajority =
    EitherOf<EnsureRoot<AccountId>, EnsureProportionAtLeast<AccountId, CouncilInstance, 2, 3>>;

/// More than half of the council or of the technical committee: pausing, never more.
pub type EmergencyMajority =
    EitherOf<CouncilMajority, EnsureProportionMoreThan<AccountId, TechnicalInstance, 1, 2>>;

/// Which of two origins may undo what the other scheduled: root anything, and the council what it
/// scheduled with no greater share of its votes.
pub struct CouncilPrivilege;

impl PrivilegeCmp<OriginCaller> for CouncilPrivilege {
    fn cmp_privilege(left: &OriginCaller, right: &OriginCaller) -> Option<Ordering> {
        if left == right {
            return Some(Ordering::Equal);
        }
        match (left, right) {
            (OriginCaller::system(frame_system::RawOrigin::Root), _) => Some(Ordering::Greater),
            (
                OriginCaller::Council(RawOrigin::Members(left_ayes, left_seats)),
                OriginCaller::Council(RawOrigin::Members(right_ayes, right_seats)),
            ) => Some((left_ayes * right_seats).cmp(&(right_ayes * left_seats))),
            _ => None,
        }
    }
}

/// At most this many sit on the council, and on the committee: one for each of more members than a
/// consortium of this kind has.
const MAX_MEMBERS: u32 = 100;
/// At most this many motions are open in each at the same time; each is kept whole.
const MAX_MOTIONS: u32 = 100;

parameter_types! {
    /// How long the council votes on a motion.
    pub const CouncilMotionDuration: BlockNumber = 7 * DAYS;
    /// How long the technical committee votes on a motion.
    pub const TechnicalMotionDuration: BlockNumber = DAYS;
    /// The heaviest call a motion may carry.
    pub MaxMotionWeight: Weight = Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
}

impl pallet_collective::Config<CouncilInstance> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = CouncilMotionDuration;
    type MaxProposals = ConstU32<MAX_MOTIONS>;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    // Who does not vote votes with the prime member, and against without one.
    type DefaultVote = PrimeDefaultVote;
    type WeightInfo = weights::Collective;
    // Members come and go through the membership pallet, which checks its own origins.
    type SetMembersOrigin = EnsureRoot<AccountId>;
    type MaxProposalWeight = MaxMotionWeight;
    type DisapproveOrigin = CouncilSuperMajority;
    type KillOrigin = CouncilSuperMajority;
    type Consideration = ();
}

impl pallet_membership::Config<pallet_membership::Instance1> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type AddOrigin = CouncilSuperMajority;
    type RemoveOrigin = CouncilSuperMajority;
    type SwapOrigin = CouncilSuperMajority;
    type ResetOrigin = CouncilSuperMajority;
    type PrimeOrigin = CouncilSuperMajority;
    type MembershipInitialized = Council;
    type MembershipChanged = Council;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    type WeightInfo = weights::Membership;
}

impl pallet_collective::Config<TechnicalInstance> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = TechnicalMotionDuration;
    type MaxProposals = ConstU32<MAX_MOTIONS>;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    type DefaultVote = PrimeDefaultVote;
    type WeightInfo = weights::Collective;
    type SetMembersOrigin = EnsureRoot<AccountId>;
    type MaxProposalWeight = MaxMotionWeight;
    type DisapproveOrigin = CouncilMajority;
    type KillOrigin = CouncilMajority;
    type Consideration = ();
}

impl pallet_membership::Config<pallet_membership::Instance2> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type AddOrigin = CouncilMajority;
    type RemoveOrigin = CouncilMajority;
    type SwapOrigin = CouncilMajority;
    type ResetOrigin = CouncilMajority;
    type PrimeOrigin = CouncilMajority;
    type MembershipInitialized = TechnicalCommittee;
    type MembershipChanged = TechnicalCommittee;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    type WeightInfo = weights::Membership;
}
