# Shared by the lab's commands; sourced, never run.
here=$(cd "$(dirname "$0")" && pwd)
lab=${BZMAN_LAB:-default}
case $lab in
  *[!a-z0-9-]* | -* | '') echo "lab: not a lab name: '$lab' (a-z, 0-9 and -)" >&2; exit 2 ;;
esac
folder=${TMPDIR:-/tmp}/bzman-lab-$(id -u)/$lab

deno=("$here/../tools/deno" run --quiet --no-lock --no-config
  --allow-read --allow-write --allow-run --allow-env --allow-net --allow-sys=uid)

lab_is_up() {
  [ -S "$folder/control" ] && "$here/tell" status >/dev/null 2>&1
}
