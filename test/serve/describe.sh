#!/bin/sh
# describe.sh write|check PROGRAM SOURCE: the committed descriptions of the API against what the program prints.
set -e
mode=$1 program=$2 root=$3
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
"$program" types > "$tmp/api.ts"
"$program" openapi > "$tmp/openapi.json"
if [ "$mode" = write ]; then
    mkdir -p "$root/web/src" "$root/doc"
    cp "$tmp/api.ts" "$root/web/src/api.ts"
    cp "$tmp/openapi.json" "$root/doc/openapi.json"
    exit 0
fi
if ! diff -u "$root/web/src/api.ts" "$tmp/api.ts" || ! diff -u "$root/doc/openapi.json" "$tmp/openapi.json"; then
    echo "The tables changed: run \`ninja -C build describe\` and commit web/src/api.ts and doc/openapi.json."
    exit 1
fi
