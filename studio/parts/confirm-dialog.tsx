import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { keepOwnName, ownName } from "../data/own-name.ts";
import { useMe } from "../data/use-me.ts";

/** What a person says of a decision before it is taken. */
export interface Confirmation {
  reason: string;
  actor: string;
}

/** Says what would happen, asks why (and who, where nobody signs in), and only then does it. */
export function ConfirmDialog({
  title,
  action,
  isDangerous,
  children,
  onConfirm,
  onClose,
}: {
  title: string;
  /** What the button says. */
  action: string;
  isDangerous: boolean;
  children: ComponentChildren;
  /** What it throws is shown, and the dialog stays open. */
  onConfirm: (confirmation: Confirmation) => Promise<void>;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const me = useMe();
  const [reason, setReason] = useState("");
  const [name, setName] = useState(ownName);
  const [refusal, setRefusal] = useState<string>();
  const [isSending, setIsSending] = useState(false);
  const asksName = me?.signedIn === false;

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  async function confirm(): Promise<void> {
    if (reason.trim() === "") return setRefusal("Say why: the reason stands in the ledger.");
    if (asksName && name.trim() === "") return setRefusal("Say who you are: the name stands in the ledger.");
    setIsSending(true);
    setRefusal(undefined);
    try {
      if (asksName) keepOwnName(name.trim());
      await onConfirm({ reason: reason.trim(), actor: asksName ? name.trim() : (me?.name ?? "studio") });
      dialog.current?.close();
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : "It could not be done.");
    }
    setIsSending(false);
  }

  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <h2 id="confirm-title">{title}</h2>
        <p>{children}</p>
        <div class="field">
          <label for="confirm-reason">Reason</label>
          <textarea
            id="confirm-reason"
            required
            value={reason}
            onInput={({ currentTarget: { value } }) => setReason(value)}
          />
        </div>
        {asksName && (
          <div class="field">
            <label for="confirm-name">Your name</label>
            <input
              id="confirm-name"
              autocomplete="name"
              required
              value={name}
              onInput={({ currentTarget: { value } }) => setName(value)}
            />
          </div>
        )}
        <div role="alert">{refusal !== undefined && <p class="note fail">{refusal}</p>}</div>
        <div class="dialog-end">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={isDangerous ? "danger primary" : "primary"} disabled={isSending}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
