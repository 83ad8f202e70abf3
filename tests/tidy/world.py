"""Rules about what a file may reach: layers, the world, the disk, the law."""

import re

# proto <- crypto <- node/core <- node/host <- {store, net, sim} <- the top.
LAYERS = {
    "proto": ["proto"],
    "crypto": ["proto", "crypto"],
    "node/core": ["proto", "crypto", "node/core"],
    "node/host": ["proto", "crypto", "node/core", "node/host"],
}
for _edge in ("node/store", "node/net", "node/sim"):
    LAYERS[_edge] = LAYERS["node/host"] + [_edge]
_NODE = ["proto", "crypto", "node/core", "node/host", "node/store",
         "node/net", "node/sim"]
LAYERS["node"] = _NODE + ["node"]            # entented and its wiring
LAYERS["tools"] = _NODE + ["tools"]
LAYERS["tests"] = _NODE + ["node", "tools", "tests"]

# A program that an auditor builds and reads alone.
ALONE = {"tools/verify": ["proto", "crypto", "tools"]}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)',
                     re.MULTILINE)

# The layers that are functions of their input.
PURE = ("proto", "crypto", "node/core", "node/host")

PURE_HEADERS = {
    "assert.h", "ctype.h", "float.h", "inttypes.h", "limits.h", "math.h", "stdarg.h",
    "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h",
    "strings.h",
    "protobuf-c/protobuf-c.h",
}

# Who may see a library: each has one place.
LIBRARIES = {
    r"sodium(/.*)?\.h": ("crypto", "tests"),
    r"sqlite3\.h": ("node/store", "tests"),
    r"uv(/.*)?\.h": ("node/net", "node", "tests"),
    r"seccomp\.h": ("node/net", "node", "tests"),
    r"jansson\.h": ("tools", "tests"),
    r"zstd\.h": ("tools", "tests"),
    r"libwebsockets\.h": ("tools", "tests"),
}

# Time, files, sockets, randomness, threads, processes and the environment.
# snprintf and the memory functions are all that is left of stdio and stdlib.
WORLD = set("""
time clock clock_gettime clock_nanosleep gettimeofday localtime localtime_r
gmtime gmtime_r mktime timegm strftime nanosleep sleep usleep alarm
fopen freopen fdopen fmemopen fclose fread fwrite fgets fgetc getc getchar
getline fputs fputc putc puts putchar printf fprintf vprintf vfprintf dprintf
scanf fscanf perror fflush fseek ftell tmpfile mkstemp remove rename
open openat creat close read write pread pwrite readv writev lseek stat fstat
lstat access unlink mkdir rmdir opendir readdir truncate ftruncate fallocate
posix_fallocate fcntl ioctl flock mmap munmap msync sync syncfs
fsync fdatasync sync_file_range dup dup2 pipe chmod
socket socketpair connect bind listen accept accept4 send sendto sendmsg recv
recvfrom recvmsg setsockopt getsockopt getaddrinfo gethostbyname select poll
epoll_create1 epoll_wait
getrandom getentropy rand rand_r random srand srandom drand48 arc4random
arc4random_buf
getenv secure_getenv setenv setlocale system popen fork execve execvp waitpid
kill signal sigaction raise exit _exit atexit
pthread_create pthread_mutex_lock thrd_create syscall dlopen
""".split())
WORLD_FAMILIES = re.compile(
    r"randombytes(_\w+)?|crypto_\w+(_keygen|(?<!_seed)_keypair)|crypto_pwhash\w*_str"
    r"|uv_\w+|sqlite3_\w+|json_\w+")
# Of libsodium's inner functions one point check is wanted, nothing else.
INNER = re.compile(r"crypto_core_(?!ed25519_is_valid_point$)\w+")

CALL = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)\s*\(")


def layer_of(path):
    """The longest folder of LAYERS that holds `path`, or None."""
    found = [name for name in LAYERS if path.startswith(name + "/")]
    return max(found, key=len, default=None)


def within(path, folders):
    return layer_of(path) in folders


def arrows(src):
    """Includes point down only, and name files from the root."""
    layer = layer_of(src.path)
    if layer is None:
        yield 1, "arrows", "not in a layer of DESIGN 6"
        return
    allowed = LAYERS[layer]
    for start, folders in ALONE.items():
        if src.path.startswith(start):
            allowed = folders
    for match in INCLUDE.finditer(src.text):
        line = src.line_at(match.start(0))
        if src.code_lines[line - 1].strip() == "":
            continue  # inside a comment
        name, system = match.groups()
        if name is not None:
            yield from _own(line, layer, allowed, name)
        else:
            yield from _library(line, layer, system)


def _own(line, layer, allowed, name):
    if name.endswith(".pb-c.h"):
        return  # generated from proto/
    target = layer_of(name)
    if target is None:
        yield line, "arrows", f'"{name}" does not begin at the root'
    elif target not in allowed:
        yield line, "arrows", f"{layer} may not include {target}"


def _library(line, layer, system):
    for pattern, folders in LIBRARIES.items():
        if re.fullmatch(pattern, system):
            if layer not in folders:
                yield line, "arrows", f"{layer} may not include <{system}>"
            return
    if layer in PURE and system not in PURE_HEADERS:
        yield (line, "world", f"<{system}> is not on the list of headers "
                              f"that {layer} may see")


def world(src):
    """Pure layers call nothing of the machine.

    Catches calls by name.  A function taken by address or hidden in a macro
    passes here; tests/tidy/symbols finds it in the object files.
    """
    if not within(src.path, PURE):
        return
    for match in CALL.finditer(src.code):
        name = match.group(1)
        if name in WORLD or WORLD_FAMILIES.fullmatch(name):
            yield (src.line_at(match.start()), "world",
                   f"{name}() in {layer_of(src.path)}: an event or an effect "
                   f"instead")
        if INNER.fullmatch(name):
            yield (src.line_at(match.start()), "world",
                   f"{name}(): libsodium's crypto_core_* is not ours to use")


SYNC = re.compile(r"\b(fsync|fdatasync|msync|syncfs|sync_file_range"
                  r"|uv_fs_f(?:data)?sync)\b")


def sync(src):
    """What is durable is decided in one place (DESIGN 7, rules 1 and 4); a file
    that a person carries away in another, newfile."""
    if within(src.path, ("node/store", "tests")) or \
            str(src.path) == "tools/cli/newfile.c":
        return
    for match in SYNC.finditer(src.code):
        yield (src.line_at(match.start()), "sync",
               f"{match.group(1)} outside node/store")


EFFECT = re.compile(r"(?:->|\.)\s*(send|tell|dial)\s*\(")


def law(src):
    """Nothing leaves but through the turn (DESIGN 6, the law).

    Catches host_ops called by their names.  A copy of the pointer under
    another name would pass.
    """
    if within(src.path, ("tests",)) or src.path == "node/host/turn.c":
        return
    for match in EFFECT.finditer(src.code):
        yield (src.line_at(match.start()), "law",
               f"{match.group(1)} of host_ops outside node/host/turn.c")


RULES = [arrows, world, sync, law]
