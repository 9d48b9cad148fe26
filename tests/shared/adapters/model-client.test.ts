import { expect, test } from "vitest";
import { createModelClient } from "../../../shared/adapters/azure/model-client.ts";

test.each([
  ["https://shop.openai.azure.com/", "https://shop.openai.azure.com/openai"],
  ["https://shop.openai.azure.com/openai/", "https://shop.openai.azure.com/openai"],
  ["https://shop.openai.azure.com/openai/v1/", "https://shop.openai.azure.com/openai/v1"],
])("Azure OpenAI at %s is reached at %s, with a key or without", (endpoint, baseUrl) => {
  for (const apiKey of ["key", undefined]) {
    const client = createModelClient({ kind: "azure", endpoint, apiKey });
    expect(client.openai.baseURL).toBe(baseUrl);
    expect(client).toMatchObject({ provider: "azure.ai.openai", serverAddress: "shop.openai.azure.com" });
    expect(client.openai.maxRetries).toBe(0);
  }
});

test("a server without a key is asked with a placeholder, as the client insists on one", () => {
  const client = createModelClient({
    kind: "openai",
    baseUrl: "http://127.0.0.1:11434/v1",
    apiKey: undefined,
  });
  expect(client).toMatchObject({ provider: "openai", serverAddress: "127.0.0.1" });
});
