#!/usr/bin/env bash
# Runs all test assemblies of the built solution. The last line is `N passed, N failed, N skipped` over all of them.
# usage: [CONFIGURATION=Release] [FILTER=…] run-tests.sh
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
results="$root/TestResults"
rm -rf "$results"

# One assembly after the other: each starts a control plane of its own.
options=(--no-build -c "${CONFIGURATION:-Release}" -m:1 --logger trx --results-directory "$results" -v quiet)
# Slow tests need what `make assets` does not bring by itself; `make test-slow` runs them.
options+=(--filter "${FILTER:-Category!=Slow}")
dotnet test "$root/CachePolicyOperator.sln" "${options[@]}" 9>&-
code=$?

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
