#define _GNU_SOURCE
#include "load.h"
#include "measure.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIRECTORIES_EACH = 3, FILES_EACH = 6, MOST_BYTES = 16384 };

static char content[MOST_BYTES];

static long operations;

static void make_directory(const char *path) {
    if (mkdir(path, 0755) != 0)
        die("cannot make", path);
    operations++;
}

static void put_file(const char *path, int bytes) {
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (fd < 0 || write(fd, content, bytes) != bytes || fchmod(fd, 0755) != 0 || close(fd) != 0)
        die("cannot write", path);
    operations++;
}

static void read_back(const char *path) {
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        die("cannot open", path);
    while (read(fd, content, sizeof content) > 0)
        ;
    close(fd);
    operations++;
}

static void file_name(char *path, const char *package, int d, int f) {
    snprintf(path, PATH_MAX, "%s/lib%d/file%d.js", package, d, f);
}

// Unpacked beside its place and renamed into it, as package managers do.
static void install(const char *directory, int number, unsigned *seed) {
    char staged[PATH_MAX / 2], path[PATH_MAX];
    snprintf(staged, sizeof staged, "%s/.staging-%d", directory, number);
    make_directory(staged);
    for (int d = 0; d < DIRECTORIES_EACH; d++) {
        snprintf(path, sizeof path, "%s/lib%d", staged, d);
        make_directory(path);
        for (int f = 0; f < FILES_EACH; f++) {
            file_name(path, staged, d, f);
            put_file(path, 200 + rand_r(seed) % (MOST_BYTES - 200));
        }
    }
    snprintf(path, sizeof path, "%s/package-%d", directory, number);
    if (rename(staged, path) != 0)
        die("cannot rename", staged);
    operations++;
}

static void use_and_remove(const char *directory, int number) {
    char package[PATH_MAX / 2], path[PATH_MAX];
    snprintf(package, sizeof package, "%s/package-%d", directory, number);
    for (int d = 0; d < DIRECTORIES_EACH; d++) {
        for (int f = 0; f < FILES_EACH; f++) {
            file_name(path, package, d, f);
            read_back(path);
            if (unlink(path) != 0)
                die("cannot unlink", path);
            operations++;
        }
        snprintf(path, sizeof path, "%s/lib%d", package, d);
        if (rmdir(path) != 0)
            die("cannot remove", path);
        operations++;
    }
    if (rmdir(package) != 0)
        die("cannot remove", package);
    operations++;
}

void load_packages(const char *directory, int packages) {
    struct measurement m;
    char modules[PATH_MAX / 4];
    unsigned seed = 42;
    snprintf(modules, sizeof modules, "%s/node_modules", directory);
    memset(content, 'p', sizeof content);
    operations = 0;
    measure_begin(&m, "package storm");
    make_directory(modules);
    for (int i = 0; i < packages; i++)
        install(modules, i, &seed);
    for (int i = 0; i < packages; i++)
        use_and_remove(modules, i);
    measure_end(&m, operations, 0);
    rmdir(modules);
}
