#!/usr/bin/env bash
# install.sh PREFIX BUILT: puts Keyroom under PREFIX, from the folder BUILT that holds the built programs. With DESTDIR set
# everything goes below that folder instead, and the desktop's databases are left to whoever unpacks it.
set -euo pipefail

if [ $# -ne 2 ]; then
    echo "usage: $(basename "$0") PREFIX BUILT" >&2
    exit 2
fi
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
here="$root/packaging/linux"
built="$2"
to="${DESTDIR:-}$1"

for program in keyroom keyroom-verify; do
    if [ ! -x "$built/$program" ]; then
        echo "install.sh: there is no $program in $built; build it first: cargo build --profile dist" >&2
        exit 1
    fi
    install -D -m 755 "$built/$program" "$to/bin/$program"
done
install -D -m 644 "$here/keyroom.desktop" "$to/share/applications/keyroom.desktop"
install -D -m 644 "$here/keyroom-mime.xml" "$to/share/mime/packages/keyroom.xml"
install -D -m 644 "$root/assets/keyroom.svg" "$to/share/icons/hicolor/scalable/apps/keyroom.svg"
install -D -m 644 "$root/assets/keyroom-symbol.svg" "$to/share/icons/hicolor/symbolic/apps/keyroom-symbolic.svg"
for document in README.md SECURITY.md docs/CLI.md docs/FORMAT.md docs/KEYBOARD.md docs/PERFORMANCE.md LICENSE-APACHE LICENSE-MIT; do
    install -D -m 644 "$root/$document" "$to/share/doc/keyroom/$document"
done

if [ -z "${DESTDIR:-}" ]; then
    ! command -v update-desktop-database >/dev/null || update-desktop-database -q "$to/share/applications"
    ! command -v update-mime-database >/dev/null || update-mime-database "$to/share/mime"
    ! command -v gtk-update-icon-cache >/dev/null || gtk-update-icon-cache -q -t -f "$to/share/icons/hicolor" || true
fi
