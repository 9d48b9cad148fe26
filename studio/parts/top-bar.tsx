import { useMe } from "../data/use-me.ts";
import { forgetAccessKey, keyWanted, accessKey } from "../data/access-key.ts";
import { useStore } from "../data/store.ts";
import { ThemeChoice } from "./theme-choice.tsx";

/** The studio's name, which leads to the flows, who one is, and the theme. */
export function TopBar() {
  const me = useMe();
  const isKeyWanted = useStore(keyWanted) !== undefined;
  return (
    <header class="top">
      <nav aria-label="Studio" class="trail">
        <a href="/studio" class="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M2 16h9M21 16h9M11 5v22M21 5v6M21 21v6" />
          </svg>
          Flowgate
        </a>
      </nav>
      <div class="top-end">
        {!isKeyWanted && me?.signedIn && (
          <span class="who" title={me.roles.join(", ")}>
            {me.name} <span class="quiet">{me.roles.join(", ")}</span>
          </span>
        )}
        {accessKey() !== undefined && (
          <button
            type="button"
            class="plain"
            onClick={() => {
              forgetAccessKey();
              keyWanted.set("You have signed out.");
            }}
          >
            Sign out
          </button>
        )}
        <ThemeChoice />
      </div>
    </header>
  );
}
