#!/usr/bin/env bash
# Sees whether `make setup` installs all that Postern needs: makes a Debian that has its base and what the
# Swift toolchain itself asks for, clones Postern into it, and runs `make demo` there.
#
# Usage: scripts/check-setup.sh FOLDER    (as root; needs debootstrap; FOLDER must not exist, and is removed)
set -euo pipefail

root=${1:?"usage: $0 FOLDER"}
[ ! -e "$root" ] || { echo "$root is there already" >&2; exit 3; }
source=$(git rev-parse --show-toplevel)
toolchain=$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")")
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")

# What the toolchain's own page lists for Debian, without the packages that setup is to bring.
base=ca-certificates,git,make,tzdata,binutils,libc6-dev,libgcc-12-dev,libstdc++-12-dev,libcurl4,libxml2,libsqlite3-0,libedit2,libncurses6,libpython3.11,libz3-4,unzip,gnupg

trap 'rm -rf --one-file-system "$root"' EXIT
debootstrap --variant=minbase --include="$base" "$suite" "$root" > "$root.log" 2>&1 || {
  tail -5 "$root.log" >&2
  exit 1
}
rm -f "$root.log"
home=/home
mkdir -p "$root$toolchain" "$root/source" "$root$home/.swiftpm" "$root$home/.cache"
cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2> /dev/null || true

# Mounts of a name space of its own: they are gone when it ends.
export root source toolchain home
unshare --mount bash -euo pipefail -c '
  mount --bind -o ro "$toolchain" "$root$toolchain"
  mount --bind -o ro "$source" "$root/source"
  for kept in .swiftpm .cache; do
    if [ -d "$HOME/$kept" ]; then mount --bind "$HOME/$kept" "$root$home/$kept"; fi
  done
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  chroot "$root" env -i HOME=$home TERM=dumb PATH="/usr/sbin:/usr/bin:/sbin:/bin:$toolchain/usr/bin" \
    bash -euo pipefail -c "
      for name in libcurl libxml-2.0 sqlite3 zlib libcrypto; do
        if pkg-config --exists \$name 2> /dev/null; then echo \"\$name is there before setup\" >&2; exit 1; fi
      done
      git config --global --add safe.directory /source
      git config --global --add safe.directory /source/.git
      git clone -q /source /postern
      cd /postern
      make demo
    "
'
echo "make setup is complete: make demo works in a Debian that had none of its packages"
