/** The app's entry files, relative to its folder: its sources. In the package that `npm run pack` makes, the bundle. */
export const APP_ENTRY: string[] = ["functions/*.ts"];
