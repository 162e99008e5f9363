//! What runtime APIs and view functions answer.

use super::*;
use crate::MAX_PAGE;

#[test]
fn organisation_tells_what_is_stored_and_how_it_stands() {
    ExtBuilder::default().build_and_execute(|| {
        let hospital = Consortium::organisation(HOSPITAL).unwrap();
        assert_eq!(hospital.id, HOSPITAL);
        assert_eq!(hospital.admin, HOSPITAL_ADMIN);
        assert_eq!((hospital.staff_count, hospital.site_count), (1, 1));
        assert_eq!((hospital.stored_staff, hospital.sites_opened), (1, 1));
        assert_eq!(hospital.standing, Standing::Active);
        assert_eq!(Consortium::organisation(PAYER), None);
    });
}

#[test]
fn organisations_are_paged_when_there_are_many() {
    ExtBuilder::default().build_and_execute(|| {
        for number in 0..MAX_PAGE as u8 {
            assert_ok!(Consortium::admit(
                council(),
                Role::Payer.into(),
                HOME,
                person(number),
                NEXT_YEAR,
                CHARTER
            ));
        }
        let numbers = |from, limit| -> Vec<u32> {
            let page = Consortium::organisations(OrgId(from), limit);
            page.into_iter()
                .map(|organisation| organisation.id.0)
                .collect()
        };
        assert_eq!(numbers(0, 2), [0, 1]);
        assert_eq!(numbers(1, 2), [1, 2]);
        assert_eq!(numbers(0, u32::MAX).len() as u32, MAX_PAGE);
        assert_eq!(numbers(MAX_PAGE, u32::MAX), [MAX_PAGE, MAX_PAGE + 1]);
        assert!(numbers(u32::MAX, 1).is_empty());
        assert!(numbers(0, 0).is_empty());
    });
}

#[test]
fn site_and_staff_tell_how_they_stand() {
    ExtBuilder::default().build_and_execute(|| {
        let shop = Consortium::site(SHOP).unwrap();
        assert_eq!(
            (shop.id, shop.org, shop.gln),
            (SHOP, PHARMACY, Gln::numbered(2))
        );
        assert_eq!(
            (shop.kind, shop.status),
            (SiteKind::PharmacyPremises, SiteStatus::Open)
        );
        assert_eq!(Consortium::site(SiteId(99)), None);
        assert_eq!(Consortium::site_by_gln(Gln::numbered(99)), None);

        let how = || {
            let staff = Consortium::staff(PHARMACIST).unwrap();
            (staff.state, staff.standing)
        };
        assert_eq!(how(), (Enrolment::Active, Standing::Active));
        assert_ok!(Consortium::suspend(council(), PHARMACY));
        assert_eq!(how(), (Enrolment::Active, Standing::Suspended));
        Now::set(NEXT_MONTH);
        assert_eq!(how(), (Enrolment::Expired, Standing::Suspended));
        assert_ok!(Consortium::expel(council(), PHARMACY));
        assert_eq!(how(), (Enrolment::Revoked, Standing::Expelled));
        assert_eq!(Consortium::staff(STRANGER), None);
    });
}

#[test]
fn explain_actor_names_the_error_that_a_call_would_give() {
    ExtBuilder::default().build_and_execute(|| {
        let explain = |account| {
            let roles = ProviderRoles::get();
            Consortium::explain_actor(account, roles, ClinicianDuties::get())
        };
        assert_eq!(explain(CLINICIAN).unwrap().org, HOSPITAL);
        assert_eq!(explain(PHARMACIST), Err(Refusal("RoleMissing".into())));
        assert_eq!(explain(STRANGER), Err(Refusal("NotFound".into())));
        assert_ok!(Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)));
        assert_eq!(explain(CLINICIAN), Err(Refusal("EpochStale".into())));
    });
}

#[test]
fn answers_read_well_as_json() {
    ExtBuilder::default().build_and_execute(|| {
        let shop = serde_json::to_value(Consortium::site(SHOP)).unwrap();
        assert_eq!(
            shop,
            serde_json::json!({
                "id": 1,
                "org": 1,
                "gln": Gln::numbered(2).to_string(),
                "kind": "PharmacyPremises",
                "status": "Open",
            })
        );
        let pharmacist = serde_json::to_value(Consortium::staff(PHARMACIST)).unwrap();
        assert_eq!(pharmacist["duties"], serde_json::json!(["Pharmacist"]));
        assert_eq!(pharmacist["state"], "Active");
        assert_eq!(pharmacist["validUntil"], NEXT_MONTH);
        let key = AgreementKey {
            version: 1,
            key: X25519PublicKey([10; 32]),
        };
        let json = serde_json::to_value(&key).unwrap();
        assert_eq!(json["key"], format!("{:#x}", H256::repeat_byte(10)));
        assert_eq!(serde_json::from_value::<AgreementKey>(json).unwrap(), key);
    });
}
