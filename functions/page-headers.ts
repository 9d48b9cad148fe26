/**
 * Of a page that holds what models wrote: should escaping ever fail, nothing in it may run, load or be framed. Its own
 * policy names the hash of its style sheet, which is another one in pages of earlier releases.
 */
export const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "private, no-cache",
};
