//! Benchmarks of every call at its worst case: full lists, merged agents, wrapped signatures.

use super::*;
use alloc::vec::Vec;
use axonic_primitives::{
    membership::Membership, patients::Power, AccountId, Clock, Codes, Moment, OrgId, PatientId,
    Period,
};
use codec::Encode;
use frame_benchmarking::{account, v2::*, whitelisted_caller};
use frame_support::{
    traits::{ConstU32, Get},
    BoundedVec,
};
use frame_system::RawOrigin;
use sp_core::{sr25519, H256};
use sp_io::crypto::{sr25519_generate, sr25519_sign};

/// The patient that the call is about.
const PATIENT: PatientId = PatientId(COMMITMENT);
/// Where the ids of the patients around it start.
const OTHERS: u64 = 1_000;
const COMMITMENT: H256 = H256::repeat_byte(0xcc);
const TOKEN: H256 = H256::repeat_byte(0x70);

fn id(n: u64) -> PatientId {
    PatientId(axonic_primitives::derive_id(b"benchmark", &n, 0))
}

fn assert_last_event<T: Config>(event: Event<T>) {
    frame_system::Pallet::<T>::assert_last_event(event.into());
}

fn bounded<V, const N: u32>(list: Vec<V>) -> BoundedVec<V, ConstU32<N>> {
    BoundedVec::truncate_from(list)
}

/// A registrar and the organisation it acts for.
fn staff<T: Config>() -> (AccountId, OrgId) {
    let staff: AccountId = whitelisted_caller();
    let org = T::Membership::enrol_for_benchmark(&staff);
    (staff, org)
}

fn unclaimed<T: Config>(patient: PatientId, org: OrgId) {
    Patients::<T>::insert(patient, Patient::registered(org, COMMITMENT, 0));
}

/// A patient with `count` keys, the first of them the caller's; only it and the last one last.
fn claimed<T: Config>(patient: PatientId, org: OrgId, count: u32) -> AccountId {
    let caller: AccountId = whitelisted_caller();
    Pallet::<T>::insert_with_key(patient, &caller, org, COMMITMENT, 0);
    for n in 1..count {
        let purposes = if n + 1 == count {
            Codes::all()
        } else {
            KeyPurpose::Consent.into()
        };
        let key = Key {
            purposes,
            added_at: 0,
            expires_at: None,
        };
        Pallet::<T>::insert_key(&patient, &account("key", n, 0), key);
    }
    change::<T>(patient, |record| record.key_count = count);
    caller
}

fn change<T: Config>(patient: PatientId, f: impl FnOnce(&mut Patient)) {
    let mut record = Patients::<T>::get(patient).expect("it was inserted; qed");
    f(&mut record);
    Patients::<T>::insert(patient, record);
}

fn merge_directly<T: Config>(from: PatientId, into: PatientId) {
    change::<T>(from, |record| record.status = Status::Merged { into });
    MergedInto::<T>::mutate(into, |merged| {
        merged.try_push(from).expect("there is room; qed");
    });
}

/// As many patients merged into this one as fit beside `others`.
fn merge_many<T: Config>(into: PatientId, first: u64, others: u32, org: OrgId) {
    for n in 1..u64::from(MAX_IDENTITIES - others) {
        unclaimed::<T>(id(first + n), org);
        merge_directly::<T>(id(first + n), into);
    }
}

/// A chain of merges as deep as they come, and the patient it ends at.
fn chain<T: Config>(bottom: PatientId, first: u64, org: OrgId) -> PatientId {
    let mut below = bottom;
    for level in 0..MAX_MERGE_DEPTH {
        let above = id(first + u64::from(level));
        unclaimed::<T>(above, org);
        merge_directly::<T>(below, above);
        below = above;
    }
    below
}

