use super::*;

const AAD: &[u8] = b"vault 1, table entry, row 7";

fn key(byte: u8) -> SecretKey {
    SecretKey::from_bytes(&[byte; 32])
}

#[test]
fn what_was_sealed_opens() {
    for len in [0, 1, 251, 252, 253, 507, 508, 509, 5000, 100_000] {
        let plaintext: Vec<u8> = (0..len).map(|n| n as u8).collect();
        for padding in [Padding::Metadata, Padding::Secret] {
            let sealed = seal(&key(1), AAD, &plaintext, padding).unwrap();
            assert_eq!(sealed.len(), OVERHEAD + padding.padded(len));
            assert_eq!(open(&key(1), AAD, &sealed).unwrap().as_bytes(), plaintext);
        }
    }
}

#[test]
fn two_seals_of_the_same_share_nothing_but_the_form() {
    let (one, two) = (seal(&key(1), AAD, b"x", Padding::Secret), seal(&key(1), AAD, b"x", Padding::Secret));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one[0], two[0]);
    assert_ne!(one[1..25], two[1..25]);
    assert_ne!(one[25..57], two[25..57]);
    assert_ne!(one[57..], two[57..]);
}

#[test]
fn every_bit_flip_is_refused() {
    let sealed = seal(&key(1), AAD, b"secret", Padding::Metadata).unwrap();
    for at in 0..sealed.len() * 8 {
        let mut flipped = sealed.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        assert_eq!(open(&key(1), AAD, &flipped).err(), Some(CryptoError::Sealed), "bit {at}");
    }
}

#[test]
fn every_truncation_and_every_extension_is_refused() {
    let sealed = seal(&key(1), AAD, &[7; 600], Padding::Metadata).unwrap();
    for cut in 0..sealed.len() {
        assert_eq!(open(&key(1), AAD, &sealed[..cut]).err(), Some(CryptoError::Sealed), "cut at {cut}");
        assert_eq!(open(&key(1), AAD, &sealed[sealed.len() - cut..]).err(), Some(CryptoError::Sealed));
    }
    for more in 1..300 {
        let longer = [&sealed[..], &vec![0; more][..]].concat();
        assert_eq!(open(&key(1), AAD, &longer).err(), Some(CryptoError::Sealed));
    }
}

#[test]
fn another_key_or_another_place_does_not_open_it() {
    let sealed = seal(&key(1), AAD, b"secret", Padding::Metadata).unwrap();
    assert!(open(&key(2), AAD, &sealed).is_err());
    assert!(open(&key(1), b"", &sealed).is_err());
    for at in 0..AAD.len() * 8 {
        let mut other = AAD.to_vec();
        other[at / 8] ^= 1 << (at % 8);
        assert!(open(&key(1), &other, &sealed).is_err());
    }
    for cut in 0..AAD.len() {
        assert!(open(&key(1), &AAD[..cut], &sealed).is_err());
    }
}

/// T-COMMIT-1, first half: parts of two honest envelopes do not combine.
#[test]
fn parts_of_two_envelopes_do_not_combine() {
    let parts = |sealed: &[u8]| {
        [
            sealed[1..25].to_vec(),
            sealed[25..57].to_vec(),
            sealed[57..sealed.len() - 16].to_vec(),
            sealed[sealed.len() - 16..].to_vec(),
        ]
    };
    let one = parts(&seal(&key(1), AAD, b"one", Padding::Metadata).unwrap());
    for other in [
        parts(&seal(&key(1), AAD, b"one", Padding::Metadata).unwrap()),
        parts(&seal(&key(2), AAD, b"one", Padding::Metadata).unwrap()),
        parts(&seal(&key(1), b"elsewhere", b"one", Padding::Metadata).unwrap()),
    ] {
        for mix in 1..16u8 {
            let mut sealed = vec![FORM];
            for (n, (one, other)) in one.iter().zip(&other).enumerate() {
                sealed.extend_from_slice(if mix >> n & 1 == 0 { one } else { other });
            }
            if mix < 15 {
                assert!(open(&key(1), AAD, &sealed).is_err(), "mix {mix:04b}");
                assert!(open(&key(2), AAD, &sealed).is_err(), "mix {mix:04b}");
            }
        }
    }
}

