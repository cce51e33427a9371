#!/bin/sh
# A file with wrong answers: each bad row is named, the good ones pass, and the exit status says so.
out=$("$1" calc --keys "$2") && { echo "wrong answers passed"; exit 1; }
printf '%s\n' "$out"
for row in B002 B003 B004 B005 "?"; do
    printf '%s\n' "$out" | grep -q "^$row: " || { echo "$row was not refused"; exit 1; }
done
[ "$(printf '%s\n' "$out" | tail -n 1)" = "2 passed, 5 failed" ] || exit 1
"$1" calc --keys /nonexistent.csv 2>/dev/null && exit 1
"$1" calc bsa.mosteller weight='85 kg' 2>/dev/null && exit 1
"$1" calc nothing 2>/dev/null && exit 1
"$1" calc 2>/dev/null && exit 1
"$1" calc bsa.mosteller weight='85 kg' height='180 cm' | grep -q '"value":2.06155281280883,"unit":"m2"' || exit 1
[ "$("$1" calc --list | wc -l)" -ge 34 ] || exit 1
