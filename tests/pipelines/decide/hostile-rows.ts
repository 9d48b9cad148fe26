import type { RowResult } from "../../../shared/model/run.ts";
import { sampleRow } from "./report-samples.ts";

/** What a model, or whoever wrote a row, might have a report say. */
export const HOSTILE_TEXTS = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "</pre></main></body><iframe srcdoc='<script>alert(1)</script>'>",
  "' onmouseover='alert(1)",
  "&lt;script&gt; &#60;script&#62; &amp",
  "</style><style>body{display:none}</style>",
  "<!-- --><![CDATA[ ]]><svg/onload=alert(1)>",
  "[a](javascript:alert(1)) ![b](https://evil.example/x.png)",
  "# Heading\n\n- list\n\n| a | b |\n| - | - |\n\n---\n```\nnot a fence\n````\n~~~",
  "@everyone see #1, https://evil.example and www.evil.example",
  "\u001b[31mred\u001b[0m \u0000 \u0007 \u009b31m",
  "abc\u202Edef\u2066ghi \uD800",
];

export function hostileRow(text: string): RowResult {
  const row = sampleRow();
  return {
    ...row,
    row: { ...row.row, id: text, dataset: text, fields: { question: text } },
    candidate: {
      ...row.candidate,
      answer: text,
      context: text,
      refusal: text,
      error: { kind: text, message: text, transient: false },
      scores: { [text]: { value: 1, passed: false, reason: text } },
    },
    baseline: { ...row.candidate, answer: text },
  };
}
