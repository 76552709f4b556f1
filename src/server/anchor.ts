import { z } from 'zod';
import { writeFingerprint } from '../core/anchor.ts';
import {
  type AnchorLine,
  type AnchorList,
  type AnchorSettings,
  anchorSettings,
} from '../core/anchor.wire.ts';
import { lastOccasion } from '../core/backup-schedule.ts';
import { localTime } from '../core/local-time.ts';
import { checkEmail } from '../core/person.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { anchorKeyOf, makeAnchor } from '../store/anchor.ts';
import {
  insertAnchor,
  type KeptAnchor,
  listAnchors,
  loadAnchorText,
  openKept,
} from '../store/kept-anchor.ts';
import { commit, type Writing } from '../store/ledger.ts';
import { type MailDraft, queueMail } from '../store/mail.ts';
import { loadSetting, saveSetting } from '../store/setting.ts';
import { organisationStream, type Store } from '../store/store.ts';
import type { App } from './app.ts';
import { Answer } from './route.ts';

const settingName = 'anchor';
const sealIdentity = `setting/${settingName}`;
const shown = 400;

/** As it is kept: the addresses under the organisation's key. */
const stored = anchorSettings.omit({ to: true }).extend({ sealed: z.string().nullable() });
const fallback = { time: '04:00', sealed: null };

async function loadAnchorSettings(store: Store, db?: Writing['tx']): Promise<AnchorSettings> {
  const { time, sealed } = await loadSetting(store, settingName, stored, fallback, db);
  const to =
    sealed === null
      ? []
      : store.vault.openOwn<string[]>(sealIdentity, Buffer.from(sealed, 'base64'));
  return { time, to };
}

export async function presentAnchors({ store }: App): Promise<AnchorList> {
  const [settings, anchors] = await Promise.all([
    loadAnchorSettings(store),
    listAnchors(store, shown),
  ]);
  return { settings, key: anchorKeyOf(store), anchors };
}

/** The signed text, to be kept elsewhere. Refuses `not-found`. */
export async function takeAnchor({ store }: App, digest: string): Promise<Answer | Refusal> {
  const text = await loadAnchorText(store, digest);
  if (text === null) return refuse('not-found');
  const name = `anchor-${digest.slice(0, 8)}.txt`;
  return new Answer(text, {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
    },
  });
}

/** Says when an anchor is made each day, and to whom its fingerprint is mailed. Refuses `email-malformed`. */
export async function changeAnchorSettings(
  { store }: App,
  actor: string,
  request: AnchorSettings,
): Promise<AnchorSettings | Refusal> {
  const to: string[] = [];
  for (const address of request.to) {
    const email = checkEmail(address);
    if (!email.ok) return email;
    if (!to.includes(email.email)) to.push(email.email);
  }
  const after = { time: request.time, to };
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const before = await loadAnchorSettings(store, writing.tx);
    if (before.time === after.time && before.to.join() === to.join()) return after;
    const sealed =
      to.length === 0
        ? null
        : Buffer.from(store.vault.sealOwn(sealIdentity, to)).toString('base64');
    await saveSetting(store, writing, settingName, { time: after.time, sealed });
    await writing.append([
      {
        stream: organisationStream,
        type: 'anchors.changed',
        occurredAt: writing.now,
        actor,
        subject: null,
        facts: { before: { time: before.time }, after: { time: after.time } },
        data: { before: { to: before.to }, after: { to } },
      },
    ]);
    return after;
  });
}

/** Makes one now, keeps it, and mails its fingerprint. */
export async function anchorNow(app: App, actor: string): Promise<AnchorLine> {
  const { store, settings } = app;
  const [previous = null] = await listAnchors(store, 1);
  // a link of the chain that is lost is not built upon
  const link = previous && (await openKept(store, previous.digest)) ? previous : null;
  const { to } = await loadAnchorSettings(store);
  const made = await makeAnchor(store, actor, {
    previous: link,
    along: async (writing, made) => {
      await insertAnchor(store, writing, made);
      const { date, time } = localTime(writing.now, settings.current.zone);
      const groups = writeFingerprint(made.digest).split(' ');
      const data = {
        made: `${date} ${time}`,
        first: groups.slice(0, 8).join(' '),
        second: groups.slice(8).join(' '),
        key: made.anchor.key,
        streams: String(made.anchor.heads.length),
      };
      const mails = to.map((address): MailDraft => ({ to: address, template: 'anchor', data }));
      await queueMail(store, writing, mails);
    },
  });
  const { digest, anchor } = made;
  return { madeAt: Date.parse(anchor.madeAt), digest, streams: anchor.heads.length };
}

/** Makes the anchor of a day once its time has come, where something was done since the last one. */
export async function anchorDaily(app: App): Promise<void> {
  const { store, settings } = app;
  const { time } = await loadAnchorSettings(store);
  if (time === null) return;
  const due = lastOccasion(time, settings.current.zone, store.clock.now());
  const [previous = null] = await listAnchors(store, 1);
  if (previous && previous.madeAt >= due) return;
  if (await hasGrown(store, previous, due)) await anchorNow(app, 'job');
}

/** Whether something but anchors was received since the last one, before the time had come. */
async function hasGrown(
  { engine, organisation }: Store,
  previous: KeptAnchor | null,
  due: number,
): Promise<boolean> {
  const grown = await engine.read
    .selectFrom('stretch')
    .select(['stream', 'first_seq', 'last_seq'])
    .where('organisation', '=', organisation)
    .where('until_at', '>', previous?.madeAt ?? 0)
    .where('from_at', '<', due)
    .limit(2)
    .execute();
  const [only] = grown;
  if (grown.length !== 1 || only?.stream !== organisationStream) return grown.length > 0;
  const row = await engine.read
    .selectFrom('event')
    .select('seq')
    .where('organisation', '=', organisation)
    .where('stream', '=', organisationStream)
    .where('seq', '>=', only.first_seq)
    .where('seq', '<=', only.last_seq)
    .where('received_at', '>', previous?.madeAt ?? 0)
    .where('type', '!=', 'anchor.made')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
