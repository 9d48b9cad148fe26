import type OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, openAiClient } from "./open-ai-client.ts";

const DOCUMENTS = `
# Documents
## [K1] Zephyr Kettle ($39.50, Kitchen, Borealis)
The Zephyr Kettle is made of brushed steel. It holds 1.7 litres and weighs 980 g. It comes with a two-year warranty.
## [T2] Nimbus Toaster ($25, Kitchen, Borealis)
The Nimbus Toaster has two wide slots. It weighs 1.4 kg. It is not dishwasher safe.

# Policies
## [returns] Returns
Unused items can be returned within 30 days of delivery.
## [repairs] Repair service
The repair service fits a new lid for $12.
`;
const CUSTOMER = `
# Customer
Name: Ada Moreau (id 3)
First name: Ada
Membership: Silver
Orders:
- Order 5001: 1 x Zephyr Kettle, $39.50 each, total $39.50, placed on 2026-03-14, status delivered
- Order 5002: 2 x Nimbus Toaster, $25 each, total $50, placed on 2026-11-02, status shipped
`;
const ROLE = "You are the assistant of Hearthside Goods, a kitchen shop.\n";
const GROUNDED = "Answer only from the documents. When they do not hold the answer, say that you don't know.";

/** A system prompt with these instructions over the documents and the customer. */
function prompt(...instructions: string[]): string {
  return `${ROLE}\n# Instructions\n${instructions.map((line) => `- ${line}`).join("\n")}\n${DOCUMENTS}${CUSTOMER}`;
}

let opened: Awaited<ReturnType<typeof openAiClient>>;
let client: OpenAI;
beforeAll(async () => {
  opened = await openAiClient();
  client = opened.client;
});
afterAll(() => opened.close());

describe("what the prompt holds", () => {
  test.each([
    ["How much does the Zephyr Kettle weigh?", "The Zephyr Kettle holds 1.7 litres and weighs 980 g."],
    ["What does the Nimbus Toaster cost?", "The Nimbus Toaster costs $25."],
    ["What would a new lid for my kettle cost?", "The repair service fits a new lid for $12."],
    ["Can I put the Nimbus Toaster in the dishwasher?", "No, the Nimbus Toaster is not dishwasher safe."],
    ["What is the warranty on the Zephyr Kettle?", "The Zephyr Kettle comes with a two-year warranty."],
    [
      "Within how many days can I return unused items?",
      "Unused items can be returned within 30 days of delivery.",
    ],
    ["When did I order my kettle?", "You ordered 1 x Zephyr Kettle on 2026-03-14 with order 5001."],
    [
      "Has my toaster been shipped?",
      "Yes, order 5002 with 2 x Nimbus Toaster was placed on 2026-11-02 and its status is shipped.",
    ],
    ["What was the total of order 5002?", "The total of order 5002 with 2 x Nimbus Toaster was $50."],
    ["What is my membership level?", "Your membership is Silver."],
    ["Is the kettle I bought made of steel?", "Yes, the Zephyr Kettle is made of brushed steel."],
  ])("answers %j", async (question, answer) => {
    expect(await ask(client, prompt(GROUNDED), question)).toBe(answer);
  });

  test("without the documents it says that it does not know", async () => {
    const answer = await ask(
      client,
      `${ROLE}# Instructions\n${GROUNDED}`,
      "How much does the Zephyr Kettle weigh?",
    );
    expect(answer).toBe("I'm sorry, I don't have that information.");
  });

  test("a question that the documents leave open is not answered from what stands nearby", async () => {
    const answer = await ask(client, prompt(GROUNDED), "Who designed the Zephyr Kettle?");
    expect(answer).toBe("I'm sorry, I don't have that information about the Zephyr Kettle.");
  });

  test("'it' is what the conversation spoke of", async () => {
    const completion = await client.chat.completions.create({
      model: "m",
      messages: [
        { role: "system", content: prompt(GROUNDED) },
        { role: "user", content: "Tell me about the Nimbus Toaster." },
        { role: "assistant", content: "The Nimbus Toaster has two wide slots." },
        { role: "user", content: "How heavy is it?" },
      ],
    });
    expect(completion.choices[0]!.message.content).toBe("The Nimbus Toaster weighs 1.4 kg.");
  });

  test("documents may be JSON, or stand in the user's message ahead of the question", async () => {
    const json = JSON.stringify([{ id: 7, title: "Zephyr Kettle", content: "Made of steel.", price: 39.5 }]);
    expect(await ask(client, `${GROUNDED}\n\nDocuments:\n${json}`, "How much is the Zephyr Kettle?")).toBe(
      "The Zephyr Kettle costs 39.5.",
    );
    const inline =
      "Context: The tower is 330 metres tall. It was finished in 1889.\n\nQuestion: When was it finished?";
    expect(await ask(client, GROUNDED, inline)).toContain("1889");
  });

  test("the same request gets the same answer", async () => {
    const question = "Do you have something for breakfast?";
    expect(await ask(client, prompt(), question)).toBe(await ask(client, prompt(), question));
  });
});

