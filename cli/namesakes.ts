import { checkFolder } from "./check-folder.ts";

/** Of each folder the others whose flow has the same name: of two that are pushed at once, either would be the one that serves. */
export async function namesakes(folders: readonly string[]): Promise<Map<string, string[]>> {
  const named = await Promise.all(
    folders.map(async (folder) => {
      // What cannot be read is said where it is pushed.
      const checked = await checkFolder(folder).catch(() => undefined);
      return { folder, name: checked?.definition?.name };
    }),
  );
  return new Map(
    named.map(({ folder, name }) => {
      const others = named.filter((one) => name !== undefined && one.name === name && one.folder !== folder);
      return [folder, others.map((one) => one.folder)];
    }),
  );
}
