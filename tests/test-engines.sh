#!/usr/bin/env bash
# Plays on every engine what the product claims of it: conversations, leaking fixtures and their twins, the renderer's text, the agent, the
# replay, and decisions of the oracle. The engines are those of `make assets STEPS=engines`, and the machine's own.
# usage: test-engines.sh DECISIONS [ENGINE…]      for example: test-engines.sh 20000 7.7 9.0
# CONFIGURATION   Debug or Release (default: Release)
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
configuration=${CONFIGURATION:-Release}
cache=${CACHEPOLICY_ASSETS:-${XDG_CACHE_HOME:-$HOME/.cache}/cachepolicy}
decisions=$1
shift
[ $# -gt 0 ] || set -- own 7.7 9.0
failed=0

# What is played on an engine; what is the same on all of them is left to `make test`.
core='FullyQualifiedName~LeakReplayTests|FullyQualifiedName~BuiltinVclTests|FullyQualifiedName~ExplainedAsServed'
core="($core|FullyQualifiedName~Vcl.Render)&FullyQualifiedName!~as_written_down"
replay='FullyQualifiedName~ReplayTests'

on_engine() {
  local engine=$1
  shift
  if [ "$engine" = own ]; then "$@"; else
    env CACHEPOLICY_ENGINE="$engine" LD_LIBRARY_PATH="$cache/engines/$engine/api" PATH="$cache/engines/$engine/bin:$PATH" "$@"
  fi
}

play() {
  local engine=$1 assembly=$2 filter=$3
  printf '%s on %s: ' "$assembly" "$engine"
  if on_engine "$engine" dotnet test "$here/CachePolicyOperator.$assembly.Tests" -c "$configuration" --no-build -v quiet --nologo \
    ${filter:+--filter "$filter"} >"$log" 2>&1; then grep -o 'Passed: *[0-9]*, Skipped: *[0-9]*, Total: *[0-9]*' "$log"; else
    failed=1
    printf 'FAILED\n'
    grep -E '\[FAIL\]|^(Failed|Passed)!' "$log"
  fi
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for engine in "$@"; do
  play "$engine" Agent ''
  play "$engine" Oracle ''
  play "$engine" Core "$core"
  play "$engine" Cli "$replay"
  printf 'oracle on %s:\n' "$engine"
  on_engine "$engine" "$here/CachePolicyOperator.Oracle/bin/$configuration/net10.0/CachePolicyOperator.Oracle" \
    --count "$decisions" --requests 100 --fixtures "$here" --fixtures "$here/../docs" >"$log" 2>&1 || failed=1
  grep -E '^UNSOUND|decisions under|unsound disagreements' "$log"
done
exit "$failed"
