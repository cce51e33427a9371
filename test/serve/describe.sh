#!/bin/sh
# describe.sh write|check PROGRAM SOURCE: the committed descriptions of the API against what the program prints.
set -e
mode=$1 program=$2 root=$3
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
"$program" types > "$tmp/api.ts"
"$program" openapi > "$tmp/openapi.json"
"$program" rules > "$tmp/rules.md"
if [ "$mode" = write ]; then
    mkdir -p "$root/web/src" "$root/doc"
    cp "$tmp/api.ts" "$root/web/src/api.ts"
    cp "$tmp/openapi.json" "$root/doc/openapi.json"
    cp "$tmp/rules.md" "$root/doc/rules.md"
    exit 0
fi
if ! diff -u "$root/web/src/api.ts" "$tmp/api.ts" || ! diff -u "$root/doc/openapi.json" "$tmp/openapi.json" ||
    ! diff -u "$root/doc/rules.md" "$tmp/rules.md"; then
    echo "The tables changed: run \`ninja -C build describe\` and commit web/src/api.ts, doc/openapi.json and doc/rules.md."
    exit 1
fi
