// The ceiling: a tiny filesystem in memory, in C, straight on /dev/fuse. It checks nothing, forgets everything and is not exact;
// it shows what the kernel's FUSE protocol itself costs on a machine, so that the speed of a real daemon can be told as a ratio
// to it. Opens need no message (ENOSYS once), as with TelosFS; names and attributes are cached for a day.
//   ceiling [--threads=N] DIRECTORY      as root, in the foreground; SIGTERM unmounts and ends it
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    CHUNK_SHIFT = 16,
    CHUNK_BYTES = 1 << CHUNK_SHIFT,
    MOST_NODES = 1 << 22,
    MOST_IO_BYTES = 1 << 20,
    REQUEST_BYTES = MOST_IO_BYTES + 8192,
    REPLY_BYTES = 1 << 18,
    DAY = 86400,
    MOST_THREADS = 8,
};

struct entry {
    struct entry *next_of_hash;
    struct node *node;
    unsigned hash;
    int place; // in the directory's order, which is also the cookie of listings
    int length;
    char name[];
};

struct node {
    unsigned long number;
    unsigned mode, uid, gid, links;
    unsigned long bytes;
    long lookups;
    struct timespec accessed, modified, changed;
    struct node *parent;
    struct entry **buckets, **order;
    unsigned bucket_count, entry_count;
    int order_length, order_room;
    char **chunks;
    int chunk_count;
};

// One thread's request and the room for its reply.
struct exchange {
    char *request, *reply;
    unsigned long unique;
};

static struct node *nodes[MOST_NODES];
static unsigned long last_number;
static pthread_mutex_t tree = PTHREAD_MUTEX_INITIALIZER; // all but reading
static char *free_chunks;                                // each begins with a pointer to the next
static char no_bytes[CHUNK_BYTES];
static int device;
static const char *mount_point;

static struct timespec now(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t;
}

static struct node *make_node(unsigned mode, unsigned uid, unsigned gid) {
    struct node *n = calloc(1, sizeof *n);
    n->mode = mode;
    n->uid = uid;
    n->gid = gid;
    n->links = S_ISDIR(mode) ? 2 : 1;
    n->accessed = n->modified = n->changed = now();
    n->number = ++last_number;
    nodes[n->number] = n;
    return n;
}

static char *take_chunk(void) {
    if (free_chunks == NULL)
        return aligned_alloc(4096, CHUNK_BYTES);
    char *chunk = free_chunks;
    memcpy(&free_chunks, chunk, sizeof free_chunks);
    return chunk;
}

static void give_chunk(char *chunk) {
    memcpy(chunk, &free_chunks, sizeof free_chunks);
    free_chunks = chunk;
}

// What nobody knows or names any more gives its bytes back; its node stays, since a thread may still look at it.
static void free_if_unused(struct node *n) {
    if (n->lookups > 0 || n->links > 0)
        return;
    nodes[n->number] = NULL;
    for (int i = 0; i < n->chunk_count; i++)
        if (n->chunks[i] != NULL)
            give_chunk(n->chunks[i]);
    n->chunk_count = 0;
}

static unsigned hash_of(const char *name) {
    unsigned hash = 5381;
    for (; *name; name++)
        hash = hash * 33 ^ (unsigned char)*name;
    return hash;
}

static struct entry *find(struct node *directory, const char *name) {
    if (directory->bucket_count == 0)
        return NULL;
    unsigned hash = hash_of(name);
    struct entry *e = directory->buckets[hash & (directory->bucket_count - 1)];
    while (e != NULL && (e->hash != hash || strcmp(e->name, name) != 0))
        e = e->next_of_hash;
    return e;
}

static void put_in_bucket(struct node *directory, struct entry *e) {
    struct entry **bucket = &directory->buckets[e->hash & (directory->bucket_count - 1)];
    e->next_of_hash = *bucket;
    *bucket = e;
}

static void grow_buckets(struct node *directory) {
    free(directory->buckets);
    directory->bucket_count = directory->bucket_count ? directory->bucket_count * 2 : 16;
    directory->buckets = calloc(directory->bucket_count, sizeof *directory->buckets);
    for (int i = 0; i < directory->order_length; i++)
        if (directory->order[i] != NULL)
            put_in_bucket(directory, directory->order[i]);
}

