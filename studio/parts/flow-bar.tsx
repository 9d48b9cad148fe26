import { useEffect, useRef } from "preact/hooks";
import type { FlowStatus } from "../../shared/model/status.ts";
import { mayAct } from "../../shared/model/access.ts";
import { flowApi } from "../data/api.ts";
import { useLive } from "../data/use-live.ts";
import { useMe } from "../data/use-me.ts";
import type { Page } from "../page.ts";
import { isUnderWay } from "../data/is-under-way.ts";
import { FlowState } from "./flow-state.tsx";

/** A flow's name, what it is doing, and its pages. What has no place in the bar, such as a run, is of its history. */
export function FlowBar({
  flow,
  pages,
  current,
}: {
  flow: string;
  pages: readonly Page[];
  current: Page | undefined;
}) {
  const me = useMe();
  const status = useLive<FlowStatus>(flowApi(flow), { isBusy: isUnderWay }).value;
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a narrow page the bar is wider than the window.
    bar.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current, me]);
  // Whoever may only chat would be refused by every page.
  const shown = pages.filter(({ tab }) => tab && (me ? mayAct(me, tab.needs ?? "reader") : !tab.needs));
  return (
    <section class="flow-bar" aria-label={`Flow ${flow}`}>
      <div class="flow-name">
        <span class="name">{flow}</span>
        {status && <FlowState status={status} />}
      </div>
      <nav aria-label={`Pages of ${flow}`} class="tabs" ref={bar}>
        {shown.map((page) => (
          <a
            key={page.path}
            href={`/studio${page.path.replace("{flow}", encodeURIComponent(flow))}`}
            aria-current={page === current ? "page" : page === shown[0] && !current?.tab ? "true" : undefined}
          >
            {page.tab?.label}
          </a>
        ))}
      </nav>
    </section>
  );
}
