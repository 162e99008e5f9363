//! Whatever happens, in whatever order, the invariants hold and reads agree with calls.

use super::*;
use proptest::prelude::*;

/// What anybody may try. Accounts, organisations, sites and numbers are few, so that they meet.
#[derive(Clone, Debug)]
enum Attempt {
    Admit {
        admin: u8,
        days: u8,
    },
    Renew {
        org: u8,
        days: u8,
    },
    ChangeRoles {
        org: u8,
        roles: u8,
    },
    Suspend {
        org: u8,
    },
    Reinstate {
        org: u8,
    },
    Expel {
        org: u8,
    },
    SetAdmin {
        by: Option<u8>,
        org: u8,
        admin: u8,
    },
    OpenSite {
        by: u8,
        gln: u8,
    },
    CloseSite {
        by: u8,
        site: u8,
    },
    Enrol {
        by: u8,
        account: u8,
        duties: u8,
        site: Option<u8>,
        days: u8,
    },
    ChangeDuties {
        by: u8,
        account: u8,
        duties: u8,
        site: Option<u8>,
        days: u8,
    },
    Dismiss {
        by: u8,
        account: u8,
    },
    DismissAll {
        by: u8,
    },
    Rotate {
        by: u8,
        key: u8,
    },
    Prune {
        account: u8,
    },
    ReleaseGln {
        gln: u8,
    },
    Wait {
        days: u8,
    },
}

const ACCOUNTS: u8 = 6;

fn attempt() -> impl Strategy<Value = Attempt> {
    let account = || 0..ACCOUNTS;
    let org = || 0..4u8;
    let site = || 0..5u8;
    let days = || 0..40u8;
    let codes = || 0..8u8;
    let place = move || proptest::option::of(site());
    prop_oneof![
        3 => (account(), days()).prop_map(|(admin, days)| Attempt::Admit { admin, days }),
        2 => (org(), days()).prop_map(|(org, days)| Attempt::Renew { org, days }),
        1 => (org(), codes()).prop_map(|(org, roles)| Attempt::ChangeRoles { org, roles }),
        1 => org().prop_map(|org| Attempt::Suspend { org }),
        1 => org().prop_map(|org| Attempt::Reinstate { org }),
        1 => org().prop_map(|org| Attempt::Expel { org }),
        2 => (proptest::option::of(account()), org(), account())
            .prop_map(|(by, org, admin)| Attempt::SetAdmin { by, org, admin }),
        3 => (account(), 0..8u8).prop_map(|(by, gln)| Attempt::OpenSite { by, gln }),
        1 => (account(), site()).prop_map(|(by, site)| Attempt::CloseSite { by, site }),
        6 => (account(), account(), codes(), place(), days()).prop_map(
            |(by, account, duties, site, days)| Attempt::Enrol { by, account, duties, site, days }
        ),
        2 => (account(), account(), codes(), place(), days()).prop_map(
            |(by, account, duties, site, days)| {
                Attempt::ChangeDuties { by, account, duties, site, days }
            }
        ),
        2 => (account(), account()).prop_map(|(by, account)| Attempt::Dismiss { by, account }),
        1 => account().prop_map(|by| Attempt::DismissAll { by }),
        1 => (account(), codes()).prop_map(|(by, key)| Attempt::Rotate { by, key }),
        2 => account().prop_map(|account| Attempt::Prune { account }),
        1 => (0..8u8).prop_map(|gln| Attempt::ReleaseGln { gln }),
        2 => days().prop_map(|days| Attempt::Wait { days }),
    ]
}

fn org_id(number: u8) -> OrgId {
    OrgId(number.into())
}

fn site_id(number: u8) -> SiteId {
    SiteId(number.into())
}

fn by(number: u8) -> RuntimeOrigin {
    signed(person(number))
}

fn after(days: u8) -> Moment {
    Now::get() + Moment::from(days) * DAY
}

/// Roles or duties of the first three bits, and no valid set at all for 0.
fn set<C: axonic_primitives::Code>(bits: u8) -> Codes<C> {
    Codes::from_bits(bits.into())
}

