import type { AuditLine } from '../core/audit.wire.ts';
import type { PersonId } from '../core/brand.ts';
import { noData } from '../core/ledger.ts';
import { loadEvents, openPayloads } from '../store/audit.ts';
import { traceDestroyed } from '../store/retention-trace.ts';
import type { EventTable } from '../store/schema.ts';
import { organisationStream } from '../store/store.ts';
import { listTerminals } from '../store/terminal.ts';
import type { App } from './app.ts';
import { operator } from './gate.ts';

type Reader = Pick<App, 'store' | 'directory'>;

/** Where something was done. */
interface Origin {
  readonly address: string | null;
  readonly device: string | null;
}

const terminalName = /^terminal-([\da-f-]{36})$/;

/** Events as they are shown: names, where each came from, and what lay sealed. */
export async function presentLines(app: Reader, rows: readonly EventTable[]): Promise<AuditLine[]> {
  const people = await app.directory.get(
    rows.flatMap(({ actor, subject }) => [actor, subject ?? '']),
  );
  const facts = rows.map((row) => readFacts(row.facts));
  const [opened, signIns, terminals, destroyed] = await Promise.all([
    openPayloads(app.store, rows),
    loadSignIns(app, facts),
    nameTerminals(app, rows),
    traceDestroyed(app.store, rows),
  ]);
  const person = (id: string) => ({ id, name: people.get(id as PersonId)?.name || null });
  return rows.map((row, index) => {
    const sealed = opened[index];
    const { signIn, ...told } = facts[index] ?? {};
    const own = takeOrigin(sealed ?? {});
    const from = own.origin ?? signIns.get(Number(signIn)) ?? null;
    const terminal = terminalOf(told, own.rest);
    return {
      id: row.id,
      stream: row.stream,
      seq: row.seq,
      type: row.type,
      at: row.received_at,
      actor: person(row.actor),
      subject: row.subject === null ? null : person(row.subject),
      address: from?.address ?? null,
      device: from?.device ?? null,
      place: placeOf(row.actor, terminal),
      terminal: terminal === null ? null : (terminals.get(terminal) ?? null),
      facts: told,
      data: Object.keys(own.rest).length > 0 ? own.rest : null,
      closed: sealed === undefined || (row.payload === null && row.digest !== noData),
      destroyed: destroyed[index] ?? null,
    };
  });
}

function placeOf(actor: string, terminal: string | null): AuditLine['place'] {
  if (actor === operator || terminal === 'here') return 'server';
  return actor === 'terminal' || terminal !== null ? 'terminal' : null;
}

/** The terminal at which somebody checked in, or that was paired; `here` is the machine of the server. */
function terminalOf(
  facts: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>>,
): string | null {
  if (typeof facts.terminal === 'string') return facts.terminal;
  if (data.browser === 'terminal-here') return 'here';
  return typeof data.browser === 'string' ? (terminalName.exec(data.browser)?.[1] ?? null) : null;
}

/** Takes address and device out of what lay sealed. The address of a person's home comes with neither of the others. */
function takeOrigin(sealed: Readonly<Record<string, unknown>>): {
  readonly origin: Origin | null;
  readonly rest: Record<string, unknown>;
} {
  const { address, device, ...rest } = sealed;
  if (typeof address === 'string' && (typeof device === 'string' || 'browser' in rest)) {
    return { origin: { address, device: typeof device === 'string' ? device : null }, rest };
  }
  const { from, ...others } = sealed;
  if (typeof from !== 'object' || from === null) return { origin: null, rest: { ...sealed } };
  const given = from as Partial<Origin>;
  return {
    origin: { address: given.address ?? null, device: given.device ?? null },
    rest: others,
  };
}

/** Address and device of the sign-ins that events name. */
async function loadSignIns(
  { store }: Reader,
  facts: readonly Readonly<Record<string, unknown>>[],
): Promise<Map<number, Origin>> {
  const seqs = new Set(facts.flatMap(({ signIn }) => (typeof signIn === 'number' ? [signIn] : [])));
  const rows = await loadEvents(store, organisationStream, [...seqs]);
  const opened = await openPayloads(store, rows);
  return new Map(
    rows.flatMap(({ seq }, index) => {
      const { origin } = takeOrigin(opened[index] ?? {});
      return origin ? [[seq, origin] as const] : [];
    }),
  );
}

async function nameTerminals(
  { store }: Reader,
  rows: readonly EventTable[],
): Promise<Map<string, string>> {
  if (!rows.some(({ actor, type }) => actor === 'terminal' || type.startsWith('terminal.'))) {
    return new Map();
  }
  return new Map((await listTerminals(store)).map(({ terminal, name }) => [terminal, name]));
}

function readFacts(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // the row was changed by another hand: what is there is shown
    return { facts: text };
  }
}
