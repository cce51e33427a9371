/* venule: the command line. Every subcommand is one line of the table and one file src/NAME_cmd.c. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "serve/server.h"

static const struct cli_command commands[] = {
    {"serve", cli_serve, "serve one site: pages, API, pumps"},
    {"setup", cli_setup, "describe a new site and its first administrator"},
    {"user", cli_user, "let a person or a patient sign in"},
    {"import", cli_import, "bring patients in from FHIR R4 files"},
    {"content", cli_content, "check and show clinical content"},
    {"calc", cli_calc, "compute one clinical number, or run answer keys"},
    {"charge", cli_charge, "run answer keys of the charge engine"},
    {"verify", cli_verify, "prove the ledger: the chain is whole and replay gives the same tables"},
    {"rebuild", cli_rebuild, "make the derived tables again from the ledger, after an upgrade"},
    {"flow", cli_flow, "print what really flowed: every infusion's segments as JSON lines"},
    {"solve", cli_solve, "the best plan of an instance file, with its bound; or judge one"},
    {"explain", cli_explain, "tell the story of one id"},
};

static int help(FILE *f)
{
    fprintf(f, "venule %s: open infusion service. Not a medical device; shipped content is DEMO.\n\n"
               "usage: venule COMMAND [options]\n\n", VENULE_VERSION);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(f, "  %-9s %s\n", commands[i].name, commands[i].meaning);
    fprintf(f, "  %-9s %s\n  %-9s %s\n", "help", "this", "--version", "the version");
    return f == stdout ? CLI_OK : CLI_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return help(stderr);
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return help(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        puts("venule " VENULE_VERSION);
        return CLI_OK;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "venule: %s: there is no such command; \"venule help\" lists them\n", argv[1]);
    return CLI_USAGE;
}
