import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { documents, REPOSITORY, withoutCode } from "./documents.ts";

const pages = documents();

/** As GitHub and VS Code name the headings of a page. */
function anchorsOf(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  return new Set(
    [...markdown.replaceAll(/^```[^]*?^```$/gm, "").matchAll(/^#{1,6} +(.+)$/gm)].map(
      ({ 1: heading = "" }) => {
        const anchor = heading
          .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
          .trim()
          .replaceAll(/\s/g, "-");
        const times = seen.get(anchor) ?? 0;
        seen.set(anchor, times + 1);
        return times === 0 ? anchor : `${anchor}-${times}`;
      },
    ),
  );
}

/** Why a link leads nowhere; undefined where it leads somewhere. */
function deadEnd(page: string, link: string): string | undefined {
  if (/^(https?|mailto):/.test(link)) return URL.canParse(link) ? undefined : "is no address";
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), decodeURI(file));
  const full = path.join(REPOSITORY, target);
  if (target.startsWith("..") || !existsSync(full)) return "is not there";
  if (anchor === undefined || !statSync(full).isFile() || !target.endsWith(".md")) return undefined;
  return anchorsOf(readFileSync(full, "utf8")).has(anchor) ? undefined : `${target} has no such heading`;
}

test.each([...pages])("no link of %s leads nowhere", (page, markdown) => {
  const links = [...withoutCode(markdown).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].map(
    ({ 1: link = "" }) => link,
  );
  const dead = links.flatMap((link) => {
    const why = deadEnd(page, link);
    return why === undefined ? [] : [`${link} ${why}`];
  });
  expect(dead).toEqual([]);
});

test("every guide is reached from the index", () => {
  const index = pages.get("docs/README.md") ?? "";
  const missing = [...pages.keys()].filter(
    (page) => /^docs\/[^/]+\.md$/.test(page) && page !== "docs/README.md",
  );
  expect(missing.filter((page) => !index.includes(`(${path.basename(page)}`))).toEqual([]);
});
