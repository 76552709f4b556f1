import { hosts } from './message-en.ts';

let host: string = hosts.school;

/** From here on sentences speak of a teacher or of a supervisor. */
export function speakOf(words: keyof typeof hosts): void {
  host = hosts[words];
}

/** A sentence of the catalogue with its `{values}` filled in. */
export function say(sentence: string, values: Readonly<Record<string, unknown>> = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (_, key: string) => {
    if (key === 'host') return host;
    if (key === 'Host') return host.charAt(0).toUpperCase() + host.slice(1);
    return String(key in values ? values[key] : '');
  });
}
