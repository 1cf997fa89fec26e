#!/usr/bin/env bash
# What needs a display and a keyring, on ones of its own: the tests that are ignored elsewhere, a real window that comes up,
# stays up, and is ended by its process id, and the demonstration in one. Exits with 77 where this machine has no virtual
# display.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/stand.sh

stand_display

# Tests that are ignored elsewhere. cargo builds with the person's environment; only the tests get ours.
tests=$(cargo test --locked --lib --no-run --message-format=json |
    grep '"target":{"kind":\["lib"\]' | grep -o '"executable":"[^"]*"' | tail -n 1 | cut -d'"' -f4)
[ -x "$tests" ] || fail "the tests were not built"

one_test() {
    local told
    told=$(env -u WAYLAND_DISPLAY DISPLAY="$display" "${@:2}" "$tests" --ignored --exact "$1" 2>&1) || true
    if ! grep -q "^test result: ok. 1 passed" <<<"$told"; then
        printf '%s\n' "$told" >&2
        fail "failed: $1"
    fi
    echo "ci-window: passed: $1"
}

one_test app::platform::clipboard::system::tests::a_secret_is_taken_back_and_what_others_copied_since_is_not
if command -v xclip >/dev/null; then
    one_test app::platform::clipboard::system::tests::a_secret_asks_histories_to_leave_it_out_and_a_name_does_not
else
    echo "ci-window: SKIPPED the clipboard's mark for histories: xclip is not installed"
fi

if command -v gnome-keyring-daemon >/dev/null && command -v dbus-run-session >/dev/null; then
    export -f one_test fail
    export tests display step
    with_keyring bash -c 'one_test vault::anchor::keyring::tests::an_anchor_comes_back_from_a_real_keyring'
else
    echo "ci-window: SKIPPED the keyring test: gnome-keyring or dbus-run-session is not installed"
fi

# The window itself.
cargo build --release --locked
mkdir -m 700 "$work/home" "$work/window-runtime" "$work/tmp"

# open_window ARGUMENT…: starts the program and waits for its window; `window` is its process.
open_window() {
    env -u WAYLAND_DISPLAY -u WAYLAND_SOCKET -u DBUS_SESSION_BUS_ADDRESS DISPLAY="$display" TMPDIR="$work/tmp" \
        HOME="$work/home" XDG_CONFIG_HOME="$work/home/config" XDG_RUNTIME_DIR="$work/window-runtime" \
        LIBGL_ALWAYS_SOFTWARE=1 "$keyroom" "$@" >"$work/window.log" 2>&1 &
    window=$!
    pids+=("$window")
    if ! try_for 60 is_up_or_gone || ! is_up; then
        cat "$work/window.log" >&2
        fail "no window came up: keyroom $*"
    fi
}
window_id() {
    DISPLAY="$display" xdotool search --onlyvisible --pid "$window" 2>/dev/null | head -n 1 || true
}
is_up() {
    kill -0 "$window" 2>/dev/null && [ -n "$(window_id)" ]
}
is_up_or_gone() {
    is_up || ! kill -0 "$window" 2>/dev/null
}
is_gone() {
    ! kill -0 "$window" 2>/dev/null
}
title() {
    DISPLAY="$display" xdotool getwindowname "$(window_id)" 2>/dev/null || true
}
is_titled() {
    [ "$(title)" = "$1" ]
}
# press KEY…: one after the other, on the window in front.
press() {
    DISPLAY="$display" xdotool windowactivate --sync "$(window_id)" key --clearmodifiers "$@"
}

open_window
sleep 3
if ! is_up; then
    cat "$work/window.log" >&2
    fail "the window came up and went away again"
fi
echo "ci-window: the window is up, titled \"$(title)\""
kill "$window"
wait "$window" 2>/dev/null || true

# The demonstration: a filled vault in a temporary folder, unlocked; locked by key; gone with its folder when it is closed.
open_window --demo
try_for 120 is_titled "prod-vault – Keyroom" || fail "the demonstration is not unlocked; its title is \"$(title)\""
[ -n "$(find "$work/tmp" -name prod-vault.keyroom)" ] || fail "the demonstration is not in the temporary folder"
if command -v openbox >/dev/null; then
    press ctrl+l
    try_for 20 is_titled "Locked – Keyroom" || fail "Ctrl+L did not lock; the title is \"$(title)\""
    press ctrl+q
    try_for 20 is_gone || fail "Ctrl+Q did not close the window"
    wait "$window" || fail "the demonstration ended with $?"
    [ -z "$(find "$work/tmp" -name prod-vault.keyroom)" ] || fail "the demonstration's vault was left behind"
    echo "ci-window: the demonstration opened unlocked, was locked and closed by key, and left nothing"
else
    echo "ci-window: the demonstration opened unlocked; SKIPPED its keys: openbox is not installed"
fi
[ ! -s "$work/window.log" ] || ! grep -q panicked "$work/window.log" || fail "$(cat "$work/window.log")"