static void add_entry(struct node *directory, const char *name, struct node *n) {
    if (directory->entry_count >= directory->bucket_count)
        grow_buckets(directory);
    if (directory->order_length == directory->order_room) {
        directory->order_room = directory->order_room ? directory->order_room * 2 : 16;
        directory->order = realloc(directory->order, directory->order_room * sizeof *directory->order);
    }
    int length = (int)strlen(name);
    struct entry *e = malloc(sizeof *e + length + 1);
    *e = (struct entry){.node = n, .hash = hash_of(name), .place = directory->order_length, .length = length};
    strcpy(e->name, name);
    directory->order[directory->order_length++] = e;
    directory->entry_count++;
    put_in_bucket(directory, e);
    if (S_ISDIR(n->mode)) {
        directory->links++;
        n->parent = directory;
    }
    directory->modified = directory->changed = now();
}

static void remove_entry(struct node *directory, struct entry *e) {
    struct entry **link = &directory->buckets[e->hash & (directory->bucket_count - 1)];
    while (*link != e)
        link = &(*link)->next_of_hash;
    *link = e->next_of_hash;
    directory->order[e->place] = NULL;
    if (--directory->entry_count == 0)
        directory->order_length = 0;
    if (S_ISDIR(e->node->mode))
        directory->links--;
    free(e);
    directory->modified = directory->changed = now();
}

static void drop_link(struct node *n) {
    n->links = S_ISDIR(n->mode) ? 0 : n->links - 1;
    n->changed = now();
    free_if_unused(n);
}

static char *chunk_for_write(struct node *n, int index, int whole) {
    if (index >= n->chunk_count) {
        int count = n->chunk_count * 2 > index ? n->chunk_count * 2 : index + 1;
        n->chunks = realloc(n->chunks, count * sizeof *n->chunks);
        memset(n->chunks + n->chunk_count, 0, (count - n->chunk_count) * sizeof *n->chunks);
        n->chunk_count = count;
    }
    if (n->chunks[index] == NULL) {
        n->chunks[index] = take_chunk();
        if (!whole)
            memset(n->chunks[index], 0, CHUNK_BYTES);
    }
    return n->chunks[index];
}

static void store(struct node *n, const char *data, unsigned long at, unsigned long bytes) {
    unsigned long end = at + bytes;
    while (at < end) {
        unsigned long within = at & (CHUNK_BYTES - 1);
        unsigned long length = end - at < CHUNK_BYTES - within ? end - at : CHUNK_BYTES - within;
        memcpy(chunk_for_write(n, (int)(at >> CHUNK_SHIFT), length == CHUNK_BYTES) + within, data, length);
        data += length;
        at += length;
    }
    if (end > n->bytes)
        n->bytes = end;
    n->modified = n->changed = now();
}

static void send_reply(struct exchange *x, int error, int body_bytes) {
    struct fuse_out_header *header = (void *)x->reply;
    *header = (struct fuse_out_header){sizeof *header + body_bytes, -error, x->unique};
    if (write(device, x->reply, header->len) < 0 && errno != ENOENT)
        perror("ceiling: reply");
}

static void put_attributes(struct fuse_attr *a, const struct node *n) {
    *a = (struct fuse_attr){
        .ino = n->number,
        .size = n->bytes,
        .blocks = (n->bytes + 511) / 512,
        .atime = n->accessed.tv_sec,
        .mtime = n->modified.tv_sec,
        .ctime = n->changed.tv_sec,
        .atimensec = n->accessed.tv_nsec,
        .mtimensec = n->modified.tv_nsec,
        .ctimensec = n->changed.tv_nsec,
        .mode = n->mode,
        .nlink = n->links,
        .uid = n->uid,
        .gid = n->gid,
        .blksize = 4096,
    };
}

static void put_entry(struct fuse_entry_out *e, const struct node *n) {
    memset(e, 0, sizeof *e);
    e->nodeid = n->number;
    e->entry_valid = e->attr_valid = DAY;
    put_attributes(&e->attr, n);
}

