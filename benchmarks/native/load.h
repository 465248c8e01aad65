// The works of the load generator. Each works below the given directory and removes what it made.
#ifndef LOAD_H
#define LOAD_H

// 200 directories of files_each files of 4 KiB: create, stat, getattr, list, open and read, unlink.
void load_metadata(const char *directory, int files_each);

// One file: written and read in sequence, buffered and directly, and read at random.
void load_data(const char *directory, long mib);

// One file a job: 4 KiB overwritten at random, each write followed by fsync.
void load_sync(const char *directory, long mib, double seconds);

// What installing packages does: many small directories and files are made, renamed into place, read and removed.
void load_packages(const char *directory, int packages);

// Makes files number from to number to - 1 of a tree, which is "flat" or "wide"; a tree is filled from 0 on.
void load_fill(const char *directory, const char *shape, long from, long to);

// Some files more are created in such a tree and unlinked, its directories listed, and old names looked up that the
// kernel has forgotten. The turn chooses which.
void load_probe(const char *directory, const char *shape, long files, long turn);

// Changes all over a wide tree, each operation timed, for as long.
void load_stalls(const char *directory, long files, double seconds);

#endif
