#include "formulary/sign.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/field.h"
#include "base/json.h"
#include "base/tree.h"

enum { MESSAGE_MAX = 600 };

/* The bytes that are signed. */
static int message(const char *hash, const char *version, char out[MESSAGE_MAX])
{
    return snprintf(out, MESSAGE_MAX, "venule content release\n%.64s\n%.400s\n", hash, version);
}

static bool from_hex(const char *hex, size_t bytes, unsigned char *out)
{
    size_t n = 0;
    return hex && strlen(hex) == bytes * 2 && sodium_hex2bin(out, bytes, hex, bytes * 2, NULL, &n, NULL) == 0 && n == bytes;
}

bool content_sign(const char *hash, const char *version, const char *secret_hex, char out[SIGN_HEX + 1], struct err *e)
{
    unsigned char key[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
    char text[MESSAGE_MAX];
    if (strlen(hash) != 64)
        return err_set(e, ERR_INPUT, "hash", "a release has a hash of 64 hex digits");
    if (!from_hex(secret_hex, sizeof key, key))
        return err_set(e, ERR_INPUT, "key", "is not a secret key of %d hex digits", SIGN_SECRET_HEX);
    int n = message(hash, version, text);
    bool ok = crypto_sign_detached(sig, NULL, (const unsigned char *)text, (size_t)n, key) == 0;
    sodium_memzero(key, sizeof key);
    sodium_bin2hex(out, SIGN_HEX + 1, sig, sizeof sig);
    return ok || err_set(e, ERR_INTERNAL, "key", "cannot sign");
}

bool content_signed(const char *hash, const char *version, const char *public_hex, const char *signature_hex)
{
    unsigned char key[crypto_sign_PUBLICKEYBYTES], sig[crypto_sign_BYTES];
    char text[MESSAGE_MAX];
    if (!from_hex(public_hex, sizeof key, key) || !from_hex(signature_hex, sizeof sig, sig))
        return false;
    int n = message(hash, version, text);
    return crypto_sign_verify_detached(sig, (const unsigned char *)text, (size_t)n, key) == 0;
}

bool content_key_ok(const char *public_hex)
{
    unsigned char key[crypto_sign_PUBLICKEYBYTES];
    return from_hex(public_hex, sizeof key, key) && crypto_core_ed25519_is_valid_point(key) == 1;
}

bool content_signed_by_two(struct arena *a, const char *hash, const char *version, const char *signatures, struct err *e)
{
    const char *people[SIGNATURES_MAX], *keys[SIGNATURES_MAX];
    int n = 0;
    struct node *list = signatures ? json_read(a, signatures, strlen(signatures), FIELD_LONG_MAX, e) : NULL;
    if (signatures && !list)
        return false;
    if (list && (list->kind != NODE_LIST || list->count > SIGNATURES_MAX))
        return err_set(e, ERR_INPUT, "signatures", "must be a list of at most %d", SIGNATURES_MAX);
    node_each(s, list) {
        const char *who = node_str(node_get(s, "staff")), *key = node_str(node_get(s, "key")), *sig = node_str(node_get(s, "signature"));
        if (!who || !key || !sig || !content_signed(hash, version, key, sig))
            return err_set(e, ERR_REFUSED, "signatures", "the signature of %.60s does not fit release %.16s… \"%.60s\"",
                           who ? who : "nobody", hash, version);
        bool again = false;
        for (int i = 0; i < n; i++)
            again |= strcmp(people[i], who) == 0 || strcmp(keys[i], key) == 0;
        people[n] = who;
        keys[n] = key;
        n += !again;
    }
    return n >= 2 || err_set(e, ERR_REFUSED, "signatures", "a release takes the signatures of two people with two keys; there %s %d",
                             n == 1 ? "is" : "are", n);
}
