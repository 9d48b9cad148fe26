import type { AskedInput } from "../../../shared/model/tried-turn.ts";

const WHOLE = new Set(["array", "object", "list"]);

/** A field for one input, in the form that its type asks for. */
export function InputField({
  field: { name, type, required, choices, default: otherwise },
  value,
  onChange,
}: {
  field: AskedInput;
  value: string;
  onChange(value: string): void;
}) {
  const id = `input-${name}`;
  const offered = choices ?? (type === "boolean" ? ["true", "false"] : undefined);
  return (
    <div class="field">
      <label for={id}>
        {name}{" "}
        <span class="quiet small">
          {[type === "string" ? "" : type, required ? "needed" : ""].filter(Boolean).join(", ")}
        </span>
      </label>
      {offered ? (
        <select id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
          {!offered.includes("") && <option value="">{otherwise ?? "none"}</option>}
          {offered.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : WHOLE.has(type) ? (
        <textarea
          id={id}
          rows={2}
          value={value}
          placeholder="as JSON"
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      ) : (
        <input
          id={id}
          value={value}
          autocomplete="off"
          placeholder={otherwise}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </div>
  );
}
