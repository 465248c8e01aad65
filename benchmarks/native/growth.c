// How the cost of an operation grows with the number of files, and what those operations wait for while the filesystem
// writes its changes back. Trees have one of two shapes: flat is one directory; wide has 100 files in each directory.
#define _GNU_SOURCE
#include "load.h"
#include "measure.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { FILES_PER_DIRECTORY = 100, DIRECTORIES_PER_DIRECTORY = 100 };
enum { MOST_PROBED_DIRECTORIES = 200, MOST_PROBES = 2000 };
enum { FILE_BYTES = 4096 };

static bool is_wide(const char *shape) {
    if (strcmp(shape, "wide") != 0 && strcmp(shape, "flat") != 0) {
        errno = EINVAL;
        die("no tree has the shape", shape);
    }
    return shape[0] == 'w';
}

static void directory_path(char *path, const char *top, bool wide, long file) {
    long directory = file / FILES_PER_DIRECTORY;
    if (wide)
        snprintf(path, PATH_MAX, "%s/wide/%04ld/%02ld", top, directory / DIRECTORIES_PER_DIRECTORY,
                 directory % DIRECTORIES_PER_DIRECTORY);
    else
        snprintf(path, PATH_MAX, "%s/flat", top);
}

static void file_name(char *name, long file) {
    snprintf(name, NAME_MAX, "file%08ld", file);
}

static int open_directory(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY);
    if (fd < 0)
        die("cannot open", path);
    return fd;
}

static void make_directory(const char *path) {
    if (mkdir(path, 0755) != 0)
        die("cannot make", path);
}

// Makes the directories that the file is the first to need.
static void make_directories(const char *top, bool wide, long file) {
    char path[PATH_MAX];
    if (file == 0) {
        snprintf(path, sizeof path, "%s/%s", top, wide ? "wide" : "flat");
        make_directory(path);
    }
    if (wide && file % (FILES_PER_DIRECTORY * DIRECTORIES_PER_DIRECTORY) == 0) {
        snprintf(path, sizeof path, "%s/wide/%04ld", top, file / FILES_PER_DIRECTORY / DIRECTORIES_PER_DIRECTORY);
        make_directory(path);
    }
    if (wide && file % FILES_PER_DIRECTORY == 0) {
        directory_path(path, top, wide, file);
        make_directory(path);
    }
}

void load_fill(const char *top, const char *shape, long from, long to) {
    bool wide = is_wide(shape);
    struct measurement m;
    char path[PATH_MAX], name[NAME_MAX];
    int directory = -1;
    measure_begin(&m, "fill");
    for (long file = from; file < to; file++) {
        make_directories(top, wide, file);
        if (directory < 0 || (wide && file % FILES_PER_DIRECTORY == 0)) {
            if (directory >= 0)
                close(directory);
            directory_path(path, top, wide, file);
            directory = open_directory(path);
        }
        file_name(name, file);
        if (mknodat(directory, name, S_IFREG | 0644, 0) != 0)
            die("cannot make", name);
    }
    close(directory);
    measure_end(&m, to - from, 0);
}

// A directory that is probed, held open so that a probe is one name's, whatever the depth of the tree.
struct probed {
    int fd;
    long first;
    long files;
};

struct probes {
    struct probed directories[MOST_PROBED_DIRECTORIES];
    int directory_count;
    int count;
    long turn; // moves the names that are looked up
};

static void choose_probes(struct probes *p, const char *top, const char *shape, long files, long turn) {
    bool wide = is_wide(shape);
    char path[PATH_MAX];
    long directories = wide ? files / FILES_PER_DIRECTORY : 1;
    p->directory_count = directories < MOST_PROBED_DIRECTORIES ? (int)directories : MOST_PROBED_DIRECTORIES;
    p->count = files < MOST_PROBES ? (int)files : MOST_PROBES;
    p->turn = turn;
    for (int i = 0; i < p->directory_count; i++) {
        long step = directories / p->directory_count;
        long directory = i * step + turn % step;
        p->directories[i].first = directory * FILES_PER_DIRECTORY;
        p->directories[i].files = wide ? FILES_PER_DIRECTORY : files;
        directory_path(path, top, wide, p->directories[i].first);
        p->directories[i].fd = open_directory(path);
    }
}

static void close_probes(struct probes *p) {
    for (int i = 0; i < p->directory_count; i++)
        close(p->directories[i].fd);
}

