//! What a store promises, against files on a disk.

use axonic_gateway::store::{commitment, BatchRef, Store, StoreError, StoreKey};
use axonic_primitives::{
    merkle::{self, LeafKind},
    BatchId, OrgId, RecordId,
};
use sp_core::H256;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

const CONTENT: &[u8] = br#"{"note":"remarkable","resourceType":"Observation"}"#;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.redb");
    (folder, path)
}

fn key(digits: &str) -> StoreKey {
    StoreKey::from_hex(&digits.repeat(32)).unwrap()
}

fn open(path: &Path) -> Store {
    Store::open(path, key("07")).unwrap()
}

fn refused(path: &Path) -> StoreError {
    Store::open(path, key("07")).err().expect("to be refused")
}

#[test]
fn a_document_comes_back_as_it_was_kept_with_the_salt_of_its_commitment() {
    let (_folder, path) = folder();
    let store = open(&path);
    let kept = store.keep(CONTENT).unwrap();
    drop(store);

    let store = open(&path);
    let document = store.document(&kept).unwrap().unwrap();
    assert_eq!(document.canonical, CONTENT);
    assert_eq!(commitment(&document.salt, CONTENT), kept);
    assert!(store.document(&H256::zero()).unwrap().is_none());
    assert!(!store.is_shredded(&kept).unwrap());
}

#[test]
fn the_same_document_has_another_commitment_each_time() {
    let (_folder, path) = folder();
    let store = open(&path);
    let commitments = store.keep_all([CONTENT, CONTENT, b""]).unwrap();
    assert_ne!(commitments[0], commitments[1]);
    for (commitment, content) in commitments.iter().zip([CONTENT, CONTENT, b""]) {
        let document = store.document(commitment).unwrap().unwrap();
        assert_eq!(document.canonical, content);
    }
}

#[test]
fn documents_of_any_size_are_kept() {
    let (_folder, path) = folder();
    let store = open(&path);
    for size in [1, 4096, 1024 * 1024] {
        let content = vec![b'x'; size];
        let kept = store.keep(&content).unwrap();
        assert_eq!(store.document(&kept).unwrap().unwrap().canonical, content);
    }
}

