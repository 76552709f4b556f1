import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { PersonId, SessionId } from '../core/brand.ts';
import type { Identity } from '../core/identity.ts';
import { checkEmail, checkNumber } from '../core/person.ts';
import { open, openText, seal } from './seal.ts';

const derive = (key: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, '', `muster/${purpose}`, 32));

/** Where a person's wrapped key is read from when it is not in memory. */
export interface WrappedKey {
  readonly epoch: number;
  readonly wrapped: Uint8Array;
}

/**
 * Opens and seals. master key -> organisation key -> (per purpose) derived keys; person keys are wrapped under an
 * epoch key. Nothing in here touches the database or the disk; an epoch key that another instance has made is asked
 * for where it is first needed.
 */
export class Vault {
  readonly organisation: string;
  readonly #sealing: Uint8Array;
  readonly #indexing: Uint8Array;
  readonly #coding: Uint8Array;
  /** Signs claim tickets. */
  readonly ticketKey: Uint8Array;
  /** Signs browser cookies. */
  readonly browserKey: Uint8Array;
  /** Private key (X25519) of the boxes in which terminals send numbers and passwords: never stored. */
  readonly terminalKey: Uint8Array;
  /** Seed of the Ed25519 key that signs anchors: never stored. */
  readonly anchorKey: Uint8Array;
  /** What the keys of backups are derived from: never stored. */
  readonly backupKey: Uint8Array;
  /** Opens the set-up of an organisation that has no administrator yet: URL-safe text of 256 bits, never stored. */
  readonly setUpToken: string;
  readonly #epochs: Map<number, Uint8Array>;
  readonly #findEpoch: (epoch: number) => Uint8Array;
  readonly #people = new Map<string, Uint8Array>();
  readonly #codes = new Map<string, Uint8Array>();

  /** @param findEpoch where an epoch key comes from that is not among `epochs`; throws where there is none */
  constructor(
    organisation: string,
    organisationKey: Uint8Array,
    epochs: Map<number, Uint8Array>,
    findEpoch: (epoch: number) => Uint8Array,
  ) {
    this.organisation = organisation;
    this.#sealing = derive(organisationKey, 'seal');
    this.#indexing = derive(organisationKey, 'index');
    this.#coding = derive(organisationKey, 'code');
    this.ticketKey = derive(organisationKey, 'ticket');
    this.browserKey = derive(organisationKey, 'browser');
    this.terminalKey = derive(organisationKey, 'terminal');
    this.anchorKey = derive(organisationKey, 'anchor');
    this.backupKey = derive(organisationKey, 'backup');
    this.setUpToken = Buffer.from(derive(organisationKey, 'set-up')).toString('base64url');
    this.#epochs = epochs;
    this.#findEpoch = findEpoch;
  }

