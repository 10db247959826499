# Second stage: the kernel and its modules, with ZFS among them.

# make_modules RELEASE FOLDER: leaves vmlinuz, initrd and modules.tar in FOLDER.
make_modules() {
  local release=$1 out=$2 root kernel
  root=$out/root
  say "building the ZFS module for $release (some minutes, once)"
  bootstrap "$release" linux-image-cloud-amd64,linux-headers-cloud-amd64,zfs-dkms,busybox-static,kmod,xz-utils "$root" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' || return
  kernel=$(basename "$root"/lib/modules/*) || return
  unpack_modules "$root" "$kernel" || return
  cp "$root/boot/vmlinuz-$kernel" "$out/vmlinuz" || return
  make_initrd "$root" "$kernel" "$out/initrd" || return
  tar -C "$root/usr" -cf "$out/modules.tar" "lib/modules/$kernel" || return
  rm -rf --one-file-system "$root"
}

# unpack_modules ROOT KERNEL: keep what a lab host may load, uncompressed,
# since an emulated processor takes seconds to decompress them at every boot.
unpack_modules() {
  local root=$1 kernel=$2 folder=$1/lib/modules/$2
  [ -n "$(find "$folder" -name 'zfs.ko*')" ] || die "no zfs module for kernel $kernel"
  rm -f "$folder/build" "$folder/source"
  rm -rf "$folder"/kernel/drivers/{gpu,infiniband,media,scsi,usb,hid,nvme,target,vfio,hv,mmc,input} \
    "$folder"/kernel/{sound,net/{bluetooth,wireless,mac80211,sctp,ceph}} \
    "$folder"/kernel/fs/{ceph,cifs,smb,btrfs,xfs,f2fs,ocfs2,gfs2,nfs,nfsd,jfs,ubifs,bcachefs}
  find "$folder" -name '*.ko.xz' -exec xz -d -T1 {} +
  chroot "$root" depmod "$kernel"
}

# make_initrd ROOT KERNEL FILE: busybox, the few modules that find the root
# disk, and a script that loads them in order. No udev, no waiting.
make_initrd() {
  local root=$1 kernel=$2 file=$3 tree module
  tree=$(mktemp -d "$file.XXXXXX")
  mkdir -p "$tree"/{bin,modules,dev,proc,sys,new}
  cp "$(find "$root"/usr/bin "$root"/bin -name busybox | sed -n 1p)" "$tree/bin/busybox"
  {
    echo '#!/bin/busybox sh'
    echo '/bin/busybox mount -t devtmpfs dev /dev'
    for module in virtio_pci virtio_blk virtio_net ext4; do
      chroot "$root" modprobe -S "$kernel" --show-depends "$module"
    done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r module; do
      cp "$root$module" "$tree/modules/"
      echo "/bin/busybox insmod /modules/$(basename "$module")"
    done
    cat <<'INIT'
n=0
until [ -b /dev/vda ] || [ $n -ge 100 ]; do n=$((n + 1)); /bin/busybox usleep 50000; done
/bin/busybox mount -t ext4 -o noatime /dev/vda /new
exec /bin/busybox switch_root /new /usr/local/lib/lab/init
INIT
  } >"$tree/init"
  chmod 755 "$tree/init"
  (cd "$tree" && find . | busybox_cpio "$root" | gzip -1) >"$file"
  rm -rf "$tree"
}

# The chroot's busybox packs the archive, so that the machine needs no cpio.
busybox_cpio() {
  "$(find "$1"/usr/bin "$1"/bin -name busybox | sed -n 1p)" cpio -o -H newc
}
