//! Who may move medicines, and how else than by one call at a time.

use super::*;
use crate::chain::on_development;
use axonic_primitives::AccountId;
use axonic_runtime::{configs::accounts::ProxyType, RuntimeEvent, RuntimeOrigin, System};
use frame_support::traits::{GetCallMetadata, InstanceFilter};
use pallet_drug_provenance::{
    types::{
        AlertId, DecommissionReason, ErrorReason, EventId, Fate, InvestigationId, Outcome,
        Prunable, Resolution, SubjectName, VerificationAnswer, VerificationId,
    },
    Lots,
};
use sp_runtime::{traits::Dispatchable, DispatchError, MultiAddress};
use std::collections::BTreeSet;

/// Every call of the pallet, in order.
fn every_call() -> Vec<Call> {
    let printed = Printed::new();
    let (pack, proof) = (printed.claim(0), printed.proof(0));
    let (lot, shipment, event) = (LotId(0), ShipmentId(0), EventId(0));
    let occurrence = at(MAKER);
    let unit = || UnitName::Packs {
        lot,
        first: 0,
        count: 1,
    };
    vec![
        authorise(MAKER, Licence::Manufacturer),
        Call::withdraw_partner { org: MAKER.org },
        Call::register_product {
            gtin: pack.gtin,
            schedule: None,
        },
        Call::retire_product { gtin: pack.gtin },
        Call::commission_lot {
            draft: lot_draft(&printed),
            occurrence: occurrence.clone(),
        },
        Call::commission_items {
            lot,
            serials: vec![text("A")].try_into().expect("one serial"),
            occurrence: occurrence.clone(),
        },
        aggregate(MAKER, 0, vec![unit()]),
        Call::disaggregate {
            container: container(0),
            children: vec![unit()].try_into().expect("one child"),
            occurrence: occurrence.clone(),
        },
        Call::seal {
            container: container(0),
            sealed: true,
            occurrence: occurrence.clone(),
        },
        ship(MAKER, WHOLESALER, vec![unit()]),
        Call::void_shipment {
            shipment,
            occurrence: occurrence.clone(),
        },
        receive(MAKER, shipment, Vec::new()),
        Call::resolve_discrepancy {
            shipment,
            number: 0,
            resolution: Resolution::Found,
            occurrence: occurrence.clone(),
        },
        Call::return_to {
            draft: draft(WHOLESALER, vec![unit()]),
            occurrence: occurrence.clone(),
        },
        Call::request_verification { pack: pack.clone() },
        Call::answer_verification {
            verification: VerificationId(0),
            answer: VerificationAnswer::Verified,
        },
        Call::dispense {
            pack: pack.clone(),
            proof: proof.clone(),
            occurrence: occurrence.clone(),
        },
        Call::partial_dispense {
            pack: pack.clone(),
            proof: proof.clone(),
            occurrence: occurrence.clone(),
        },
        Call::undo {
            pack: pack.clone(),
            proof: proof.clone(),
            reached_the_public: false,
            occurrence: occurrence.clone(),
        },
        Call::decommission {
            units: vec![unit()].try_into().expect("one unit"),
            reason: DecommissionReason::Damaged,
            occurrence: occurrence.clone(),
        },
        Call::report_stolen {
            units: vec![unit()].try_into().expect("one unit"),
            occurrence: occurrence.clone(),
        },
        Call::open_investigation {
            subject: SubjectName::Lot(lot),
        },
        Call::close_investigation {
            investigation: InvestigationId(0),
            outcome: Outcome::Cleared,
        },
        Call::quarantine { lot },
        recall(lot),
        Call::lift_recall { lot },
        Call::transform {
            inputs: vec![unit()].try_into().expect("one input"),
            output: lot_draft(&printed),
            occurrence: occurrence.clone(),
        },
        Call::declare_error {
            event,
            reason: ErrorReason::DidNotOccur,
            corrective: None,
        },
        Call::raise_alert {
            pack,
            proof,
            occurrence,
        },
        Call::prune {
            what: vec![Prunable::Alert(AlertId(0))]
                .try_into()
                .expect("one thing"),
        },
    ]
}

