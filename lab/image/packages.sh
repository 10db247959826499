# Third stage: the userland of a lab host.

userland=(
  # the subject
  zfsutils-linux openssh-server openssh-client mbuffer
  # what tells the administrator: syslog, cron, a real mail server
  rsyslog cron opensmtpd
  # the machine itself; no systemd
  udev kmod iproute2 nftables procps psmisc util-linux mount bsdutils netbase iputils-ping
  # login shells that quote in their own way, and ways to be root
  bash tcsh fish sudo opendoas
  # the peer of the benchmark, with what it uses when present
  sanoid pv lzop
  # for faults and for looking around
  netcat-openbsd socat acl attr less
)

# make_packages RELEASE FOLDER: leaves root.tar in FOLDER.
make_packages() {
  local release=$1 out=$2
  say "installing the packages of a host with OpenZFS $release"
  bootstrap "$release" "$(IFS=,; echo "${userland[*]}")" "$out/root.tar" --dpkgopt='path-exclude=/usr/share/fish/man/*' \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*'
}
