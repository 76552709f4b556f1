/** Work that a thread is given (password-thread.ts). Passwords are plain already (`plainPassword`). */
export type PasswordWork =
  | { readonly do: 'hash'; readonly password: string }
  | { readonly do: 'verify'; readonly stored: string; readonly password: string };

/** What comes back: the hash, whether the password is right, or why it could not be told. */
export type PasswordAnswer = { readonly result: string | boolean } | { readonly error: string };

/** Argon2id as OWASP's password storage advice has it: 19 MiB, two passes, one lane. */
export const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
