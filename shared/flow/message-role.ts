/** The roles that messages have. */
export const MESSAGE_ROLES = ["system", "user", "assistant", "developer", "function", "tool"] as const;
export type MessageRole = (typeof MESSAGE_ROLES)[number];

/** The role that a text names, whatever its case. */
export function roleOf(text: string): MessageRole | undefined {
  const name = text.trim().toLowerCase();
  return MESSAGE_ROLES.find((role) => role === name);
}

/** Whether what is said in a role is an order to the model, which only a prompt's author gives. */
export function isInstruction(role: MessageRole): boolean {
  return role === "system" || role === "developer";
}

const OTHER_WORDS: Record<"user" | "assistant", readonly string[]> = {
  user: ["human", "customer", "client", "question", "input", "person", "me"],
  assistant: ["ai", "bot", "model", "agent", "answer", "output", "gpt", "chatbot"],
};

/** The role that other programs have another word for: `human` is the user. */
export function roleMeant(text: string): MessageRole | undefined {
  const word = text.trim().toLowerCase();
  return (["user", "assistant"] as const).find((role) => OTHER_WORDS[role].includes(word));
}
