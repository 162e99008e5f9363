//! Random journeys: whatever people do, the invariants hold, what readers are shown is what the
//! events tell, nothing is logged but what the gate answered, and nothing goes before its time.

use crate::{mock::*, types::*, AccessLogHeads, Entries, Event, Pallet, MAX_PAGE, RETENTION};
use axonic_primitives::{
    consent::{Basis, ConsentGate, Denial, Scope},
    patients::{Patients, Standing},
    testing::Doubles,
    AccountId, BreakGlassId, ConsentId, OrgId, PatientId, Refusal,
};
use proptest::prelude::*;
use sp_core::H256;
use std::collections::BTreeMap;

const PEOPLE: [(PatientId, AccountId); 4] = [
    (PATIENT, PATIENT_KEY),
    (OTHER_PATIENT, OTHER_PATIENT_KEY),
    (PatientId(H256::repeat_byte(3)), AccountId::new([53; 32])),
    (PatientId(H256::repeat_byte(4)), AccountId::new([54; 32])),
];
const ORGS: [OrgId; 3] = [HOSPITAL, CLINIC, PAYER];

/// What somebody does next. Numbers pick among who and what there is.
#[derive(Clone, Debug)]
enum Deed {
    Disclose(u8, u8, u8, bool),
    DiscloseMany(u8, Vec<(u8, u8)>, bool),
    ReportRefusal(u8, u8, u8),
    Anchor(u8, u8, u8),
    Contest(u8, u8, u8),
    Answer(u8, u8, u8),
    Prune(u8, u8),
    Consent(u8, u8, u8),
    Merge(bool),
    Wait(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = || any::<u8>();
    let items = proptest::collection::vec((any::<u8>(), any::<u8>()), 0..6);
    prop_oneof![
        6 => (who(), who(), who(), any::<bool>())
            .prop_map(|(by, patient, to, met)| Deed::Disclose(by, patient, to, met)),
        2 => (who(), items, any::<bool>())
            .prop_map(|(by, items, met)| Deed::DiscloseMany(by, items, met)),
        3 => (who(), who(), who())
            .prop_map(|(by, patient, to)| Deed::ReportRefusal(by, patient, to)),
        2 => (who(), who(), who())
            .prop_map(|(by, pause, length)| Deed::Anchor(by, pause, length)),
        2 => (who(), who(), who())
            .prop_map(|(key, patient, pick)| Deed::Contest(key, patient, pick)),
        3 => (who(), who(), who())
            .prop_map(|(by, patient, pick)| Deed::Answer(by, patient, pick)),
        2 => (who(), who()).prop_map(|(patient, limit)| Deed::Prune(patient, limit)),
        3 => (who(), who(), who())
            .prop_map(|(patient, to, answer)| Deed::Consent(patient, to, answer)),
        1 => any::<bool>().prop_map(Deed::Merge),
        2 => (0..60u8).prop_map(Deed::Wait),
    ]
}

fn nth<T: Clone>(all: &[T], pick: u8) -> T {
    all[usize::from(pick) % all.len()].clone()
}

fn patient(pick: u8) -> PatientId {
    nth(&PEOPLE, pick).0
}

/// Two who may disclose and one who may not.
fn staff(pick: u8) -> AccountId {
    nth(&[CLERK, CLINIC_STAFF, DOCTOR], pick)
}

/// Some kept entry, if there is one.
fn entry_of(patient: PatientId, pick: u8) -> u64 {
    let log = Audit::log(&patient);
    log.first + u64::from(pick) % (log.next - log.first).max(1)
}

/// The gate's next answer about a patient and a recipient.
fn answer_of_the_gate(patient: PatientId, to: OrgId, pick: u8) {
    let id = H256::repeat_byte(pick);
    match pick % 8 {
        0 | 1 => Doubles::permit(patient, to, BASIS, false),
        2 => Doubles::permit(patient, to, BASIS, true),
        3 => Doubles::permit(patient, to, Basis::BreakGlass(BreakGlassId(id)), false),
        4 => Doubles::permit(patient, to, Basis::Default(Scope::Treatment), false),
        5 => Doubles::deny(patient, to, Denial::NoConsent),
        6 => Doubles::deny(patient, to, Denial::ConsentDenies(ConsentId(id))),
        _ => Doubles::deny(patient, to, Denial::PatientNotActive),
    }
}

/// Does it, whether or not it is allowed. What `disclose` does is what readers were told.
fn perform(deed: Deed) {
    match deed {
        Deed::Disclose(by, of, to, met) => {
            let (who, of, disclosure) = (staff(by), patient(of), disclosure(nth(&ORGS, to)));
            let told = Audit::explain_disclose(who.clone(), of, disclosure.clone(), met);
            let done = Audit::disclose(signed(who), of, Box::new(disclosure), met);
            match (told, done) {
                (Ok(told), Ok(_)) => {
                    let Permitted {
                        patient,
                        basis,
                        conditional,
                    } = told;
                    let outcome = Outcome::Disclosed { basis, conditional };
                    let log = Audit::log(&patient);
                    let entry = Entries::<Test>::get(patient, log.next - 1).unwrap();
                    assert_eq!(entry.outcome, outcome);
                }
                (Err(told), Err(done)) => assert_eq!(told, Refusal::from(done.error)),
                (told, done) => panic!("told {told:?} but did {done:?}"),
            }
        }
        Deed::DiscloseMany(by, items, obligations_met) => {
            let items = items.into_iter().map(|(of, to)| DisclosureItem {
                obligations_met,
                ..item(patient(of), nth(&ORGS, to))
            });
            let _ = Audit::disclose_many(signed(staff(by)), items.collect());
        }
        Deed::ReportRefusal(by, of, to) => {
            let _ = report_refusal(staff(by), patient(of), nth(&ORGS, to));
        }
        Deed::Anchor(by, pause, length) => {
            let org = if by % 2 == 0 { HOSPITAL } else { CLINIC };
            let last = AccessLogHeads::<Test>::get(org).map(|head| head.last_at);
            let first_at = last.unwrap_or(Now::get() - 10 * DAY) + u64::from(pause) * HOUR;
            let last_at = first_at + u64::from(length) * HOUR;
            let root = H256::repeat_byte(1 + pause % 9);
            let _ = Audit::anchor_access_log(signed(staff(by % 2)), root, 9, first_at, last_at);
        }
        Deed::Contest(key, of, pick) => {
            let (of, key) = (patient(of), nth(&PEOPLE, key).1);
            let _ = Audit::contest(signed(key), of, entry_of(of, pick));
        }
        Deed::Answer(by, of, pick) => {
            let officer = nth(&[PRIVACY_OFFICER, CLINIC_STAFF, CLERK], by);
            let (of, finding) = (patient(of), Finding::Justified);
            let sequence = entry_of(of, pick);
            let _ = Audit::answer_contest(signed(officer), of, sequence, finding, EXPLANATION);
        }
        Deed::Prune(of, limit) => {
            let _ = Audit::prune(signed(STRANGER), patient(of), u32::from(limit) % 70);
        }
        Deed::Consent(of, to, answer) => answer_of_the_gate(patient(of), nth(&ORGS, to), answer),
        Deed::Merge(together) => {
            let (into, from) = (PEOPLE[2].0, PEOPLE[3].0);
            let standing = Standing {
                canonical: if together { into } else { from },
                active: true,
            };
            Doubles::set_standing(from, standing);
        }
        Deed::Wait(days) => Now::advance(u64::from(days) * DAY),
    }
}

/// What an indexer knows that only ever saw events.
#[derive(Default)]
struct Replay {
    rows: BTreeMap<(PatientId, u64), DisclosureInfo>,
    logs: BTreeMap<PatientId, Log>,
    batches: BTreeMap<(OrgId, u32), AccessLogBatch>,
}

impl Replay {
    /// Takes in the events of the last deed, and clears them.
    fn catch_up(&mut self) {
        for event in System::read_events_for_pallet::<Event<Test>>() {
            self.take(event);
        }
        System::reset_events();
    }

