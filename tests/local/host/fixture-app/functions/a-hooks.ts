import { app } from "@azure/functions";

app.setup({ enableHttpStream: true });

app.hook.appStart((context) => {
  context.hookData["greeting"] = "hello from the start";
  console.log("hook appStart");
});
app.hook.appTerminate((context) => {
  console.log(`hook appTerminate: ${String(context.hookData["greeting"])}`);
});
app.hook.preInvocation((context) => {
  context.hookData["startedBy"] = context.invocationContext.functionName;
  if (context.invocationContext.functionName !== "hooked") return;
  const handler = context.functionHandler;
  context.functionHandler = async (...parameters) => {
    const result = await handler(...parameters);
    return { ...(result as object), headers: { "x-wrapped": "yes" } };
  };
});
app.hook.postInvocation((context) => {
  if (context.invocationContext.functionName !== "hooked") return;
  const result = context.result as { headers: Record<string, string> };
  result.headers["x-started-by"] = String(context.hookData["startedBy"]);
});
