#!/bin/sh
# Installs Tryton into a folder of its own, makes an empty database, and prints nothing but problems.
# usage: server.sh FOLDER
set -eu
folder=$1
series=8.0
mkdir -p "$folder"
if [ ! -x "$folder/venv/bin/trytond" ]; then
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    "trytond~=$series.0" "trytond_account~=$series.0" "trytond_company~=$series.0" \
    "trytond_party~=$series.0" "trytond_currency~=$series.0" "proteus~=$series.0"
fi
rm -rf "$folder/data"
mkdir -p "$folder/data"
: > "$folder/data/erp.sqlite"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
echo "$port" > "$folder/port"
cat > "$folder/trytond.conf" <<CONF
[database]
uri = sqlite://
path = $folder/data
list = True

[web]
listen = 127.0.0.1:$port

[session]
timeout = 3600
CONF
printf 'not-a-secret-0\n' > "$folder/password"
TRYTONPASSFILE="$folder/password" "$folder/venv/bin/trytond-admin" -c "$folder/trytond.conf" -d erp \
  -u account --activate-dependencies --email admin@example.test > "$folder/admin.log" 2>&1
