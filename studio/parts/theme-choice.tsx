import { useState } from "preact/hooks";
import { chooseTheme, chosenTheme, THEMES, type Theme } from "../data/theme.ts";

const WORDS: Record<Theme, string> = { system: "as the device", light: "light", dark: "dark" };

/** Goes round: as the device, light, dark. */
export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`Theme: ${WORDS[theme]}. Change to ${WORDS[next]}`}
      title={`Theme: ${WORDS[theme]}`}
      onClick={() => {
        chooseTheme(next);
        setTheme(next);
      }}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        {theme === "dark" && (
          <path class="filled" d="M15.5 12.2A6.5 6.5 0 0 1 7.8 4.5a6.5 6.5 0 1 0 7.7 7.7Z" />
        )}
        {theme === "light" && (
          <>
            <circle cx="10" cy="10" r="3.4" />
            <path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4" />
          </>
        )}
        {theme === "system" && (
          <>
            <circle cx="10" cy="10" r="6.5" />
            <path class="filled" d="M10 3.5a6.5 6.5 0 0 1 0 13Z" />
          </>
        )}
      </svg>
    </button>
  );
}
