import { OPENAI_PROTOCOL } from "../pipelines/chat/openai-protocol.ts";
import { chatFunction } from "./chat-function.ts";

chatFunction("chat-completions", "v1/chat/completions", OPENAI_PROTOCOL);
