import type { Changes, DiffLine, FileChange } from "../../shared/model/changes.ts";
import { Wide } from "./wide.tsx";

const MARK: Record<DiffLine["kind"], string> = { hunk: "", same: " ", removed: "−", added: "+" };
/** A character that cannot be seen, as the diff names it. */
const NAMED = /(⟨(?:U\+[0-9A-F]{4,6}[^⟨⟩]*|\d+ spaces?)⟩)/;
const ROLE: Record<FileChange["role"], string> = {
  prompt: "prompt",
  knowledge: "knowledge",
  dataset: "dataset",
};

/** What differs between two snapshots: settings by name, files line by line. */
export function ChangeList({ changes, same }: { changes: Changes; same: string }) {
  const { files, settings, moreFiles } = changes;
  if (files.length + settings.length === 0) return <p class="quiet">{same}</p>;
  return (
    <>
      {settings.length > 0 && (
        <Wide label="Settings that differ">
          <table class="rows">
            <caption class="visually-hidden">Settings that differ</caption>
            <thead>
              <tr>
                <th scope="col">Setting</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {settings.map(({ name, before, after }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{before === undefined ? <span class="quiet">not set</span> : <code>{before}</code>}</td>
                  <td>{after === undefined ? <span class="quiet">not set</span> : <code>{after}</code>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {files.map((file) => (
        <FileDiff key={file.path} file={file} />
      ))}
      {moreFiles > 0 && <p class="quiet">{moreFiles} more files differ.</p>}
    </>
  );
}

function FileDiff({ file: { path, role, kind, added, removed, diff, note } }: { file: FileChange }) {
  return (
    <details class="diff" open={(diff?.length ?? 0) <= 80}>
      <summary>
        <code>{path}</code>{" "}
        <span class="quiet small">
          {ROLE[role]}, {kind}
        </span>{" "}
        {added !== undefined && <span class="pass small">+{added}</span>}{" "}
        {removed !== undefined && <span class="fail small">−{removed}</span>}
      </summary>
      {note !== undefined && <p class="quiet small">{note}</p>}
      {diff && (
        <pre tabIndex={0} role="region" aria-label={`Difference of ${path}`}>
          {diff.map(({ kind, text }, index) => (
            <span key={index} class={`line ${kind}`}>
              <span class="sign">{MARK[kind]}</span>
              {text.split(NAMED).map((part, at) => (at % 2 === 1 ? <mark key={at}>{part}</mark> : part))}
              {"\n"}
            </span>
          ))}
        </pre>
      )}
    </details>
  );
}
