#!/bin/sh
# A pure room reads no clock, draws no random number, does no I/O and keeps no state: pure.sh ROOM.a BASE.a [PURE ROOM BELOW.a …]
# Every symbol the room leaves open must be one of base's (but its one file reader), a pure room's, or of the C library's
# pure part; and the room has no writable data. What is not on the list is refused, so a new way out cannot be overlooked.
# `-d REGEX` before the room names the doors it may use besides: care asks and tells the store, and nothing more.
set -eu
door='^$'
if [ "$1" = -d ]; then door=$2; shift 2; fi
room=$1
open=$(nm -u "$room" 2>/dev/null | awk 'NF == 2 && $1 == "U" { print $2 }' | sort -u)
own=$(for lib in "$@"; do nm --defined-only "$lib" 2>/dev/null; done | awk 'NF == 3 && $2 ~ /[TRVWD]/ { print $3 }' | sort -u)
impure='^(utc_zone_read|content_read_dir)$'
libc='^_?_?(mem(cpy|move|set|cmp|chr)|bcmp|str(len|nlen|cmp|ncmp|chr|rchr|str|pbrk|cpy|ncpy|cat|cspn|spn|tol|toll)|v?snprintf|qsort|bsearch|abort|labs|llabs)(_chk)?$'
maths='^(exp|expm1|log|log2|log10|log1p|pow|sqrt|cbrt|fabs|floor|ceil|round|lround|llround|fmin|fmax|fmod|erf|erfc|lgamma|tgamma|sin|cos|atan|hypot|isnan|isfinite|__isnan|__finite)$'
bignum='^__gmp([zqn]_[a-z0-9_]+|_snprintf)$'
tools='^(__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__assert_fail|__(asan|ubsan|sanitizer|tsan|gcov|llvm)_[A-Za-z0-9_]*|__(div|mod|mul|udiv|umod|float|fix)[a-z]*ti[a-z0-9]*)$'
bad=$(printf '%s\n' "$open" | grep -vxF -e "$own" | grep -vE "$libc|$maths|$bignum|$tools|$door" || true)
bad="$bad $(printf '%s\n' "$open" | grep -E "$impure" || true)"
bad=$(echo $bad)
status=0
if [ -n "$bad" ]; then
    echo "$(basename "$room") is not pure, it uses: $bad"
    status=1
fi
if ! printf '%s\n' "$open" | grep -qE '^__(asan|ubsan|tsan|gcov|llvm)'; then
    state=$(size -A "$room" | awk '$2 > 0 && ($1 ~ /^\.(data|bss|tdata|tbss)(\.|$)/) && $1 !~ /^\.data\.rel\.ro/ { n += $2 } END { print n + 0 }')
    if [ "$state" -gt 0 ]; then
        echo "$(basename "$room") keeps $state bytes of writable state"
        status=1
    fi
fi
[ -n "$own" ] || { echo "$(basename "$room") defines nothing"; status=1; }
exit $status
