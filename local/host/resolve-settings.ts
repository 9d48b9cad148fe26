import { SettingsError } from "../../shared/errors.ts";

/** Replaces each `%NAME%` by that variable of the environment. Throws `SettingsError` naming the one that is missing. */
export function resolveSettings(text: string, environment: NodeJS.ProcessEnv): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined)
      throw new SettingsError(`"${text}" needs the setting ${name}, which is not set.`);
    return value;
  });
}
