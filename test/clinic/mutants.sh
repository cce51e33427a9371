#!/usr/bin/env bash
# Known errors put into the source one at a time: each must be caught, by the test that is named for it.
# mutants.sh SOURCE_ROOT OUT LIBCLINIC LIBBASE CC [FLAG …]
# W1-W3 are errors of public programs (wrong answer keys); the others are our own.
set -u
root=$1 out=$2 clinic=$3 base=$4
shift 4
cc=("$@")
mkdir -p "$out"
failed=0

# name | file under src | sed expression | test program | test that must fail
mutants() {
    cat <<'EOF'
W1 carboplatin by 1.2 GFR + 20|clinic/derive.c|s/dec_sum(gfr, dec_int(25))/dec_sum(dec_prod(gfr, dec_lit("1.2")), dec_int(20))/|test_derive|known_calvert
W1 the same in the second engine|clinic/recheck.c|s/mpq_set_si(k, 25, 1)/mpq_set_si(k, 20, 1)/|test_derive|known_calvert
swapped height and weight|clinic/derive_size.c|s/dec_pow(b->weight, dec_lit(kw)), dec_pow(b->height, dec_lit(kh))/dec_pow(b->height, dec_lit(kw)), dec_pow(b->weight, dec_lit(kh))/|test_derive|known_surfaces
missing cap|clinic/derive.c|s/if (w->out->capped)/if (false)/|test_derive|known_rchop
off-by-one band|clinic/derive.c|s/dec_le(w->o->bands\[i\].from, \*dose) && dec_lt(\*dose, w->o->bands\[i\].below)/dec_lt(w->o->bands[i].from, *dose) \&\& dec_le(*dose, w->o->bands[i].below)/|test_derive|known_bands
wrong unit factor|base/unit.c|s/PLAIN("g", "g", 1, 1, 1/PLAIN("g", "g", 10, 1, 1/|test_derive|known_rchop
stale lab|clinic/derive_size.c|s/r->max_age_days \* UTC_DAY/10 * r->max_age_days * UTC_DAY/|test_derive|refuses_stale
second engine sees swapped height and weight|clinic/derive_size.c|s/dec_pow(b->weight, dec_lit(kw)), dec_pow(b->height, dec_lit(kh))/dec_pow(b->height, dec_lit(kw)), dec_pow(b->weight, dec_lit(kh))/|dose_diff|differ
second engine sees a missing cap|clinic/derive.c|s/if (w->out->capped)/if (false)/|dose_diff|differ
second engine sees an off-by-one band|clinic/derive.c|s/dec_le(w->o->bands\[i\].from, \*dose) \&\& dec_lt(\*dose, w->o->bands\[i\].below)/dec_lt(w->o->bands[i].from, *dose) \&\& dec_le(*dose, w->o->bands[i].below)/|dose_diff|differ
second engine sees a wrong unit factor|base/unit.c|s/PLAIN("g", "g", 1, 1, 1/PLAIN("g", "g", 10, 1, 1/|dose_diff|differ
second engine sees a stale lab|clinic/derive_size.c|s/r->max_age_days \* UTC_DAY/10 * r->max_age_days * UTC_DAY/|dose_diff|differ
second engine sees W1|clinic/derive.c|s/dec_sum(gfr, dec_int(25))/dec_sum(dec_prod(gfr, dec_lit("1.2")), dec_int(20))/|dose_diff|differ
stale finding|clinic/derive_rule.c|s/if (f->max_age_days <= 0)/if (true)/|test_derive|reductions
best rule wins|clinic/derive_rule.c|s/gravity(a->action) > gravity(b->action)/gravity(a->action) < gravity(b->action)/|test_derive|worst_rule_wins
half the rate by default|clinic/resume.c|s/    if (!row)\n        return true;//; s/out->listed = true;/out->listed = true; if (!dec_is(row->fraction)) { out->allowed = true; out->rate = dec_quot(rate_at_onset, dec_int(2)); return true; }/|test_resume|never_half_by_default
EOF
    [ -f "$root/src/clinic/pk_models.c" ] && cat <<'EOF'
W2 Schnider: lean for total weight in the clearance|clinic/pk_models.c|s/0.0456 \* (p->weight - 77)/0.0456 * (lean - 77)/|test_pk|propofol_profiles
W2 Schnider: sign of the age in Q2|clinic/pk_models.c|s/1.29 - 0.024 \* (p->age - 53)/1.29 + 0.024 * (p->age - 53)/|test_pk|propofol_profiles
W3 Schnider: V2 about age 52|clinic/pk_models.c|s/18.9 - 0.391 \* (p->age - 53)/18.9 - 0.391 * (p->age - 52)/|test_pk|propofol_profiles
W3 Eleveld: 1.83 for 1.75 in Q2, matured twice|clinic/pk_models.c|s/ln_q2 = 0.559672/ln_q2 = 0.604316/|test_pk|propofol_profiles
EOF
    return 0
}

while IFS='|' read -r name file edit program test; do
    dir=$out/m; rm -rf "$dir"; mkdir -p "$dir"
    sed -E "s/x/x/" "$root/src/$file" >"$dir/plain.c"
    sed -e "$edit" "$root/src/$file" >"$dir/mutant.c"
    if cmp -s "$dir/plain.c" "$dir/mutant.c"; then
        echo "$name: the line to be changed is no longer in src/$file"; failed=1; continue
    fi
    main=$root/test/clinic/$program.c
    [ -f "$main" ] || main=$root/bench/$program.c
    if ! "${cc[@]}" -std=c17 -O1 -w -D_GNU_SOURCE -I"$root/src" -I"$root" "$dir/mutant.c" "$main" \
        -o "$dir/program" "$clinic" "$base" -lcmocka -lmpfr -lgmp -lyaml -lpthread -lm >"$dir/cc.log" 2>&1; then
        echo "$name: does not build"; head -5 "$dir/cc.log"; failed=1; continue
    fi
    "$dir/program" 20000 1 >"$dir/run.log" 2>&1
    if grep -qE "^\[  FAILED  \] $test\$|^[0-9]+ orders.* [1-9][0-9]* $test" "$dir/run.log"; then
        echo "$name: caught by $program $test"
    else
        echo "$name: NOT CAUGHT by $program $test"; grep -E "FAILED|PASSED" "$dir/run.log" | head -5; failed=1
    fi
done < <(mutants)
exit $failed
