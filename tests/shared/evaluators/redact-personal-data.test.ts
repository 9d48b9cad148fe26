import { expect, test } from "vitest";
import { redactFields, redactText } from "../../../shared/evaluators/safety/redact-personal-data.ts";

test("what looks like personal data leaves only its kind behind", () => {
  const told =
    "I am ada@example.com, call +44 20 7946 0958, card 4111 1111 1111 1111, account DE89 3704 0044 0532 0130 00, number 123-45-6789.";
  expect(redactText(told)).toBe(
    "I am [an e-mail address], call [a phone number], card [a card number], account [a bank account], number [a social security number].",
  );
  expect(redactText("The tent weighs 1.9 kg and costs 289 dollars.")).toBe(
    "The tent weighs 1.9 kg and costs 289 dollars.",
  );
});

test("it is found at every depth of inputs, and numbers and empty values stay as they are", () => {
  const inputs = {
    question: "Hi",
    chat_history: [{ role: "user", content: "Mail ada@example.com and ada@example.com." }],
    "ada@example.com": 1,
    none: null,
    many: { deep: [true, "bob@example.org"] },
  };
  expect(redactFields(inputs)).toEqual({
    question: "Hi",
    chat_history: [{ role: "user", content: "Mail [an e-mail address] and [an e-mail address]." }],
    "[an e-mail address]": 1,
    none: null,
    many: { deep: [true, "[an e-mail address]"] },
  });
});

test("data that overlaps leaves one mark, and none of it stands beside", () => {
  expect(redactText("Or 5500 0000 0000 0004@example.com?")).not.toMatch(/\d|example/);
});

test("a text full of addresses takes no longer than it is", () => {
  const addresses = Array.from(
    { length: 60_000 },
    (_, index) => `u${index}@example.com +44 20 7946 0${index}`,
  );
  const startedAt = performance.now();
  expect(redactText(addresses.join(" "))).not.toContain("@");
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
