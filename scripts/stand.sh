# shellcheck shell=bash
# What the steps of CI that need surroundings stand on: a folder of their own, processes that end with them, a display, a
# keyring. To be sourced, from bash with `set -euo pipefail`. Nothing here touches what belongs to the person at this machine.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
target="$(cd "$root" && realpath -m "${CARGO_TARGET_DIR:-target}")"
keyroom="$target/release/keyroom"
step="$(basename "$0" .sh)"

work=$(mktemp -d)
pids=()
mounts=()
stand_down() {
    local pid place
    for pid in ${pids[@]+"${pids[@]}"}; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    for place in ${mounts[@]+"${mounts[@]}"}; do
        umount "$place" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap stand_down EXIT

skip() {
    echo "$step: skipped, $1"
    exit 77
}

fail() {
    echo "$step: $1" >&2
    exit 1
}

# needs TOOL…: skips the step where one is missing.
needs() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || skip "$tool is not installed"
    done
}

# try_for SECONDS COMMAND…: tries it until it succeeds.
try_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

# Sets `display` to one of our own, with a window manager where there is one.
stand_display() {
    needs Xvfb xdotool
    # -noreset: without it the server starts over whenever its last client leaves.
    Xvfb -noreset -screen 0 1440x900x24 -displayfd 3 3>"$work/display" 2>"$work/xvfb.log" &
    pids+=($!)
    if ! try_for 20 test -s "$work/display"; then
        cat "$work/xvfb.log" >&2
        fail "Xvfb did not start"
    fi
    display=":$(cat "$work/display")"
    if command -v openbox >/dev/null; then
        DISPLAY="$display" openbox >/dev/null 2>&1 &
        pids+=($!)
    fi
}

# with_keyring COMMAND…: runs it on a session bus of its own on which an unlocked keyring answers. `keyring_home` keeps it.
keyring_home="$work/keyring-home"
with_keyring() {
    mkdir -p -m 700 "$keyring_home" "$work/keyring-runtime"
    # The daemon stays in the foreground and ends with its bus.
    # shellcheck disable=SC2016
    HOME="$keyring_home" XDG_RUNTIME_DIR="$work/keyring-runtime" dbus-run-session -- bash -c '
        printf test | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 &
        keyring=$!
        for _ in $(seq 100); do
            dbus-send --session --dest=org.freedesktop.DBus --print-reply / org.freedesktop.DBus.NameHasOwner \
                string:org.freedesktop.secrets 2>/dev/null | grep -q "boolean true" && break
            sleep 0.1
        done
        code=0
        "$@" || code=$?
        kill "$keyring"
        exit "$code"' bash "$@" 2> >(grep -v "Failed to set fd limit" >&2)
}

# expect CODE WORDS COMMAND…: runs it, and fails the step unless it ends with CODE and its standard error holds WORDS
# (nothing is asked of it where WORDS is empty). A panic fails in any case.
expect() {
    local code="$1" words="$2" got=0
    shift 2
    "$@" >"$work/told" 2>"$work/complained" || got=$?
    if [ "$got" -ne "$code" ] || grep -q panicked "$work/complained" ||
        { [ -n "$words" ] && ! grep -qF -- "$words" "$work/complained"; }; then
        cat "$work/told" "$work/complained" >&2
        fail "expected $code and \"$words\", got $got: ${*/#$work/…}"
    fi
}
