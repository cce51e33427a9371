/* cli: the subcommands of the program, each in its own file beside main.c.
 *
 * Called from main's thread, once. Rule: a subcommand reads its arguments (argv[0] is its own name), writes results to
 * stdout and errors to stderr, and returns the exit status: 0 done, 1 failed, 2 wrongly called.
 */
#ifndef CLI_H
#define CLI_H

/* calc --list | calc NAME input='value unit' … | calc --keys FILE.csv */
int cli_calc(int argc, char **argv);

#endif
