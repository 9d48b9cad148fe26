import { SettingsError } from "../../shared/errors.ts";

export interface Route<T> {
  /** ASP.NET template without a leading slash: `flows/{flow}`, `{x?}`, `{*rest}`. Constraints are ignored. */
  template: string;
  /** Upper case. */
  methods: string[];
  target: T;
}

export type RouteMatch<T> = { target: T; parameters: Record<string, string> };

/**
 * Finds the route of a request as ASP.NET does: letter case of literals does not matter, and of several templates
 * that match, the more specific one wins, segment by segment: literal, mixed, parameter, catch-all. A wrong method
 * is no match. Throws `SettingsError` for a template that is none. `find` throws `URIError` on a malformed path.
 */
export function createRouteTable<T>(routes: Route<T>[]) {
  const compiled = routes
    .map((route) => ({ ...route, ...compile(route.template) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return {
    find(method: string, path: string): RouteMatch<T> | undefined {
      for (const { pattern, names, methods, target } of compiled) {
        const match = methods.includes(method) ? pattern.exec(path) : null;
        if (!match) continue;
        const parameters: Record<string, string> = {};
        for (const [index, name] of names.entries()) {
          const value = match[index + 1];
          if (value !== undefined) parameters[name] = decodeURIComponent(value);
        }
        return { target, parameters };
      }
      return undefined;
    },
  };
}

const PARAMETER = /\{(\*{0,2})([\w-]+)(?::[^{}]*)?(\??)\}/g;
/** How specific a segment is: the lower, the earlier it is tried. */
const RANK = { literal: "0", mixed: "1", parameter: "2", optional: "3", catchAll: "4" };

function literally(text: string): string {
  return text.replaceAll(
    /[^\w-]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function compile(template: string): { pattern: RegExp; names: string[]; rank: string } {
  const names: string[] = [];
  let source = "";
  let rank = "";
  for (const segment of template.split("/").filter((part) => part !== "")) {
    const parts = [...segment.matchAll(PARAMETER)];
    const literals = segment.split(PARAMETER).filter((_, index) => index % 4 === 0);
    if (literals.some((literal) => /[{}]/.test(literal))) {
      throw new SettingsError(
        `Route "${template}" has a malformed part "${segment}". Write {name}, {name?} or {*rest}.`,
      );
    }
    names.push(...parts.map((part) => part[2]!));
    const [first] = parts;
    if (!first) {
      source += `/${literally(segment)}`;
      rank += RANK.literal;
    } else if (first[0] !== segment) {
      source += `/${literals.map((literal) => literally(literal)).join("([^/]+?)")}`;
      rank += RANK.mixed;
    } else if (first[1] !== "") {
      source += "(?:/(.*))?";
      rank += RANK.catchAll;
    } else {
      source += first[3] === "?" ? "(?:/([^/]+))?" : "/([^/]+)";
      rank += first[3] === "?" ? RANK.optional : RANK.parameter;
    }
  }
  return { pattern: new RegExp(`^${source}/?$`, "i"), names, rank };
}
