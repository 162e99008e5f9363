//! Questions to the maker, and what a scanner is told.

use crate::{mock::*, types::*, Alerts, Error, Event, PendingVerifications, Verifications};
use axonic_primitives::{testing::NOT_STAFF, Refusal};
use frame_support::{assert_noop, assert_ok};

fn told(name: &str) -> Refusal {
    Refusal(name.into())
}

#[test]
fn request_verification_asks_the_owner_of_the_product() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let id = asked(PHARMACY, lot.claim(3));
        let (requester, responder) = (org_of(&PHARMACY), org_of(&MAKER));
        let event = Event::VerificationRequested {
            verification: id,
            requester,
            responder,
        };
        assert_eq!(last_event(), event);
        let stored = Verifications::<Test>::get(id).unwrap();
        assert_eq!((stored.requester, stored.responder), (requester, responder));
        assert_eq!(stored.pack.serial.as_str(), "LOT1.3");
        assert_eq!((stored.asked_at, stored.answer), (START, None));
        assert!(PendingVerifications::<Test>::contains_key(responder, id));
    });
}

#[test]
fn request_verification_fails_when_the_claim_is_wrong() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let good = || lot.claim(1);
        let refuse = |claim: PackClaim, error: Error<Test>| {
            assert_noop!(ask(PHARMACY, claim), error);
        };
        let gtin = MISTYPED;
        refuse(PackClaim { gtin, ..good() }, Error::InvalidGtin);
        let gtin = UNREGISTERED;
        refuse(PackClaim { gtin, ..good() }, Error::ProductNotFound);
        let serial = text("");
        refuse(PackClaim { serial, ..good() }, Error::InvalidSerial);
        let number = text("LOT 1");
        refuse(
            PackClaim {
                lot: number,
                ..good()
            },
            Error::InvalidLot,
        );
        let expiry = Some(day(2028, 0, 1));
        refuse(PackClaim { expiry, ..good() }, Error::InvalidDate);
        let refused = refusal(Error::PartnerNotAuthorized);
        assert_noop!(ask(HOSPITAL, good()), refused);
        assert_noop!(ask(STRANGER, good()), NOT_STAFF);
    });
}

#[test]
fn answer_verification_answers_once() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let id = asked(PHARMACY, lot.claim(3));
        pass(HOUR);
        let verified = VerificationAnswer::Verified;
        assert_ok!(answer(MAKER, id, verified));
        let event = Event::VerificationAnswered {
            verification: id,
            answer: verified,
        };
        assert_eq!(last_event(), event);
        let stored = Verifications::<Test>::get(id).unwrap();
        assert_eq!(stored.answer, Some((verified, START + HOUR)));
        assert_eq!(PendingVerifications::<Test>::iter().count(), 0);
        let again = answer(MAKER, id, VerificationAnswer::Unknown);
        assert_noop!(again, Error::<Test>::AlreadyAnswered);
    });
}

#[test]
fn answer_verification_fails_when_it_is_not_the_organisations_to_answer() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let id = asked(PHARMACY, lot.claim(3));
        let verified = VerificationAnswer::Verified;
        assert_noop!(answer(RIVAL, id, verified), Error::<Test>::NotResponder);
        assert_noop!(answer(PHARMACY, id, verified), Error::<Test>::NotResponder);
        let unknown = VerificationId(77);
        let refused = refusal(Error::VerificationNotFound);
        assert_noop!(answer(MAKER, unknown, verified), refused);
    });
}

#[test]
fn answer_verification_fails_when_it_was_answered_and_pruned() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let id = asked(PHARMACY, lot.claim(3));
        assert_ok!(answer(MAKER, id, VerificationAnswer::Verified));
        pass(RETENTION + 1);
        assert_ok!(prune(PHARMACY, [Prunable::Verification(id)]));
        let again = answer(MAKER, id, VerificationAnswer::Unknown);
        assert_noop!(again, Error::<Test>::VerificationNotPending);
    });
}

