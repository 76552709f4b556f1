import { enAccount } from './en-account.ts';
import { enAudit } from './en-audit.ts';
import { enBackup } from './en-backup.ts';
import { enBoard } from './en-board.ts';
import { enGroup } from './en-group.ts';
import { enLegal } from './en-legal.ts';
import { enMail } from './en-mail.ts';
import { enPeople } from './en-people.ts';
import { enProblem } from './en-problem.ts';
import { enRegistration } from './en-registration.ts';
import { enRetention } from './en-retention.ts';
import { enRoster } from './en-roster.ts';
import { enSession } from './en-session.ts';
import { enShell } from './en-shell.ts';
import { enSignIn } from './en-sign-in.ts';

/** Every text of the host's pages in English. */
export const en = {
  ...enShell,
  ...enAccount,
  ...enGroup,
  ...enRoster,
  ...enRetention,
  ...enSession,
  ...enBoard,
  ...enSignIn,
  ...enLegal,
  ...enMail,
  ...enBackup,
  ...enPeople,
  ...enAudit,
  ...enRegistration,
  ...enProblem,
};
