#!/usr/bin/env bash
# Runs the tests that are built; what failed is said once more at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
log=.build/test.log
# Four tests at a time: those that watch a clock are not starved by hundreds of others.
swift test --skip-build --experimental-maximum-parallelization-width 4 "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
  echo
  echo "What failed (everything is in $log):"
  grep -E -A 3 ' recorded an issue | (crashed|terminated) ' "$log" | grep -vE '^(✔|◇|--)'
fi
exit "$status"
