import { tokenize } from "../../shared/flow/jinja/tokenize.ts";

const TAG = /\{[{%#]/g;
const RAW = /\{%[-+]?\s*raw\s*-?%\}/y;
const END_RAW = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;

/**
 * Writes into a template what Prompt Flow's setting `trim_blocks` does to it: the newline after a block or a comment
 * is not printed, unless it ends in `+`. Where nothing but that newline is stripped the tag gets a `-`, which keeps the
 * template's lines; else the newline goes. Throws `TemplateError` where the template is none.
 */
export function writeTrims(template: string): string {
  const closings = tokenize(template).filter(({ type }) => type === "close");
  let written = "";
  let copied = 0;
  let closing = 0;
  TAG.lastIndex = 0;
  for (let tag = TAG.exec(template); tag !== null; tag = TAG.exec(template)) {
    let end = 0;
    if (tag[0] === "{#") {
      end = template.indexOf("#}", tag.index + 2) + 2;
    } else if (startsRaw(template, tag.index)) {
      END_RAW.lastIndex = RAW.lastIndex;
      END_RAW.exec(template);
      end = END_RAW.lastIndex;
    } else {
      while ((closings[closing]?.at ?? Infinity) < tag.index) closing += 1;
      const at = closings[closing]?.at ?? template.length;
      end = at + (/[-+]/.test(template[at] ?? "") ? 3 : 2);
    }
    TAG.lastIndex = end;
    if (tag[0] === "{{" || template[end] !== "\n" || /[-+]/.test(template[end - 3] ?? "")) continue;
    const strips = /^\n(?:[^\s{]|\{(?!\{))/.test(template.slice(end, end + 3));
    written +=
      template.slice(copied, end - 2) +
      (strips ? `-${template.slice(end - 2, end)}` : template.slice(end - 2, end));
    copied = strips ? end : end + 1;
  }
  return written + template.slice(copied);
}

function startsRaw(template: string, at: number): boolean {
  RAW.lastIndex = at;
  return RAW.test(template);
}
