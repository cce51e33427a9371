#!/bin/sh
# ./dev shot [URL]: the pictures of doc/img from a running demo.
set -e
cd "$(dirname "$0")/../.."
exec node test/web/shot.mjs "$@"
