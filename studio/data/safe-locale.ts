/**
 * The reader's locale, where the browser names one that `Intl` knows. A machine without a language calls it
 * `en-US@posix`, at which `Intl` throws, and uPlot with it.
 */
export const LOCALE = safeLocale(navigator.language);

function safeLocale(named: string): string {
  try {
    return Intl.getCanonicalLocales(named)[0] ?? "en-US";
  } catch {
    return "en-US";
  }
}

if (navigator.language !== LOCALE) Object.defineProperty(navigator, "language", { value: LOCALE });
