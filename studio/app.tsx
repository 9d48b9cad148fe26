import { useEffect, useRef } from "preact/hooks";
import { findPage } from "./data/find-page.ts";
import { usePlace } from "./data/location.ts";
import { keyWanted } from "./data/access-key.ts";
import { useStore } from "./data/store.ts";
import { PAGES } from "./pages.ts";
import { ConnectionNote } from "./parts/connection-note.tsx";
import { FlowBar } from "./parts/flow-bar.tsx";
import { KeyForm } from "./parts/key-form.tsx";
import { Empty } from "./parts/states.tsx";
import { TopBar } from "./parts/top-bar.tsx";

/** The frame around every page: what is above it, the page that the address names, and what is said aloud. */
export function App() {
  const { path } = usePlace();
  const found = findPage(PAGES, path);
  const wanted = useStore(keyWanted);
  const title = found?.page.title(found.parameters) ?? "No such page";
  const flow = found?.parameters["flow"];
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);

  useEffect(() => {
    document.title = `${title} · Flowgate`;
    // Who follows a link by keyboard or ear goes on at the page, and not where the link was; or where the page puts them.
    const isWithin = main.current?.contains(document.activeElement);
    if (!isFirst.current && !isWithin) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [path]);

  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar />
      <ConnectionNote />
      {wanted === undefined && flow !== undefined && (
        <FlowBar flow={flow} pages={PAGES} current={found?.page} />
      )}
      <main id="main" tabIndex={-1} ref={main}>
        {wanted !== undefined ? (
          <KeyForm reason={wanted} />
        ) : found ? (
          <found.page.view key={path} parameters={found.parameters} />
        ) : (
          <Empty title="There is no such page">
            <a href="/studio">All flows</a> are a good place to begin.
          </Empty>
        )}
      </main>
    </>
  );
}
