import { useState } from "preact/hooks";
import { keepAccessKey } from "../data/access-key.ts";

/** Asks for the key that the platform wants. It is kept until the tab is closed. */
export function KeyForm({ reason }: { reason: string }) {
  const [key, setKey] = useState("");
  return (
    <form
      class="state key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== "") keepAccessKey(key.trim());
      }}
    >
      <h1>Sign in</h1>
      <p role="alert">{reason}</p>
      <label for="key">Key or token</label>
      <div class="field-row">
        <input
          id="key"
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        <button type="submit" class="primary">
          Sign in
        </button>
      </div>
      <p class="quiet">
        An operator makes one with <code>flowgate key you --role reader</code>. It is kept in this tab only.
      </p>
    </form>
  );
}
