#!/bin/bash
# bad_days.sh VENULE VENULE_SIM [FIRST [LAST [AT_ONCE [SPEED [PATIENTS]]]]]: seeded bad days, one a seed: 5 % of the
# pumps' messages lost, doubled, late and out of order, the network cut now and then, lines that block, batteries that
# run empty, patients who react, and staff who take the neighbour's wristband, scan a bag only after they started it, and
# chart starts and stops late or never.
# Of each: every certain infusion within tolerance of the truth, uncertain only where a message never arrived, each
# reconciled; no charge without a segment, no given drug without a charge; every visit ended; the ledger whole.
venule=$1 sim=$2 first=${3:-1} last=${4:-${3:-1}} at_once=${5:-1} speed=${6:-1000} patients=${7:-4}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export venule sim speed patients dir

day() {
    local seed=$1 d=$dir/$1 clock http mllp server
    local db=sqlite:$d/day.db
    mkdir "$d"
    {
        "$sim" patients --seed "$seed" --count "$patients" --out "$d/patients" --day 2026-03-09 &&
        "$venule" import --db "$db" "$d"/patients/*.json || return 1
        clock="2026-03-09T11:25:00Z@$(date -u +%Y-%m-%dT%H:%M:%SZ),$speed"
        "$venule" serve --db "$db" --http 127.0.0.1:0 --mllp 127.0.0.1:0 --demo --clock "$clock" >"$d/serve.log" 2>&1 &
        server=$!
        for _ in $(seq 200); do grep -q 'pumps on' "$d/serve.log" && break; sleep 0.1; done
        http=$(sed -n 's/.* on \(http:[^ ,]*\),.*/\1/p' "$d/serve.log")
        mllp=$(sed -n 's/.*pumps on \([^ ]*\).*/\1/p' "$d/serve.log")
        "$sim" day --http "$http" --mllp "$mllp" --clock "$clock" --truth "$d/truth.jsonl" --charges "$d/charges.jsonl" \
            --seed "$seed" --pumps 8 --faults all --reactions 400 --slips 300 --until 2026-03-10T11:00:00Z --verbose
        local day=$?
        kill "$server"; wait "$server"
        "$venule" flow --db "$db" >"$d/flow.jsonl" && [ $day = 0 ] &&
        "$sim" check --truth "$d/truth.jsonl" --flow "$d/flow.jsonl" --charges "$d/charges.jsonl" &&
        "$venule" verify --db "$db"
    } >"$d/log" 2>&1
    local code=$?
    if [ $code = 0 ] && ! grep -qE 'DEFECT|^0 passed' "$d/log"; then
        echo "seed $seed: $(grep 'passed (' "$d/log")"
        rm -rf "$d"
    else
        echo "seed $seed: FAILED"
        grep -E 'FAILED|DEFECT|venule-sim|^day ' "$d/log" | tail -8
        tail -15 "$d/log" | cut -c1-240
    fi
}
export -f day
seq "$first" "$last" | xargs -P "$at_once" -I{} bash -c 'day {}' >"$dir/all"
cat "$dir/all"
failed=$(grep -c ': FAILED' "$dir/all")
awk '/passed \(/ { p += $3; u += substr($5, 2) } END { printf "%d infusions certain or reconciled, %d of them reconciled; ", p, u }' "$dir/all"
echo "$((last - first + 1 - failed)) of $((last - first + 1)) bad days passed"
[ "$failed" = 0 ]
