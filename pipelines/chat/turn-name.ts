import { createSecretKey, hash, randomBytes, randomFillSync, timingSafeEqual } from "node:crypto";
import { atMost } from "../../shared/at-most.ts";
import type { AnsweredBy } from "../../shared/model/traffic.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { registryPath } from "../../shared/registry/paths.ts";

/** What a turn's name tells. */
export interface NamedTurn extends AnsweredBy {
  /** The turn's own part of its name: 32 hex digits, the seconds in which it was asked first. */
  turn: string;
  at: Date;
}

/**
 * Names turns so that the name is all it takes to believe what a user says of one later, in whichever process: it holds
 * the version and its share of a rollout, and a signature over them and the session, which the name does not tell.
 */
export interface TurnNames {
  name(turn: AnsweredBy, session: string, at: Date): Promise<string>;
  /** Undefined for a name that was not given to a turn of this flow in this session. */
  read(name: string, flow: string, session: string): Promise<NamedTurn | undefined>;
}

/** So long the first turns of a process wait for the key, and no turn for so long after it could not be had. */
const KEY_MS = 1_000;
const KEYLESS_MS = 10_000;
const SIGNATURE_BYTES = 12;
const ID_BYTES = 16;
/** Of which the first are the seconds. */
const SECONDS_BYTES = 4;
const RANDOM_BYTES = ID_BYTES - SECONDS_BYTES;

/**
 * The key is made once and kept where the release pointer is: whoever can read or replace it there decides what serves
 * anyway. A process reads it once.
 */
export function createTurnNames({ store }: { store: BlobStore }): TurnNames {
  let reading: Promise<Buffer> | undefined;
  let known: Buffer | undefined;
  let askAgainAt = -Infinity;
  const key = (): Promise<Buffer> => {
    reading ??= readKey(store).then(
      (read) => (known = read),
      (error: unknown) => {
        reading = undefined;
        throw error;
      },
    );
    return reading;
  };
  /** Whoever cannot sign can still answer: nobody is able to say anything of this turn, that is all. */
  const keyInTime = async (): Promise<Buffer | undefined> => {
    if (performance.now() < askAgainAt) return undefined;
    const read = await atMost(key(), KEY_MS).catch(() => false);
    if (!read) askAgainAt = performance.now() + KEYLESS_MS;
    return known;
  };
  return {
    async name(turn, session, at) {
      const { version, share } = turn;
      const told = share ? `${version}|${share.arm}|${share.rollout}|${share.step}|${share.weight}` : version;
      const secret = known ?? (await keyInTime());
      const bytes = Buffer.allocUnsafe(SIGNATURE_BYTES + ID_BYTES + Buffer.byteLength(told));
      bytes.writeUInt32BE(Math.floor(at.getTime() / 1000), SIGNATURE_BYTES);
      fillRandom(bytes, SIGNATURE_BYTES + SECONDS_BYTES);
      bytes.write(told, SIGNATURE_BYTES + ID_BYTES);
      if (secret) bytes.write(signatureOf(secret, bytes, turn.flow, session), "latin1");
      else bytes.fill(0, 0, SIGNATURE_BYTES);
      return bytes.toString("base64url");
    },
    async read(name, flow, session) {
      const bytes = Buffer.from(name, "base64url");
      if (bytes.length <= SIGNATURE_BYTES + ID_BYTES) return undefined;
      const expected = Buffer.from(signatureOf(await key(), bytes, flow, session), "latin1");
      if (!timingSafeEqual(expected, bytes.subarray(0, SIGNATURE_BYTES))) return undefined;
      const told = SIGNATURE_BYTES + ID_BYTES;
      const id = bytes.subarray(SIGNATURE_BYTES, told);
      const [version = "", arm, rollout, step, weight] = bytes.toString("utf8", told).split("|");
      const at = new Date(id.readUInt32BE(0) * 1000);
      const named = { flow, version, turn: id.toString("hex"), at };
      if ((arm !== "stable" && arm !== "canary") || rollout === undefined) return named;
      return { ...named, share: { arm, rollout, step: Number(step), weight: Number(weight) } };
    },
  };
}

/** The turn's own part of its name. */
export function turnOfName(name: string): string {
  return Buffer.from(name, "base64url")
    .subarray(SIGNATURE_BYTES, SIGNATURE_BYTES + ID_BYTES)
    .toString("hex");
}

const random = Buffer.alloc(340 * RANDOM_BYTES);
let unused = 0;

/** Drawn many at once: each draw costs as much as all else about a name. */
function fillRandom(bytes: Buffer, at: number): void {
  if (unused === 0) {
    randomFillSync(random);
    unused = random.length;
  }
  unused -= RANDOM_BYTES;
  random.copy(bytes, at, unused, unused + RANDOM_BYTES);
}

/**
 * The signature, a letter a byte, over all that follows it in `bytes`, the flow and the session: SHA-3 of the key and
 * then of that, as in KMAC (NIST SP 800-185). Unlike SHA-2's, its digest cannot be continued by who lacks the key. In one
 * call, and without an object of OpenSSL's that the collector has to follow, as HMAC has one: half of what that takes.
 */
function signatureOf(key: Buffer, bytes: Buffer, flow: string, session: string): string {
  const about = `${flow}\n${session}`;
  const start = key.length + 4;
  const end = start + bytes.length - SIGNATURE_BYTES;
  const signed = Buffer.allocUnsafe(end + Buffer.byteLength(about));
  key.copy(signed);
  signed.writeUInt32BE(end - start, key.length);
  bytes.copy(signed, start, SIGNATURE_BYTES);
  signed.write(about, end);
  const digest = hash("sha3-256", signed, "binary");
  // The memory is the pool's, and somebody else's next.
  signed.fill(0, 0, key.length);
  return digest.slice(0, SIGNATURE_BYTES);
}

async function readKey(store: BlobStore): Promise<Buffer> {
  const name = registryPath.turnKey;
  const known = await store.read("registry", name);
  if (known) return keyIn(known.body);
  // Two processes may make one at once: the first one stands.
  await store.create("registry", name, JSON.stringify({ key: randomBytes(32).toString("base64") }));
  const made = await store.read("registry", name);
  if (!made) throw new Error("The key that signs the names of turns is gone.");
  return keyIn(made.body);
}

/** In memory of its own: a buffer that is made of a text shares its with others. */
function keyIn(body: Buffer): Buffer {
  const { key } = JSON.parse(body.toString("utf8")) as { key: string };
  return createSecretKey(key, "base64").export();
}
