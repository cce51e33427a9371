/* import_cmd: `venule import --db URL FILE…`. Main thread. Rule: each file is one batch: all of it or nothing. */
#ifndef IMPORT_CMD_H
#define IMPORT_CMD_H

int cli_import(int argc, char **argv); /* 0: all taken; 1: something was refused or the store failed; 2: wrong use */

#endif
