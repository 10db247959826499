/**
 * What scripts begin with that may run for hours on another host: they end when bzman does.
 *
 * @module
 */

/**
 * A tethered script (its standard input stays open as long as bzman and the connection live) ends its whole process group at the
 * end of its standard input. `$w` is the watcher, which the script ends when it is done.
 */
export const stdinWatchdog: string =
  "exec 3<&0 </dev/null;{ while read -r _ <&3;do :;done;kill 0;} >/dev/null 2>&1 & w=$!;";
