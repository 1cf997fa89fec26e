#!/usr/bin/env bash
# Locked means gone, on the real program: unlocked, read, copied from and edited in on a display of its own, locked by key
# and by time, and searched from outside after each step. Prints what was found as a table. Exits with 77 where this
# machine has no virtual display or lets nobody look into another process.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/stand.sh

[ "$(uname -s)" = Linux ] || skip "the search reads /proc, which only Linux has"
needs Xvfb openbox xdotool xclip
# The program takes itself out of the reach of others of the same user: only a tracer's capability (19) goes past that.
capabilities=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
(((16#$capabilities >> 19) & 1)) || skip "reading a hardened process needs root, or the capability to trace"

cargo build --release --locked --bin keyroom
# The test itself is built as all the others are; it starts the program that people get.
test=$(cargo test --locked --test memory_window --no-run --message-format=json |
    grep '"name":"memory_window"' | grep -o '"executable":"[^"]*"' | tail -n 1 | cut -d'"' -f4)
[ -x "$test" ] || fail "the test was not built"

log="$work/log"
code=0
KEYROOM_UNDER_TEST="$keyroom" \
    "$test" --ignored --nocapture --test-threads=4 the_window:: >"$log" 2>&1 || code=$?
if [ "$code" -ne 0 ] || ! grep -q "^test result: ok. 4 passed" "$log"; then
    cat "$log" >&2
    fail "failed"
fi
# One flow after the other: they ran side by side.
grep "^| flow" "$log" | sort -u
grep "^| " "$log" | grep -v "^| flow" | sort -s -t'|' -k2,2
