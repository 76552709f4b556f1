import type { SessionId, StreamName } from '../core/brand.ts';
import { listEventsOf } from '../store/event.ts';
import { listGroupStreams, loadHeads } from '../store/head.ts';
import { groupOf, organisationStream, peopleStream, sessionOf } from '../store/store.ts';
import type { App } from './app.ts';
import type { Bus, Grown } from './bus.ts';

/** How often the database is looked at where no message can be relied on: what another instance did shows by then. */
const pollMs = 500;
/** The same beside a bus that works. */
const calmPollMs = 2_000;
/** A bus that comes back within this time is not worth a word. */
const patienceMs = 5_000;
/** Of more names than these it is cheaper, and enough, to look at everything that matters here. */
const maxNamed = 1_000;

/** What of the ledger is held in memory, or ends what is under way. Of all other events only boards and files speak. */
const settingsTypes = ['organisation.changed', 'organisation.set-up'];
const personTypes = [
  'person.changed',
  'person.merged',
  'person.deactivated',
  'person.reactivated',
  'person.erased',
];
const permitTypes = [
  'sign-in.ended',
  'password.changed',
  'hosts.changed',
  'supervisors.changed',
  'role.changed',
  'person.merged',
  'person.deactivated',
  'person.erased',
];
const types = [...new Set([...settingsTypes, ...personTypes, ...permitTypes])];

type FollowApp = Pick<
  App,
  'store' | 'settings' | 'directory' | 'live' | 'warnings' | 'databaseAway' | 'setUpLink'
>;

export interface FollowPorts {
  readonly bus: Bus;
  /** Wakes what reads the ledger here: boards, day files. */
  readonly wake: (streams: readonly StreamName[]) => void;
  /** Streams that are followed though nobody watches them here. */
  readonly besides: () => Promise<Iterable<StreamName>>;
}

/**
 * Follows what other instances commit: refreshes what is held in memory, then wakes the readers. Woken by the bus; in
 * any case it compares the heads of the streams that matter here with the database, so that a message that was lost
 * costs time and nothing else. Each stream has a cursor of its own: sequences are given under the stream's lock, so
 * below a head nothing comes late, whatever other transactions are still open.
 */
export class Follower implements AsyncDisposable {
  readonly #app: FollowApp;
  readonly #ports: FollowPorts;
  /** How far each stream has been followed. */
  #seen = new Map<StreamName, number>();
  #named = new Set<StreamName>();
  #everything = false;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #warned = false;
  #stopped = false;

  constructor(app: FollowApp, ports: FollowPorts) {
    this.#app = app;
    this.#ports = ports;
    ports.bus.subscribe((grown) => void this.hear(grown));
    app.live.onJoin = () => void this.hear(null);
  }

  /** Catches up with what happened since anything was loaded, then goes on by itself. */
  async start(): Promise<void> {
    await this.hear(null);
  }

  /** Something grew; resolves when it has been looked at, or could not be. */
  hear(grown: Grown): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    if (grown === null) this.#everything = true;
    else for (const stream of grown) this.#named.add(stream);
    if (this.#named.size > maxNamed) {
      this.#everything = true;
      this.#named.clear();
    }
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      this.#plan();
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped && (this.#everything || this.#named.size > 0)) {
      const [everything, named] = [this.#everything, this.#named];
      this.#everything = false;
      this.#named = new Set();
      try {
        await this.#look(everything, named);
      } catch (error) {
        // the next poll looks at everything, and at these
        for (const stream of named) this.#named.add(stream);
        this.#app.databaseAway.log(error, 'other instances not followed');
        return;
      }
    }
  }

  #plan(): void {
    // messages, however many, do not put it off
    if (this.#stopped || this.#timer) return;
    const { kind, downSince } = this.#ports.bus;
    const wait = kind === 'none' || downSince !== null ? pollMs : calmPollMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#judgeBus();
      void this.hear(null);
    }, wait).unref();
  }

  #judgeBus(): void {
    const { kind, downSince } = this.#ports.bus;
    const { warnings } = this.#app;
    if (downSince === null) {
      if (this.#warned) warnings.clear('bus-down');
      this.#warned = false;
    } else if (!this.#warned && performance.now() - downSince > patienceMs) {
      warnings.raise('bus-down', { bus: kind });
      this.#warned = true;
    }
  }

  async #look(everything: boolean, named: ReadonlySet<StreamName>): Promise<void> {
    const { store, live } = this.#app;
    const boards = live.watched();
    const asked = new Set([...named].filter((stream) => sessionOf(stream) === null));
    const watched = everything ? await this.#listWatched(boards) : new Set<StreamName>();
    for (const stream of watched) asked.add(stream);
    const grown = new Set([...named].filter((stream) => sessionOf(stream) !== null));
    const heads = await loadHeads(store, [...asked]);
    const seen = everything ? new Map<StreamName, number>() : this.#seen;
    for (const stream of asked) {
      const head = heads.get(stream) ?? 0;
      // somebody made the name up
      if (head === 0 && !watched.has(stream)) continue;
      const before = this.#seen.get(stream);
      const shown = boards.get(stream) ?? Number.POSITIVE_INFINITY;
      if (head > Math.min(before ?? -1, shown)) {
        if (sessionOf(stream) === null) await this.#refresh(stream, before, head);
        // a group that is seen for the first time was read just now
        if (groupOf(stream) === null || before !== undefined || named.has(stream))
          grown.add(stream);
      }
      seen.set(stream, head);
    }
    this.#seen = seen;
    if (grown.size > 0) this.#ports.wake([...grown]);
  }

  async #listWatched(boards: ReadonlyMap<StreamName, number>): Promise<Set<StreamName>> {
    const { store } = this.#app;
    const streams = new Set([organisationStream, peopleStream, ...boards.keys()]);
    const sessions = [...boards.keys()].map((stream) => sessionOf(stream) as SessionId);
    for (const stream of await listGroupStreams(store, sessions)) streams.add(stream);
    for (const stream of await this.#ports.besides()) streams.add(stream);
    return streams;
  }

  /** Brings what is held in memory up to date with a stream; where nothing is known of it yet, all that it concerns. */
  async #refresh(stream: StreamName, after: number | undefined, head: number): Promise<void> {
    const { store, settings, directory, live, setUpLink } = this.#app;
    const group = groupOf(stream);
    if (group !== null) directory.forgetGroup(group);
    const events =
      after === undefined ? [] : await listEventsOf(store, stream, { after, head, types });
    const has = (list: readonly string[]) => events.some(({ type }) => list.includes(type));
    const subjects = events.flatMap(({ subject, alias }) => [subject ?? [], alias ?? []].flat());
    if (stream === peopleStream) for (const person of subjects) directory.forget(person);
    const isFirst = after === undefined && group === null;
    if (isFirst && stream === peopleStream) directory.forgetAll();
    if (stream === organisationStream && (isFirst || has(settingsTypes))) await settings.reload();
    if (has(['organisation.set-up'])) setUpLink.spend();
    // boards do not wait for it
    if (isFirst || (group !== null && has(permitTypes))) void live.recheck();
    else if (has(permitTypes)) void live.recheck(new Set(subjects));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }
}
