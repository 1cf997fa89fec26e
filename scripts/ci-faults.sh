#!/usr/bin/env bash
# What goes wrong around a vault, on the real program: a disk that is full, takes no more files, or may only be read, a file
# another program holds, a file that is gone, a copy that is older than what this computer has seen, a history that is
# another one, a keyring that is absent or locked. Each has its own message and exit code, and nothing is lost. Exits with
# 77 where nothing of it can be tried here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/stand.sh

cargo build --release --locked --bin keyroom
unset DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY
mkdir -m 700 "$work/home"
export HOME="$work/home" XDG_CONFIG_HOME="$work/home/config" XDG_STATE_HOME="$work/home/state" XDG_RUNTIME_DIR="$work/home"

printf 'orbit lantern walrus nine teapot granite' >"$work/password"
password=(--password-file "$work/password")
not_tried=()

# create_in DIR: a vault with one key, `kept`.
create_in() {
    expect 0 "" "$keyroom" create "$1/v.keyroom" --operator m.ito --unlock-ms 1 "${password[@]}"
    expect 0 "" "$keyroom" key add "$1/v.keyroom" --name kept --type password --generate "${password[@]}"
}

# whole DIR: the vault opens, verifies, and still has its key.
whole() {
    expect 0 "" "$keyroom" vault check "$1/v.keyroom" "${password[@]}"
    expect 0 "" "$keyroom" key reveal "$1/v.keyroom" kept --reason "is it still there" "${password[@]}"
    [ -s "$work/told" ] || fail "the value is gone"
}

full_disk() {
    local disk="$work/disk"
    mkdir "$disk"
    mount -t tmpfs -o size=1m tmpfs "$disk" 2>/dev/null || return 77
    mounts+=("$disk")
    create_in "$disk"
    head -c 600000 /dev/urandom >"$work/large"
    # Room for a session, not for a large value or a second copy.
    local free
    free=$(df --output=avail -B1024 "$disk" | tail -n 1)
    head -c $(((free - 60) * 1024)) /dev/zero >"$disk/fill"
    expect 1 "the disk is full" \
        "$keyroom" key add "$disk/v.keyroom" --name large --type file --from "$work/large" "${password[@]}"
    expect 0 "" "$keyroom" key list "$disk/v.keyroom" "${password[@]}"
    ! grep -q large "$work/told" || fail "a key that was not recorded is there"
    expect 1 "disk is full" "$keyroom" vault backup "$disk/v.keyroom" "$disk/b.keyroom" "${password[@]}"
    # No room at all: not even a session, and so nothing is shown.
    dd if=/dev/zero of="$disk/fill" bs=1k 2>/dev/null || true
    for act in "key list" "key show" "key reveal" "audit export"; do
        # shellcheck disable=SC2086
        case "$act" in
        "key list") set -- ;;
        "key show") set -- kept ;;
        "key reveal") set -- kept --reason drill ;;
        *) set -- "$disk/out" ;;
        esac
        # shellcheck disable=SC2086
        expect 1 "could not be recorded: the disk is full" "$keyroom" $act "$disk/v.keyroom" "$@" "${password[@]}"
        [ ! -s "$work/told" ] || fail "$act answered although nothing could be recorded"
    done
    rm "$disk/fill"
    whole "$disk"
    # A disk that may only be read.
    mount -o remount,ro "$disk"
    expect 1 "could not be recorded: the vault file cannot be written: it or its folder is read-only" \
        "$keyroom" key list "$disk/v.keyroom" "${password[@]}"
    [ ! -s "$work/told" ] || fail "a vault that cannot record answered"
    mount -o remount,rw "$disk"
    whole "$disk"
    echo "$step: a full and a read-only disk: named, nothing lost"
}

# A disk may have room for bytes and none for another file: SQLite's journal is one.
no_more_files() {
    local disk="$work/files" n=0
    mkdir "$disk"
    mount -t tmpfs -o size=4m,nr_inodes=16 tmpfs "$disk" 2>/dev/null || return 77
    mounts+=("$disk")
    create_in "$disk"
    while : 2>/dev/null >"$disk/file-$n"; do n=$((n + 1)); done
    for act in "key list" "vault check" "session list"; do
        # shellcheck disable=SC2086
        expect 1 "could not be recorded: the disk is full" "$keyroom" $act "$disk/v.keyroom" "${password[@]}"
    done
    expect 1 "the disk is full" "$keyroom" create "$disk/w.keyroom" --operator m.ito --unlock-ms 1 "${password[@]}"
    # Room for one more: the vault's own journal, not for a copy and its journal.
    rm "$disk/file-0"
    expect 1 "disk is full" "$keyroom" vault backup "$disk/v.keyroom" "$disk/b.keyroom" "${password[@]}"
    [ ! -e "$disk/b.keyroom" ] || fail "half a copy was left"
    rm "$disk"/file-*
    whole "$disk"
    echo "$step: a disk that takes no more files: named, nothing lost"
}

