import type { MustacheNode } from "./parse-mustache.ts";
import { standsAsMarker, type MarkerUse, type RoleUses } from "./role-uses.ts";

/** How many sections around a value can be those of a list and of its items' fields. */
const DEEPEST_FIELD = 3;

/** Where a Mustache template prints roles, and what it reads of the items of the lists that its sections visit. */
export function mustacheRoles(source: string, template: readonly MustacheNode[]): RoleUses {
  const markers: MarkerUse[] = [];
  const placed = new Set<string>();
  const fields = new Map<string, Set<string>>();

  function walk(body: readonly MustacheNode[], sections: readonly string[]): void {
    for (const node of body) {
      if (node.type === "text") continue;
      if (node.type === "section") {
        walk(node.body, node.inverted ? sections : [...sections, node.path].slice(-DEEPEST_FIELD));
        continue;
      }
      // Any section around may be that of the list; those within it enter its items' fields.
      for (const [index, input] of sections.entries()) {
        const known = fields.get(input) ?? new Set<string>();
        fields.set(input, known.add([...sections.slice(index + 1), node.path].join(".")));
      }
      const whole = node.path === "." ? sections.at(-1) : node.path;
      if (whole !== undefined) placed.add(whole);
      if (standsAsMarker(source, node.at)) markers.push(markerUse(node.path, node.at, sections.at(-1)));
    }
  }

  walk(template, []);
  return { markers, lost: [], placed, fields };
}

function markerUse(path: string, at: number, section: string | undefined): MarkerUse {
  const names = path.split(".");
  const isRole = path === "role" && section !== undefined && !section.includes(".");
  const [input = "", ...rest] = section === undefined ? names : [section, ...names];
  return {
    at,
    inputs: isRole ? [section] : undefined,
    tied: isRole,
    named: names.at(-1) === "role",
    printed: { input, path: rest, ofItems: section !== undefined },
  };
}
