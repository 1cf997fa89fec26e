#!/usr/bin/env bash
# deb.sh BUILT OUT: makes a Debian package in the folder OUT, from the folder BUILT that holds the built programs, and prints
# its path. Which libraries it needs is read from the programs; those that are opened while it runs are named here.
set -euo pipefail

if [ $# -ne 2 ]; then
    echo "usage: $(basename "$0") BUILT OUT" >&2
    exit 2
fi
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
built="$(cd "$1" && pwd)"
mkdir -p "$2"
out="$(cd "$2" && pwd)"
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
architecture=$(dpkg --print-architecture)

chmod 755 "$staged"
umask 022
DESTDIR="$staged/package" "$root/packaging/linux/install.sh" /usr "$built"
document="$staged/package/usr/share/doc/keyroom"
{
    echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
    echo "Upstream-Name: Keyroom"
    echo
    echo "Files: *"
    echo "Copyright: $(sed -n 's/^Copyright (c) //p' "$root/LICENSE-MIT")"
    echo "License: MIT or Apache-2.0"
    echo " Both texts are beside this file."
} >"$document/copyright"

# The packages of the libraries that the programs are linked with.
linked() {
    local file
    ldd "$staged"/package/usr/bin/* | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | sort -u | while read -r file; do
        # Where /lib is a link to /usr/lib, a package knows its file by one of the two names.
        dpkg-query -S "$file" "/usr$file" "$(realpath "$file")" 2>/dev/null | head -n 1 | cut -d: -f1
    done | sort -u
}

# Those that are opened by name while it runs (glutin, winit), which cannot be read from the programs.
opened=(
    libgl1 libegl1 libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon0 libxkbcommon-x11-0 libwayland-client0
)
needs=$({ linked; printf '%s\n' "${opened[@]}"; } | paste -sd, | sed 's/,/, /g')

mkdir -p "$staged/package/DEBIAN"
cat >"$staged/package/DEBIAN/control" <<CONTROL
Package: keyroom
Version: $version
Architecture: $architecture
Maintainer: the Keyroom developers <keyroom@localhost>
Installed-Size: $(du -k -s "$staged/package/usr" | cut -f1)
Depends: $needs
Recommends: gnome-keyring | kwalletmanager, xdg-desktop-portal, libgl1-mesa-dri
Section: utils
Priority: optional
Description: key vault for security administrators
 Holds an organisation's keys, tokens and passwords in one encrypted file, knows
 when each must change and walks the administrator through changing it. Locks
 itself when they walk away, and keeps a signed record of everything that was
 done, which can be verified without the vault and without its password.
CONTROL
package="$out/keyroom_${version}_$architecture.deb"
dpkg-deb --root-owner-group --build "$staged/package" "$package" >/dev/null
echo "$package"
