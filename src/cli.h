/* cli: the command line: one table of subcommands (main.c), one way to read options.
 *
 * A subcommand lives in src/NAME_cmd.c and is one line in main.c. Main thread. Rule: a wrong use says which option or
 * word is wrong and ends with CLI_USAGE; a failure of the work says what and where and ends with CLI_FAILED.
 */
#ifndef CLI_H
#define CLI_H

#include "base/err.h"

struct arena;
struct store;

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_SITES_MAX = 1000 };

struct cli_option {
    const char *name;    /* "--db" */
    const char **value;  /* takes a value: set to it, may be given once; or */
    bool *flag;          /* takes none: set to true */
    const char *meaning; /* "URL  sqlite:FILE or postgresql://…" */
    bool needed;
};

struct cli_args {
    const struct cli_option *options;
    int option_count;
    const char *words;       /* what stands beside the options, for the help: "FILE…"; NULL: nothing may */
    int words_min, words_max;
    /* out */
    char **word;             /* points into argv */
    int word_count;
};

struct cli_command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit code: CLI_… */
    const char *meaning;
};

/* The subcommands, one file each (src/NAME_cmd.c), in the order of the help. */
int cli_serve(int argc, char **argv);
int cli_setup(int argc, char **argv);   /* a new site */
int cli_user(int argc, char **argv);    /* one more person, or a patient, who may sign in */
int cli_import(int argc, char **argv);  /* FHIR R4 files into the ledger */
int cli_content(int argc, char **argv); /* lint, differences, releases of the clinical content */
int cli_calc(int argc, char **argv);    /* clinical calculations and their answer keys */
int cli_charge(int argc, char **argv);  /* answer keys of the charge engine */
int cli_verify(int argc, char **argv);
int cli_rebuild(int argc, char **argv);
int cli_flow(int argc, char **argv);
int cli_solve(int argc, char **argv);   /* plan an instance file of src/schedule */
int cli_explain(int argc, char **argv);

/* Reads argv[1…]: "--name value", "--name=value", "--" ends options. ERR_INPUT names the option or word. */
MUST_CHECK bool cli_read(int argc, char **argv, struct cli_args *args, struct err *e);
/* Prints the subcommand's options to stderr with the error above; returns CLI_USAGE. */
int cli_usage(const char *command, const struct cli_args *args, const struct err *e);
/* Prints "venule COMMAND: where: text" to stderr; returns CLI_FAILED. */
int cli_fail(const char *command, const struct err *e);

/* The options of a command that takes a store and nothing else, read, and the store opened: CLI_OK, or what to exit with. */
int cli_open(int argc, char **argv, bool read_only, struct store **out);

/* The sites of a store, in order. */
MUST_CHECK bool cli_sites(struct store *s, struct arena *a, int64_t out[CLI_SITES_MAX], int *count, struct err *e);
/* "ADDR:PORT", "[v6]:PORT", ":PORT". The host is written into `host`. */
MUST_CHECK bool cli_address(const char *option, const char *text, char host[128], int *port, struct err *e);
/* One of the words separated by "|". */
MUST_CHECK bool cli_word(const char *option, const char *text, const char *words, struct err *e);
/* A whole number from min to max. */
MUST_CHECK bool cli_number(const char *option, const char *text, int64_t min, int64_t max, int64_t *out, struct err *e);

#endif
