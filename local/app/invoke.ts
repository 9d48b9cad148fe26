import { runHooks } from "./app-state.ts";
import type { AppState, CoreInvocationContext, FunctionCallback } from "./app-state.ts";
import { userCategory } from "./app-log.ts";
import type { AppLog } from "./app-log.ts";
import type { InvocationRequest, InvocationResponse } from "./protocol.ts";

/**
 * One invocation, in the order of Azure's worker: the programming model converts the inputs, hooks run before, the
 * handler, hooks after, and the model converts (or, over HTTP, sends) the result. Throws what the handler threw.
 */
export async function invoke(
  app: AppState,
  log: AppLog,
  request: InvocationRequest,
): Promise<InvocationResponse> {
  const { invocationId } = request;
  const registered = app.functions.get(request.functionId);
  if (!registered || !app.programmingModel) throw new Error(`No function "${request.functionId}" is loaded.`);
  const { metadata, callback } = registered;
  let invocationContext: unknown;
  const core: CoreInvocationContext = {
    invocationId,
    request,
    metadata,
    state: undefined,
    log(level, logCategory, message) {
      const category = logCategory === "user" ? userCategory(metadata.name) : `Function.${metadata.name}`;
      log.write({ invocationId, category, level, message, logCategory }, invocationContext);
    },
  };

  const work = async (): Promise<InvocationResponse> => {
    const model = await app.programmingModel!.getInvocationModel(core);
    const { context, inputs } = await model.getArguments();
    invocationContext = context;
    const hookData = {};
    const { appHookData } = app;

    const before = { hookData, appHookData, invocationContext, inputs, functionCallback: callback };
    core.state = "preInvocationHooks";
    await runHooks(app, "preInvocation", before);

    const after: AfterContext = { hookData, appHookData, invocationContext, inputs: before.inputs };
    core.state = "invocation";
    try {
      const handler: FunctionCallback = before.functionCallback;
      after.result = await model.invokeFunction(context, before.inputs, handler);
    } catch (error) {
      after.error = error ?? new Error("The handler threw nothing.");
    }
    core.state = "postInvocationHooks";
    await runHooks(app, "postInvocation", after);
    core.state = undefined;

    if (after.error !== undefined && after.error !== null) throw after.error;
    const overHttp = Object.values(metadata.bindings).some((binding) => binding.type === "httpTrigger");
    if (overHttp && (after.result === undefined || after.result === null)) {
      throw new Error(
        `Function "${metadata.name}" returned no response: on Azure the request would hang. Return an object.`,
      );
    }
    return {
      ...(await model.getResponse(context, after.result)),
      invocationId,
      result: { status: "success" },
    };
  };
  return log.within({ functionName: metadata.name, invocationId }, work);
}

interface AfterContext {
  hookData: object;
  appHookData: object;
  invocationContext: unknown;
  inputs: unknown[];
  result?: unknown;
  error?: unknown;
}
