# The scheduling benchmark; read by bench/run.   bench/run schedule; settings: SECONDS_EACH (10), SEEDS (10), DAYS_OF (made
# instances, or files of the ids format), PEERS (cbc pooled highs clingo gecode; "" for none).
# Times are wall clock on this machine as loaded as it is; `load` at the head says how much.

# need PROGRAM PACKAGE: installs a peer on demand; without root and apt it is left out and said so.
need() {
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get install -y --no-install-recommends "$2" >"$dir/apt.$2.log" 2>&1 || true; fi
  command -v "$1" >/dev/null || { echo "    $1 is not here and could not be installed ($2): left out"; return 1; }
}

field() { sed -n "s/.*\b$1 \([0-9.-]*\).*/\1/p" <<<"$2"; } # one figure out of a line of "name value"
middle() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2, v[NR] }'; }

# peer_row NAME COST BOUND SECONDS: beside ours ($cost).
peer_row() {
  local ratio="-"
  [[ $2 =~ ^[0-9.]+$ ]] && ratio=$(awk "BEGIN { printf \"%.3f\", ($2 + 1e-9) / ($cost + 1e-9) }")
  printf '    %-22s cost %-10s bound %-8s %7s s   x%s of venule\n' "$1" "${2:-none}" "${3:--}" "$4" "$ratio"
}

elapsed() { awk "BEGIN { printf \"%.1f\", $(date +%s.%N) - $1 }"; }

cbc_row() { # NAME FILE.lp
  local from out
  from=$(date +%s.%N)
  out=$(timeout $((limit + 60)) cbc "$2" sec "$limit" threads 1 solve quit 2>/dev/null || true)
  peer_row "$1" "$(sed -n 's/^Objective value: *//p' <<<"$out" | tail -1 | awk '{ printf "%g", $1 }')" \
    "$(sed -n 's/^Lower bound: *//p' <<<"$out" | tail -1)$(grep -q 'Optimal solution found' <<<"$out" && echo optimal)" "$(elapsed "$from")"
}

peers_of() { # FILE of one day
  local p from out lp="$dir/peer.lp" limit=${SECONDS_EACH:-10}
  for p in ${PEERS-cbc pooled highs clingo gecode}; do
    from=$(date +%s.%N)
    case $p in
    cbc) need cbc coinor-cbc || continue; "$build/bench/bench-schedule" lp "$1" >"$lp"; cbc_row cbc "$lp" ;;
    pooled) need cbc coinor-cbc || continue; "$build/bench/bench-schedule" pooled "$1" >"$lp"; cbc_row "cbc, nurses pooled *" "$lp" ;;
    highs)
      [ -d bench/peers/node_modules/highs ] || (cd bench/peers && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
      "$build/bench/bench-schedule" lp "$1" >"$lp"
      out=$(timeout $((limit + 60)) node bench/peers/highs.mjs "$lp" "$limit" 2>/dev/null || true)
      peer_row highs "$(field cost "$out")" "${out##*status }" "$(elapsed "$from")" ;;
    clingo)
      need clingo gringo || continue
      "$build/bench/bench-schedule" asp "$1" >"$dir/peer.asp"
      out=$(timeout $((limit + 60)) clingo "$dir/peer.asp" --time-limit="$limit" --quiet=1,0,1 2>/dev/null || true)
      peer_row clingo "$(sed -n 's/^Optimization *: *//p' <<<"$out" | tail -1)" "" "$(elapsed "$from")" ;;
    gecode)
      need minizinc minizinc || continue
      "$build/bench/bench-schedule" mzn "$1" >"$dir/peer.mzn"
      out=$(timeout $((limit + 60)) minizinc --solver gecode --time-limit $((limit * 1000)) -a "$dir/peer.mzn" 2>/dev/null || true)
      peer_row gecode "$(sed -n 's/^cost //p' <<<"$out" | tail -1)" "" "$(elapsed "$from")" ;;
    esac
  done
}

# ours FILE SECONDS: $cost, $bound (median), and a line.
ours() {
  local seed line costs="" times="" worst unplaced=0
  for seed in $(seq "${SEEDS:-10}"); do
    line=$("$build/venule" solve "$1" --time "$2" --threads 2 --seed "$seed" --out "$dir/plan" | tail -1)
    "$build/venule" solve --check "$1" "$dir/plan" >/dev/null || { echo "    the judge refuses seed $seed"; return 1; }
    costs+="$(field cost "$line")"$'\n' times+="$(field seconds "$line")"$'\n'
    case "$line" in *" unplaced 0 "* | *maxsize*) ;; *) unplaced=$((unplaced + 1)) ;; esac
  done
  read -r cost worst < <(printf %s "$costs" | middle)
  bound=$(field bound "$line")
  read -r seconds _ < <(printf %s "$times" | middle)
  gap=$(awk "BEGIN { printf \"%.2f\", 100 * ($cost - ${bound:-0}) / (${bound:-0} + 1e-9) }")
  printf '    %-22s cost %-10s bound %-8s %7s s   worst of %s seeds %s, %s of them leave visits out%s\n' \
    "venule, 2 threads" "$cost" "${bound:--}" "$seconds" "${SEEDS:-10}" "$worst" "$unplaced" "${bound:+, gap $gap %}"
}

schedule() {
  say "Schedule: one day, each solver ${SECONDS_EACH:-10} s; cost, bound, seconds"
  local name p c n f d placed=0 from cost bound gap seconds
  for name in ${DAYS_OF:-24,9,5 100,30,10 136,30,12 220,50,18 440,100,36}; do
    if [ -f "$name" ]; then f=$name; else
      IFS=, read -r p c n <<<"$name"
      f="$dir/ids.$p.txt"
      "$build/bench/bench-schedule" ids "$p" "$c" "$n" 1 >"$f"
    fi
    echo "  $name"
    ours "$f" "${SECONDS_EACH:-10}"
    peers_of "$f"
  done
  echo "    * a relaxation: its plan is not one for single nurses yet; its time is the least a two-step method needs"
  say "Courses over 40 days, ${SECONDS_EACH:-10} s each (nobody else reads them here; published runs: up to 1800 s on 6 threads)"
  for name in ${COURSES_OF:-15,1 20,1 45,2 70,3}; do
    if [ -f "$name" ]; then f=$name; else
      IFS=, read -r p n <<<"$name"
      f="$dir/scp.$p.txt"
      "$build/bench/bench-schedule" scp "$p" "$n" 1 >"$f"
    fi
    echo "  $name"
    bound="" ours "$f" "${SECONDS_EACH:-10}"
  done
  say "Demand of 22 real days (Huang, Sikder, Xu 2022): 14 chairs, 600 minutes, at most 3 starts in 15 minutes"
  from=$(date +%s.%N)
  for d in $(seq 22); do
    "$build/bench/bench-schedule" mayo22 "$d" >"$dir/mayo.txt"
    "$build/venule" solve "$dir/mayo.txt" --time 0.01 --out "$dir/plan" | grep -q ' unplaced 0 ' && placed=$((placed + 1))
    "$build/venule" solve --check "$dir/mayo.txt" "$dir/plan" >/dev/null
  done
  row "all 22 days placed, under 2 s" "$placed days placed, $(elapsed "$from") s with the programs' starts" "$placed == 22 && $(elapsed "$from") < 2"
}
