# Sourced by every `run`: where things are, and how a server of several processes ends.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
cache=${CACHEPOLICY_ASSETS:-${XDG_CACHE_HOME:-$HOME/.cache}/cachepolicy}/origins
modules=$cache/npm/node_modules
PATH=$PATH:/usr/sbin:/usr/local/sbin
verb=${1:?usage: run version | run serve PORT WORK_DIRECTORY}
port=${2:-}
work=${3:-}
# nginx and Apache serve as users of their own.
[ -z "$work" ] || chmod 755 "$work"

debian_version() { dpkg-query -W -f '${Version}' "$1" | sed -E 's/^[0-9]+://; s/([+-]).*//'; }
npm_version() { node -p "require('$modules/$1/package.json').version"; }

# Serves with the processes that were started in the background; all end together.
serve_all() {
  trap 'kill $(jobs -p) 2>/dev/null; wait; exit 0' TERM INT
  wait -n
  kill $(jobs -p) 2>/dev/null || true
}

# fpm SOCKET: PHP-FPM with one pool that listens there.
fpm() {
  cat >"$work/fpm.conf" <<CONF
[global]
error_log = $work/fpm.log
daemonize = no
[www]
user = $(id -un)
group = $(id -gn)
listen = $1
listen.owner = $(id -un)
listen.mode = 0666
pm = static
pm.max_children = 2
security.limit_extensions = .php
CONF
  php-fpm8.2 -R -F -y "$work/fpm.conf" -d cgi.fix_pathinfo="${FIX_PATHINFO:-1}" &
  for _ in $(seq 100); do [ -S "$1" ] && return; sleep 0.1; done
  return 1
}

# php_site: a copy of the PHP site that every user can read.
php_site() {
  cp -r "$here/../php-site" "$work/site"
  chmod -R a+rX "$work/site"
}
