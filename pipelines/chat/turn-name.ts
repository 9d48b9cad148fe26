import {
  createHmac,
  createSecretKey,
  randomBytes,
  randomFillSync,
  timingSafeEqual,
  type KeyObject,
} from "node:crypto";
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

/**
 * The key is made once and kept where the release pointer is: whoever can read or replace it there decides what serves
 * anyway. A process reads it once.
 */
export function createTurnNames({ store }: { store: BlobStore }): TurnNames {
  let reading: Promise<KeyObject> | undefined;
  let known: KeyObject | undefined;
  let askAgainAt = -Infinity;
  const key = (): Promise<KeyObject> => {
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
  const keyInTime = async (): Promise<KeyObject | undefined> => {
    if (performance.now() < askAgainAt) return undefined;
    const read = await atMost(key(), KEY_MS).catch(() => false);
    if (!read) askAgainAt = performance.now() + KEYLESS_MS;
    return known;
  };
  return {
    async name(turn, session, at) {
      const { version, share } = turn;
      const told = share ? `${version}|${share.arm}|${share.rollout}|${share.step}|${share.weight}` : version;
      const bytes = Buffer.alloc(SIGNATURE_BYTES + ID_BYTES + Buffer.byteLength(told));
      const payload = bytes.subarray(SIGNATURE_BYTES);
      payload.writeUInt32BE(Math.floor(at.getTime() / 1000));
      fillRandom(payload.subarray(SECONDS_BYTES, ID_BYTES));
      payload.write(told, ID_BYTES);
      const secret = known ?? (await keyInTime());
      if (secret) sign(secret, payload, turn.flow, session).copy(bytes);
      return bytes.toString("base64url");
    },
    async read(name, flow, session) {
      const bytes = Buffer.from(name, "base64url");
      if (bytes.length <= SIGNATURE_BYTES + ID_BYTES) return undefined;
      const payload = bytes.subarray(SIGNATURE_BYTES);
      const expected = sign(await key(), payload, flow, session);
      if (!timingSafeEqual(expected, bytes.subarray(0, SIGNATURE_BYTES))) return undefined;
      const id = payload.subarray(0, ID_BYTES);
      const [version = "", arm, rollout, step, weight] = payload.subarray(ID_BYTES).toString().split("|");
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

const random = Buffer.alloc(340 * (ID_BYTES - SECONDS_BYTES));
let unused = 0;

/** Drawn many at once: each draw costs as much as all else about a name. */
function fillRandom(part: Buffer): void {
  if (unused === 0) {
    randomFillSync(random);
    unused = random.length;
  }
  unused -= part.length;
  random.copy(part, 0, unused);
}

function sign(key: KeyObject, payload: Buffer, flow: string, session: string): Buffer {
  const about = `${flow}\n${session}`;
  // In one piece: each update crosses into OpenSSL.
  const signed = Buffer.allocUnsafe(4 + payload.length + Buffer.byteLength(about));
  signed.writeUInt32BE(payload.length);
  payload.copy(signed, 4);
  signed.write(about, 4 + payload.length);
  return createHmac("sha256", key).update(signed).digest().subarray(0, SIGNATURE_BYTES);
}

async function readKey(store: BlobStore): Promise<KeyObject> {
  const name = registryPath.turnKey;
  const known = await store.read("registry", name);
  if (known) return keyIn(known.body);
  // Two processes may make one at once: the first one stands.
  await store.create("registry", name, JSON.stringify({ key: randomBytes(32).toString("base64") }));
  const made = await store.read("registry", name);
  if (!made) throw new Error("The key that signs the names of turns is gone.");
  return keyIn(made.body);
}

/** Read as a key once: making one of bytes costs more than a signature. */
function keyIn(body: Buffer): KeyObject {
  const { key } = JSON.parse(body.toString("utf8")) as { key: string };
  return createSecretKey(key, "base64");
}
