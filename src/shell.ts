/**
 * The local POSIX shell, for the few things that only a shell can do without further programs.
 *
 * @module
 */

/** Every Linux system has it here. */
export const shell = "/bin/sh";
