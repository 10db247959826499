/**
 * The network of a lab: a namespace of its own with two switches, `link` between the hosts and `access` for the way in from
 * outside, and a tap of each host on both. Nothing of it has a name outside, so that labs never meet, and it is gone with
 * the last process in it.
 */

import { exists } from "./exists.ts";
import { GuardedChild } from "./guarded_child.ts";
import { type HostName, hostNames, networkOwner } from "./folder.ts";

const nets = ["link", "access"] as const;

/** Where ssh reaches a host from within the namespace. */
export const accessAddress: Record<HostName, string> = { source: "10.98.0.1", target: "10.98.0.2" };

/** The tap at which a host is plugged into a switch. */
export function tapName(host: HostName, net: typeof nets[number]): string {
  return `${net}-${host}`;
}

/** The network namespace of one lab and the virtual link in it. */
export class Network {
  readonly #owner: GuardedChild;

  private constructor(owner: GuardedChild) {
    this.#owner = owner;
  }

  /** Makes the namespace, its switches and its taps. */
  static async make(folder: string): Promise<Network> {
    const script = [
      "ip link set dev lo up",
      ...nets.flatMap((net) => [`ip link add name ${net} type bridge forward_delay 0`, `ip link set dev ${net} up`]),
      "ip address add 10.98.0.254/24 dev access",
      ...hostNames.flatMap((host) =>
        nets.flatMap((net) => [
          `ip tuntap add ${tapName(host, net)} mode tap`,
          `ip link set dev ${tapName(host, net)} master ${net} up`,
        ])
      ),
      // Its appearance says that all is there.
      'echo $$ >"$1.new" && mv "$1.new" "$1"',
      "exec sleep infinity",
    ].join("\n");
    // The run folder goes with the network, also when the keeper was killed.
    const owner = await GuardedChild.start([
      "--then-remove",
      folder,
      ...["unshare", "--net", "sh", "-ec", script, "network", networkOwner(folder)],
    ]);
    for (let n = 0; !await exists(networkOwner(folder)); n++) {
      if (owner.ended || n === 1000) throw new Error("lab: no network namespace (the lab needs root)");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return new Network(owner);
  }

  /** A command that runs in the namespace. */
  inside(command: readonly string[]): string[] {
    return ["nsenter", `--net=/proc/${this.#owner.pid}/ns/net`, "--", ...command];
  }

  /** Drops every frame between the hosts, without a word to either. */
  async cut(): Promise<void> {
    await this.#run(...hostNames.map((host) => `bridge link set dev ${tapName(host, "link")} state 0`));
  }

  /** Carries frames again. */
  async heal(): Promise<void> {
    await this.#run(...hostNames.map((host) => `bridge link set dev ${tapName(host, "link")} state 3`));
  }

  /** Ends the process that holds the namespace. */
  async close(): Promise<void> {
    await this.#owner.kill();
  }

  async #run(...lines: string[]): Promise<void> {
    const [program = "", ...args] = this.inside(["sh", "-ec", lines.join("\n")]);
    const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
    if (!success) throw new Error(`lab: no network: ${new TextDecoder().decode(stderr).trim()}`);
  }
}
