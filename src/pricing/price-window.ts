/**
 * Hours of the week in which a card asks other prices: whether an instant lies in one, and how a window is written.
 *
 * Hours are half-open, in the zone of the window. A window that ends before it starts runs past midnight and belongs to the day
 * on which it started. Example: DeepSeek's peak, 01:00-04:00 and 06:00-10:00 from Monday to Friday, is 35 of 168 hours.
 */
import { MS_PER_DAY, MS_PER_MINUTE } from '../units.ts';
import type { PricePeriod, PriceWindow } from './rate-card.ts';
import { offsetMs } from './zone.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const DAY_MINUTES = 1440;

/** The window that an instant, in milliseconds since 1970 UTC, lies in. */
export const windowAt = (period: PricePeriod, time_ms: number): PriceWindow | undefined =>
  period.windows.find((window) => holdsAt(window, time_ms));

export function holdsAt(window: PriceWindow, time_ms: number): boolean {
  const local_ms = time_ms + offsetMs(window.zone, time_ms);
  const day = Math.floor(local_ms / MS_PER_DAY);
  const minute = Math.floor((local_ms - day * MS_PER_DAY) / MS_PER_MINUTE);
  return window.hours.some((hours) => {
    const [start, end] = minutesOf(hours);
    if (start < end) return isOn(window, day) && start <= minute && minute < end;
    return (isOn(window, day) && minute >= start) || (isOn(window, day - 1) && minute < end);
  });
}

/** `peak (mon, tue 01:00-04:00 UTC)` */
export const windowInWords = (window: PriceWindow): string =>
  `${window.label} (${window.days.join(', ')} ${window.hours.join(', ')} ${window.zone})`;

/** 1970-01-01 was a Thursday. */
const isOn = (window: PriceWindow, day: number): boolean =>
  window.days.some((name) => name === DAYS[(((day + 4) % 7) + 7) % 7]);

function minutesOf(hours: string): [number, number] {
  const [start, end] = hours.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)));
  return [start ?? 0, end ?? DAY_MINUTES];
}
