/** The file that makes a folder a flow. */
export const FLOW_FILE = "flow.yaml";