/// T-COMMIT-1, second half: the crafted ciphertext of the partitioning-oracle paper.
///
/// Poly1305 is a polynomial over the ciphertext's blocks, so one 16-byte block that the attacker chooses can make the tags
/// under two keys agree. The block is found by solving one linear equation modulo 2^130 - 5; the solution must fit a block
/// (probability 1/4), so a counter in another block is tried until it does.
#[test]
fn a_ciphertext_that_opens_under_two_keys_with_the_raw_cipher_opens_under_one_at_most_as_an_envelope() {
    let nonce = [9; NONCE];
    let keys = [key(1), key(2)];
    let derived: Vec<Keys> = keys.iter().map(|key| Keys::derive(key, &nonce, AAD)).collect();
    // Valid padding under the first key: all 252 bytes behind the prefix are the plaintext.
    let mut plaintext = vec![0x61; MIN_PADDED];
    plaintext[..4].copy_from_slice(&252u32.to_be_bytes());
    let (body, tag) = colliding::ciphertext([&derived[0].0[0], &derived[1].0[0]], &nonce, AAD, &plaintext);

    // With the raw cipher it opens under both: the attack is real.
    for keys in &derived {
        let mut opened = body.clone();
        keys.cipher()
            .decrypt_inout_detached((&nonce).into(), AAD, opened.as_mut_slice().into(), (&tag).into())
            .expect("opens under both keys");
    }

    // As an envelope it opens under the key it is committed to, and under no other.
    let opened = |commitment: &[u8; 32]| {
        let sealed = [&[FORM][..], &nonce, commitment, &body, &tag].concat();
        [0, 1].map(|n| open(&keys[n], AAD, &sealed).is_ok())
    };
    assert_eq!(opened(derived[0].commitment()), [true, false]);
    assert!(!opened(derived[1].commitment())[0]);
    assert_eq!(opened(&[0; 32]), [false, false]);
}

#[test]
fn too_long_a_plaintext_is_refused_and_the_longest_has_room() {
    let refused = Some(CryptoError::TooLong { limit: MAX_PLAINTEXT });
    assert_eq!(seal(&key(1), AAD, &vec![0; MAX_PLAINTEXT + 1], Padding::Metadata).err(), refused);
    for padding in [Padding::Metadata, Padding::Secret] {
        assert_eq!(OVERHEAD + padding.padded(MAX_PLAINTEXT), longest());
    }
    assert_eq!(open(&key(1), AAD, &vec![FORM; longest() + 1]).err(), Some(CryptoError::Sealed));
}

/// A sealer that lies about the length or hides bytes in the padding, with the right key.
#[test]
fn bad_padding_is_refused_even_with_the_right_key() {
    let nonce = [3; NONCE];
    let keys = Keys::derive(&key(1), &nonce, AAD);
    let sealed = |padded: &[u8]| {
        let mut body = padded.to_vec();
        let tag = keys.cipher().encrypt_inout_detached((&nonce).into(), AAD, body.as_mut_slice().into());
        [&[FORM][..], &nonce, keys.commitment(), &body, &tag.unwrap()].concat()
    };
    let mut padded = vec![0; MIN_PADDED];
    padded[3] = 2;
    assert_eq!(open(&key(1), AAD, &sealed(&padded)).unwrap().as_bytes(), [0, 0]);
    let mut hidden = padded.clone();
    hidden[MIN_PADDED - 1] = 1;
    assert!(open(&key(1), AAD, &sealed(&hidden)).is_err());
    for absurd in [[0xff; 4], [0, 0, 0, 253], [0, 0, 1, 0], [0x80, 0, 0, 0]] {
        padded[..4].copy_from_slice(&absurd);
        assert!(open(&key(1), AAD, &sealed(&padded)).is_err());
    }
    assert!(open(&key(1), AAD, &sealed(&[0; MIN_PADDED - 1])).is_err());
}

#[test]
fn padding_never_shrinks_never_wastes_and_has_few_lengths() {
    for padding in [Padding::Metadata, Padding::Secret] {
        let mut last = 0;
        let mut lengths = std::collections::BTreeSet::new();
        for len in (0..70_000).chain((70_000..=1 << 20).step_by(97)).chain([1 << 20, MAX_PLAINTEXT]) {
            let padded = padding.padded(len);
            assert!(padded >= len + PREFIX && padded >= MIN_PADDED && padded >= last, "{len}");
            let most = if padding == Padding::Secret && len + PREFIX <= 8192 {
                4 * len + 512
            } else {
                len + len / 8 + 260
            };
            assert!(padded <= most, "{len} became {padded}");
            last = padded;
            lengths.insert(padded);
        }
        assert!(lengths.len() < 500, "{} different lengths", lengths.len());
    }
}