static void serve_init(struct exchange *x, const struct fuse_init_in *in) {
    struct fuse_init_out *out = (void *)(x->reply + sizeof(struct fuse_out_header));
    unsigned wanted = FUSE_ASYNC_READ | FUSE_ATOMIC_O_TRUNC | FUSE_BIG_WRITES | FUSE_DO_READDIRPLUS | FUSE_READDIRPLUS_AUTO |
                      FUSE_ASYNC_DIO | FUSE_PARALLEL_DIROPS | FUSE_MAX_PAGES | FUSE_CACHE_SYMLINKS |
                      FUSE_EXPLICIT_INVAL_DATA | FUSE_NO_OPENDIR_SUPPORT | FUSE_NO_OPEN_SUPPORT | FUSE_HANDLE_KILLPRIV_V2;
    memset(out, 0, sizeof *out);
    out->major = FUSE_KERNEL_VERSION;
    out->minor = in->minor < FUSE_KERNEL_MINOR_VERSION ? in->minor : FUSE_KERNEL_MINOR_VERSION;
    out->max_readahead = in->max_readahead;
    out->flags = wanted & in->flags;
    out->max_background = 64;
    out->congestion_threshold = 48;
    out->max_write = MOST_IO_BYTES;
    out->time_gran = 1;
    out->max_pages = MOST_IO_BYTES / 4096;
    send_reply(x, 0, sizeof *out);
}

static void serve_lookup(struct exchange *x, struct node *directory, const char *name) {
    struct fuse_entry_out *out = (void *)(x->reply + sizeof(struct fuse_out_header));
    pthread_mutex_lock(&tree);
    struct entry *e = find(directory, name);
    if (e != NULL) {
        e->node->lookups++;
        put_entry(out, e->node);
    } else {
        memset(out, 0, sizeof *out);
        out->entry_valid = DAY;
    }
    pthread_mutex_unlock(&tree);
    send_reply(x, 0, sizeof *out);
}

static void serve_make(struct exchange *x, struct node *directory, const char *name, unsigned mode) {
    const struct fuse_in_header *header = (void *)x->request;
    struct fuse_entry_out *out = (void *)(x->reply + sizeof(struct fuse_out_header));
    int error = 0;
    pthread_mutex_lock(&tree);
    if (find(directory, name) != NULL) {
        error = EEXIST;
    } else {
        struct node *n = make_node(mode, header->uid, header->gid);
        n->lookups = 1;
        add_entry(directory, name, n);
        put_entry(out, n);
    }
    pthread_mutex_unlock(&tree);
    send_reply(x, error, error ? 0 : sizeof *out);
}

static void serve_remove(struct exchange *x, struct node *directory, const char *name) {
    pthread_mutex_lock(&tree);
    struct entry *e = find(directory, name);
    if (e != NULL) {
        struct node *n = e->node;
        remove_entry(directory, e);
        drop_link(n);
    }
    pthread_mutex_unlock(&tree);
    send_reply(x, e == NULL ? ENOENT : 0, 0);
}

static void serve_rename(struct exchange *x, struct node *from, struct node *to, const char *old_name) {
    const char *new_name = old_name + strlen(old_name) + 1;
    pthread_mutex_lock(&tree);
    struct entry *moved = find(from, old_name), *replaced = find(to, new_name);
    if (moved != NULL) {
        struct node *n = moved->node;
        remove_entry(from, moved);
        if (replaced != NULL) {
            struct node *gone = replaced->node;
            remove_entry(to, replaced);
            drop_link(gone);
        }
        add_entry(to, new_name, n);
    }
    pthread_mutex_unlock(&tree);
    send_reply(x, moved == NULL ? ENOENT : 0, 0);
}

static void serve_attributes(struct exchange *x, struct node *n, const struct fuse_setattr_in *change) {
    struct fuse_attr_out *out = (void *)(x->reply + sizeof(struct fuse_out_header));
    if (change != NULL) {
        if (change->valid & FATTR_SIZE)
            n->bytes = change->size;
        if (change->valid & FATTR_MODE)
            n->mode = (n->mode & S_IFMT) | (change->mode & 07777);
        if (change->valid & FATTR_UID)
            n->uid = change->uid;
        if (change->valid & FATTR_GID)
            n->gid = change->gid;
        if (change->valid & FATTR_MTIME)
            n->modified = (struct timespec){change->mtime, change->mtimensec};
        n->changed = now();
    }
    memset(out, 0, sizeof *out);
    out->attr_valid = DAY;
    put_attributes(&out->attr, n);
    send_reply(x, 0, sizeof *out);
}

