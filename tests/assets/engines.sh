# Engines beside the machine's own, so that tests can play on each: packages of newer suites, unpacked and not installed.
# Sourced by assets.sh.

# Engine → the suite that has it, its package and its library.
declare -A engine_suite=([7.7]=trixie [9.0]=sid)
declare -A engine_package=([7.7]=varnish [9.0]=vinyl-cache)
declare -A engine_api=([7.7]=libvarnishapi3 [9.0]=libvinylapi3)

# What their programs are linked with. VCL is compiled by the machine's own gcc.
engine_libraries=(libc6 libgcc-s1 libstdc++6 libjemalloc2 libpcre2-8-0 libedit2 libncursesw6 libtinfo6 libbsd0 libmd0 zlib1g)
engine_programs=(varnishd varnishadm varnishlog varnishncsa varnishstat varnishtest)

engine_directory() { printf %s "$cache/engines/$1"; }

# What varnishd says of itself.
engine_version_line() { "$(engine_directory "$1")/bin/varnishd" -V 2>&1 | sed -n 1p; }

engine_there() { [[ $(engine_version_line "$1") == *"-$1."*" revision "* ]]; }

engines_there() {
  local engine
  for engine in "${!engine_suite[@]}"; do engine_there "$engine" || return 1; done
}

engines_get() {
  on_debian || die "the step engines is for Debian"
  have gcc || install_packages gcc
  local engine
  for engine in "${!engine_suite[@]}"; do engine_there "$engine" || engine_get "$engine"; done
}

engine_get() {
  local engine=$1 directory work="$cache/build/engine-$1" package program
  directory=$(engine_directory "$engine")
  rm -rf "$work" "$directory"
  mkdir -p "$work/root" "$work/bin" "$cache/engines"
  apt_packages "${engine_suite[$engine]}" "$work/packages" "${engine_package[$engine]}" "${engine_api[$engine]}" "${engine_libraries[@]}"
  for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$work/root"; done
  rm -rf "$work/packages"
  for program in "${engine_programs[@]}"; do engine_program "$work" "$directory" "$program"; done
  engine_log_library "$work"
  mv "$work" "$directory"
  engine_there "$engine" ||
    die "$engine is not what the suite ${engine_suite[$engine]} has: $(engine_version_line "$engine")"
}

# engine_program WORK DIRECTORY PROGRAM: a command that runs the program with its own C library; it becomes the program, so that
# signals and process ids are the program's.
engine_program() {
  local work=$1 directory=$2 program=$3 path loader libraries api
  path=$(cd "$work/root" && find usr/bin usr/sbin -name "$program" | head -n 1)
  loader=$(cd "$work/root" && find usr/lib* -name 'ld-linux*' | head -n 1)
  libraries=$(cd "$work/root" && dirname "$(find usr/lib -name 'libc.so.6')")
  api=$(cd "$work/root" && find "$libraries" -mindepth 2 -type d -name vmods | head -n 1)
  [ -n "$path" ] && [ -n "$loader" ] && [ -n "$api" ] || die "there is no $program in the packages of this engine"
  cat >"$work/bin/$program" <<END
#!/bin/sh
root=$directory/root
$([ "$program" != varnishd ] || engine_paths "$api")
exec "\$root/$loader" --argv0 $program --library-path "\$root/$libraries:\$root/$(dirname "$api")" "\$root/$path" "\$@"
END
  chmod 755 "$work/bin/$program"
}

# engine_paths MODULES: where varnishd finds what it would find below /usr, and no jail, whose user could not read it. Last, for varnishtest says
# what is below /usr. Questions such as -V are asked alone.
engine_paths() {
  cat <<END
case "\${1-}" in
  -V | -x* | -\?) ;;
  *)
    set -- "\$@" -p "vmod_path=\$root/$1" -p "vcl_path=\$root/usr/share/$(basename "$(dirname "$1")")/vcl"
    case " \$* " in *" -j "*) ;; *) set -- "\$@" -j none ;; esac
    ;;
esac
END
}

# engine_log_library WORK: its library for the log, for processes with the machine's own C library (LD_LIBRARY_PATH=…/api). It wants GLIBC_2.38 for
# nothing but four names of C23; a library of these few lines has them and stands before it.
engine_log_library() {
  local work=$1 real name
  real=$(find "$work/root/usr/lib" -name 'lib*api.so.3')
  name=$(basename "$real")
  mkdir -p "$work/api"
  # The version's name and its hash, and the library's own name, each for one of the same length.
  LC_ALL=C sed -e 's/GLIBC_2\.38/GLIBC_2.34/g' -e 's/\xb8\x91\x96\x06/\xb4\x91\x96\x06/g' -e "s/$name/${name/api/API}/g" \
    "$real" >"$work/api/${name/api/API}"
  printf '%s\n' '#include <stdarg.h>' '#include <stdio.h>' '#include <stdlib.h>' \
    'long __isoc23_strtol(const char *s, char **e, int b) { return strtol(s, e, b); }' \
    'unsigned long __isoc23_strtoul(const char *s, char **e, int b) { return strtoul(s, e, b); }' \
    'long long __isoc23_strtoll(const char *s, char **e, int b) { return strtoll(s, e, b); }' \
    'int __isoc23_sscanf(const char *s, const char *f, ...) { va_list a; va_start(a, f); int n = vsscanf(s, f, a); va_end(a); return n; }' |
    gcc -x c -shared -fPIC -o "$work/api/$name" - -Wl,--no-as-needed -L"$work/api" "-l:${name/api/API}" -Wl,-rpath,'$ORIGIN'
  # The one name that is looked for first, whatever the machine has.
  [ "$name" = libvarnishapi.so.3 ] || ln -s "$name" "$work/api/libvarnishapi.so.3"
}