#[test]
fn padding_has_the_lengths_of_the_format() {
    let metadata =
        [(0, 256), (252, 256), (253, 272), (508, 512), (509, 544), (1020, 1024), (1021, 1088), (9000, 9216)];
    for (len, padded) in metadata {
        assert_eq!(Padding::Metadata.padded(len), padded, "metadata of {len}");
    }
    let secret = [
        (0, 512),
        (508, 512),
        (509, 2048),
        (2045, 4096),
        (4093, 8192),
        (8188, 8192),
        (8189, 8704),
        (1 << 20, 1_081_344),
    ];
    for (len, padded) in secret {
        assert_eq!(Padding::Secret.padded(len), padded, "secret of {len}");
    }
}

/// Freezes the format: this changes only with the form byte. The hash was computed by an independent Python program
/// written from the description at the head of the module.
#[test]
fn the_form_is_what_the_format_says() {
    let sealed = seal_with_nonce(&key(1), b"aad", b"keyroom", Padding::Metadata, &[2; NONCE]).unwrap();
    assert_eq!(sealed[0], 1);
    assert_eq!(sealed[1..25], [2; 24]);
    assert_eq!(sealed.len(), 329);
    let hash = data_encoding::HEXLOWER.encode(&sha256(&[&sealed]));
    assert_eq!(hash, "95527f7d42dd665af328089861ffc608d0b3a83eeda641f8b59e52d1a565eae7");
}

