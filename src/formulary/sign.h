/* sign: a release of content signed by two people (Ed25519, RFC 8032, by libsodium).
 *
 * Pure; any thread. Keys are made by the site and live in files of the site: nothing here draws one. Rule: what is
 * signed names what it is (domain, hash of the content, name of the release), so that a signature fits nothing else.
 */
#ifndef FORMULARY_SIGN_H
#define FORMULARY_SIGN_H

#include "base/arena.h"

enum { SIGN_PUBLIC_HEX = 64, SIGN_SECRET_HEX = 128, SIGN_HEX = 128, SIGNATURES_MAX = 8 };

/* hash: 64 hex digits of the release; version: its name. out gets SIGN_HEX digits and a NUL. ERR_INPUT: not a key. */
MUST_CHECK bool content_sign(const char *hash, const char *version, const char *secret_hex, char out[SIGN_HEX + 1], struct err *e);
/* Is this the signature of the holder of this public key over this release? */
bool content_signed(const char *hash, const char *version, const char *public_hex, const char *signature_hex);
/* 64 hex digits of a point that may be a key. */
bool content_key_ok(const char *public_hex);

/* A stored list [{"staff":…,"key":…,"signature":…}]: at least two different people with two different keys, each
 * signature right. ERR_REFUSED says what is missing. */
MUST_CHECK bool content_signed_by_two(struct arena *a, const char *hash, const char *version, const char *signatures, struct err *e);

#endif
