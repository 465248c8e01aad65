#include "measure.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { IDLE_MICROS = 100000 };

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

void await_idle_daemon(void) {
    if (daemon_pid == 0)
        return;
    for (double before = -1, now = daemon_cpu(); now != before; now = daemon_cpu()) {
        before = now;
        usleep(IDLE_MICROS);
    }
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

static void print_quantiles(const struct latencies *l) {
    printf(", \"p50Micros\": %.1f, \"p99Micros\": %.1f, \"p999Micros\": %.1f, \"maxMicros\": %.1f",
           quantile_micros(l, 0.5), quantile_micros(l, 0.99), quantile_micros(l, 0.999), l->longest_nanos / 1e3);
}

// How many latencies lie between one power of two of nanoseconds and the next: [upper bound in microseconds, count].
static void print_histogram(const struct latencies *l) {
    const char *comma = "";
    printf(", \"histogram\": [");
    for (int octave = 0; octave < LATENCY_BUCKETS / 16; octave++) {
        long count = 0;
        for (int i = 0; i < 16; i++)
            count += l->counts[octave * 16 + i];
        if (count > 0) {
            printf("%s[%.3f, %ld]", comma, bucket_top(octave * 16 + 15) / 1e3, count);
            comma = ", ";
        }
    }
    printf("]");
}

static void print_measurement(struct measurement *m, long operations, double bytes, bool histogram) {
    double seconds = now_nanos() / 1e9 - m->began;
    double cpu = daemon_cpu() - m->daemon_cpu_began;
    double rate = bytes > 0 ? bytes / (1 << 20) / seconds : operations / seconds;
    printf("{\"work\": \"%s\", \"unit\": \"%s\", \"rate\": %.2f, \"operations\": %ld, \"seconds\": %.4f, "
           "\"daemonCpuMicros\": %.2f",
           m->work, bytes > 0 ? "MiB/s" : "1/s", rate, operations, seconds, cpu * 1e6 / operations);
    if (m->latencies.total > 0)
        print_quantiles(&m->latencies);
    if (histogram)
        print_histogram(&m->latencies);
    printf("}\n");
    fflush(stdout);
}

void measure_end(struct measurement *m, long operations, double bytes) {
    print_measurement(m, operations, bytes, false);
}

void measure_end_with_histogram(struct measurement *m, long operations) {
    print_measurement(m, operations, 0, true);
}
