import type { PersonId } from '../core/brand.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { beginFailure } from '../store/failure.ts';
import { type SubjectData, takeSubjectData } from '../store/subject-access.ts';
import type { App } from './app.ts';
import { Answer } from './route.ts';
import { presentSubjectPage, type SubjectFile } from './subject-page.ts';

/** How often somebody may take out their own data in an hour: each time all their streams are read. */
const perPerson = 6;
const hourMs = 3_600_000;

/** Everything about a person as a file: JSON, or HTML to read and print. Refuses `not-found`. */
export async function exportSubjectData(
  app: App,
  actor: string,
  person: PersonId,
  format: string | undefined,
): Promise<Answer | Refusal> {
  const taken = await takeSubjectData(app.store, actor, person);
  return taken.ok ? presentFile(app, taken.data, format) : taken;
}

/**
 * The same for the person themselves, but for legal holds: whoever is held need not hear of it from here. Refuses
 * `throttled`.
 */
export async function exportOwnData(
  app: App,
  person: PersonId,
  format: string | undefined,
): Promise<Answer | Refusal> {
  const { store } = app;
  const subject = `own-data/${person}`;
  const counted = await beginFailure(store, { held: [subject], read: [] }, (seen) =>
    seen(subject).count >= perPerson
      ? refuse('throttled', { retryAfter: hourMs / 1_000 })
      : { subject, windowMs: hourMs },
  );
  if (isRefusal(counted)) return counted;
  const taken = await takeSubjectData(store, person, person);
  return taken.ok ? presentFile(app, withoutHolds(taken.data), format) : taken;
}

const withoutHolds = ({ held: _, ...data }: SubjectData): SubjectFile => ({
  ...data,
  events: data.events.filter(({ type }) => !type.startsWith('hold.')),
});

function presentFile({ settings }: App, data: SubjectFile, format: string | undefined): Answer {
  const isPage = format === 'html';
  const body = isPage ? presentSubjectPage(data, settings.current) : presentSubjectJson(data);
  return new Answer(body, {
    headers: {
      'content-type': `${isPage ? 'text/html' : 'application/json'}; charset=utf-8`,
      'content-disposition': `attachment; filename="person-data.${isPage ? 'html' : 'json'}"`,
      'cache-control': 'no-store',
    },
  });
}

export const presentSubjectJson = (data: SubjectFile): string =>
  `${JSON.stringify(data, null, 2)}\n`;
