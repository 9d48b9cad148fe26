import Module from "node:module";
import { HOOKS } from "./app-state.ts";
import type { AppState, FunctionCallback, HookCallback, HookName, ProgrammingModel } from "./app-state.ts";
import type { AppLog } from "./app-log.ts";
import { LEFT_OUT } from "./left-out.ts";
import type { Binding, LogLevel, RpcLog } from "./protocol.ts";

export const WORKER_VERSION = "3.12.0";

/**
 * Supplies `@azure/functions-core`, the module that exists only inside a worker and by which `@azure/functions`
 * registers an app's functions and hooks, and nothing for what the bundle leaves out. Must run before the app's first
 * file is loaded.
 */
export function supplyCoreModule(app: AppState, log: AppLog): void {
  const core = {
    version: WORKER_VERSION,
    get hostVersion() {
      return app.hostVersion;
    },
    registerFunction(
      metadata: { name: string; functionId?: string; bindings: Record<string, Binding> },
      callback: FunctionCallback,
    ) {
      const { name, bindings } = metadata;
      const functionId = metadata.functionId ?? name;
      if (app.started) throw new Error(`Function "${name}" can only be registered while the app starts.`);
      if (app.functions.has(functionId)) {
        throw new Error(`Two functions are named "${name}". Names are unique within an app: rename one.`);
      }
      app.functions.set(functionId, { metadata: { functionId, name, bindings }, callback });
      return new Disposable(() => app.functions.delete(functionId));
    },
    registerHook(name: string, callback: HookCallback) {
      if (!isHook(name)) {
        throw new RangeError(`There is no hook "${name}". Hooks are ${HOOKS.join(", ")}.`);
      }
      const hooks = app.hooks[name];
      hooks.push(callback);
      return new Disposable(() => hooks.splice(hooks.indexOf(callback), 1));
    },
    setProgrammingModel(model: ProgrammingModel) {
      app.programmingModel = model;
    },
    getProgrammingModel: () => app.programmingModel,
    log(level: LogLevel, logCategory: RpcLog["logCategory"], message: string) {
      log.write({ level, logCategory, message, category: "Worker" });
    },
    Disposable,
  };
  const original = Reflect.get(Module.prototype, "require") as (this: NodeJS.Module, id: string) => unknown;
  Reflect.set(Module.prototype, "require", function require(this: NodeJS.Module, id: string): unknown {
    if (id === "@azure/functions-core") return core;
    return LEFT_OUT.test(id) ? {} : original.call(this, id);
  });
}

/** Part of the core module's interface: calls back once when disposed. */
class Disposable {
  #callOnDispose: (() => unknown) | undefined;
  static from(...disposables: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }
  constructor(callOnDispose: () => unknown) {
    this.#callOnDispose = callOnDispose;
  }
  dispose(): unknown {
    const call = this.#callOnDispose;
    this.#callOnDispose = undefined;
    return call?.();
  }
}

function isHook(name: string): name is HookName {
  return HOOKS.some((hook) => hook === name);
}
