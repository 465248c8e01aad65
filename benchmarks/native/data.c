#define _GNU_SOURCE
#include "load.h"
#include "measure.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LARGE = 1 << 20, MIDDLE = 1 << 17, SMALL = 4096, MOST_JOBS = 8, BATCH = 16, COPIES = 4 };

static char buffer[LARGE] __attribute__((aligned(SMALL)));

static int open_file(const char *path, int flags) {
    int fd = open(path, flags, 0644);
    if (fd < 0)
        die("cannot open", path);
    return fd;
}

// A virtual machine gives free memory back to its host, and whoever uses it next waits for the host. That it is not one
// contender more than another, as much as any of them needs for what follows is used here once.
static void touch_memory(long mib) {
    size_t bytes = (size_t)mib * COPIES << 20;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED)
        die("cannot use memory for", "copies of the file");
    munmap(memory, bytes);
}

// Ends with fsync where the page cache may still hold what was written.
static void write_sequence(const char *path, const char *work, long mib, long block, int direct) {
    struct measurement m;
    unlink(path);
    int fd = open_file(path, O_CREAT | O_RDWR | (direct ? O_DIRECT : 0));
    long blocks = mib * (1L << 20) / block;
    touch_memory(mib);
    measure_begin(&m, work);
    for (long i = 0; i < blocks; i++) {
        long began = now_nanos();
        if (pwrite(fd, buffer, block, i * block) != block)
            die("cannot write", path);
        latency_add(&m.latencies, now_nanos() - began);
    }
    if (!direct && fsync(fd) != 0)
        die("cannot sync", path);
    measure_end(&m, blocks, (double)mib * (1 << 20));
    close(fd);
}

// Takes clean pages from every page cache: the tree's own, and that of the file or device below it, which the kernel would
// otherwise still hold for one contender and not for another.
static void drop_caches(void) {
    const char *control = "/proc/sys/vm/drop_caches";
    sync();
    int fd = open_file(control, O_WRONLY);
    if (write(fd, "1", 1) != 1)
        die("cannot write", control);
    close(fd);
}

static void read_sequence(const char *path, const char *work, long mib, long block, int direct, int cached) {
    struct measurement m;
    int fd = open_file(path, O_RDONLY | (direct ? O_DIRECT : 0));
    if (!cached)
        drop_caches();
    long blocks = mib * (1L << 20) / block;
    touch_memory(mib);
    measure_begin(&m, work);
    for (long i = 0; i < blocks; i++) {
        long began = now_nanos();
        if (pread(fd, buffer, block, i * block) != block)
            die("cannot read", path);
        latency_add(&m.latencies, now_nanos() - began);
    }
    measure_end(&m, blocks, (double)mib * (1 << 20));
    close(fd);
}

struct job {
    char path[PATH_MAX];
    long blocks;
    long ends;
    unsigned seed;
    int overwrites;
    struct latencies latencies;
    pthread_t thread;
};

static void *random_job(void *argument) {
    struct job *job = argument;
    int fd = open_file(job->path, job->overwrites ? O_WRONLY : O_RDONLY | O_DIRECT);
    char *block = aligned_alloc(SMALL, SMALL);
    for (int i = 0; i < SMALL; i++)
        block[i] = (char)(i * 31);
    do {
        for (int i = 0; i < BATCH; i++) {
            off_t at = (off_t)(rand_r(&job->seed) % job->blocks) * SMALL;
            long began = now_nanos();
            if (job->overwrites ? pwrite(fd, block, SMALL, at) != SMALL || fsync(fd) != 0
                                : pread(fd, block, SMALL, at) != SMALL)
                die("cannot use", job->path);
            latency_add(&job->latencies, now_nanos() - began);
        }
    } while (now_nanos() < job->ends);
    free(block);
    close(fd);
    return NULL;
}

static void job_path(char *path, const char *file, int job) {
    snprintf(path, PATH_MAX, "%s-%d", file, job);
}

// Every job has an own descriptor and goes its own seeded way: readers through one file, writers each through an own one, as
// the kernel lets only one fsync at a time into a file of FUSE.
static void random_jobs(const char *path, const char *work, long mib, int jobs, double seconds, int overwrites) {
    struct measurement m;
    struct job *job = calloc(MOST_JOBS, sizeof *job);
    measure_begin(&m, work);
    for (int i = 0; i < jobs; i++) {
        if (overwrites)
            job_path(job[i].path, path, i);
        else
            snprintf(job[i].path, PATH_MAX, "%s", path);
        job[i].blocks = mib * ((1 << 20) / SMALL);
        job[i].ends = now_nanos() + (long)(seconds * 1e9);
        job[i].seed = i * 7919 + 1;
        job[i].overwrites = overwrites;
        pthread_create(&job[i].thread, NULL, random_job, &job[i]);
    }
    for (int i = 0; i < jobs; i++) {
        pthread_join(job[i].thread, NULL);
        latency_merge(&m.latencies, &job[i].latencies);
    }
    measure_end(&m, m.latencies.total, 0);
    free(job);
}

static void fill_buffer(void) {
    for (int i = 0; i < LARGE; i++)
        buffer[i] = (char)(i * 31 + i / SMALL);
}

void load_data(const char *directory, long mib) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/big", directory);
    fill_buffer();
    write_sequence(path, "write 1M", mib, LARGE, 0);
    write_sequence(path, "write 128K", mib, MIDDLE, 0);
    write_sequence(path, "direct write 1M", mib, LARGE, 1);
    write_sequence(path, "direct write 128K", mib, MIDDLE, 1);
    read_sequence(path, "read 1M", mib, LARGE, 0, 0);
    read_sequence(path, "read 128K", mib, MIDDLE, 0, 0);
    read_sequence(path, "cached read 128K", mib, MIDDLE, 0, 1);
    read_sequence(path, "direct read 1M", mib, LARGE, 1, 0);
    read_sequence(path, "direct read 128K", mib, MIDDLE, 1, 0);
    random_jobs(path, "random read 4K", mib, 1, 1.5, 0);
    random_jobs(path, "random read 4K, 8 jobs", mib, MOST_JOBS, 1.5, 0);
    unlink(path);
}

static void fill_file(const char *path, long mib) {
    int fd = open_file(path, O_CREAT | O_WRONLY);
    for (long i = 0; i < mib; i++)
        if (write(fd, buffer, LARGE) != LARGE)
            die("cannot write", path);
    if (fsync(fd) != 0)
        die("cannot sync", path);
    close(fd);
}

void load_sync(const char *directory, long mib, double seconds) {
    char file[PATH_MAX / 2], path[PATH_MAX];
    snprintf(file, sizeof file, "%s/synced", directory);
    fill_buffer();
    for (int i = 0; i < MOST_JOBS; i++) {
        job_path(path, file, i);
        fill_file(path, mib);
    }
    random_jobs(file, "overwrite 4K + fsync", mib, 1, seconds, 1);
    random_jobs(file, "overwrite 4K + fsync, 8 jobs", mib, MOST_JOBS, seconds, 1);
    for (int i = 0; i < MOST_JOBS; i++) {
        job_path(path, file, i);
        unlink(path);
    }
}
