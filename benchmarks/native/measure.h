// What every work of the load generator is measured with: time, each operation's latency, and the processor time of the
// process that serves the mount.
#ifndef MEASURE_H
#define MEASURE_H

#include <stddef.h>
#include <sys/types.h>

enum { LATENCY_BUCKETS = 64 * 16 };

// Counts latencies in buckets that are at most 1/16 apart.
struct latencies {
    long counts[LATENCY_BUCKETS];
    long total;
    long longest_nanos;
};

struct measurement {
    const char *work;
    double began;
    double daemon_cpu_began;
    struct latencies latencies;
};

// Whose processor time counts; 0 for nobody's, as for a filesystem in the kernel.
void measure_daemon(pid_t pid);

void measure_begin(struct measurement *m, const char *work);

// Prints one line of JSON. bytes is 0 where the rate is operations a second, else it is MiB a second.
void measure_end(struct measurement *m, long operations, double bytes);

// The same for operations, with the whole distribution of their latencies.
void measure_end_with_histogram(struct measurement *m, long operations);

// Returns when the daemon has used no processor time for a while, so that the next work does not pay for the last.
void await_idle_daemon(void);

long now_nanos(void);
void latency_add(struct latencies *l, long nanos);
void latency_merge(struct latencies *into, const struct latencies *from);

// Ends the program with what failed, on what.
_Noreturn void die(const char *what, const char *path);

#endif