  /** Seals what belongs to the organisation rather than to a person, bound to `identity` (table and key). */
  sealOwn(identity: string, value: unknown): Uint8Array {
    return seal(this.#sealing, `${this.organisation}/${identity}`, JSON.stringify(value));
  }

  openOwn<T>(identity: string, sealed: Uint8Array): T {
    return JSON.parse(openText(this.#sealing, `${this.organisation}/${identity}`, sealed)) as T;
  }

  /** A new person's data key, remembered. */
  makePersonKey(person: PersonId): Uint8Array {
    const key = randomBytes(32);
    this.#remember(person, key);
    return key;
  }

  /** A person's key as it lies in the database: under the newest epoch that this instance holds (see `epoch.ts`). */
  wrapPersonKey(person: string, key: Uint8Array): WrappedKey {
    const epoch = this.newestEpoch;
    return {
      epoch,
      wrapped: seal(
        this.#epochKey(epoch),
        `${this.organisation}/person_key/${person}/${epoch}`,
        key,
      ),
    };
  }

  personKey(person: string, stored: WrappedKey): Uint8Array {
    const known = this.#people.get(person);
    if (known) return known;
    const key = open(
      this.#epochKey(stored.epoch),
      `${this.organisation}/person_key/${person}/${stored.epoch}`,
      stored.wrapped,
    );
    this.#remember(person, key);
    return key;
  }

  #remember(person: string, key: Uint8Array): void {
    if (this.#people.size > 200_000) this.#people.clear();
    this.#people.set(person, key);
  }

  /** A key that this process still holds. */
  heldKey(person: string): Uint8Array | undefined {
    return this.#people.get(person);
  }

  forget(person: string): void {
    this.#people.delete(person);
  }

  /** The epoch keys that this instance holds. */
  get epochs(): ReadonlyMap<number, Uint8Array> {
    return this.#epochs;
  }

  get newestEpoch(): number {
    return Math.max(...this.#epochs.keys());
  }

  /**
   * Holds the key of an epoch from now on.
   * @throws KeyError where it is nowhere
   */
  learnEpoch(epoch: number): void {
    this.#epochKey(epoch);
  }

  #epochKey(epoch: number): Uint8Array {
    let key = this.#epochs.get(epoch);
    if (!key) {
      key = this.#findEpoch(epoch);
      this.#epochs.set(epoch, key);
    }
    return key;
  }

  dropEpoch(epoch: number): void {
    this.#epochs.delete(epoch);
  }

  sealPerson(person: string, key: Uint8Array, value: Identity): Uint8Array {
    return seal(key, `${this.organisation}/person/${person}`, JSON.stringify(value));
  }

  openPerson(person: string, key: Uint8Array, sealed: Uint8Array): Identity {
    return JSON.parse(openText(key, `${this.organisation}/person/${person}`, sealed)) as Identity;
  }

  /** Salt and data of an event, under its subject's key, or the organisation's where it has none. */
  sealPayload(eventId: string, key: Uint8Array | null, salt: string, data: string): Uint8Array {
    return seal(key ?? this.#sealing, `${this.organisation}/event/${eventId}`, `${salt}\n${data}`);
  }

  openPayload(
    eventId: string,
    key: Uint8Array | null,
    payload: Uint8Array,
  ): { salt: string; data: string } {
    const text = openText(key ?? this.#sealing, `${this.organisation}/event/${eventId}`, payload);
    const end = text.indexOf('\n');
    return { salt: text.slice(0, end), data: text.slice(end + 1) };
  }

  #index(text: string): string {
    return createHmac('sha256', this.#indexing).update(text).digest('base64url').slice(0, 24);
  }

  /** Blind index of a number that is unique in the organisation. The number must have passed `checkNumber`. */
  numberIndex(number: string): string {
    return this.#index(`number:${number}`);
  }

  /** Blind index of a guest's number, which is unique in its session only. */
  guestIndex(session: SessionId, number: string): string {
    return this.#index(`guest:${session}:${number}`);
  }

  /** Names a session by what was imported into it, so that importing the same again finds it. */
  importIndex(text: string): string {
    return this.#index(`import:${text}`);
  }

  emailIndex(email: string): string {
    return this.#index(`email:${email}`);
  }

  /** Tells two bodies of one ticket apart; without the key nobody can try numbers against it. */
  attemptIndex(ticket: string, number: string, name: string | null): string {
    return this.#index(`attempt:${ticket}\n${number}\n${name ?? ''}`);
  }

  /** What is kept of a recovery code: without the key nobody can try codes against it. */
  recoveryIndex(person: string, code: string): string {
    return this.#index(`recovery:${person}:${code}`);
  }

  /** What is hashed of a PIN: without the key nobody can try all PINs against its hash. */
  pinSecret(person: string, pin: string): string {
    return this.#index(`pin:${person}\n${pin}`);
  }

  /** Blind index of what a throttle counts: an account, an address, a browser. */
  throttleIndex(subject: string): string {
    return this.#index(`throttle:${subject}`);
  }

  /** The index under which a login name would be found: an e-mail address or a number. */
  loginIndex(login: string): { email?: string; number?: string } {
    const email = checkEmail(login);
    if (email.ok) return { email: this.emailIndex(email.email) };
    const number = checkNumber(login);
    return number.ok ? { number: this.numberIndex(number.number) } : {};
  }

  /** The secret of a session's codes in one epoch: derived, never stored, the same on every instance. */
  codeSecret(session: string, epoch: number): Uint8Array {
    const name = `${session}/${epoch}`;
    const known = this.#codes.get(name);
    if (known) return known;
    if (this.#codes.size > 10_000) this.#codes.clear();
    const secret = createHmac('sha256', this.#coding).update(name).digest();
    this.#codes.set(name, secret);
    return secret;
  }
}
