/** What each variable of the environment that belongs to Muster is for; `environment.ts` reads them. */
export const variables: Readonly<Record<string, string>> = {
  MUSTER_DATA: 'Where the data lie, as by --data.',
  MUSTER_KEYS: 'Where their keys lie, as by --keys.',
  MUSTER_BACKUP_FOLDER: 'Where backups are made by themselves, as by --backup-folder.',
  MUSTER_DATABASE: 'A database server, as by --database.',
  MUSTER_DATABASE_PASSWORD: 'Its password, where the address has none.',
  MUSTER_DATABASE_PASSWORD_FILE: 'A file that holds that password.',
  MUSTER_MASTER_KEY: 'The master key in base64, instead of master.key in the key folder.',
  MUSTER_MASTER_KEY_FILE: 'A file that holds it.',
  MUSTER_PASSPHRASE_FILE: 'A file that holds the passphrase, where the data open with one.',
  MUSTER_BUS: 'How several instances wake each other, as by --bus.',
  MUSTER_DRAIN: 'Seconds to go on serving after SIGTERM, as by --drain.',
  MUSTER_LOG_REQUESTS: 'A line in the log for every request, as by --log-requests.',
  MUSTER_METRICS_TOKEN: 'What reads /metrics from elsewhere has to show this.',
  MUSTER_METRICS_TOKEN_FILE: 'A file that holds it.',
  MUSTER_DEBUG: 'Errors that nobody expected show where they came from.',
  NO_COLOR: 'No colours.',
};
