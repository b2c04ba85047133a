import { describe, expect, test } from 'vitest';
import { parentOf, ticksOf } from '../../scripts/bench-router/process-usage.mjs';

/** A line of /proc/PID/stat: utime 1234 and stime 56 are fields 14 and 15, ppid 41 is field 4 (proc(5)). */
const stat = (name: string): string =>
  `42 (${name}) S 41 42 42 0 -1 4194560 100 0 0 0 1234 56 7 8 20 0 11 0 9999 1000000 2000 18446744073709551615`;

describe('a line of /proc/PID/stat', () => {
  test('user and system time are added, without that of children that ended', () => {
    expect(ticksOf(stat('node'))).toBe(1290);
    expect(parentOf(stat('node'))).toBe(41);
  });

  test("a program's name may hold spaces and brackets", () => {
    expect(ticksOf(stat('a) b (c'))).toBe(1290);
    expect(parentOf(stat('a) b (c'))).toBe(41);
  });
});