#[test]
fn overdue_verifications_are_those_that_wait_for_more_than_a_day() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let first = asked(PHARMACY, lot.claim(1));
        pass(HOUR);
        let second = asked(PHARMACY, lot.claim(2));
        let answered = asked(PHARMACY, lot.claim(3));
        assert_ok!(answer(MAKER, answered, VerificationAnswer::Verified));
        let overdue = || {
            let found = Provenance::overdue_of(org_of(&MAKER), None, MAX_PAGE);
            found
                .into_iter()
                .map(|info| (info.id, info.due))
                .collect::<Vec<_>>()
        };
        assert!(overdue().is_empty());
        Now::set(START + DAY);
        assert!(overdue().is_empty(), "it has until the last instant");
        Now::set(START + DAY + 1);
        assert_eq!(overdue(), [(first, START + DAY)]);
        pass(DAY);
        let mut both = overdue();
        both.sort();
        assert_eq!(both, [(first, START + DAY), (second, START + HOUR + DAY)]);
        // Page by page, from the first to the last.
        let page = |after| -> Vec<_> {
            let found = Provenance::overdue_of(org_of(&MAKER), after, 1);
            found.into_iter().map(|info| info.id).collect()
        };
        assert_eq!(page(None), [first]);
        assert_eq!(page(Some(first)), [second]);
        assert!(page(Some(second)).is_empty());
        assert!(Provenance::overdue_of(org_of(&RIVAL), None, MAX_PAGE).is_empty());
        // Late is better than never.
        assert_ok!(answer(MAKER, first, VerificationAnswer::Unknown));
        assert_eq!(overdue(), [(second, START + HOUR + DAY)]);
    });
}

#[test]
fn verify_pack_tells_what_a_pack_is() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let (claim, proof) = (lot.claim(3), lot.proof(3));
        let scanned = element_string(&claim);
        let answer = Provenance::verify_scan(scanned.as_bytes(), proof.as_ref()).unwrap();
        assert_eq!(answer.verdict, Verdict::Authentic);
        assert_eq!(answer.pack.serial.as_str(), "LOT1.3");
        assert_eq!((answer.lot, answer.index), (Some(lot.id), Some(3)));
        assert_eq!(answer.disposition, Some(Disposition::Active));
        assert_eq!(answer.custodian, Some(org_of(&PHARMACY)));
    });
}

#[test]
fn verify_pack_says_of_an_open_pack_first_what_is_against_its_content() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(dispense_part(PHARMACIST, &lot, 1));
        assert_ok!(dispense_part(PHARMACIST, &lot, 2));
        assert_eq!(lot.scan(1), Verdict::PartiallyDispensed);
        assert_ok!(suspect(PHARMACY, lot.pack(1)));
        assert_eq!(lot.scan(1), Verdict::Suspect);
        assert_eq!(lot.scan(2), Verdict::PartiallyDispensed);
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        assert_eq!(lot.scan(1), Verdict::Suspect);
        assert_eq!(lot.scan(2), Verdict::Recalled);
    });
}

#[test]
fn verify_pack_reads_barcodes_and_web_addresses() {
    build_and_execute(|| {
        let lot = list("LOT1", 10);
        let forms = [
            "(01)09506000134352(10)LOT1(21)LOT1.3",
            "(01)09506000134352(17)281231(10)LOT1(21)LOT1.3",
            "010950600013435210LOT1\u{1d}21LOT1.3",
            "]d201095060001343521728123121LOT1.3\u{1d}10LOT1",
            "https://id.gs1.org/01/09506000134352/10/LOT1/21/LOT1.3",
            "https://maker.example/m/01/09506000134352/10/LOT1/21/LOT1.3?17=281231",
        ];
        for form in forms {
            let answer = Provenance::verify_scan(form.as_bytes(), None);
            let answer = answer.unwrap_or_else(|refused| panic!("{form}: {refused:?}"));
            assert_eq!(answer.verdict, Verdict::Authentic, "{form}");
            assert_eq!(answer.index, Some(3));
        }
        assert_eq!(lot.scan(3), Verdict::Authentic);
    });
}

