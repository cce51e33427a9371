#!/bin/sh
# embed_web.sh EMBED OUT.c WEB: the gzipped pages of WEB/dist as a C file; written only if it differs. Their names
# carry hashes, so the list is made now and not when the build is set up.
set -e
embed=$1 out=$2 web=$3 tmp=$2.new
if [ -f "$web/dist/index.html.gz" ]; then
    base=$web/dist
    set -- $(find "$web/dist" -name '*.gz' | LC_ALL=C sort)
else
    base=$out.dir
    mkdir -p "$base"
    cp "$web/unbuilt.html" "$base/index.html"
    set -- "$base/index.html"
fi
"$embed" "$tmp" web_builtin "$base" "$@"
if cmp -s "$tmp" "$out"; then rm "$tmp"; else mv "$tmp" "$out"; fi