/// What the account is told when it signs the call.
fn told(account: &AccountId, call: &Call) -> Option<DispatchError> {
    let call = RuntimeCall::from(call.clone());
    let done = call.dispatch(RuntimeOrigin::signed(account.clone()));
    done.err().map(|failed| failed.error)
}

#[test]
fn nobody_moves_medicines_but_staff_with_the_duty() {
    on_development(|| {
        use pallet_consortium::Error::{DutyMissing, NotFound, RoleMissing};
        let reason = |error: pallet_consortium::Error<Runtime>| Some(DispatchError::from(error));

        let calls = every_call();
        let names = RuntimeCall::get_call_names("DrugProvenance");
        assert_eq!(calls.len(), names.len());
        for (call, name) in calls.iter().zip(names) {
            for stranger in ["Stranger", "Patient", "RegulatorAdmin"] {
                let told = told(&account_of(stranger), call);
                assert_eq!(told, reason(NotFound), "{name} by {stranger}");
            }
            for staff in ["Clinician", "Registrar", "RecordsOfficer", "ClaimsOfficer"] {
                let told = told(&account_of(staff), call);
                assert!(
                    told == reason(DutyMissing) || told == reason(RoleMissing),
                    "{name} by {staff}: {told:?}"
                );
            }
        }
        assert!(pallet_drug_provenance::Events::<Runtime>::iter_keys()
            .next()
            .is_none());
    });
}

#[test]
fn each_duty_goes_as_far_as_its_organisation_s_role() {
    on_development(|| {
        let printed = at_the_pharmacy();
        let role_missing: DispatchResult =
            Err(pallet_consortium::Error::<Runtime>::RoleMissing.into());

        // Traders authorise nobody, and makers and wholesalers dispense nothing.
        let authorise = || authorise(MAKER, Licence::Manufacturer);
        assert_eq!(send(MAKER.staff, authorise()), role_missing);
        assert_eq!(send(PHARMACY.staff, authorise()), role_missing);
        assert_eq!(send(MAKER.staff, printed.dispense(0)), role_missing);

        // A lot is held by the owner of the product or by the regulator.
        let lot = printed.lot();
        let quarantine = || Call::quarantine { lot };
        assert_eq!(
            send(WHOLESALER.staff, quarantine()),
            refused(Error::NotBrandOwner)
        );
        assert_ok!(send(AUDITOR, quarantine()));
        assert_eq!(
            send(PHARMACY.staff, printed.dispense(0)),
            refused(Error::LotQuarantined)
        );
        // What the regulator ordered the regulator takes back.
        let lift = || Call::lift_recall { lot };
        assert_eq!(send(MAKER.staff, lift()), refused(Error::NotAuthority));
        assert_ok!(send(AUDITOR, lift()));
        assert_ok!(send(PHARMACY.staff, printed.dispense(0)));
    });
}

#[test]
fn nothing_links_a_pack_to_a_patient() {
    use scale_info::{meta_type, IntoPortable, PortableRegistry, PortableType, Registry};
    /// What tells one patient or one patient's record, consent or access from another's.
    const OF_PATIENTS: [&str; 6] = [
        "PatientId",
        "ConsentId",
        "RequestId",
        "BreakGlassId",
        "RecordId",
        "BatchId",
    ];
    let names = |registry: Registry| -> BTreeSet<String> {
        let types = PortableRegistry::from(registry).types;
        let named = |ty: &PortableType| ty.ty.path.segments.last().cloned();
        types.iter().filter_map(named).collect()
    };
    let mut registry = Registry::new();
    registry.register_type(&meta_type::<Call>());
    registry.register_type(&meta_type::<pallet_drug_provenance::Event<Runtime>>());
    pallet_drug_provenance::Pallet::<Runtime>::storage_metadata().into_portable(&mut registry);
    let medicines = names(registry);
    // Calls, events and storage are all there.
    for known in ["PackClaim", "Verdict", "Run"] {
        assert!(medicines.contains(known), "{known} in {medicines:?}");
    }
    for name in OF_PATIENTS {
        assert!(!medicines.contains(name), "{name} in {medicines:?}");
    }

    // They would be found: that is what they are called.
    let mut registry = Registry::new();
    registry.register_type(&meta_type::<pallet_consent::Event<Runtime>>());
    registry.register_type(&meta_type::<pallet_health_records::Event<Runtime>>());
    let patients = names(registry);
    for name in OF_PATIENTS {
        assert!(patients.contains(name), "{name} in {patients:?}");
    }
}

