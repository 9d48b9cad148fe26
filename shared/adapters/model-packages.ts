// As the index does for its own exports, without what it has for other clouds.
export { AzureOpenAI } from "openai/azure";
export { OpenAI } from "openai/client";
// The package's index has a second fetch, sockets and mocks in it: 15 MB of memory.
export { default as Agent } from "undici/lib/dispatcher/agent.js";
