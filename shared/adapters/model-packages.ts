export { AzureOpenAI, OpenAI } from "openai";
// The package's index has a second fetch, sockets and mocks in it: 15 MB of memory.
export { default as Agent } from "undici/lib/dispatcher/agent.js";
