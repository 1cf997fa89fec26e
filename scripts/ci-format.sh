#!/usr/bin/env bash
# docs/FORMAT.md against the program: a reader in another language, written from the description alone, opens the frozen
# vaults and one made now, verifies them whole, and refuses them with a bit changed. Exits with 77 where Python or its
# cryptography (47 or later) cannot be had.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/stand.sh

needs python3
python3 -m venv "$work/python" >/dev/null 2>&1 || skip "python3 has no venv"
"$work/python/bin/pip" install --quiet --disable-pip-version-check 'cryptography>=47' >"$work/pip" 2>&1 ||
    skip "its cryptography could not be installed: $(tail -n 1 "$work/pip")"
cargo build --release --locked --bin keyroom
unset DBUS_SESSION_BUS_ADDRESS
export TZ=UTC HOME="$work" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state"

read_vault() { "$work/python/bin/python" tests/reader/read_vault.py "$@"; }

# holds VAULT PASSWORD_FILE [OPERATOR]
holds() {
    read_vault "$@" >"$work/told" 2>&1 || { cat "$work/told" >&2; fail "the reader does not agree about ${1/#$work/…}"; }
    grep -qx "everything holds" "$work/told" || fail "the reader did not come to its end"
}

for frozen in tests/vectors/v1/*.keyroom; do
    holds "$frozen" "${frozen%.keyroom}.password" m.ito
done

# A vault with a history: several types, a rotation, a destruction, an older epoch of every key.
printf 'orbit lantern walrus nine teapot granite' >"$work/password"
password=(--password-file "$work/password")
review="$(date -d '+9 days' +%F)"
v="$work/v.keyroom"
"$keyroom" create "$v" --operator m.ito --unlock-ms 1 "${password[@]}" >/dev/null 2>&1
for type in aes-256 chacha20 hmac-sha256 password passphrase api-token; do
    "$keyroom" key add "$v" --name "a-$type" --type "$type" --generate --owner a.novak --tag prod "${password[@]}" >/dev/null
done
head -c 70000 /dev/urandom >"$work/file"
"$keyroom" key add "$v" --name a-file --type file --from "$work/file" "${password[@]}" >/dev/null
"$keyroom" key rotate "$v" a-password --generate --reason scheduled --overlap-days 7 "${password[@]}" >/dev/null
"$keyroom" key rotate "$v" a-api-token --generate --reason early --keep-schedule "${password[@]}" >/dev/null
"$keyroom" key state "$v" a-hmac-sha256 suspend --reason drill --review-by "$review" "${password[@]}" >/dev/null
"$keyroom" key state "$v" a-chacha20 compromised --reason drill --code key-compromise --occurred now "${password[@]}" >/dev/null
"$keyroom" key edit "$v" a-password --sponsor k.lind --replaces a-api-token --process-until "$review" "${password[@]}" >/dev/null
"$keyroom" vault exposed "$v" --reason drill --unlock-ms 1 "${password[@]}" --new-password-file <(printf 'walrus nine orbit lantern teapot granite') \
    >/dev/null 2>&1
printf 'walrus nine orbit lantern teapot granite' >"$work/password"
holds "$v" "$work/password"
grep -q "^  suspended .* review by $review" "$work/told" || fail "the reader does not know of the review"
grep -q "^  sponsor k.lind, process until $review, replaces a-api-token\$" "$work/told" || fail "the reader does not know what is around a key"
grep -q "^  v2 counts from " "$work/told" || fail "the reader does not know of the schedule that was kept"
echo "$step: a vault made now: $(grep -c '^key ' "$work/told") keys, $(grep '^log ' "$work/told" | cut -d' ' -f2) entries"

# A bit of a value, of the log, of the roster: the reader says no, as the program does.
for place in "version data" "key data" "log data" "log leaf_hash" "roster data" "checkpoint data"; do
    cp "$v" "$work/changed"
    "$work/python/bin/python" - "$work/changed" $place <<'PYTHON'
import sqlite3, sys
path, table, column = sys.argv[1:]
db = sqlite3.connect(path)
keys = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")') if row[5]]
where = " AND ".join(f"{k} = ?" for k in keys)
row = db.execute(f'SELECT {column}, {", ".join(keys)} FROM "{table}" LIMIT 1').fetchone()
data = bytearray(row[0])
data[len(data) // 2] ^= 1
db.execute(f'UPDATE "{table}" SET {column} = ? WHERE {where}', (bytes(data), *row[1:]))
db.commit()
PYTHON
    ! read_vault "$work/changed" "$work/password" >"$work/told" 2>&1 || fail "a bit of $place changed, and the reader did not notice"
done
echo "$step: six changed bits: each refused"
