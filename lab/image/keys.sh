# First stage: the ssh keys of every lab of this machine's user.

# make_keys FOLDER: one host key and one root key for all hosts, since any
# image may meet any other in a lab, and one more for the handle.
make_keys() {
  local name
  for name in host root lab; do
    ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$1/$name" || return
  done
}