fn try_it(attempt: Attempt) -> Result<(), DispatchError> {
    match attempt {
        Attempt::Admit { admin, days } => Consortium::admit(
            council(),
            Role::Provider.into(),
            HOME,
            person(admin),
            after(days),
            CHARTER,
        ),
        Attempt::Renew { org, days } => Consortium::renew(council(), org_id(org), after(days)),
        Attempt::ChangeRoles { org, roles } => {
            Consortium::change_roles(council(), org_id(org), set(roles))
        }
        Attempt::Suspend { org } => Consortium::suspend(council(), org_id(org)),
        Attempt::Reinstate { org } => Consortium::reinstate(council(), org_id(org)),
        Attempt::Expel { org } => Consortium::expel(council(), org_id(org)),
        Attempt::SetAdmin {
            by: caller,
            org,
            admin,
        } => {
            let origin = caller.map_or_else(council, by);
            Consortium::set_admin(origin, org_id(org), person(admin))
        }
        Attempt::OpenSite { by: caller, gln } => {
            Consortium::open_site(by(caller), Gln::numbered(gln.into()), SiteKind::Clinic)
        }
        Attempt::CloseSite { by: caller, site } => {
            Consortium::close_site(by(caller), site_id(site))
        }
        Attempt::Enrol {
            by: caller,
            account,
            duties,
            site,
            days,
        } => Consortium::enrol_staff(
            by(caller),
            person(account),
            set(duties),
            site.map(site_id),
            after(days),
        ),
        Attempt::ChangeDuties {
            by: caller,
            account,
            duties,
            site,
            days,
        } => Consortium::change_duties(
            by(caller),
            person(account),
            set(duties),
            site.map(site_id),
            after(days),
        ),
        Attempt::Dismiss {
            by: caller,
            account,
        } => Consortium::dismiss_staff(by(caller), person(account)),
        Attempt::DismissAll { by: caller } => Consortium::dismiss_all_staff(by(caller)),
        Attempt::Rotate { by: caller, key } => {
            Consortium::rotate_agreement_key(by(caller), X25519PublicKey([key; 32]))
        }
        Attempt::Prune { account } => Consortium::prune_staff(signed(STRANGER), person(account)),
        Attempt::ReleaseGln { gln } => {
            Consortium::release_gln(council(), Gln::numbered(gln.into()))
        }
        Attempt::Wait { days } => {
            Now::set(after(days));
            Ok(())
        }
    }
}

/// Whether the account acts, judged from nothing but the reads.
fn acts_by_the_reads(account: AccountId) -> bool {
    Consortium::staff(account).is_some_and(|staff| {
        let site = staff.site.and_then(Consortium::site);
        staff.state == Enrolment::Active
            && staff.standing == Standing::Active
            && site.is_none_or(|site| site.status == SiteStatus::Open)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn invariants_hold_whatever_is_attempted(
        attempts in proptest::collection::vec(attempt(), 1..80),
    ) {
        ExtBuilder::with(vec![]).build_and_execute(|| {
            for attempt in attempts {
                let description = format!("{attempt:?}");
                let _ = try_it(attempt);
                assert_eq!(Consortium::do_try_state(), Ok(()), "after {description}");
            }
        });
    }

    #[test]
    fn a_refused_attempt_changes_nothing(
        attempts in proptest::collection::vec(attempt(), 1..80),
    ) {
        ExtBuilder::with(vec![]).build_and_execute(|| {
            for attempt in attempts {
                let description = format!("{attempt:?}");
                let mut refused = false;
                let changed = entries_changed_by(|| refused = try_it(attempt).is_err());
                assert!(!refused || changed == 0, "{description} changed {changed} entries");
            }
        });
    }

    #[test]
    fn reads_agree_with_calls(attempts in proptest::collection::vec(attempt(), 1..60)) {
        ExtBuilder::with(vec![]).build_and_execute(|| {
            for attempt in attempts {
                let _ = try_it(attempt);
                for account in (0..ACCOUNTS).map(person) {
                    let acts = actor(&account).is_ok();
                    assert_eq!(acts, acts_by_the_reads(account.clone()));

                    let called = ClinicianOrigin::ensure_staff(signed(account.clone()));
                    let (roles, duties) = (ProviderRoles::get(), ClinicianDuties::get());
                    let read = Consortium::explain_actor(account, roles, duties);
                    assert_eq!(read, called.map_err(Refusal::from));
                }
            }
        });
    }

    #[test]
    fn an_account_acts_for_nobody_once_all_are_dismissed_or_the_member_is_expelled(
        attempts in proptest::collection::vec(attempt(), 1..60),
        org in 0..4u8,
        expel in any::<bool>(),
    ) {
        ExtBuilder::with(vec![]).build_and_execute(|| {
            for attempt in attempts {
                let _ = try_it(attempt);
            }
            let org = org_id(org);
            let admin = Consortium::organisation(org).map(|organisation| organisation.admin);
            let done = match admin {
                Some(_) if expel => Consortium::expel(council(), org),
                Some(admin) => Consortium::dismiss_all_staff(signed(admin)),
                None => Err(DispatchError::CannotLookup),
            };
            for account in (0..ACCOUNTS).map(person) {
                assert!(done.is_err() || actor(&account) != Ok(org));
            }
        });
    }
}
