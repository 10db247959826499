/**
 * Names of machines as ssh takes them: `target`, `ann@target.example.org`, `root@192.0.2.7`, `ann@[fe80::1%eth0]`.
 *
 * @module
 */

/** The most characters a host's name may have (RFC 1035). */
const maxHostCharacters = 253;

/** The most characters a login name may have (`useradd(8)`). */
const maxUserCharacters = 32;

/**
 * Checks `[USER@]HOST`.
 *
 * @param text What a person typed; an IPv6 address stands in brackets.
 * @returns What ssh is given: the same text, an address without its brackets.
 * @throws {SyntaxError} Says which rule the text breaks.
 */
export function parseHost(text: string): string {
  const at = text.lastIndexOf("@");
  const host = parseMachine(text.slice(at + 1), text);
  if (at < 0) return host;
  const user = text.slice(0, at);
  const fault = userFault(user);
  if (fault !== undefined) throw new SyntaxError(`${JSON.stringify(text)} is not USER@HOST: the user ${fault}`);
  return `${user}@${host}`;
}

/**
 * Names the machine behind a host, to find out whether two ends are the same one: without the user, in lower case.
 * Every way to say "this machine" gives `localhost`. Aliases are not resolved: that is the preflight's part.
 */
export function machineOf(host: string | undefined): string {
  if (host === undefined) return "localhost";
  const machine = host.slice(host.lastIndexOf("@") + 1).toLowerCase().replace(/\.$/, "");
  return machine === "::1" || machine.startsWith("127.") || machine === "localhost.localdomain" ? "localhost" : machine;
}

function parseMachine(host: string, text: string): string {
  const bracketed = /^\[(.*)\]$/s.exec(host);
  const fault = bracketed ? addressFault(bracketed[1] ?? "") : machineFault(host);
  if (fault !== undefined) throw new SyntaxError(`${JSON.stringify(text)} is not a host: ${fault}`);
  return bracketed?.[1] ?? host;
}

function machineFault(host: string): string | undefined {
  if (host === "") return "its name is empty";
  if (host.startsWith("-")) return "its name begins with '-'";
  if (host.startsWith(".")) return "its name begins with '.'";
  const strange = host.match(/[^A-Za-z0-9._-]/u);
  if (strange) return `its name holds ${JSON.stringify(strange[0])}`;
  if (host.length > maxHostCharacters) return `its name is longer than ${maxHostCharacters} characters`;
  return undefined;
}

function addressFault(address: string): string | undefined {
  const parts = /^([0-9A-Fa-f:.]+)(?:%[A-Za-z0-9_.-]+)?$/.exec(address);
  return parts && URL.canParse(`http://[${parts[1]}]/`) ? undefined : "brackets hold an IPv6 address";
}

function userFault(user: string): string | undefined {
  if (user === "") return "is empty";
  if (user.startsWith("-")) return "begins with '-'";
  const strange = user.match(/[^A-Za-z0-9._-]/u);
  if (strange) return `holds ${JSON.stringify(strange[0])}`;
  if (user.length > maxUserCharacters) return `is longer than ${maxUserCharacters} characters`;
  return undefined;
}
