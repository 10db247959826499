# Shared by the image stages; sourced, never run.
#
# An image is made in stages, each cached under the hash of what it is made
# from, so that an edit of the boot script does not build the kernel again:
#
#   keys      ssh keys, the same for every release
#   kernel    Linux as a program, with OpenZFS in it
#   packages  the lean userland, as one tar file
#   image     the userland with lab/image/root as an ext4 disk, beside the kernel

cache=${XDG_CACHE_HOME:-$HOME/.cache}/bzman-lab

die() {
  echo "lab: $*" >&2
  exit 1
}

say() {
  echo "lab: $*" >&2
}

# hash_of FILE-OR-FOLDER...: one short hash of names, modes and contents.
hash_of() {
  (
    cd "$here" || exit
    find "$@" -type f -printf '%p %m\n' | LC_ALL=C sort | while read -r file mode; do
      printf '%s %s ' "$file" "$mode"
      sha256sum <"$file"
    done | sha256sum | cut -c1-16
  )
}

# once FOLDER COMMAND...: run COMMAND with a temporary folder that becomes
# FOLDER when it succeeds. The lock makes a second builder wait for the first
# one and then find its work done; the kernel drops it when a builder dies.
once() {
  local folder=$1 made
  shift
  [ -d "$folder" ] && return
  mkdir -p "$cache"
  (
    flock 9
    [ -d "$folder" ] && exit
    rm -rf "$folder".tmp.*
    made=$(mktemp -d "$folder.tmp.XXXXXX")
    "$@" "$made" || { rm -rf --one-file-system "$made"; exit 1; }
    chmod 755 "$made"
    mv "$made" "$folder"
  ) 9>"$folder.lock" || die "building $(basename "$folder") failed"
}

# mirror: the Debian mirror that this machine's own apt uses.
mirror() {
  if [ -n "${BZMAN_LAB_MIRROR:-}" ]; then
    echo "$BZMAN_LAB_MIRROR"
    return
  fi
  apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
    sed -n 's/^Debian|Debian|//p' | sed -n 1p
}

# suite_of RELEASE: the Debian suite that hosts with OpenZFS RELEASE are made of.
suite_of() {
  case $1 in
    2.1) echo bookworm ;;
    *) echo trixie ;;
  esac
}

# bootstrap RELEASE PACKAGES TARGET [MMDEBSTRAP-OPTION...]: installs Debian packages for OpenZFS RELEASE into TARGET. Of
# backports, only what is asked for by its suite is taken, and OpenZFS 2.4.
bootstrap() {
  local release=$1 list=$2 target=$3 suite from log=$3.log proxy= backports=() pin=()
  shift 3
  suite=$(suite_of "$release")
  from=$(mirror)
  [ -n "$from" ] || die "apt knows no Debian mirror; set BZMAN_LAB_MIRROR=http://…/debian/"
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  [ -z "$proxy" ] || set -- "$@" --aptopt="Acquire::http::Proxy \"$proxy\""
  [ "$suite" = bookworm ] || backports=("deb $from $suite-backports main contrib")
  [ "$release" != 2.4 ] || pin=(--setup-hook="mkdir -p \"\$1/etc/apt/preferences.d\" &&
    printf 'Package: src:zfs-linux\nPin: release a=$suite-backports\nPin-Priority: 990\n' >\"\$1/etc/apt/preferences.d/zfs\"")
  try() {
    mmdebstrap --verbose --variant=apt --dpkgopt=force-unsafe-io "${pin[@]}" \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --include="$list" "$@" >"$log" 2>&1
  }
  if try "$@" "$suite" "$target" "deb $from $suite main contrib" "${backports[@]}" ||
    # A mirror without backports serves all but OpenZFS 2.4.
    { [ ${#backports[@]} -gt 0 ] && rm -rf --one-file-system "$target" &&
      try "$@" "$suite" "$target" "deb $from $suite main contrib"; }; then
    rm "$log"
  else
    tail -n 30 "$log" >&2
    return 1
  fi
}
