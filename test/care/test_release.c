/* Content comes into force by two people's signatures: outside a demo site not without, nowhere with a wrong one. */
#include "harness.h"

#include <sodium.h>
#include <string.h>

#include "formulary/builtin.h"
#include "formulary/sign.h"
#include "serve/release.h"

struct signer {
    char public[SIGN_PUBLIC_HEX + 1], secret[SIGN_SECRET_HEX + 1];
};

/* The same key in every run: from a seed, as RFC 8032 makes it. */
static struct signer key_of(unsigned char seed_byte)
{
    struct signer k;
    unsigned char seed[crypto_sign_SEEDBYTES], pub[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    memset(seed, seed_byte, sizeof seed);
    crypto_sign_seed_keypair(pub, secret, seed);
    sodium_bin2hex(k.public, sizeof k.public, pub, sizeof pub);
    sodium_bin2hex(k.secret, sizeof k.secret, secret, sizeof secret);
    return k;
}

/* The shipped content as a site would have it that has approved every file. */
static const struct content *approved(struct arena *a)
{
    struct embed_file *files = ARENA_ARRAY(a, (size_t)content_builtin.count, struct embed_file);
    struct embed_set set = {files, content_builtin.count};
    const struct content *c = NULL;
    struct err e = {0};
    for (int i = 0; i < set.count; i++) {
        static const char *const swaps[][2] = {{"status: DEMO", "status: approved"}, {"approved_by: none", "approved_by: T. Committee"},
            {"  demo: true", "  demo: false"}};
        const char *text = (const char *)content_builtin.files[i].data;
        for (int s = 0; s < 3; s++) {
            const char *at = strstr(text, swaps[s][0]);
            if (at)
                text = arena_printf(a, "%.*s%s%s", (int)(at - text), text, swaps[s][1], at + strlen(swaps[s][0]));
        }
        files[i] = content_builtin.files[i];
        files[i].data = (const unsigned char *)text;
        files[i].len = strlen(text);
    }
    if (!content_read_embedded(a, &set, &c, &e))
        fail_msg("%s: %s", e.where, e.text);
    return c;
}

static void rfc_8032(void **state)
{
    (void)state;
    /* RFC 8032 section 7.1, test 1: the key pair of its seed; the signature is over our own text. */
    static const char secret[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
                                 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    static const char public[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    char hash[65], sig[SIGN_HEX + 1], other[SIGN_HEX + 1];
    struct err e = {0};
    memset(hash, 'a', 64), hash[64] = 0;
    assert_true(content_key_ok(public));
    assert_true(content_sign(hash, "2026.2", secret, sig, &e));
    assert_true(content_signed(hash, "2026.2", public, sig));
    assert_true(content_sign(hash, "2026.2", secret, other, &e));
    assert_string_equal(sig, other); /* deterministic */
    assert_false(content_signed(hash, "2026.3", public, sig));
    hash[0] = 'b';
    assert_false(content_signed(hash, "2026.2", public, sig));
    hash[0] = 'a';
    sig[5] = sig[5] == '0' ? '1' : '0';
    assert_false(content_signed(hash, "2026.2", public, sig));
    assert_false(content_signed(hash, "2026.2", public, "zz"));
    assert_false(content_sign(hash, "2026.2", "12", sig, &e));
    assert_false(content_sign("short", "2026.2", secret, sig, &e));
    assert_false(content_key_ok("00"));
    assert_false(content_key_ok("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"));
}

struct scene {
    const struct content *approved, *shipped;
    struct signer one, two;
    const char *first, *second; /* staff ids */
};

static struct scene furnished(struct house *h)
{
    struct scene s = {.one = key_of(1), .two = key_of(2)};
    s.first = made(h, NULL, "staff.add", "{'login':'form1','name':'F. One','roles':'formulary','hash':'$argon2id$x'}");
    s.second = made(h, NULL, "staff.add", "{'login':'form2','name':'F. Two','roles':'pharmacist','hash':'$argon2id$x'}");
    did(h, "admin", "staff.change", "{'staff':'%s','sign_key':'%s'}", s.first, s.one.public);
    s.approved = approved(h->keep);
    s.shipped = h->content;
    did(h, NULL, "site.set", "{'id':'site','name':'Real centre','zone':'America/New_York','setting':'centre','billing':'facility',"
        "'demo':false,'phone':'555','opens':450,'closes':1080}");
    return s;
}

static const char *sig_of(struct house *h, const struct scene *s, const struct signer *k, const char *version)
{
    char out[SIGN_HEX + 1];
    struct err e = {0};
    assert_true(content_sign(s->approved->hash, version, k->secret, out, &e));
    return arena_strdup(h->keep, out);
}

static bool release(struct house *h, const struct scene *s, const char *version, const char *a, const char *b)
{
    h->content = s->approved; /* what this server has read */
    bool ok = a ? ask(h, "form1", "content.release",
        "{'hash':'%s','version':'%s','second':'%s','signatures':[{'staff':'%s','signature':'%s'},{'staff':'%s','signature':'%s'}]}",
        s->approved->hash, version, s->second, s->first, a, s->second, b) :
        ask(h, b, "content.release", "{'hash':'%s','version':'%s','second':'%s'}", s->approved->hash, version, s->second);
    h->content = ok ? s->approved : s->shipped; /* what is in force */
    return ok;
}

static void two_signatures(void **state)
{
    struct house *h = *state;
    struct scene s = furnished(h);
    const char *a = sig_of(h, &s, &s.one, "2026.2"), *b = sig_of(h, &s, &s.two, "2026.2");
    int before = count(h, "content_release", "1=1");
    assert_false(release(h, &s, "2026.2", NULL, "form1")); /* no signatures */
    assert_true(holds(h->e.text, "there are 0"));
    assert_false(release(h, &s, "2026.2", NULL, NULL)); /* nor may the program */
    assert_false(release(h, &s, "2026.2", a, b)); /* the second has no key on record yet */
    assert_true(holds(h->e.text, "no key on record"));
    assert_false(ask(h, "admin", "staff.change", "{'staff':'%s','sign_key':'%s'}", s.second, s.one.public)); /* one key, one person */
    assert_false(ask(h, "admin", "staff.change", "{'staff':'%s','sign_key':'abc'}", s.second));
    did(h, "admin", "staff.change", "{'staff':'%s','sign_key':'%s'}", s.second, s.two.public);
    assert_false(release(h, &s, "2026.2", a, a)); /* the first's signature twice */
    assert_true(holds(h->e.text, "does not fit"));
    assert_false(release(h, &s, "2026.3", a, b)); /* signed under another name */
    assert_int_equal(count(h, "content_release", "1=1"), before);
    if (!release(h, &s, "2026.2", a, b))
        fail_msg("%s: %s", h->e.where, h->e.text);
    const struct node *kept = row(h, "content_release", s.approved->hash);
    assert_string_equal(at(kept, "signatures[1].key"), s.two.public);
    assert_string_equal(at(kept, "demo"), "false");
    whole(h);
}

/* What the server checks at start and when it takes over another's release. */
static void checked_before_use(void **state)
{
    struct house *h = *state;
    struct scene s = furnished(h);
    const char *a = sig_of(h, &s, &s.one, "2026.2"), *b = sig_of(h, &s, &s.two, "2026.2");
    struct err e = {0};
    const char *was = one(h, "content_release", "1=1");
    did(h, "admin", "staff.change", "{'staff':'%s','sign_key':'%s'}", s.second, s.two.public);
    assert_true(release(h, &s, "2026.2", a, b));
    struct tx t;
    assert_true(tx_read(&t, h->store, h->a, 1, &care_event_types, &e));
    assert_true(release_signed(&t, s.approved->hash, &e));
    assert_false(release_signed(&t, was, &e)); /* released by the program while this was a demonstration: unsigned */
    assert_int_equal(e.kind, ERR_REFUSED);
    tx_rollback(&t);
    /* a key that changes later does not undo what was signed */
    e = (struct err){0};
    struct signer next = key_of(3);
    did(h, "admin", "staff.change", "{'staff':'%s','sign_key':'%s'}", s.second, next.public);
    assert_true(tx_read(&t, h->store, h->a, 1, &care_event_types, &e));
    assert_true(release_signed(&t, s.approved->hash, &e));
    tx_rollback(&t);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {cmocka_unit_test(rfc_8032), T(two_signatures), T(checked_before_use)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
