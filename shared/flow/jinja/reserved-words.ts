/** Names that are values, and names that are grammar. */
export const CONSTANTS = new Map<string, unknown>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
]);
export const RESERVED = new Set<string>([...CONSTANTS.keys(), "if", "else", "in", "is", "and", "or", "not"]);