#[test]
fn a_pack_is_sold_once_however_it_is_sent() {
    on_development(|| {
        let printed = at_the_pharmacy();
        let dispensed = || {
            let lot = Lots::<Runtime>::get(printed.lot()).expect("the lot was commissioned");
            lot.fates[Fate::Dispensed as usize]
        };
        let twice = |pack| vec![printed.dispense(pack), printed.dispense(pack)];
        let error: DispatchError = Error::<Runtime>::AlreadyDispensed.into();

        // All or nothing: nothing.
        let batch_all = pallet_utility::Call::<Runtime>::batch_all { calls: twice(1) };
        assert_eq!(send(PHARMACY.staff, batch_all), Err(error));
        assert_eq!(dispensed(), 0);

        // As far as it goes: once.
        System::reset_events();
        let batch = pallet_utility::Call::<Runtime>::batch { calls: twice(1) };
        assert_ok!(send(PHARMACY.staff, batch));
        System::assert_has_event(RuntimeEvent::Utility(
            pallet_utility::Event::BatchInterrupted { index: 1, error },
        ));
        assert_eq!(dispensed(), 1);

        // A delegate sells no second time either what the pharmacist sold.
        let delegate = pallet_proxy::Call::<Runtime>::add_proxy {
            delegate: MultiAddress::Id(account_of("PharmacyAdmin")),
            proxy_type: ProxyType::Staff,
            delay: 0,
        };
        assert_ok!(send(PHARMACY.staff, delegate));
        let delegated = |call: RuntimeCall| pallet_proxy::Call::<Runtime>::proxy {
            real: MultiAddress::Id(account_of(PHARMACY.staff)),
            force_proxy_type: None,
            call: Box::new(call),
        };
        for (pack, result) in [(1, Err(error)), (2, Ok(()))] {
            System::reset_events();
            assert_ok!(send("PharmacyAdmin", delegated(printed.dispense(pack))));
            System::assert_has_event(RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted {
                result,
            }));
        }
        assert_eq!(dispensed(), 2);
    });
}

#[test]
fn delegates_of_staff_move_medicines_and_those_for_other_things_do_not() {
    on_development(|| {
        for call in every_call().into_iter().map(RuntimeCall::from) {
            assert!(ProxyType::Staff.filter(&call));
            assert!(ProxyType::NonTransfer.filter(&call));
            assert!(!ProxyType::Consent.filter(&call));
            assert!(!ProxyType::Governance.filter(&call));
            assert!(!ProxyType::Collator.filter(&call));
        }
    });
}

#[test]
fn what_may_harm_is_stopped_in_safe_mode_too() {
    on_development(|| {
        let printed = at_the_pharmacy();
        decide(pallet_safe_mode::Call::<Runtime>::force_enter {});
        let filtered: DispatchError = frame_system::Error::<Runtime>::CallFiltered.into();

        assert_eq!(send(PHARMACY.staff, printed.dispense(0)), Err(filtered));
        let report = Call::report_stolen {
            units: vec![printed.packs(0, 1)].try_into().expect("one unit"),
            occurrence: at(PHARMACY),
        };
        assert_ok!(send(PHARMACY.staff, report));
        let alert = Call::raise_alert {
            pack: printed.claim(0),
            proof: printed.proof(0),
            occurrence: at(PHARMACY),
        };
        assert_ok!(send(PHARMACY.staff, alert));
        let suspect = Call::open_investigation {
            subject: SubjectName::Unit(printed.packs(1, 1)),
        };
        assert_ok!(send(PHARMACY.staff, suspect));
        let lot = printed.lot();
        assert_ok!(send(AUDITOR, Call::quarantine { lot }));
        assert_ok!(send(MAKER.staff, recall(lot)));
    });
}
