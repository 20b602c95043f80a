# Root file systems from Debian's packages, at the versions of the lock. Sourced by images.sh.

lock_file="$here/lock"

# The time of all files: it changes with the lock only, so that a layer of packages is the same for every commit.
layer_time() { sed -n 's/^# time //p' "$lock_file"; }

architecture() { dpkg --print-architecture; }

# described NAME WORD: what a root's description says after WORD, over the parts that it is made with.
described() {
  local name=$1 word=$2 part
  for part in $(sed -n 's/^with //p' "$here/roots/$name"); do sed -n "s/^$word //p" "$here/roots/parts/$part"; done
  sed -n "s/^$word //p" "$here/roots/$name"
}

# locked NAME: package, version and SHA-256 of all that the root is extracted from.
locked() {
  awk -v name="$1" -v architecture="$(architecture)" \
    '$1 == name && ($4 == architecture || $4 == "all") && $6 == architecture { print $2, $3, $5 }' "$lock_file"
}

# bootstrap NAME DIRECTORY PACKAGE[=VERSION]…: extracts the packages and all that they need; no script of theirs is run. The
# packages themselves are kept for the next time.
bootstrap() {
  local name=$1 directory=$2 suite kept="$work/packages/$1" lists="$work/lists/$1" sources
  shift 2
  suite=$(described "$name" suite)
  mkdir -p "$kept"
  source_lists deb "$suite" "$lists"
  mapfile -t sources < <(find "$lists/parts" -type f | sort)
  # Dated copies of the archive say that they are out of date. What is taken is what the lock names by its digest.
  logged "packages of $name" mmdebstrap --variant=extract --mode=root --format=directory \
    --aptopt='Acquire::Check-Valid-Until "false"' --include="$(IFS=,; printf %s "$*")" \
    --setup-hook='mkdir -p "$1/var/cache/apt/archives"' \
    --setup-hook="sync-in '$kept' /var/cache/apt/archives" \
    --extract-hook="sync-out /var/cache/apt/archives '$kept'" \
    --skip=essential/unlink "$suite" "$directory" "${sources[@]}"
}

# unpack NAME DIRECTORY: the root file system of the lock, all that is not kept removed.
unpack() {
  local name=$1 directory=$2 list
  list=$(locked "$name")
  [ -n "$list" ] || die "the lock says nothing of $name on $(architecture): run 'make images-lock'"
  keep_only_locked "$name" "$list"
  rm -rf "$directory"
  if ! (bootstrap "$name" "$directory" $(awk '{ print $1 "=" $2 }' <<<"$list")); then
    die "packages of the lock were not to be had. Where the archive has newer ones, 'make images-lock' takes those"
  fi
  verify_packages "$name" "$list"
  prune "$name" "$directory"
  describe_packages "$name" "$directory"
}

# Packages of an earlier lock go.
keep_only_locked() {
  local kept="$work/packages/$1" file sum
  for file in "$kept"/*.deb; do
    [ -e "$file" ] || continue
    sum=$(sha256sum "$file" | cut -d ' ' -f 1)
    grep -q " $sum\$" <<<"$2" || rm -f "$file"
  done
}

verify_packages() {
  local sums
  sums=$(sha256sum "$work/packages/$1"/*.deb | cut -d ' ' -f 1 | sort)
  [ "$sums" = "$(awk '{ print $3 }' <<<"$2" | sort)" ] || die "the packages of $1 are not those of the lock"
}

prune() {
  local name=$1 directory=$2 path paths kept=()
  # Of the machine that builds, and of the installer.
  rm -rf "$directory"/dev "$directory"/etc/apt "$directory"/etc/dpkg "$directory"/etc/hostname "$directory"/etc/resolv.conf "$directory"/var
  while read -ra paths; do
    for path in "${paths[@]}"; do kept+=(-o -path ".$path"); done
  done < <(described "$name" keep)
  (cd "$directory" && find . ! -type d ! \( "${kept[@]:1}" \) -delete && find . -mindepth 1 -type d -empty -delete)
  mkdir -p "$directory"/{dev,proc,sys,etc,run,tmp,var/tmp}
  chmod 1777 "$directory/tmp" "$directory/var/tmp"
  printf '%s\n' 'root:x:0:0:root:/:/usr/sbin/nologin' "cachepolicy:x:$user:$user::/:/usr/sbin/nologin" >"$directory/etc/passwd"
  printf '%s\n' 'root:x:0:' "cachepolicy:x:$user:" >"$directory/etc/group"
  printf '%s\n' 'hosts: files dns' >"$directory/etc/nsswitch.conf"
}

# The packages of which something is left, where scanners look for them; the licences of others go.
describe_packages() {
  local name=$1 directory=$2 file package
  mkdir -p "$directory/var/lib/dpkg/status.d"
  for file in "$work/packages/$name"/*.deb; do
    package=$(dpkg-deb -f "$file" Package)
    if is_left "$file" "$directory"; then
      dpkg-deb -f "$file" >"$directory/var/lib/dpkg/status.d/$package"
    else
      rm -rf "$directory/usr/share/doc/$package"
    fi
  done
  find "$directory/usr/share/doc" -type d -empty -delete
}

is_left() {
  local path
  while read -r path; do
    [ ! -d "$2/$path" ] && { [ -e "$2/$path" ] || [ -L "$2/$path" ]; } && return 0
  done < <(dpkg-deb --fsys-tarfile "$1" | tar -t | grep -v -e '/$' -e '^\./usr/share/doc/')
  return 1
}

# lock NAME…: resolves the packages anew.
lock() {
  local name directory="$work/lock" new="$work/lock.new" file
  {
    printf '# What the images are made of; written by `make images-lock`.\n# root package version architecture sha256 for\n'
    printf '# time %s\n' "$(date -u +%s)"
    # What other machines locked stays.
    [ ! -e "$lock_file" ] || awk -v architecture="$(architecture)" '!/^#/ && $6 != architecture' "$lock_file"
  } >"$new"
  for name in "$@"; do
    rm -rf "$directory" "$work/packages/$name"
    bootstrap "$name" "$directory" $(described "$name" package)
    for file in "$work/packages/$name"/*.deb; do
      printf '%s %s %s %s\n' "$name" "$(dpkg-deb -W --showformat='${Package} ${Version} ${Architecture}' "$file")" \
        "$(sha256sum "$file" | cut -d ' ' -f 1)" "$(architecture)"
    done | LC_ALL=C sort >>"$new"
  done
  rm -rf "$directory"
  # The time is that of the contents.
  if [ -e "$lock_file" ] && diff <(grep -v '^# time' "$lock_file") <(grep -v '^# time' "$new") >/dev/null; then
    say "the lock is as new as the archive"
    rm -f "$new"
  else
    mv "$new" "$lock_file"
    say "written: $lock_file"
  fi
}
