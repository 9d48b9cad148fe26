import type { EvidenceLink } from "../model/scorecard.ts";

/**
 * Where the studio shows what a statement stands on: a path below the platform's origin. It leads to pages and never to
 * the API, which answers a link of whoever signs in with a key by a refusal.
 */
export function evidenceAddress(flow: string, link: EvidenceLink): string {
  const of = `/studio/flows/${encodeURIComponent(flow)}`;
  switch (link.kind) {
    case "ledger":
      return `${of}?entry=${link.sequence}`;
    case "run":
      return `${of}/runs/${link.run}${query("row", link.row)}`;
    case "suite":
      return `${of}/suites/${link.suite}${query("file", link.path)}`;
    default:
      return `${of}/versions/${link.version}${query("file", link.path)}`;
  }
}

function query(name: string, value: string | undefined): string {
  return value === undefined ? "" : `?${name}=${encodeURIComponent(value)}`;
}
