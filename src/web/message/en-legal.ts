import type { Catalogue } from './message.ts';

/** Texts about legal holds, erasures that were done, and what people take out about themselves. */
export const enLegal = {
  'hold.title': 'Legal holds',
  'hold.lead':
    'Whose data must be kept, for a case at court or an inspection. While a hold stands, the person is neither erased nor merged away.',
  'hold.section': 'Legal hold',
  'hold.none': 'No hold on this person. A hold keeps the data from being erased or merged away.',
  'hold.standing': 'Held since {when}, by {by}: {reason}',
  'hold.place': 'Place a hold',
  'hold.place-title': 'Place a legal hold on {name}',
  'hold.place-lead':
    'Nobody can erase {name} or merge them into another person until it is lifted.',
  'hold.placed': 'A legal hold stands on {name}.',
  'hold.lift': 'Lift the hold',
  'hold.lift-title': 'Lift the legal hold on {name}',
  'hold.lift-lead':
    'It was placed on {when}: {reason}. Once it is lifted, {name} can be erased. A hold can be placed again at any time.',
  'hold.lifted': 'The legal hold on {name} is lifted.',
  'hold.reason': 'Reason',
  'hold.reason-hint': 'It lies sealed, and stands in the history of the person.',
  'hold.person': 'Person',
  'hold.since': 'Since',
  'hold.by': 'By',
  'hold.empty': 'Nobody is held',
  'hold.empty-lead': 'A hold is placed on the page of a person.',
  'hold.open': 'See all holds',
  'hold.unknown': 'somebody who is not known any more',
  'erasures.title': 'Erasures',
  'erasures.lead':
    'What was erased for good, newest first. No name is left anywhere: only ids, and who ordered it.',
  'erasures.number': 'Certificate',
  'erasures.number-of': 'Certificate {number}',
  'erasures.when': 'When',
  'erasures.by': 'By',
  'erasures.people': 'Entries',
  'erasures.restored': 'again, after a restore',
  'erasures.operator': 'the operator of the machine',
  'erasures.job': 'Muster itself',
  'erasures.empty': 'Nobody was erased yet',
  'erasures.empty-lead': 'Each erasure leaves a certificate here.',
  'erasures.open': 'See the certificates',
  'erasures.more': 'Show more',
  'erasures.settings': 'Kept and erased',
  'erasures.settings-lead':
    'Whose data must be kept, and the certificates of those that were erased.',
  'certificate.title': 'Certificate of erasure {number}',
  'certificate.line':
    'On {when} the data key of one person was destroyed on the order of {by}. What was sealed under it can be read by nobody any more: name, number, addresses, evidence, reasons.',
  'certificate.restored':
    'It was done again on {when}, in a database that was restored from a backup from before the erasure.',
  'certificate.organisation': 'Organisation',
  'certificate.erased': 'Ids of the person and of entries merged into them',
  'certificate.epoch': 'Keys',
  'certificate.epoch-line':
    'The keys of everybody else were wrapped anew under epoch {number}; the keys of earlier epochs are destroyed.',
  'certificate.event': 'In the ledger',
  'certificate.event-line': 'Stream people, event {seq}, hash {hash}',
  'certificate.check':
    'muster verify shows that this event stands in its place; an older anchor shows that nothing before it was changed.',
  'certificate.print': 'Print',
  'data.title': 'Everything about this person',
  'data.lead':
    'One file with all that is kept: fields, groups, attendance, sign-ins, and every event. The ledger notes that you took it out.',
  'data.own-title': 'Everything that is kept of you',
  'data.own-lead':
    'One file with your details, your attendance, your sign-ins and everything recorded about you. That you took it out is recorded too. Legal holds are not in it: ask an administrator.',
  'data.html': 'Download to read or print',
  'data.json': 'Download as JSON',
} as const satisfies Catalogue;
