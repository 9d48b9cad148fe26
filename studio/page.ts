import type { FunctionComponent } from "preact";
import type { Role } from "../shared/model/access.ts";

/** One page of the studio. It is added in `pages.ts`, and has a file of its own in `pages/`. */
export interface Page {
  /** Below `/studio`; `{name}` takes one part of the address. One with `{flow}` stands under that flow's bar. */
  path: string;
  title(parameters: Record<string, string>): string;
  /** What the flow's bar calls it, to readers and those who may do more unless it `needs` another role; without it, another page links to it. */
  tab?: { label: string; needs?: Role };
  view: FunctionComponent<{ parameters: Record<string, string> }>;
}
