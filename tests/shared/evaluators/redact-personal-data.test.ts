import { describe, expect, test } from "vitest";
import {
  redactFields,
  redactText,
  redactValue,
} from "../../../shared/evaluators/safety/redact-personal-data.ts";
import { computingTime } from "../computing-time.ts";

test("what looks like personal data leaves only its kind behind", async () => {
  const told =
    "I am ada@example.com, call +44 20 7946 0958, card 4111 1111 1111 1111, account DE89 3704 0044 0532 0130 00, number 123-45-6789.";
  expect(await redactText(told)).toBe(
    "I am [an e-mail address], call [a phone number], card [a card number], account [a bank account], number [a social security number].",
  );
  expect(await redactText("The tent weighs 1.9 kg and costs 289 dollars.")).toBe(
    "The tent weighs 1.9 kg and costs 289 dollars.",
  );
});

test("it is found at every depth of inputs, and numbers and empty values stay as they are", async () => {
  const inputs = {
    question: "Hi",
    chat_history: [{ role: "user", content: "Mail ada@example.com and ada@example.com." }],
    "ada@example.com": 1,
    none: null,
    many: { deep: [true, "bob@example.org"] },
  };
  expect(await redactFields(inputs)).toEqual({
    question: "Hi",
    chat_history: [{ role: "user", content: "Mail [an e-mail address] and [an e-mail address]." }],
    "[an e-mail address]": 1,
    none: null,
    many: { deep: [true, "[an e-mail address]"] },
  });
});

test("data that overlaps leaves one mark, and none of it stands beside", async () => {
  expect(await redactText("Or 5500 0000 0000 0004@example.com?")).not.toMatch(/\d|example/);
});

test("a text full of addresses takes no longer than it is", async () => {
  const costOf = (count: number): Promise<number> => {
    const address = (index: number): string => `u${index}@example.com +44 20 7946 0${index}`;
    const text = Array.from({ length: count }, (_, index) => address(index)).join(" ");
    return computingTime(async () => expect(await redactText(text)).not.toContain("@"));
  };
  await costOf(5_000);
  // Twelve times the text; by its square 144 times the work.
  expect((await costOf(60_000)) / (await costOf(5_000))).toBeLessThan(40);
});

describe("a text of many pieces", () => {
  const words = (length: number): string => "Words from the shop. ".repeat(length / 21 + 1).slice(0, length);

  test.each([
    ["4111 1111 1111 1111", "[a card number]"],
    ["ada@mail.example.com", "[an e-mail address]"],
    [`${"a".repeat(64)}@${"b".repeat(63)}.com`, "[an e-mail address]"],
    ["DE89 3704 0044 0532 0130 00", "[a bank account]"],
    ["+44 20 7946 0958", "[a phone number]"],
    // What is part of a longer number is none of its own, where a piece ends in it too.
    ["4111111111111111222222", "4111111111111111222222"],
    ["123-45-67890", "123-45-67890"],
  ])("leaves the same of %s wherever it stands", async (told, left) => {
    // So that every place of it falls on a border once: those of the pieces, and of what is looked at twice.
    const places = [14_900, 15_900, 31_000, 31_900].flatMap((from) =>
      Array.from({ length: 150 }, (_, index) => from + index),
    );
    for (const place of places) {
      const [before, after] = [words(place), words(20_000)];
      expect(await redactText(`${before} ${told} ${after}`), `at ${place}`).toBe(
        `${before} ${left} ${after}`,
      );
    }
  });

  test.each([
    ["one text", { question: "Words from the shop. ".repeat(30_000) }],
    ["many short ones", { chat_history: Array.from({ length: 40_000 }, () => "Words from us.") }],
    [
      "names of members",
      Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`word ${index}`, 1])),
    ],
  ])("lets others work in between: %s", async (_, value) => {
    let turns = 0;
    let goesOn = true;
    const count = (): void => {
      turns++;
      if (goesOn) setImmediate(count);
    };
    setImmediate(count);
    await redactValue(value);
    goesOn = false;
    expect(turns).toBeGreaterThan(15);
  });
});
