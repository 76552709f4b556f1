import { Route, Router } from 'preact-iso';
import { AccountPage } from '../account/account.tsx';
import { ForgottenPage } from '../account/forgotten.tsx';
import { HostsPage } from '../account/hosts.tsx';
import { InvitationPage } from '../account/invitation.tsx';
import { NewPasswordPage } from '../account/new-password.tsx';
import { RegistrationPage } from '../account/registration.tsx';
import { RegistrationFinishPage } from '../account/registration-finish.tsx';
import { SetupPage } from '../account/setup.tsx';
import { SignInPage } from '../account/sign-in.tsx';
import { SignInLinkPage } from '../account/sign-in-link.tsx';
import { AnchorsPage } from '../audit/anchors.tsx';
import { AuditPage } from '../audit/audit.tsx';
import { BoardPage } from '../board/board.tsx';
import { ProjectorPage } from '../board/projector.tsx';
import { RegisterPage } from '../board/register.tsx';
import { GroupPage } from '../group/group.tsx';
import { TermRegisterPage } from '../group/register.tsx';
import { StartPage } from '../group/start.tsx';
import { BackupsPage } from '../organisation/backup.tsx';
import { MailPage } from '../organisation/mail.tsx';
import { RecoveryPage } from '../organisation/recovery.tsx';
import { RetentionPage } from '../organisation/retention.tsx';
import { SettingsPage } from '../organisation/settings.tsx';
import { CertificatePage } from '../people/certificate.tsx';
import { ErasuresPage } from '../people/erasures.tsx';
import { LegalHoldsPage } from '../people/legal-holds.tsx';
import { OwnFieldsPage } from '../people/own-fields.tsx';
import { OwnPage } from '../people/own-page.tsx';
import { PeoplePage } from '../people/people.tsx';
import { PeopleImportPage } from '../people/people-import.tsx';
import { PersonPage } from '../people/person.tsx';
import { ImportPage } from '../roster/import.tsx';
import { SessionsPage } from '../session/sessions.tsx';
import { NotFound } from './not-found.tsx';
import { signedIn } from './signed-in.tsx';

const Start = signedIn(StartPage);
const Group = signedIn(GroupPage);
const Import = signedIn(ImportPage);
const TermRegister = signedIn(TermRegisterPage);
const Sessions = signedIn(SessionsPage);
const Board = signedIn(BoardPage);
const Projector = signedIn(ProjectorPage);
const Register = signedIn(RegisterPage);
const Settings = signedIn(SettingsPage);
const Recovery = signedIn(RecoveryPage);
const Retention = signedIn(RetentionPage);
const Backups = signedIn(BackupsPage);
const Hosts = signedIn(HostsPage);
const Mail = signedIn(MailPage);
const LegalHolds = signedIn(LegalHoldsPage);
const Erasures = signedIn(ErasuresPage);
const Certificate = signedIn(CertificatePage);
const People = signedIn(PeoplePage);
const PeopleImport = signedIn(PeopleImportPage);
const Person = signedIn(PersonPage);
const OwnFields = signedIn(OwnFieldsPage);
const Own = signedIn(OwnPage);
const Audit = signedIn(AuditPage);
const Anchors = signedIn(AnchorsPage);
const Account = signedIn(AccountPage);

/** Which page lies at which address. */
export function Routes() {
  return (
    <Router>
      <Route path="/app/" component={Start} />
      <Route path="/app/setup" component={SetupPage} />
      <Route path="/app/invitation" component={InvitationPage} />
      <Route path="/app/registration" component={RegistrationPage} />
      <Route path="/app/registration/finish" component={RegistrationFinishPage} />
      <Route path="/app/sign-in" component={SignInPage} />
      <Route path="/app/new-password" component={NewPasswordPage} />
      <Route path="/app/forgotten" component={ForgottenPage} />
      <Route path="/app/sign-in-link" component={SignInLinkPage} />
      <Route path="/app/groups/:id" component={Group} />
      <Route path="/app/groups/:id/import" component={Import} />
      <Route path="/app/groups/:id/register" component={TermRegister} />
      <Route path="/app/sessions" component={Sessions} />
      <Route path="/app/sessions/:id" component={Board} />
      <Route path="/app/sessions/:id/projector" component={Projector} />
      <Route path="/app/sessions/:id/register" component={Register} />
      <Route path="/app/settings" component={Settings} />
      <Route path="/app/settings/backups" component={Backups} />
      <Route path="/app/settings/mail" component={Mail} />
      <Route path="/app/settings/recovery" component={Recovery} />
      <Route path="/app/settings/retention" component={Retention} />
      <Route path="/app/settings/holds" component={LegalHolds} />
      <Route path="/app/settings/erasures" component={Erasures} />
      <Route path="/app/settings/erasures/:number" component={Certificate} />
      <Route path="/app/people" component={People} />
      <Route path="/app/people/hosts" component={Hosts} />
      <Route path="/app/people/fields" component={OwnFields} />
      <Route path="/app/people/import" component={PeopleImport} />
      <Route path="/app/people/:id" component={Person} />
      <Route path="/app/me" component={Own} />
      <Route path="/app/audit" component={Audit} />
      <Route path="/app/audit/anchors" component={Anchors} />
      <Route path="/app/account" component={Account} />
      <Route default component={NotFound} />
    </Router>
  );
}
