/* The command line: one word names the subcommand, the rest is its own. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const struct subcommand {
    const char *name, *says;
    int (*run)(int argc, char **argv);
} subcommands[] = {
    {"calc", "clinical calculations, and the check against a file of answers", cli_calc},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof subcommands / sizeof *subcommands; i++)
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return subcommands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "usage: venule SUBCOMMAND …\n");
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++)
        fprintf(stderr, "  %-10s %s\n", subcommands[i].name, subcommands[i].says);
    return 2;
}
