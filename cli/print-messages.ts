import type { ChatMessage, ContentPart } from "../shared/ports/chat-model.ts";
import type { Paint } from "./output.ts";
import { excerpt, plainText } from "./plain-text.ts";

const SHOWN_ADDRESS = 100;

/** Messages as a prompt writes them: a role and a colon, the content below, an empty line between. */
export function printMessages(messages: readonly ChatMessage[], paint: Paint): string {
  return messages
    .map(({ role, name, content }) => {
      const marker = name === undefined ? `${role}:` : `${role}[name=${JSON.stringify(name)}]:`;
      const text = typeof content === "string" ? content : content.map(partText).join("\n");
      return `${paint("bold", plainText(marker))}\n${plainText(text)}`;
    })
    .join("\n\n");
}

function partText(part: ContentPart): string {
  if (part.type === "text") return part.text.replace(/\n$/, "");
  const address =
    part.type === "image_url"
      ? part.image_url.url
      : part.type === "file"
        ? part.file.url
        : `${part.input_audio.format}, ${part.input_audio.data}`;
  return `[${part.type}: ${excerpt(address, SHOWN_ADDRESS)}]`;
}
