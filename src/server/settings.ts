import type { OrganisationSettings } from '../core/organisation.wire.ts';
import { loadOrganisation } from '../store/organisation.ts';
import type { OrganisationTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** The organisation's settings as they stand, held for the hot path; whoever changes them calls `reload`. */
export class Settings {
  readonly #store: Store;
  #current: OrganisationSettings;

  private constructor(store: Store, current: OrganisationSettings) {
    this.#store = store;
    this.#current = current;
  }

  static async load(store: Store): Promise<Settings> {
    return new Settings(store, await read(store));
  }

  get current(): OrganisationSettings {
    return this.#current;
  }

  async reload(): Promise<void> {
    this.#current = await read(this.#store);
  }
}

async function read(store: Store): Promise<OrganisationSettings> {
  return readSettings(await loadOrganisation(store));
}

/** A stored row as settings. */
export function readSettings(row: OrganisationTable): OrganisationSettings {
  const { name, zone, language, words, day_files } = row;
  return {
    name,
    zone,
    language: language as OrganisationSettings['language'],
    words: words as OrganisationSettings['words'],
    dayFiles: day_files === 1,
  };
}
