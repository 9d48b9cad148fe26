import chromium from "@sparticuz/chromium";

/** A process of its own: the package unpacks to the system's place for temporary files, and this one is told another. */
await chromium.executablePath();
