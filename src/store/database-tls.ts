import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import type { DatabaseTls } from './database-address.ts';
import { DatabaseError } from './database-error.ts';

/**
 * The authorities whose certificates a database server may show, as PEM; null where the connection is plain.
 * @throws DatabaseError where the named file cannot be read
 */
export async function readAuthorities(tls: DatabaseTls): Promise<string[] | null> {
  if (tls === 'off') return null;
  const { authority } = tls;
  if (authority === null) {
    return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  }
  const text = await readFile(authority, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new DatabaseError(
      `The authority's certificate ${authority} cannot be read (${error.code}). Check tls= in the database's address.`,
    );
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new DatabaseError(
      `${authority} is no certificate in PEM. Check tls= in the database's address.`,
    );
  }
  return [text];
}
