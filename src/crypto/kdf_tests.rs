use std::time::{Duration, Instant};

use super::*;

fn password(text: &str) -> SecretBuf {
    SecretBuf::from_slice(text.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[test]
fn the_same_password_salt_and_cost_give_the_same_key_and_others_another() {
    let derive = |text, salt: u8, params| derive(&password(text), &[salt; 16], params).unwrap();
    let floor = KdfParams::FLOOR;
    let key = derive("correct horse", 1, floor);
    assert!(key == derive("correct horse", 1, floor));
    assert!(key != derive("correct horse.", 1, floor));
    assert!(key != derive("correct horse", 2, floor));
    assert!(key != derive("correct horse", 1, KdfParams { passes: 4, ..floor }));
    assert!(key != derive("correct horse", 1, KdfParams { lanes: 2, ..floor }));
}

#[test]
fn weak_parameters_are_refused_before_they_run() {
    let floor = KdfParams::FLOOR;
    for params in [
        KdfParams { memory_kib: floor.memory_kib - 1, ..floor },
        KdfParams { passes: 2, ..floor },
        KdfParams { passes: 0, memory_kib: MAX_MEMORY_KIB, lanes: 4 },
        KdfParams { memory_kib: ONE_PASS_FROM_KIB - 1, passes: 2, lanes: 4 },
        KdfParams { memory_kib: 8, passes: 64, lanes: 1 },
        KdfParams { lanes: 0, ..floor },
        KdfParams { memory_kib: 0, passes: 0, lanes: 0 },
        KdfParams { memory_kib: 0, passes: u32::MAX, lanes: u32::MAX },
    ] {
        assert_eq!(params.check(), Err(CryptoError::KdfBelowFloor { params }));
        assert_eq!(refused_at_once(params), CryptoError::KdfBelowFloor { params });
    }
}

#[test]
fn absurd_parameters_are_refused_before_they_run() {
    let floor = KdfParams::FLOOR;
    for params in [
        KdfParams { memory_kib: MAX_MEMORY_KIB + 1, ..floor },
        KdfParams { memory_kib: u32::MAX, ..floor },
        KdfParams { passes: 65, ..floor },
        KdfParams { passes: u32::MAX, ..floor },
        KdfParams { lanes: 17, ..floor },
        KdfParams { memory_kib: u32::MAX, passes: u32::MAX, lanes: u32::MAX },
    ] {
        assert_eq!(params.check(), Err(CryptoError::KdfAboveCeiling { params }));
        assert_eq!(refused_at_once(params), CryptoError::KdfAboveCeiling { params });
    }
}

fn refused_at_once(params: KdfParams) -> CryptoError {
    let start = Instant::now();
    let refused = derive(&password("correct horse"), &[0; 16], params).err().expect("must be refused");
    assert!(start.elapsed() < Duration::from_millis(20), "something ran before the refusal");
    refused
}

#[test]
fn what_rfc_9106_recommends_and_the_limits_themselves_are_accepted() {
    for params in [
        KdfParams::DEFAULT,
        KdfParams::FLOOR,
        KdfParams { memory_kib: 2 * GIB, passes: 1, lanes: 4 },
        KdfParams { memory_kib: 4 * GIB, passes: 64, lanes: 16 },
        KdfParams { lanes: 1, ..KdfParams::FLOOR },
    ] {
        assert_eq!(params.check(), Ok(()));
    }
}

#[test]
fn weaker_means_less_memory_or_less_work() {
    let default = KdfParams::DEFAULT;
    assert!(KdfParams::FLOOR.is_weaker_than(&default));
    assert!(!default.is_weaker_than(&KdfParams::FLOOR));
    assert!(!default.is_weaker_than(&default));
    assert!(KdfParams { passes: 2, ..default }.is_weaker_than(&default));
    assert!(!KdfParams { lanes: 1, ..default }.is_weaker_than(&default));
    assert!(!KdfParams { memory_kib: 2 * GIB, passes: 1, lanes: 4 }.is_weaker_than(&default));
    // Many passes do not make up for little memory.
    assert!(KdfParams { passes: 64, ..KdfParams::FLOOR }.is_weaker_than(&default));
}

/// The expected values were computed by an independent Python program from the definitions in this module's comments.
#[test]
fn slot_keys_and_sub_keys_are_what_the_format_says() {
    let key = SecretKey::from_bytes(&[1; 32]);
    let slot = slot_key(&key, &[2; 32], b"binding").unwrap();
    assert_eq!(hex(slot.expose()), "05019ac085570ad81e25fe54403a1793a0caa0c59e8de7ab931705a03717730e");
    let sub = derive_labelled(&key, "label", b"context");
    assert_eq!(hex(sub.expose()), "e371e83c4c273a104769adfc18e16f3b8824ece9cc5d6ac37ed6e94f3d1e1a0a");
}

#[test]
fn a_slot_key_is_for_one_slot_only() {
    let key = SecretKey::from_bytes(&[1; 32]);
    let slot = |salt: u8, binding: &[u8]| slot_key(&key, &[salt; 32], binding).unwrap();
    assert!(slot(1, b"operator 1") == slot(1, b"operator 1"));
    assert!(slot(1, b"operator 1") != slot(2, b"operator 1"));
    assert!(slot(1, b"operator 1") != slot(1, b"operator 2"));
}

#[test]
fn label_and_context_do_not_run_together() {
    let key = SecretKey::from_bytes(&[1; 32]);
    assert!(derive_labelled(&key, "ab", b"c") != derive_labelled(&key, "a", b"bc"));
    assert!(derive_labelled(&key, "ab", b"") != derive_labelled(&key, "a", b"b"));
}

#[test]
fn raised_parameters_cost_no_less_than_either_and_stay_within_the_bounds() {
    let all = |memory: &[u32], passes: &[u32]| -> Vec<KdfParams> {
        let pairs = memory.iter().flat_map(|m| passes.iter().map(move |p| (*m, *p)));
        let params = pairs.map(|(m, passes)| KdfParams { memory_kib: m * MIB, passes, lanes: 4 });
        params.filter(|params| params.check().is_ok()).collect()
    };
    let all = all(&[64, 65, 256, 1024, 2048, 4096], &[1, 2, 3, 4, 10, 64]);
    for a in &all {
        for b in &all {
            let raised = a.raised_to(b);
            assert_eq!(raised.check(), Ok(()), "{a:?} {b:?}");
            assert!(!raised.is_weaker_than(a) && !raised.is_weaker_than(b), "{a:?} {b:?}: {raised:?}");
            assert!(a.is_weaker_than(b) || raised == *a);
        }
    }
}
