#include "cli.h"

#include <stdio.h>
#include <string.h>

static const struct cli_option *option_find(const struct cli_args *args, const char *word, size_t len)
{
    for (int i = 0; i < args->option_count; i++)
        if (strlen(args->options[i].name) == len && memcmp(args->options[i].name, word, len) == 0)
            return &args->options[i];
    return NULL;
}

/* argv[*i] is an option; takes its value too. */
MUST_CHECK static bool option_read(int argc, char **argv, int *i, const struct cli_args *args, struct err *e)
{
    char *word = argv[*i], *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    const struct cli_option *o = option_find(args, word, len);
    if (!o)
        return err_set(e, ERR_INPUT, word, "there is no such option");
    if (o->flag) {
        if (equals)
            return err_set(e, ERR_INPUT, o->name, "takes no value");
        *o->flag = true;
        return true;
    }
    if (*o->value)
        return err_set(e, ERR_INPUT, o->name, "is given twice");
    if (!equals && *i + 1 >= argc)
        return err_set(e, ERR_INPUT, o->name, "wants a value");
    *o->value = equals ? equals + 1 : argv[++*i];
    return **o->value || err_set(e, ERR_INPUT, o->name, "is empty");
}

bool cli_read(int argc, char **argv, struct cli_args *args, struct err *e)
{
    bool ended = false;
    args->word = argv + 1; /* words move to the front of what was read */
    args->word_count = 0;
    for (int i = 1; i < argc; i++) {
        if (!ended && strcmp(argv[i], "--") == 0)
            ended = true;
        else if (!ended && argv[i][0] == '-' && argv[i][1]) {
            if (!option_read(argc, argv, &i, args, e))
                return false;
        } else {
            args->word[args->word_count++] = argv[i];
        }
    }
    for (int i = 0; i < args->option_count; i++) {
        const struct cli_option *o = &args->options[i];
        if (o->needed && o->value && !*o->value)
            return err_set(e, ERR_INPUT, o->name, "is needed");
    }
    if (args->word_count > args->words_max)
        return err_set(e, ERR_INPUT, args->word[args->words_max], "is one word too many");
    if (args->word_count < args->words_min)
        return err_set(e, ERR_INPUT, args->words ? args->words : "", "is missing");
    return true;
}

int cli_usage(const char *command, const struct cli_args *args, const struct err *e)
{
    fprintf(stderr, "venule %s: %s: %s\n\nusage: venule %s [options]%s%s\n", command, e->where, e->text, command,
            args->words ? " " : "", args->words ? args->words : "");
    for (int i = 0; i < args->option_count; i++)
        fprintf(stderr, "  %-14s %s\n", args->options[i].name, args->options[i].meaning);
    return CLI_USAGE;
}

int cli_fail(const char *command, const struct err *e)
{
    fprintf(stderr, "venule %s: %s%s%s\n", command, e->where, e->where[0] ? ": " : "", e->text);
    return CLI_FAILED;
}

bool cli_number(const char *option, const char *text, int64_t min, int64_t max, int64_t *out, struct err *e)
{
    size_t n = strlen(text);
    int64_t v = 0;
    if (n == 0 || n > 15 || strspn(text, "0123456789") != n)
        return err_set(e, ERR_INPUT, option, "\"%.40s\" is not a whole number", text);
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (text[i] - '0');
    if (v < min || v > max)
        return err_set(e, ERR_INPUT, option, "%s is not between %lld and %lld", text, (long long)min, (long long)max);
    *out = v;
    return true;
}

bool cli_word(const char *option, const char *text, const char *words, struct err *e)
{
    size_t len = strlen(text);
    for (const char *p = words; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (len && strcspn(p, "|") == len && memcmp(p, text, len) == 0)
            return true;
    return err_set(e, ERR_INPUT, option, "\"%.40s\" is not one of %s", text, words);
}

bool cli_address(const char *option, const char *text, char host[128], int *port, struct err *e)
{
    const char *colon = strrchr(text, ':');
    int64_t n;
    if (!colon)
        return err_set(e, ERR_INPUT, option, "\"%.60s\" is not ADDR:PORT", text);
    if (!cli_number(option, colon + 1, 0, 65535, &n, e))
        return false;
    size_t len = (size_t)(colon - text);
    if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    }
    if (len >= 128)
        return err_set(e, ERR_INPUT, option, "the address is too long");
    memcpy(host, text, len);
    host[len] = 0;
    *port = (int)n;
    return true;
}
