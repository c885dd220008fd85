/** One entity, for `--json` and for people. */
export interface Answer {
  document: object
  text: string
}
