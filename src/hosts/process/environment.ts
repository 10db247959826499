/**
 * What a child process gets to see of bzman's environment, and where programs are looked for.
 *
 * @module
 */

import { programFolders } from "../../permissions.ts";

/** The PATH of children. bzman's own does not count: what root runs is not for its environment to choose. */
export const systemPath: string = programFolders.join(":");

/** The variables that children inherit: what ssh needs for its keys and tickets, and what finds the user's files. */
export const inheritedVariables: readonly string[] = [
  "HOME",
  "USER",
  "LOGNAME",
  "SSH_AUTH_SOCK",
  "SSH_AGENT_PID",
  "KRB5CCNAME",
  "XDG_RUNTIME_DIR",
  "TMPDIR",
  "TZ",
];

/**
 * The environment for a child: messages in English, the {@linkcode systemPath}, and little else.
 *
 * @param get Reads a variable of bzman's own environment.
 */
export function childEnvironment(
  get: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Record<string, string> {
  const environment: Record<string, string> = { PATH: systemPath, LC_ALL: "C" };
  for (const name of inheritedVariables) {
    const value = get(name);
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/**
 * The absolute path of a program, or `undefined` when there is none that bzman may execute.
 *
 * @param name A bare name, or a path, which is returned as it is.
 * @param path The PATH to search, colon-separated; only tests have another than {@linkcode systemPath}.
 */
export function resolveProgram(name: string, path: string = systemPath): string | undefined {
  if (name.includes("/")) return name;
  return path.split(":").map((folder) => `${folder}/${name}`).find((file) => isProgram(file) && mayRun(file));
}

function isProgram(file: string): boolean {
  try {
    const info = Deno.statSync(file);
    return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
}

function mayRun(file: string): boolean {
  return Deno.permissions.querySync({ name: "run", command: file }).state === "granted";
}
