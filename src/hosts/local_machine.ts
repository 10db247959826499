/**
 * Who this machine is.
 *
 * @module
 */

/** The name of this machine, for messages and records. */
export function localHostName(): string {
  return Deno.hostname();
}

/**
 * A name that stays the same when the host is renamed: systemd's machine id, else the host name. For marks and keys,
 * not for people.
 */
export function machineId(): string {
  for (const path of ["/etc/machine-id", "/var/lib/dbus/machine-id"]) {
    try {
      const id = Deno.readTextFileSync(path).trim();
      if (/^[0-9a-f]{32}$/.test(id)) return id;
    } catch {
      // Minimal systems and containers have none.
    }
  }
  return localHostName();
}
