import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
const base64url = (data: Uint8Array): string => Buffer.from(data).toString('base64url');

/** CBOR (RFC 8949) of what WebAuthn needs: small integers, byte strings, texts, maps. */
function cbor(value: number | string | Uint8Array | Map<unknown, unknown>): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') {
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  }
  if (value instanceof Map) {
    const pairs = [...value].flatMap(([key, held]) => [cbor(key as never), cbor(held as never)]);
    return Buffer.concat([head(5, value.size), ...pairs]);
  }
  return Buffer.concat([head(2, value.length), value]);
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
}

interface Options {
  challenge: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server asked for
  [name: string]: any;
}

/** An authenticator in software with one passkey (ES256), which does what it is told, lies included. */
export class Authenticator {
  readonly #keys: { publicKey: KeyObject; privateKey: KeyObject };
  readonly #site: string;
  readonly id = randomBytes(32);
  counter = 0;
  userHandle = '';
  userVerified = true;

  constructor(site = 'localhost') {
    this.#keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#site = site;
  }

  /** Makes the passkey. */
  create(options: Options, origin: string): Record<string, unknown> {
    this.userHandle = options.user.id;
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const key = new Map<unknown, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
    const length = Buffer.from([0, this.id.length]);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, cbor(key)]);
    const authData = Buffer.concat([this.#data(0x40), attested]);
    const attestation = new Map<unknown, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return this.#credential({
      clientDataJSON: base64url(client('webauthn.create', options.challenge, origin)),
      attestationObject: base64url(cbor(attestation)),
      transports: ['internal'],
    });
  }

  /** Answers a challenge. */
  get(options: Options, origin: string): Record<string, unknown> {
    const data = this.#data(0);
    const clientData = client('webauthn.get', options.challenge, origin);
    const signature = sign(
      'sha256',
      Buffer.concat([data, sha256(clientData)]),
      this.#keys.privateKey,
    );
    return this.#credential({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(data),
      signature: base64url(signature),
      userHandle: this.userHandle,
    });
  }

  #data(more: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const flags = 0x01 | (this.userVerified ? 0x04 : 0) | more;
    return Buffer.concat([sha256(Buffer.from(this.#site)), Buffer.from([flags]), counter]);
  }

  #credential(response: Record<string, unknown>): Record<string, unknown> {
    const id = base64url(this.id);
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
  }
}

const client = (type: string, challenge: string, origin: string): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