// The bytes go out from where they lie.
static void serve_read(struct exchange *x, struct node *n, const struct fuse_read_in *in) {
    struct iovec parts[MOST_IO_BYTES / CHUNK_BYTES + 2];
    unsigned long at = in->offset;
    unsigned long end = at + in->size < n->bytes ? at + in->size : n->bytes;
    struct fuse_out_header header = {sizeof header, 0, x->unique};
    int count = 1;
    for (; at < end; count++) {
        unsigned long within = at & (CHUNK_BYTES - 1);
        unsigned long length = end - at < CHUNK_BYTES - within ? end - at : CHUNK_BYTES - within;
        int index = (int)(at >> CHUNK_SHIFT);
        char *chunk = index < n->chunk_count ? n->chunks[index] : NULL;
        parts[count] = (struct iovec){(chunk == NULL ? no_bytes : chunk) + within, length};
        header.len += length;
        at += length;
    }
    parts[0] = (struct iovec){&header, sizeof header};
    if (writev(device, parts, count) < 0 && errno != ENOENT)
        perror("ceiling: reply");
}

static void serve_write(struct exchange *x, struct node *n, const struct fuse_write_in *in) {
    struct fuse_write_out *out = (void *)(x->reply + sizeof(struct fuse_out_header));
    pthread_mutex_lock(&tree);
    store(n, (const char *)(in + 1), in->offset, in->size);
    pthread_mutex_unlock(&tree);
    *out = (struct fuse_write_out){.size = in->size};
    send_reply(x, 0, sizeof *out);
}

static int put_dirent(char *to, const char *name, int length, struct node *n, unsigned long cookie, int plus, int known) {
    int head = plus ? sizeof(struct fuse_entry_out) : 0;
    if (plus) {
        memset(to, 0, head);
        if (!known) {
            n->lookups++;
            put_entry((void *)to, n);
        }
    }
    struct fuse_dirent *d = (void *)(to + head);
    *d = (struct fuse_dirent){n->number, cookie, length, n->mode >> 12 & 15};
    int record = head + FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + length);
    memset(d->name, 0, record - head - FUSE_NAME_OFFSET);
    memcpy(d->name, name, length);
    return record;
}

static void serve_list(struct exchange *x, struct node *directory, const struct fuse_read_in *in, int plus) {
    char *out = x->reply + sizeof(struct fuse_out_header);
    int room = in->size < REPLY_BYTES - 16 ? (int)in->size : REPLY_BYTES - 16;
    int used = 0;
    int head = plus ? sizeof(struct fuse_entry_out) : 0;
    pthread_mutex_lock(&tree);
    for (unsigned long cookie = in->offset;; cookie++) {
        struct entry *e = NULL;
        if (cookie >= 2) {
            if ((int)cookie - 2 >= directory->order_length)
                break;
            e = directory->order[cookie - 2];
            if (e == NULL)
                continue;
        }
        const char *name = e != NULL ? e->name : cookie == 0 ? "." : "..";
        int length = e != NULL ? e->length : (int)cookie + 1;
        struct node *n = e != NULL ? e->node : cookie == 0 ? directory : directory->parent;
        if (used + head + (int)FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + length) > room)
            break;
        used += put_dirent(out + used, name, length, n, cookie + 1, plus, e == NULL);
    }
    pthread_mutex_unlock(&tree);
    send_reply(x, 0, used);
}

static void forget(unsigned long number, unsigned long lookups) {
    struct node *n = nodes[number];
    if (n == NULL || number == FUSE_ROOT_ID)
        return;
    n->lookups -= (long)lookups;
    free_if_unused(n);
}

static void serve_forget(const struct fuse_in_header *header, const void *body) {
    pthread_mutex_lock(&tree);
    if (header->opcode == FUSE_FORGET) {
        forget(header->nodeid, ((const struct fuse_forget_in *)body)->nlookup);
    } else {
        const struct fuse_batch_forget_in *batch = body;
        const struct fuse_forget_one *one = (const void *)(batch + 1);
        for (unsigned i = 0; i < batch->count; i++)
            forget(one[i].nodeid, one[i].nlookup);
    }
    pthread_mutex_unlock(&tree);
}

