import type { Catalogue } from './message.ts';

/** Texts of registering by oneself. */
export const enRegistration = {
  'registration.title': 'Register at {organisation}',
  'registration.lead':
    'With an e-mail address at {domains}. A mail with a link comes to that address.',
  'registration.submit': 'Send the mail',
  'registration.asked': 'Look into your mail',
  'registration.asked-lead':
    'A mail is on its way to {email}. The link in it works once, within two hours.',
  'registration.closed': 'Nobody registers here by themselves',
  'registration.closed-lead': 'Ask your {host} or an administrator for an account.',
  'registration.refused': 'This link is not good any more',
  'registration.finish-lead': '{who}. Choose a password to finish.',
  'registration.known-lead':
    'You are known here already: {who}. Choose a password, and your attendance is yours to see.',
  'registration.finish': 'Finish',
  'registration.offer': 'No account yet? Register',
  'registration.setting': 'Registering by oneself',
  'registration.domains': 'Mail domains',
  'registration.domains-hint':
    'Such as example.org. Who has an address there can register, as {attendee} only, by a link that is mailed. Empty: nobody can. Mail has to be set up.',
} as const satisfies Catalogue;
