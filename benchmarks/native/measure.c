#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pid_t daemon_pid;

void die(const char *what, const char *path) {
    fprintf(stderr, "load: %s %s: %s\n", what, path, strerror(errno));
    exit(1);
}

long now_nanos(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

void measure_daemon(pid_t pid) {
    daemon_pid = pid;
}

// Of all its threads, in seconds. The kernel counts in ticks, so only long works give a figure.
static double daemon_cpu(void) {
    if (daemon_pid == 0)
        return 0;
    char path[64], line[2048];
    snprintf(path, sizeof path, "/proc/%d/stat", daemon_pid);
    FILE *f = fopen(path, "r");
    if (f == NULL || fgets(line, sizeof line, f) == NULL)
        die("cannot read", path);
    fclose(f);
    unsigned long user, system;
    const char *after_name = strrchr(line, ')');
    if (after_name == NULL ||
        sscanf(after_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        die("cannot understand", path);
    return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

static int bucket_of(long nanos) {
    if (nanos < 16)
        return (int)nanos;
    int magnitude = 63 - __builtin_clzl(nanos);
    return (magnitude - 3) * 16 + (int)(nanos >> (magnitude - 4) & 15);
}

static long bucket_top(int bucket) {
    if (bucket < 16)
        return bucket;
    int magnitude = bucket / 16 + 3;
    return (16L + bucket % 16 + 1) << (magnitude - 4);
}

void latency_add(struct latencies *l, long nanos) {
    l->counts[bucket_of(nanos)]++;
    l->total++;
    if (nanos > l->longest_nanos)
        l->longest_nanos = nanos;
}

void latency_merge(struct latencies *into, const struct latencies *from) {
    for (int i = 0; i < LATENCY_BUCKETS; i++)
        into->counts[i] += from->counts[i];
    into->total += from->total;
    if (from->longest_nanos > into->longest_nanos)
        into->longest_nanos = from->longest_nanos;
}

static double quantile_micros(const struct latencies *l, double quantile) {
    long rank = (long)(quantile * l->total), seen = 0;
    for (int i = 0; i < LATENCY_BUCKETS; i++) {
        seen += l->counts[i];
        if (seen > rank)
            return bucket_top(i) / 1e3;
    }
    return l->longest_nanos / 1e3;
}

void measure_begin(struct measurement *m, const char *work) {
    memset(m, 0, sizeof *m);
    m->work = work;
    m->daemon_cpu_began = daemon_cpu();
    m->began = now_nanos() / 1e9;
}

void measure_end(struct measurement *m, long operations, double bytes) {
    double seconds = now_nanos() / 1e9 - m->began;
    double cpu = daemon_cpu() - m->daemon_cpu_began;
    double rate = bytes > 0 ? bytes / (1 << 20) / seconds : operations / seconds;
    printf("{\"work\": \"%s\", \"unit\": \"%s\", \"rate\": %.2f, \"operations\": %ld, \"seconds\": %.4f, "
           "\"daemonCpuMicros\": %.2f",
           m->work, bytes > 0 ? "MiB/s" : "1/s", rate, operations, seconds, cpu * 1e6 / operations);
    if (m->latencies.total > 0)
        printf(", \"p50Micros\": %.1f, \"p99Micros\": %.1f, \"p999Micros\": %.1f, \"maxMicros\": %.1f",
               quantile_micros(&m->latencies, 0.5), quantile_micros(&m->latencies, 0.99),
               quantile_micros(&m->latencies, 0.999), m->latencies.longest_nanos / 1e3);
    printf("}\n");
    fflush(stdout);
}
