#!/usr/bin/env bash
# A month of three companies' documents into three mock ERPs, with faults planted, and the proof that all of it ties out.
# Ends by itself; KEEP=1 leaves the mock ERP and Postern running and prints their addresses.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=$(swift build --show-bin-path)
demo=examples/demo
work=$(mktemp -d "${TMPDIR:-/tmp}/postern-demo.XXXXXX")
export POSTERN_CONFIG=$work/configuration
children=()

postern() { "$programs/postern" "$@"; }

# The last line of the configuration's check: whether it is valid. What else it found is in the file.
check() { postern check > "$work/check.txt" && tail -n 1 "$work/check.txt"; }

finish() {
  status=$?
  if [ "${KEEP:-}" = 1 ] && [ $status -eq 0 ]; then
    echo
    echo "Left running: Postern at $service, the mock ERP at $mock; its books: $mock/_admin/journal?company=NW-DE"
    echo "Configuration: $POSTERN_CONFIG. Stop both with: kill ${children[*]}"
    return
  fi
  for child in "${children[@]}"; do kill "$child" 2> /dev/null || true; done
  wait 2> /dev/null || true
  if [ $status -ne 0 ]; then
    echo "demo: failed; its files are left in $work" >&2
    for log in "$work"/*.log; do
      echo "--- $log" >&2
      tail -n 20 "$log" >&2
    done
  else
    rm -rf "$work"
  fi
}
trap finish EXIT

step() { printf '\n== %s\n' "$*"; }

# Starts a server in the background and waits for the line that says where it listens.
# usage: start NAME PROGRAM ARGUMENT...; leaves the address in $address
start() {
  local name=$1
  shift
  "$@" > "$work/$name.out" 2> "$work/$name.log" &
  children+=($!)
  for _ in $(seq 600); do
    address=$(sed -n 's/^.*listening on //p' "$work/$name.out")
    [ -n "$address" ] && return
    kill -0 "${children[-1]}" 2> /dev/null || break
    sleep 0.1
  done
  echo "demo: $name did not start" >&2
  exit 3
}

# Waits until no posting is open any more.
settle() {
  for _ in $(seq 600); do
    postern connections list --output json > "$work/connections.json"
    grep -q '"open":[1-9]' "$work/connections.json" || return 0
    sleep 0.2
  done
  echo "demo: postings are still open after two minutes" >&2
  postern list postings --limit 1000 >&2
  exit 3
}

step "A mock ERP with the books of three companies, and faults planted ($demo/faults.yaml)"
start mock-erp "$programs/mock-erp" serve --port 0 --faults $demo/faults.yaml \
  --seed-books $demo/books.json --strict --exchange "$work/exchange"
mock=$address
echo "mock ERP at $mock"

step "Postern with the configuration of $demo/configuration"
cp -r $demo/configuration "$POSTERN_CONFIG"
sed -i "s|MOCK_ERP|$mock|; s|EXCHANGE|file://$work/exchange|" "$POSTERN_CONFIG"/connections/*.yaml
check
start postern "$programs/postern" serve --port 0
service=$address
echo "Postern at $service"

step "A month of documents is handed over"
status=0
postern submit --to "$service" $demo/documents/october.ndjson || status=$?
[ $status -eq 1 ] || { echo "demo: expected exceptions, got status $status" >&2; exit 3; }
postern submit --to "$service" --source einvoices $demo/documents/invoice-ubl.xml
settle

step "All that could be posted is; a product without a revenue account stopped three documents"
status=0
postern exceptions || status=$?
[ $status -eq 1 ] || { echo "demo: expected exceptions, got status $status" >&2; exit 3; }
groups=$(postern exceptions --output json | grep -o '"fingerprint"' | wc -l) || true
[ "$groups" -eq 1 ] || { echo "demo: expected one cause, found $groups" >&2; exit 3; }

step "The mapping is added once, and the group is retried"
cat >> "$POSTERN_CONFIG/accounts/revenue.yaml" <<'ROW'
- when: { product: EDGE-CACHE, entity: NW-US }
  account: 4430
ROW
tail -n 2 "$POSTERN_CONFIG/accounts/revenue.yaml"
check
postern exceptions retry
settle

step "What went wrong on the way, and was settled: attempts by outcome"
postern list postings --limit 1000 --output json > "$work/postings.json"
for outcome in unknown found retryLater; do
  count=$(grep -o "\"outcome\":\"$outcome\"" "$work/postings.json" | wc -l) || true
  echo "$outcome: $count"
  [ "$count" -gt 0 ] || { echo "demo: the fault that gives '$outcome' did not happen" >&2; exit 3; }
done

step "Where everything stands"
postern status
postern exceptions

step "What the ERPs hold against the journal, document by document"
postern reconcile

step "The same month once more changes nothing"
postern submit --to "$service" $demo/documents/october.ndjson
settle
postern reconcile --output json > "$work/reconciled.json"
postern audit verify

echo
echo "demo: every document is posted once, and every ERP ties out to the cent"
