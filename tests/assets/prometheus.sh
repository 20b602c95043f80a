# promtool, which judges metrics, and prometheus itself: from the PATH, else out of Debian's package, which is unpacked and not installed.
# Sourced by assets.sh.

prometheus_tool() {
  if have "$1"; then command -v "$1"
  elif [ -x "$cache/bin/$1" ]; then printf %s "$cache/bin/$1"
  fi
}

prometheus_there() { [ -n "$(prometheus_tool promtool)" ] && [ -n "$(prometheus_tool prometheus)" ]; }

prometheus_get() {
  on_debian || die "put promtool and prometheus on the PATH"
  local work="$cache/build/prometheus"
  rm -rf "$work"
  mkdir -p "$work"
  [ -n "$(apt-cache show --no-all-versions prometheus 2>/dev/null)" ] || logged "apt update" apt_get update
  logged "apt download prometheus" env -C "$work" apt-get -q -o APT::Sandbox::User=root download prometheus
  dpkg-deb --extract "$work"/prometheus_*.deb "$work"
  mv "$work/usr/bin/promtool" "$work/usr/bin/prometheus" "$cache/bin/"
  rm -rf "$work"
}
