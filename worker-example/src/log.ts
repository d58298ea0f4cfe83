// The worker's log.

/** One JSON line per event. Events carry no secret. */
export function log(event: object): void {
  console.log(JSON.stringify(event));
}
