#!/usr/bin/env bash
# Takes docs/keyroom.png: the real window, on a display of its own, with a demonstration vault opened as any other.
# Usage: scripts/picture.sh [FILE]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/stand.sh

out="$(realpath -m "${1:-docs/keyroom.png}")"
needs Xvfb xdotool import convert
cargo build --release --locked --bin keyroom
stand_display
export DISPLAY="$display" HOME="$work" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" LIBGL_ALWAYS_SOFTWARE=1
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS

printf 'orbit lantern walrus nine teapot granite' >"$work/password"
"$keyroom" demo "$work/prod-vault.keyroom" --password-file "$work/password" >/dev/null
"$keyroom" "$work/prod-vault.keyroom" >"$work/window.log" 2>&1 &
pids+=($!)
found() { xdotool search --onlyvisible --name Keyroom >"$work/window" 2>/dev/null; }
try_for 30 found || fail "no window: $(cat "$work/window.log")"
window=$(head -n 1 "$work/window")
xdotool windowsize --sync "$window" 1360 860 windowfocus --sync "$window"
sleep 1
xdotool type --delay 80 'm.ito'
xdotool key Tab
sleep 2
xdotool type --delay 80 'orbit lantern walrus nine teapot granite'
xdotool key Return
sleep 6
xdotool key ctrl+k
sleep 1
xdotool type --delay 80 'light'
sleep 1
xdotool key Return
sleep 1
# The Keys page, what is late first, the first of them open.
xdotool key ctrl+2
sleep 1
xdotool mousemove --window "$window" 700 205 click 1
sleep 1
xdotool mousemove --window "$window" 120 640
sleep 2
import -window "$window" "$work/picture.png"
convert "$work/picture.png" -strip "$out"
echo "$step: $out"
