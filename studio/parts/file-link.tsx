import { useState } from "preact/hooks";
import { accessKey } from "../data/access-key.ts";
import { getText } from "../data/api.ts";
import { saveFile } from "../data/save-file.ts";

/** Leads to a file of the API. A link carries no key, so whoever signed in with one is given the file instead. */
export function FileLink({
  address,
  words,
  file,
  type,
}: {
  address: string;
  words: string;
  /** Under which name it is kept. */
  file: string;
  type: string;
}) {
  const [error, setError] = useState<string>();
  async function download(): Promise<void> {
    setError(undefined);
    try {
      saveFile(file, await getText(address), type);
    } catch (refusal) {
      setError(refusal instanceof Error ? refusal.message : "It could not be read.");
    }
  }
  if (accessKey() === undefined) {
    return (
      <a href={address} target="_blank" rel="noopener">
        {words}
      </a>
    );
  }
  return (
    <>
      <button type="button" class="link" onClick={() => void download()}>
        {words}
      </button>
      {error !== undefined && (
        <span class="fail" role="alert">
          {file} was not given: {error}
        </span>
      )}
    </>
  );
}
