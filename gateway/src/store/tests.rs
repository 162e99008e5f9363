//! What needs to look inside a store. What it promises to others is in `tests/store.rs`.

use super::{
    database::write,
    documents::{context, KEY},
    seal::unseal,
    *,
};
use redb::ReadableTable;
use sp_core::H256;
use std::fs;
use tempfile::TempDir;

const CONTENT: &[u8] = br#"{"resourceType":"Observation","note":"remarkable"}"#;

fn key() -> StoreKey {
    StoreKey::from_hex(&"07".repeat(32)).unwrap()
}

fn open(folder: &TempDir) -> Store {
    Store::open(&folder.path().join("store"), key()).unwrap()
}

fn wrapped(store: &Store, commitment: &H256) -> [u8; WRAPPED] {
    let entry = store.read(|transaction| {
        let entry = transaction.open_table(KEYS)?.get(&commitment.0)?;
        Ok(entry.map(|entry| *entry.value()))
    });
    entry.unwrap().unwrap()
}

fn file(folder: &TempDir) -> Vec<u8> {
    fs::read(folder.path().join("store")).unwrap()
}

/// How many places in the file open as this document's key and salt.
fn openable(file: &[u8], commitment: &H256) -> usize {
    let context = context(KEY, commitment);
    let candidates = file.windows(WRAPPED).filter(|window| window[..8] != [0; 8]);
    candidates
        .filter(|window| unseal(key().bytes(), &context, window).is_some())
        .count()
}

/// Whether any eight bytes of it are in the file.
fn has_a_piece(file: &[u8], whole: &[u8]) -> bool {
    whole
        .chunks(8)
        .any(|piece| file.windows(8).any(|window| window == piece))
}

#[test]
fn nothing_that_opens_is_left_in_the_file_after_shredding() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let other = store.keep(b"{}").unwrap();
    let commitment = store.keep(CONTENT).unwrap();
    // Changes nearby leave copies of the entry in parts of the file that are no longer used.
    for _ in 0..8 {
        store.keep(b"{}").unwrap();
    }
    let entry = wrapped(&store, &commitment);
    assert!(openable(&file(&folder), &commitment) > 0);

    assert!(store.shred(&commitment).unwrap());
    drop(store);
    let after = file(&folder);
    assert_eq!(openable(&after, &commitment), 0);
    assert!(!has_a_piece(&after, &entry));
    // It is a store as before, and the search itself finds what is there.
    assert!(openable(&after, &other) > 0);
    let store = open(&folder);
    assert!(store.document(&commitment).unwrap().is_none());
    assert!(store.is_shredded(&commitment).unwrap());
    assert!(store.document(&other).unwrap().is_some());
}

#[test]
fn opening_finishes_a_shredding_that_was_cut_short() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let commitment = store.keep(CONTENT).unwrap();
    let entry = wrapped(&store, &commitment);
    assert_eq!(store.forget(&[commitment]).unwrap(), 1);
    // Gone for every reader, and not yet for whoever searches the file.
    assert!(store.document(&commitment).unwrap().is_none());
    assert!(store.is_shredded(&commitment).unwrap());
    assert!(openable(&file(&folder), &commitment) > 0);

    // A copy of the file as it is while the store is open is what a crash leaves.
    let path = folder.path().join("crashed");
    fs::write(&path, file(&folder)).unwrap();
    let store = Store::open(&path, key()).unwrap();
    assert!(!has_a_piece(&fs::read(&path).unwrap(), &entry));
    let notes = store.read(|transaction| {
        let notes = transaction.open_table(SCRUBBING)?.iter()?.count();
        Ok(notes)
    });
    assert_eq!(notes.unwrap(), 0);
    assert!(!store.shred(&commitment).unwrap());
    assert!(store.is_shredded(&commitment).unwrap());
}

#[test]
fn thousands_are_shredded_in_one_change_and_one_pass() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let kept = store.keep_all([CONTENT; 3000]).unwrap();
    let entry = wrapped(&store, &kept[1234]);
    let before = shredding::PASSES.get();
    assert_eq!(store.shred_all(&kept).unwrap(), 3000);
    assert_eq!(shredding::PASSES.get() - before, 1);
    // What is gone already, or never was here, is not looked for.
    assert_eq!(store.shred_all(&kept).unwrap(), 0);
    assert_eq!(store.shred_all(&[]).unwrap(), 0);
    assert_eq!(shredding::PASSES.get() - before, 1);
    drop(store);
    assert!(!has_a_piece(&file(&folder), &entry));
}

#[test]
fn what_was_answered_survives_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let gone = store.keep(b"{}").unwrap();
    let commitment = store.keep(CONTENT).unwrap();
    store.shred(&gone).unwrap();
    fs::write(folder.path().join("crashed"), file(&folder)).unwrap();
    let crashed = Store::open(&folder.path().join("crashed"), key()).unwrap();
    assert_eq!(
        crashed.document(&commitment).unwrap().unwrap().canonical,
        CONTENT
    );
    assert!(crashed.is_shredded(&gone).unwrap());
}

#[test]
fn an_entry_that_does_not_open_is_reported_and_not_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let [one, other] = [b"{}", b"[]"].map(|content| store.keep(content).unwrap());
    let entry = wrapped(&store, &other);
    let swapped = store.write(|transaction| {
        transaction.open_table(KEYS)?.insert(&one.0, &entry)?;
        Ok(())
    });
    swapped.unwrap();
    assert!(matches!(store.document(&one), Err(StoreError::Corrupt(_))));
    assert!(store.document(&other).unwrap().is_some());
}

#[test]
fn another_kind_of_database_is_not_taken_for_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    const FOREIGN: TableDefinition<u64, u64> = TableDefinition::new("meta");
    let database = Database::create(&path).unwrap();
    write(&database, |transaction| {
        transaction.open_table(FOREIGN)?.insert(1u64, 2u64)?;
        Ok(())
    })
    .unwrap();
    drop(database);
    assert!(matches!(
        Store::open(&path, key()),
        Err(StoreError::Foreign(_))
    ));
}
