import type { ChatAnswer } from "../../shared/ports/chat-model.ts";
import type { AzureView } from "../../shared/ports/azure-view.ts";

/** A deployment of Flowgate: where it is, and its settings' names of models. */
export interface Deployment {
  azure: AzureView;
  /** Asks an app itself, by its address. */
  visit: (url: string) => Promise<Response>;
  subscription: string;
  resourceGroup: string;
  /** Asks a deployment for one word, as who is signed in. */
  ask: (model: string) => Promise<ChatAnswer>;
  /** Of the deployments that answer, judge and embed, as the settings name them. */
  models: string[];
  /** Of Azure OpenAI; undefined where none is set. */
  modelEndpoint: string | undefined;
}

/** The path of something in the deployment's resource group. */
export function inGroup({ subscription, resourceGroup }: Deployment, rest: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/${rest}`;
}
