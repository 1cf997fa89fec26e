#!/usr/bin/env bash
# The window locks when the computer sleeps and when the screen locks: the real program on a display of its own, unlocked by
# typed keys, on buses of its own where stand-ins for logind and the screen saver speak. Asks the log how each session
# ended. Exits with 77 where there is no virtual display or no stand-in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/stand.sh

needs dbus-daemon dbus-send gdbus
/usr/bin/python3 -c 'import dbusmock' 2>/dev/null || skip "python3-dbusmock is not installed"
cargo build --release --locked --bin keyroom
stand_display
export DISPLAY="$display" LIBGL_ALWAYS_SOFTWARE=1
unset WAYLAND_DISPLAY WAYLAND_SOCKET
mkdir -m 700 "$work/home"
export HOME="$work/home" XDG_CONFIG_HOME="$work/home/config" XDG_STATE_HOME="$work/home/state" XDG_RUNTIME_DIR="$work/home"

# Two buses that nobody else is on.
for bus in system session; do
    dbus-daemon --session --nofork --nopidfile --address="unix:path=$work/$bus" >/dev/null 2>&1 &
    pids+=($!)
    try_for 10 test -S "$work/$bus" || fail "no $bus bus came up"
done
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/system" DBUS_SESSION_BUS_ADDRESS="unix:path=$work/session"
# The stand-in for logind.
/usr/bin/python3 -m dbusmock --system --template logind >/dev/null 2>&1 &
pids+=($!)
has_owner() {
    dbus-send "--$1" --dest=org.freedesktop.DBus --print-reply / org.freedesktop.DBus.NameHasOwner "string:$2" \
        2>/dev/null | grep -q "boolean true"
}
try_for 20 has_owner system org.freedesktop.login1 || fail "the stand-in for logind did not start"

words='orbit lantern walrus nine teapot granite'
printf %s "$words" >"$work/password"
password=(--password-file "$work/password")
vault="$work/v.keyroom"
"$keyroom" create "$vault" --operator m.ito --unlock-ms 1 "${password[@]}" >/dev/null 2>&1
# The operator this computer remembers, so that the password alone is asked for.
mkdir -p "$XDG_CONFIG_HOME/keyroom"
printf '{"recent":[{"path":"%s","operators":["m.ito"]}]}' "$vault" >"$XDG_CONFIG_HOME/keyroom/workstation.json"

window_id() { xdotool search --onlyvisible --pid "$window" 2>/dev/null | head -n 1; }
titled() { [[ "$(xdotool getwindowname "$(window_id)" 2>/dev/null)" == *"$1"* ]]; }
sessions() { "$keyroom" --json session list "$vault" "${password[@]}" | tr -d " " | grep -o "\"ending\":\"[a-z0-9-]*\""; }

# locks_with REASON COMMAND…: unlocks the window by typing, runs COMMAND, and waits until the window is locked.
locks_with() {
    local reason="$1"
    shift
    "$keyroom" "$vault" >"$work/window.log" 2>&1 &
    window=$!
    pids+=("$window")
    try_for 30 titled Locked || { cat "$work/window.log" >&2; fail "no locked window came up: $(xdotool getwindowname "$(window_id)")"; }
    xdotool windowfocus --sync "$(window_id)" 2>/dev/null || true
    sleep 1
    xdotool type --delay 30 "$words"
    xdotool key Return
    try_for 30 unlocked || fail "typing did not unlock the window"
    # It listens from its start on; the bus may still be delivering the answer.
    sleep 1
    "$@"
    try_for 10 titled Locked || fail "the window did not lock ($reason)"
    kill "$window"
    wait "$window" 2>/dev/null || true
    sessions | grep -qx "\"ending\":\"$reason\"" || fail "no session ended with $reason: $(sessions | tr '\n' ' ')"
    echo "$step: locked, and the log says $reason"
}
unlocked() { ! titled Locked && [ -n "$(window_id)" ]; }

logind_says() {
    gdbus call --system --dest org.freedesktop.login1 --object-path /org/freedesktop/login1 \
        --method org.freedesktop.DBus.Mock.EmitSignal org.freedesktop.login1.Manager "$1" "$2" "[<$3>]" >/dev/null
}
screen_saver_says() {
    dbus-send --session --type=signal /org/freedesktop/ScreenSaver org.freedesktop.ScreenSaver.ActiveChanged "boolean:$1"
}
locks_with suspend logind_says PrepareForSleep b true
locks_with screen-lock screen_saver_says true
