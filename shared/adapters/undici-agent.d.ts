declare module "undici/lib/dispatcher/agent.js" {
  import type { Agent as PublicAgent } from "undici";
  /** As the package's index exports it. */
  const Agent: typeof PublicAgent;
  export default Agent;
}
