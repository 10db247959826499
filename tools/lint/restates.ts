/**
 * Whether a comment only restates the name of what it stands before: `/** Finds them. *\/`, `/** The rule. *\/`.
 *
 * @module
 */

/** Words that say nothing by themselves. */
const empty = new Set(
  ("a an the it its them they this that these those one ones is are be of to in on for from with by and or as at all each" +
    " what which who how whether does do finds makes reads writes gives tells runs returns takes gets puts lists asks" +
    " checks compares sets adds every any other everything anything something").split(" "),
);

/**
 * Compares a comment with a name.
 *
 * @param comment As it stands in the file, stars and tags included.
 * @param name In camel case; its words count, whatever their endings.
 * @returns True where nothing is left of the comment but the name's own words and words that say nothing.
 */
export function restates(comment: string, name: string): boolean {
  const text = comment.replace(/^\/\*\*|\*\/$/g, "").replaceAll(/^\s*\*/gm, "").trim();
  if (text === "" || text.startsWith("@module")) return text === "";
  if (/[@`{0-9]/.test(text)) return false;
  const stem = (word: string): string => word.replace(/(?:ing|ed|es|s)$/, "").slice(0, 5);
  const own = new Set(name.replaceAll(/([A-Z])/g, " $1").toLowerCase().split(/[^a-z]+/).map(stem));
  const words = text.toLowerCase().split(/[^a-z]+/).filter((word) => word !== "");
  return words.every((word) => empty.has(word) || own.has(stem(word)));
}
