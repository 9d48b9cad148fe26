import { useEffect } from "preact/hooks";
import { createStore, useStore } from "./store.ts";

/** Where in the studio one is. */
export interface Place {
  /** Without `/studio`; begins with `/`. */
  path: string;
  query: URLSearchParams;
}

const BASE = "/studio";
const place = createStore<Place>(here());

function here(): Place {
  const { pathname, search } = window.location;
  const path = pathname.slice(BASE.length).replace(/\/+$/, "");
  return { path: path === "" ? "/" : path, query: new URLSearchParams(search) };
}

export function usePlace(): Place {
  return useStore(place);
}

/** An address of the studio: `/flows/{flow}` with its parts escaped, and what is not undefined of `query` after it. */
export function studioPath(
  segments: readonly string[],
  query: Record<string, string | undefined> = {},
): string {
  const path = [BASE, ...segments.map(encodeURIComponent)].join("/");
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** Puts what is chosen on a page into its address, so that the address can be shared. Undefined takes it out. */
export function setQuery(changes: Record<string, string | undefined>): void {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  window.history.replaceState(undefined, "", url);
  place.set(here());
}

/**
 * Writes what a page chose by itself into its address, so that the address shows somebody else, or later, the same. What
 * is not known yet is written once it is.
 */
export function useDefaultQuery(chosen: Record<string, string | undefined>): void {
  const { path, query } = usePlace();
  const missing = Object.entries(chosen).filter(
    ([name, value]) => value !== undefined && query.get(name) === null,
  );
  useEffect(() => {
    // A link may have been followed meanwhile.
    if (missing.length > 0 && here().path === path) setQuery(Object.fromEntries(missing));
  });
}

/** Makes links of the studio change the page without loading it anew, and the browser's own buttons too. */
export function followLinks(): void {
  window.addEventListener("popstate", () => place.set(here()));
  document.addEventListener("click", (event) => {
    const { target, button, defaultPrevented, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (defaultPrevented || button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return;
    const link = target instanceof Element ? target.closest("a") : null;
    if (!link || link.target !== "" || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    const isOurs = url.pathname === BASE || url.pathname.startsWith(`${BASE}/`);
    if (url.origin !== window.location.origin || !isOurs || url.hash !== "") return;
    event.preventDefault();
    if (url.href !== window.location.href) window.history.pushState(undefined, "", url);
    place.set(here());
    window.scrollTo(0, 0);
  });
}
