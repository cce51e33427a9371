/* cli: the commands of `venule`, one function each; main.c dispatches by name.
 *
 * argv[0] is the command's name. Each returns the exit code: 0 done, 1 done but something failed the check asked for,
 * 2 wrong use or unreadable input.
 */
#ifndef CLI_H
#define CLI_H

int cli_charge(int argc, char **argv); /* charge_cmd.c: answer keys of the charge engine */

#endif
