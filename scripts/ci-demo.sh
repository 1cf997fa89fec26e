#!/usr/bin/env bash
# The first command of README.md, as somebody without a display would run it: `cargo run --release -- --demo` ends by
# itself, says that it went well, and leaves pictures in keyroom-demo/.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Built first, so that the time limit below is the demo's alone.
cargo build --release --locked --manifest-path "$root/Cargo.toml"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# HOME stays as it is for cargo; the program is given settings folders of its own.
env -u DISPLAY -u WAYLAND_DISPLAY -u WAYLAND_SOCKET -u DBUS_SESSION_BUS_ADDRESS \
    XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" XDG_RUNTIME_DIR="$work" \
    timeout --kill-after=10 600 \
    cargo run --release --locked --quiet --manifest-path "$root/Cargo.toml" -- --demo

pictures=0
for picture in keyroom-demo/*.png; do
    [ -e "$picture" ] || continue
    if [ "$(head -c 8 "$picture" | od -An -tx1 | tr -d ' \n')" != 89504e470d0a1a0a ]; then
        echo "ci-demo: $picture is no PNG" >&2
        exit 1
    fi
    if [ "$(stat -c %s "$picture")" -lt 4096 ]; then
        echo "ci-demo: $picture is too small to show anything" >&2
        exit 1
    fi
    pictures=$((pictures + 1))
done
if [ "$pictures" -eq 0 ]; then
    echo "ci-demo: the demo left no picture in keyroom-demo/" >&2
    exit 1
fi
echo "ci-demo: $pictures pictures"
