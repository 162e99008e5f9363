//! The invariants, one function each.

use crate::{
    Agent, Config, ErasedPatients, KeyOf, Keys, LinkKind, Links, MatchTokens, MergedInto, Pallet,
    Patients, Recoveries, RecoveryStage, RepresentativeKind, Representatives, RepresentedBy,
    SponsorOffers, Status, TokenHolders, TokensOf, MAX_IDENTITIES, MAX_KEYS,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks every invariant.
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::an_account_belongs_to_one_patient()?;
        Self::a_claimed_patient_has_a_mainstay()?;
        Self::merges_are_trees()?;
        Self::erased_leaves_only_the_id()?;
        Self::versions_start_at_one()?;
        Self::recoveries_keep_the_delay()?;
        Self::appointments_are_mirrored()?;
        Self::parents_have_an_end()?;
        Self::tokens_are_indexed()?;
        Self::links_are_mirrored()?;
        Self::offers_are_open()
    }

    /// Keys and their reverse say the same, and every patient counts its own.
    fn an_account_belongs_to_one_patient() -> Result<(), TryRuntimeError> {
        let mut keys: usize = 0;
        for (patient, account, _) in Keys::<T>::iter() {
            keys = keys.saturating_add(1);
            let mirrored = KeyOf::<T>::get(account) == Some(patient);
            ensure!(mirrored, "a key does not lead back to its patient");
            ensure!(Patients::<T>::contains_key(patient), "a key of no patient");
        }
        ensure!(
            KeyOf::<T>::iter().count() == keys,
            "an account leads to a patient without it"
        );
        for (patient, record) in Patients::<T>::iter() {
            let count = Keys::<T>::iter_prefix(patient).count();
            ensure!(
                count == record.key_count as usize,
                "a patient miscounts its keys"
            );
            ensure!(record.key_count <= MAX_KEYS, "a patient has too many keys");
        }
        Ok(())
    }

    /// A patient that is claimed keeps an authentication key that does not expire; `Registered`
    /// means unclaimed, `Active` and `Suspended` mean claimed.
    fn a_claimed_patient_has_a_mainstay() -> Result<(), TryRuntimeError> {
        for (patient, record) in Patients::<T>::iter() {
            let has_mainstay = Keys::<T>::iter_prefix(patient).any(|(_, key)| key.is_mainstay());
            ensure!(
                has_mainstay == record.is_claimed(),
                "a claimed patient could be locked out"
            );
            let fits = match record.status {
                Status::Registered => !record.is_claimed(),
                Status::Active | Status::Suspended { .. } => record.is_claimed(),
                Status::Merged { .. } | Status::Deceased { .. } => true,
                Status::Erased => false,
            };
            ensure!(fits, "a patient's status does not fit its keys");
        }
        Ok(())
    }

    /// Following merges ends at a patient that exists, within the depth and the number of ids;
    /// lists of merged patients mirror their status.
    fn merges_are_trees() -> Result<(), TryRuntimeError> {
        for (patient, record) in Patients::<T>::iter() {
            let (root, known_as) = Self::follow(&patient).map_err(|_| "a merge leads to nobody")?;
            ensure!(
                !known_as.status.is_merged(),
                "a merge is circular or too deep"
            );
            let (ids, _) = Self::tree(root);
            ensure!(
                ids.contains(&patient),
                "a patient is not among the ids it is known by"
            );
            ensure!(
                ids.len() <= MAX_IDENTITIES as usize,
                "a person has too many ids"
            );
            if let Status::Merged { into } = record.status {
                let listed = MergedInto::<T>::get(into)
                    .iter()
                    .filter(|id| **id == patient)
                    .count();
                ensure!(listed == 1, "a merge is not listed once");
            }
        }
        for (parent, merged) in MergedInto::<T>::iter() {
            ensure!(
                !merged.is_empty(),
                "an empty list of merged patients is stored"
            );
            for patient in &merged {
                let record = Patients::<T>::get(patient).ok_or("nobody was merged")?;
                ensure!(
                    record.status == Status::Merged { into: parent },
                    "a merge is listed only"
                );
            }
        }
        Ok(())
    }

    /// Nothing is stored of an erased patient but its id, not even with others.
    fn erased_leaves_only_the_id() -> Result<(), TryRuntimeError> {
        for (patient, ()) in ErasedPatients::<T>::iter() {
            let gone = !Patients::<T>::contains_key(patient)
                && Keys::<T>::iter_prefix(patient).next().is_none()
                && KeyOf::<T>::iter_values().all(|holder| holder != patient)
                && !Recoveries::<T>::contains_key(patient)
                && !Representatives::<T>::contains_key(patient)
                && !RepresentedBy::<T>::contains_key(Agent::Patient(patient))
                && RepresentedBy::<T>::iter_values().all(|list| !list.contains(&patient))
                && !TokensOf::<T>::contains_key(patient)
                && MatchTokens::<T>::iter_values().all(|holder| holder != patient)
                && !MergedInto::<T>::contains_key(patient)
                && !Links::<T>::contains_key(patient)
                && !SponsorOffers::<T>::contains_key(patient);
            ensure!(gone, "something is left of an erased patient");
        }
        Ok(())
    }

    /// Versions start at one. That they rise by one is a property of a step, not of a state.
    fn versions_start_at_one() -> Result<(), TryRuntimeError> {
        let positive = Patients::<T>::iter_values().all(|record| record.commitment_version >= 1);
        ensure!(positive, "a commitment has version zero");
        Ok(())
    }

    /// No recovery matures before the delay has passed.
    fn recoveries_keep_the_delay() -> Result<(), TryRuntimeError> {
        for (patient, recovery) in Recoveries::<T>::iter() {
            ensure!(
                Patients::<T>::contains_key(patient),
                "a recovery of no patient"
            );
            if let RecoveryStage::Requested(request) = recovery.stage {
                let earliest = request.requested_at.saturating_add(T::RecoveryDelay::get());
                ensure!(
                    request.matures_at >= earliest,
                    "a recovery matures too early"
                );
            }
        }
        Ok(())
    }

    /// A patient's appointments and those of its representatives say the same, and none is its own.
    fn appointments_are_mirrored() -> Result<(), TryRuntimeError> {
        for (patient, appointed) in Representatives::<T>::iter() {
            ensure!(
                Patients::<T>::contains_key(patient),
                "an appointment of no patient"
            );
            ensure!(
                !appointed.is_empty(),
                "an empty list of appointments is stored"
            );
            for entry in &appointed {
                let mirrored = RepresentedBy::<T>::get(&entry.agent).contains(&patient);
                ensure!(mirrored, "an appointment is unknown to its agent");
                let twins = appointed
                    .iter()
                    .filter(|other| other.agent == entry.agent)
                    .count();
                ensure!(twins == 1, "an agent is appointed twice");
                ensure!(
                    entry.agent != Agent::Patient(patient),
                    "a patient represents itself"
                );
            }
        }
        for (agent, represented) in RepresentedBy::<T>::iter() {
            ensure!(
                !represented.is_empty(),
                "an empty list of represented patients is stored"
            );
            for patient in &represented {
                let appointed = Representatives::<T>::get(patient);
                let mirrored = appointed.iter().any(|entry| entry.agent == agent);
                ensure!(mirrored, "an agent holds an appointment that nobody made");
            }
        }
        Ok(())
    }

    /// A parent's power ends on a date, and no appointment ends before it begins.
    fn parents_have_an_end() -> Result<(), TryRuntimeError> {
        for appointed in Representatives::<T>::iter_values() {
            for entry in &appointed {
                let endless_parent =
                    entry.kind == RepresentativeKind::Parent && entry.until.is_none();
                ensure!(!endless_parent, "a parent's power has no end");
                let in_order = entry.until.is_none_or(|until| entry.from < until);
                ensure!(in_order, "an appointment ends before it begins");
            }
        }
        Ok(())
    }

    /// The three views of the match tokens say the same, and each organisation indexes only
    /// patients that it manages.
    fn tokens_are_indexed() -> Result<(), TryRuntimeError> {
        let mut tokens: usize = 0;
        for (org, token, patient) in MatchTokens::<T>::iter() {
            tokens = tokens.saturating_add(1);
            let held = TokenHolders::<T>::get(token)
                .iter()
                .filter(|holder| **holder == org)
                .count();
            ensure!(held == 1, "a token does not know its holder");
            let listed = TokensOf::<T>::get(patient)
                .iter()
                .filter(|own| **own == token)
                .count();
            ensure!(listed == 1, "a patient does not know its token");
            let managed =
                Patients::<T>::get(patient).is_some_and(|record| record.managing_org == org);
            ensure!(
                managed,
                "an organisation indexes a patient that it does not manage"
            );
        }
        let holders: usize = TokenHolders::<T>::iter_values()
            .map(|holders| holders.len())
            .sum();
        let listed: usize = TokensOf::<T>::iter_values()
            .map(|tokens| tokens.len())
            .sum();
        ensure!(
            holders == tokens && listed == tokens,
            "a token is indexed in one place only"
        );
        Ok(())
    }

    /// Both ends of a link know it.
    fn links_are_mirrored() -> Result<(), TryRuntimeError> {
        for (patient, links) in Links::<T>::iter() {
            ensure!(Patients::<T>::contains_key(patient), "a link of no patient");
            ensure!(!links.is_empty(), "an empty list of links is stored");
            for link in &links {
                let touches = link.from == patient || link.to == patient;
                ensure!(
                    touches && link.from != link.to,
                    "a link is kept with a stranger"
                );
                ensure!(
                    link.kind != LinkKind::ReplacedBy,
                    "a merge is stored as a link"
                );
                let mirrored = Links::<T>::get(link.other_end(&patient)).contains(link);
                ensure!(mirrored, "a link is known at one end only");
            }
        }
        Ok(())
    }

    /// Offers of sponsorship wait for patients that exist, and the sponsor makes none.
    fn offers_are_open() -> Result<(), TryRuntimeError> {
        for (patient, offers) in SponsorOffers::<T>::iter() {
            ensure!(!offers.is_empty(), "an empty list of offers is stored");
            let record = Patients::<T>::get(patient).ok_or("an offer to no patient")?;
            let open = offers.iter().all(|org| record.sponsor != Some(*org));
            ensure!(open, "the sponsor offers what it gives");
        }
        Ok(())
    }
}