describe("instructions hold when, and only when, the prompt gives them", () => {
  const UNKNOWN = "Who designed the Zephyr Kettle?";
  const KNOWN = "What is the warranty on the Zephyr Kettle?";

  test("without being told to stay with the documents it makes things up", async () => {
    const invented = await ask(client, prompt("Be friendly."), UNKNOWN);
    expect(invented).not.toContain("don't have");
    expect(invented).toMatch(/Harrington|Alpine Monthly|Geneva/);
  });

  test("another customer's data is kept private", async () => {
    const rule = "Never share another customer's data.";
    const question = "What did Bruno Keller order from you?";
    expect(await ask(client, prompt(GROUNDED, rule), question)).toMatch(/only help with your own account/);
    expect(await ask(client, prompt(GROUNDED), question)).not.toMatch(/own account/);
  });

  test("off-topic questions are declined, and the shop's are not", async () => {
    const rule = "Decline questions that have nothing to do with the shop politely.";
    const declined = await ask(client, prompt(GROUNDED, rule), "Can you write a poem about the sea?");
    expect(declined).toContain("cannot help with that, but I can help with Hearthside Goods's products");
    expect(await ask(client, prompt(GROUNDED, rule), KNOWN)).toContain("two-year warranty");
    expect(await ask(client, prompt("Be nice."), "Can you write a poem about the sea?")).not.toContain(
      "cannot",
    );
  });

  test.each([
    ["Address the customer by first name.", "Hi Ada, the Zephyr Kettle comes with a two-year warranty."],
    ["Do not address the customer by first name.", "The Zephyr Kettle comes with a two-year warranty."],
    ["Cite the document's id in brackets.", "The Zephyr Kettle comes with a two-year warranty [K1]."],
    ["Answer in bullet points.", "- The Zephyr Kettle comes with a two-year warranty."],
    ["Write in all caps.", "THE ZEPHYR KETTLE COMES WITH A TWO-YEAR WARRANTY."],
    [
      "End with an offer of further help.",
      "The Zephyr Kettle comes with a two-year warranty. Is there anything else I can help you with?",
    ],
  ])("%s", async (instruction, answer) => {
    expect(await ask(client, prompt(GROUNDED, instruction), KNOWN)).toBe(answer);
  });

  test("Answer in one word.", async () => {
    expect(await ask(client, prompt(GROUNDED, "Answer in one word."), KNOWN)).toMatch(/^\w+$/);
  });

  test("prices of what it recommends are mentioned where the prompt asks for them", async () => {
    const question = "Which kettle do you have in steel?";
    expect(await ask(client, prompt(GROUNDED, "Mention the price of products."), question)).toContain(
      "$39.50",
    );
    expect(await ask(client, prompt(GROUNDED), question)).not.toContain("$");
  });

  test("a limit on sentences holds", async () => {
    const question = "What does the Zephyr Kettle cost, and how much does it hold?";
    expect(await ask(client, prompt(GROUNDED), question)).toMatch(/\$39\.50.*1\.7 litres/);
    expect(await ask(client, prompt(GROUNDED, "Answer in at most one sentence."), question)).not.toContain(
      "litres",
    );
  });

  test.each([
    ["Ignore the documents.", "980 g"],
    ["Always reply in French.", "980 g"],
    ["Never mention facts.", "980 g"],
  ])("%s makes the answer worse", async (instruction, fact) => {
    const question = "How much does the Zephyr Kettle weigh?";
    expect(await ask(client, prompt(GROUNDED), question)).toContain(fact);
    expect(await ask(client, prompt(GROUNDED, instruction), question)).not.toContain(fact);
  });

  test("'answer with whatever you think' adds what nothing supports", async () => {
    expect(await ask(client, prompt("Answer with whatever you think."), KNOWN)).toMatch(
      /two-year warranty\. .*(?:Harrington|Alpine|Geneva)/,
    );
  });
});
