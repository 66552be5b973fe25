/* A disk that forgets what was not synced. Preloaded into a server, it keeps of each file below FORGETS_ROOT what it held, and of
 * each directory which names it had, when it was synced last: in FORGETS_KEPT, as f-KEY and d-KEY. A key is the inode with the
 * moment at which it was made: numbers of inodes are used again. What the test makes of
 * that is what a power cut leaves. Files whose path contains FORGETS_BLIND are never kept, to see that the test would find it.
 *
 * A directory that is synced is found, even if the one above it was not: file systems with a journal do that. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int counter;

/* The key of what lies at a path, in KEY bytes; empty if nothing does. */
#define KEY 64
static void key(char *to, const char *path) {
    struct statx found;
    *to = 0;
    if (!statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &found))
        snprintf(to, KEY, "%llu.%lld.%u", (unsigned long long)found.stx_ino, (long long)found.stx_btime.tv_sec,
                 found.stx_btime.tv_nsec);
}

static void kept(char *to, const char *kind, const char *path) {
    char own[KEY];
    key(own, path);
    snprintf(to, PATH_MAX, "%s/%s-%s", getenv("FORGETS_KEPT"), kind, own);
}

static void fresh(char *to) {
    snprintf(to, PATH_MAX, "%s/new-%d-%d", getenv("FORGETS_KEPT"), (int)getpid(), atomic_fetch_add(&counter, 1));
}

static void keep_file(const char *path) {
    char new[PATH_MAX], name[PATH_MAX], piece[65536];
    ssize_t count;
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return;
    fresh(new);
    int to = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    while ((count = read(from, piece, sizeof piece)) > 0)
        if (write(to, piece, count) != count)
            abort();
    close(from);
    close(to);
    kept(name, "f", path);
    rename(new, name);
}

static void keep_names(const char *path) {
    char new[PATH_MAX], name[PATH_MAX], item_path[2 * PATH_MAX], own[KEY];
    struct dirent *item;
    DIR *directory = opendir(path);
    if (!directory)
        return;
    fresh(new);
    FILE *to = fopen(new, "we");
    while ((item = readdir(directory))) {
        if (!strcmp(item->d_name, ".") || !strcmp(item->d_name, ".."))
            continue;
        snprintf(item_path, sizeof item_path, "%s/%s", path, item->d_name);
        key(own, item_path);
        if (*own)
            fprintf(to, "%s %c %s\n", own, item->d_type == DT_DIR ? 'd' : 'f', item->d_name);
    }
    closedir(directory);
    fclose(to);
    kept(name, "d", path);
    rename(new, name);
}

/* Adds a directory to the names of the one above it, and so on up to the root. */
static void keep_way(const char *root, char *path) {
    char name[PATH_MAX], line[PATH_MAX], own[KEY], wanted[KEY + 4];
    while (strlen(path) > strlen(root)) {
        key(own, path);
        if (!*own)
            return;
        char *last = strrchr(path, '/');
        *last = 0;
        kept(name, "d", path);
        snprintf(wanted, sizeof wanted, "%s d ", own);
        int is_known = 0;
        FILE *names = fopen(name, "re");
        while (names && fgets(line, sizeof line, names))
            is_known |= !strncmp(line, wanted, strlen(wanted));
        if (names)
            fclose(names);
        if (!is_known && (names = fopen(name, "ae"))) {
            fprintf(names, "%s%s\n", wanted, last + 1);
            fclose(names);
        }
    }
}

static int synced(int descriptor, const char *function) {
    char link[64], path[PATH_MAX] = "";
    const char *root = getenv("FORGETS_ROOT"), *blind = getenv("FORGETS_BLIND");
    struct stat status;
    int (*real)(int) = dlsym(RTLD_NEXT, function);
    int result = real(descriptor);
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    if (result || !root || readlink(link, path, sizeof path - 1) < 0 || strncmp(path, root, strlen(root)))
        return result;
    if ((blind && *blind && strstr(path, blind)) || fstat(descriptor, &status))
        return result;
    if (S_ISDIR(status.st_mode)) {
        keep_names(path);
        keep_way(root, path);
    } else {
        keep_file(path);
    }
    return result;
}

int fsync(int descriptor) { return synced(descriptor, "fsync"); }
int fdatasync(int descriptor) { return synced(descriptor, "fdatasync"); }
