import type { Target } from "./syntax-tree.ts";

/** The names that an assignment or a loop defines; an attribute of a namespace defines none. */
export function targetNames(target: Target): string[] {
  if (target.type === "names") return target.targets.flatMap(targetNames);
  return target.type === "name" ? [target.name] : [];
}
