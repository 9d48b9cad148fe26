export interface FoundPage<P> {
  page: P;
  parameters: Record<string, string>;
}

/** The page whose template a path has, and what stands in its places; undefined: none has it. */
export function findPage<P extends { path: string }>(
  pages: readonly P[],
  path: string,
): FoundPage<P> | undefined {
  const parts = partsOf(path);
  for (const page of pages) {
    const template = partsOf(page.path);
    if (template.length !== parts.length) continue;
    const parameters: Record<string, string> = {};
    const fits = template.every((part, index) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      const given = decoded(parts[index] ?? "");
      if (name !== undefined && given !== undefined) parameters[name] = given;
      return name === undefined ? part === given : given !== undefined;
    });
    if (fits) return { page, parameters };
  }
  return undefined;
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

/** Undefined for what is no well-formed part of an address. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