/// Builds a ciphertext with one tag under two XChaCha20-Poly1305 keys. For the test above only; variable time.
mod colliding {
    use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};

    /// Arithmetic modulo 2^130 - 5 on five limbs of 26 bits.
    #[derive(Clone, Copy, PartialEq, Debug)]
    pub(super) struct Field(pub(super) [u64; 5]);

    const MASK: u64 = (1 << 26) - 1;

    impl Field {
        pub(super) fn from_block(block: &[u8], high_bit: bool) -> Self {
            let mut wide = [0; 17];
            wide[..block.len()].copy_from_slice(block);
            wide[16] = high_bit.into();
            let bit = |at: usize| u64::from(wide[at / 8] >> (at % 8) & 1);
            let limb = |n: usize| (0..26).map(|at| bit(26 * n + at) << at).sum();
            Self([limb(0), limb(1), limb(2), limb(3), limb(4)])
        }

        pub(super) fn add(self, other: Self) -> Self {
            Self(std::array::from_fn(|n| self.0[n] + other.0[n])).carry()
        }

        pub(super) fn sub(self, other: Self) -> Self {
            // Adds four times the modulus first, so that no limb goes below zero.
            let modulus = [MASK - 4, MASK, MASK, MASK, MASK];
            Self(std::array::from_fn(|n| self.0[n] + 4 * modulus[n] - other.0[n])).carry()
        }

        pub(super) fn mul(self, other: Self) -> Self {
            let mut wide = [0u128; 5];
            for (a, left) in self.0.iter().enumerate() {
                for (b, right) in other.0.iter().enumerate() {
                    let fold = if a + b >= 5 { 5 } else { 1 };
                    wide[(a + b) % 5] += u128::from(*left) * u128::from(*right) * fold;
                }
            }
            let mut carry = 0;
            let mut limbs = [0; 5];
            for (limb, wide) in limbs.iter_mut().zip(wide) {
                let sum = wide + carry;
                *limb = sum as u64 & MASK;
                carry = sum >> 26;
            }
            limbs[0] += carry as u64 * 5;
            Self(limbs).carry()
        }

        /// Fermat: the power p - 2.
        pub(super) fn invert(self) -> Self {
            let mut result = Self([1, 0, 0, 0, 0]);
            for at in (0..130).rev() {
                result = result.mul(result);
                // p - 2 = 2^130 - 7 has every bit set but bits 1 and 2.
                if at != 1 && at != 2 {
                    result = result.mul(self);
                }
            }
            result
        }

        fn carry(mut self) -> Self {
            for _ in 0..3 {
                for n in 0..5 {
                    let carry = self.0[n] >> 26;
                    self.0[n] &= MASK;
                    self.0[(n + 1) % 5] += if n == 4 { carry * 5 } else { carry };
                }
            }
            // Once more than the modulus: subtract it.
            if self.0[1..] == [MASK; 4] && self.0[0] > MASK - 5 {
                self.0 = [self.0[0] - (MASK - 4), 0, 0, 0, 0];
            }
            self
        }

        /// The lowest 130 bits as bytes.
        pub(super) fn to_bytes(self) -> [u8; 17] {
            let mut bytes = [0; 17];
            for at in 0..130 {
                bytes[at / 8] |= ((self.0[at / 26] >> (at % 26) & 1) as u8) << (at % 8);
            }
            bytes
        }
    }

    /// The one-time Poly1305 key of an XChaCha20-Poly1305 message: r clamped, and s.
    fn one_time_key(key: &[u8; 32], nonce: &[u8; 24]) -> (Field, Field) {
        let words = |bytes: &[u8]| -> Vec<u32> {
            bytes.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect()
        };
        let state = |key: &[u32], tail: &[u32]| -> [u32; 16] {
            let constants = words(b"expand 32-byte k");
            [&constants[..], key, tail].concat().try_into().unwrap()
        };
        // HChaCha20: the first and last rows of the permutation, without the final addition.
        let permuted = rounds(state(&words(key), &words(&nonce[..16])));
        let sub_key = [&permuted[..4], &permuted[12..]].concat();
        let start = state(&sub_key, &[&[0, 0], &words(&nonce[16..])[..]].concat());
        let permuted = rounds(start);
        let mut block = Vec::new();
        for n in 0..8 {
            block.extend_from_slice(&permuted[n].wrapping_add(start[n]).to_le_bytes());
        }
        for (at, mask) in [(3, 15), (7, 15), (11, 15), (15, 15), (4, 252), (8, 252), (12, 252)] {
            block[at] &= mask;
        }
        (Field::from_block(&block[..16], false), Field::from_block(&block[16..], false))
    }

    /// The twenty rounds of ChaCha20 (RFC 8439, section 2.3).
    fn rounds(mut x: [u32; 16]) -> [u32; 16] {
        let mut quarter = |a: usize, b: usize, c: usize, d: usize| {
            for (to, from, turned, by) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
                x[to] = x[to].wrapping_add(x[from]);
                x[turned] = (x[turned] ^ x[to]).rotate_left(by);
            }
        };
        for _ in 0..10 {
            for n in 0..4 {
                quarter(n, n + 4, n + 8, n + 12);
            }
            for n in 0..4 {
                quarter(n, (n + 1) % 4 + 4, (n + 2) % 4 + 8, (n + 3) % 4 + 12);
            }
        }
        x
    }

    /// What Poly1305 evaluates: AAD and ciphertext, each padded to blocks, then both lengths (RFC 8439, section 2.8).
    fn polynomial(r: Field, aad: &[u8], body: &[u8]) -> Field {
        let mut message = aad.to_vec();
        message.resize(aad.len().next_multiple_of(16), 0);
        message.extend_from_slice(body);
        message.extend_from_slice(&(aad.len() as u64).to_le_bytes());
        message.extend_from_slice(&(body.len() as u64).to_le_bytes());
        message
            .chunks_exact(16)
            .fold(Field([0; 5]), |sum, block| sum.add(Field::from_block(block, true)).mul(r))
    }

    /// A ciphertext with one tag under both keys, which under the first is `plaintext` but for two of its blocks.
    pub(super) fn ciphertext(
        keys: [&[u8; 32]; 2],
        nonce: &[u8; 24],
        aad: &[u8],
        plaintext: &[u8],
    ) -> (Vec<u8>, [u8; 16]) {
        assert_eq!(plaintext.len() % 16, 0);
        let (free, counter) = (plaintext.len() / 2 / 16 * 16, 16);
        let [(r1, s1), (r2, s2)] = keys.map(|key| one_time_key(key, nonce));
        let mut start = plaintext.to_vec();
        let cipher = XChaCha20Poly1305::new(keys[0].into());
        cipher.encrypt_inout_detached(nonce.into(), aad, start.as_mut_slice().into()).unwrap();
        // The free block c stands before `later` blocks and the lengths: c * r^(later + 1).
        let later = (plaintext.len() - free) / 16;
        let power = |r: Field| (0..later).fold(r, |product, _| product.mul(r));
        let slope = power(r1).sub(power(r2)).invert();
        for n in 0u64.. {
            let mut body = start.clone();
            body[counter..counter + 8].copy_from_slice(&n.to_le_bytes());
            body[free..free + 16].fill(0);
            // P1 + c*B1 + s1 = P2 + c*B2 + s2, where P counts the free block as 2^128.
            let constant = polynomial(r2, aad, &body).add(s2).sub(polynomial(r1, aad, &body).add(s1));
            let solution = constant.mul(slope).to_bytes();
            if solution[16] != 0 {
                continue;
            }
            body[free..free + 16].copy_from_slice(&solution[..16]);
            let [one, two] = [(r1, s1), (r2, s2)].map(|(r, s)| tag(polynomial(r, aad, &body), s));
            if one == two {
                return (body, one);
            }
        }
        unreachable!("one try in eight succeeds")
    }

    fn tag(sum: Field, s: Field) -> [u8; 16] {
        let number = |field: Field| u128::from_le_bytes(field.to_bytes()[..16].try_into().unwrap());
        number(sum).wrapping_add(number(s)).to_le_bytes()
    }
}
