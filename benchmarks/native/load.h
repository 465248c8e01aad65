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

#endif
