# How steps are run, timed, shown and recorded. Sourced by assets.sh.

known_steps=()

# Scripts that source this name themselves before.
speaker=${speaker:-assets}

say() { printf '%s: %s\n' "$speaker" "$*"; }

die() {
  printf '%s: error: %s\n' "$speaker" "$*" >&2
  exit 1
}

# Two runs must not build into the same directory; the lock goes away with the process that holds it.
one_run_at_a_time() {
  have flock || die "flock is not on the PATH; it is in the package util-linux"
  exec 9>"$cache/.lock"
  flock -n 9 || { say "waiting for another run to end"; flock 9; }
}

have() { command -v "$1" >/dev/null 2>&1; }

seconds() { date +%s; }

wanted() {
  [ ${#steps[@]} -eq 0 ] && return 0
  local each
  for each in "${steps[@]}"; do [ "$each" = "$1" ] && return 0; done
  return 1
}

# step NAME CHECK GET: runs GET unless CHECK says that its result is there, and says how long it took.
step() {
  local name=$1 check=$2 get=$3 started
  known_steps+=("$name")
  wanted "$name" || return 0
  if "$check"; then say "$name: there"; return 0; fi
  say "$name: begun"
  started=$(seconds)
  "$get"
  "$check" || die "$name ended, but what it should leave is not there"
  say "$name: done in $(($(seconds) - started)) s"
}

# on_request NAME CHECK GET: a step that runs only when it is asked for by name.
on_request() {
  known_steps+=("$1")
  if [ ${#steps[@]} -gt 0 ] && wanted "$1"; then step "$@"; fi
}

check_step_names() {
  local each
  for each in ${steps[@]+"${steps[@]}"}; do
    case " ${known_steps[*]} " in
      *" $each "*) ;;
      *) die "there is no step '$each'; the steps are: ${known_steps[*]}" ;;
    esac
  done
}

# logged TITLE COMMAND…: runs a long command, its output in a log; shows a sign of life, and the log's end when it fails.
logged() {
  local title=$1 log="$cache/log/${1// /-}.log" started pid sign code=0
  shift
  mkdir -p "$cache/log"
  started=$(seconds)
  "$@" >"$log" 2>&1 9>&- &
  pid=$!
  trap 'kill $(descendants '"$pid"') 2>/dev/null; exit 130' INT TERM HUP
  sign=$((started + 15))
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    [ "$(seconds)" -lt "$sign" ] && continue
    sign=$(($(seconds) + 15))
    say "  $title: $(($(seconds) - started)) s … $(tail -n 1 "$log" | cut -c 1-90)"
  done
  wait "$pid" || code=$?
  trap - INT TERM HUP
  if [ "$code" -ne 0 ]; then
    tail -n 25 "$log" >&2
    die "$title failed with exit code $code; the whole log is $log"
  fi
  say "  $title: $(($(seconds) - started)) s"
}

# The process and everything below it, children first.
descendants() {
  local child
  for child in $(ps -o pid= --ppid "$1"); do descendants "$child"; done
  printf '%s ' "$1"
}

# What the tests and the Makefile read: one NAME=path a line, only what exists.
write_env() {
  local new="$cache/assets.env.new"
  {
    entry ETCD "$(kubernetes_tool etcd)"
    entry KUBE_APISERVER "$(kubernetes_tool kube-apiserver)"
    entry KUBE_CONTROLLER_MANAGER "$(kubernetes_tool kube-controller-manager)"
    entry KUBECTL "$(client_tool kubectl)"
    entry HELM "$(client_tool helm)"
    entry PROMTOOL "$(prometheus_tool promtool)"
    entry PROMETHEUS "$(prometheus_tool prometheus)"
    for each in varnishd varnishlog varnishadm varnishncsa varnishstat varnishtest wrk; do
      entry "$(printf %s "$each" | tr a-z A-Z)" "$(command -v "$each" || true)"
    done
    entry VARNISH_SOURCE "$cache/varnish-source"
  } >"$new"
  mv "$new" "$cache/assets.env"
}

entry() { [ -n "$2" ] && [ -e "$2" ] && printf '%s=%s\n' "$1" "$2" || true; }