#[test]
fn verify_pack_refuses_what_it_cannot_read() {
    build_and_execute(|| {
        let refused = |scan: &[u8]| Provenance::verify_scan(scan, None).unwrap_err();
        for scan in [
            &b""[..],
            b"hello",
            b"\xff\xfe",
            b"(01",
            b"https://example.com/",
        ] {
            assert_eq!(refused(scan), told("ScanUnreadable"), "{scan:?}");
        }
        let misprinted = b"(01)09506000134353(10)LOT1(21)LOT1.3";
        assert_eq!(refused(misprinted), told("InvalidGtin"));
        let incomplete = [
            "(01)09506000134352",
            "(01)09506000134352(21)LOT1.3",
            "(01)09506000134352(10)LOT1",
            "(10)LOT1(21)LOT1.3",
            "(00)006141411234567890",
        ];
        for scan in incomplete {
            assert_eq!(refused(scan.as_bytes()), told("ScanIncomplete"), "{scan}");
        }
    });
}

#[test]
fn verify_pack_says_unknown_when_nobody_commissioned_it() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let good = || lot.claim(1);
        let gtin = UNREGISTERED;
        assert_eq!(scan(&PackClaim { gtin, ..good() }, None), Verdict::Unknown);
        let number = text("LOT9");
        let elsewhere = PackClaim {
            lot: number,
            ..good()
        };
        assert_eq!(scan(&elsewhere, None), Verdict::Unknown);
        assert_eq!(scan(&good(), lot.proof(2)), Verdict::NotProven);
        let listed = list("LOT2", 10);
        let serial = text("MADE.UP");
        let made_up = PackClaim {
            serial,
            ..listed.claim(1)
        };
        assert_eq!(scan(&made_up, None), Verdict::Unknown);
    });
}

#[test]
fn verify_pack_says_mismatch_when_it_belongs_elsewhere() {
    build_and_execute(|| {
        let (lot, other) = (list("LOT1", 10), list("LOT2", 10));
        let wrong_lot = PackClaim {
            lot: other.number,
            ..lot.claim(1)
        };
        assert_eq!(scan(&wrong_lot, None), Verdict::Mismatch);
        let no_such_lot = PackClaim {
            lot: text("LOT9"),
            ..lot.claim(1)
        };
        assert_eq!(scan(&no_such_lot, None), Verdict::Mismatch);
        let expiry = Some(day(2029, 12, 31));
        let wrong_day = PackClaim {
            expiry,
            ..lot.claim(1)
        };
        assert_eq!(scan(&wrong_day, None), Verdict::Mismatch);
        let expiry = Some(EXPIRY);
        let right_day = PackClaim {
            expiry,
            ..lot.claim(1)
        };
        assert_eq!(scan(&right_day, None), Verdict::Authentic);
    });
}

#[test]
fn verify_pack_says_unproven_when_a_proof_is_missing() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_eq!(scan(&lot.claim(1), None), Verdict::Unproven);
        assert_eq!(scan(&lot.claim(1), lot.proof(1)), Verdict::Authentic);
        // Once it is on chain, nobody needs a proof.
        assert_ok!(dispense(PHARMACIST, &lot, 1));
        assert_eq!(scan(&lot.claim(1), None), Verdict::Dispensed);
        assert_ok!(undo(PHARMACIST, &lot, 1));
        assert_eq!(scan(&lot.claim(1), None), Verdict::Authentic);
    });
}

