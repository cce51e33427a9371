#!/bin/sh
# day.sh VENULE VENULE_SIM: a whole fault-free seeded day through the network interfaces: synthetic patients imported,
# plans made, bags mixed, pumps run as processes, charges made. Every visit must end, every infusion's volume must equal
# the simulator's truth within the tolerance, nothing may be uncertain, and the ledger must be whole.
set -e
venule=$1 sim=$2
dir=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    rm -rf "$dir"
}
trap finish EXIT
db=sqlite:$dir/day.db
"$sim" patients --seed 11 --count 6 --out "$dir/patients" --day 2026-03-09
"$venule" import --db "$db" "$dir"/patients/*.json
clock="2026-03-09T11:25:00Z@$(date -u +%Y-%m-%dT%H:%M:%SZ),300"
"$venule" serve --db "$db" --http 127.0.0.1:0 --mllp 127.0.0.1:0 --demo --clock "$clock" > "$dir/serve.log" 2>&1 &
server=$!
for i in $(seq 100); do grep -q 'pumps on' "$dir/serve.log" && break; sleep 0.1; done
http=$(sed -n 's/.* on \(http:[^ ,]*\),.*/\1/p' "$dir/serve.log")
mllp=$(sed -n 's/.*pumps on \([^ ]*\).*/\1/p' "$dir/serve.log")
if ! "$sim" day --http "$http" --mllp "$mllp" --clock "$clock" --truth "$dir/truth.jsonl" --seed 11 --pumps 8 --verbose \
    --until 2026-03-10T02:00:00Z 2> "$dir/day.log"; then
    tail -40 "$dir/day.log"; cat "$dir/serve.log"; exit 1
fi
kill "$server"; wait "$server" || true; server=
"$venule" flow --db "$db" > "$dir/flow.jsonl"
test "$(wc -l < "$dir/truth.jsonl")" -ge 6
"$sim" check --truth "$dir/truth.jsonl" --flow "$dir/flow.jsonl"
"$venule" verify --db "$db"
