#!/usr/bin/env bash
# Times the same work on the same data with keyroom and, where it is installed, keepassxc-cli: whole processes, the password
# function included, five runs each, the median in milliseconds. Usage: scripts/bench-peers.sh [ENTRIES]
# Build first: cargo build --release
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
keyroom="$root/target/release/keyroom"
entries="${1:-10000}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
unset DBUS_SESSION_BUS_ADDRESS

printf 'a password for measuring only, velvet otter quilt' >"$work/password"

# median NAME COMMAND…: runs the command five times and prints the median.
median() {
    local name="$1" i start end
    shift
    for i in 1 2 3 4 5; do
        start=$(date +%s%N)
        "$@" >/dev/null 2>"$work/errors" || { cat "$work/errors" >&2; return 1; }
        end=$(date +%s%N)
        echo $(((end - start) / 1000000))
    done | sort -n | sed -n 3p | xargs printf '%-34s %6s ms\n' "$name"
}

awk -v n="$entries" 'BEGIN {
    print "name,type,secret,owner,system,tags"
    for (i = 0; i < n; i++) printf "payments-%06d,password,secret value number %d,a.novak,system-%d,prod\n", i, i, i % 97
}' >"$work/keys.csv"
"$keyroom" create "$work/k.keyroom" --operator m.ito --unlock-ms 1 --password-file "$work/password" >/dev/null 2>&1
"$keyroom" key import "$work/k.keyroom" "$work/keys.csv" --password-file "$work/password" >/dev/null 2>&1

echo "$entries entries, $("$keyroom" --version)"
count=0
add_keyroom() {
    count=$((count + 1))
    printf 'another value %s %s' "$RANDOM" "$RANDOM" >"$work/value"
    "$keyroom" key add "$work/k.keyroom" --name "added-$RANDOM-$RANDOM" --type password --from "$work/value" \
        --password-file "$work/password"
}
median "keyroom: list all" "$keyroom" key list "$work/k.keyroom" --password-file "$work/password"
median "keyroom: search" "$keyroom" key list "$work/k.keyroom" payments-000042 --password-file "$work/password"
median "keyroom: add one" add_keyroom

if ! command -v keepassxc-cli >/dev/null; then
    echo "keepassxc-cli is not installed: nothing to compare with"
    exit 0
fi
awk -v n="$entries" 'BEGIN {
    print "<?xml version=\"1.0\" encoding=\"UTF-8\"?><KeePassFile><Meta/><Root><Group><UUID>AAAAAAAAAAAAAAAAAAAAAQ==</UUID><Name>Root</Name>"
    for (i = 0; i < n; i++) {
        printf "<Entry><String><Key>Title</Key><Value>payments-%06d</Value></String>", i
        printf "<String><Key>UserName</Key><Value>a.novak</Value></String><String><Key>Password</Key><Value>secret value number %d</Value></String></Entry>", i
    }
    print "</Group></Root></KeePassFile>"
}' >"$work/keys.xml"
printf '%s\n%s\n' "$(cat "$work/password")" "$(cat "$work/password")" >"$work/twice"
keepassxc-cli import -q -p -t 100 "$work/keys.xml" "$work/k.kdbx" <"$work/twice" >/dev/null 2>&1
peer() { QT_QPA_PLATFORM=offscreen keepassxc-cli "$@" <"$work/password"; }
add_peer() { peer add -q "$work/k.kdbx" "added-$RANDOM-$RANDOM"; }
echo "keepassxc-cli $(keepassxc-cli --version), password function set to 100 ms"
median "keepassxc-cli: list all" peer ls -q -R "$work/k.kdbx"
median "keepassxc-cli: search" peer search -q "$work/k.kdbx" payments-000042
median "keepassxc-cli: add one" add_peer
