/**
 * The house rules on sizes: how many files a folder may hold, and how many lines a file.
 *
 * @module
 */

/** A folder of more files than this is searched, not seen. */
export const maxFiles = 18;

/** A file of more lines than this holds two concerns. */
export const maxLines = 300;

/**
 * What is too large.
 *
 * @param files The lines of each file, by its path.
 * @returns One sentence each, folders first.
 */
export function sizeProblems(files: ReadonlyMap<string, number>): string[] {
  const counts = new Map<string, number>();
  for (const path of files.keys()) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [
    ...[...counts].filter(([, count]) => count > maxFiles).map(([folder, count]) =>
      `${folder}/ has ${count} files; more than ${maxFiles} want a folder of their own`
    ),
    ...[...files].filter(([, lines]) => lines > maxLines).map(([path, lines]) =>
      `${path} has ${lines} lines; a file of more than ${maxLines} holds two concerns`
    ),
  ];
}
