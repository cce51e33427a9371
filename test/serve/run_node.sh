#!/bin/sh
# One test script with the program under test; for pg_fixture.sh, which runs programs without words.
exec "$NODE" "$SCRIPT" "$VENULE"
