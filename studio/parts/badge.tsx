import type { ComponentChildren } from "preact";

/** `run`: something goes on; `open`: a person or more rows are needed; `none`: nothing to say. */
export type Tone = "pass" | "fail" | "open" | "run" | "none";

const MARK: Record<Tone, string> = { pass: "✓", fail: "✗", open: "?", run: "●", none: "–" };

/** A word about how something stands, in its colour and with its sign: colour alone says nothing to some. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true" class="mark">
        {MARK[tone]}
      </span>
      {children}
    </span>
  );
}
