#!/usr/bin/env bash
# Runs all test assemblies of the built solution. The last line is `N passed, N failed, N skipped` over all of them.
# usage: [CONFIGURATION=Release] [FILTER=…] run-tests.sh
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export root results="$root/TestResults" configuration="${CONFIGURATION:-Release}"
# Slow tests need what `make assets` does not bring by itself; `make test-slow` runs them.
export filter="${FILTER:-Category!=Slow}"
rm -rf "$results"
mkdir -p "$results/taken"

# Varnishd has what it makes of VCL compiled; without optimising, that takes a third of the time.
mkdir -p "$results/bin"
for name in gcc cc "$(gcc -dumpmachine 2>/dev/null)-gcc"; do
  if compiler=$(command -v "$name"); then
    printf '#!/bin/sh\nexec %s "$@" -O0\n' "$compiler" >"$results/bin/$name"
    chmod +x "$results/bin/$name"
  fi
done
export PATH="$results/bin:$PATH"

# From those that wait, for control planes and pods, to those that compute.
order=(Operator EndToEnd Runtime TestCluster Agent Architecture Entities Oracle Cli Core)
others=()
for project in "$root"/tests/*.Tests/*.csproj; do
  name=$(basename "$project" .Tests.csproj)
  name=${name#CachePolicyOperator.}
  [[ " ${order[*]} " == *" $name "* ]] || others+=("$name")
done
order=("${order[@]:0:5}" "${others[@]}" "${order[@]:5}")

# run NAME: one assembly; what it said is printed in one piece when it is through.
run() {
  local dll="$root/tests/CachePolicyOperator.$1.Tests/bin/$configuration/net10.0/CachePolicyOperator.$1.Tests.dll"
  dotnet test "$dll" --nologo --logger "console;verbosity=quiet" --logger "trx;LogFileName=$1.trx" \
    --results-directory "$results" --filter "$filter" >"$results/taken/$1/output" 2>&1 9>&-
  echo $? >"$results/taken/$1/code"
  grep -vE '^(|Starting test execution, .*|A total of .*|No test matches .*|Results File: .*)$' "$results/taken/$1/output"
}

# lane NAME…: takes one after the other what the other lane has not taken.
lane() {
  for name in "$@"; do
    mkdir "$results/taken/$name" 2>/dev/null && run "$name"
  done
  return 0
}
export -f run lane

# One lane begins with those that wait, the other with those that compute: together they keep two processors busy.
backwards=()
for name in "${order[@]}"; do backwards=("$name" "${backwards[@]}"); done
printf '%s\n' "${order[*]}" "${backwards[*]}" | xargs -P 2 -L 1 bash -c 'lane "$@"' lane
code=$?
for name in "${order[@]}"; do
  ended=$(cat "$results/taken/$name/code" 2>/dev/null || echo 1)
  [ "$ended" -eq 0 ] || { code=$ended; echo "the tests of $name ended with exit code $ended"; }
done

# sum ATTRIBUTE: of the counters in all result files.
sum() {
  cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*' | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' |
    awk '{ total += $1 } END { print total + 0 }'
}

# The tests that did not pass, each with the first lines of what it said.
failures() {
  cat "$results"/*.trx 2>/dev/null | awk '
    /<UnitTestResult / { failed = /outcome="(Failed|Error|Timeout|Aborted)"/ }
    failed && match($0, / testName="[^"]*"/) { print substr($0, RSTART + 11, RLENGTH - 12) }
    failed && /<Message>/ { lines = 12; sub(/.*<Message>/, "") }
    lines > 0 { last = sub(/<\/Message>.*/, ""); print "    " substr($0, 1, 300); lines = last ? 0 : lines - 1 }
  ' | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&#xD;//g; s/&#xA;/ /g; s/&amp;/\&/g'
}

total=$(sum total)
passed=$(sum passed)
failed=$(($(sum failed) + $(sum error) + $(sum timeout) + $(sum aborted)))
skipped=$((total - passed - failed))

if [ "$failed" -gt 0 ]; then
  echo
  echo "failed; one alone: make test FILTER='DisplayName~…'"
  failures | sed 's/^/  /'
fi
if [ "$total" -eq 0 ]; then
  echo "no test ran"
  code=1
elif [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "a test run ended with exit code $code before its tests did; see above"
elif [ "$failed" -gt 0 ]; then
  code=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$code"
