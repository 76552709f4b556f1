import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refuse } from '../core/refusal.ts';
import { presentAuthority } from './authority.ts';
import { Answer, type Route, route } from './route.ts';

/** Where the certificate of our own authority is downloaded. */
export const authorityPath = '/authority.crt';

/** The authority's certificate. It is public; people compare its fingerprint before they install it. */
export const authorityRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: authorityPath,
    needs: 'anyone',
    async handle({ app }) {
      if (!app.authority) return refuse('not-found');
      const certificatePem = await readFile(join(app.config.keyFolder, 'authority.crt'), 'utf8');
      const { fingerprint } = app.authority;
      const file = presentAuthority({ certificatePem, privateKeyPem: '', fingerprint });
      return new Answer(file.body, {
        headers: {
          'content-type': file.contentType,
          'content-disposition': `attachment; filename="${file.fileName}"`,
        },
      });
    },
  }),
];