#[test]
fn verify_pack_tells_every_fate() {
    build_and_execute(|| {
        let lot = commission("LOT1", 70);
        let fates = [
            (DecommissionReason::Exported, Verdict::Exported),
            (DecommissionReason::Sampled, Verdict::Sampled),
            (DecommissionReason::Destroyed, Verdict::Destroyed),
            (DecommissionReason::ForDestruction, Verdict::Destroyed),
            (DecommissionReason::Other, Verdict::Decommissioned),
        ];
        for (index, (reason, verdict)) in (0..).zip(fates) {
            assert_ok!(decommission(MAKER, [lot.pack(index)], reason));
            assert_eq!(lot.scan(index), verdict);
        }
        assert_ok!(report_stolen(MAKER, [lot.pack(10)]));
        assert_eq!(lot.scan(10), Verdict::Stolen);
        let output = listed_draft(SYRUP, "NEW1", 1);
        assert_ok!(transform(MAKER, [lot.pack(11)], output));
        assert_eq!(lot.scan(11), Verdict::Transformed);
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        assert_eq!(
            lot.scan(10),
            Verdict::Stolen,
            "a fate comes before a recall"
        );
        assert_eq!(lot.scan(12), Verdict::Recalled);
    });
}

#[test]
fn verify_pack_says_expired_after_the_last_day() {
    build_and_execute(|| {
        let (draft, tree) = rooted_draft(MEDICINE, "LOT1", 10);
        let expiry = day(2026, 1, 10);
        let lot = commissioned_by(MAKER, (LotDraft { expiry, ..draft }, tree));
        Now::set(START + 10 * DAY - 1);
        assert_eq!(lot.scan(0), Verdict::Authentic);
        pass(1);
        assert_eq!(lot.scan(0), Verdict::Expired);
        assert_eq!(scan(&lot.claim(0), None), Verdict::Expired);
        assert_ok!(quarantine(MAKER, &lot));
        assert_eq!(lot.scan(0), Verdict::Quarantined);
        assert_ok!(suspect(MAKER, lot.pack(0)));
        assert_eq!(lot.scan(0), Verdict::Suspect);
    });
}

#[test]
fn raise_alert_records_what_the_scanner_was_told() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(dispense(PHARMACIST, &lot, 1));
        pass(DAY);
        assert_ok!(alert(DRUGGIST, lot.claim(1), lot.proof(1)));
        let Event::AlertRaised {
            alert: id,
            org,
            verdict,
        } = last_event()
        else {
            panic!("no alert")
        };
        assert_eq!((org, verdict), (org_of(&DRUGGIST), Verdict::Dispensed));
        let stored = Alerts::<Test>::get(id).unwrap();
        assert_eq!((stored.org, stored.verdict), (org, verdict));
        assert_eq!(stored.pack.serial.as_str(), "LOT1.1");
        assert_eq!((stored.site, stored.at), (site_of(&DRUGGIST), START + DAY));
    });
}

#[test]
fn raise_alert_is_possible_for_packs_that_never_were() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let counterfeit = PackClaim {
            gtin: UNREGISTERED,
            ..lot.claim(1)
        };
        assert_ok!(alert(PHARMACIST, counterfeit, None));
        let Event::AlertRaised { verdict, .. } = last_event() else {
            panic!("no alert")
        };
        assert_eq!(verdict, Verdict::Unknown);
    });
}

#[test]
fn raise_alert_fails_when_nothing_is_wrong_or_nothing_is_shown() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let refused = refusal(Error::NothingToAlert);
        assert_noop!(alert(PHARMACIST, lot.claim(1), lot.proof(1)), refused);
        assert_noop!(alert(PHARMACIST, lot.claim(1), None), refused);
        let gtin = MISTYPED;
        let misread = PackClaim {
            gtin,
            ..lot.claim(1)
        };
        assert_noop!(alert(PHARMACIST, misread, None), Error::<Test>::InvalidGtin);
    });
}

#[test]
fn raise_alert_checks_where_and_when() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(dispense(PHARMACIST, &lot, 1));
        let attempt = |occurrence| {
            let call = crate::Call::raise_alert {
                pack: lot.claim(1),
                proof: None,
                occurrence,
            };
            act(PHARMACIST, call)
        };
        assert_noop!(attempt(at(NOWHERE)), Error::<Test>::SiteNotFound);
        let time = Now::get() + 1;
        let early = Occurrence {
            time,
            ..here(&PHARMACIST)
        };
        assert_noop!(attempt(early), Error::<Test>::EventTimeInFuture);
        assert_ok!(attempt(here(&PHARMACIST)));
    });
}
