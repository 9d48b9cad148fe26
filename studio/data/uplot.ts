// Before uPlot, which asks the browser's locale the moment it is loaded.
import "./safe-locale.ts";
import uPlot from "uplot";

export { uPlot };