static void serve(struct exchange *x) {
    const struct fuse_in_header *header = (void *)x->request;
    void *body = x->request + sizeof *header;
    struct node *n = header->nodeid < MOST_NODES ? nodes[header->nodeid] : NULL;
    x->unique = header->unique;
    switch (header->opcode) {
    case FUSE_INIT:
        return serve_init(x, body);
    case FUSE_LOOKUP:
        return serve_lookup(x, n, body);
    case FUSE_GETATTR:
        return serve_attributes(x, n, NULL);
    case FUSE_SETATTR:
        return serve_attributes(x, n, body);
    case FUSE_MKNOD:
        return serve_make(x, n, (char *)body + sizeof(struct fuse_mknod_in), ((struct fuse_mknod_in *)body)->mode);
    case FUSE_MKDIR:
        return serve_make(x, n, (char *)body + sizeof(struct fuse_mkdir_in),
                          (((struct fuse_mkdir_in *)body)->mode & 07777) | S_IFDIR);
    case FUSE_UNLINK:
    case FUSE_RMDIR:
        return serve_remove(x, n, body);
    case FUSE_RENAME:
        return serve_rename(x, n, nodes[((struct fuse_rename_in *)body)->newdir],
                            (char *)body + sizeof(struct fuse_rename_in));
    case FUSE_RENAME2:
        return serve_rename(x, n, nodes[((struct fuse_rename2_in *)body)->newdir],
                            (char *)body + sizeof(struct fuse_rename2_in));
    case FUSE_READ:
        return serve_read(x, n, body);
    case FUSE_WRITE:
        return serve_write(x, n, body);
    case FUSE_READDIR:
    case FUSE_READDIRPLUS:
        return serve_list(x, n, body, header->opcode == FUSE_READDIRPLUS);
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
        return serve_forget(header, body);
    case FUSE_STATFS:
        memset(x->reply, 0, sizeof(struct fuse_out_header) + sizeof(struct fuse_statfs_out));
        return send_reply(x, 0, sizeof(struct fuse_statfs_out));
    case FUSE_FSYNC:
    case FUSE_DESTROY:
        return send_reply(x, 0, 0);
    case FUSE_INTERRUPT:
        return;
    default: // OPEN, OPENDIR, CREATE, FLUSH and what else the kernel then does without
        return send_reply(x, ENOSYS, 0);
    }
}

static int serve_next(struct exchange *x) {
    long bytes = read(device, x->request, REQUEST_BYTES);
    if (bytes < 0)
        return errno == EINTR || errno == ENOENT || errno == EAGAIN;
    serve(x);
    return 1;
}

static void *serve_until_unmounted(void *unused) {
    struct exchange x = {.request = aligned_alloc(4096, REQUEST_BYTES), .reply = aligned_alloc(4096, REPLY_BYTES)};
    while (serve_next(&x))
        ;
    return unused;
}

static void unmount(int signal) {
    (void)signal;
    umount2(mount_point, MNT_DETACH);
}

int main(int count, char **arguments) {
    int threads = 2;
    for (int i = 1; i < count; i++)
        if (strncmp(arguments[i], "--threads=", 10) == 0)
            threads = atoi(arguments[i] + 10);
        else
            mount_point = arguments[i];
    if (mount_point == NULL || threads < 1 || threads > MOST_THREADS) {
        fprintf(stderr, "ceiling: usage: ceiling [--threads=1..%d] DIRECTORY\n", MOST_THREADS);
        return 2;
    }
    struct node *root = make_node(S_IFDIR | 0755, 0, 0);
    root->parent = root;
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    char options[128];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other,max_read=%d",
             device, MOST_IO_BYTES);
    if (device < 0 || mount("ceiling", mount_point, "fuse.ceiling", MS_NOSUID | MS_NODEV, options) != 0) {
        perror("ceiling: cannot mount");
        return 1;
    }
    signal(SIGTERM, unmount);
    pthread_t others[MOST_THREADS];
    for (int i = 1; i < threads; i++)
        pthread_create(&others[i], NULL, serve_until_unmounted, NULL);
    serve_until_unmounted(NULL);
    for (int i = 1; i < threads; i++)
        pthread_join(others[i], NULL);
    return 0;
}
