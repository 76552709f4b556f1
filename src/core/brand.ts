/** Nominal types: a value that has been checked or made by us, not any string or number. */
declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type OrganisationId = Brand<string, 'organisation'>;
export type SiteId = Brand<string, 'site'>;
export type PersonId = Brand<string, 'person'>;
export type GroupId = Brand<string, 'group'>;
export type SessionId = Brand<string, 'session'>;
export type EventId = Brand<string, 'event'>;
/** Name of one hash chain of the ledger, such as `session:ID`, `group:ID`, `people`, `organisation`. */
export type StreamName = Brand<string, 'stream'>;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'instant'>;
/** Whole minutes. */
export type Minutes = Brand<number, 'minutes'>;
/** A calendar date `YYYY-MM-DD` in some site's zone. */
export type LocalDate = Brand<string, 'local-date'>;