/// Gives the patient as many representatives as fit, each a patient known by another id after as
/// many merges as there can be. All but the last are over if `over`; the last one's key is the
/// caller's.
fn represented<T: Config>(patient: PatientId, org: OrgId, over: bool) -> AccountId {
    let caller: AccountId = whitelisted_caller();
    let mut appointed = BoundedVec::<_, ConstU32<MAX_REPRESENTATIVES>>::new();
    for n in 0..MAX_REPRESENTATIVES {
        let bottom = id(OTHERS + u64::from(n) * 10);
        unclaimed::<T>(bottom, org);
        let top = chain::<T>(bottom, OTHERS + u64::from(n) * 10 + 1, org);
        let last = n + 1 == MAX_REPRESENTATIVES;
        if last {
            let key = Key {
                purposes: Codes::all(),
                added_at: 0,
                expires_at: None,
            };
            Pallet::<T>::insert_key(&top, &caller, key);
            change::<T>(top, |record| {
                record.status = Status::Active;
                record.key_count = 1;
            });
        }
        let representative = Representative {
            agent: Agent::Patient(bottom),
            kind: RepresentativeKind::Guardian,
            powers: Codes::<Power>::all(),
            from: 0,
            until: (over && !last).then(T::Clock::now),
            evidence_hash: H256::zero(),
            epoch: 0,
        };
        fill_represented::<T>(representative.agent.clone(), patient);
        appointed
            .try_push(representative)
            .expect("there is room; qed");
    }
    Representatives::<T>::insert(patient, appointed);
    caller
}

/// Makes `patient` the last of as many patients as an agent can have.
fn fill_represented<T: Config>(agent: Agent, patient: PatientId) {
    let others = (1..u64::from(MAX_REPRESENTED)).map(|n| id(2 * OTHERS + n));
    let represented = others.chain([patient]).collect::<Vec<_>>();
    RepresentedBy::<T>::insert(agent, bounded::<_, MAX_REPRESENTED>(represented));
}

/// Links that start at `patient`, `count` of them, known at both ends; the other ends are full.
fn link_many<T: Config>(patient: PatientId, count: u32, org: OrgId) {
    let mut links = BoundedVec::<_, ConstU32<MAX_LINKS>>::new();
    for n in 0..u64::from(count) {
        let other = id(3 * OTHERS + n);
        unclaimed::<T>(other, org);
        let link = Link {
            from: patient,
            to: other,
            kind: LinkKind::SeeAlso,
        };
        links.try_push(link).expect("there is room; qed");
        let strangers = (1..u64::from(MAX_LINKS)).map(|n| Link {
            from: id(n),
            ..link
        });
        let links_of_other = strangers.chain([link]).collect::<Vec<_>>();
        Links::<T>::insert(other, bounded::<_, MAX_LINKS>(links_of_other));
    }
    Links::<T>::insert(patient, links);
}

/// Indexes the patient by `count` tokens, each held by as many other organisations as fit beside
/// its own, which come last.
fn index_many<T: Config>(patient: PatientId, count: u32, org: OrgId) {
    let tokens = (0..count)
        .map(|n| H256::repeat_byte(n as u8))
        .collect::<Vec<_>>();
    for token in &tokens {
        MatchTokens::<T>::insert(org, token, patient);
        let others = (1..MAX_TOKEN_HOLDERS).map(|n| OrgId(u32::MAX - n));
        let holders = others.chain([org]).collect::<Vec<_>>();
        TokenHolders::<T>::insert(token, bounded::<_, MAX_TOKEN_HOLDERS>(holders));
    }
    TokensOf::<T>::insert(patient, bounded::<_, MAX_TOKENS>(tokens));
}

fn offer_many<T: Config>(patient: PatientId, count: u32, last: OrgId) {
    let others = (1..count).map(|n| OrgId(u32::MAX - n));
    let offers = others.chain([last]).collect::<Vec<_>>();
    SponsorOffers::<T>::insert(patient, bounded::<_, MAX_SPONSOR_OFFERS>(offers));
}

/// A recovery of the patient that has waited long enough.
fn wait_for_recovery<T: Config>(account: AccountId) {
    let request = RecoveryRequest {
        account,
        provider: OrgId(0),
        requested_at: 0,
        matures_at: 0,
    };
    let stage = RecoveryStage::Requested(request);
    Recoveries::<T>::insert(
        PATIENT,
        Recovery {
            commitment: Some(COMMITMENT),
            stage,
        },
    );
}

/// A key that signs, with its account.
fn signer() -> (sr25519::Public, AccountId) {
    let public = sr25519_generate(0.into(), None);
    (public, public.into())
}

