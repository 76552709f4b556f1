import { setTimeout } from 'node:timers/promises';
import type { PersonId } from '../core/brand.ts';
import { localDate } from '../core/local-time.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { cutoffsOf, listStricter, type RetentionRules } from '../core/retention.ts';
import type {
  RetentionDue,
  RetentionRun,
  RetentionView,
  RunAnswer,
} from '../core/retention.wire.ts';
import { loadHeld } from '../store/held.ts';
import { runRetention } from '../store/retention.ts';
import { loadLookedAt } from '../store/retention-looked.ts';
import { type KindDue, previewDue } from '../store/retention-preview.ts';
import { loadRules, saveRules } from '../store/retention-rule.ts';
import { listRuns, type StoredRun } from '../store/retention-run.ts';
import type { RunDone } from '../store/retention-runner.ts';
import type { App } from './app.ts';
import type { Tenure } from './lease.ts';
import { Pace } from './pace.ts';

/** What is needed to look: the command has no whole app. */
type Place = Pick<App, 'store' | 'settings' | 'directory'>;

/**
 * What the next run would destroy: by the rules that stand, or by others that nobody has saved yet.
 * @param named whether the examples have names
 */
export async function presentRetention(
  app: Place,
  { named, proposed }: { readonly named: boolean; readonly proposed?: RetentionRules },
): Promise<RetentionView> {
  const { store, settings } = app;
  const { zone } = settings.current;
  const now = store.clock.now();
  const standing = await loadRules(store);
  const rules = proposed ?? standing;
  const cutoffs = cutoffsOf(rules, now, zone);
  const due = await previewDue(store, cutoffs);
  const runs = await listRuns(store);
  const last = runs.at(-1);
  const held = await loadHeld(store, store.engine.read);
  return {
    rules,
    due: await nameExamples(app, named, due, cutoffs),
    stricter: listStricter(standing, rules, now, zone),
    lastRun: last ? await presentRun(app, last) : null,
    lookedAt: await loadLookedAt(store),
    held: held.size,
  };
}

async function nameExamples(
  { directory }: Place,
  named: boolean,
  due: readonly KindDue[],
  cutoffs: ReturnType<typeof cutoffsOf>,
): Promise<RetentionDue[]> {
  const ids = due.flatMap(({ examples }) => examples.flatMap(({ person }) => person ?? []));
  const people: ReadonlyMap<PersonId, { name: string }> = named
    ? await directory.get(ids)
    : new Map();
  return due.map((one) => ({
    ...one,
    cutoff: cutoffs[one.kind] ?? null,
    examples: one.examples.map(({ at, person }) => ({
      at,
      person:
        person === null ? null : { id: person, name: people.get(person as PersonId)?.name || null },
    })),
  }));
}

async function presentRun(
  { directory }: Place,
  { at, endedAt, actor, counts }: StoredRun,
): Promise<RetentionRun> {
  const known = (await directory.get([actor])).get(actor as PersonId);
  return { at, endedAt, by: known?.name || actor, counts };
}

/** Replaces the rules. Refuses `retention-unconfirmed` where more would go and nobody has confirmed that. */
export async function changeRetention(
  { store, settings }: App,
  actor: string,
  { rules, confirmed }: { readonly rules: RetentionRules; readonly confirmed: boolean },
): Promise<{ ok: true } | Refusal> {
  const stricter = listStricter(
    await loadRules(store),
    rules,
    store.clock.now(),
    settings.current.zone,
  );
  if (stricter.length > 0 && !confirmed) {
    return refuse('retention-unconfirmed', { kinds: stricter.join(', ') });
  }
  await saveRules(store, actor, rules);
  return { ok: true };
}

/** Destroys at once what is too old. Refuses `retention-running`. */
async function runNow(
  app: App,
  actor: string,
  mayGoOn: () => boolean = () => true,
): Promise<Pick<RunDone, 'ok' | 'counts' | 'ended'> | Refusal> {
  const { store, settings, directory, live } = app;
  const pace = new Pace();
  const done = await runRetention(store, {
    actor,
    zone: settings.current.zone,
    mayGoOn,
    pause: () => pace.breathe(),
  });
  if (!done.ok) return done;
  const { counts, ended, erased } = done;
  for (const id of erased) directory.forget(id);
  if (erased.length > 0) await live.recheck();
  return { ok: true, counts, ended };
}

/**
 * The same for somebody who waits for the answer, but not for long: a run that takes its time goes on by itself, and
 * what it has come to stands in `GET /api/retention`. It breaks off where this server ends.
 */
export async function askForRun(
  app: App,
  actor: string,
  patienceMs = 10_000,
): Promise<RunAnswer | Refusal> {
  const run = runNow(app, actor, () => app.health.phase === 'serving');
  // whoever waits hears of it; else the next run goes on
  run.catch((error: unknown) => app.databaseAway.log(error, 'retention run failed'));
  const patience = new AbortController();
  const { signal } = patience;
  const late = setTimeout(patienceMs, null, { ref: false, signal }).catch(() => null);
  const done = await Promise.race([run, late]).finally(() => patience.abort());
  if (done === null) return { ok: true, counts: {}, ended: false, goesOn: true };
  return done.ok ? { ...done, goesOn: false } : done;
}

/** Once on each local day, while the lease is held. */
export async function runDaily(app: App, tenure: Tenure): Promise<void> {
  const { store, settings } = app;
  const { zone } = settings.current;
  const lookedAt = await loadLookedAt(store);
  const today = localDate(store.clock.now(), zone);
  if (lookedAt !== null && localDate(lookedAt, zone) >= today) return;
  await runNow(app, 'job', () => tenure.holds() && !tenure.signal.aborted);
}
