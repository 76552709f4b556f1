import type {
  PeopleImport,
  PeopleImported,
  PeopleImportProgress,
  PeoplePreview,
} from '../core/people.wire.ts';
import type { Send } from './request.ts';

/** What an import would do; changes nothing. */
export const previewPeople = (send: Send, list: PeopleImport) =>
  send<PeoplePreview>('POST', '/api/people/import/preview', list);

/** Imports the rows that are right; answers at the end. Repeating it changes nothing. */
export const applyPeople = (send: Send, list: PeopleImport) =>
  send<PeopleImported>('POST', '/api/people/import/apply', list);

/** How far one's own last import is; null before the first. */
export const loadImportProgress = (send: Send) =>
  send<{ progress: PeopleImportProgress | null }>('GET', '/api/people/import');
