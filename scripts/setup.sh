#!/usr/bin/env bash
# Installs the system packages that Postern builds, runs and tests with; does nothing when all are there.
set -euo pipefail

# One line for each: the package, then the file that shows it is there.
needed=(
  "pkg-config            pkg-config"
  "libcurl4-openssl-dev  libcurl.pc"
  "libssl-dev            libcrypto.pc"
  "libxml2-dev           libxml-2.0.pc"
  "libsqlite3-dev        sqlite3.pc"
  "zlib1g-dev            zlib.pc"
  "openssh-server        sshd"
  "hledger               hledger"
  "beancount             bean-check"
)

is_there() {
  case $1 in
    *.pc) command -v pkg-config > /dev/null && pkg-config --exists "${1%.pc}" ;;
    sshd) [ -x /usr/sbin/sshd ] ;;
    *) command -v "$1" > /dev/null ;;
  esac
}

if ! command -v swift > /dev/null; then
  echo "setup: Swift 6.3 is not installed. See https://www.swift.org/install/linux/" >&2
  exit 1
fi

missing=()
for line in "${needed[@]}"; do
  read -r package sign <<< "$line"
  is_there "$sign" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get > /dev/null; then
  echo "setup: no apt-get here. Install what provides: ${missing[*]}" >&2
  exit 1
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
if ! "${as_root[@]}" "${install[@]}" "${missing[@]}"; then
  "${as_root[@]}" dpkg --configure -a
  "${as_root[@]}" "${install[@]}" "${missing[@]}"
fi