    fn take(&mut self, event: Event<Test>) {
        match event {
            Event::Disclosed { patient, entry } | Event::AttemptRefused { patient, entry } => {
                assert_is_what_the_gate_says(&patient, &entry);
                let log = self
                    .logs
                    .entry(patient)
                    .or_insert_with(|| Log::new(&patient));
                assert_eq!(entry.sequence, log.next, "a log has no gaps");
                *log = log.with(&entry).unwrap();
                let row = DisclosureInfo {
                    patient,
                    entry,
                    contest: None,
                };
                self.rows.insert((patient, row.entry.sequence), row);
            }
            Event::AccessLogAnchored {
                org,
                sequence,
                batch,
            } => {
                let previous = self.batches.range((org, 0)..(org, u32::MAX)).next_back();
                if let Some((_, previous)) = previous {
                    assert!(previous.last_at < batch.first_at);
                }
                assert_eq!(self.batches.insert((org, sequence), batch), None);
            }
            Event::Contested {
                patient,
                sequence,
                custodian,
                by,
                contested_at,
            } => {
                let row = self.rows.get_mut(&(patient, sequence)).unwrap();
                assert_eq!((row.entry.custodian, &row.contest), (custodian, &None));
                row.contest = Some(Contest {
                    by,
                    contested_at,
                    answer: None,
                });
            }
            Event::ContestAnswered {
                patient,
                sequence,
                answer,
            } => {
                let row = self.rows.get_mut(&(patient, sequence)).unwrap();
                let contest = row.contest.as_mut().unwrap();
                assert_eq!(contest.answer.replace(answer), None);
            }
            Event::Pruned {
                patient,
                first,
                base,
            } => {
                let log = self.logs.get_mut(&patient).unwrap();
                while log.first < first {
                    let row = self.rows.remove(&(patient, log.first)).unwrap();
                    assert_is_old_enough(&row);
                    *log = log.without_oldest(&row.entry);
                }
                assert_eq!(log.base, base);
            }
            other => panic!("unknown event {other:?}"),
        }
    }

