/**
 * Calls a dead-man's switch: a service that raises the alarm when it has not been called for too long, and so also when
 * this machine is dead and nothing here can mail any more.
 *
 * @module
 */

/** What a call says. `start` and `fail` are added to the path, as healthchecks.io and its like take it. */
export type PingKind = "start" | "success" | "fail";

/** How long a call may take, in milliseconds: watching must not hold up what is watched. */
const limitMs = 10_000;

/** The address of a call. */
export function pingUrl(address: string, kind: PingKind): string {
  if (kind === "success") return address;
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${kind}`;
  return url.href;
}

/**
 * Calls. Never throws.
 *
 * @returns Why it failed, without the path, which is as good as a password; `undefined` when it went well.
 */
export async function ping(address: string, kind: PingKind, ms: number = limitMs): Promise<string | undefined> {
  const { host } = new URL(address);
  try {
    const response = await fetch(pingUrl(address, kind), { signal: AbortSignal.timeout(ms), redirect: "follow" });
    await response.body?.cancel();
    return response.ok ? undefined : `${host} answered with status ${response.status}`;
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    return late ? `${host} gave no answer within ${ms / 1000} s` : `cannot reach ${host}`;
  }
}
