//! Published test vectors against the primitives, as this crate calls them: Wycheproof, RFC 9106 and RFC 5869; those of X-Wing
//! stand beside `seal`. Each test
//! states how many vectors it expects, so that a set that silently becomes empty fails.

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use hkdf::Hkdf;
use hmac::Mac;
use sha2::Sha256;
use wycheproof::TestResult;

use super::memory::SecretKey;
use super::sign::{Signature, VerifyingKey};

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap()
}

/// How many vectors ran, and how many of them are valid.
type Counts = (usize, usize);

#[test]
fn wycheproof_xchacha20_poly1305() {
    let set = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::XChaCha20Poly1305).unwrap();
    let mut counts: Counts = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let valid = test.result == TestResult::Valid;
        counts = (counts.0 + 1, counts.1 + usize::from(valid));
        let Ok(nonce) = <&[u8; 24]>::try_from(test.nonce.as_slice()) else {
            assert!(!valid, "{}: no other nonce length is valid", test.tc_id);
            continue;
        };
        let key: &[u8; 32] = test.key.as_slice().try_into().unwrap();
        let tag: &[u8; 16] = test.tag.as_slice().try_into().unwrap();
        let cipher = XChaCha20Poly1305::new(key.into());
        let mut opened = test.ct.to_vec();
        let result =
            cipher.decrypt_inout_detached(nonce.into(), &test.aad, opened.as_mut_slice().into(), tag.into());
        assert_eq!(result.is_ok(), valid, "{}: {}", test.tc_id, test.comment);
        if valid {
            assert_eq!(opened, *test.pt, "{}", test.tc_id);
            let sealed = cipher.encrypt_inout_detached(nonce.into(), &test.aad, opened.as_mut_slice().into());
            assert_eq!(
                (opened, sealed.unwrap().to_vec()),
                (test.ct.to_vec(), test.tag.to_vec()),
                "{}",
                test.tc_id
            );
        }
    }
    assert_eq!(counts, (315, 246));
}

/// Strict verification refuses everything that is invalid, and nothing that is valid.
#[test]
fn wycheproof_ed25519() {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let mut counts: Counts = (0, 0);
    for group in &set.test_groups {
        let key = VerifyingKey::from_bytes(&group.key.pk).unwrap();
        for test in &group.tests {
            let valid = test.result == TestResult::Valid;
            counts = (counts.0 + 1, counts.1 + usize::from(valid));
            let verified =
                Signature::from_slice(&test.sig).and_then(|signature| key.verify_raw(&test.msg, &signature));
            assert_eq!(verified.is_ok(), valid, "{}: {}", test.tc_id, test.comment);
        }
    }
    assert_eq!(counts, (151, 88));
}

#[test]
fn wycheproof_hkdf_sha256() {
    let set = wycheproof::hkdf::TestSet::load(wycheproof::hkdf::TestName::HkdfSha256).unwrap();
    let mut counts: Counts = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let valid = test.result == TestResult::Valid;
        counts = (counts.0 + 1, counts.1 + usize::from(valid));
        let mut okm = vec![0; test.size];
        let expanded = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut okm);
        assert_eq!(expanded.is_ok(), valid, "{}: {}", test.tc_id, test.comment);
        if valid {
            assert_eq!(okm, *test.okm, "{}", test.tc_id);
        }
    }
    assert_eq!(counts, (86, 83));
}

#[test]
fn wycheproof_hmac_sha256() {
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).unwrap();
    let mut counts: Counts = (0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let valid = test.result == TestResult::Valid;
            counts = (counts.0 + 1, counts.1 + usize::from(valid));
            let mut mac = hmac::Hmac::<Sha256>::new_from_slice(&test.key).unwrap();
            mac.update(&test.msg);
            let tag = mac.finalize().into_bytes();
            let tag = &tag[..group.tag_size / 8];
            assert_eq!(tag == test.tag.as_slice(), valid, "{}: {}", test.tc_id, test.comment);
            if let Ok(key) = SecretKey::try_from_slice(&test.key) {
                assert_eq!(&super::hmac_sha256(&key, &[&test.msg])[..tag.len()], tag);
            }
        }
    }
    assert_eq!(counts, (174, 66));
}

