import { expect, test } from "vitest";
import { checkPackages } from "../../local/check-packages.ts";
import { readSettings } from "../../shared/settings.ts";

/** As where optional packages were left out. */
function lacking(start: string): (module: string) => string {
  return (module) => {
    if (module.startsWith(start)) throw new Error(`Cannot find module '${module}'`);
    return module;
  };
}

test("a part whose package was left out is named, with how to add it and what to set in its place", () => {
  expect(() => checkPackages(readSettings({}), lacking("azurite"))).toThrow(
    /^The embedded storage needs azurite, not .*`npm install --include=optional`.*AzureWebJobsStorage/,
  );
  expect(() => checkPackages(readSettings({}), lacking("@energetic-ai/"))).toThrow(
    /^The offline stand-in for the model needs @energetic-ai\/core and .*OPENAI_API_KEY/,
  );
});

test("a part that the settings replace needs no package, and here all are installed", () => {
  const storage = { AzureWebJobsStorage: "UseDevelopmentStorage=true" };
  expect(() => checkPackages(readSettings(storage), lacking("azurite"))).not.toThrow();
  const model = { OPENAI_API_KEY: "any" };
  expect(() => checkPackages(readSettings(model), lacking("@energetic-ai/"))).not.toThrow();
  expect(() => checkPackages(readSettings({}))).not.toThrow();
});
