import { type Refusal, refuse } from './refusal.ts';

/** Digits of a PIN, for terminals at a door only. */
const pinMinLength = 6;
const pinMaxLength = 9;

/** Whether somebody typed a PIN rather than a password: a password has more characters. */
export const looksLikePin = (secret: string): boolean =>
  new RegExp(`^[0-9]{${pinMinLength},${pinMaxLength}}$`).test(secret);

/** May this be somebody's PIN? Not one digit over and over, nor digits in a row. */
export function checkPin(pin: string): { ok: true } | Refusal {
  if (!looksLikePin(pin)) return refuse('password-short', { min: pinMinLength });
  const steps = new Set(
    [...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])),
  );
  const [only = 2] = steps;
  return steps.size === 1 && Math.abs(only) <= 1 ? refuse('password-common') : { ok: true };
}
