# packages.sh - sourced: which Debian 12 packages are needed, and how the
# missing ones get here.
#
#   packages_need core          what building and running needs
#   packages_need core test     and what tools/check needs besides; `full`
#                               what only tools/check --full installs
#
# Asks dpkg first, so that nothing is downloaded where nothing is missing.

packages_core="gcc libc6-dev cmake ninja-build pkg-config protobuf-c-compiler
libprotobuf-c-dev libsodium-dev libuv1-dev libsqlite3-dev libjansson-dev
libzstd-dev libseccomp-dev"

packages_test="libcmocka-dev python3 python3-cryptography python3-dissononce
python3-jsonschema python3-nacl git clang libclang-rt-14-dev
faketime iproute2 jq less mandoc nftables spin strace tmux tshark vim-tiny"

packages_full="golang-go golang-golang-x-mod-dev"

packages_need() {
    local set name list="" missing=""

    for set in "$@"; do
        name="packages_$set"
        list="$list ${!name}"
    done
    if ! command -v dpkg-query >/dev/null; then
        echo "This is not a Debian; the packages that are needed are called" \
            "there:" >&2
        echo $list >&2
        return 1
    fi
    for name in $list; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>&1) in
        installed) ;;
        *) missing="$missing $name" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    echo "Installing:$missing"
    packages_as_root apt-get -qq -o DPkg::Lock::Timeout=600 update &&
        packages_as_root apt-get -qq -o DPkg::Lock::Timeout=600 install -y \
            --no-install-recommends $missing >/dev/null && return 0
    echo "These packages could not be installed:$missing" >&2
    return 1
}

packages_as_root() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo DEBIAN_FRONTEND=noninteractive "$@"
    else
        echo "Installing packages needs root, and there is no sudo." >&2
        return 1
    fi
}
