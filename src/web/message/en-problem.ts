import type { ProblemCode } from '../../client/request.ts';

/** What happened and what to do, for every refusal. The compiler and a test see to it that none is missing. */
export const enProblem = {
  'problem.code-malformed':
    'This link is not complete. Scan the code on the screen again with the camera.',
  'problem.code-unknown': 'This code belongs to no session here. Scan the code on the screen.',
  'problem.code-expired': 'This code is no longer shown. Scan the one that is on the screen now.',
  'problem.code-replaced': 'The {host} has drawn a new code. Scan the one on the screen now.',
  'problem.code-paused': 'The code is paused. Wait until the {host} shows it again.',
  'problem.typed-code-wrong':
    'That code is not right, or it has changed. Type the one on the screen now.',
  'problem.typed-code-off': 'Typed codes are switched off here. Scan the code with the camera.',
  'problem.ticket-invalid': 'This page was not opened from the code. Scan the code again.',
  'problem.ticket-expired': 'The time to finish has run out. Scan the code again.',
  'problem.ticket-other-browser':
    'This page was opened in another browser. Scan the code with this phone.',
  'problem.ticket-used': 'This scan has been used. Scan the code again.',
  'problem.session-not-open': 'The session has not started. Open it first, or wait for its start.',
  'problem.session-closed': 'The session is closed. Reopen it to change who came through the code.',
  'problem.session-cancelled': 'The session was cancelled. Reopen it if it takes place after all.',
  'problem.session-state':
    'That is not possible any more: the session has moved on meanwhile. Look at the page again.',
  'problem.attempt-reused':
    'This was sent before with other contents. Start again with a new scan.',
  'problem.number-missing': 'The number is missing. Type the roll, student or staff number.',
  'problem.number-malformed':
    'The number can have letters, digits and . / _ - only, and be no longer than 32 characters.',
  'problem.name-missing': 'The name is missing. Type a name.',
  'problem.name-malformed': 'The name is too long. Shorten it to 120 characters.',
  'problem.not-on-roster': 'This number is not on the roster. Check it, or ask the {host}.',
  'problem.browser-already-used':
    'This phone has checked somebody in already. Ask the {host} to mark the second person.',
  'problem.session-full':
    'This session takes no more guests. Somebody may be adding false ones: look at the board.',
  'problem.see-host': 'The {host} has decided about this number. Only the {host} can change that.',
  'problem.cookies-needed': 'The browser refuses cookies. Allow them for this page and try again.',
  'problem.number-taken':
    'Another person already has this number. Use another, or edit that person.',
  'problem.email-taken': 'Another account already uses this e-mail address. Use another.',
  'problem.email-malformed': 'This is not an e-mail address. It looks like name@example.org.',
  'problem.import-unreadable':
    'This is not a table that can be read. Save it as CSV (UTF-8), or copy the cells and paste them.',
  'problem.import-too-large': 'This is too much at once. Split it into smaller files.',
  'problem.nothing-to-undo':
    'There is nothing to take back: the mark has changed again since. Look at the row once more.',
  'problem.no-conflict': 'This is settled already. Nothing is left to decide.',
  'problem.not-a-guest': 'Only a guest can be merged, and this person is enrolled.',
  'problem.reason-missing': 'A reason is needed. Write a few words that others will understand.',
  'problem.last-host': 'Somebody has to stay. Name another one first, then remove this one.',
  'problem.own-role': 'Nobody changes their own roles. Ask another administrator.',
  'problem.last-admin':
    'This is the only administrator. Make somebody else an administrator first.',
  'problem.number-retired':
    'Somebody had this number before. A number is never given to another person: use a new one.',
  'problem.person-inactive':
    'This person is deactivated. An administrator can reactivate them on the page of the person.',
  'problem.person-held': 'A legal hold keeps the data of this person. Lift it first, if you may.',
  'problem.keys-taken':
    'The keys of these data belong to another database now, so nobody can be erased here. Whoever runs the server sees more with muster doctor.',
  'problem.name-mismatch': 'The name that was typed is not the name of this person. Look again.',
  'problem.birth-date-wrong': 'This is not a date of birth. It looks like 1990-12-31.',
  'problem.retention-unconfirmed':
    'By these rules more would be destroyed. Look at what would go, and confirm it.',
  'problem.retention-running':
    'Data are being destroyed at this moment. Try again when that is done.',
  'problem.own-field-wrong':
    'One of the organisation’s own fields cannot hold this. Look at its kind and its choices.',
  'problem.sign-in-wrong': 'E-mail address, number or password is not right. Try again.',
  'problem.sign-in-needed': 'You are signed out. Sign in again; nothing you saved is lost.',
  'problem.sign-in-throttled': 'Too many wrong passwords. Try once more with care, a little later.',
  'problem.second-step-wrong':
    'This code is not right, or it was used already. Wait for the next one and type that.',
  'problem.second-step-over': 'That took too long. Sign in with your password once more.',
  'problem.second-step-needed':
    'Administrators need a second step here. Set one up on the page of your account first.',
  'problem.password-change-needed':
    'Somebody else chose your password. Change it on the page of your account first.',
  'problem.passkey-refused':
    'This passkey is not accepted. Try again, use another one, or sign in with your password.',
  'problem.passkeys-unavailable':
    'Passkeys need a secure address with a name. Open Muster by its https:// name.',
  'problem.password-short': 'The password is too short. Make it longer; a few words do well.',
  'problem.password-common':
    'This password is on the lists that attackers try first. Choose one that nobody else has.',
  'problem.password-wrong': 'The present password is not right. Type it again.',
  'problem.link-invalid':
    'This link is used up, too old or not complete. Ask whoever sent it for a new one.',
  'problem.backup-folder-missing':
    'No server was given a folder for backups: start it with --backup-folder FOLDER.',
  'problem.already-set-up': 'Muster is set up here already. Sign in instead.',
  'problem.not-set-up':
    'Muster is not set up yet. Open the set-up link that was printed when it was started.',
  'problem.input-invalid': 'Something in the form is not right. Check the fields and try again.',
  'problem.too-large': 'This is too large to send. Make it smaller or split it.',
  'problem.not-json': 'The request was garbled on its way. Load the page again.',
  'problem.not-allowed': 'You may not do this. Ask an administrator if you should.',
  'problem.not-found': 'This does not exist, or it is not yours to see.',
  'problem.origin-refused':
    'The request came from another site and was refused. Load the page again.',
  'problem.secure-only':
    'This page works only over a secure connection. Open the https:// address of Muster.',
  'problem.throttled': 'Too many tries in a short time. Try again a little later.',
  'problem.busy': 'The server has too much to do just now. Try again a little later.',
  'problem.database-away':
    'The database does not answer right now. Nothing was lost; try again in a moment.',
  'problem.disk-full':
    'The disk of the server is full; nothing was saved. Free some space and try again.',
  'problem.internal': 'Something went wrong in the server; it is in its log. Try again.',
  'problem.offline':
    'The server does not answer. Check that it runs and that this machine is on its network.',
} as const satisfies Readonly<Record<`problem.${ProblemCode}`, string>>;
