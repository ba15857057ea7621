// Loaded in front of the C library: whatever a program syncs is first copied below FORGETFUL_DISK_PLATTER, under its whole
// path. After a power cut those copies are all that there is. Names are given and taken at once: only content is forgotten.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_directories_of(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

// By the descriptor, never by opening the file again: closing it would give up the program's locks on it.
static int copy(int from, const char *path) {
    char piece[65536];
    ssize_t length;
    off_t place = 0;
    int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (to < 0) return -1;
    while ((length = pread(from, piece, sizeof piece, place)) > 0) {
        if (write(to, piece, length) != length) length = -1;
        if (length < 0) break;
        place += length;
    }
    return close(to) < 0 || length < 0 ? -1 : 0;
}

// Where the copy of a file is; false where nothing is kept.
static int kept_path(const char *path, char kept[2 * PATH_MAX]) {
    const char *platter = getenv("FORGETFUL_DISK_PLATTER");
    if (platter) snprintf(kept, 2 * PATH_MAX, "%s%s", platter, path);
    return platter != NULL;
}

// One at a time, also where several programs sync the same file; closing the descriptor lets the next one in.
static int take_turn(void) {
    char path[2 * PATH_MAX];
    if (!kept_path("/turn", path)) return -1;
    make_directories_of(path);
    int turn = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (turn >= 0) flock(turn, LOCK_EX);
    return turn;
}

static int keep(int descriptor) {
    char link[64], path[PATH_MAX], kept[2 * PATH_MAX], half[2 * PATH_MAX + 8];
    struct stat about;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0 || fstat(descriptor, &about) < 0) return -1;
    path[length] = '\0';
    if (!S_ISREG(about.st_mode) || !kept_path(path, kept)) return 0;
    // One that only writes cannot be read back by its descriptor, and holds no locks either.
    int readable = (fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_WRONLY ? open(path, O_RDONLY | O_CLOEXEC) : descriptor;
    snprintf(half, sizeof half, "%s.half", kept);
    make_directories_of(kept);
    int failed = readable < 0 || copy(readable, half) < 0 || renameat(AT_FDCWD, half, AT_FDCWD, kept) < 0;
    if (readable >= 0 && readable != descriptor) close(readable);
    if (failed) errno = EIO;
    return failed ? -1 : 0;
}

int fsync(int descriptor) {
    int turn = take_turn();
    int outcome = keep(descriptor);
    if (turn >= 0) close(turn);
    return outcome;
}

int fdatasync(int descriptor) { return fsync(descriptor); }

int rename(const char *from, const char *to) {
    char kept_from[2 * PATH_MAX], kept_to[2 * PATH_MAX];
    if (kept_path(from, kept_from) && kept_path(to, kept_to)) {
        make_directories_of(kept_to);
        renameat(AT_FDCWD, kept_from, AT_FDCWD, kept_to);
    }
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int unlink(const char *path) {
    char kept[2 * PATH_MAX];
    if (kept_path(path, kept)) unlinkat(AT_FDCWD, kept, 0);
    return unlinkat(AT_FDCWD, path, 0);
}
