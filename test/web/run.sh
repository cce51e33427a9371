#!/bin/sh
# The pages in a real browser, every test_*.mjs here. Needs build/venule, web/node_modules and Chromium (./dev check has them).
set -e
cd "$(dirname "$0")/../.."
(cd web && npm run --silent check)
for t in test/web/test_*.mjs; do
    echo "$t"
    node "$t"
done
