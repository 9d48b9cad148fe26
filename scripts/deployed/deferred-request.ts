import { DeferredHeaders } from "./deferred-headers.ts";

type Native = globalThis.Request;
/** As the library gives it. */
type Init = RequestInit & { method: string; headers?: Record<string, string> };

/**
 * Stands for `Request` in the package's copy of the Functions library, which makes one of every call: the web's own is
 * made when somebody reads what only it knows. A chat asks for headers alone, and the streams and signals of all the rest
 * would be a tenth of what it costs.
 */
class DeferredRequest implements Pick<
  Native,
  | "url"
  | "method"
  | "headers"
  | "body"
  | "bodyUsed"
  | "arrayBuffer"
  | "blob"
  | "formData"
  | "json"
  | "text"
  | "clone"
> {
  readonly url: string;
  readonly method: string;
  readonly #init: Init;
  #headers: DeferredHeaders | undefined;
  #made: Native | undefined;

  constructor(url: string, init: Init) {
    this.url = new URL(url).href;
    this.method = init.method;
    this.#init = init;
  }

  get headers(): Headers {
    return (this.#headers ??= new DeferredHeaders(this.#init.headers ?? {}));
  }

  get body(): Native["body"] {
    return this.#native.body;
  }

  get bodyUsed(): boolean {
    return this.#made?.bodyUsed === true;
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#native.arrayBuffer();
  }

  blob(): Promise<Blob> {
    return this.#native.blob();
  }

  formData(): Promise<FormData> {
    return this.#native.formData();
  }

  json(): Promise<unknown> {
    return this.#native.json();
  }

  text(): Promise<string> {
    return this.#native.text();
  }

  clone(): Native {
    return new globalThis.Request(this.#native.clone(), { headers: this.headers });
  }

  get #native(): Native {
    return (this.#made ??= new globalThis.Request(this.url, { ...this.#init, headers: this.headers }));
  }
}

export { DeferredRequest as Request };
