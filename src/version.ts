/**
 * Which bzman this is, and in which shape it was started.
 *
 * @module
 */

/** The version, as in `deno.json`. */
export const version = "0.1.0";

/**
 * How bzman was packaged: `compiled` by `deno compile`, `self-extracting` by `make dist` where the compiler's runtime
 * could not be had, or `source`, a checkout.
 */
export type Packaging = "compiled" | "self-extracting" | "source";

/** Tells how this bzman was packaged. */
export function packaging(): Packaging {
  if (Deno.build.standalone) return "compiled";
  // A checkout runs TypeScript; only the bundle inside the self-extracting file is JavaScript.
  return import.meta.url.endsWith(".js") ? "self-extracting" : "source";
}

/**
 * The file to name in a crontab, a unit or an `authorized_keys` line.
 *
 * @returns the absolute path of the packaged file, or `undefined` when bzman runs from a checkout.
 */
export function executable(): string | undefined {
  switch (packaging()) {
    case "compiled":
      return Deno.execPath();
    case "self-extracting":
      return Deno.env.get("BZMAN_FILE");
    case "source":
      return undefined;
  }
}
