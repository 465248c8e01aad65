#define _GNU_SOURCE
#include "load.h"
#include "measure.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIRECTORIES = 200, FILE_BYTES = 4096, READ_BYTES = 65536 };

static const char *root;
static int files_each;
static char content[READ_BYTES];

static void directory_path(char *path, int d) {
    snprintf(path, PATH_MAX, "%s/tree/dir%03d", root, d);
}

static void file_path(char *path, int d, int f) {
    snprintf(path, PATH_MAX, "%s/tree/dir%03d/file%04d.dat", root, d, f);
}

static void create_file(const char *path) {
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (fd < 0 || write(fd, content, FILE_BYTES) != FILE_BYTES || close(fd) != 0)
        die("cannot create", path);
}

static void stat_file(const char *path) {
    struct stat s;
    if (stat(path, &s) != 0 || s.st_size != FILE_BYTES)
        die("no file of 4 KiB is", path);
}

static void read_file(const char *path) {
    int fd = open(path, O_RDONLY);
    if (fd < 0 || read(fd, content, READ_BYTES) != FILE_BYTES)
        die("cannot read", path);
    close(fd);
}

static void unlink_file(const char *path) {
    if (unlink(path) != 0)
        die("cannot unlink", path);
}

static void for_each_file(const char *work, void operation(const char *path)) {
    struct measurement m;
    char path[PATH_MAX];
    measure_begin(&m, work);
    for (int d = 0; d < DIRECTORIES; d++)
        for (int f = 0; f < files_each; f++) {
            file_path(path, d, f);
            long began = now_nanos();
            operation(path);
            latency_add(&m.latencies, now_nanos() - began);
        }
    measure_end(&m, (long)DIRECTORIES * files_each, 0);
}

// A stat that must ask the daemon, whatever the kernel has cached: one round trip.
static void round_trips(int count) {
    struct measurement m;
    struct statx x;
    char path[PATH_MAX];
    file_path(path, 0, 0);
    measure_begin(&m, "getattr");
    for (int i = 0; i < count; i++) {
        long began = now_nanos();
        if (statx(AT_FDCWD, path, AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &x) != 0)
            die("cannot stat", path);
        latency_add(&m.latencies, now_nanos() - began);
    }
    measure_end(&m, count, 0);
}

// As ls -lR: every name and its attributes.
static long list(int parent, const char *name) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (directory == NULL)
        die("cannot list", name);
    long seen = 0;
    for (struct dirent *e = readdir(directory); e != NULL; e = readdir(directory)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        struct stat s;
        if (fstatat(fd, e->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0)
            die("cannot stat", e->d_name);
        seen += 1 + (S_ISDIR(s.st_mode) ? list(fd, e->d_name) : 0);
    }
    closedir(directory);
    return seen;
}

static void list_all(void) {
    struct measurement m;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/tree", root);
    measure_begin(&m, "list");
    long seen = list(AT_FDCWD, path);
    measure_end(&m, seen, 0);
}

void load_metadata(const char *directory, int files) {
    char path[PATH_MAX];
    root = directory;
    files_each = files;
    memset(content, 'x', FILE_BYTES);
    snprintf(path, sizeof path, "%s/tree", root);
    if (mkdir(path, 0755) != 0)
        die("cannot make", path);
    for (int d = 0; d < DIRECTORIES; d++) {
        directory_path(path, d);
        if (mkdir(path, 0755) != 0)
            die("cannot make", path);
    }
    for_each_file("create", create_file);
    for_each_file("stat", stat_file);
    round_trips(DIRECTORIES * files_each);
    list_all();
    for_each_file("open+read", read_file);
    for_each_file("unlink", unlink_file);
    for (int d = 0; d < DIRECTORIES; d++) {
        directory_path(path, d);
        rmdir(path);
    }
    snprintf(path, sizeof path, "%s/tree", root);
    rmdir(path);
}
