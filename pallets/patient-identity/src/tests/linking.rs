use super::*;
use crate::{Link, LinkKind, Links, MAX_LINKS};
use axonic_primitives::OrgId;

fn link(org: OrgId, from: PatientId, to: PatientId) -> DispatchResult {
    PatientIdentity::link(staff(org), from, to, LinkKind::SeeAlso)
}

fn unlink(org: OrgId, from: PatientId, to: PatientId) -> DispatchResult {
    PatientIdentity::unlink(staff(org), from, to)
}

#[test]
fn link_is_known_at_both_ends_and_unlink_at_neither() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        register(CLINIC, DUPLICATE);
        assert_ok!(link(HOSPITAL, PATIENT, DUPLICATE));
        let expected = Link {
            from: PATIENT,
            to: DUPLICATE,
            kind: LinkKind::SeeAlso,
        };
        for end in [PATIENT, DUPLICATE] {
            assert_eq!(Links::<Test>::get(end).into_inner(), vec![expected]);
        }
        assert_noop!(link(HOSPITAL, PATIENT, DUPLICATE), Refused::AlreadyLinked);
        assert_ok!(link(CLINIC, DUPLICATE, PATIENT));
        assert_noop!(unlink(PAYER, PATIENT, DUPLICATE), Refused::NotManagingOrg);
        assert_ok!(unlink(CLINIC, PATIENT, DUPLICATE));
        assert_noop!(unlink(CLINIC, PATIENT, DUPLICATE), Refused::LinkNotFound);
        assert_ok!(unlink(HOSPITAL, DUPLICATE, PATIENT));
        assert_eq!(Links::<Test>::iter().count(), 0);
    });
}

#[test]
fn link_is_refused_when_it_makes_no_sense() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        register(CLINIC, DUPLICATE);
        assert_noop!(link(CLINIC, PATIENT, DUPLICATE), Refused::NotManagingOrg);
        assert_noop!(link(HOSPITAL, PATIENT, PATIENT), Refused::SelfLink);
        assert_noop!(link(HOSPITAL, PATIENT, NOBODY), Refused::NotFound);
        let replaced = LinkKind::ReplacedBy;
        assert_noop!(
            PatientIdentity::link(staff(HOSPITAL), PATIENT, DUPLICATE, replaced),
            Refused::MergeRequired
        );
    });
}

#[test]
fn link_is_refused_when_an_end_is_not_in_good_standing() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        register(CLINIC, DUPLICATE);
        assert_ok!(PatientIdentity::report_deceased(staff(CLINIC), DUPLICATE));
        assert_noop!(link(HOSPITAL, PATIENT, DUPLICATE), Refused::TargetNotActive);
        assert_noop!(link(CLINIC, DUPLICATE, PATIENT), Refused::NotActive);
    });
}

#[test]
fn link_is_refused_when_either_end_is_frozen() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, DUPLICATE);
            assert_ok!(PatientIdentity::freeze_links(by(account(PHONE)), PATIENT));
            assert_told(Event::LinksFrozen { patient: PATIENT });
            assert_noop!(link(HOSPITAL, PATIENT, DUPLICATE), Refused::LinksFrozen);
            assert_noop!(link(HOSPITAL, DUPLICATE, PATIENT), Refused::LinksFrozen);
            let by_org = PatientIdentity::thaw_links(staff(HOSPITAL), PATIENT);
            assert_noop!(by_org, Refused::PowerMissing);
            assert_ok!(PatientIdentity::thaw_links(by(account(PHONE)), PATIENT));
            assert_told(Event::LinksThawed { patient: PATIENT });
            assert_ok!(link(HOSPITAL, DUPLICATE, PATIENT));
        });
}

#[test]
fn link_is_refused_when_an_end_has_as_many_as_fit() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        for n in 0..MAX_LINKS as u8 {
            register(HOSPITAL, id(100 + n));
            assert_ok!(link(HOSPITAL, id(100 + n), PATIENT));
        }
        register(HOSPITAL, DUPLICATE);
        assert_noop!(
            link(HOSPITAL, DUPLICATE, PATIENT),
            Refused::MaxLinksExceeded
        );
        assert_noop!(
            link(HOSPITAL, PATIENT, DUPLICATE),
            Refused::MaxLinksExceeded
        );
    });
}
