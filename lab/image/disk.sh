# Last stage: the disk that every host boots from.

# make_disk RELEASE KEYS PACKAGES KERNEL FOLDER: leaves root.img, the program `linux` and the key that opens both hosts in FOLDER.
make_disk() {
  local release=$1 keys=$2 packages=$3 kernel=$4 out=$5 root
  root=$out/root
  say "making the disk of a host with OpenZFS $release"
  mkdir "$root"
  tar -C "$root" --numeric-owner -xf "$packages/root.tar" || return
  cp -a --no-preserve=ownership "$here/root/." "$root/" || return
  install_keys "$keys" "$root" "$out" || return
  configure "$root" "$release" || return
  # The journal lets the disk survive the power cuts that tests make.
  mkfs.ext4 -q -d "$root" -L lab -m 0 -i 32768 -J size=16 \
    -E lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0 "$out/root.img" 4G || return
  cp "$kernel/linux" "$kernel/version" "$out/" || return
  rm -rf --one-file-system "$root"
}

# install_keys KEYS ROOT FOLDER
install_keys() {
  local keys=$1 root=$2 out=$3 ssh=$2/root/.ssh
  mkdir -p "$ssh" && chmod 700 "$ssh"
  rm -f "$root"/etc/ssh/ssh_host_*
  cp "$keys"/host "$root/etc/ssh/ssh_host_ed25519_key" &&
    cp "$keys"/host.pub "$root/etc/ssh/ssh_host_ed25519_key.pub" &&
    cp "$keys"/lab.pub "$root/etc/ssh/lab_key.pub" &&
    cp "$keys"/root "$ssh/id_ed25519" &&
    cp "$keys"/root.pub "$ssh/id_ed25519.pub" &&
    cp "$keys"/root.pub "$ssh/authorized_keys" &&
    cp "$keys"/lab "$out/key" || return
  sed 's/^/source,target,10.99.0.1,10.99.0.2 /' "$keys/host.pub" >"$ssh/known_hosts"
  sed 's/^/* /' "$keys/host.pub" >"$out/known_hosts"
}

configure() {
  local root=$1 release=$2
  # The handle's way in: another name for root, with a shell that no test
  # changes, whatever happens to root's own shell, keys and sshd options.
  echo 'lab:x:0:0:lab:/root:/bin/sh' >>"$root/etc/passwd"
  echo 'lab:*:20000:0:99999:7:::' >>"$root/etc/shadow"
  echo "$release" >"$root/etc/lab-release"
  rm -f "$root/etc/resolv.conf" "$root/etc/mailname" "$root/etc/hostid" "$root/etc/localtime"
  sed -i 's/^hosts:.*/hosts: files/' "$root/etc/nsswitch.conf"
  printf 'postmaster: root\nmailer-daemon: root\n' >"$root/etc/aliases"
  rm -f "$root"/etc/cron.d/* "$root"/etc/cron.daily/* "$root"/etc/cron.weekly/* "$root"/etc/cron.monthly/*
  mkdir -p "$root/pools" "$root/var/mail"
}