held_file() {
    command -v python3 >/dev/null || return 77
    local dir="$work/held"
    mkdir "$dir"
    create_in "$dir"
    python3 -c '
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(600)' "$dir/v.keyroom" >"$dir/held" &
    local holder=$!
    pids+=("$holder")
    try_for 20 grep -q held "$dir/held" || fail "the file could not be held"
    expect 1 "the vault file is in use by another program; try again" \
        "$keyroom" key list "$dir/v.keyroom" "${password[@]}"
    kill "$holder"
    wait "$holder" 2>/dev/null || true
    whole "$dir"
    expect 1 "$dir/gone.keyroom: there is no file at this place" "$keyroom" key list "$dir/gone.keyroom" "${password[@]}"
    echo "$step: a held file and one that is gone: named, nothing lost"
}

older_and_other() {
    local tool
    for tool in gnome-keyring-daemon dbus-run-session; do
        command -v "$tool" >/dev/null || return 77
    done
    local dir="$work/older"
    mkdir "$dir"
    export dir keyroom work step
    export -f expect fail older_and_other_within whole
    with_keyring bash -c 'set -euo pipefail; password=(--password-file "$work/password"); older_and_other_within'
    # The keyring is gone: the vault still opens, and says that the protection is off.
    expect 0 "" "$keyroom" vault check "$dir/v.keyroom" "${password[@]}"
    grep -q "rollback protection off" "$work/told" || fail "a missing keyring is not told"
    echo "$step: an older copy and another history end with 5; without a keyring the protection is said to be off"
}

older_and_other_within() {
    local v="$dir/v.keyroom"
    expect 0 "" "$keyroom" create "$v" --operator m.ito --unlock-ms 1 "${password[@]}"
    cp "$v" "$dir/old"
    expect 0 "" "$keyroom" key add "$v" --name kept --type password --generate "${password[@]}"
    cp "$v" "$dir/new"

    cp "$dir/old" "$v"
    for act in "key list" "vault check" "audit verify" "session list"; do
        # shellcheck disable=SC2086
        expect 5 "vault accept-restored" "$keyroom" $act "$v" "${password[@]}"
    done
    expect 5 '"code":"rolled_back"' "$keyroom" --json key list "$v" "${password[@]}"
    cmp -s "$dir/old" "$v" || fail "an older copy was written to"

    # Somebody goes on with the old copy on a computer that has seen nothing else.
    cp "$dir/old" "$dir/other"
    for name in a b c; do
        DBUS_SESSION_BUS_ADDRESS=unix:path="$dir/none" \
            expect 0 "" "$keyroom" key add "$dir/other" --name "$name" --type password --generate "${password[@]}"
    done
    cp "$dir/other" "$v"
    expect 5 '"code":"forked"' "$keyroom" --json key list "$v" "${password[@]}"

    # Back to the file this computer knows: all is well. Then the older one, on purpose.
    cp "$dir/new" "$v"
    whole "$dir"
    cp "$dir/old" "$v"
    expect 0 "" "$keyroom" vault accept-restored "$v" --reason "restored from the backup of Monday" "${password[@]}"
    expect 0 "" "$keyroom" vault check "$v" "${password[@]}"
    expect 0 "" "$keyroom" audit list "$v" "action:vault.accept_restored" "${password[@]}"
    grep -q "backup of Monday" "$work/told" || fail "the acceptance is not in the log"
    cp "$dir/new" "$v"
    expect 5 "" "$keyroom" key list "$v" "${password[@]}"
}

for part in full_disk no_more_files held_file older_and_other; do
    code=0
    "$part" || code=$?
    case "$code" in
    0) ;;
    77) not_tried+=("$part") ;;
    *) exit "$code" ;;
    esac
done
[ ${#not_tried[@]} -eq 0 ] || echo "$step: not tried here: ${not_tried[*]}"
[ ${#not_tried[@]} -lt 4 ] || exit 77
