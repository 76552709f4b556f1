/** A row of one organisation. */
export interface Owned {
  organisation: string;
}
