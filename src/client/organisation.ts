import type {
  Installation,
  OrganisationSettings,
  RecoverySheet,
} from '../core/organisation.wire.ts';
import type { Send } from './request.ts';

export const loadOrganisation = (send: Send) =>
  send<OrganisationSettings>('GET', '/api/organisation');

export const changeOrganisation = (send: Send, settings: OrganisationSettings) =>
  send<unknown>('POST', '/api/organisation', settings);

/** What the machine knows of itself: addresses, folders, warnings, backups. */
export const loadInstallation = (send: Send) => send<Installation>('GET', '/api/installation');

/** The master key to be printed; the password is asked again. */
export const makeRecoverySheet = (send: Send, password: string) =>
  send<RecoverySheet>('POST', '/api/recovery-sheet', { password });
