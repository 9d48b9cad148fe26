import { expect, test } from "vitest";
import { createModelClient } from "../../../shared/adapters/azure/model-client.ts";

const DATED = "/deployments/my%20model/embeddings?api-version=2024-10-21";

test.each([
  ["https://shop.openai.azure.com/", `https://shop.openai.azure.com/openai${DATED}`],
  ["https://shop.openai.azure.com/openai/", `https://shop.openai.azure.com/openai${DATED}`],
  ["https://shop.openai.azure.com/openai/v1/", "https://shop.openai.azure.com/openai/v1/embeddings"],
])("Azure OpenAI at %s is asked at %s, with a key or without", (endpoint, url) => {
  for (const apiKey of ["key", undefined]) {
    const client = createModelClient({ kind: "azure", endpoint, apiKey });
    expect(client.urlOf("/embeddings", "my model")).toBe(url);
    expect(client).toMatchObject({ provider: "azure.ai.openai", serverAddress: "shop.openai.azure.com" });
  }
});

test("Azure's dated API takes its key in a header of its own, the undated one as OpenAI does", async () => {
  const ask = (endpoint: string) =>
    createModelClient({ kind: "azure", endpoint, apiKey: "key" }).authorization();
  expect(await ask("https://shop.openai.azure.com")).toEqual(["api-key", "key"]);
  expect(await ask("https://shop.openai.azure.com/openai/v1")).toEqual(["authorization", "Bearer key"]);
});

test("OpenAI is asked where no address is given", async () => {
  const client = createModelClient({ kind: "openai", baseUrl: undefined, apiKey: "key" });
  expect(client.urlOf("/chat/completions", "gpt")).toBe("https://api.openai.com/v1/chat/completions");
  expect(await client.authorization()).toEqual(["authorization", "Bearer key"]);
});

test("a server without a key is asked with a placeholder, as some insist on one", async () => {
  const baseUrl = "http://127.0.0.1:11434/v1/";
  const client = createModelClient({ kind: "openai", baseUrl, apiKey: undefined });
  expect(client).toMatchObject({ provider: "openai", serverAddress: "127.0.0.1" });
  expect(client.urlOf("/embeddings", "any")).toBe("http://127.0.0.1:11434/v1/embeddings");
  expect(await client.authorization()).toEqual(["authorization", "Bearer none"]);
});
