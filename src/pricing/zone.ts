/**
 * Time zones by IANA name: whether a name is one, and how far its clocks are ahead of UTC at an instant.
 *
 * Pure: the instant is always given. Offsets come from the zone table that the JavaScript engine brings with it and change
 * on quarters of an hour at most, so one look-up serves a quarter. Example: Europe/Berlin is 2 h ahead on 2026-07-01.
 */
const QUARTER_MS = 900_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

export function isZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** Milliseconds to add to UTC for the local time of a zone. */
export function offsetMs(zone: string, time_ms: number): number {
  if (zone === 'UTC') return 0;
  const quarter = Math.floor(time_ms / QUARTER_MS);
  let known = offsets.get(zone);
  if (known === undefined) {
    known = new Map();
    offsets.set(zone, known);
  }
  let offset = known.get(quarter);
  if (offset === undefined) {
    offset = measured(zone, quarter * QUARTER_MS);
    known.set(quarter, offset);
  }
  return offset;
}

function measured(zone: string, time_ms: number): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(time_ms)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - time_ms;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}
