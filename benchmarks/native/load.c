// Load generator for a mounted filesystem. Prints one line of JSON for each work:
//   load DIRECTORY DAEMON_PID meta [FILES_PER_DIRECTORY]
//   load DIRECTORY DAEMON_PID data [MIB]
//   load DIRECTORY DAEMON_PID sync [MIB] [SECONDS]
//   load DIRECTORY DAEMON_PID packages [COUNT]
// DAEMON_PID 0 stands for a filesystem in the kernel, whose processor time is not told.
#include "load.h"
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "load: usage: load DIRECTORY DAEMON_PID meta|data|sync|packages [SIZE] [SECONDS]\n");
        return 2;
    }
    const char *directory = arguments[1], *work = arguments[3];
    long size = count > 4 ? atol(arguments[4]) : 0;
    measure_daemon(atoi(arguments[2]));
    if (strcmp(work, "meta") == 0)
        load_metadata(directory, size > 0 ? (int)size : 100);
    else if (strcmp(work, "data") == 0)
        load_data(directory, size > 0 ? size : 256);
    else if (strcmp(work, "sync") == 0)
        load_sync(directory, size > 0 ? size : 128, count > 5 ? atof(arguments[5]) : 2);
    else if (strcmp(work, "packages") == 0)
        load_packages(directory, size > 0 ? (int)size : 300);
    else {
        fprintf(stderr, "load: no work is called %s\n", work);
        return 2;
    }
    return 0;
}
