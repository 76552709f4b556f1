import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { PersonId } from '../src/core/brand.ts';
import type { Vault } from '../src/store/vault.ts';
import { openBenchStore } from './rush-seed.ts';
import { makeScratch } from './scratch.ts';

const rounds = 20_000;
const identity = { number: 'P1', name: 'Amélie Fournier', email: 'amelie@example.org' };

export interface SealTimes {
  /** Identities sealed and opened again, each counted once. */
  readonly sealPerSecond: number;
  /** The reference: as many bytes through bare AES-256-GCM, both ways. */
  readonly sealReferencePerSecond: number;
}

export async function measureSeal(database: string | undefined): Promise<SealTimes> {
  await using scratch = await makeScratch(database);
  await using opened = await openBenchStore(scratch.place);
  const { vault } = opened.store;
  // what is compiled on the way counts for neither
  sealOften(vault);
  sealBare();
  return {
    sealPerSecond: perSecond(() => sealOften(vault)),
    sealReferencePerSecond: perSecond(sealBare),
  };
}

function sealOften(vault: Vault): void {
  const person = 'bench' as PersonId;
  const key = vault.makePersonKey(person);
  for (let index = 0; index < rounds; index += 1) {
    vault.openPerson(person, key, vault.sealPerson(person, key, identity));
  }
}

function sealBare(): void {
  const key = randomBytes(32);
  const body = Buffer.from(JSON.stringify(identity));
  for (let index = 0; index < rounds; index += 1) {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const sealed = Buffer.concat([cipher.update(body), cipher.final()]);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    decipher.setAuthTag(cipher.getAuthTag());
    Buffer.concat([decipher.update(sealed), decipher.final()]);
  }
}

function perSecond(work: () => void): number {
  const start = performance.now();
  work();
  return Math.round((rounds / (performance.now() - start)) * 1_000);
}
