/**
 * How an app process is started so that it keeps to its memory. Flags of V8: half of the memory for a few percent of
 * CPU, as V8 would let its heap double before it looks for garbage; less space for what is young than these 16 MB costs
 * an evaluation a twentieth more CPU. docs/architecture.md has why infra/ leaves them out on Azure. And of glibc, which
 * else keeps a heap a thread, and in it the memory of large pieces of files that are done with: 30 MB under load.
 */
export const APP_MEMORY = {
  flags: ["--max-semi-space-size=16", "--heap-growing-percent=10"],
  environment: { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "131072" },
};
