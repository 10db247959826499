# Second stage: Linux as an ordinary program (ARCH=um), with OpenZFS built in.
#
# OpenZFS 2.3 and 2.4 go best with linux-source-7.2 of trixie-backports, whose hosts catch system calls by seccomp. Backports
# drop old versions: where that one is gone, trixie's own 6.12 takes its place, which needs a patch and is a third slower.
# OpenZFS 2.1 goes with bookworm's 6.1. BZMAN_LAB_KERNEL names another version to build with.

compiler=build-essential,flex,bison,bc,libelf-dev,libssl-dev,python3,xz-utils,kmod,cpio,rsync,file

# choose_kernel RELEASE: prints the version of Debian's linux-source to build OpenZFS RELEASE with.
# `has_package NAME` tells whether Debian offers that package.
choose_kernel() {
  local version wanted='7.2 6.12'
  [ "$1" != 2.1 ] || wanted=6.1
  wanted=${BZMAN_LAB_KERNEL:-$wanted}
  for version in $wanted; do
    if has_package "linux-source-$version"; then
      echo "$version"
      return
    fi
  done
  die "Debian has no kernel source for OpenZFS $1 (looked for linux-source $wanted)"
}

# zfs_package RELEASE: the package with OpenZFS's sources, and the suite to take it from.
zfs_package() {
  case $1 in
    2.1) echo zfs-dkms/bookworm ;;
    2.3) echo zfs-dkms/trixie ;;
    2.4) echo zfs-dkms/trixie-backports ;;
  esac
}

# make_kernel RELEASE FOLDER: leaves the program `linux` and its `version` in FOLDER.
make_kernel() {
  local release=$1 out=$2 tools=$2/tools version started=$SECONDS line
  tell_step() { say "kernel with OpenZFS $release: $1 ($((SECONDS - started)) s)"; }
  tell_step "installing a compiler in a folder of its own"
  bootstrap "$release" "$compiler" "$tools" --variant=minbase --skip=cleanup/apt/lists || return
  cp /etc/resolv.conf "$tools/etc/" 2>/dev/null
  has_package() { chroot "$tools" apt-cache show "$1" >/dev/null 2>&1; }
  version=$(choose_kernel "$release") || return
  mkdir "$tools/src"
  cp "$here"/kernel/* "$tools/src/" || return
  chroot "$tools" sh /src/compile.sh "$version" "$(zfs_package "$release")" "$(nproc)" 2>"$out/log" |
    while read -r line; do tell_step "$line"; done || { tail -n 30 "$out/log" >&2; return 1; }
  cp "$tools/src/linux/linux" "$out/linux" && echo "$version" >"$out/version" || return
  rm -rf --one-file-system "$tools" "$out/log"
  tell_step "done"
}
