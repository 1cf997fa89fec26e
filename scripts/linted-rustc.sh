#!/usr/bin/env bash
# rustc for the crates of this package, with clippy before it: a warning of either ends the build. Cargo calls it where it
# stands in RUSTC_WORKSPACE_WRAPPER. `cargo clippy` would check every dependency a second time, for minutes, and say the same.
# What is built is rustc's own. A release build is not linted: it is of the same sources.
set -euo pipefail

# Cargo's own questions about the compiler have no package.
[ -n "${CARGO_PRIMARY_PACKAGE:-}" ] || exec "$@"
for argument in "$@"; do
    case "$argument" in opt-level=[123sz]) exec "$@" ;; esac
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
arguments=()
before=
for argument in "${@:2}"; do
    # Nothing that clippy writes may be taken for rustc's, and cargo is told of rustc's files alone.
    case "$before $argument" in
    *" --emit="*) argument=--emit=metadata ;;
    *" --json="*) argument=${argument//artifacts,/} ;;
    "--out-dir "*) argument=$scratch ;;
    "-C incremental="*) argument=incremental=$scratch/incremental ;;
    esac
    arguments+=("$argument")
    before=$argument
done
clippy-driver "${arguments[@]}" -D warnings

rm -rf "$scratch"
trap - EXIT
exec "$@"