    /// That readers are shown exactly what the events told.
    fn assert_shown(&self) {
        for (patient, _) in PEOPLE {
            let canonical = Doubles::resolve(&patient).unwrap();
            let identities = Doubles::identities(&canonical);
            let rows: Vec<_> = identities
                .iter()
                .flat_map(|id| self.rows.range((*id, 0)..=(*id, u64::MAX)))
                .map(|(_, row)| row.clone())
                .collect();
            let (from, to) = (Now::get() - 800 * DAY, Now::get() - 100 * DAY);
            let of_period = |row: &&DisclosureInfo| (from..to).contains(&row.entry.at);
            let some: Vec<_> = rows.iter().filter(of_period).cloned().collect();
            assert_eq!(accounting_in_pages(patient, None, None), rows);
            assert_eq!(accounting_in_pages(patient, Some(from), Some(to)), some);

            let logs = identities.iter().filter_map(|id| {
                let log = self.logs.get(id)?;
                Some(LogInfo {
                    patient: *id,
                    first: log.first,
                    next: log.next,
                    base: log.base,
                    head: log.head,
                })
            });
            assert_eq!(Audit::logs_of(patient), Ok(logs.collect()));
        }
        for org in ORGS {
            self.assert_shown_of(org);
        }
    }

    fn assert_shown_of(&self, org: OrgId) {
        let mut own: Vec<_> = self
            .rows
            .values()
            .filter(|row| row.entry.custodian == org)
            .cloned()
            .collect();
        own.sort_by_key(|row| row.entry.custodian_sequence);
        let shown = pages(
            |after| Audit::disclosures_by(org, after, 17).unwrap(),
            |row| row.entry.custodian_sequence,
        );
        assert_eq!(shown, own);

        let unanswered = own.iter().filter(|row| {
            let contest = row.contest.as_ref();
            contest.is_some_and(|contest| contest.answer.is_none())
        });
        let mut unanswered: Vec<_> = unanswered
            .map(|row| (row.patient, row.entry.sequence))
            .collect();
        unanswered.sort();
        let open = pages(
            |after| Audit::contests_open(org, after, 3).unwrap(),
            |info| (info.patient, info.sequence),
        );
        let mut open: Vec<_> = open
            .into_iter()
            .map(|info| (info.patient, info.sequence))
            .collect();
        open.sort();
        assert_eq!(open, unanswered);

        let batches: Vec<_> = self
            .batches
            .range((org, 0)..(org, u32::MAX))
            .map(|((_, sequence), batch)| (*sequence, *batch))
            .collect();
        let shown: Vec<_> = pages(
            |after| Audit::access_logs_of(org, after, MAX_PAGE).unwrap(),
            |info| info.sequence,
        )
        .into_iter()
        .map(|info| (info.sequence, info.batch))
        .collect();
        assert_eq!(shown, batches);
    }
}

/// Nobody can say what an entry rests on: it is what the gate answers to the same question.
fn assert_is_what_the_gate_says(patient: &PatientId, entry: &Entry) {
    let query = disclosure(entry.recipient)
        .question(entry.custodian)
        .unwrap();
    match (entry.outcome, TestGate::authorize(patient, &query)) {
        (Outcome::Disclosed { basis, conditional }, Ok(receipt)) => {
            assert_eq!((basis, conditional), (receipt.basis, receipt.conditional));
            assert_eq!(Doubles::resolve(patient), Some(receipt.patient));
        }
        (Outcome::Refused(logged), Err(refused)) => assert_eq!(logged, refused.denial),
        (outcome, answer) => panic!("{outcome:?} was logged but the gate says {answer:?}"),
    }
}

fn assert_is_old_enough(row: &DisclosureInfo) {
    let now = Now::get();
    assert!(row.entry.at + RETENTION <= now, "an entry went too early");
    if let Some(contest) = &row.contest {
        let answered_at = contest.answer.as_ref().map(|answer| answer.answered_at);
        let last = answered_at.unwrap_or(contest.contested_at);
        assert!(
            last + RETENTION <= now,
            "a question or answer went too early"
        );
    }
}

/// Every row, read in pages.
fn pages<Row, Place>(
    read: impl Fn(Option<Place>) -> Vec<Row>,
    place: impl Fn(&Row) -> Place,
) -> Vec<Row> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = read(after.take());
        let Some(last) = page.last() else {
            return all;
        };
        after = Some(place(last));
        all.extend(page);
    }
}

fn accounting_in_pages(
    patient: PatientId,
    from: Option<u64>,
    to: Option<u64>,
) -> Vec<DisclosureInfo> {
    pages(
        |after| Audit::accounting_of_disclosures(patient, from, to, after, 17).unwrap(),
        |row| (row.patient, row.entry.sequence),
    )
}

/// Lives through the deeds, and looks at everything each `every` of them.
fn live(deeds: Vec<Deed>, every: usize) {
    build_and_execute(|| {
        for (patient, key) in PEOPLE {
            Doubles::register(patient, key);
        }
        let mut replay = Replay::default();
        for (number, deed) in (1..).zip(deeds) {
            perform(deed);
            replay.catch_up();
            if number % every == 0 {
                Pallet::<Test>::do_try_state().expect("every invariant holds");
                replay.assert_shown();
            }
        }
        replay.assert_shown();
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn invariants_hold_after_every_deed(deeds in proptest::collection::vec(deed(), 1..100)) {
        live(deeds, 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 64, ..Default::default() })]

    #[test]
    fn accounting_equals_a_replay_of_the_events_of_ten_thousand_deeds(
        deeds in proptest::collection::vec(deed(), 10_000),
    ) {
        live(deeds, 500);
    }
}
