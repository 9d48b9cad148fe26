import { applyTheme, chosenTheme } from "./data/theme.ts";

/** Runs before the page is drawn, so that it never flashes in the other theme. */
applyTheme(chosenTheme());
