#!/bin/sh
# One crash test in words of the environment; for pg_fixture.sh, which runs programs without words.
exec "$NODE" "$SCRIPT" $WORDS
