import type { GroupId, PersonId } from '../core/brand.ts';
import type { GroupLine, GroupSettings, GroupView } from '../core/group.wire.ts';
import { localDate } from '../core/local-time.ts';
import { reachOf } from '../core/permission.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { defaultSettings } from '../core/session.ts';
import { insertGroup, listGroups, listHosts, loadGroup, setHosts } from '../store/group.ts';
import { listGroupSummaries } from '../store/group-summary.ts';
import { listSupervisors, replaceSupervisors } from '../store/group-supervisor.ts';
import { listGuarded } from '../store/guarded-enrolment.ts';
import { haveRole } from '../store/host.ts';
import { commit } from '../store/ledger.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { App } from './app.ts';
import { listReachedGroups } from './gate.ts';
import { loadGroupSheet } from './group-register.ts';

/** The groups that this person may see. Newest use first, put away ones last. */
export async function presentGroups(app: App, me: SignedIn): Promise<GroupLine[]> {
  const { store, directory, settings } = app;
  const today = localDate(store.clock.now(), settings.current.zone);
  const [groups, hosts, summaryOf] = await Promise.all([
    listReachedGroups(store, 'group.read', me).then((own) => listGroups(store, own)),
    listHosts(store),
    listGroupSummaries(store, today),
  ]);
  const names = await directory.get(groups.flatMap(({ id }) => hosts.get(id) ?? []));
  const lines = groups.map(({ id, name, archived }) => ({
    id,
    name,
    archived,
    hosts: (hosts.get(id) ?? []).flatMap((host) => names.get(host)?.name ?? []),
    ...summaryOf(id),
  }));
  const { compare } = new Intl.Collator(settings.current.language, { numeric: true });
  return lines.sort(
    (left, right) =>
      Number(left.archived) - Number(right.archived) || compare(left.name, right.name),
  );
}

/** Makes a group; who makes it becomes its host. */
export async function createGroup(
  app: App,
  actor: PersonId,
  { name, settings }: { name: string; settings?: GroupSettings | undefined },
): Promise<{ id: GroupId }> {
  const id = await insertGroup(app.store, actor, { name, settings: settings ?? defaultSettings });
  await app.live.recheck();
  return { id };
}

export async function presentGroup(
  app: App,
  me: SignedIn,
  group: GroupId,
): Promise<GroupView | Refusal> {
  const [row, hosts, supervisors, sheet, untold] = await Promise.all([
    loadGroup(app.store, group),
    listHosts(app.store, group),
    listSupervisors(app.store, group),
    loadGroupSheet(app, group),
    listUntold(app, me, group),
  ]);
  if (!row) return refuse('not-found');
  const ids = hosts.get(group) ?? [];
  const names = await app.directory.get([...ids, ...supervisors]);
  const present = (person: PersonId) => ({ id: person, name: names.get(person)?.name ?? '' });
  const { id, name, archived, settings } = row;
  return {
    id,
    name,
    archived,
    settings,
    hosts: ids.map(present),
    supervisors: supervisors.map(present),
    roster: sheet.members.map(({ known, enrolment: { from, until }, rate }) => ({
      person: known.id,
      number: known.number ?? '',
      name: known.name,
      email: untold.has(known.id) ? null : known.email,
      from,
      until,
      rate,
    })),
  };
}

/** Sets who hosts a group: people with an account. Refuses `last-host` and `not-found`; checks open boards again. */
export async function changeHosts(
  app: App,
  actor: PersonId,
  group: GroupId,
  hosts: readonly PersonId[],
): Promise<{ ok: true } | Refusal> {
  if (hosts.length === 0) return refuse('last-host');
  if (!(await haveRole(app.store, hosts, ['host', 'admin']))) return refuse('not-found');
  await setHosts(app.store, actor, group, hosts);
  await app.live.recheck();
  return { ok: true };
}

/** Sets who supervises a group. Refuses `not-found` for whoever is no supervisor; checks open boards again. */
export async function changeSupervisors(
  app: App,
  actor: PersonId,
  group: GroupId,
  supervisors: readonly PersonId[],
): Promise<{ ok: true } | Refusal> {
  if (!(await haveRole(app.store, supervisors, ['supervisor']))) return refuse('not-found');
  await commit(app.store, (writing) =>
    replaceSupervisors(app.store, writing, actor, group, () => supervisors),
  );
  await app.live.recheck();
  return { ok: true };
}

/** People of a group whose address is not this person's to see: enrolled by a number, by a host who did not know them. */
export async function listUntold(
  { store }: App,
  me: SignedIn,
  group: GroupId,
): Promise<ReadonlySet<string>> {
  if (reachOf('group.read', me.roles) === 'all') return new Set();
  return listGuarded(store, store.engine.read, group);
}