/// What `public` signs to agree, in the form that takes longest to verify.
fn proof<T: Config>(
    public: &sr25519::Public,
    patient: PatientId,
    nonce: u64,
    agreement: Agreement,
) -> KeyProof {
    let expires_at = T::Clock::now() + MAX_STATEMENT_LIFE;
    let account = AccountId::from(*public);
    let statement = Pallet::<T>::key_statement(&patient, nonce, account, agreement, expires_at);
    let wrapped = [&b"<Bytes>"[..], &statement.encode()[..], b"</Bytes>"].concat();
    let signature = sr25519_sign(0.into(), public, &wrapped).expect("the key is known; qed");
    KeyProof {
        nonce,
        expires_at,
        signature: signature.into(),
    }
}

/// A period that ends, as far from now as makes no difference.
fn some_period<T: Config>() -> Period {
    let end: Moment = T::Clock::now() + 1_000_000;
    Period {
        start: None,
        end: Some(end),
    }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register() {
        let (caller, org) = staff::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, COMMITMENT);

        assert_last_event::<T>(Event::Registered {
            patient: PATIENT,
            org,
        });
    }

    #[benchmark]
    fn register_with_key() {
        let (caller, org) = staff::<T>();
        let (public, account) = signer();
        let purposes = Codes::all();
        let agreement = Agreement::Register {
            org,
            purposes,
            commitment: COMMITMENT,
        };
        let proof = proof::<T>(&public, PATIENT, 0, agreement);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            PATIENT,
            COMMITMENT,
            account.clone(),
            purposes,
            proof,
        );

        assert_eq!(KeyOf::<T>::get(account), Some(PATIENT));
    }

    #[benchmark]
    fn claim() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, org);
        let (public, account) = signer();
        let purposes = Codes::all();
        let agreement = Agreement::Claim {
            purposes,
            commitment: COMMITMENT,
        };
        let proof = proof::<T>(&public, PATIENT, 0, agreement);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            PATIENT,
            account.clone(),
            purposes,
            proof,
        );

        assert_eq!(KeyOf::<T>::get(account), Some(PATIENT));
    }

    #[benchmark]
    fn add_key() {
        let caller = claimed::<T>(PATIENT, OrgId(0), MAX_KEYS - 1);
        let (public, account) = signer();
        let (purposes, end) = (Codes::all(), some_period::<T>().end);
        let agreement = Agreement::AddKey {
            purposes,
            key_expires_at: end,
        };
        let proof = proof::<T>(&public, PATIENT, 0, agreement);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            PATIENT,
            account.clone(),
            purposes,
            end,
            proof,
        );

        assert_eq!(KeyOf::<T>::get(account), Some(PATIENT));
    }

    #[benchmark]
    fn remove_key() {
        let caller = claimed::<T>(PATIENT, OrgId(0), MAX_KEYS);
        let removed = caller.clone();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, removed.clone());

        assert_eq!(KeyOf::<T>::get(removed), None);
    }

    #[benchmark]
    fn rotate_key() {
        let caller = claimed::<T>(PATIENT, OrgId(0), MAX_KEYS);
        let (public, new) = signer();
        let old = caller.clone();
        let agreement = Agreement::RotateKey {
            replaces: old.clone(),
        };
        let proof = proof::<T>(&public, PATIENT, 0, agreement);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            PATIENT,
            old.clone(),
            new.clone(),
            proof,
        );

        assert_last_event::<T>(Event::KeyRotated {
            patient: PATIENT,
            old,
            new,
        });
    }

    #[benchmark]
    fn update_commitment() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, org);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, TOKEN, 2);

        assert_last_event::<T>(Event::CommitmentUpdated {
            patient: PATIENT,
            version: 2,
        });
    }

    #[benchmark]
    fn attest_assurance() {
        let (caller, by) = staff::<T>();
        unclaimed::<T>(PATIENT, by);
        let level = AssuranceLevel::Ial3;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, level);

        assert_last_event::<T>(Event::AssuranceAttested {
            patient: PATIENT,
            level,
            by,
        });
    }

    #[benchmark]
    fn set_recovery_commitment() {
        let caller = claimed::<T>(PATIENT, OrgId(0), 1);
        let vetoed = Recovery {
            commitment: Some(TOKEN),
            stage: RecoveryStage::Vetoed,
        };
        Recoveries::<T>::insert(PATIENT, vetoed);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, COMMITMENT);

        assert_last_event::<T>(Event::RecoveryCommitmentSet { patient: PATIENT });
    }

    #[benchmark]
    fn request_recovery() {
        let (caller, org) = staff::<T>();
        let other_org = OrgId(u32::MAX);
        claimed::<T>(PATIENT, other_org, 1);
        let (public, account) = signer();
        let commitment = Some(recovery_commitment(&TOKEN, &account));
        Recoveries::<T>::insert(
            PATIENT,
            Recovery {
                commitment,
                stage: RecoveryStage::Idle,
            },
        );
        let proof = proof::<T>(&public, PATIENT, 0, Agreement::Recover { org });
        let matures_at = T::Clock::now() + T::RecoveryDelay::get();

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            PATIENT,
            account.clone(),
            Some(TOKEN),
            proof,
        );

        assert_last_event::<T>(Event::RecoveryRequested {
            patient: PATIENT,
            account,
            provider: org,
            matures_at,
        });
    }

    #[benchmark]
    fn veto_recovery() {
        let caller = claimed::<T>(PATIENT, OrgId(0), 1);
        wait_for_recovery::<T>(account("new", 0, 0));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller.clone()), PATIENT);

        assert_last_event::<T>(Event::RecoveryVetoed {
            patient: PATIENT,
            by: caller,
        });
    }

    #[benchmark]
    fn finalize_recovery() {
        let caller = claimed::<T>(PATIENT, OrgId(0), MAX_KEYS);
        let new: AccountId = account("new", 0, 0);
        wait_for_recovery::<T>(new.clone());

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::RecoveryFinalized {
            patient: PATIENT,
            account: new,
        });
    }

    #[benchmark]
    fn appoint_representative() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, org);
        represented::<T>(PATIENT, org, true);
        // The registrar is a patient too, but no agent of this one: every agent is looked up.
        KeyOf::<T>::insert(&caller, id(2));
        let bottom = id(4 * OTHERS);
        unclaimed::<T>(bottom, org);
        chain::<T>(bottom, 4 * OTHERS + 1, org);
        let agent = Agent::Patient(bottom);
        fill_represented::<T>(agent.clone(), PATIENT);
        RepresentedBy::<T>::mutate(&agent, |represented| {
            represented.retain(|patient| *patient != PATIENT);
        });
        let (kind, powers) = (RepresentativeKind::Guardian, Codes::all());
        let period = some_period::<T>();

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            PATIENT,
            agent.clone(),
            kind,
            powers,
            period,
            COMMITMENT,
        );

        assert!(RepresentedBy::<T>::get(agent).contains(&PATIENT));
    }

    #[benchmark]
    fn revoke_representative() {
        unclaimed::<T>(PATIENT, OrgId(0));
        let caller = represented::<T>(PATIENT, OrgId(0), false);
        let agent = Agent::Patient(id(OTHERS));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, agent.clone());

        assert_last_event::<T>(Event::RepresentativeRevoked {
            patient: PATIENT,
            agent,
        });
    }

    #[benchmark]
    fn revoke_all_representatives() {
        unclaimed::<T>(PATIENT, OrgId(0));
        let caller = represented::<T>(PATIENT, OrgId(0), false);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::RepresentativesRevoked {
            patient: PATIENT,
            epoch: 1,
        });
    }

    #[benchmark]
    fn renounce_representative() {
        unclaimed::<T>(PATIENT, OrgId(0));
        represented::<T>(PATIENT, OrgId(0), false);
        let bottom = id(OTHERS);
        let caller: AccountId = account("agent", 0, 0);
        let key = Key {
            purposes: Codes::all(),
            added_at: 0,
            expires_at: None,
        };
        Pallet::<T>::insert_key(&bottom, &caller, key);
        let agent = Agent::Patient(bottom);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::RepresentativeRenounced {
            patient: PATIENT,
            agent,
        });
    }

    #[benchmark]
    fn add_match_token() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, org);
        index_many::<T>(PATIENT, MAX_TOKENS - 1, org);
        let mut holders = BoundedVec::<_, ConstU32<MAX_TOKEN_HOLDERS>>::new();
        for n in 1..MAX_TOKEN_HOLDERS {
            let other_org = OrgId(u32::MAX - n);
            let bottom = id(OTHERS + u64::from(n) * 10);
            unclaimed::<T>(bottom, other_org);
            chain::<T>(bottom, OTHERS + u64::from(n) * 10 + 1, other_org);
            MatchTokens::<T>::insert(other_org, TOKEN, bottom);
            holders.try_push(other_org).expect("there is room; qed");
        }
        TokenHolders::<T>::insert(TOKEN, holders);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, TOKEN);

        assert_eq!(MatchTokens::<T>::get(org, TOKEN), Some(PATIENT));
    }

    #[benchmark]
    fn purge_match_token() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, org);
        index_many::<T>(PATIENT, MAX_TOKENS, org);
        let token = H256::repeat_byte(MAX_TOKENS as u8 - 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, token);

        assert_last_event::<T>(Event::MatchTokenPurged {
            patient: PATIENT,
            org,
        });
    }

    #[benchmark]
    fn freeze_links() {
        unclaimed::<T>(PATIENT, OrgId(0));
        let caller = represented::<T>(PATIENT, OrgId(0), false);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::LinksFrozen { patient: PATIENT });
    }

    #[benchmark]
    fn thaw_links() {
        unclaimed::<T>(PATIENT, OrgId(0));
        let caller = represented::<T>(PATIENT, OrgId(0), false);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::LinksThawed { patient: PATIENT });
    }

    #[benchmark]
    fn link() {
        let (caller, org) = staff::<T>();
        let (from, to, kind) = (PATIENT, id(2), LinkKind::Refer);
        unclaimed::<T>(from, org);
        unclaimed::<T>(to, org);
        link_many::<T>(from, MAX_LINKS - 1, org);
        link_many::<T>(to, MAX_LINKS - 1, org);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), from, to, kind);

        assert_last_event::<T>(Event::Linked { from, to, kind });
    }

    #[benchmark]
    fn unlink() {
        let (caller, org) = staff::<T>();
        let (from, to) = (PATIENT, id(3 * OTHERS + u64::from(MAX_LINKS) - 1));
        unclaimed::<T>(from, OrgId(u32::MAX));
        link_many::<T>(from, MAX_LINKS, org);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), from, to);

        assert_last_event::<T>(Event::Unlinked { from, to });
    }

    #[benchmark]
    fn merge() {
        let (caller, org) = staff::<T>();
        let (from, into) = (PATIENT, id(2));
        let (public, key) = signer();
        Pallet::<T>::insert_with_key(from, &key, org, COMMITMENT, 0);
        let (keeper_public, keeper) = signer();
        Pallet::<T>::insert_with_key(into, &keeper, OrgId(u32::MAX), COMMITMENT, 0);
        link_many::<T>(into, MAX_LINKS - 1, org);
        let see_also = Link {
            from: into,
            to: from,
            kind: LinkKind::SeeAlso,
        };
        Links::<T>::mutate(into, |links| {
            links.try_push(see_also).expect("there is room; qed");
        });
        merge_many::<T>(into, 6 * OTHERS, 1, org);
        let assent = Some(Assent {
            account: key,
            proof: proof::<T>(&public, from, 0, Agreement::Merge { into }),
        });
        let acceptance = Some(Assent {
            account: keeper,
            proof: proof::<T>(&keeper_public, into, 0, Agreement::AcceptMerge { from }),
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), from, into, assent, acceptance);

        assert_last_event::<T>(Event::Merged { from, into });
    }

    #[benchmark]
    fn unmerge() {
        let (caller, org) = staff::<T>();
        let own: AccountId = account("own", 0, 0);
        Pallet::<T>::insert_with_key(PATIENT, &own, org, COMMITMENT, 0);
        let into = id(5 * OTHERS);
        let top = chain::<T>(PATIENT, 5 * OTHERS, org);
        merge_many::<T>(into, OTHERS, 1, org);
        // The key that agrees is one of the patient it is known as.
        let (public, key) = signer();
        let entry = Key {
            purposes: Codes::all(),
            added_at: 0,
            expires_at: None,
        };
        Pallet::<T>::insert_key(&top, &key, entry);
        let assent = Some(Assent {
            account: key,
            proof: proof::<T>(&public, PATIENT, 0, Agreement::Unmerge),
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, assent);

        assert_last_event::<T>(Event::Unmerged {
            patient: PATIENT,
            from: into,
        });
    }

    #[benchmark]
    fn suspend() {
        let (caller, org) = staff::<T>();
        claimed::<T>(PATIENT, org, 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::Suspended { patient: PATIENT });
    }

    #[benchmark]
    fn resume() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, org);
        change::<T>(PATIENT, |record| {
            record.status = Status::Deceased { reported_at: 0 };
        });
        // The registrar is a patient too, but no agent of this one: every agent is looked up.
        represented::<T>(PATIENT, org, false);
        KeyOf::<T>::insert(&caller, id(2));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::Resumed { patient: PATIENT });
    }

    #[benchmark]
    fn report_deceased() {
        let (caller, org) = staff::<T>();
        claimed::<T>(PATIENT, org, 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::DeceasedReported { patient: PATIENT });
    }

    #[benchmark]
    fn place_hold() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, org);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, COMMITMENT);

        assert_last_event::<T>(Event::HoldPlaced {
            patient: PATIENT,
            org,
        });
    }

    #[benchmark]
    fn lift_hold() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, org);
        let hold = Hold {
            basis_hash: COMMITMENT,
            placed_at: 0,
        };
        change::<T>(PATIENT, |record| record.legal_hold = Some(hold));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::HoldLifted {
            patient: PATIENT,
            org,
        });
    }

    #[benchmark]
    fn offer_sponsorship() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, OrgId(u32::MAX));
        offer_many::<T>(PATIENT, MAX_SPONSOR_OFFERS - 1, OrgId(u32::MAX - 9));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::SponsorshipOffered {
            patient: PATIENT,
            org,
        });
    }

    #[benchmark]
    fn change_sponsor() {
        let (_, org) = staff::<T>();
        unclaimed::<T>(PATIENT, OrgId(u32::MAX));
        let caller = represented::<T>(PATIENT, OrgId(u32::MAX), false);
        offer_many::<T>(PATIENT, MAX_SPONSOR_OFFERS, org);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT, Some(org));

        assert_last_event::<T>(Event::SponsorChanged {
            patient: PATIENT,
            sponsor: Some(org),
        });
    }

    #[benchmark]
    fn end_sponsorship() {
        let (caller, org) = staff::<T>();
        unclaimed::<T>(PATIENT, OrgId(u32::MAX));
        offer_many::<T>(PATIENT, MAX_SPONSOR_OFFERS, org);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::SponsorshipOfferWithdrawn {
            patient: PATIENT,
            org,
        });
    }

    #[benchmark]
    fn erase() {
        let org = OrgId(0);
        // Claimed and merged: the caller is a key of the patient it is known as.
        claimed::<T>(PATIENT, org, MAX_KEYS);
        let top = chain::<T>(PATIENT, 5 * OTHERS, org);
        represented::<T>(PATIENT, org, false);
        for n in 1..=u64::from(MAX_REPRESENTED) {
            let lists = Representatives::<T>::get(PATIENT).into_iter().skip(1);
            let representative = Representative {
                agent: Agent::Patient(PATIENT),
                kind: RepresentativeKind::Guardian,
                powers: Codes::<Power>::all(),
                from: 0,
                until: None,
                evidence_hash: H256::zero(),
                epoch: 0,
            };
            let list = lists.chain([representative]).collect::<Vec<_>>();
            Representatives::<T>::insert(
                id(2 * OTHERS + n),
                bounded::<_, MAX_REPRESENTATIVES>(list),
            );
        }
        let last = id(2 * OTHERS + u64::from(MAX_REPRESENTED));
        fill_represented::<T>(Agent::Patient(PATIENT), last);
        index_many::<T>(PATIENT, MAX_TOKENS, org);
        link_many::<T>(PATIENT, MAX_LINKS, org);
        offer_many::<T>(PATIENT, MAX_SPONSOR_OFFERS, org);
        let vetoed = Recovery {
            commitment: Some(TOKEN),
            stage: RecoveryStage::Vetoed,
        };
        Recoveries::<T>::insert(PATIENT, vetoed);
        let caller: AccountId = account("top", 0, 0);
        let key = Key {
            purposes: Codes::all(),
            added_at: 0,
            expires_at: None,
        };
        Pallet::<T>::insert_key(&top, &caller, key);
        change::<T>(top, |record| {
            record.status = Status::Active;
            record.key_count = 1;
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PATIENT);

        assert_last_event::<T>(Event::Erased { patient: PATIENT });
    }
}
