# What comes from Debian: packages, and sources through a list of our own. Sourced by assets.sh.

# Package → the program that says it is there.
declare -A package_program=([varnish]=varnishd [gcc]=gcc [wrk]=wrk [util-linux]=setpriv [iproute2]=ip [zsh]=zsh [fish]=fish)

PATH=$PATH:/usr/sbin:/usr/local/sbin

on_debian() { have apt-get && have dpkg; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif have sudo; then sudo "$@"
  else die "installing packages needs root: run 'make assets' once as root, or install sudo"
  fi
}

missing_packages() {
  local package
  for package in "${!package_program[@]}"; do have "${package_program[$package]}" || printf '%s\n' "$package"; done
  [ -n "$(kubernetes_tool etcd)" ] || printf 'etcd-server\n'
}

packages_there() { [ -z "$(missing_packages)" ]; }

packages_get() {
  on_debian || die "this is not Debian: install varnish and wrk with your package manager, and set KUBEBUILDER_ASSETS as said below
$(kubebuilder_help)"
  install_packages $(missing_packages)
}

# A package must not start a service on the machine, nor at its next boot: the tests start their own.
install_packages() {
  [ $# -gt 0 ] || return 0
  as_root true
  forbid_service_starts
  logged "apt update" apt_get update
  logged "apt install" apt_get install -y --no-install-recommends "$@"
  allow_service_starts
  if have deb-systemd-helper; then
    case " $* " in *" varnish "*) as_root deb-systemd-helper disable varnish.service varnishncsa.service >/dev/null 2>&1 || true ;; esac
    case " $* " in *" etcd-server "*) as_root deb-systemd-helper disable etcd.service >/dev/null 2>&1 || true ;; esac
  fi
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"; }

policy=/usr/sbin/policy-rc.d
policy_mark='# cachepolicy: made while packages are installed'

forbid_service_starts() {
  [ -e "$policy" ] && return 0
  trap allow_service_starts EXIT
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

allow_service_starts() {
  if grep -qsF "$policy_mark" "$policy"; then as_root rm -f "$policy"; fi
}

# source_lists TYPE SUITE DIRECTORY: the machine's own Debian sources, turned into source lists of a type (deb, deb-src) and a suite
# below the directory; the machine's are not touched.
source_lists() {
  local type=$1 suite=$2 lists=$3 codename
  codename=$(. /etc/os-release && printf %s "${VERSION_CODENAME:-}")
  mkdir -p "$lists/parts" "$lists/state/partial" "$lists/archives/partial"
  rm -f "$lists"/parts/*
  # Of the unstable suite there are no updates.
  cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
    awk -v codename="$codename" -v suite="$suite" -v type="$type" '
      function field(line) { return line ~ /^Suites:/ ? suites(line) : line ~ /^Types:/ ? "Types: " type : line }
      function suites(line,   words, count, i, all) {
        count = split(line, words, /[ \t]+/)
        for (i = 2; i <= count; i++)
          if (words[i] == codename || (words[i] ~ "^" codename "-(updates|security)$" && suite != "sid"))
            all = all " " suite substr(words[i], length(codename) + 1)
        return all == "" ? "" : "Suites:" all
      }
      BEGIN { RS = ""; FS = "\n" }
      {
        stanza = ""; ours = 0
        for (i = 1; i <= NF; i++) {
          line = field($i)
          ours = ours || line ~ /^Suites:/
          if ($i !~ /^#/) stanza = stanza line "\n"
        }
        if (ours) print stanza
      }' >"$lists/parts/source.sources"
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    grep -E "^deb .* $codename(-updates|-security)? " | sed -e "s/^deb /$type /" -e "s/ $codename/ $suite/" -e '/ sid-/d' >"$lists/parts/source.list" || true
  find "$lists/parts" -empty -delete
  [ -n "$(ls "$lists/parts")" ] || die "no Debian source for '$codename' in /etc/apt to fetch packages of '$suite' from"
}

# apt_with LISTS COMMAND…: apt-get with the source lists of a directory, and nothing of the machine's.
apt_with() {
  local lists=$1
  shift
  apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$lists/parts" -o Dir::State::lists="$lists/state" \
    -o Dir::Cache::archives="$lists/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root "$@"
}

# apt_source PACKAGE DIRECTORY: unpacks a source package below the directory, at the newest version.
apt_source() {
  local package=$1 directory=$2 lists="$cache/apt"
  have dpkg-source || install_packages dpkg-dev
  source_lists deb-src "$(. /etc/os-release && printf %s "${VERSION_CODENAME:-}")" "$lists"
  mkdir -p "$directory"
  logged "apt update for sources" apt_with "$lists" update
  logged "apt source $package" in_directory "$directory" apt_with "$lists" source "$package"
}

# apt_packages SUITE DIRECTORY PACKAGE…: the packages themselves at a suite's newest version, without what they depend on.
apt_packages() {
  local suite=$1 directory=$2 lists="$cache/apt-$1"
  shift 2
  source_lists deb "$suite" "$lists"
  mkdir -p "$directory"
  # The suites that this machine knows of are older: its own packages must not be candidates.
  logged "apt update for $suite" apt_with "$lists" -o Dir::State::status=/dev/null update
  logged "packages of $suite" in_directory "$directory" apt_with "$lists" -o Dir::State::status=/dev/null download "$@"
}

# in_directory DIRECTORY COMMAND…: a command in a directory; for the background, by `logged`, as it moves there.
in_directory() {
  cd "$1" || return
  shift
  "$@"
}

varnish_source_there() { [ -e "$cache/varnish-source/configure.ac" ]; }

# Varnish's own tests (.vtc) are a corpus for ours.
varnish_source_get() {
  on_debian || die "the step varnish-source is for Debian"
  local work="$cache/build/varnish-source"
  rm -rf "$work" "$cache/varnish-source"
  apt_source varnish "$work"
  mv "$work"/varnish-*/ "$cache/varnish-source"
  rm -rf "$work"
}
