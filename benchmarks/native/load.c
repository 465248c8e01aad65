// Load generator for a mounted filesystem. Prints one line of JSON for each work:
//   load DIRECTORY DAEMON_PID meta [FILES_PER_DIRECTORY]
//   load DIRECTORY DAEMON_PID data [MIB]
//   load DIRECTORY DAEMON_PID sync [MIB] [SECONDS]
//   load DIRECTORY DAEMON_PID packages [COUNT]
//   load DIRECTORY DAEMON_PID fill flat|wide FROM TO
//   load DIRECTORY DAEMON_PID probe flat|wide FILES TURN
//   load DIRECTORY DAEMON_PID stalls FILES SECONDS
// DAEMON_PID 0 stands for a filesystem in the kernel, whose processor time is not told.
#include "load.h"
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **words;
static int word_count;

static const char *word(int place) {
    return place < word_count ? words[place] : "";
}

static long number(int place, long otherwise) {
    return place < word_count ? atol(words[place]) : otherwise;
}

static double seconds(int place, double otherwise) {
    return place < word_count ? atof(words[place]) : otherwise;
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "load: usage: load DIRECTORY DAEMON_PID meta|data|sync|packages|fill|probe|stalls ...\n");
        return 2;
    }
    const char *directory = arguments[1], *work = arguments[3];
    words = arguments + 4;
    word_count = count - 4;
    measure_daemon(atoi(arguments[2]));
    if (strcmp(work, "meta") == 0)
        load_metadata(directory, (int)number(0, 100));
    else if (strcmp(work, "data") == 0)
        load_data(directory, number(0, 256));
    else if (strcmp(work, "sync") == 0)
        load_sync(directory, number(0, 128), seconds(1, 2));
    else if (strcmp(work, "packages") == 0)
        load_packages(directory, (int)number(0, 300));
    else if (strcmp(work, "fill") == 0)
        load_fill(directory, word(0), number(1, 0), number(2, 10000));
    else if (strcmp(work, "probe") == 0)
        load_probe(directory, word(0), number(1, 10000), number(2, 0));
    else if (strcmp(work, "stalls") == 0)
        load_stalls(directory, number(0, 10000), seconds(1, 20));
    else {
        fprintf(stderr, "load: no work is called %s\n", work);
        return 2;
    }
    return 0;
}
