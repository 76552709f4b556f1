import type { PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { noteFailures } from '../store/failure.ts';
import { type SubjectData, takeSubjectData } from '../store/subject-access.ts';
import type { App } from './app.ts';
import { Answer } from './route.ts';
import { presentSubjectPage } from './subject-page.ts';

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
  const [counted] = await noteFailures(store, [[{ subject, windowMs: hourMs }]]);
  if ((counted?.(subject).count ?? 0) >= perPerson) {
    return refuse('throttled', { retryAfter: hourMs / 1_000 });
  }
  const taken = await takeSubjectData(store, person, person);
  return taken.ok ? presentFile(app, withoutHolds(taken.data), format) : taken;
}

const withoutHolds = ({ held: _, ...data }: SubjectData): OwnData => ({
  ...data,
  events: data.events.filter(({ type }) => !type.startsWith('hold.')),
});

/** What a file is made of; without `held` nothing is said of legal holds. */
export type OwnData = Omit<SubjectData, 'held'> & Partial<Pick<SubjectData, 'held'>>;

function presentFile({ settings }: App, data: OwnData, format: string | undefined): Answer {
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

export const presentSubjectJson = (data: OwnData): string => `${JSON.stringify(data, null, 2)}\n`;
