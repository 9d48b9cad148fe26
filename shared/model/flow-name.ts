const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a text can name a flow or a proposal: safe in blob names, URLs, headers and metric dimensions. */
export function isFlowName(text: string): boolean {
  return NAME.test(text);
}
