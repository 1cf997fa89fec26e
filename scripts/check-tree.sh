#!/usr/bin/env bash
# The tree of dependencies is as SECURITY.md says: one generation of every cryptographic crate, and none of the features
# that would keep a secret alive. (Licences are the test `tests/licences.rs`.)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bad=0
complain() {
    echo "check-tree: $*" >&2
    bad=1
}

# Two generations of one of these mean two implementations to review, and values that cross between them as bare bytes.
# Cargo.lock is asked, not `cargo tree -d`: it also holds what is only built for other systems.
once=(
    rand rand_core digest cipher aead crypto-common universal-hash signature kem inout block-buffer hybrid-array
    sha2 sha3 keccak blake2 argon2 hkdf hmac cmac dbl aes chacha20 poly1305 chacha20poly1305
    curve25519-dalek ed25519 ed25519-dalek x25519-dalek ml-kem module-lattice x-wing hpke
    subtle ctutils zeroize zeroizing-alloc memsec
)
# getrandom is not among them: an older one seeds the hash maps of egui (`ahash`), which hold no secret.
for crate in "${once[@]}"; do
    count=$(grep -cx "name = \"$crate\"" Cargo.lock || true)
    if [ "$count" -eq 0 ]; then
        complain "$crate is not in Cargo.lock: is this list still right?"
    elif [ "$count" -gt 1 ]; then
        complain "$crate is there in $count generations:"
        cargo tree --locked --duplicates --edges all --depth 2 2>/dev/null | grep -A 3 "^$crate v" >&2 || true
    fi
done

tree=$(cargo tree --locked --edges features)
shipped=$(cargo tree --locked --edges features,normal,build)

# refuse TREE PATTERN WHY
refuse() {
    if grep -Eq "$2" <<<"$1"; then
        complain "$3:"
        grep -Eo "$2" <<<"$1" | sort -u >&2
    fi
}
refuse "$tree" 'feature "inspection"|egui_inspection v' \
    "egui's inspection lets another program read the window"
refuse "$tree" '(eframe|egui-winit) feature "clipboard"' \
    "eframe's clipboard keeps a handle alive, and with it what was copied"
refuse "$shipped" '(eframe|egui|egui-winit|egui_extras) feature "persistence"' \
    "egui's persistence writes its memory to a file that others can read"

# A grep that finds nothing in nothing proves nothing.
grep -q 'eframe feature "glow"' <<<"$shipped" || complain "the tree could not be read: eframe is not in it"

[ "$bad" -eq 0 ] && echo "check-tree: one generation of ${#once[@]} crates, no forbidden feature"
exit "$bad"
