/* venule content keygen NAME                 a key pair in two files of the site: NAME.key (0600) and NAME.pub
 * venule content sign --key FILE VERSION [DIR]   one person's signature over a release, for content.release
 * The secret key never leaves its file; an administrator enters the public one with staff.change (sign_key). */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "content_cmd_parts.h"
#include "formulary/builtin.h"
#include "formulary/content.h"
#include "formulary/sign.h"

/* A new file, never over an old one: a lost key is a lost key, an overwritten one too. */
MUST_CHECK static bool write_new(const char *path, const char *text, mode_t mode, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return err_set(e, ERR_INPUT, path, "cannot be made: %s", strerror(errno));
    size_t n = strlen(text);
    bool ok = write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
    return (close(fd) == 0 && ok) || err_set(e, ERR_INPUT, path, "cannot be written");
}

static int keygen(struct arena *a, const char *name)
{
    unsigned char pub[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    char pub_hex[SIGN_PUBLIC_HEX + 1], secret_hex[SIGN_SECRET_HEX + 1];
    struct err e = {0};
    crypto_sign_keypair(pub, secret);
    sodium_bin2hex(pub_hex, sizeof pub_hex, pub, sizeof pub);
    sodium_bin2hex(secret_hex, sizeof secret_hex, secret, sizeof secret);
    bool ok = write_new(arena_printf(a, "%s.key", name), arena_printf(a, "%s\n", secret_hex), 0600, &e) &&
              write_new(arena_printf(a, "%s.pub", name), arena_printf(a, "%s\n", pub_hex), 0644, &e);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(secret_hex, sizeof secret_hex);
    if (!ok)
        return cli_fail("content", &e);
    printf("%s\n", pub_hex);
    return CLI_OK;
}

MUST_CHECK static bool read_key(const char *path, char out[SIGN_SECRET_HEX + 1], struct err *e)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return err_set(e, ERR_INPUT, path, "cannot be opened");
    size_t n = fread(out, 1, SIGN_SECRET_HEX, f);
    out[n] = 0;
    fclose(f);
    return n == SIGN_SECRET_HEX || err_set(e, ERR_INPUT, path, "is not a key file of %d hex digits", SIGN_SECRET_HEX);
}

static int sign(struct arena *a, const char *key_file, const char *version, const char *dir)
{
    char key[SIGN_SECRET_HEX + 1], sig[SIGN_HEX + 1];
    const struct content *c;
    struct err e = {0};
    if (!read_key(key_file, key, &e))
        return cli_fail("content", &e);
    bool ok = (dir ? content_read_dir(a, dir, &c, &e) : content_read_embedded(a, &content_builtin, &c, &e)) &&
              content_sign(c->hash, version, key, sig, &e);
    if (ok) /* the second half of the secret key is the public one (RFC 8032) */
        printf("{\"hash\":\"%s\",\"version\":\"%s\",\"key\":\"%s\",\"signature\":\"%s\"}\n", c->hash, version, key + SIGN_PUBLIC_HEX, sig);
    sodium_memzero(key, sizeof key);
    return ok ? CLI_OK : cli_fail("content", &e);
}

int cli_content_sign(int argc, char **argv)
{
    const char *key = NULL;
    bool generate = strcmp(argv[1], "keygen") == 0;
    struct cli_option options[] = {{.name = "--key", .value = &key, .meaning = "FILE   the secret key of the one who signs", .needed = !generate}};
    struct cli_args args = {.options = options, .option_count = generate ? 0 : 1, .words = generate ? "NAME" : "VERSION [DIR]", .words_min = 1,
                            .words_max = generate ? 1 : 2};
    struct err e = {0};
    if (!cli_read(argc - 1, argv + 1, &args, &e))
        return cli_usage("content", &args, &e);
    if (sodium_init() < 0)
        return cli_fail("content", &(struct err){.kind = ERR_INTERNAL, .text = "no source of random numbers"});
    struct arena *a = arena_new();
    int status = generate ? keygen(a, args.word[0]) : sign(a, key, args.word[0], args.word_count > 1 ? args.word[1] : NULL);
    arena_free(a);
    return status;
}