/// One half of X-Wing: key pairs from seeds, and what is decapsulated with them; a ciphertext of another length is none.
#[test]
fn wycheproof_ml_kem_768() {
    use ml_kem::{Decapsulate, KeyExport, ml_kem_768 as kem};
    let set = wycheproof::mlkem::TestSet::load(wycheproof::mlkem::TestName::MlKem768).unwrap();
    let mut counts: Counts = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let valid = test.result == TestResult::Valid;
        counts = (counts.0 + 1, counts.1 + usize::from(valid));
        let seed = test.seed.as_ref().and_then(|seed| ml_kem::Seed::try_from(seed.as_slice()).ok());
        let sealed = test.ct.as_ref().and_then(|ct| kem::Ciphertext::try_from(ct.as_slice()).ok());
        let (Some(seed), Some(sealed)) = (seed, sealed) else {
            assert!(!valid, "{}: {}", test.tc_id, test.comment);
            continue;
        };
        let key = kem::DecapsulationKey::from_seed(seed);
        let public = key.encapsulation_key().to_bytes();
        let same = test.encaps_key.as_ref().is_none_or(|expected| expected.as_slice() == &public[..]);
        let shared = key.decapsulate(&sealed);
        let same = same && test.shared_secret.as_ref().is_some_and(|k| k.as_slice() == &shared[..]);
        assert_eq!(same, valid, "{}: {}", test.tc_id, test.comment);
    }
    assert_eq!(counts, (201, 161));
}

/// The other half. What Wycheproof calls acceptable are public keys of low order or outside the field; X-Wing leaves
/// refusing them to its caller, see `seal`.
#[test]
fn wycheproof_x25519() {
    let set = wycheproof::xdh::TestSet::load(wycheproof::xdh::TestName::X25519).unwrap();
    let mut counts: Counts = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        counts = (counts.0 + 1, counts.1 + usize::from(test.result == TestResult::Valid));
        let bytes = |field: &[u8]| <[u8; 32]>::try_from(field).unwrap();
        let shared = x25519_dalek::x25519(bytes(&test.private_key), bytes(&test.public_key));
        assert_eq!(shared, *test.shared_secret.as_slice(), "{}: {}", test.tc_id, test.comment);
    }
    assert_eq!(counts, (518, 264));
}

/// RFC 9106, section 5.3 (Argon2id): with key and associated data, which this crate does not use, so against the primitive.
#[test]
fn rfc_9106_argon2id() {
    use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).unwrap())
        .build()
        .unwrap();
    let secret = [3; 8];
    let argon2 = Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut tag = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
    assert_eq!(tag[..], hex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
}

/// RFC 5869, appendix A, the three SHA-256 cases.
#[test]
fn rfc_5869_hkdf_sha256() {
    let counting = |from: u8, to: u8| (from..=to).collect::<Vec<u8>>();
    let cases = [
        (
            vec![0x0b; 22],
            counting(0x00, 0x0c),
            counting(0xf0, 0xf9),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            counting(0x00, 0x4f),
            counting(0x60, 0xaf),
            counting(0xb0, 0xff),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09\
             da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            vec![0x0b; 22],
            vec![],
            vec![],
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ];
    for (ikm, salt, info, expected) in cases {
        let expected = hex(expected);
        let mut okm = vec![0; expected.len()];
        Hkdf::<Sha256>::new(Some(&salt), &ikm).expand(&info, &mut okm).unwrap();
        assert_eq!(okm, expected);
    }
}

/// Our Expand is RFC 5869's: the pseudorandom key of appendix A.1 gives its output.
#[test]
fn our_expand_is_that_of_rfc_5869() {
    let prk =
        SecretKey::try_from_slice(&hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
    let mut okm = [0; 42];
    super::kdf::expand(&prk.unwrap(), &(0xf0..=0xf9).collect::<Vec<u8>>(), &mut okm);
    assert_eq!(
        okm[..],
        hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    );
}
