/**
 * Runs one program of the build.
 *
 * @module
 */

/**
 * Runs a program to its end.
 *
 * @param argv the program and its arguments.
 * @returns what it wrote to its standard output.
 * @throws {Error} when it fails, with what it wrote to standard error.
 */
export async function run(argv: readonly [string, ...string[]], signal?: AbortSignal): Promise<Uint8Array> {
  const [program, ...args] = argv;
  const { success, code, stdout, stderr } = await new Deno.Command(program, {
    args,
    stdin: "null",
    env: { NO_COLOR: "1" },
    ...signal && { signal },
  }).output();
  if (success) return stdout;
  throw new Error(
    `${program} ${args[0] ?? ""} failed with status ${code}:\n${new TextDecoder().decode(stderr).trim()}`,
  );
}
