import { join } from 'node:path';
import { accountRoutes } from './account.route.ts';
import { anchorRoutes } from './anchor.route.ts';
import { auditRoutes } from './audit.route.ts';
import { authorityRoutes } from './authority.route.ts';
import { backupRoutes } from './backup.route.ts';
import { checkInRoutes } from './check-in.route.ts';
import { dayFileImportRoutes } from './day-file-import.route.ts';
import { erasureRoutes } from './erasure.route.ts';
import { groupRoutes } from './group.route.ts';
import { groupRegisterRoutes } from './group-register.route.ts';
import { healthRoutes } from './health.route.ts';
import { invitationRoutes } from './invitation.route.ts';
import { legalHoldRoutes } from './legal-hold.route.ts';
import { mailRoutes } from './mail.route.ts';
import { metricsRoutes } from './metrics.route.ts';
import { organisationRoutes } from './organisation.route.ts';
import { pageRoutes } from './pages.ts';
import { passkeyRoutes } from './passkey.route.ts';
import { passwordResetRoutes } from './password-reset.route.ts';
import { peopleRoutes } from './people.route.ts';
import { peopleImportRoutes } from './people-import.route.ts';
import { personRoutes } from './person.route.ts';
import type { PhonePageRenderer } from './phone-page.ts';
import { recoveryRoutes } from './recovery.route.ts';
import { registrationRoutes } from './registration.route.ts';
import { retentionRoutes } from './retention.route.ts';
import { roleRoutes } from './role.route.ts';
import { rosterRoutes } from './roster.route.ts';
import type { Route } from './route.ts';
import { secondStepRoutes } from './second-step.route.ts';
import { sessionRoutes } from './session.route.ts';
import { sessionExportRoutes } from './session-export.route.ts';
import { setUpRoutes } from './set-up.route.ts';
import { signInRoutes } from './sign-in.route.ts';
import { subjectAccessRoutes } from './subject-access.route.ts';
import { terminalRoutes } from './terminal.route.ts';

/** Every route there is. The permission walk in the tests goes through this list. */
export function allRoutes(phone: PhonePageRenderer, webFolder: string): readonly Route[] {
  return [
    ...checkInRoutes(phone),
    ...sessionRoutes,
    ...sessionExportRoutes,
    ...groupRoutes,
    ...personRoutes,
    ...peopleRoutes,
    ...peopleImportRoutes,
    ...erasureRoutes,
    ...auditRoutes,
    ...anchorRoutes,
    ...rosterRoutes,
    ...groupRegisterRoutes,
    ...dayFileImportRoutes,
    ...setUpRoutes,
    ...signInRoutes,
    ...accountRoutes,
    ...passkeyRoutes,
    ...passwordResetRoutes,
    ...secondStepRoutes,
    ...roleRoutes,
    ...registrationRoutes,
    ...invitationRoutes,
    ...organisationRoutes,
    ...mailRoutes,
    ...backupRoutes,
    ...authorityRoutes,
    ...recoveryRoutes,
    ...healthRoutes,
    ...subjectAccessRoutes,
    ...legalHoldRoutes,
    ...retentionRoutes,
    ...terminalRoutes,
    ...metricsRoutes,
    ...pageRoutes(join(webFolder, 'app')),
  ];
}
