import type { PersonId, SessionId } from '../core/brand.ts';
import type { MergeRequest, MergeResult } from '../core/people.wire.ts';
import { compareFields } from '../core/person-merge.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { loadHash } from '../store/account.ts';
import { loadRoles } from '../store/person-group.ts';
import { mergePeople } from '../store/person-merge.ts';
import { type MergeOrder, type MergePlan, planMerge } from '../store/person-merge-plan.ts';
import { readSession } from '../store/session.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { App } from './app.ts';

const orderOf = (from: PersonId, { into, take = [] }: MergeRequest): MergeOrder => ({
  from,
  into,
  take: new Set(take),
});

/** What a merge would do; changes nothing. Refuses as `mergeInto`. */
export async function previewMerge(
  app: App,
  person: PersonId,
  request: MergeRequest,
): Promise<MergeResult | Refusal> {
  const plan = await planMerge(app.store, app.store.engine.read, orderOf(person, request));
  return plan.ok ? present(app, plan, await endsAccount(app, person)) : plan;
}

/**
 * Makes one person of two. Refuses `not-allowed` for oneself, `not-found`, `input-invalid`, `person-inactive`,
 * `person-held`, `last-admin`.
 */
export async function mergeInto(
  app: App,
  me: SignedIn,
  person: PersonId,
  request: MergeRequest,
): Promise<MergeResult | Refusal> {
  if (me.person === person) return refuse('not-allowed');
  const ends = await endsAccount(app, person);
  const plan = await mergePeople(app.store, me.person, orderOf(person, request));
  if (!plan.ok) return plan;
  app.directory.forget(person);
  app.directory.forget(request.into);
  await app.live.recheck(new Set([person, request.into]));
  return present(app, plan, ends);
}

async function endsAccount({ store }: App, person: PersonId): Promise<boolean> {
  if ((await loadHash(store, store.engine.read, person)) !== null) return true;
  return (await loadRoles(store, [person])).size > 0;
}

async function present(app: App, plan: MergePlan, ends: boolean): Promise<MergeResult> {
  const { from, into, identity } = plan;
  const who = ({ person, name, number }: MergePlan['from']) => ({ person, name, number });
  const groups: MergeResult['groups'][number][] = [];
  for (const { group } of plan.groups) {
    groups.push({ id: group, name: await app.directory.groupName(group) });
  }
  return {
    from: who(from),
    into: who(into),
    fields: compareFields(from, into, identity),
    groups,
    records: plan.records.length,
    conflicts: plan.records.flatMap((record) => {
      if (!record.into?.status || !record.from.status) return [];
      const { title, date } = readSession(app.store, record.session);
      return {
        session: record.session.session as SessionId,
        title,
        date,
        from: record.from.status,
        into: record.into.status,
        result: record.result.status,
      };
    }),
    retiresNumber: from.number !== null && from.number !== identity.number,
    endsAccount: ends,
  };
}