#[test]
fn the_file_shows_neither_documents_nor_salts_nor_the_key() {
    let (_folder, path) = folder();
    let store = open(&path);
    let kept = store.keep(CONTENT).unwrap();
    let salt = store.document(&kept).unwrap().unwrap().salt;
    drop(store);
    let file = fs::read(&path).unwrap();
    let shows = |what: &[u8]| file.windows(what.len()).any(|window| window == what);
    assert!(shows(kept.as_bytes()));
    assert!(!shows(b"remarkable"));
    assert!(!shows(salt.as_bytes()));
    assert!(!shows(&[7; 32]));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = folder();
    drop(open(&path));
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn another_key_is_refused_and_changes_nothing() {
    let (_folder, path) = folder();
    let store = open(&path);
    let kept = store.keep(CONTENT).unwrap();
    drop(store);
    let told = Store::open(&path, key("08")).err().unwrap();
    assert!(matches!(told, StoreError::WrongKey(_)), "{told}");
    assert!(open(&path).document(&kept).unwrap().is_some());
}

#[test]
fn a_store_that_is_open_is_refused_until_it_is_closed() {
    let (_folder, path) = folder();
    let store = open(&path);
    let told = refused(&path);
    assert!(matches!(told, StoreError::Locked(_)), "{told}");
    drop(store);
    drop(open(&path));
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    for content in [&b"x"[..], &[b'x'; 10_000]] {
        fs::write(&path, content).unwrap();
        let told = refused(&path);
        assert!(matches!(told, StoreError::Foreign(_)), "{told}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_place_where_no_file_can_be_is_told() {
    let (folder, _) = folder();
    for path in [folder.path().into(), folder.path().join("no/such/store")] {
        let told = refused(&path);
        assert!(matches!(told, StoreError::Unreadable { .. }), "{told}");
    }
}

#[test]
fn a_damaged_file_is_refused_and_not_trusted() {
    let (_folder, path) = folder();
    let store = open(&path);
    for _ in 0..20 {
        store.keep(&[b'x'; 3000]).unwrap();
    }
    drop(store);
    let whole = fs::read(&path).unwrap();

    // Everything behind the first page, which has the database's header.
    let mut scribbled = whole.clone();
    scribbled[4096..].fill(0x55);
    let cut = whole[..whole.len() / 2].to_vec();
    for damaged in [scribbled, cut] {
        fs::write(&path, damaged).unwrap();
        let told = refused(&path);
        assert!(matches!(told, StoreError::Corrupt(_)), "{told}");
    }
    fs::write(&path, whole).unwrap();
    drop(open(&path));
}

#[test]
fn what_is_shredded_does_not_come_back() {
    let (_folder, path) = folder();
    let store = open(&path);
    let [gone, stays] = [CONTENT, CONTENT].map(|content| store.keep(content).unwrap());
    assert!(store.shred(&gone).unwrap());
    assert!(!store.shred(&gone).unwrap());
    assert!(!store.shred(&H256::zero()).unwrap());
    for store in [store, open_after(&path)] {
        assert!(store.document(&gone).unwrap().is_none());
        assert!(store.is_shredded(&gone).unwrap());
        assert!(!store.is_shredded(&H256::zero()).unwrap());
        assert!(store.document(&stays).unwrap().is_some());
    }
}

/// A copy of the store as a crash would leave it now.
fn open_after(path: &Path) -> Store {
    let copy = path.with_extension("copy");
    fs::copy(path, &copy).unwrap();
    open(&copy)
}

#[test]
fn shredding_many_spares_the_others() {
    let (_folder, path) = folder();
    let store = open(&path);
    let kept = store.keep_all([CONTENT; 300]).unwrap();
    let (gone, stay) = kept.split_at(150);
    assert_eq!(store.shred_all(gone).unwrap(), 150);
    drop(store);
    let store = open(&path);
    assert!(gone
        .iter()
        .all(|one| store.document(one).unwrap().is_none()));
    assert!(stay
        .iter()
        .all(|one| store.document(one).unwrap().is_some()));
}

#[test]
fn a_batch_is_kept_in_its_order_and_proves_what_is_in_it() {
    let (_folder, path) = folder();
    let store = open(&path);
    let leaves: Vec<_> = (1..=5).map(H256::repeat_byte).collect();
    let records = BatchRef::Records(BatchId(H256::repeat_byte(9)));
    let log = |sequence| BatchRef::AccessLog {
        org: OrgId(1),
        sequence,
    };
    store
        .keep_batch(records, LeafKind::Record, &leaves)
        .unwrap();
    store
        .keep_batch(log(0), LeafKind::Access, &leaves[..2])
        .unwrap();
    drop(store);

    let store = open(&path);
    assert_eq!(store.batch(&records).unwrap(), Some(leaves.clone()));
    assert_eq!(store.batch(&log(0)).unwrap(), Some(leaves[..2].to_vec()));
    assert_eq!(store.batch(&log(1)).unwrap(), None);

    let root = merkle::root(LeafKind::Record, &leaves);
    let proof = store.prove(&records, &leaves[3]).unwrap().unwrap();
    assert!(proof.verify(LeafKind::Record, &root, &leaves[3]));
    let root = merkle::root(LeafKind::Access, &leaves[..2]);
    let proof = store.prove(&log(0), &leaves[1]).unwrap().unwrap();
    assert!(proof.verify(LeafKind::Access, &root, &leaves[1]));
    assert_eq!(store.prove(&log(0), &leaves[3]).unwrap(), None);
    assert_eq!(store.prove(&log(1), &leaves[0]).unwrap(), None);
}

#[test]
fn the_versions_of_a_record_are_noted_once_each_and_stay_noted() {
    let (_folder, path) = folder();
    let store = open(&path);
    let record = RecordId(H256::repeat_byte(1));
    let kept = store.keep_all([CONTENT, CONTENT]).unwrap();
    assert_eq!(store.linked(record).unwrap(), []);
    store.link(record, &kept[..1]).unwrap();
    store.link(record, &kept).unwrap();
    store.shred_all(&kept).unwrap();
    drop(store);
    assert_eq!(open(&path).linked(record).unwrap(), kept);
}

#[test]
fn a_document_may_come_with_the_salt_that_it_was_committed_to_with() {
    let (_folder, path) = folder();
    let store = open(&path);
    let salt = H256::repeat_byte(3);
    let kept = store
        .keep_salted([(CONTENT, Some(salt)), (CONTENT, None)])
        .unwrap();
    assert_eq!(kept[0], commitment(&salt, CONTENT));
    assert_eq!(store.document(&kept[0]).unwrap().unwrap().salt, salt);
    assert_ne!(store.document(&kept[1]).unwrap().unwrap().salt, salt);
}

#[test]
fn what_was_never_here_is_told_from_what_was_shredded() {
    let (_folder, path) = folder();
    let store = open(&path);
    let kept = store.keep_all([CONTENT, CONTENT]).unwrap();
    store.shred(&kept[0]).unwrap();
    let stranger = H256::repeat_byte(1);
    let asked = [kept[0], stranger, kept[1]];
    assert_eq!(store.unknown(&asked).unwrap(), [stranger]);
}

#[test]
fn a_batch_is_found_by_its_root_until_it_is_named() {
    let (_folder, path) = folder();
    let store = open(&path);
    let leaves: Vec<_> = (1..=5).map(H256::repeat_byte).collect();
    let root = merkle::root(LeafKind::Access, &leaves);
    let by_root = BatchRef::Root(root);
    store
        .keep_batch(by_root, LeafKind::Access, &leaves)
        .unwrap();
    drop(store);

    // A crash before the chain's answer leaves the order of the leaves.
    let store = open(&path);
    let proof = store.prove(&by_root, &leaves[4]).unwrap().unwrap();
    assert!(proof.verify(LeafKind::Access, &root, &leaves[4]));
    let named = BatchRef::AccessLog {
        org: OrgId(1),
        sequence: 0,
    };
    store.name_batch(root, named).unwrap();
    assert_eq!(store.batch(&by_root).unwrap(), None);
    assert_eq!(store.batch(&named).unwrap(), Some(leaves));
    // What is not there is not named, and takes nothing away.
    store.name_batch(root, named).unwrap();
    assert!(store.batch(&named).unwrap().is_some());
    store.forget_batch(&named).unwrap();
    assert_eq!(store.batch(&named).unwrap(), None);
}

#[test]
fn records_that_share_a_commitment_are_found() {
    let (_folder, path) = folder();
    let store = open(&path);
    let [one, other] = [1, 2].map(|byte| RecordId(H256::repeat_byte(byte)));
    let kept = store.keep_all([CONTENT; 3]).unwrap();
    store.link(one, &kept[..2]).unwrap();
    store.link(other, &kept[1..]).unwrap();
    let shared = store.shared(&kept[..2], Some(one)).unwrap();
    assert_eq!(shared, [(other, vec![kept[1]])]);
    assert!(store.shared(&kept[..1], Some(one)).unwrap().is_empty());
    assert_eq!(store.shared(&kept[..1], None).unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_store_that_others_may_read_is_closed_to_them() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = folder();
    drop(open(&path));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(open(&path));
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
