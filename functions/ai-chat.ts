import { AI_CHAT_PROTOCOL } from "../pipelines/chat/ai-chat-protocol.ts";
import { chatFunction } from "./chat-function.ts";

chatFunction("ai-chat", "api/chat/{flow}", AI_CHAT_PROTOCOL);
chatFunction("ai-chat-stream", "api/chat/{flow}/stream", AI_CHAT_PROTOCOL, true);
