/**
 * The shells that bzman has completions for.
 *
 * @module
 */

/** Their names, as `bzman completions` takes them. */
export const shellNames = ["bash", "zsh", "fish"] as const;

export type ShellName = typeof shellNames[number];

/** What `bzman completions` does. */
export interface CompletionsSettings {
  readonly shell: ShellName;
  /** The words typed so far, when the script asks; none to print the script. */
  readonly words: readonly string[];
}
