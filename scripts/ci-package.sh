#!/usr/bin/env bash
# What packaging/linux puts on a desktop: the programs run from where they are put, the menu entry is one the desktop takes,
# vaults are known by name and by content, and the Debian package holds the same files and asks for packages that exist.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/stand.sh

needs desktop-file-validate update-mime-database gio dpkg-deb dpkg-query ldd
cargo build --release --locked
built="$target/release"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
export HOME="$work" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" XDG_DATA_HOME="$work/prefix/share"

packaging/linux/install.sh "$work/prefix" "$built" 2>"$work/told" || fail "$(cat "$work/told")"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
# runs FOLDER: the programs under it are of this version.
runs() {
    [ "$("$1/bin/keyroom" --version)" = "keyroom $version" ] || fail "the program under ${1#"$work"/} does not run"
    "$1/bin/keyroom-verify" --help >/dev/null || fail "the verifier under ${1#"$work"/} does not run"
}
runs "$work/prefix"

entry="$work/prefix/share/applications/keyroom.desktop"
desktop-file-validate "$entry" >"$work/told" 2>&1 || fail "the menu entry: $(cat "$work/told")"
[ ! -s "$work/told" ] || fail "the menu entry: $(cat "$work/told")"
[ -x "$work/prefix/bin/$(sed -n 's/^TryExec=//p' "$entry")" ] || fail "the menu entry starts a program that is not there"
[ -s "$work/prefix/share/icons/hicolor/scalable/apps/$(sed -n 's/^Icon=//p' "$entry").svg" ] ||
    fail "the menu entry has no icon"

# kind FILE
kind() {
    gio info -a standard::content-type "$1" | sed -n 's/.*standard::content-type: //p'
}
printf 'orbit lantern walrus nine teapot granite' >"$work/password"
"$keyroom" create "$work/v.keyroom" --operator m.ito --unlock-ms 1 --password-file "$work/password" >/dev/null 2>&1
cp "$work/v.keyroom" "$work/a-copy-without-a-name"
# The same file with another application's id is some other database.
cp "$work/v.keyroom" "$work/another"
printf '\0\0\0\0' | dd of="$work/another" bs=1 seek=68 conv=notrunc status=none
for vault in v.keyroom a-copy-without-a-name; do
    [ "$(kind "$work/$vault")" = application/x-keyroom ] || fail "$vault is taken for $(kind "$work/$vault")"
done
[ "$(kind "$work/another")" != application/x-keyroom ] || fail "another database is taken for a vault"
grep -qx "MimeType=$(kind "$work/v.keyroom");" "$entry" || fail "the menu entry does not open vaults"

package=$(packaging/linux/deb.sh "$built" "$work/out")
dpkg-deb -x "$package" "$work/package"
runs "$work/package/usr"
diff -r --exclude=mimeinfo.cache --exclude=copyright --exclude='icon-theme.cache' \
    "$work/prefix/share/applications" "$work/package/usr/share/applications" || fail "the package has another menu entry"
[ -s "$work/package/usr/share/doc/keyroom/copyright" ] || fail "the package has no copyright"
! dpkg-deb -c "$package" | awk '$2 != "root/root"' | grep -q . || fail "the package holds files that are not root's"
dpkg-deb -f "$package" Depends | tr ',' '\n' | while read -r needed; do
    dpkg-query -W "$needed" >/dev/null 2>&1 || apt-cache show "$needed" >/dev/null 2>&1 || fail "there is no package $needed"
done
echo "$step: installed, known to the desktop, packaged ($(($(stat -c %s "$package") / 1024 / 1024)) MiB)"
