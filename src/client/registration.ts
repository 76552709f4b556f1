import type { Me } from '../core/account.wire.ts';
import type {
  RegistrationRequest,
  RegistrationSettings,
  RegistrationState,
  RegistrationView,
} from '../core/registration.wire.ts';
import type { Send } from './request.ts';

/** Whether people may register by themselves. */
export const loadRegistration = (send: Send) => send<RegistrationState>('GET', '/api/registration');

/** Asks for the mail with the link. */
export const register = (send: Send, body: RegistrationRequest) =>
  send<unknown>('POST', '/api/registration', body);

/** Who a mailed link is for. */
export const viewRegistration = (send: Send, token: string) =>
  send<RegistrationView>('POST', '/api/registration/view', { token });

/** Uses the link up and signs in. */
export const finishRegistration = (send: Send, token: string, password: string) =>
  send<Me>('POST', '/api/registration/finish', { token, password });

export const loadRegistrationSettings = (send: Send) =>
  send<RegistrationSettings>('GET', '/api/registration/settings');

export const changeRegistration = (send: Send, body: RegistrationSettings) =>
  send<unknown>('POST', '/api/registration/settings', body);
