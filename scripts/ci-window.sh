#!/usr/bin/env bash
# What needs a display and a keyring, on ones of its own: the tests that are ignored elsewhere, and a real window that
# comes up, stays up, and is ended by its process id. Exits with 77 where this machine has no virtual display.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

for tool in Xvfb xdotool; do
    if ! command -v "$tool" >/dev/null; then
        echo "ci-window: skipped, $tool is not installed"
        exit 77
    fi
done

work=$(mktemp -d)
pids=()
cleanup() {
    local pid
    for pid in ${pids[@]+"${pids[@]}"}; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT

# until SECONDS COMMAND…: tries it until it succeeds.
try_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

# -noreset: without it the server starts over whenever its last client leaves.
Xvfb -noreset -screen 0 1440x900x24 -displayfd 3 3>"$work/display" 2>"$work/xvfb.log" &
pids+=($!)
if ! try_for 20 test -s "$work/display"; then
    cat "$work/xvfb.log" >&2
    echo "ci-window: Xvfb did not start" >&2
    exit 1
fi
display=":$(cat "$work/display")"
if command -v openbox >/dev/null; then
    DISPLAY="$display" openbox >/dev/null 2>&1 &
    pids+=($!)
fi

# Tests that are ignored elsewhere. cargo builds with the person's environment; only the tests get ours.
tests=$(cargo test --locked --lib --no-run --message-format=json |
    grep '"target":{"kind":\["lib"\]' | grep -o '"executable":"[^"]*"' | tail -n 1 | cut -d'"' -f4)
[ -x "$tests" ] || { echo "ci-window: the tests were not built" >&2; exit 1; }

one_test() {
    local told
    told=$(env -u WAYLAND_DISPLAY DISPLAY="$display" "${@:2}" "$tests" --ignored --exact "$1" 2>&1) || true
    if ! grep -q "^test result: ok. 1 passed" <<<"$told"; then
        printf '%s\n' "$told" >&2
        echo "ci-window: failed: $1" >&2
        exit 1
    fi
    echo "ci-window: passed: $1"
}

one_test app::platform::clipboard::system::tests::a_secret_is_taken_back_and_what_others_copied_since_is_not

if command -v gnome-keyring-daemon >/dev/null && command -v dbus-run-session >/dev/null; then
    mkdir -m 700 "$work/keyring-home" "$work/runtime"
    # The daemon stays in the foreground and ends with its bus.
    # shellcheck disable=SC2016
    one_test vault::anchor::keyring::tests::an_anchor_comes_back_from_a_real_keyring \
        HOME="$work/keyring-home" XDG_RUNTIME_DIR="$work/runtime" \
        dbus-run-session -- bash -c '
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
            exit "$code"' bash
else
    echo "ci-window: SKIPPED the keyring test: gnome-keyring or dbus-run-session is not installed"
fi

# The window itself.
cargo build --release --locked
mkdir -m 700 "$work/home" "$work/window-runtime"
env -u WAYLAND_DISPLAY -u WAYLAND_SOCKET -u DBUS_SESSION_BUS_ADDRESS DISPLAY="$display" \
    HOME="$work/home" XDG_CONFIG_HOME="$work/home/config" XDG_RUNTIME_DIR="$work/window-runtime" \
    LIBGL_ALWAYS_SOFTWARE=1 "${CARGO_TARGET_DIR:-target}/release/keyroom" >"$work/window.log" 2>&1 &
window=$!
pids+=("$window")

window_id() {
    DISPLAY="$display" xdotool search --onlyvisible --pid "$window" 2>/dev/null | head -n 1 || true
}
is_up() {
    kill -0 "$window" 2>/dev/null && [ -n "$(window_id)" ]
}
is_up_or_gone() {
    is_up || ! kill -0 "$window" 2>/dev/null
}
if ! try_for 30 is_up_or_gone || ! is_up; then
    cat "$work/window.log" >&2
    echo "ci-window: no window came up" >&2
    exit 1
fi
sleep 3
if ! is_up; then
    cat "$work/window.log" >&2
    echo "ci-window: the window came up and went away again" >&2
    exit 1
fi
echo "ci-window: the window is up, titled \"$(DISPLAY="$display" xdotool getwindowname "$(window_id)")\""
