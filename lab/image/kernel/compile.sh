#!/bin/sh
# compile.sh KERNEL-VERSION ZFS-PACKAGE JOBS: runs in the compiler's chroot, and leaves the program /src/linux/linux.
# Its steps go to standard output, all else to standard error.
set -e
version=$1 zfs_package=$2 jobs=$3
exec 3>&1 1>&2
step() { echo "$*" >&3; }
export LC_ALL=C KBUILD_BUILD_USER=lab KBUILD_BUILD_HOST=lab

step "unpacking Linux $version and OpenZFS"
cd /src
apt-get -q download "linux-source-$version" "$zfs_package"
dpkg-deb -x linux-source-*.deb deb
mkdir linux
tar -C linux --strip-components=1 --use-compress-program='xz -d -T0' -xf "deb/usr/src/linux-source-$version.tar.xz"
rm -rf deb linux-source-*.deb
dpkg-deb -x zfs-dkms_*.deb deb
mv deb/usr/src/zfs-* zfs

# So that a static program may have the vector NIC.
sed -i '/config UML_NET_VECTOR/,/help/{/select MAY_HAVE_RUNTIME_DEPS/d}' linux/arch/um/drivers/Kconfig
case $version in
  6.*) python3 patch_fpu.py linux ;;
esac
case $version in
  6.1)
    # glibc has no such symbol any more.
    sed -i '/__xmknod/d' linux/arch/um/os-Linux/user_syms.c
    # OpenZFS 2.1 does not know ARCH=um.
    for part in icp zcommon zfs; do
      sed -i 's/\$(CONFIG_X86) +=/$(CONFIG_UML_X86) +=/' "zfs/module/$part/Makefile.in"
    done
    sed -i 's/^ccflags-y := -DLUA_USE_LONGLONG$/& -Usetjmp -Ulongjmp/' zfs/module/lua/Makefile.in
    export ARCH=um
    ;;
esac

(cd linux && sh ../configure.sh && make -s ARCH=um -j"$jobs" prepare modules_prepare)

# OpenZFS asks the prepared tree hundreds of small questions, mostly one after another: the kernel compiles meanwhile.
step "compiling Linux (3 to 4 minutes on 2 processors)"
(
  cd zfs
  ./configure --with-config=kernel --enable-linux-builtin --disable-dependency-tracking --prefix=/usr \
    --with-linux=/src/linux --with-linux-obj=/src/linux KERNEL_ARCH=um >/src/zfs.log 2>&1
) &
make -s -C linux ARCH=um -j"$jobs" kernel/ mm/ fs/ net/ lib/ crypto/ block/ security/ drivers/ init/ ipc/
wait $! || { tail -n 30 zfs.log; exit 1; }

step "compiling OpenZFS"
if [ -e zfs/copy-builtin ]; then
  (cd zfs && ./copy-builtin /src/linux)
else
  # Debian's package of OpenZFS 2.1 lacks that script; this is what it does there.
  cp -R zfs/include linux/include/zfs
  cp -R zfs/module linux/fs/zfs
  cp zfs/zfs_config.h linux/include/zfs/
  printf 'config ZFS\n\ttristate "ZFS"\n\tdepends on EFI_PARTITION\n\tselect ZLIB_INFLATE\n\tselect ZLIB_DEFLATE\n' \
    >linux/fs/zfs/Kconfig
  sed -i '0,/^if BLOCK/s//&\nsource "fs\/zfs\/Kconfig"/' linux/fs/Kconfig
  echo 'obj-$(CONFIG_ZFS) += zfs/' >>linux/fs/Makefile
fi
[ -e linux/include/zfs/zfs_gitrev.h ] || echo "#define ZFS_META_GITREV \"$zfs_package\"" >linux/include/zfs/zfs_gitrev.h
cd linux
scripts/config -e ZFS
make -s ARCH=um olddefconfig
make -s ARCH=um -j"$jobs" linux
strip --strip-debug linux
