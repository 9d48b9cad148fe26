import type { HttpRequest } from "@azure/functions";

/**
 * The origin that a caller asked, such as `https://app.example`: for addresses in files that are read elsewhere. It
 * comes from the caller's own headers, so it is good for an answer to them and for nothing else.
 */
export function requestOrigin({ headers, url }: Pick<HttpRequest, "headers" | "url">): string {
  const own = new URL(url);
  // Of a row of proxies the first is the one that was asked.
  const first = (name: string): string | undefined => headers.get(name)?.split(",")[0]?.trim();
  const protocol = first("x-forwarded-proto") === "https" ? "https:" : own.protocol;
  const asked = `${protocol}//${first("x-forwarded-host") ?? first("host") ?? own.host}`;
  return URL.canParse(asked) ? new URL(asked).origin : own.origin;
}
