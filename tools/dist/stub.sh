#!/bin/sh
# bzman @VERSION@ in one file: this script, then a tar.gz of the Deno runtime and of bzman itself.
#
# The first run unpacks it into a cache folder; later runs start from there. The cache is /var/cache/bzman for root, else
# $XDG_CACHE_HOME/bzman or ~/.cache/bzman, else /tmp/bzman-UID; BZMAN_CACHE=/FOLDER names another, and then no other is
# tried. It may be removed at any time: the next run makes it again.

id=@ID@
files='@FILES@'
start=@START@ # the byte at which the archive begins, counted from 1

# Which tar unpacks it is not for the environment of root to choose.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

# Keeps the reason why the cache at hand cannot be used.
because() {
  troubles="$troubles
  $cache: $1"
  return 1
}

# What lies in a cache is run. So it must be the caller's own, and nobody else may be able to write to it.
private() {
  [ ! -L "$1" ] && [ -d "$1" ] && [ -O "$1" ] || return 1
  case $(ls -ldn -- "$1" 2>/dev/null) in d????-??-*) ;; *) return 1 ;; esac
}

# Whether every file is in place: cleaners of /tmp take single ones.
whole() {
  for file in $files; do [ -f "$cache/$id/$file" ] || return 1; done
}

# Unpacks under another name, tries it, and moves it into place in one step. First runs at the same time each do so;
# whoever comes second throws its own copy away.
unpack() {
  aside=$(mktemp -d "$cache/.unpack.XXXXXX" 2>/dev/null) || because "it cannot be written to" || return
  trap 'rm -rf "$aside"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  place
  status=$?
  rm -rf "$aside"
  trap - EXIT HUP INT TERM
  return $status
}

place() {
  message=$( (umask 077; tail -c "+$start" -- "$self" | tar -xoz -C "$aside" -f -) 2>&1) ||
    because "unpacking failed (is it full, or is this copy of bzman incomplete?): $message" || return
  message=$("$aside/bzman" --version 2>&1 </dev/null) ||
    because "no program can be run from it (is it mounted noexec, or does a policy forbid it?): $message" || return
  # A power cut must not leave files that are there by name alone.
  sync -f "$aside" 2>/dev/null || sync
  mv -T "$aside" "$cache/$id" 2>/dev/null || whole || {
    # A folder is in the way whose files are not all there.
    mv -T "$cache/$id" "$aside/old" && mkdir "$aside/new" && for file in $files; do mv "$aside/$file" "$aside/new"; done
    mv -T "$aside/new" "$cache/$id"
  } 2>/dev/null || because "$id in it is in the way" || return
  forget
}

# Removes what no run used for 30 days: older versions, and the rests of an unpacking that was killed.
forget() {
  find "$cache" -mindepth 2 -maxdepth 2 -name used -mtime +30 2>/dev/null | while IFS= read -r stamp; do
    rm -rf "${stamp%/used}"
  done
  find "$cache" -mindepth 1 -maxdepth 1 -name '.unpack.*' -mtime +1 -exec rm -rf {} + 2>/dev/null
  return 0
}

# Makes the cache at hand ready to start from.
ready() {
  case $cache in /*) ;; *) because "it must be an absolute path" || return ;; esac
  [ -d "$cache" ] || (umask 077; mkdir -p -- "$cache") 2>/dev/null || because "it cannot be made" || return
  private "$cache" || because "it must be a folder of your own that nobody else can write to" || return
  whole || unpack || return
  private "$cache/$id" || because "$id in it must be a folder of your own that nobody else can write to" || return
  [ -x "$cache/$id/bzman" ] || because "no program can be run from it (is it mounted noexec?)"
}

case $0 in /*) self=$0 ;; *) self=$PWD/$0 ;; esac
# shellcheck disable=SC3028 # where the shell knows EUID, one process less
uid=${EUID:-$(id -u)}
fallback=/tmp/bzman-$uid
if [ -n "$BZMAN_CACHE" ]; then
  cache=$BZMAN_CACHE fallback=
elif [ "$uid" -eq 0 ]; then
  cache=/var/cache/bzman
else
  case $XDG_CACHE_HOME:$HOME in
    /*) cache=$XDG_CACHE_HOME/bzman ;;
    *:/*) cache=$HOME/.cache/bzman ;;
    *) cache=$fallback fallback= ;;
  esac
fi

troubles=
ready || { [ -n "$fallback" ] && cache=$fallback && ready; } || {
  printf '%s\n' "bzman: no usable cache folder to unpack itself into.$troubles
Next: set BZMAN_CACHE=/FOLDER to a folder of your own, with 150 MB free and on a file system that may run programs." >&2
  exit 3
}

true 2>/dev/null >"$cache/$id/used"
# shellcheck disable=SC3013 # every sh in use knows -ef
[ . -ef "$PWD" ] || cd / # the folder it was started in is gone, and Deno does not start without one
unset DENO_CONDITIONS DENO_COVERAGE_DIR DENO_V8_FLAGS NODE_OPTIONS # a developer's wishes, not for this program
export BZMAN_FILE="$self" DENO_DIR="$cache/$id/deno" DENO_NO_UPDATE_CHECK=1

exec "$cache/$id/bzman" run @FLAGS@ "$cache/$id/main.js" "$@"
