import { createHash } from "node:crypto";
import { type Html, html, raw } from "./html.ts";
import { REPORT_STYLE } from "./report-style.ts";

/** Nothing but the page's own style sheet, to the letter: no script, image, font, form, frame or connection. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(REPORT_STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;

/** A page that needs nothing else, and in which every text is text. */
export function htmlPage(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${raw(`<style>${REPORT_STYLE}</style>`)}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `.markup;
}
