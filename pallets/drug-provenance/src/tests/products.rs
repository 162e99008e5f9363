//! Products.

use crate::{mock::*, types::*, Error, Event, Products};
use axonic_gs1::Gtin;
use frame_support::{assert_noop, assert_ok};

#[test]
fn register_product_makes_the_organisation_its_owner() {
    build_and_execute(|| {
        let schedule = Some(Schedule::IV);
        let gtin = UNREGISTERED;
        assert_ok!(act(RIVAL, crate::Call::register_product { gtin, schedule }));
        let gtin = Gtin::new(gtin).unwrap();
        let owner = org_of(&RIVAL);
        let product = Product {
            owner,
            schedule,
            status: ProductStatus::Active,
        };
        assert_eq!(Products::<Test>::get(gtin), Some(product));
        let event = Event::ProductRegistered {
            gtin,
            owner,
            schedule,
        };
        assert_eq!(last_event(), event);
        assert_ok!(commission_lot(RIVAL, listed_draft(UNREGISTERED, "LOT1", 1)));
    });
}

#[test]
fn register_product_fails_when_the_number_is_no_gtin() {
    build_and_execute(|| {
        let refused = refusal(Error::InvalidGtin);
        assert_noop!(register(MAKER, MISTYPED), refused);
        assert_noop!(register(MAKER, u64::MAX), refused);
    });
}

#[test]
fn register_product_fails_when_it_is_registered() {
    build_and_execute(|| {
        let refused = refusal(Error::ProductAlreadyExists);
        assert_noop!(register(MAKER, MEDICINE), refused);
        assert_noop!(register(RIVAL, MEDICINE), refused);
        assert_ok!(retire(MAKER, MEDICINE));
        assert_noop!(register(RIVAL, MEDICINE), refused);
    });
}

#[test]
fn retire_product_stops_its_lots() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(retire(MAKER, MEDICINE));
        let gtin = Gtin::new(MEDICINE).unwrap();
        assert_eq!(last_event(), Event::ProductRetired { gtin });
        let refused = refusal(Error::ProductNotActive);
        assert_noop!(
            commission_lot(MAKER, listed_draft(MEDICINE, "LOT2", 1)),
            refused
        );
        assert_noop!(retire(MAKER, MEDICINE), refused);
        // What was made moves on.
        assert_ok!(ship(MAKER, WHOLESALER, [lot.packs(0..10)]));
    });
}

#[test]
fn retire_product_fails_when_it_is_not_the_organisations() {
    build_and_execute(|| {
        assert_noop!(retire(RIVAL, MEDICINE), Error::<Test>::NotBrandOwner);
        assert_noop!(retire(MAKER, UNREGISTERED), Error::<Test>::ProductNotFound);
        assert_noop!(retire(MAKER, MISTYPED), Error::<Test>::InvalidGtin);
    });
}