static void create_at(int directory, const char *name) {
    int fd = openat(directory, name, O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (fd < 0 || close(fd) != 0)
        die("cannot create", name);
}

static void unlink_at(int directory, const char *name) {
    if (unlinkat(directory, name, 0) != 0)
        die("cannot unlink", name);
}

static void stat_at(int directory, const char *name) {
    struct stat s;
    if (fstatat(directory, name, &s, AT_SYMLINK_NOFOLLOW) != 0)
        die("cannot stat", name);
}

static void new_name(char *name, const struct probed *directory, long round) {
    snprintf(name, NAME_MAX, "new%08ld-%04ld", directory->first, round);
}

// Steps that share no factor with the counts of files, which are powers of ten, meet no name twice.
static void old_name(char *name, const struct probed *directory, long round, long turn) {
    file_name(name, directory->first + (turn * 6007 + round * 7919) % directory->files);
}

static void probe_each(const struct probes *p, const char *work, bool old, void operation(int directory, const char *name)) {
    struct measurement m;
    char name[NAME_MAX];
    measure_begin(&m, work);
    for (int i = 0; i < p->count; i++) {
        const struct probed *directory = &p->directories[i % p->directory_count];
        long round = i / p->directory_count;
        if (old)
            old_name(name, directory, round, p->turn);
        else
            new_name(name, directory, round);
        long began = now_nanos();
        operation(directory->fd, name);
        latency_add(&m.latencies, now_nanos() - began);
    }
    measure_end(&m, p->count, 0);
}

// Names alone, as find prints them; a whole directory each.
static void probe_listing(const struct probes *p) {
    struct measurement m;
    long seen = 0;
    measure_begin(&m, "list");
    for (int i = 0; i < p->directory_count; i++) {
        DIR *directory = fdopendir(openat(p->directories[i].fd, ".", O_RDONLY | O_DIRECTORY));
        if (directory == NULL)
            die("cannot list", ".");
        while (readdir(directory) != NULL)
            seen++;
        closedir(directory);
    }
    measure_end(&m, seen, 0);
}

// Makes the kernel drop the names and inodes of this mount, and of no other, that nobody has open: a remount that
// changes nothing does. Then the daemon takes back as many lookups, which is not to be part of what is measured next.
static void forget_names(const char *top) {
    struct statvfs s;
    if (statvfs(top, &s) != 0)
        die("cannot ask about", top);
    unsigned long same = s.f_flag & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC);
    if (mount(NULL, top, NULL, MS_REMOUNT | MS_RELATIME | same, NULL) != 0)
        die("cannot remount", top);
    await_idle_daemon();
}

void load_probe(const char *top, const char *shape, long files, long turn) {
    struct probes p;
    choose_probes(&p, top, shape, files, turn);
    probe_each(&p, "create", false, create_at);
    probe_each(&p, "unlink", false, unlink_at);
    await_idle_daemon();
    probe_listing(&p);
    forget_names(top);
    probe_each(&p, "lookup", true, stat_at);
    close_probes(&p);
}

struct foreground {
    struct measurement change, create, inquire, unlink;
};

static void timed(struct measurement *m, void operation(int directory, const char *name), int directory, const char *name) {
    long began = now_nanos();
    operation(directory, name);
    latency_add(&m->latencies, now_nanos() - began);
}

static void change_at(int directory, const char *name) {
    if (fchmodat(directory, name, rand() % 2 ? 0600 : 0644, 0) != 0)
        die("cannot change", name);
}

static void inquire_at(int directory, const char *name) {
    struct statx x;
    if (statx(directory, name, AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &x) != 0)
        die("cannot stat", name);
}

static void create_full_at(int directory, const char *name) {
    static const char content[FILE_BYTES];
    int fd = openat(directory, name, O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (fd < 0 || write(fd, content, FILE_BYTES) != FILE_BYTES || close(fd) != 0)
        die("cannot create", name);
}

// Changes at random places make many nodes of any tree dirty with few operations, so checkpoints follow one another.
static void change_at_random(const char *top, long files, struct foreground *f, long round) {
    char path[PATH_MAX], name[NAME_MAX], young[NAME_MAX];
    long file = (rand() * (RAND_MAX + 1L) + rand()) % files;
    directory_path(path, top, true, file);
    int directory = open_directory(path);
    file_name(name, file);
    snprintf(young, sizeof young, "young%08ld", round);
    timed(&f->change, change_at, directory, name);
    timed(&f->create, create_full_at, directory, young);
    timed(&f->inquire, inquire_at, directory, name);
    timed(&f->unlink, unlink_at, directory, young);
    close(directory);
}

void load_stalls(const char *top, long files, double seconds) {
    struct foreground f;
    struct measurement all;
    long rounds = 0;
    measure_begin(&all, "foreground");
    measure_begin(&f.change, "change");
    measure_begin(&f.create, "create");
    measure_begin(&f.inquire, "getattr");
    measure_begin(&f.unlink, "unlink");
    for (long end = now_nanos() + (long)(seconds * 1e9); now_nanos() < end; rounds++)
        change_at_random(top, files, &f, rounds);
    struct measurement *each[] = {&f.change, &f.create, &f.inquire, &f.unlink};
    for (int i = 0; i < 4; i++) {
        latency_merge(&all.latencies, &each[i]->latencies);
        measure_end(each[i], rounds, 0);
    }
    measure_end_with_histogram(&all, 4 * rounds);
}
